# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError


class MarketplaceInvoice(models.Model):
    """Sending a document: to its buyer, with a copy to the seller, each once.

    By a job after the payment. Dying between two steps leaves what is done; each step
    looks at what it left before.
    """

    _name = "marketplace.invoice"
    _inherit = ["marketplace.invoice", "marketplace.sending.mixin"]

    _send_job = "training_marketplace_payout.ir_cron_send_marketplace_invoices"

    send_state = fields.Selection(default="todo")
    buyer_mail_date = fields.Datetime(string="Sent to the buyer on", readonly=True)
    seller_mail_date = fields.Datetime(string="Copy to the seller on", readonly=True)

    def _send(self):
        for step in (self._make_files, self._mail_buyer, self._mail_seller):
            step()
            self.env["ir.cron"]._commit_progress()

    def _describe_unsent(self):
        return self.env._("Seller's invoice not sent"), self.env._(
            "%(number)s is issued, but its files or mails failed: %(error)s",
            number=self.name,
            error=self.send_error or "",
        )

    def _get_sending_user(self):
        return self._get_contest_user()

    def action_send_again(self):
        """Have the job try again what failed (marketplace support)."""
        self.check_access("read")
        if not self.env.user.has_groups(
            "training_marketplace_payout.group_marketplace_support,"
            "account.group_account_invoice"
        ):
            raise UserError(self.env._("Only the marketplace's team may do this."))
        self._send_again()

    def _mail_buyer(self):
        """Send the document to who bought, once; in its language."""
        if self.buyer_mail_date:
            return
        self._queue_mail("mail_template_marketplace_invoice_buyer")
        self.buyer_mail_date = fields.Datetime.now()

    def _mail_seller(self):
        """Send the copy to those who act for the seller, once (facts 3.4)."""
        if self.seller_mail_date:
            return
        self._queue_mail("mail_template_marketplace_invoice_seller")
        self.seller_mail_date = fields.Datetime.now()

    def _queue_mail(self, name):
        template_sudo = self.env.ref(
            f"training_marketplace_payout.{name}", raise_if_not_found=False
        )
        if template_sudo:
            template_sudo.sudo()._send_soon(
                self.id, email_values={"attachment_ids": self.pdf_attachment_id.ids}
            )

    def _get_seller_recipients(self):
        """Return the contacts of the seller's team; the seller itself without one."""
        self.ensure_one()
        team = self.sudo().seller_id._get_marketplace_team().partner_id
        return team.filtered("email") or self.sudo().seller_id
