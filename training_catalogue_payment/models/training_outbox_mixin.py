# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

#: Operations sent by one run of the job.
BATCH = 200
# Providers remember a key for 24 hours; after that a repetition could be a second deed.
KEY_LIFE = timedelta(hours=23)
# A sender that has not come back by then was killed; longer than any time-out.
SENDER_LIFE = timedelta(minutes=5)
COLLISION_DELAY = timedelta(minutes=1)
# Minutes before the next call.
PATIENCE = (1, 2, 5, 15, 30, 60)


class TrainingOutboxMixin(models.AbstractModel):
    """An outbox of what is asked of a payment provider (D7).

    A row is written in the business transaction and sent after its commit, by a job,
    under a key of its own: a request that is retried, rolled back or killed does
    nothing twice. A row is one attempt; a definite failure may be followed by another
    row, an unknown outcome is resolved by asking.

    A model of this kind has the fields ``kind`` and ``state`` (draft, sending, unknown,
    pending, succeeded, failed), and says how a row is sent and what follows.
    """

    _name = "training.outbox.mixin"
    _description = "Outbox of what is asked of a provider"
    _order = "id desc"

    #: The job that sends, by its external id.
    _send_job = ""
    #: How the keys of this outbox begin.
    _key_prefix = ""

    res_model = fields.Char(string="Subject model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Subject", model_field="res_model", required=True, readonly=True
    )
    ordinal = fields.Integer(string="Attempt", required=True, readonly=True, default=1)
    amount_minor = fields.Integer(string="Amount (minor units)", readonly=True)
    reason = fields.Char(readonly=True)
    is_followed_up = fields.Boolean(
        readonly=True, help="What follows the end of it here is done."
    )
    idempotency_key = fields.Char(
        string="Key",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self._new_key(),
    )
    provider_reference = fields.Char(
        string="Reference at the provider",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    attempts = fields.Integer(string="Calls", readonly=True)
    date_sent = fields.Datetime(string="First sent", readonly=True)
    date_next = fields.Datetime(
        string="Next call", readonly=True, default=fields.Datetime.now
    )
    error_code = fields.Char(readonly=True)
    error_message = fields.Char(string="What went wrong", readonly=True)

    _subject_unique = models.UniqueIndex("(kind, res_model, res_id, ordinal)")
    _key_unique = models.UniqueIndex("(idempotency_key)")
    _due_index = models.Index("(date_next) WHERE date_next IS NOT NULL")

    @api.model
    def _new_key(self):
        # Not derived from the id: a copy of the database must not share keys.
        return f"{self._key_prefix}-{secrets.token_hex(14)}"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if any(operation.attempts for operation in self):
            raise UserError(
                self.env._("What was sent to the payment provider cannot be deleted.")
            )

    def _search_attempts(self, kind, subject):
        domain = [
            ("kind", "=", kind),
            ("res_model", "=", subject._name),
            ("res_id", "=", subject.id),
        ]
        return self.sudo().search(domain)

    @api.model
    def _domain_in_flight(self):
        """What may have been done, or may still be, without its outcome being known."""
        return Domain("state", "in", ("draft", "sending", "unknown"))

    @api.model
    def _trigger_sender(self, at=None):
        self.env["ir.cron"]._plan_job(self._send_job, at)

    def _get_delay(self):
        """Return the time before the next call."""
        return timedelta(minutes=PATIENCE[min(self.attempts, len(PATIENCE) - 1)])

    def _come_back(self, is_ours):
        """Have what collided taken again in a minute.

        :param bool is_ours: this sender had claimed the row, and gives it back; of
            another sender's row nothing is changed
        """
        soon = fields.Datetime.now() + COLLISION_DELAY
        operation = self.try_lock_for_update() if is_ours else self.browse()
        if operation.date_next:
            operation.date_next = soon
        self._trigger_sender(soon)
