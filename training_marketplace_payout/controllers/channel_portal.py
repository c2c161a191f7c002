# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.addons.training_catalogue_payment.controllers.buyer_messages import (
    describe_errors,
)
from odoo.addons.training_catalogue_payment.services.learners_form import (
    check_learners,
)

from ..models.training_request import OPEN_STATES
from ..models.training_request_team import TABS
from .channel_thread import UNPROCESSABLE, ChannelThread, keep_flash, take_flash

_PAGE = "/my/channel"
_TAB = f"{_PAGE}/<any(requests,enrolments,sales):tab>"
_ONE = f"{_PAGE}/<int(max=2147483647):request_id>"
_GET = {"type": "http", "auth": "user", "website": True, "methods": ["GET"]}
_POST = {"type": "http", "auth": "user", "website": True, "methods": ["POST"]}
CONFLICT = 409
MAX_LEARNERS = 50


class ChannelPortal(ChannelThread):
    """« Dashboard > Public channel »: a seller's requests, enrolments and sales."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "channel_count" in counters:
            seller = request.env.user.partner_id.commercial_partner_id
            values["channel_count"] = (
                request.env["training.request"]
                .sudo()
                .search_count([("marketplace_seller_id", "=", seller.id)])
            )
        return values

    def _get_own_seller(self):
        """Return the organisation of who is logged in.

        :raise NotFound: where it sells nothing here
        """
        seller_sudo = request.env.user.partner_id.sudo().commercial_partner_id
        if not seller_sudo.is_marketplace_seller:
            raise NotFound()
        return seller_sudo

    @route([_PAGE, f"{_PAGE}/page/<int:page>", _TAB, f"{_TAB}/page/<int:page>"], **_GET)
    def portal_channel(self, tab="requests", page=1, filterby="", search="", **_kwargs):
        """List what visitors ask and buy, one tab for each kind."""
        seller_sudo = self._get_own_seller()
        requests_sudo = request.env["training.request"].sudo()
        filters = requests_sudo._get_dashboard_filters(tab)
        if filterby not in filters:
            # Requests are worked off; sales are looked up.
            filterby = "all" if tab == "sales" else "open"
        domain = (
            requests_sudo._get_dashboard_domain(seller_sudo, tab)
            & filters[filterby][1]
            & requests_sudo._get_dashboard_search(search)
        )
        pager = portal_pager(
            url=f"{_PAGE}/{tab}",
            url_args={"filterby": filterby, "search": search},
            total=requests_sudo.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        found_sudo = requests_sudo.search(
            domain, limit=self._items_per_page, offset=pager["offset"]
        )
        values = self._prepare_portal_layout_values()
        values.update(
            channel_requests=found_sudo,
            channel_tab=tab,
            channel_counts=self._count_open(seller_sudo),
            channel_filters=filters,
            filterby=filterby,
            search=search,
            pager=pager,
            page_name="channel",
        )
        return request.render("training_marketplace_payout.portal_channel", values)

    def _count_open(self, seller_sudo):
        """Return how many requests of each tab wait, in one query."""
        groups = (
            request.env["training.request"]
            .sudo()
            ._read_group(
                [
                    ("marketplace_seller_id", "=", seller_sudo.id),
                    ("state", "in", OPEN_STATES),
                ],
                ["kind"],
                ["__count"],
            )
        )
        counts = dict(groups)
        return {tab: counts.get(kind, 0) for tab, kind in TABS.items()}

    # One request

    def _get_team_request(self, request_id):
        """Return a request of one's own organisation, or 404."""
        seller_sudo = self._get_own_seller()
        record_sudo = request.env["training.request"].sudo().browse(request_id).exists()
        if not record_sudo or record_sudo.marketplace_seller_id != seller_sudo:
            raise NotFound()
        if not record_sudo._is_team_user(request.env.user):
            raise NotFound()
        return record_sudo

    @route(_ONE, **_GET)
    def portal_channel_request(self, request_id, **_kwargs):
        """Show one request: who asks, what, the conversation, and what to do."""
        record_sudo = self._get_team_request(request_id)
        return self._render_request(record_sudo)

    @route(f"{_ONE}/message", **_POST)
    def portal_channel_message(self, request_id, **form):
        """Post the team's answer."""
        record_sudo = self._get_team_request(request_id)
        author = request.env.user.partner_id
        if not self._post_message(record_sudo, form, author):
            return self._render_request(record_sudo, status=UNPROCESSABLE)
        return request.redirect(f"{_PAGE}/{record_sudo.id}#channel_thread")

    @route(f"{_ONE}/<any(refuse,close,reopen):action>", **_POST)
    def portal_channel_action(self, request_id, action, **form):
        """Refuse, close or reopen a request."""
        record_sudo = self._get_team_request(request_id)
        try:
            with request.env.cr.savepoint():
                if action == "refuse":
                    record_sudo._refuse_on_channel(
                        form.get("reason"), request.env.user.partner_id
                    )
                elif action == "close":
                    record_sudo._close_on_channel()
                else:
                    record_sudo._reopen_on_channel()
        except UserError as error:
            keep_flash(record_sudo, str(error))
            return self._render_request(record_sudo, status=CONFLICT)
        return request.redirect(f"{_PAGE}/{record_sudo.id}")

    @route(f"{_ONE}/accept", **_POST)
    def portal_channel_accept(self, request_id, **form):
        """Accept an enrolment and register its learners (B6)."""
        record_sudo = self._get_team_request(request_id)
        numbers = range(1, self._count_rows(record_sudo) + 1)
        values, errors = check_learners(form, numbers)
        if errors:
            messages = describe_errors(request.env, errors)
            return self._render_request(record_sudo, form=form, errors=messages)
        chosen = form.get("session_id") or ""
        try:
            with request.env.cr.savepoint():
                record_sudo._accept_on_channel(
                    int(chosen) if chosen.isdecimal() and len(chosen) < 10 else 0,
                    [one for one in values.values() if one],
                    request.env.user.partner_id,
                )
        except UserError as error:
            return self._render_request(record_sudo, form=form, refusal=str(error))
        return request.redirect(f"{_PAGE}/{record_sudo.id}")

    def _count_rows(self, record_sudo):
        return min(record_sudo.learner_count, MAX_LEARNERS)

    def _render_request(
        self, record_sudo, *, form=None, errors=None, refusal="", status=200
    ):
        flash = take_flash(record_sudo)
        values = self._get_page_view_values(
            record_sudo,
            None,
            {
                "channel_request": record_sudo,
                "channel_tab": next(
                    tab for tab, kind in TABS.items() if kind == record_sudo.kind
                ),
                "actions": record_sudo._get_channel_actions(),
                "accept_sessions": record_sudo._get_acceptable_sessions_sudo(),
                "learner_numbers": range(1, self._count_rows(record_sudo) + 1),
                "form": form or self._prefill_accept(record_sudo),
                "errors": errors or {},
                "refusal": refusal or ("" if flash.get("text") else flash.get("error")),
                "is_accepting": bool(errors or refusal),
                "page_name": "channel",
            },
            "channel_no_history",
            False,
        )
        values["channel_flash"] = flash if flash.get("text") else {}
        if errors or refusal:
            status = UNPROCESSABLE if errors else CONFLICT
        return request.render(
            "training_marketplace_payout.portal_channel_request", values, status=status
        )

    def _prefill_accept(self, record_sudo):
        form = {"session_id": str(record_sudo.session_id.id or "")}
        if record_sudo.learner_count == 1:
            form["learner_1_name"] = record_sudo.contact_name or ""
            form["learner_1_email"] = record_sudo.email or ""
        return form
