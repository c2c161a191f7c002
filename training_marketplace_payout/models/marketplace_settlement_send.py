# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import subprocess
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.training_catalogue_payment.utils import to_note

_logger = logging.getLogger(__name__)

BATCH = 50
MAX_TRIES = 5
SEND_JOB = "training_marketplace_payout.ir_cron_send_settlements"
MAIL = "training_marketplace_payout.mail_template_marketplace_commission"


class MarketplaceSettlement(models.Model):
    """Sending the invoices of commissions, by Odoo's own sending: PDF with Factur-X.

    By a job of its own: a document that fails never stops a settlement. The attempt is
    committed before the work: one that kills its worker goes to the end of the line,
    and stops after a few tries with an activity. The mail is queued in the
    transaction that writes « sent »: if the process dies before its commit it is not
    sent, and tried again; the file that was made before is used again.
    """

    _inherit = "marketplace.settlement"

    send_state = fields.Selection(
        selection=[
            ("none", "Nothing to send"),
            ("todo", "To send"),
            ("done", "Sent"),
            ("failed", "Failed"),
        ],
        string="Sending",
        required=True,
        readonly=True,
        default="none",
    )
    send_attempts = fields.Integer(readonly=True, aggregator=None)
    send_error = fields.Char(string="Why it is not sent", readonly=True)
    sent_at = fields.Datetime(string="Sent on", readonly=True)

    _send_index = models.Index("(send_attempts, id) WHERE send_state = 'todo'")

    def _invoice(self):
        """Override: what was numbered is sent by the job."""
        result = super()._invoice()
        invoiced = self.filtered("move_id")
        if invoiced:
            invoiced.send_state = "todo"
            self._trigger_sending()
        return result

    @api.model
    def _trigger_sending(self, minutes=0):
        later = fields.Datetime.now() + timedelta(minutes=minutes)
        self.env.ref(SEND_JOB).sudo()._trigger(later if minutes else None)

    @api.model
    def _cron_send(self):
        """Send the invoices that are to be, those that failed last."""
        cron = self.env["ir.cron"]
        domain = [("send_state", "=", "todo")]
        settlements = self.search(domain, order="send_attempts, id", limit=BATCH)
        if not settlements:
            return
        cron._commit_progress(remaining=self.search_count(domain))
        for settlement in settlements:
            settlement = settlement.try_lock_for_update().filtered_domain(domain)
            if not settlement:
                continue
            if settlement.send_attempts >= MAX_TRIES:
                settlement._give_up_sending()
            else:
                settlement._try_to_send()
            if not cron._commit_progress(1):
                break

    def _try_to_send(self):
        self.send_attempts += 1
        self.env["ir.cron"]._commit_progress()
        try:
            self._send()
            self.write(
                {
                    "send_state": "done",
                    "send_error": False,
                    "sent_at": fields.Datetime.now(),
                }
            )
            self.env.flush_all()
        except (
            UserError,
            ValueError,
            OSError,
            subprocess.SubprocessError,
            psycopg2.Error,
        ) as error:
            self.env.cr.rollback()
            _logger.warning("Settlement %s is not sent", self.id, exc_info=error)
            self.send_error = str(error)
            self._trigger_sending(minutes=self.send_attempts)

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

    def _get_recipients(self):
        """Return the contacts of the seller's team; the seller itself without one."""
        team = self.seller_id._get_marketplace_team().partner_id
        return team.filtered("email") or self.seller_id

    def _give_up_sending(self):
        self.send_state = "failed"
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("Invoice of commissions not sent"),
            note=to_note(
                self.env._(
                    "%(number)s is numbered, but its files or its mail failed: "
                    "%(error)s",
                    number=self.move_id.name,
                    error=self.send_error or "",
                )
            ),
            user_id=self._get_accountant().id,
        )

    def action_send_again(self):
        """Have the job try again what failed (accountants)."""
        self._check_accountant()
        failed_sudo = self.sudo().filtered(lambda one: one.send_state == "failed")
        failed_sudo.write({"send_state": "todo", "send_attempts": 0})
        self._trigger_sending()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
