# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import email_normalize
from odoo.tools.urls import urljoin

from .marketplace_invitation import LIVE, READERS


class MarketplaceSale(models.Model):
    """The seats of a sale: who they are for, and who is invited (B15).

    There are as many as were paid for, and nothing here adds one.
    """

    _inherit = "marketplace.sale"

    invitation_ids = fields.One2many(
        "marketplace.invitation",
        "sale_id",
        string="Invitations",
        readonly=True,
        groups=READERS,
    )
    learners_asked_at = fields.Datetime(
        string="Learners asked for on",
        readonly=True,
        help="When the buyer was asked, once, for the names that are missing.",
    )

    def _is_team_user(self, user):
        """Whether a person acts for the seller of this sale."""
        self.ensure_one()
        partner_sudo = user.sudo().partner_id.commercial_partner_id
        seller_sudo = self.sudo().seller_id
        return partner_sudo == seller_sudo and seller_sudo.is_marketplace_seller

    def _get_seats(self):
        """Return the learners that were paid for, with sudo, in order; those assigned
        to another session since are among them."""
        self.ensure_one()
        orders_sudo = moved_sudo = self.sudo().order_id
        while moved_sudo:
            domain = [("training_origin_order_id", "in", moved_sudo.ids)]
            moved_sudo = moved_sudo.search(domain)
            orders_sudo |= moved_sudo
        return orders_sudo.training_registration_ids.sorted("id")

    def _get_closed_reason(self, seat):
        """Tell why nobody is invited to a seat (now), in words; empty when one may be.

        :param event.registration seat: of this sale
        """
        self.ensure_one()
        session_sudo = seat.sudo().event_id
        reason = self._get_sale_closed_reason()
        if reason:
            return reason
        if seat.state == "cancel" or seat.prepaid_state not in ("pending", "validated"):
            return self.env._("This enrolment is cancelled.")
        if session_sudo.kanban_state == "cancel" or not session_sudo.active:
            return self.env._("This session is cancelled.")
        if session_sudo.date_end <= fields.Datetime.now():
            return self.env._("This session is over.")
        return ""

    def _get_sale_closed_reason(self):
        """Tell why nobody of this sale is invited, in words; empty when one may be."""
        self.ensure_one()
        if self.state == "held":
            return self.env._(
                "This purchase waits for documents of its buyer: learners are invited "
                "once it is confirmed."
            )
        if self.state == "abandoned":
            return self.env._("This purchase was given up and refunded.")
        is_refunded = self.amount_total and (
            self.currency_id.compare_amounts(self.amount_refunded, self.amount_total)
            >= 0
        )
        return self.env._("This purchase is refunded.") if is_refunded else ""

    # Naming

    def _get_taken_emails(self, seat):
        """Return the addresses of the other learners of the session, normalised."""
        others_sudo = seat.sudo().search(
            [
                ("event_id", "=", seat.event_id.id),
                ("state", "!=", "cancel"),
                ("id", "!=", seat.id),
                ("email", "!=", False),
            ]
        )
        return {email_normalize(one.email) for one in others_sudo} - {False}

    def _check_learner_email(self, seat, email):
        """:raise UserError: for a wrong address, or another learner's"""
        normalized = email_normalize(email or "")
        if not normalized:
            raise UserError(
                self.env._("Enter a valid e-mail address, such as name@company.com.")
            )
        if normalized in self._get_taken_emails(seat):
            raise UserError(
                self.env._(
                    "%(email)s is another learner's of this session: each needs their "
                    "own.",
                    email=normalized,
                )
            )

    def _name_learner(self, seat, name, email, author):
        """Say who a seat is for, until somebody has joined.

        A learner who was invited instead is told that the invitation is withdrawn.

        :raise UserError: with the reason why not
        """
        self.ensure_one()
        self._lock_seat(seat)
        reason = self._get_closed_reason(seat)
        if reason:
            raise UserError(reason)
        seat.marketplace_invitation_ids._check_not_used()
        self._check_learner_email(seat, email)
        email = email_normalize(email)
        if (seat.name, email_normalize(seat.email or "")) == (name, email):
            return
        seat.write({"name": name, "email": email})
        self.sudo().order_id.message_post(
            body=self.env._(
                "A learner is named: %(name)s (%(email)s).", name=name, email=email
            ),
            author_id=author.id,
            subtype_xmlid="mail.mt_note",
        )

    def _lock_seat(self, seat):
        """:raise UserError: while somebody else is at the same seat"""
        try:
            seat.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._("Somebody else is at this learner now: try again.")
            ) from error

    # Inviting

    def _invite(self, seat, author):
        """Send, or send again, the invitation of a seat.

        :raise UserError: with the reason why not
        """
        self.ensure_one()
        self._lock_seat(seat)
        reason = self._get_closed_reason(seat)
        if not reason and seat.learner_to_complete:
            reason = self.env._("Enter the learner's name and e-mail first.")
        if reason:
            raise UserError(reason)
        self._make_invitations()
        invitation = seat._get_live_invitation()
        if not invitation:
            raise UserError(
                self.env._("Enter a valid e-mail address, such as name@company.com.")
            )
        invitation._send(author)

    def _invite_all(self, author):
        """Send the invitations that were not sent yet.

        :return: how many left, and the reasons why others did not
        """
        self.ensure_one()
        self._make_invitations()
        count, reasons = 0, []
        for seat in self._get_seats():
            invitation = seat._get_live_invitation()
            if invitation.state != "draft" or self._get_closed_reason(seat):
                continue
            try:
                self._invite(seat, author)
            except UserError as error:
                reasons.append(str(error))
            else:
                count += 1
        return count, reasons

    def _withdraw(self, seat, author):
        """Withdraw the invitation of a seat.

        :raise UserError: for one that was accepted
        """
        self.ensure_one()
        self._lock_seat(seat)
        seat.marketplace_invitation_ids._check_not_used()
        invitation = seat._get_live_invitation()
        if invitation.state != "sent":
            raise UserError(self.env._("Nobody is invited to this seat."))
        invitation._revoke(author)

    # After the payment

    def _make_invitations(self):
        """Make a draft invitation for each learner that has a name, once."""
        for sale_sudo in self.sudo().filtered(lambda sale: sale.state == "confirmed"):
            seats = sale_sudo._get_seats()
            taken = seats.marketplace_invitation_ids.filtered(
                lambda one: one.state in LIVE
            ).registration_id
            self.env["marketplace.invitation"].sudo().create(
                [
                    sale_sudo._prepare_invitation(seat)
                    for seat in seats - taken
                    if not seat.learner_to_complete
                    and email_normalize(seat.email)
                    and not sale_sudo._get_closed_reason(seat)
                ]
            )

    def _prepare_invitation(self, seat):
        return {
            "sale_id": self.id,
            "registration_id": seat.id,
            "session_id": seat.event_id.id,
            "name": seat.name,
            "email": email_normalize(seat.email),
        }

    def _ask_missing_learners(self):
        """Ask the buyer, once, for the learners that have no name yet.

        In the thread of the purchase, which the seller reads too: the link carries no
        key of the buyer's.
        """
        self.ensure_one()
        order = self.order_id
        request = order.training_request_id
        missing = self._get_seats().filtered(
            lambda seat: seat.learner_to_complete and not self._get_closed_reason(seat)
        )
        if self.learners_asked_at or not missing or not request:
            return
        self.learners_asked_at = fields.Datetime.now()
        buyer = request.partner_id
        sale = self.with_context(lang=buyer.lang)
        request.with_context(lang=buyer.lang).message_post(
            body=sale._get_missing_learners_text(request, len(missing)),
            author_id=order.company_id.partner_id.id,
            partner_ids=buyer.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _get_missing_learners_text(self, request, count):
        """Return what the buyer is asked: the form of the purchase's page is closed
        some days before the session, which may be bought later than that."""
        values = {"count": count, "seller": self.seller_id.name}
        if not request._get_editable_learners_sudo():
            return self.env._(
                "Learners whose name or e-mail is missing: %(count)s. The session "
                "starts soon: write them here, so that %(seller)s can invite them.",
                **values,
            )
        url = urljoin(self.order_id.get_base_url(), f"/my/trainings/{request.id}")
        return self.env._(
            "Learners whose name or e-mail is missing: %(count)s. Enter them on the "
            "page of your purchase, so that %(seller)s can invite them: %(link)s",
            link=Markup('<a href="%(url)s">%(url)s</a>') % {"url": url},
            **values,
        )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_marketplace_origin_sale(self):
        """Return the sale that paid for this order: its own, or that of the order it
        was split from when learners were assigned to another session."""
        self.ensure_one()
        order_sudo = self.sudo()
        while (
            not order_sudo.marketplace_sale_id and order_sudo.training_origin_order_id
        ):
            order_sudo = order_sudo.training_origin_order_id
        return order_sudo.marketplace_sale_id

    def _get_sale_steps(self, sale):
        """Override: once it is sold, the learners are prepared."""
        steps = super()._get_sale_steps(sale)
        return [*steps, sale._make_invitations, sale._ask_missing_learners]
