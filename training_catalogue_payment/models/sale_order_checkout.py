# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, ValidationError

#: Payments that one cart may start within a minute; a person needs a few (R18).
MAX_PAYMENTS_A_MINUTE = 10
#: Carts that one visitor may be paying at once for one session.
MAX_CARTS_OF_A_VISITOR = 3


class SaleOrder(models.Model):
    """What the checkout of a training session checks besides the session itself."""

    _inherit = "sale.order"

    training_account_id = fields.Many2one(
        "res.users",
        string="Bought by the account",
        copy=False,
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="Who was signed in on the portal: the purchase shows among their own, "
        "whichever company it was bought for.",
    )
    training_form_token = fields.Char(
        copy=False,
        readonly=True,
        export_string_translation=False,
        help="Technical: the purchase page that made this cart. Sent several times at "
        "once, it makes one cart.",
    )

    _training_form_token_uniq = models.UniqueIndex(
        "(training_form_token) WHERE training_form_token IS NOT NULL"
    )

    @api.model
    def _find_by_form_token(self, website, token):
        """Return the order that this very page made earlier, with sudo."""
        orders_sudo = self.env["sale.order"].sudo()
        return orders_sudo.search(
            [("training_form_token", "=", token), ("website_id", "=", website.id)],
            limit=1,
        )

    def _is_beyond_cart(self):
        """Whether this order has been paid, is being paid, or was given up."""
        self.ensure_one()
        state = self.get_portal_last_transaction().state
        return self.state != "draft" or state in ("pending", "authorized", "done")

    def _claim_form_token(self, token):
        """Tie this cart to the page that makes it.

        :raise ConcurrencyError: when the same page is being sent by another request;
            Odoo plays this one again, which then finds the cart of the other
        """
        self.ensure_one()
        try:
            self.training_form_token = token
            self.flush_recordset(["training_form_token"])
        except UniqueViolation as error:
            raise ConcurrencyError("The page is being sent twice.") from error

    def _is_unpaid_training_order(self):
        """Whether this is an order of a session that waits for its payment, bought on
        the catalogue or written by staff."""
        return any(
            order.state in ("draft", "sent") and order.training_session_id
            for order in self
        )

    def _has_to_be_paid(self):
        """Offer no payment on the portal or by a link: seats are held, and terms
        accepted, on the payment page only (A12, A15)."""
        return super()._has_to_be_paid() and not self._is_unpaid_training_order()

    def _is_unpaid_training_purchase(self):
        """Whether this is a cart of the catalogue that waits for its payment."""
        return any(
            order.state in ("draft", "sent") and order._is_training_purchase()
            for order in self
        )

    def _check_training_transaction(self, transaction):
        """Refuse a provider that the page did not offer, what takes no money, and a
        flood of payments.

        :raise ValidationError: with a sentence for the buyer
        """
        self.ensure_one()
        if transaction.provider_id not in self._get_training_providers():
            raise ValidationError(
                self.env._("This means of payment is not offered for this session.")
            )
        # Checking a card costs nothing, and would end as a payment of zero.
        if transaction.operation == "validation" or self.currency_id.compare_amounts(
            transaction.amount, self.amount_total
        ):
            raise ValidationError(
                self.env._("Pay for a training session on the payment page.")
            )
        started = transaction.search_count(
            [
                ("sale_order_ids", "in", self.ids),
                ("create_date", ">", fields.Datetime.now() - timedelta(minutes=1)),
            ],
            limit=MAX_PAYMENTS_A_MINUTE + 1,
        )
        if started > MAX_PAYMENTS_A_MINUTE:
            raise ValidationError(
                self.env._("Too many attempts: wait a minute, then try again.")
            )

    def _check_visitor_holds(self, orders_ids):
        """Keep one visitor from holding a session's seats with cart after cart.

        :param list[int] orders_ids: the carts that this visitor started to pay
        :return: those of them that hold seats of any session at this moment
        :raise ValidationError: when enough of them hold seats of this session
        :rtype: list[int]
        """
        self.ensure_one()
        holds_sudo = self.env["training.seat.hold"].sudo()
        held_sudo = holds_sudo.search(
            [
                ("order_ref", "in", orders_ids),
                ("order_ref", "!=", self.id),
                ("expires_at", ">=", fields.Datetime.now()),
            ]
        )
        same_sudo = held_sudo.filtered(
            lambda hold: hold.event_id == self.training_session_id
        )
        if len(same_sudo) >= MAX_CARTS_OF_A_VISITOR:
            raise ValidationError(
                self.env._(
                    "You are already paying for several enrolments in this session: "
                    "finish them first, or try again in a while."
                )
            )
        return held_sudo.mapped("order_ref")

    def _get_training_payment_state(self):
        """Return what the buyer who comes back from the payment is told.

        :return: ``paid`` (the seats are theirs), ``held`` (paid, and not sold yet),
            ``refused`` (the money goes back) or ``waiting`` (nothing is known, or
            nothing was paid)
        :rtype: str
        """
        self.ensure_one()
        if self._is_held():
            return "held"
        if self.training_held_since:
            return "refused"
        if self.sudo().training_paid_tx_id:
            return "paid"
        is_refused = self.get_portal_last_transaction().training_refusal
        return "refused" if is_refused else "waiting"

    @api.private
    def get_portal_last_transaction(self):
        """Take no check of a card for the payment of a session."""
        transaction_sudo = super().get_portal_last_transaction()
        if not self.training_session_id or transaction_sudo.operation != "validation":
            return transaction_sudo
        return (
            self.sudo()
            .transaction_ids.filtered(lambda tx: tx.operation != "validation")
            ._get_last()
        )

    def _update_address(self, partner_id, fnames=None):
        """Keep the buyer given on the purchase page: stock would put the signed-in
        user in the place of the company's contact at every page."""
        if self._is_unpaid_training_purchase() and fnames == ["partner_id"]:
            return
        super()._update_address(partner_id, fnames)
