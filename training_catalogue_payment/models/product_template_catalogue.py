# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from babel.numbers import format_decimal

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.misc import babel_locale_parse, get_lang

#: What the programme page reads of a session: read by the search itself (bars P1).
SHOWN_FIELDS = (
    "name",
    "date_begin",
    "date_end",
    "date_tz",
    "address_id",
    "event_url",
    "company_id",
    "programme_id",
    "session_price",
    "is_out_of_bpf",
)


class ProductTemplate(models.Model):
    """What a visitor of the e-shop sees of a programme."""

    _inherit = "product.template"

    def _website_show_quick_add(self):
        self.ensure_one()
        if self.is_training_programme:
            return False
        return super()._website_show_quick_add()

    def _get_sales_prices(self, website):
        """Show on the e-shop's listing the lowest price of the sessions on sale, as
        their own page says it; stock would show the programme's, with its taxes."""
        prices = super()._get_sales_prices(website)
        programmes = self.filtered("is_training_programme")
        offers = programmes._get_catalogue_offers(website) if programmes else {}
        for programme in programmes:
            prices[programme.id].pop("base_price", None)
            prices[programme.id].update(offers.get(programme.id, {"price_reduce": 0}))
        return prices

    def _get_catalogue_offers(self, website):
        """Return the lowest price of each programme that has sessions on sale.

        One query, whatever the number of programmes and sessions (bars P1).

        :return: ``price_reduce`` and ``is_before_tax`` by programme id
        :rtype: dict[int, dict]
        """
        company = website.sudo().company_id
        groups = (
            self.env["event.event"]
            .sudo()
            ._read_group(
                self._get_catalogue_domain(website),
                ["programme_id", "is_out_of_bpf"],
                ["session_price:array_agg"],
            )
        )
        offers = {}
        for programme, is_out_of_bpf, own_prices in groups:
            price = min(own or programme.list_price for own in own_prices)
            rules = programme._get_training_rules(company)
            is_before_tax = rules.is_regulated and not is_out_of_bpf
            taxes = company._get_training_tax(not is_out_of_bpf, rules)
            shown = self._get_shown_price(price, taxes, company, is_before_tax)
            if shown < offers.get(programme.id, {}).get("price_reduce", float("inf")):
                offers[programme.id] = {
                    "price_reduce": shown,
                    "is_before_tax": is_before_tax,
                }
        return offers

    @api.model
    def _get_shown_price(self, price, taxes, company, is_before_tax):
        if is_before_tax and not any(tax.price_include for tax in taxes):
            return price  # spares the tax engine on a page of twenty programmes
        amounts = taxes.compute_all(price, company.currency_id)
        return amounts["total_excluded" if is_before_tax else "total_included"]

    def _to_markup_data(self, website):
        """Leave the price to the sessions: the programme's own is not for sale."""
        data = super()._to_markup_data(website)
        if self.is_training_programme:
            data.pop("offers", None)
        return data

    def _get_catalogue_domain(self, website):
        """Return the sessions of these programmes that this website sells now."""
        company = website.sudo().company_id
        return Domain.AND(
            [
                Domain("programme_id", "in", self.ids),
                Domain("is_sellable_online", "=", True),
                Domain("company_id", "in", (False, company.id)),
                Domain("website_id", "in", (False, website.id)),
            ]
        )

    def _get_catalogue_sessions_sudo(self, website):
        """Return the sessions that this website sells now, the next one first.

        With sudo: whether a session is on sale is said by its own definition (A7),
        not by its publication among the events.
        """
        return (
            self.env["event.event"]
            .sudo()
            .search_fetch(
                self._get_catalogue_domain(website),
                SHOWN_FIELDS,
                order="date_begin, id",
            )
        )

    def _get_catalogue_values(self, website):
        """Return what the programme page shows besides stock's, as plain values.

        The number of queries does not depend on the number of sessions (bars P1).

        :return: falsy when this is no programme of this website's catalogue
        :rtype: dict
        """
        self.ensure_one()
        if not (self.is_training_programme and website._sells_training()):
            return {}
        on_sale = self.sell_online_payment and self.is_published
        sessions_sudo = (
            self._get_catalogue_sessions_sudo(website)
            if on_sale
            else self.env["event.event"]
        )
        return {
            "on_sale": on_sale,
            "sessions": sessions_sudo._get_catalogue_values(),
            "texts": self._get_catalogue_texts(),
            "duration": self._get_catalogue_duration(),
            "request_url": f"/training/programme/{self.id}/request",
            "question_url": f"/training/programme/{self.id}/question",
        }

    def _get_catalogue_duration(self):
        """Return the hours of training as the visitor's language writes them."""
        hours = self.training_duration_hours
        locale = babel_locale_parse(get_lang(self.env).code)
        return format_decimal(hours, locale=locale) if hours else ""

    def _get_catalogue_texts(self):
        """Return the pedagogical texts that were filled in: (title, content)."""
        texts = (
            (self.env._("Objectives"), self.training_objective),
            (self.env._("Content"), self.training_content),
            (self.env._("Teaching means"), self.training_means),
            (self.env._("Follow-up and assessment"), self.training_follow_up),
            (self.env._("Outcome"), self.training_sanction),
        )
        return [(title, text) for title, text in texts if text]
