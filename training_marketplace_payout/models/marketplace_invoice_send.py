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
JOB = "training_marketplace_payout.ir_cron_send_marketplace_invoices"


class MarketplaceInvoice(models.Model):
    """Sending a document: to its buyer, with a copy to the seller, each once.

    By a job after the payment. Dying between two steps leaves what is done; each step
    looks at what it left before.
    """

    _inherit = "marketplace.invoice"

    job_state = fields.Selection(
        selection=[("todo", "To send"), ("done", "Sent"), ("failed", "Failed")],
        string="Sending",
        required=True,
        readonly=True,
        default="todo",
    )
    file_attempts = fields.Integer(readonly=True, aggregator=None)
    file_error = fields.Char(string="Why it is not sent", readonly=True)
    buyer_mail_date = fields.Datetime(string="Sent to the buyer on", readonly=True)
    seller_mail_date = fields.Datetime(string="Copy to the seller on", readonly=True)

    _job_index = models.Index("(file_attempts, id) WHERE job_state = 'todo'")

    @api.model
    def _trigger_job(self, minutes=0):
        later = fields.Datetime.now() + timedelta(minutes=minutes)
        self.env.ref(JOB).sudo()._trigger(later if minutes else None)

    @api.model
    def _cron_send_documents(self):
        """Make the files of what was issued and send them, those that failed last.

        The attempt is committed before the work: a document that kills its worker
        goes to the end of the line, and stops after a few tries with an activity.
        """
        cron = self.env["ir.cron"]
        domain = [("job_state", "=", "todo")]
        invoices = self.search(domain, order="file_attempts, id", limit=BATCH)
        cron._commit_progress(remaining=self.search_count(domain))
        for invoice in invoices:
            invoice = invoice.try_lock_for_update().filtered_domain(domain)
            if not invoice:
                continue
            if invoice.file_attempts >= MAX_TRIES:
                invoice._give_up_sending()
            else:
                invoice._try_to_send()
            if not cron._commit_progress(1):
                break

    def _try_to_send(self):
        cron = self.env["ir.cron"]
        self.file_attempts += 1
        cron._commit_progress()
        try:
            for step in (self._make_files, self._mail_buyer, self._mail_seller):
                step()
                cron._commit_progress()
        except (
            UserError,
            ValueError,
            OSError,
            subprocess.SubprocessError,
            psycopg2.Error,
        ) as error:
            self.env.cr.rollback()
            _logger.warning("Document %s is not sent", self.id, exc_info=error)
            self.file_error = str(error)
            self._trigger_job(minutes=self.file_attempts)
        else:
            self.write({"job_state": "done", "file_error": False})

    def _give_up_sending(self):
        self.job_state = "failed"
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("Seller's invoice not sent"),
            note=to_note(
                self.env._(
                    "%(number)s is issued, but its files or mails failed: %(error)s",
                    number=self.name,
                    error=self.file_error or "",
                )
            ),
            user_id=self._get_contest_user().id,
        )

    def action_send_again(self):
        """Have the job try again what failed (marketplace support)."""
        self.check_access("read")
        if not self.env.user.has_groups(
            "training_marketplace_payout.group_marketplace_support,"
            "account.group_account_invoice"
        ):
            raise UserError(self.env._("Only the marketplace's team may do this."))
        failed_sudo = self.sudo().filtered(lambda one: one.job_state == "failed")
        failed_sudo.write({"job_state": "todo", "file_attempts": 0})
        self._trigger_job()

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
