# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import asdict

from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import Controller, request, route

from ..services.inquiry import ENROLMENT, INFORMATION, check_inquiry
from .buyer_messages import describe_errors

UNPROCESSABLE = 422

#: Left empty by people, who do not see it.
HONEYPOT = "website_address"

_KINDS = {"request": ENROLMENT, "question": INFORMATION}
_SESSION_URL = "/training/session/<int(max=2147483647):session_id>"
_PROGRAMME_URL = "/training/programme/<int(max=2147483647):programme_id>"


class TrainingRequestForm(Controller):
    """« Request an enrolment » and « Ask a question »: no payment (A8, A19)."""

    @route(
        [
            f"{_SESSION_URL}/<any(request,question):asked>",
            f"{_PROGRAMME_URL}/<any(request,question):asked>",
        ],
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def training_request(self, asked, session_id=0, programme_id=0, **_kwargs):
        """Show the form."""
        subject = self._get_subject(session_id, programme_id)
        return self._render_form(_KINDS[asked], subject, self._prefill(subject))

    @route(
        [
            f"{_SESSION_URL}/<any(request,question):asked>",
            f"{_PROGRAMME_URL}/<any(request,question):asked>",
        ],
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["POST"],
    )
    def training_request_submit(self, asked, session_id=0, programme_id=0, **form):
        """Keep the request and say so."""
        kind = _KINDS[asked]
        subject = self._get_subject(session_id, programme_id)
        if form.get(HONEYPOT):
            return request.redirect(f"/training/request/sent?kind={kind}")
        form = self._complete_form(subject, form)
        inquiry, errors = check_inquiry(form, kind)
        messages = describe_errors(request.env, errors)
        if errors:
            return self._render_form(kind, subject, form, messages)
        if redirection := self._check_visitor(subject, form):
            return redirection
        try:
            request.env["ir.http"]._verify_request_recaptcha_token("training_request")
            with request.env.cr.savepoint():
                created_sudo = request.env["training.request"]._create_from_website(
                    {
                        **asdict(inquiry),
                        "session_id": subject["session"].id,
                        "programme_id": subject["programme"].id,
                    }
                )
        except UserError as error:
            return self._render_form(kind, subject, form, refusal=str(error))
        return self._redirect_sent(created_sudo)

    @route(
        "/training/request/sent",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def training_request_sent(self, kind=ENROLMENT, **_kwargs):
        """Say that the request has been received."""
        if not request.website._sells_training():
            raise NotFound()
        return request.render("training_catalogue_payment.request_sent", {"kind": kind})

    def _get_subject(self, session_id, programme_id):
        """Return what is asked about, or 404 when it is not on this catalogue."""
        website = request.website
        session_sudo = website._find_session_sudo(session_id)
        programme = website._find_programme(
            session_sudo.programme_id.id or programme_id
        )
        if not programme or (session_id and not session_sudo):
            raise NotFound()
        return {"session": session_sudo, "programme": programme}

    def _redirect_sent(self, request_sudo):
        """Hook: lead the visitor on, once the request is kept."""
        return request.redirect(f"/training/request/sent?kind={request_sudo.kind}")

    def _complete_form(self, subject, form):
        """Hook: return what was posted, with what is known of the visitor."""
        return form

    def _check_visitor(self, subject, form):
        """Hook: return the redirection to where this visitor must go first, if any."""
        return False

    def _prefill(self, subject):
        """Return the form as it is first shown; hook."""
        user = request.env.user
        if user._is_public():
            return {}
        partner_sudo = user.partner_id.sudo()
        return {
            "contact_name": partner_sudo.name or "",
            "email": partner_sudo.email or "",
            "phone": partner_sudo.phone or "",
            "company_name": partner_sudo.commercial_company_name or "",
        }

    def _prepare_form_values(self, subject):
        """Hook: return what else the page shows."""
        return {}

    def _render_form(self, kind, subject, form, errors=None, refusal=""):
        session_sudo = subject["session"]
        values = {
            **subject,
            **self._prepare_form_values(subject),
            "main_object": subject["programme"],
            "kind": kind,
            "form": form,
            "errors": errors or {},
            "refusal": refusal,
            "recap": session_sudo._get_catalogue_values()[0] if session_sudo else {},
            "honeypot": HONEYPOT,
        }
        return request.render(
            "training_catalogue_payment.request_page",
            values,
            status=UNPROCESSABLE if errors or refusal else 200,
        )
