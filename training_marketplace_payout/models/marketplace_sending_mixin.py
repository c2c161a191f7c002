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
#: What making a file or a mail can fail with.
FAILURES = (UserError, ValueError, OSError, subprocess.SubprocessError, psycopg2.Error)


class MarketplaceSendingMixin(models.AbstractModel):
    """A document that is sent by a job of its own: failing, it stops nothing else.

    The attempt is committed before the work: one that kills its worker goes to the end
    of the line, and stops after a few tries with an activity. If the process dies
    before « sent » is committed, it is tried again: `_send` looks at what it left.
    """

    _name = "marketplace.sending.mixin"
    _description = "Document Sent by a Job"

    #: The job that sends, by its external id.
    _send_job = ""

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

    _send_index = models.Index("(send_attempts, id) WHERE send_state = 'todo'")

    @api.model
    def _trigger_sending(self, minutes=0):
        later = fields.Datetime.now() + timedelta(minutes=minutes)
        self.env.ref(self._send_job).sudo()._trigger(later if minutes else None)

    @api.model
    def _cron_send(self):
        """Send what is to be, those that failed last."""
        cron = self.env["ir.cron"]
        domain = [("send_state", "=", "todo")]
        documents = self.search(domain, order="send_attempts, id", limit=BATCH)
        if not documents:
            return
        cron._commit_progress(remaining=self.search_count(domain))
        for document in documents:
            document = document.try_lock_for_update().filtered_domain(domain)
            if not document:
                continue
            if document.send_attempts >= MAX_TRIES:
                document._give_up_sending()
            else:
                document._try_to_send()
            if not cron._commit_progress(1):
                break

    def _try_to_send(self):
        self.send_attempts += 1
        self.env["ir.cron"]._commit_progress()
        try:
            self._send()
            self.write({"send_state": "done", "send_error": False})
            self.env.flush_all()
        except FAILURES as error:
            self.env.cr.rollback()
            _logger.warning("%s %s is not sent", self._name, self.id, exc_info=error)
            self.send_error = str(error)
            self._trigger_sending(minutes=self.send_attempts)

    def _give_up_sending(self):
        self.send_state = "failed"
        summary, note = self._describe_unsent()
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=summary,
            note=to_note(note),
            user_id=self._get_sending_user().id,
        )

    def _send_again(self):
        """Have the job try again what failed; who calls has checked the rights."""
        failed_sudo = self.sudo().filtered(lambda one: one.send_state == "failed")
        failed_sudo.write({"send_state": "todo", "send_attempts": 0})
        self._trigger_sending()

    # Hooks

    def _send(self):
        """Send the document; may commit between its steps."""
        raise NotImplementedError

    def _describe_unsent(self):
        """Return the (summary, text) of the activity of what is given up."""
        raise NotImplementedError

    def _get_sending_user(self):
        """Return who is told of what is given up."""
        raise NotImplementedError
