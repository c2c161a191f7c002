# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, MissingError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager


class TrainingRequestPortal(CustomerPortal):
    """A customer's own requests, and the conversation about each (D13, A19).

    Purchases have a list and a page of their own: `TrainingPortal`.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "training_request_count" in counters:
            values["training_request_count"] = request.env[
                "training.request"
            ].search_count(self._get_training_request_domain())
        return values

    def _get_training_request_domain(self):
        return [
            ("partner_id", "=", request.env.user.partner_id.id),
            ("is_prepaid", "=", False),
        ]

    @route(
        ["/my/training-requests", "/my/training-requests/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_training_requests(self, page=1, **_kwargs):
        """List the requests of who is logged in, the last one first."""
        requests = request.env["training.request"]
        domain = self._get_training_request_domain()
        pager = portal_pager(
            url="/my/training-requests",
            total=requests.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        values = self._prepare_portal_layout_values()
        values.update(
            training_requests=requests.search(
                domain, limit=self._items_per_page, offset=pager["offset"]
            ).sudo(),
            pager=pager,
            page_name="training_requests",
            default_url="/my/training-requests",
        )
        return request.render(
            "training_catalogue_payment.portal_training_requests", values
        )

    @route(
        "/my/training-requests/<int(max=2147483647):request_id>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def portal_training_request(self, request_id, access_token=None, **kwargs):
        """Show one request to its author, logged in or holding its signed link."""
        try:
            request_sudo = self._document_check_access(
                "training.request", request_id, access_token
            )
        except (AccessError, MissingError):
            return request.redirect("/my")
        if request_sudo.is_prepaid:
            return request.redirect(request_sudo.get_portal_url())
        values = self._get_page_view_values(
            request_sudo,
            access_token,
            {"training_request": request_sudo, "page_name": "training_requests"},
            "my_training_requests_history",
            False,
            **kwargs,
        )
        return request.render(
            "training_catalogue_payment.portal_training_request", values
        )
