# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
import uuid

from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import Controller, request, route

from odoo.addons.website_sale.models.website import CART_SESSION_CACHE_KEY

from ..services.buyer import BuyerRules, check_buyer, shown_learner_count
from ..services.form import parse_amount
from ..services.identifiers import SIRET_COUNTRIES
from ..services.sellability import COMPANY, INDIVIDUAL
from .buyer_messages import describe_errors
from .purchase_prefill import prefill_from_cart, prefill_from_user

CONFLICT = 409
UNPROCESSABLE = 422

#: Countries whose sales bear the VAT of mainland France.
FRENCH_VAT_COUNTRIES = frozenset({"FR", "MC"})


class TrainingPurchase(Controller):
    """« Buy the training »: one page, from a session to the payment page (A11)."""

    @route(
        "/training/session/<int(max=2147483647):session_id>/buy",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def training_buy(self, session_id, **_kwargs):
        """Show the purchase page of a session."""
        session_sudo = self._get_session_sudo(session_id)
        if redirection := self._check_visitor(session_sudo):
            return redirection
        return self._render_page(session_sudo, self._prefill(session_sudo))

    @route(
        "/training/session/<int(max=2147483647):session_id>/buy",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["POST"],
    )
    def training_buy_submit(self, session_id, **form):
        """Check what was posted, put the session in the cart, go and pay.

        Anything wrong: the same page, every value kept, and nothing changed.
        """
        session_sudo = self._get_session_sudo(session_id)
        if redirection := self._check_visitor(session_sudo, form):
            return redirection
        if self._get_stop_messages(session_sudo):
            return self._render_page(session_sudo, form, status=CONFLICT)
        buyer, errors = check_buyer(form, self._get_rules(session_sudo))
        if errors:
            return self._render_page(
                session_sudo,
                form,
                errors=describe_errors(request.env, errors),
                needs_request=any(error.code == "foreign_tax" for error in errors),
                status=UNPROCESSABLE,
            )
        if self._get_other_lines(session_sudo) and not form.get("empty_cart"):
            return self._render_page(
                session_sudo, form, cart_conflict=True, status=CONFLICT
            )
        if self._has_price_changed(session_sudo, buyer, form.get("shown_total")):
            return self._render_page(
                session_sudo, form, price_changed=True, status=CONFLICT
            )
        return self._purchase(session_sudo, buyer, form)

    # Access

    def _get_session_sudo(self, session_id):
        """Return the session, or 404 where it is not on this website's catalogue."""
        session_sudo = request.website._find_session_sudo(session_id)
        if not session_sudo:
            raise NotFound()
        return session_sudo

    def _prefill(self, session_sudo):
        """Return the form as it is first shown; hook."""
        return prefill_from_cart(session_sudo) or prefill_from_user(request.env.user)

    def _check_visitor(self, session_sudo, form=None):
        """Send to the login page where this website sells to known people only.

        :param dict form: what was posted, for who comes back to it; hook
        """
        if not request.env.user._is_public():
            return None
        if (
            request.website.account_on_checkout != "mandatory"
            and request.website.has_ecommerce_access()
        ):
            return None
        return request.redirect(
            f"/web/login?redirect=/training/session/{session_sudo.id}/buy"
        )

    # What may be bought

    def _get_held_seats(self, session_sudo):
        cart_sudo = request.cart
        return cart_sudo._get_held_seats(session_sudo) if cart_sudo else 0

    def _get_stop_messages(self, session_sudo):
        """Return why nobody can buy this session now."""
        reasons = session_sudo._get_sale_reasons(
            held=self._get_held_seats(session_sudo)
        )
        return session_sudo._get_public_reason_messages(reasons)

    def _get_learner_limit(self, session_sudo):
        seats_left = (
            session_sudo.training_seats_left if session_sudo.has_seat_limit else None
        )
        return session_sudo._get_learner_limit(
            seats_left, self._get_held_seats(session_sudo)
        )

    def _get_rules(self, session_sudo):
        kinds = {COMPANY}
        if not session_sudo._is_company_only():
            kinds.add(INDIVIDUAL)
        prices = session_sudo._get_training_prices()
        countries = self._get_countries()
        return BuyerRules(
            kinds=frozenset(kinds),
            max_learners=self._get_learner_limit(session_sudo),
            countries=frozenset(countries.mapped("code")),
            tax_countries=self._get_tax_countries() if prices["tax"] else frozenset(),
        )

    def _get_countries(self):
        return request.env["res.country"].sudo().search([("code", "!=", False)])

    def _get_default_country(self):
        return request.website.sudo().company_id.country_id.code

    def _get_tax_countries(self):
        """Return the countries where the organisation's own VAT is the right one."""
        country = request.website.sudo().company_id.account_fiscal_country_id.code
        if country in FRENCH_VAT_COUNTRIES:
            return FRENCH_VAT_COUNTRIES
        return frozenset({country})

    def _get_other_lines(self, session_sudo):
        """Return what the cart holds that cannot be bought with a session; hook."""
        cart_sudo = request.cart
        if not cart_sudo:
            return request.env["sale.order.line"]
        return cart_sudo.order_line.filtered(lambda line: not line._is_training_line())

    def _has_price_changed(self, session_sudo, buyer, shown_total):
        """Whether the total that the buyer saw is not the one to pay (R6)."""
        shown = parse_amount(shown_total)
        total = session_sudo._get_training_prices(learners=len(buyer.learners))["total"]
        return shown is None or bool(
            session_sudo.currency_id.compare_amounts(shown, total)
        )

    # The purchase

    def _purchase(self, session_sudo, buyer, form):
        token = self._get_claim(session_sudo, form)
        made_sudo = request.env["sale.order"]._find_by_form_token(
            request.website, token
        )
        if made_sudo and made_sudo._is_beyond_cart():
            return self._render_page(
                session_sudo,
                {**form, "form_token": ""},
                refusal=request.env._(
                    "You have already bought this: order %(order)s. Send the page "
                    "again only to buy once more.",
                    order=made_sudo.name,
                ),
                status=CONFLICT,
            )
        if made_sudo and not request.cart:
            # The same page was sent twice at once: both go on with one cart.
            request.session[CART_SESSION_CACHE_KEY] = made_sudo.id
            request.cart = made_sudo
        elif made_sudo and made_sudo != request.cart:
            made_sudo.training_form_token = False
        had_cart = bool(request.cart)
        try:
            with request.env.cr.savepoint():
                cart_sudo = self._fill_cart(session_sudo, buyer, form)
        except UserError as error:
            if not had_cart:
                request.website.sale_reset()
            return self._render_page(
                session_sudo, form, refusal=str(error), status=CONFLICT
            )
        request.session["sale_last_order_id"] = cart_sudo.id
        request.session["website_sale_cart_quantity"] = cart_sudo.cart_quantity
        return request.redirect("/shop/payment")

    def _get_form_token(self, form):
        """Return the token of the page that was sent; a page without one gets one."""
        token = form.get("form_token") or ""
        return token if re.fullmatch(r"[0-9a-f]{32}", token) else uuid.uuid4().hex

    def _get_claim(self, session_sudo, form):
        """Return what ties a cart to one page of one session, and to no other's."""
        return f"{session_sudo.id}-{self._get_form_token(form)}"

    def _fill_cart(self, session_sudo, buyer, form):
        cart_sudo = request.cart or request.website._create_cart()
        cart_sudo._claim_form_token(self._get_claim(session_sudo, form))
        if form.get("empty_cart"):
            others_sudo = self._get_other_lines(session_sudo)
            others_sudo.filtered(lambda line: not line._is_training_line()).unlink()
        contact_sudo = request.env["res.partner"]._create_training_buyer(
            buyer, cart_sudo
        )
        cart_sudo._set_training_purchase(
            session_sudo,
            buyer.kind,
            contact_sudo,
            [
                {"name": learner.name, "email": learner.email}
                if not learner.to_complete
                else {}
                for learner in buyer.learners
            ],
            shown_total=parse_amount(form.get("shown_total")),
            client_order_ref=buyer.order_reference or False,
            is_self_employed=buyer.is_self_employed,
        )
        billing_sudo = contact_sudo._get_training_billing_sudo(buyer)
        if cart_sudo.partner_invoice_id != billing_sudo:
            cart_sudo.partner_invoice_id = billing_sudo
        return cart_sudo

    # The page

    def _render_page(self, session_sudo, form, *, status=200, **feedback):
        values = {
            **self._prepare_page_values(session_sudo, form),
            "errors": {},
            **feedback,
        }
        response = request.render(
            "training_catalogue_payment.purchase_page", values, status=status
        )
        response.headers["Cache-Control"] = "no-store"
        return response

    def _prepare_page_values(self, session_sudo, form):
        stop_messages = self._get_stop_messages(session_sudo)
        values = {
            "session": session_sudo,
            "programme": session_sudo.programme_id,
            "main_object": session_sudo.programme_id.with_env(request.env),
            "form": form,
            "stop_messages": stop_messages,
        }
        if stop_messages:
            return values
        rules = self._get_rules(session_sudo)
        count = shown_learner_count(form, rules)
        totals = session_sudo._get_catalogue_totals(rules.max_learners)
        country_code = form.get("country_code") or self._get_default_country()
        return {
            **values,
            "form_token": self._get_form_token(form),
            "country_code": country_code,
            "siret_countries": SIRET_COUNTRIES,
            "is_siret_country": country_code in SIRET_COUNTRIES,
            "recap": session_sudo._get_catalogue_values()[0],
            "rules": rules,
            "countries": self._get_countries(),
            "other_lines": self._get_other_lines(session_sudo),
            "learner_numbers": range(1, count + 1),
            "totals": totals,
            "shown": totals[count - 1],
        }
