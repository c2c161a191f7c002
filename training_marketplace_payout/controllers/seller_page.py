# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.http import request

from ..models.mangopay_sentences import describe_refusal
from ..services.mangopay_kyc import ACCEPTED, HOSTED_FORMS, NEEDED
from .seller_messages import describe_documents, describe_done, describe_steps

PAGE = "/my/mangopay"
#: The same steps, but the bank account, for a buyer whom Mangopay verifies (B10).
BUYER_PAGE = "/my/identity"
CONFLICT = 409
UNPROCESSABLE = 422
#: Field of the first form → field of the contact.
FIELDS = {
    "legal_form": "marketplace_legal_form",
    "company_number": "company_registry",
    "street": "street",
    "street2": "street2",
    "zip": "zip",
    "city": "city",
    "email": "email",
    "firstname": "marketplace_rep_firstname",
    "lastname": "marketplace_rep_lastname",
    "rep_email": "marketplace_rep_email",
    "birthdate": "marketplace_rep_birthdate",
}


def both(path=""):
    """Return the addresses of what sellers and buyers do alike."""
    return [f"{page}{path}" for page in (PAGE, BUYER_PAGE)]


class SellerPage:
    """How the page of a seller, or of a buyer whom Mangopay verifies, is made."""

    def _is_buyer_page(self):
        return request.httprequest.path.startswith(BUYER_PAGE)

    def _get_page(self):
        return BUYER_PAGE if self._is_buyer_page() else PAGE

    def _render_seller(
        self,
        partner_sudo,
        seller_sudo,
        account_sudo=None,
        *,
        form=None,
        errors=None,
        refusal="",
        seller=None,
        done=None,
    ):
        """Answer with the page: 422 for a wrong field, 409 for a refusal."""
        seller_sudo.invalidate_recordset()
        seller = None if self._is_buyer_page() else seller
        values = self._prepare_portal_layout_values()
        values.update(
            {
                "page_name": "mangopay_seller",
                "partner": partner_sudo,
                "record": seller_sudo,
                "account": account_sudo,
                "is_manager": bool(seller),
                "seller_param": seller,
                "steps": self._prepare_steps(partner_sudo, seller_sudo),
                "form": form if form is not None else self._prefill(partner_sudo),
                "errors": errors or {},
                "refusal": refusal,
                "done": describe_done(request.env, done),
                "countries": self._get_countries(),
                "explain": lambda one: describe_refusal(request.env, one),
                **self._prepare_documents(partner_sudo, seller_sudo),
                **self._prepare_accounts(seller_sudo),
                **self._prepare_audience(partner_sudo),
            }
        )
        status = UNPROCESSABLE if errors else CONFLICT if refusal else 200
        return request.render(
            "training_marketplace_payout.seller_page", values, status=status
        )

    def _prepare_audience(self, partner_sudo):
        """Return to whom the page speaks, and of which purchases."""
        is_buyer = self._is_buyer_page()
        return {
            "page": self._get_page(),
            "is_buyer": is_buyer,
            "is_person": is_buyer and not partner_sudo.is_company,
            "legal_forms": self._get_legal_forms(partner_sudo),
            "purchases": self._get_held_purchases(partner_sudo),
        }

    def _prepare_steps(self, partner_sudo, seller_sudo):
        """Return the steps in order: name, number, title, why and state."""
        states = dict(seller_sudo.steps or {})
        sentences = describe_steps(request.env, is_buyer=self._is_buyer_page())
        if not seller_sudo:
            later = ("authentication", "documents", "bank")
            states = {"identity": "todo", **dict.fromkeys(later, "locked")}
        if self._is_buyer_page():
            states.pop("bank", None)
        return [
            {
                "name": name,
                "number": number,
                "title": sentences[name][0],
                "why": sentences[name][1],
                "state": state,
            }
            for number, (name, state) in enumerate(states.items(), 1)
        ]

    def _prepare_documents(self, partner_sudo, seller_sudo):
        form = partner_sudo.marketplace_legal_form
        last = seller_sudo._get_document_states() if seller_sudo else {}
        is_person = not partner_sudo.is_company
        sentences = describe_documents(request.env, is_person=is_person)
        return {
            "documents": [
                {
                    "type": kind,
                    "name": sentences[kind][0],
                    "what": sentences[kind][1],
                    "why": sentences[kind][2],
                    "is_needed": kind in NEEDED[form],
                    "record": last.get(kind),
                }
                for kind in ACCEPTED.get(form, ())
            ],
            "is_hosted": form in HOSTED_FORMS,
            "verification": seller_sudo.verification_ids.sorted("id")[-1:],
            "declaration": seller_sudo._get_declaration() if seller_sudo else None,
            "owners": seller_sudo.ubo_ids,
        }

    def _prepare_accounts(self, seller_sudo):
        """Return the account that is paid, and the one that waits, if any."""
        recipients = seller_sudo.recipient_ids.sorted("id")
        active = seller_sudo.active_recipient_id
        waiting = recipients[-1:].filtered(
            lambda one: one.state not in ("active", "deactivated")
        )
        return {"active_account": active, "waiting_account": waiting}

    def _prefill(self, partner_sudo):
        form = {name: partner_sudo[field] or "" for name, field in FIELDS.items()}
        representative = partner_sudo._get_mangopay_representative(request.env.user)
        for name, value in representative.items():
            form[name] = form[name] or value
        form["country"] = partner_sudo.country_id.code or "FR"
        form["nationality"] = partner_sudo.marketplace_rep_nationality_id.code or ""
        form["residence"] = partner_sudo.marketplace_rep_country_id.code or ""
        return form

    def _get_legal_forms(self, partner_sudo):
        field = request.env["res.partner"]._fields["marketplace_legal_form"]
        forms = field._description_selection(request.env)
        if not self._is_buyer_page():
            return forms
        allowed = partner_sudo._get_buyer_forms()
        return [(form, label) for form, label in forms if form in allowed]

    def _get_held_purchases(self, partner_sudo):
        """Return the purchases of a buyer that wait; a seller's page shows none."""
        if not self._is_buyer_page():
            return request.env["marketplace.sale"].sudo()
        return partner_sudo._get_held_purchases(request.website.company_id)

    def _get_countries(self):
        return request.env["res.country"].sudo().search([])

    def _redirect_seller(self, done=None, seller=None, step=None):
        arguments = {"done": done, "seller": seller}
        arguments = {name: value for name, value in arguments.items() if value}
        page = self._get_page()
        address = f"{page}#step-{step}" if step and not arguments else page
        return request.redirect_query(address, arguments)
