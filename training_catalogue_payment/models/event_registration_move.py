# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError

from ..services.move import BEING_MADE


class EventRegistration(models.Model):
    """Learners who are assigned to another session (A22)."""

    _inherit = "event.registration"

    training_next_session_id = fields.Many2one(
        "event.event",
        string="Being assigned to",
        compute="_compute_training_next_session_id",
        compute_sudo=True,
        help="A job is making the documents of this assignment.",
    )

    def _compute_training_next_session_id(self):
        moves = self.env["training.move"].search(
            [("registration_ids", "in", self.ids), ("state", "in", BEING_MADE)]
        )
        for registration in self:
            found = moves.filtered(
                lambda move, own=registration._origin: own in move.registration_ids
            )
            registration.training_next_session_id = found[:1].session_id

    def write(self, vals):
        """Refuse to part paid learners from what they paid for."""
        if not self.env.su and {"event_id", "event_ticket_id"} & vals.keys():
            self._check_moved_with_order(vals)
        if vals.get("state") in ("open", "done", "cancel"):
            self._complete_accepted_moves()
        return super().write(vals)

    def action_cancel(self):
        """Cancel learners by stock's button as by ours."""
        self.check_access("write")
        self._give_up_moves()
        return super().action_cancel()

    def _give_up_moves(self):
        """Give up the moves under way of learners who are being cancelled by hand.

        Nobody is asked any more to pay for somebody who does not come. Who cancels by
        hand moves no money (A23): what was paid stays paid until an accountant, who is
        told, credits it.
        """
        leaving = self.filtered(lambda reg: reg.prepaid_state and reg.state != "cancel")
        for order_sudo in leaving.sudo().sale_order_id:
            order_sudo._give_up_move_of(leaving, keep_paid=True)

    def _complete_accepted_moves(self):
        """Do first what was accepted for these learners: they are enrolled, or
        cancelled, where they belong by now."""
        orders_sudo = self.filtered("prepaid_state").sudo().sale_order_id
        if orders_sudo:
            orders_sudo._complete_accepted_moves()

    def _check_moved_with_order(self, vals):
        for registration in self.filtered("prepaid_state"):
            changed = [
                name
                for name in ("event_id", "event_ticket_id")
                if name in vals and vals[name] != registration[name].id
            ]
            if changed:
                raise UserError(
                    self.env._(
                        "%(learner)s is paid for: use « Assign to another session », "
                        "so that order, invoice and payment follow.",
                        learner=registration.display_name,
                    )
                )

    def action_move_prepaid(self):
        """Open « Assign to another session » on these learners (A22).

        From one learner, those bought with it can be added.

        :raise AccessError: for who is neither event user nor salesperson
        """
        self._check_may_treat_prepaid()
        candidates = self
        if len(self) == 1:
            candidates = self.sudo().sale_order_id.training_registration_ids
        return self.env["training.move.wizard"]._open_for(candidates, chosen=self)

    def _sale_order_registration_data_change_notify(self, new_record_field, new_record):
        """Override of `event_sale`: where the order itself moves nobody needs to be
        warned that its learners do."""
        others = self.filtered(
            lambda registration: (
                not (registration.env.su and registration.prepaid_state)
            )
        )
        return super(
            EventRegistration, others
        )._sale_order_registration_data_change_notify(new_record_field, new_record)

    def _forget_old_session(self):
        """Drop the mails of the session they leave that were not sent yet."""
        self.training_mail_hold = False
        self.mail_registration_ids.filtered(lambda mail: not mail.mail_sent).unlink()
