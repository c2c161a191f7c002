# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import content_disposition, request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.marketplace_invitation import PAGE

CONFLICT = 409
GONE = 410
_KEY = f"{PAGE}/<string(maxlength=100):key>"
_OPEN = {"type": "http", "auth": "public", "website": True, "sitemap": False}
_LIST = "/my/learning"
_COURSE = f"{_LIST}/<int(max=2147483647):invitation_id>"
_GET = {"type": "http", "auth": "user", "website": True, "methods": ["GET"]}
#: Key of the HTTP session: the invitation that a visitor accepted before signing in.
ACCEPTED_KEY = "marketplace_invitation_accepted"


class MarketplaceInvitation(CustomerPortal):
    """The learner's side: accept an invitation, and follow the course (B16)."""

    @route(_KEY, methods=["GET"], **_OPEN)
    def marketplace_invitation(self, key, **_kwargs):
        """Say what, when, where and from whom, to whoever holds the link.

        Who accepted, then signed in, comes back here and has joined.
        """
        invitation_sudo = self._find_invitation(key)
        user = request.env.user
        status = self._get_link_status(invitation_sudo, user)
        accepted = request.session.get(ACCEPTED_KEY) == invitation_sudo.id
        if status == "open" and accepted and invitation_sudo._is_for(user):
            return self._join_course(invitation_sudo)
        if status == "mine":
            return self._redirect_course(invitation_sudo)
        return self._render_invitation(invitation_sudo, status)

    @route(f"{_KEY}/accept", methods=["POST"], **_OPEN)
    def marketplace_invitation_accept(self, key, **_form):
        """Join; who is not signed in does so first, or creates an account."""
        invitation_sudo = self._find_invitation(key)
        user = request.env.user
        status = self._get_link_status(invitation_sudo, user)
        if status == "mine":
            return self._redirect_course(invitation_sudo)
        if status != "open" or (
            not user._is_public() and not invitation_sudo._is_for(user)
        ):
            return self._render_invitation(invitation_sudo, status)
        if not user._is_public():
            return self._join_course(invitation_sudo)
        request.session[ACCEPTED_KEY] = invitation_sudo.id
        if invitation_sudo._find_users():
            return self._redirect_learner_login(invitation_sudo)
        return request.redirect(invitation_sudo._get_sign_up_address())

    def _find_invitation(self, key):
        """Return the invitation, with sudo; an unknown link is not found."""
        invitations = request.env["marketplace.invitation"]
        invitation_sudo = invitations._find_by_key(key)
        if not invitation_sudo:
            raise NotFound()
        return invitation_sudo

    def _get_link_status(self, invitation_sudo, user):
        """Return what the link is worth to this person: a word of the page."""
        if invitation_sudo.state == "used":
            is_mine = invitation_sudo.partner_id == user.sudo().partner_id
            return "mine" if is_mine else "used"
        if invitation_sudo.state == "revoked":
            return "revoked"
        return "over" if invitation_sudo._is_over() else "open"

    def _join_course(self, invitation_sudo):
        try:
            with request.env.cr.savepoint():
                invitation_sudo._accept(request.env.user)
        except UserError as error:
            status = self._get_link_status(invitation_sudo, request.env.user)
            return self._render_invitation(invitation_sudo, status, str(error))
        request.session.pop(ACCEPTED_KEY, None)
        return self._redirect_course(invitation_sudo)

    def _redirect_learner_login(self, invitation_sudo):
        back = f"{PAGE}/{invitation_sudo._get_key()}"
        return request.redirect_query(
            "/web/login", {"login": invitation_sudo.email, "redirect": back}
        )

    def _redirect_course(self, invitation_sudo):
        return request.redirect(f"{_LIST}/{invitation_sudo.id}")

    def _render_invitation(self, invitation_sudo, status, refusal=""):
        user = request.env.user
        is_public = user._is_public()
        other = status == "open" and not is_public and not invitation_sudo._is_for(user)
        codes = {"open": CONFLICT if refusal else 200, "used": CONFLICT}
        response = request.render(
            "training_marketplace_payout.marketplace_invitation",
            {
                "invitation": invitation_sudo,
                "session": invitation_sudo.session_id,
                "status": "other" if other else status,
                "back": f"{PAGE}/{invitation_sudo._get_key()}",
                "refusal": refusal,
            },
            status=codes.get(status, GONE),
        )
        # The address is a secret: it is neither indexed nor told to other sites.
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Cache-Control"] = "private, no-store"
        return response

    # What the learner follows

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "learning_count" in counters:
            values["learning_count"] = (
                request.env["marketplace.invitation"]
                .sudo()
                .search_count(self._get_learning_domain())
            )
        return values

    def _get_learning_domain(self):
        """Return what the person who is signed in has joined, nobody else's."""
        partner = request.env.user.partner_id
        return Domain("state", "=", "used") & Domain("partner_id", "=", partner.id)

    @route([_LIST, f"{_LIST}/page/<int:page>"], **_GET)
    def marketplace_learning(self, page=1, **_kwargs):
        """List the courses that a learner has joined."""
        invitations_sudo = request.env["marketplace.invitation"].sudo()
        domain = self._get_learning_domain()
        pager = portal_pager(
            url=_LIST,
            total=invitations_sudo.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="learning",
            pager=pager,
            invitations=invitations_sudo.search(
                domain, limit=self._items_per_page, offset=pager["offset"]
            ),
        )
        return request.render(
            "training_marketplace_payout.marketplace_learning", values
        )

    def _get_joined_course(self, invitation_id):
        """Return what the learner has joined, with sudo, or 404."""
        domain = self._get_learning_domain() & Domain("id", "=", invitation_id)
        invitation_sudo = request.env["marketplace.invitation"].sudo().search(domain)
        if not invitation_sudo:
            raise NotFound()
        return invitation_sudo

    @route(_COURSE, **_GET)
    def marketplace_course(self, invitation_id, **_kwargs):
        """Show a learner the session, its calendar file and the online course."""
        invitation_sudo = self._get_joined_course(invitation_id)
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="learning",
            invitation=invitation_sudo,
            session=invitation_sudo.session_id,
            course=invitation_sudo._get_open_course(),
            is_cancelled=invitation_sudo.registration_id.state == "cancel",
            is_over=invitation_sudo._is_over(),
        )
        return request.render("training_marketplace_payout.marketplace_course", values)

    @route(f"{_COURSE}/calendar", **_GET)
    def marketplace_course_calendar(self, invitation_id, **_kwargs):
        """Download the session as a calendar file."""
        invitation_sudo = self._get_joined_course(invitation_id)
        session_sudo = invitation_sudo.session_id
        whole = request.env["event.slot"].sudo()
        content = session_sudo._get_ics_file(slot=whole).get(session_sudo.id)
        if not content:
            raise NotFound()
        return request.make_response(
            content,
            [
                ("Content-Type", "text/calendar; charset=utf-8"),
                (
                    "Content-Disposition",
                    content_disposition(f"{session_sudo.name}.ics"),
                ),
            ],
        )
