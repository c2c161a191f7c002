# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from math import isfinite

from odoo.exceptions import UserError, ValidationError
from odoo.http import request, route

from odoo.addons.website_sale.controllers.main import WebsiteSale
from odoo.addons.website_sale.controllers.payment import PaymentPortal

#: Key of the HTTP session: the carts that the visitor is paying.
HELD_KEY = "training_held_order_ids"


class TrainingWebsiteSale(WebsiteSale):
    """The programme page, and the checkout of a session."""

    def _prepare_product_values(self, product, category, **kwargs):
        values = super()._prepare_product_values(product, category, **kwargs)
        values["training"] = product._get_catalogue_values(request.website)
        return values

    # Checkout: the purchase page has asked for everything

    @route()
    def shop_checkout(self, try_skip_step=None, **query_params):
        """Go back to the purchase page: stock's addresses are not asked here."""
        if redirection := self._redirect_training_cart():
            return redirection
        return super().shop_checkout(try_skip_step=try_skip_step, **query_params)

    @route()
    def shop_address(self, **query_params):
        """Go back to the purchase page to change the buyer's details."""
        if redirection := self._redirect_training_cart():
            return redirection
        return super().shop_address(**query_params)

    def _check_addresses(self, order_sudo):
        """The purchase page checks who is billed by its own rules (A11)."""
        if not order_sudo.training_session_id:
            return super()._check_addresses(order_sudo)
        if not order_sudo._is_training_purchase() or order_sudo._is_anonymous_cart():
            return self._redirect_training_cart()
        return None

    def _redirect_training_cart(self):
        session_sudo = request.cart.training_session_id if request.cart else None
        if not session_sudo:
            return None
        return request.redirect(f"/training/session/{session_sudo.id}/buy")

    # Payment page

    def _get_shop_payment_errors(self, order):
        """Say why the session cannot be paid any more; never after the payment, when
        the seat of this very buyer may be the last one."""
        errors = super()._get_shop_payment_errors(order)
        state = order.get_portal_last_transaction().state
        if order.training_session_id and state not in ("pending", "authorized", "done"):
            title = request.env._("This session cannot be paid for.")
            errors += [(title, message) for message in order._get_training_blockers()]
        return errors

    def _get_shop_payment_values(self, order, **kwargs):
        values = super()._get_shop_payment_values(order, **kwargs)
        if order.training_session_id:
            values["submit_button_label"] = order._get_training_button_label()
            if request.env.user._is_public():
                # Who has no account could not use the card kept.
                offered = values.get("show_tokenize_input_mapping", {})
                values["show_tokenize_input_mapping"] = dict.fromkeys(offered, False)
        if order._is_training_purchase():
            values["training_recap"] = order._get_training_recap()
        return values

    # Confirmation page

    def _prepare_shop_payment_confirmation_values(self, order):
        """Show the session bought instead of stock's event tickets: the learners are
        registered once the organisation has validated them (D3)."""
        values = super()._prepare_shop_payment_confirmation_values(order)
        if order._is_training_purchase():
            session_sudo = order.training_session_id
            values.update(
                events=request.env["event.event"],
                training_order=order,
                training_recap=session_sudo._get_catalogue_values()[0],
                training_payment=order._get_training_payment_state(),
            )
        return values

    @route()
    def process_express_checkout(self, *args, **kwargs):
        """Refuse the wallets' shortcut: it would replace the buyer by theirs."""
        if request.cart.training_session_id:
            raise UserError(
                request.env._("Pay for a training session on the payment page.")
            )
        return super().process_express_checkout(*args, **kwargs)


class TrainingPaymentPortal(PaymentPortal):
    """What the buyer accepts is written, and the seats are held, when the payment
    starts (A12, A15)."""

    @route()
    def shop_payment_transaction(self, order_id, access_token, **kwargs):
        """Take what the buyer ticked out of what stock expects (A12); keep no card of
        who was not offered it: who has no account could not use it."""
        order_sudo = request.env["sale.order"].sudo().browse(order_id).exists()
        if order_sudo.training_session_id and request.env.user._is_public():
            kwargs["tokenization_requested"] = False
        request.update_context(training_accepted=kwargs.pop("training_accepted", None))
        amount = kwargs.get("amount")
        if isinstance(amount, float) and not isfinite(amount):
            raise ValidationError(
                request.env._("The cart has been updated. Please refresh the page.")
            )
        return super().shop_payment_transaction(order_id, access_token, **kwargs)

    def _validate_transaction_for_order(self, transaction, sale_order):
        super()._validate_transaction_for_order(transaction, sale_order)
        if sale_order.training_session_id:
            sale_order._check_training_transaction(transaction)
            held = sale_order._check_visitor_holds(request.session.get(HELD_KEY, []))
            sale_order._accept_training_terms(
                transaction,
                request.env.context.get("training_accepted"),
                ip_address=request.httprequest.remote_addr,
                user_agent=request.httprequest.user_agent.string[:255],
            )
            transaction._close_other_payments()
            sale_order._hold_training_seats()
            request.session[HELD_KEY] = [*held, sale_order.id]

    @route()
    def portal_order_transaction(self, order_id, access_token, **kwargs):
        """Refuse to pay a session from the portal: no seat is held there, and no terms
        are accepted (A12, A15)."""
        order_sudo = request.env["sale.order"].sudo().browse(order_id).exists()
        if order_sudo._is_unpaid_training_order():
            raise UserError(
                request.env._("Pay for a training session on the payment page.")
            )
        return super().portal_order_transaction(order_id, access_token, **kwargs)
