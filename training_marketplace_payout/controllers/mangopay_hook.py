# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID, http
from odoo.http import request


class MangopayHook(http.Controller):
    """The address that Mangopay calls: authenticate, write down, answer (D8)."""

    @http.route(
        "/marketplace/mangopay/hook/<string:token>",
        type="http",
        auth="none",
        methods=["GET"],
        csrf=False,
        save_session=False,
        readonly=False,
        sitemap=False,
    )
    def mangopay_hook(self, token, **query):
        """Keep a notification for the job; all the rest leaves no trace.

        Mangopay sends EventType, RessourceId (its own spelling) and Date, waits two
        seconds for a 200, and signs nothing: the address is the secret.
        """
        inbox = request.env(user=SUPERUSER_ID)["mangopay.event"]
        account = inbox._find_account(token)
        if not account:
            return self._answer(404)
        is_understood = inbox._receive(
            account,
            query.get("EventType"),
            query.get("RessourceId") or query.get("ResourceId"),
            query.get("Date"),
        )
        return self._answer(200 if is_understood else 400)

    def _answer(self, status):
        return request.make_response("", status=status)
