# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import asdict

from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.training_catalogue_payment.controllers.buyer_messages import (
    describe_errors,
)
from odoo.addons.training_catalogue_payment.controllers.training_request import (
    HONEYPOT,
    UNPROCESSABLE,
)
from odoo.addons.training_catalogue_payment.services.inquiry import (
    INFORMATION,
    check_inquiry,
)

from .channel_forms import ChannelRequestForm

_SELLER = "/marketplace/seller/<string:slug>/question"
_PAGE = {"type": "http", "auth": "public", "website": True, "sitemap": False}


class ChannelQuestion(ChannelRequestForm):
    """A question to the operator from the channel, or to a seller from its page (B5).

    The subject is a seller, or the channel itself.
    """

    def _get_form_seller(self, subject):
        if "seller" in subject:
            return subject["seller"]
        return super()._get_form_seller(subject)

    def _is_for_account(self, subject):
        return "seller" in subject or super()._is_for_account(subject)

    @route(["/marketplace/question", _SELLER], methods=["GET"], **_PAGE)
    def channel_question(self, slug=None, **_kwargs):
        """Show the form."""
        subject = self._get_question_subject(slug)
        return self._render_question(subject, self._prefill(subject))

    @route(["/marketplace/question", _SELLER], methods=["POST"], **_PAGE)
    def channel_question_submit(self, slug=None, **form):
        """Keep the question and lead to its conversation."""
        subject = self._get_question_subject(slug)
        if form.get(HONEYPOT):
            return request.redirect("/marketplace")
        form = self._complete_form(subject, form)
        inquiry, errors = check_inquiry(form, INFORMATION)
        if errors:
            messages = describe_errors(request.env, errors)
            return self._render_question(subject, form, errors=messages)
        if redirection := self._check_visitor(subject, form):
            return redirection
        try:
            request.env["ir.http"]._verify_request_recaptcha_token("training_request")
            with request.env.cr.savepoint():
                created_sudo = request.env["training.request"]._create_from_website(
                    {
                        **asdict(inquiry),
                        "marketplace_seller_id": subject["seller"].id,
                        "is_channel": not subject["seller"],
                    }
                )
        except UserError as error:
            return self._render_question(subject, form, refusal=str(error))
        return self._redirect_sent(created_sudo)

    def _get_question_subject(self, slug):
        """Return who is asked: an open seller, or nobody in particular."""
        website = request.website
        if not website._has_channel():
            raise NotFound()
        seller_sudo = request.env["res.partner"].sudo()
        if slug:
            seller_sudo = website._find_channel_seller_sudo(slug)
            if not seller_sudo:
                raise NotFound()
        return {"seller": seller_sudo}

    def _render_question(self, subject, form, errors=None, refusal=""):
        values = {
            **self._prepare_form_values(subject),
            "seller": subject["seller"],
            "kind": INFORMATION,
            "is_enrolment": False,
            "form": form,
            "errors": errors or {},
            "refusal": refusal,
            "honeypot": HONEYPOT,
        }
        return request.render(
            "training_marketplace_payout.channel_question_page",
            values,
            status=UNPROCESSABLE if errors or refusal else 200,
        )
