# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """A purchase whose money is taken, and which waits before it is sold (D17).

    The catalogue itself lets nothing wait: what has to is told by an extension, which
    releases or gives up what it held. Meanwhile the seats are kept, a second payment
    is one too many, and nothing of a sale happens: no confirmation, no invoice, no
    prospect, no mail of the session.

    All is written in the transaction of the payment: if the process dies before its
    commit, nothing happened and the payment is treated again.
    """

    _inherit = "sale.order"

    training_held_since = fields.Datetime(
        string="Paid and waiting since",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="The purchase is paid and not sold yet. Kept when it is given up.",
    )

    def _must_be_held(self, tx):
        """Hook: whether this payment buys its order at a later time only.

        :param payment.transaction tx: the payment, done
        """
        self.ensure_one()
        return False

    def _is_held(self):
        """Whether this purchase is paid and waits."""
        self.ensure_one()
        return bool(self.training_held_since) and self.state in ("draft", "sent")

    def _become_held(self, tx):
        """Keep the seats of a paid order, and sell nothing yet.

        « Sent », for a draft is a cart: its buyer would be reminded to pay it.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        self._get_active_learners().prepaid_state = "held"
        self.write(
            {
                "state": "sent",
                # The days of withdrawal are counted from the payment (L221-18).
                "date_order": now,
                "training_held_since": now,
                **self._prepare_paid_vals(tx),
            }
        )
        self._trigger_follow_up()

    def _release_held(self):
        """Sell what waited, as if it were paid now; to be called once."""
        self.ensure_one()
        tx = self.training_paid_tx_id
        self.training_held_since = False
        self._become_prepaid(tx)
        quiet = self.with_context(mail_auto_subscribe_no_notify=True, send_email=True)
        quiet.action_confirm()

    def _give_up_held(self):
        """Free the seats of what waited; its money is the caller's to give back."""
        self.ensure_one()
        self._get_active_learners()._cancel_prepaid()
        self._action_cancel()

    def _get_hold_steps(self):
        """Hook: the steps that follow a payment that waits, each idempotent."""
        return []

    def _get_hold_sentence(self):
        """Hook: tell the buyer, in plain words, what the purchase waits for."""
        self.ensure_one()
        return self.env._(
            "Your payment is received and your seats are kept. Your enrolment is not "
            "confirmed yet."
        )

    # Nobody else moves it

    def action_confirm(self):
        """Sell nothing that waits."""
        self._check_not_held()
        return super().action_confirm()

    def action_cancel(self):
        """Cancel nothing that waits: its money would stay."""
        self._check_not_held()
        return super().action_cancel()

    def _check_not_held(self):
        """:raise UserError: for a purchase that is paid and waits"""
        for order in self:
            if order._is_held():
                raise UserError(
                    order.env._(
                        "%(order)s is paid and waits: it is confirmed or refunded "
                        "where the purchases that wait are listed.",
                        order=order.name,
                    )
                )

    def _has_to_be_signed(self):
        """Offer nothing to sign, nor to decline, on a purchase that waits."""
        return super()._has_to_be_signed() and not self._is_held()
