# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..services import vat
from ..services.rules import TrainingRules, find_regime

# The VAT cases that the law has a sentence for.
COMPULSORY = ("exempt", "franchise")
SALE_TAX = "[('type_tax_use', '=', 'sale'), ('company_id', '=', id)]"


class ResCompany(models.Model):
    """Regime, taxes and mentions of training (A26). Nothing has a default."""

    _inherit = "res.company"

    training_vat_regime = fields.Selection(
        selection=[
            ("exempt", "Exempt (attestation, CGI art. 261-4-4° a)"),
            ("franchise", "Franchise (CGI art. 293 B)"),
            ("taxable", "Taxable"),
        ],
        string="VAT regime of training",
    )
    training_vat_attestation_date = fields.Date(string="Attestation date")
    training_vat_attestation = fields.Binary(
        string="Attestation (form 3511-SD)", attachment=True
    )
    training_vat_attestation_filename = fields.Char(string="Attestation file name")
    training_has_attestation = fields.Boolean(
        string="Attestation file entered",
        compute="_compute_training_has_attestation",
        store=True,
    )
    training_nda_number = fields.Char(
        string="Declaration of activity number",
        help="Number given by the prefect of region; printed on invoices.",
    )
    training_exempt_tax_id = fields.Many2one(
        "account.tax", string="Tax of exempt training", domain=SALE_TAX
    )
    training_franchise_tax_id = fields.Many2one(
        "account.tax", string="Tax under the franchise", domain=SALE_TAX
    )
    training_taxable_tax_id = fields.Many2one(
        "account.tax", string="Tax of taxable training", domain=SALE_TAX
    )
    training_overseas_tax_id = fields.Many2one(
        "account.tax",
        string="Tax of taxable training overseas",
        domain=SALE_TAX,
        help="Sales to businesses of Guadeloupe, Martinique and Réunion: 8.5 %.",
    )

    training_export_tax_id = fields.Many2one(
        "account.tax",
        string="Tax of training outside the EU",
        domain=SALE_TAX,
        help="The chart's own is due on invoice: it would print the option for debits.",
    )
    training_indemnity_tax_id = fields.Many2one(
        "account.tax",
        string="Tax of cancellation indemnities",
        domain=SALE_TAX,
        help="Outside the scope of VAT: no rate, and in no box of the return.",
    )

    @api.depends("training_vat_attestation")
    def _compute_training_has_attestation(self):
        for company in self:
            company.training_has_attestation = bool(company.training_vat_attestation)

    def _get_training_rules(self):
        """Return the rules under which this organisation sells training."""
        self.ensure_one()
        return TrainingRules(
            vat_regime=self.training_vat_regime or None,
            has_attestation=bool(
                self.training_vat_attestation_date and self.training_has_attestation
            ),
            is_regulated=self.french_training_regulation,
            country=self.account_fiscal_country_id.code or "",
        )

    def _has_training_taxes(self, regime):
        """Tell whether the taxes that a VAT regime needs are known."""
        self.ensure_one()
        if regime == "franchise":
            return bool(self.training_franchise_tax_id)
        if regime == "taxable":
            return bool(self.training_taxable_tax_id)
        return bool(self.training_exempt_tax_id and self.training_taxable_tax_id)

    def _get_training_mention(self, regime, date):
        """Return the legal sentence of a VAT regime on a date, in the current language.

        Companies outside France get none: their own tax carries its note.
        """
        self.ensure_one()
        country = self.account_fiscal_country_id
        return self.env["training.tax.mention"]._get_text(regime, country, date)

    def _check_training_mention(self, regime, date):
        """:raise UserError: when the law wants a mention and none is in force"""
        is_french = self.account_fiscal_country_id.code == "FR"
        if not is_french or regime not in COMPULSORY:
            return
        if not self._get_training_mention(regime, date):
            mentions = self.env["training.tax.mention"]
            labels = dict(mentions._fields["regime"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "No legal mention is in force on %(date)s for « %(regime)s ». An "
                    "accounting manager enters it in Accounting > Configuration > "
                    "Mentions of training.",
                    date=format_date(self.env, date),
                    regime=labels[regime],
                )
            )

    def _get_training_tax(self, is_bpf, rules=None):
        """Return the tax of a sale: exempt only for BPF training of an exempt
        organisation, none due under the franchise, else taxable (facts 2.1).

        :param TrainingRules rules: of who sells, this organisation's by default
        """
        self.ensure_one()
        rules = rules or self._get_training_rules()
        regime = self._get_training_tax_regime(is_bpf, rules)
        if regime == "taxable":
            is_overseas = vat.find_home(rules.country) == vat.Place.OVERSEAS
            tax = is_overseas and self.training_overseas_tax_id
            return tax or self.training_taxable_tax_id
        if regime == "franchise":
            return self.training_franchise_tax_id
        return self.training_exempt_tax_id

    def _get_training_tax_regime(self, is_bpf, rules=None):
        """Return ``exempt``, ``franchise`` or ``taxable`` for one sale.

        :param TrainingRules rules: of who sells, this organisation's by default
        :raise UserError: when no regime has been chosen
        """
        self.ensure_one()
        regime = find_regime(rules or self._get_training_rules(), is_bpf)
        if not regime:
            raise UserError(
                self.env._(
                    "Choose the VAT regime of %(company)s in the settings first.",
                    company=self.name,
                )
            )
        return regime

    def _ensure_training_taxes(self):
        """Choose or create the taxes of training where the chart has none yet.

        Those without VAT are copies of the French « 0 % EXEMPT S » with the codes that
        e-invoices need (facts 2.3): category E and the article. They stay due on
        payment, else the PDF prints the option for debits (facts 2.4).
        """
        for company in self.filtered(lambda c: c.chart_template == "fr"):
            chart = self.env["account.chart.template"].with_company(company)
            if not company.training_taxable_tax_id:
                company.training_taxable_tax_id = chart.ref(
                    "tva_normale_encaissement", raise_if_not_found=False
                )
            localised = company.with_context(lang=company.partner_id.lang)
            localised._copy_taxes_without_vat(chart)
            localised._copy_taxes_of_elsewhere(chart)
            localised._copy_indemnity_tax()

    def _copy_taxes_without_vat(self, chart):
        source = chart.ref("tva_sale_service_0", raise_if_not_found=False)
        self._copy_training_tax(
            "training_exempt_tax_id",
            source,
            name=self.env._("0% Exempt training"),
            ubl_cii_tax_category_code="E",
            ubl_cii_tax_exemption_reason_code="VATEX-FR-CGI261-4",
        )
        self._copy_training_tax(
            "training_franchise_tax_id",
            source,
            name=self.env._("0% VAT franchise"),
            ubl_cii_tax_category_code="E",
            ubl_cii_tax_exemption_reason_code="VATEX-FR-FRANCHISE",
        )

    def _copy_taxes_of_elsewhere(self, chart):
        transition = self.training_taxable_tax_id.cash_basis_transition_account_id
        self._copy_training_tax(
            "training_overseas_tax_id",
            chart.ref("tva_specifique", raise_if_not_found=False),
            name=self.env._("8.5% S overseas"),
            tax_scope="service",
            tax_exigibility="on_payment",
            cash_basis_transition_account_id=transition.id,
        )
        self._copy_training_tax(
            "training_export_tax_id",
            chart.ref("tva_sale_service_export_0", raise_if_not_found=False),
            name=self.env._("0% Training outside the EU"),
            tax_exigibility="on_payment",
        )

    def _copy_indemnity_tax(self):
        if self.training_indemnity_tax_id:
            return
        chart = self.env["account.chart.template"].with_company(self)
        self._copy_training_tax(
            "training_indemnity_tax_id",
            chart.ref("tva_sale_service_0", raise_if_not_found=False),
            name=self.env._("0% Indemnity outside VAT"),
            description=False,
            invoice_label=self.env._("Outside VAT"),
            ubl_cii_tax_category_code="O",
            ubl_cii_tax_exemption_reason_code="VATEX-EU-O",
        )
        # What was no sale is not declared among those without VAT.
        self.training_indemnity_tax_id.repartition_line_ids.tag_ids = False

    def _get_training_indemnity_tax(self):
        """Hook: return the tax of an indemnity, which says why there is none.

        E-invoices need one on each line. Databases set up before it existed get it
        with their first indemnity; a chart that is not French has none.
        """
        self.ensure_one()
        company_sudo = self.sudo()
        if not company_sudo.training_indemnity_tax_id:
            lang = company_sudo.partner_id.lang
            company_sudo.with_context(lang=lang)._copy_indemnity_tax()
        return company_sudo.training_indemnity_tax_id.sudo(self.env.su)

    def _copy_training_tax(self, field_name, source, **values):
        """Fill a tax field with a copy of a tax of the chart, unless it is chosen."""
        self.ensure_one()
        if source and not self[field_name]:
            self[field_name] = source.copy(values)

    def _get_training_activity_note(self, date):
        """Return the sentence on the declaration of activity (C. trav. L6352-12)."""
        self.ensure_one()
        text = self._get_training_mention("activity", date)
        number = self.training_nda_number
        return text.replace("{number}", number) if text and number else False
