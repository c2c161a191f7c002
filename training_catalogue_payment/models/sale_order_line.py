# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


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
                line._is_training_line() and line.company_id.training_vat_regime
            )
        )
        for line in training:
            taxes = line.event_id._get_training_taxes()
            line.tax_ids = line.order_id.fiscal_position_id.map_tax(taxes)
        super(SaleOrderLine, self - training)._compute_tax_ids()

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
