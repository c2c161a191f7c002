# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.payment.controllers.portal import PaymentPortal
from odoo.addons.payment.utils import check_access_token
from odoo.addons.training_catalogue_payment.services.form import parse_count
from odoo.addons.website_sale.controllers.main import WebsiteSale
from odoo.addons.website_sale.models.website import CART_SESSION_CACHE_KEY

from ..models.payment_transaction import RETURN_PATH, START_PATH

# Seconds before the waiting page tries again by itself.
PATIENCE = 5
STATUS_PATH = "/payment/status"
SHOP_PATH = "/shop/payment"


class MangopayPayment(PaymentPortal):
    """The buyer's way to Mangopay's page and back. Nothing they bring is believed."""

    @route(
        START_PATH,
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
        readonly=False,
    )
    def mangopay_start(self, tx=None, access_token=None, **_query):
        """Have the payment made, then send the buyer to Mangopay's page (D7).

        The transaction was committed by the request before this one. Loaded again, or
        by two windows at once, it leads to the same page and asks nothing twice.
        """
        tx_sudo = self._find_mangopay_transaction(tx, access_token)
        if not tx_sudo:
            return request.redirect(SHOP_PATH)
        try:
            url = tx_sudo.state == "draft" and tx_sudo._open_mangopay_page()
        except UserError as error:
            request.env.cr.rollback()
            tx_sudo._set_error(str(error))
            tx_sudo._post_process()
            return request.redirect(SHOP_PATH)
        if url:
            return request.redirect(url, code=303, local=False)
        if tx_sudo.state == "draft":
            return self._render_mangopay_wait()
        return self._redirect_after_mangopay(tx_sudo)

    @route(
        RETURN_PATH,
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
        readonly=False,
    )
    def mangopay_return(self, tx=None, access_token=None, **_query):
        """Ask Mangopay what became of the payment, and show it.

        The page may be opened again, before or after Mangopay's notification, or by
        somebody else: it only makes us ask.
        """
        tx_sudo = self._find_mangopay_transaction(tx, access_token)
        if not tx_sudo:
            return request.redirect(SHOP_PATH)
        tx_sudo._wait_for_turn()
        tx_sudo._look_at_mangopay_payin()
        return self._redirect_after_mangopay(tx_sudo)

    def _find_mangopay_transaction(self, tx_id, access_token):
        """Return the transaction of an address that we made, with sudo."""
        transactions_sudo = request.env["payment.transaction"].sudo()
        tx_sudo = transactions_sudo.browse(parse_count(tx_id) or 0).exists()
        if not (access_token or "").isascii():
            return transactions_sudo  # stock cannot compare it
        is_ours = (
            tx_sudo
            and tx_sudo.provider_code == "mangopay"
            and check_access_token(
                access_token, "mangopay", tx_sudo.id, tx_sudo.reference
            )
        )
        return tx_sudo if is_ours else transactions_sudo

    def _render_mangopay_wait(self):
        return request.render(
            "training_marketplace_payout.mangopay_wait",
            {"seconds": PATIENCE, "url": request.httprequest.full_path},
        )

    def _redirect_after_mangopay(self, tx_sudo):
        """Send the buyer where the payment can be made again, or to its status."""
        is_failed = tx_sudo.state in ("cancel", "error")
        is_open = tx_sudo.sale_order_ids.state in ("draft", "sent")
        return request.redirect(SHOP_PATH if is_failed and is_open else STATUS_PATH)


class MangopayShop(WebsiteSale):
    @route()
    def shop_payment_validate(self, sale_order_id=None, **post):
        """Bring the buyer of a refused payment back where they can pay again.

        The refusal may come after the buyer's return, while the status page waits.
        """
        if sale_order_id is None:
            order_id = request.session.get("sale_last_order_id")
            order_sudo = request.env["sale.order"].sudo().browse(order_id).exists()
            if order_sudo._reopen_refused_marketplace_cart():
                request.session[CART_SESSION_CACHE_KEY] = order_sudo.id
                return request.redirect(SHOP_PATH)
        return super().shop_payment_validate(sale_order_id=sale_order_id, **post)

    def _get_shop_payment_values(self, order, **kwargs):
        """Tell the buyer, where they may pay again, why the last payment failed."""
        values = super()._get_shop_payment_values(order, **kwargs)
        if order.marketplace_seller_id:
            last_sudo = order.get_portal_last_transaction()
            values["mangopay_failure"] = last_sudo and last_sudo._get_mangopay_failure()
        return values
