# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..services.move import BEING_MADE
from ..utils import to_note
from .training_inbox_mixin import COLLISIONS

_logger = logging.getLogger(__name__)

BATCH = 50
# What a person is at work on is free again by then.
TAKEN_AGAIN = timedelta(seconds=10)


class TrainingMove(models.Model):
    """What happens to a move while nobody looks, and who is told."""

    _inherit = "training.move"

    @api.model
    def _cron_training_moves(self):
        """Do the moves that were accepted or whose complement is paid, tell of those
        that are overdue, send the documents that replace sent ones; one commit each."""
        now = fields.Datetime.now()
        overdue = Domain("state", "=", "waiting") & Domain("deadline", "<", now)
        work = (
            (Domain("state", "in", BEING_MADE), TrainingMove._try_apply),
            (
                overdue & Domain("is_overdue_told", "=", False),
                TrainingMove._tell_overdue,
            ),
            (Domain("documents_to_send", "=", True), TrainingMove._send_documents),
        )
        for domain, step in work:
            for record in self.search(domain, order="id", limit=BATCH):
                record._do_step(domain, step)

    def _do_step(self, domain, step):
        """Do one thing and commit it; what somebody is at work on is left for later."""
        progress = self.env["ir.cron"]._commit_progress
        try:
            record = self.try_lock_for_update().filtered_domain(domain)
            if record:
                zone = record.company_id._get_training_zone()
                step(record.with_context(tz=zone))
                self.env.cr.flush()
        except COLLISIONS as collision:
            self.env.cr.rollback()
            _logger.info("Move %s is taken again later: %s", self.id, collision)
            record = self.browse()
        if not record:
            self._trigger_job(fields.Datetime.now() + TAKEN_AGAIN)
        progress()

    def _try_apply(self):
        """Do one move; what stops it becomes an activity, once."""
        try:
            self._as_asked()._apply()
            self.env.cr.flush()
        except COLLISIONS:
            raise
        except (UserError, ValueError, psycopg2.Error) as refusal:
            self.env.cr.rollback()
            _logger.info("Move %s could not be done: %s", self.id, refusal)
            self._tell_stopped(str(refusal))

    def _tell_stopped(self, reason):
        """Leave an activity: it was agreed or paid, and cannot be done."""
        if self.error_message == reason:
            return
        self.error_message = reason
        summary = self.env._("Learners not assigned to another session")
        note = self.env._(
            "%(session)s: %(reason)s Solve it and try again from the assignment, or "
            "abandon it.",
            session=self.session_id.display_name,
            reason=reason,
        )
        if self.complement_id:
            summary = self.env._("Complement paid, learners not moved")
            note = self.env._(
                "%(reason)s Solve it and try again from the assignment, or abandon it: "
                "the complement is then credited and given back.",
                reason=reason,
            )
        self._ask_staff(summary, note)

    def _tell_overdue(self):
        """Leave an activity: the complement was not paid in time (A22).

        The seats go back on sale by themselves. Whether the buyer gets more time or
        the move is given up is for a person to say.
        """
        self.is_overdue_told = True
        self._ask_staff(
            self.env._("Complement not paid in time"),
            self.env._(
                "%(buyer)s has not paid %(amount)s for %(session)s: the seats kept "
                "there are free again. Extend the assignment or abandon it.",
                buyer=self.partner_id.display_name,
                amount=self.currency_id.format(self.complement_id.amount_residual),
                session=self.session_id.display_name,
            ),
        )

    def _ask_staff(self, summary, note):
        order = self.order_id
        user = order.training_session_id._get_training_responsible() or order.user_id
        order.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=summary,
            note=to_note(note),
            user_id=(user or self.create_uid).id,
        )

    def _send_documents(self):
        """Send the numbered documents of a move, where the buyer had been sent the
        invoice that they replace; and the invoice of a sale that became taxable, where
        the company numbers and sends it at payment (A21)."""
        self.documents_to_send = False
        documents = self.order_id._get_training_documents()
        documents |= self.new_order_id._get_training_documents()
        numbered = documents.filtered(lambda move: move.state == "posted")
        if numbered.filtered("is_move_sent"):
            numbered.filtered(
                lambda move: not move.is_move_sent
            )._send_training_invoice()
        else:
            self.new_order_id._send_numbered_invoice()

    # Mails

    def _tell_done(self):
        """Tell the buyer, in their language, and the organisation; once each."""
        self._queue_mail("mail_template_training_moved")
        self._queue_mail("mail_template_training_moved_notice")

    def _queue_mail(self, template_name):
        """Queue a mail of this move; it leaves with the transaction or not at all."""
        template_sudo = self.env.ref(
            f"training_catalogue_payment.{template_name}", raise_if_not_found=False
        )
        if template_sudo:
            template_sudo.sudo()._send_soon(self.id)

    def _get_organisation_email(self):
        """Return who hears of a move: who follows the target session."""
        return (self.new_order_id or self.order_id)._get_organisation_email()

    def _get_refund_amount(self):
        """Return what a cheaper session gives back to the buyer."""
        return self.currency_id.round(max(self.kept_amount - self.asked_amount, 0))

    def _get_learner_names(self):
        """Return the learners of this move, in words."""
        names = [
            learner.name or learner.email or self.env._("To be completed")
            for learner in self.sudo().registration_ids.sorted("id")
        ]
        return ", ".join(names)
