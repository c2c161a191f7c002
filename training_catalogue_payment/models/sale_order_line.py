# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from ..services import vat
from ..services.rules import find_regime


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _is_training_line(self):
        """Whether this line sells seats of a training session."""
        self.ensure_one()
        return bool(self.event_id.programme_id)

    @api.depends("event_id.programme_id")
    def _compute_tax_ids(self):
        """The tax of training follows the organisation's regime and the session's
        BPF flag, never the product's default (A26)."""
        training = self.filtered(
            lambda line: (
                line._is_training_line()
                and line.event_id._get_training_rules().vat_regime
            )
        )
        for line in training:
            line.tax_ids = line._get_training_taxes(line.event_id)
        super(SaleOrderLine, self - training)._compute_tax_ids()

    def _get_training_taxes(self, session):
        """Return the taxes of a session for this order's buyer (A26): of the one that
        the line sells, or of another that its learners may be assigned to.

        Odoo's own positions would export to Guadeloupe, Martinique and Réunion, and
        to consumers abroad who follow a course held here (facts 2.4).
        """
        self.ensure_one()
        order, company = self.order_id, self.company_id
        taxes = session._get_training_taxes()
        rules = session._get_training_rules()
        is_taxed = find_regime(rules, not session.is_out_of_bpf) == "taxable"
        place = vat.find_place(
            rules.country,
            order.partner_invoice_id.country_id.code,
            order.training_buyer_kind != "individual",
        )
        if place == vat.Place.DOMESTIC:
            return (is_taxed and company.training_taxable_tax_id) or taxes
        if place == vat.Place.OVERSEAS:
            return (is_taxed and company.training_overseas_tax_id) or taxes
        mapped = order.fiscal_position_id.map_tax(taxes)
        if mapped.filtered(
            lambda tax: not tax.amount and tax.tax_exigibility == "on_invoice"
        ):
            return company.training_export_tax_id or mapped
        return mapped

    @api.depends("event_id.programme_id")
    def _compute_pricelist_item_id(self):
        """The session's price always wins (A7): no pricelist rule applies."""
        training = self.filtered(lambda line: line._is_training_line())
        training.pricelist_item_id = False
        super(SaleOrderLine, self - training)._compute_pricelist_item_id()

    @api.depends("event_id.programme_id.name")
    def _compute_name_short(self):
        """The cart names the programme, in the visitor's language."""
        super()._compute_name_short()
        for line in self.filtered(lambda line: line._is_training_line()):
            line.name_short = line.event_id.programme_id.name

    def _is_shown_with_tax(self):
        """Whether the buyer is an individual, who reads prices tax included (A8)."""
        return (
            self._is_training_line()
            and self.order_id.training_buyer_kind == "individual"
        )

    def _get_displayed_unit_price(self):
        if not self._is_shown_with_tax():
            return super()._get_displayed_unit_price()
        return self.tax_ids.compute_all(
            self.price_unit, self.currency_id, 1, self.product_id, self.order_partner_id
        )["total_included"]

    def _get_cart_display_price(self):
        if self._is_shown_with_tax():
            return self.price_total
        return super()._get_cart_display_price()

    def _get_display_price(self):
        if self._is_training_line():
            event = self.event_id
            return self._convert_to_sol_currency(
                event.training_price, event.currency_id
            )
        return super()._get_display_price()

    def _prepare_invoice_line(self, **optional_values):
        values = super()._prepare_invoice_line(**optional_values)
        if self._is_training_line():
            values["name"] = self._get_training_invoice_text()
            product = self.product_id.with_company(self.company_id)
            account = self.company_id.training_income_account_id
            if account and not product.property_account_income_id:
                # The chart's default is for goods (707 in France): training is 706.
                values["account_id"] = account.id
        return values

    def _get_training_invoice_text(self):
        """Name programme, dates and learners: what a buyer is reimbursed on (A14)."""
        self.ensure_one()
        self = self.with_context(lang=self.order_id.partner_id.lang)
        event = self.event_id
        learners = [name for name in self.registration_ids.mapped("name") if name]
        lines = [event.programme_id.name, event.name, event._get_catalogue_dates()]
        if learners:
            lines.append(
                self.env._("Learners: %(names)s", names=", ".join(sorted(learners)))
            )
        return "\n".join(dict.fromkeys(filter(None, lines)))
