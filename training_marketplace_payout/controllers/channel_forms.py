# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.http import request

from odoo.addons.training_catalogue_payment.controllers.purchase import (
    TrainingPurchase,
)
from odoo.addons.training_catalogue_payment.controllers.training_request import (
    TrainingRequestForm,
)

from .channel_draft import sign_in_first, take_draft


class ChannelRequestForm(TrainingRequestForm):
    """Asking a seller something: the visitor has an account (B4)."""

    def _get_form_seller(self, subject):
        programme = subject["programme"]
        return programme.sudo().marketplace_seller_id if programme else programme

    def _is_for_account(self, subject):
        """Whether only somebody with an account may send this form."""
        return bool(self._get_form_seller(subject))

    def _check_visitor(self, subject, form):
        if self._is_for_account(subject) and request.env.user._is_public():
            return sign_in_first(form)
        return super()._check_visitor(subject, form)

    def _complete_form(self, subject, form):
        """The address of the account is the one that is answered."""
        form = super()._complete_form(subject, form)
        user = request.env.user
        if self._is_for_account(subject) and not user._is_public() and user.email:
            return {**form, "email": user.email}
        return form

    def _prefill(self, subject):
        form = super()._prefill(subject)
        return {**form, **take_draft()} if self._is_for_account(subject) else form

    def _prepare_form_values(self, subject):
        values = super()._prepare_form_values(subject)
        if not self._is_for_account(subject):
            return values
        user = request.env.user
        seller = self._get_form_seller(subject)
        return {
            **values,
            "channel_seller": seller,
            "channel_seller_url": request.website._get_channel_seller_url(seller),
            "known_email": "" if user._is_public() else user.email,
            "needs_account": user._is_public(),
        }

    def _redirect_sent(self, request_sudo):
        """Lead to the conversation: that is where the answer will stand."""
        if request_sudo._is_marketplace():
            return request.redirect(f"{request_sudo.access_url}?sent=1")
        return super()._redirect_sent(request_sudo)


class ChannelPurchase(TrainingPurchase):
    """Buying a seller's course: the visitor has an account (B4)."""

    def _check_visitor(self, session_sudo, form=None):
        seller_sudo = session_sudo.programme_id.marketplace_seller_id
        if seller_sudo and request.env.user._is_public():
            return sign_in_first(form)
        return super()._check_visitor(session_sudo, form)

    def _get_stop_messages(self, session_sudo):
        """Nobody buys their own course; the page says so before anything is typed."""
        seller_sudo = session_sudo.programme_id.marketplace_seller_id
        if seller_sudo._is_same_company(request.env.user.partner_id.sudo()):
            return [session_sudo._get_own_course_message()]
        return super()._get_stop_messages(session_sudo)

    def _get_other_lines(self, session_sudo):
        """Another seller's course is in the way as well, whichever of the two was
        chosen first: an order is of one seller (B8)."""
        others_sudo = super()._get_other_lines(session_sudo)
        cart_sudo = request.cart
        if not cart_sudo or not cart_sudo.training_session_id:
            return others_sudo
        seller_sudo = session_sudo.programme_id.marketplace_seller_id
        if cart_sudo.marketplace_seller_id == seller_sudo:
            return others_sudo
        lines_sudo = cart_sudo.order_line
        return others_sudo | lines_sudo.filtered(lambda line: line._is_training_line())

    def _prefill(self, session_sudo):
        return take_draft() or super()._prefill(session_sudo)
