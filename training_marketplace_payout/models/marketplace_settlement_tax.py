# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.training_catalogue_payment.models.account_move_mentions import (
    BUSINESS_NOTES,
)

from ..services.commission_vat import Case, find_case

# Which field of the company says the tax, by case.
TAX_FIELDS = {
    Case.DOMESTIC: "marketplace_commission_tax_id",
    Case.OVERSEAS: "marketplace_commission_overseas_tax_id",
    Case.NOT_APPLICABLE: "marketplace_commission_outside_tax_id",
    Case.REVERSE_CHARGE: "marketplace_commission_reverse_tax_id",
    Case.OUTSIDE: "marketplace_commission_outside_tax_id",
    Case.POSITION: "marketplace_commission_tax_id",
}
#: Of which the law wants a mention on the invoice.
MENTIONED = (Case.NOT_APPLICABLE, Case.OUTSIDE, Case.REVERSE_CHARGE)


class MarketplaceSettlement(models.Model):
    """The VAT of a commission, and what the law wants printed (facts 2.2, 2.5)."""

    _inherit = "marketplace.settlement"

    def _get_case(self):
        """Return which rule gives the tax, by the country and number of the seller."""
        seller = self.seller_id
        return find_case(
            self.company_id.account_fiscal_country_id.code or "",
            seller.country_id.code or "",
            seller.vat or "",
        )

    def _get_fiscal_position(self):
        """Return the position of a foreign operator's invoice; a French one's taxes
        need none, and Odoo's would be wrong overseas (facts 4.7)."""
        positions = self.env["account.fiscal.position"]
        if self._get_case() != Case.POSITION:
            return positions
        return positions._get_fiscal_position(self.seller_id)

    def _get_taxes(self, position):
        """Return the taxes of a commission.

        :raise UserError: when the accountant has not chosen them
        """
        case = self._get_case()
        tax = self.company_id._get_marketplace_setting(TAX_FIELDS[case])
        if tax.price_include:
            raise UserError(
                self.env._(
                    "« %(tax)s » is included in prices: commissions are counted before "
                    "tax. Choose another one in the settings of the marketplace.",
                    tax=tax.name,
                )
            )
        return position.map_tax(tax)

    def _prepare_mentions(self, date):
        """Return the sentences in force, kept as they are printed.

        :raise UserError: when the law wants one and none is in force
        """
        company, case = self.company_id, self._get_case()
        mention = case in MENTIONED and company._get_training_mention(case.value, date)
        if case in MENTIONED and not mention:
            labels = dict(self._fields["vat_case"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "No legal mention is in force on %(date)s for « %(case)s ». An "
                    "accounting manager enters it in Accounting > Configuration > "
                    "Mentions of training.",
                    date=format_date(self.env, date),
                    case=labels[case.value],
                )
            )
        notes = {
            code: company._get_training_mention(name, date)
            for name, code in BUSINESS_NOTES.items()
        }
        return {
            "training_mention": mention,
            "training_business_notes": {k: v for k, v in notes.items() if v},
        }


class TrainingTaxMention(models.Model):
    _inherit = "training.tax.mention"

    regime = fields.Selection(
        selection_add=[("not_applicable", "Guyane, Mayotte: VAT not applicable")],
        ondelete={"not_applicable": "cascade"},
    )
