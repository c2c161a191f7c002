# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo.exceptions import LockError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.training_catalogue_payment.controllers.training_portal import (
    TrainingPortal,
)

from .seller_page import BUYER_PAGE


def get_held_purchases_sudo():
    """Return what waits for the documents of who is logged in, with sudo."""
    company = request.website.company_id
    buyer = request.env.user.partner_id._get_buyer_to_verify(company)
    return buyer.sudo()._get_held_purchases(company)


class BuyerPurchases(TrainingPortal):
    @route()
    def portal_trainings(self, **kwargs):
        """Override of the catalogue: show what is paid and waits (B10)."""
        response = super().portal_trainings(**kwargs)
        response.qcontext["held_purchases"] = get_held_purchases_sudo()
        return response


class BuyerIdentity(CustomerPortal):
    """The way to the buyer's page, and what a buyer does there of the purchase.

    The steps themselves are those of `SellerPortal`, whose addresses both share.
    """

    @route(
        "/marketplace/identity/<int(max=2147483647):order_id>/<token>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def buyer_identity_link(self, order_id, token, **_kwargs):
        """Lead the buyer of a held purchase, by the link of the mail, to the page:
        who has no account creates one first, as that very contact."""
        order_sudo = request.env["sale.order"].sudo().browse(order_id).exists()
        if not order_sudo or not order_sudo._check_identity_token(token):
            raise NotFound()
        partner_sudo = order_sudo.partner_id
        is_new = not partner_sudo.with_context(active_test=False).user_ids
        if not request.env.user._is_public() or not is_new or not order_sudo._is_held():
            return request.redirect(BUYER_PAGE)
        partner_sudo.signup_prepare()
        query = {"token": partner_sudo._generate_signup_token(), "redirect": BUYER_PAGE}
        return request.redirect_query("/web/signup", query)

    @route(
        f"{BUYER_PAGE}/purchase/<int(max=2147483647):sale_id>/cancel",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def buyer_identity_cancel(self, sale_id, **_form):
        """Give up a purchase that waits; the whole money goes back.

        :raise NotFound: for another one's, and for one that does not wait
        """
        sale_sudo = get_held_purchases_sudo()
        sale_sudo = sale_sudo.filtered(lambda sale: sale.id == sale_id)
        if not sale_sudo:
            raise NotFound()
        if sale_sudo._has_open_dispute():
            # Mangopay refunds nothing of what the buyer's bank is deciding on.
            return request.redirect_query(BUYER_PAGE, {"done": "disputed"})
        try:
            is_done = sale_sudo._abandon("buyer")
        except LockError:
            # It is being released or given up at this very moment.
            is_done = False
        done = "cancelled" if is_done else "busy"
        return request.redirect_query(BUYER_PAGE, {"done": done})
