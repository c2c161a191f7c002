# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, ValidationError

#: Payments that one cart may start within a minute; a person needs a few (R18).
MAX_PAYMENTS_A_MINUTE = 10


class SaleOrder(models.Model):
    """What the checkout of a training session checks besides the session itself."""

    _inherit = "sale.order"

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

    def _is_unpaid_training_purchase(self):
        """Whether this is a cart of the catalogue that waits for its payment."""
        return any(
            order.state in ("draft", "sent") and order._is_training_purchase()
            for order in self
        )

    def _check_training_transaction(self, transaction):
        """Refuse a provider that the page did not offer, and a flood of payments.

        :raise ValidationError: with a sentence for the buyer
        """
        self.ensure_one()
        if transaction.provider_id not in self._get_training_providers():
            raise ValidationError(
                self.env._("This means of payment is not offered for this session.")
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

    def _update_address(self, partner_id, fnames=None):
        """Keep the buyer given on the purchase page: stock would put the signed-in
        user in the place of the company's contact at every page."""
        if self._is_unpaid_training_purchase() and fnames == ["partner_id"]:
            return
        super()._update_address(partner_id, fnames)
