# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..services.move import BEING_MADE


class TrainingMove(models.Model):
    """Moves that number documents: decided in the request, done by the job (P6).

    A credit note and a new invoice take Odoo half a second of computing. The request
    decides, refuses what is to be refused and holds the seats; `_cron_training_moves`
    is woken by its commit and does the rest as who asked for it.

    What else is done to the purchase meanwhile does the move first, in its own
    transaction (`_complete_accepted_moves`): it finds what it would have found, had
    the move been done at once. Only a withdrawal gives the move up instead. Who comes
    second, job or person, waits for the row (`_claim`) and is replayed by Odoo.
    """

    _inherit = "training.move"

    def _accept(self, session):
        """Hold the seats and wake the job; the documents come with it.

        One transaction: dying before its commit leaves nothing, neither hold nor move;
        after it the row is there, and the job finds it, woken or at its hourly turn.
        The seats are held as long as for a complement: if the job stands still for
        longer, it takes them again or says that they are gone.

        :raise UserError: when the seats are gone, or a document could not be numbered
        """
        self.ensure_one()
        self.order_id._check_training_mentions(session)
        days = self.company_id.training_complement_days
        self._hold_seats(fields.Datetime.now() + timedelta(days=days))
        self._trigger_job()

    def _complete(self):
        """Do a move that was accepted, now, before something else is done.

        :raise UserError: when it cannot be done any more; it may be given up
        """
        self.ensure_one()
        self._claim()
        try:
            self._as_asked()._apply()
        except UserError as refusal:
            raise UserError(
                self.env._(
                    "%(order)s is being assigned to %(session)s, which has to be done "
                    "first and is refused: %(reason)s Solve it, or abandon that "
                    "assignment.",
                    order=self.order_id.name,
                    session=self.session_id.display_name,
                    reason=refusal,
                )
            ) from refusal

    def _claim(self):
        """Wait for whoever is at work on this move.

        If they changed it, PostgreSQL refuses and Odoo replays what calls.
        """
        self.flush_recordset()
        query = SQL("SELECT 1 FROM training_move WHERE id = %s FOR UPDATE", self.id)
        self.env.cr.execute(query, log_exceptions=False)

    def _as_asked(self):
        """Return this move as who asked for it: their name, their words, and their
        right or not to have money leave (A23). A complement is the buyer's doing."""
        self.ensure_one()
        if self.state != "accepted":
            return self
        user = self.create_uid
        asked = self.with_user(user).with_company(self.company_id)
        return asked.with_context(lang=user.lang).sudo()

    def _get_notification(self):
        """Return the client action that says where these moves stand; none if all of
        them are done."""
        accepted = self.filtered(lambda record: record.state == "accepted")
        close = {"type": "ir.actions.act_window_close"}
        if not accepted:
            return close
        link = {
            "label": self.env._("the assignment"),
            "url": f"/odoo/training-moves/{accepted[:1].id}",
        }
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "title": self.env._("Assignment accepted, seats kept"),
                "message": self.env._(
                    "Credit note and invoice are being made: the learners are in "
                    "%(session)s within seconds. See %%s, or the purchase.",
                    session=accepted[:1].session_id.display_name,
                ),
                "links": [link],
                "next": close,
            },
        }


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_accepted_moves(self):
        """Return the moves of these orders that the job has not done yet."""
        return (
            self.env["training.move"]
            .sudo()
            .search([("order_id", "in", self.ids), ("state", "=", "accepted")])
        )

    def _get_moves_being_made(self):
        """Return what the buyer is shown: decided, and done in a moment."""
        return self.training_move_ids.filtered(lambda one: one.state in BEING_MADE)

    def _complete_accepted_moves(self):
        """Do what was accepted before anything else is done with these purchases.

        :raise UserError: when it cannot be done any more
        """
        for record_sudo in self._get_accepted_moves():
            record_sudo._complete()

    def _check_training_mentions(self, session):
        """Refuse at once what numbering would refuse: a mention that is missing.

        :raise UserError: when the law wants a mention and none is in force
        """
        today = fields.Date.context_today(self)
        for event in self.training_session_id | session:
            regime = self.company_id._get_training_tax_regime(not event.is_out_of_bpf)
            self.company_id._check_training_mention(regime, today)
