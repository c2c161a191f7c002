# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import Controller, request, route

from ..services.withdrawal import Refusal
from ..services.withdrawal_form import check_declaration
from .buyer_messages import describe_errors

CONFLICT = 409
UNPROCESSABLE = 422
_URL = "/training/withdrawal/<int(max=2147483647):order_id>/<string:token>"


class TrainingWithdrawal(Controller):
    """« Withdraw from the contract here », in two steps, without an account (A28).

    Reading the page declares nothing: a mail filter that follows the link, or a page
    left open, changes nothing. Only the posted confirmation does.
    """

    @route(
        _URL, type="http", auth="public", website=True, sitemap=False, methods=["GET"]
    )
    def training_withdrawal(self, order_id, token, **_kwargs):
        """Show the declaration to confirm, its acknowledgement, or the refusal."""
        order_sudo = self._get_order_sudo(order_id, token)
        form = {
            "individual_name": order_sudo.partner_id.name or "",
            "contract": order_sudo.name,
            "email": order_sudo.partner_id.email or "",
        }
        return self._render(order_sudo, form)

    @route(
        _URL, type="http", auth="public", website=True, sitemap=False, methods=["POST"]
    )
    def training_withdrawal_confirm(self, order_id, token, **form):
        """Take the withdrawal down; sent again, show the same acknowledgement."""
        order_sudo = self._get_order_sudo(order_id, token)
        url = order_sudo._get_withdrawal_url()
        if order_sudo.training_withdrawal_ids:
            return request.redirect(url)
        declaration, errors = check_declaration(form)
        if errors:
            messages = describe_errors(request.env, errors)
            return self._render(order_sudo, form, errors=messages)
        try:
            with request.env.cr.savepoint():
                order_sudo._withdraw_training(
                    declaration, ip_address=request.httprequest.remote_addr
                )
        except UserError as error:
            return self._render(order_sudo, form, refusal=str(error))
        return request.redirect(url)

    @route(
        "/training/withdrawal",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def training_withdrawal_information(self, **_kwargs):
        """Tell about the right of withdrawal, with the model form (L221-5)."""
        if not request.website._sells_training():
            raise NotFound()
        values = {"company": request.website.sudo().company_id}
        return request.render(
            "training_catalogue_payment.withdrawal_information_page", values
        )

    def _get_order_sudo(self, order_id, token):
        """Return the purchase of a signed link, or 404; never one of a company."""
        order_sudo = request.env["sale.order"].sudo().browse(order_id).exists()
        if (
            not order_sudo
            or not order_sudo._check_withdrawal_token(token)
            or order_sudo._get_withdrawal_refusal()
            in (Refusal.NOT_CONSUMER, Refusal.NOT_PAID)
        ):
            raise NotFound()
        return order_sudo

    def _render(self, order_sudo, form, errors=None, refusal=""):
        reason = order_sudo._get_withdrawal_refusal()
        withdrawal_sudo = order_sudo.training_withdrawal_ids
        if reason and not withdrawal_sudo:
            refusal = order_sudo._get_withdrawal_refusal_message(reason)
        status = UNPROCESSABLE if errors else CONFLICT if refusal else 200
        response = request.render(
            "training_catalogue_payment.withdrawal_page",
            {
                "order": order_sudo,
                "session": order_sudo.training_session_id,
                "withdrawal": withdrawal_sudo,
                "amounts": order_sudo._get_withdrawal_amounts()
                if not (reason or withdrawal_sudo)
                else (0, 0),
                "company": order_sudo.company_id,
                "form": form,
                "errors": errors or {},
                "refusal": refusal,
            },
            status=status,
        )
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
