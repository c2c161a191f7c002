# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from odoo.addons.training_catalogue_payment.models.res_company_accounts import (
    ANY_ACCOUNT,
    Account,
)
from odoo.addons.training_catalogue_payment.models.res_company_tax import SALE_TAX
from odoo.addons.training_catalogue_payment.models.res_config_settings_accounts import (
    company_field,
)

from .marketplace_settlement_tax import TAX_FIELDS

# Without which nothing is invoiced.
INVOICE_FIELDS = (
    *TAX_FIELDS.values(),
    "marketplace_commission_journal_id",
    "marketplace_income_account_id",
)


class ResCompany(models.Model):
    """What the operator decides of its commissions, and their taxes (B17).

    The French defaults are all due on payment: setting an invoice off against a payout
    is what makes its VAT due (CGI art. 269, 2 c; facts 2.4).
    """

    _inherit = "res.company"

    marketplace_refund_policy = fields.Selection(
        selection=[
            ("given_back", "Given back to the seller"),
            ("kept", "Kept by the operator"),
        ],
        string="Commission on refunds",
        default="given_back",
        help="Whether a seller gets back the part of the commission that goes with "
        "what is refunded to a buyer. Counted when the month is settled.",
    )
    marketplace_negative_month = fields.Selection(
        selection=[
            ("credit", "Credit note at once"),
            ("carry", "Deducted from the next month"),
        ],
        string="Month below zero",
        default="credit",
        help="When more commission is given back in a month than is due. What waits is "
        "credited the month after at the latest.",
    )
    marketplace_commission_tax_id = fields.Many2one(
        "account.tax", string="Tax of commissions", domain=SALE_TAX
    )
    marketplace_commission_overseas_tax_id = fields.Many2one(
        "account.tax",
        string="Tax of commissions overseas",
        domain=SALE_TAX,
        help="Sellers of Guadeloupe, Martinique and Réunion: 8.5 %.",
    )
    marketplace_commission_reverse_tax_id = fields.Many2one(
        "account.tax",
        string="Tax of commissions in the EU",
        domain=SALE_TAX,
        help="Sellers of other EU countries that have a VAT number there: reverse "
        "charge.",
    )
    marketplace_commission_outside_tax_id = fields.Many2one(
        "account.tax",
        string="Tax of commissions outside the EU",
        domain=SALE_TAX,
        help="Sellers outside the EU, of Guyane and of Mayotte: no VAT.",
    )
    marketplace_accrual_account_id = fields.Many2one(
        "account.account",
        string="Commissions to invoice",
        domain=ANY_ACCOUNT,
        help="Used at closing: 418100 in the French chart.",
    )
    marketplace_accrual_tax_account_id = fields.Many2one(
        "account.account",
        string="VAT on commissions to invoice",
        domain=ANY_ACCOUNT,
        help="Used at closing: 445870 in the French chart.",
    )

    @api.model
    def _get_marketplace_french_accounts(self):
        """Override: those of the closing, which the chart has."""
        _ = self.env._
        return [
            *super()._get_marketplace_french_accounts(),
            Account(
                "marketplace_accrual_account_id",
                "418100",
                "asset_current",
                True,
                _("Customers - invoices to be made out"),
            ),
            Account(
                "marketplace_accrual_tax_account_id",
                "445870",
                "liability_current",
                True,
                _("VAT on invoices to be made out"),
            ),
        ]

    def write(self, vals):
        """Override: once what was missing is chosen, what waited for it is invoiced."""
        result = super().write(vals)
        if any(vals.get(name) for name in INVOICE_FIELDS):
            self.env["marketplace.settlement"].sudo()._retry_blocked(self)
        return result

    def _ensure_marketplace_accounts(self):
        """Override: the taxes of a French chart as well."""
        super()._ensure_marketplace_accounts()
        french = self.filtered(lambda company: company.chart_template == "fr")
        french._ensure_training_taxes()
        for company in french:
            company._ensure_commission_taxes()

    def _ensure_commission_taxes(self):
        self.ensure_one()
        chart = self.env["account.chart.template"].with_company(self)

        def of_chart(name):
            return chart.ref(name, raise_if_not_found=False)

        defaults = {
            "marketplace_commission_tax_id": of_chart("tva_normale_encaissement"),
            "marketplace_commission_overseas_tax_id": self.training_overseas_tax_id,
            "marketplace_commission_reverse_tax_id": of_chart(
                "tva_sale_service_intra_0"
            ),
            "marketplace_commission_outside_tax_id": self.training_export_tax_id,
        }
        for name, tax in defaults.items():
            if tax and not self[name]:
                self[name] = tax


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    marketplace_refund_policy = company_field(
        fields.Selection, "marketplace_refund_policy"
    )
    marketplace_negative_month = company_field(
        fields.Selection, "marketplace_negative_month"
    )
    marketplace_commission_tax_id = company_field(
        fields.Many2one, "marketplace_commission_tax_id"
    )
    marketplace_commission_overseas_tax_id = company_field(
        fields.Many2one, "marketplace_commission_overseas_tax_id"
    )
    marketplace_commission_reverse_tax_id = company_field(
        fields.Many2one, "marketplace_commission_reverse_tax_id"
    )
    marketplace_commission_outside_tax_id = company_field(
        fields.Many2one, "marketplace_commission_outside_tax_id"
    )
    marketplace_accrual_account_id = company_field(
        fields.Many2one, "marketplace_accrual_account_id"
    )
    marketplace_accrual_tax_account_id = company_field(
        fields.Many2one, "marketplace_accrual_tax_account_id"
    )
