# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

MAIL = "training_marketplace_payout.mail_template_marketplace_commission"


class MarketplaceSettlement(models.Model):
    """Sending the invoices of commissions, by Odoo's own sending: PDF with Factur-X.

    The mail is queued in the transaction that writes « sent »: if the process dies
    before its commit it is not sent, and tried again; the file that was made before is
    used again.
    """

    _name = "marketplace.settlement"
    _inherit = ["marketplace.settlement", "marketplace.sending.mixin"]

    _send_job = "training_marketplace_payout.ir_cron_send_settlements"

    sent_at = fields.Datetime(string="Sent on", readonly=True)

    def _invoice(self):
        """Override: what was numbered is sent by the job."""
        result = super()._invoice()
        invoiced = self.filtered("move_id")
        if invoiced:
            invoiced.send_state = "todo"
            self._trigger_sending()
        return result

    def _send(self):
        """Send the document to those who act for the seller, in its language."""
        template_sudo = self.env.ref(MAIL, raise_if_not_found=False)
        custom = {"mail_template": template_sudo} if template_sudo else {}
        company = self.company_id
        self.env["account.move.send"].with_company(company)._generate_and_send_invoices(
            self.move_id.with_company(company),
            sending_methods=["email"],
            mail_partner_ids=self._get_recipients().ids,
            **custom,
        )
        self.sent_at = fields.Datetime.now()

    def _get_recipients(self):
        """Return the contacts of the seller's team; the seller itself without one."""
        team = self.seller_id._get_marketplace_team().partner_id
        return team.filtered("email") or self.seller_id

    def _describe_unsent(self):
        return self.env._("Invoice of commissions not sent"), self.env._(
            "%(number)s is numbered, but its files or its mail failed: %(error)s",
            number=self.move_id.name,
            error=self.send_error or "",
        )

    def _get_sending_user(self):
        return self._get_accountant()

    def action_send_again(self):
        """Have the job try again what failed (accountants)."""
        self._check_accountant()
        self._send_again()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
