# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.training_catalogue_payment.controllers.buyer_messages import (
    describe_errors,
)
from odoo.addons.training_catalogue_payment.services.learners_form import (
    check_learners,
)

CONFLICT = 409
UNPROCESSABLE = 422
_ID = "<int(max=2147483647):%s>"
_PAGE = f"/my/channel/sales/{_ID % 'sale_id'}/learners"
_SEAT = f"{_PAGE}/{_ID % 'seat_id'}"
_GET = {"type": "http", "auth": "user", "website": True, "methods": ["GET"]}
_POST = {"type": "http", "auth": "user", "website": True, "methods": ["POST"]}
#: Key of the HTTP session: what to say on the page shown next.
FLASH_KEY = "marketplace_learners_flash"


class MarketplaceLearners(CustomerPortal):
    """« Learners » of a sale: the seller names and invites them (B15)."""

    def _get_sale_of_learners(self, sale_id):
        """Return a sale of one's own organisation, with sudo, or 404."""
        sale_sudo = request.env["marketplace.sale"].sudo().browse(sale_id).exists()
        if not sale_sudo or not sale_sudo._is_team_user(request.env.user):
            raise NotFound()
        return sale_sudo

    def _get_seat_of_sale(self, sale_sudo, seat_id):
        seat_sudo = sale_sudo._get_seats().filtered(lambda seat: seat.id == seat_id)
        if not seat_sudo:
            raise NotFound()
        return seat_sudo

    @route(_PAGE, **_GET)
    def marketplace_learners(self, sale_id, **_kwargs):
        """Show the seats of a sale, and who each is for."""
        return self._render_learners(self._get_sale_of_learners(sale_id))

    @route(f"{_SEAT}/name", **_POST)
    def marketplace_learner_name(self, sale_id, seat_id, **form):
        """Keep who a seat is for, and invite them where asked."""
        sale_sudo = self._get_sale_of_learners(sale_id)
        seat_sudo = self._get_seat_of_sale(sale_sudo, seat_id)
        number = sale_sudo._get_seats().ids.index(seat_id) + 1
        values, errors = check_learners(form, [number])
        value = values[number]
        if not value and not errors:
            return self._render_learners(
                sale_sudo,
                refusal=request.env._("Enter the learner's name and e-mail first."),
            )
        if errors:
            messages = describe_errors(request.env, errors)
            return self._render_learners(sale_sudo, form=form, errors=messages)
        author = request.env.user.partner_id
        try:
            with request.env.cr.savepoint():
                sale_sudo._name_learner(
                    seat_sudo, value["name"], value["email"], author
                )
                if form.get("invite"):
                    sale_sudo._invite(seat_sudo, author)
        except UserError as error:
            return self._render_learners(sale_sudo, form=form, refusal=str(error))
        done = (
            request.env._("%(name)s is invited.", name=value["name"])
            if form.get("invite")
            else request.env._("%(name)s is saved.", name=value["name"])
        )
        return self._redirect_learners(sale_sudo, done=done)

    @route(f"{_SEAT}/<any(invite,withdraw):action>", **_POST)
    def marketplace_learner_act(self, sale_id, seat_id, action, **_form):
        """Send an invitation, send it again, or withdraw it."""
        sale_sudo = self._get_sale_of_learners(sale_id)
        seat_sudo = self._get_seat_of_sale(sale_sudo, seat_id)
        author = request.env.user.partner_id
        try:
            with request.env.cr.savepoint():
                if action == "invite":
                    sale_sudo._invite(seat_sudo, author)
                    done = request.env._("%(name)s is invited.", name=seat_sudo.name)
                else:
                    sale_sudo._withdraw(seat_sudo, author)
                    done = request.env._("The invitation is withdrawn.")
        except UserError as error:
            return self._render_learners(sale_sudo, refusal=str(error))
        return self._redirect_learners(sale_sudo, done=done)

    @route(f"{_PAGE}/invite", **_POST)
    def marketplace_learners_invite(self, sale_id, **_form):
        """Invite everybody who has a name and was not invited yet."""
        sale_sudo = self._get_sale_of_learners(sale_id)
        count, reasons = sale_sudo._invite_all(request.env.user.partner_id)
        if reasons and not count:
            return self._render_learners(sale_sudo, refusal="\n".join(reasons))
        done = count and request.env._("Invitations sent: %(count)s.", count=count)
        return self._redirect_learners(
            sale_sudo, done=done or "", refusal="\n".join(reasons)
        )

    # The page

    def _redirect_learners(self, sale_sudo, done="", refusal=""):
        """Show the page again; what to say goes through the session, never through an
        address that anybody could write."""
        request.session[FLASH_KEY] = {
            "id": sale_sudo.id,
            "done": done,
            "refusal": refusal[:2000],
        }
        return request.redirect(f"/my/channel/sales/{sale_sudo.id}/learners")

    def _take_learners_flash(self, sale_sudo):
        flash = request.session.get(FLASH_KEY) or {}
        if flash.get("id") != sale_sudo.id:
            return {}
        return request.session.pop(FLASH_KEY)

    def _render_learners(self, sale_sudo, *, form=None, errors=None, refusal=""):
        status = UNPROCESSABLE if errors else CONFLICT if refusal else 200
        flash = self._take_learners_flash(sale_sudo) if status == 200 else {}
        sale_sudo._make_invitations()
        rows = self._prepare_seat_rows(sale_sudo)
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="marketplace_learners",
            sale=sale_sudo,
            order=sale_sudo.order_id,
            session=sale_sudo.session_id,
            rows=rows,
            closed_reason=sale_sudo._get_sale_closed_reason(),
            to_send=[row for row in rows if row["status"] == "to_invite"],
            form=form or {},
            errors=errors or {},
            refusal=refusal or flash.get("refusal") or "",
            done=flash.get("done") or "",
        )
        return request.render(
            "training_marketplace_payout.marketplace_learners", values, status=status
        )

    def _prepare_seat_rows(self, sale_sudo):
        """Return the seats in order: number, learner, status and what is possible."""
        rows = []
        for number, seat in enumerate(sale_sudo._get_seats(), 1):
            invitation = seat._get_live_invitation()
            closed = sale_sudo._get_closed_reason(seat)
            status = self._get_seat_status(sale_sudo, seat, invitation)
            rows.append(
                {
                    "number": number,
                    "seat": seat,
                    "invitation": invitation,
                    "status": status,
                    "closed": closed,
                    "is_open": not closed and status not in ("joined", "attended"),
                    "moved": seat.event_id != sale_sudo.session_id and seat.event_id,
                }
            )
        return rows

    def _get_seat_status(self, sale_sudo, seat, invitation):
        """Return where a seat stands, as a word of the page."""
        if seat.state == "cancel":
            return "cancelled"
        if invitation.is_attended or seat.state == "done":
            return "attended"
        if invitation.state == "used":
            return "joined"
        if invitation.state == "sent":
            return "invited"
        if seat.learner_to_complete:
            return "to_name"
        return "to_invite"
