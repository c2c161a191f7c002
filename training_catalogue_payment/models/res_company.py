# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..services import sellability


class ResCompany(models.Model):
    _inherit = "res.company"

    finance_plus = fields.Boolean(string="Finance +")
    french_training_regulation = fields.Boolean(
        default=True,
        help="Training sold here is subject to French training law.",
    )
    french_training_regulation_off_reason = fields.Text()
    french_training_regulation_off_user_id = fields.Many2one(
        "res.users", string="Unticked by", readonly=True
    )
    french_training_regulation_off_date = fields.Datetime(
        string="Unticked on", readonly=True
    )
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
    training_exempt_tax_id = fields.Many2one(
        "account.tax",
        string="Tax of exempt training",
        domain="[('type_tax_use', '=', 'sale'), ('company_id', '=', id)]",
    )
    training_taxable_tax_id = fields.Many2one(
        "account.tax",
        string="Tax of taxable training",
        domain="[('type_tax_use', '=', 'sale'), ('company_id', '=', id)]",
    )
    training_numbered_at_payment = fields.Boolean(
        string="Number taxable invoices at payment",
        default=True,
        help="VAT is due on cashing: a taxable sale is numbered and sent at once.",
    )
    training_seat_hold_minutes = fields.Integer(
        string="Seat hold (minutes)",
        default=20,
        help="How long a seat is kept for a buyer who has started to pay.",
    )
    training_stripe_provider_id = fields.Many2one(
        "payment.provider", string="Linked Stripe account", copy=False
    )
    training_sale_open = fields.Boolean(
        string="May sell training online",
        compute="_compute_training_sale_open",
        store=True,
        compute_sudo=True,
    )

    _training_seat_hold_minutes_positive = models.Constraint(
        "CHECK(training_seat_hold_minutes > 0)",
        "A seat is held for at least one minute.",
    )

    @api.depends(
        "finance_plus",
        "training_stripe_provider_id.training_link_ready",
        "training_vat_regime",
        "training_vat_attestation_date",
        "training_exempt_tax_id",
        "training_taxable_tax_id",
    )
    def _compute_training_sale_open(self):
        for company in self:
            company.training_sale_open = not company._get_training_sale_reasons()

    @api.constrains("french_training_regulation")
    def _check_french_training_regulation(self):
        for company in self:
            if (
                not company.french_training_regulation
                and not company.french_training_regulation_off_reason
            ):
                raise ValidationError(
                    self.env._(
                        "Say why %(company)s is not subject to French training law.",
                        company=company.name,
                    )
                )

    def write(self, vals):
        if vals.get("french_training_regulation") is False:
            vals = dict(
                vals,
                french_training_regulation_off_user_id=self.env.uid,
                french_training_regulation_off_date=fields.Datetime.now(),
            )
        if vals.get("hard_lock_date"):
            self._postpone_prepaid_drafts(fields.Date.to_date(vals["hard_lock_date"]))
        result = super().write(vals)
        if "finance_plus" in vals:
            self._sync_finance_plus_group()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        if any(companies.mapped("finance_plus")):
            self._sync_finance_plus_group()
        return companies

    def _sync_finance_plus_group(self):
        """Show the menus to internal users as soon as one company uses Finance +."""
        group_sudo = self.env.ref(
            "training_catalogue_payment.group_finance_plus"
        ).sudo()
        user_group_sudo = self.env.ref("base.group_user").sudo()
        is_used = bool(
            self.env["res.company"]
            .sudo()
            .search_count([("finance_plus", "=", True)], 1)
        )
        if is_used and group_sudo not in user_group_sudo.implied_ids:
            user_group_sudo.implied_ids += group_sudo
        elif not is_used and group_sudo in user_group_sudo.implied_ids:
            user_group_sudo.implied_ids -= group_sudo

    def _postpone_prepaid_drafts(self, lock_date):
        """Carry prepaid draft invoices over an irreversible closing.

        Odoo refuses to close a period that holds drafts, « post or delete them »; a
        prepaid draft rightly waits for the validation of its learners.
        """
        drafts = self.env["account.move"].search(
            [
                ("company_id", "child_of", self.ids),
                ("state", "=", "draft"),
                ("training_session_id", "!=", False),
                ("date", "<=", lock_date),
            ]
        )
        drafts._postpone_training_draft(fields.Date.add(lock_date, days=1))

    def _get_training_facts(self):
        """Return the organisation's part of the definition of sellable."""
        self.ensure_one()
        return sellability.CompanyFacts(
            finance_plus=self.finance_plus,
            provider_ready=self._is_training_provider_ready(),
            vat_regime=self.training_vat_regime or None,
            has_attestation=bool(self.training_vat_attestation_date),
            has_taxes=bool(
                self.training_exempt_tax_id and self.training_taxable_tax_id
            ),
        )

    def _is_training_provider_ready(self):
        """Hook: is the way to be paid ready to take money (A3)?"""
        self.ensure_one()
        return bool(self.sudo().training_stripe_provider_id.training_link_ready)

    def _get_training_sale_reasons(self):
        """Return what stops this organisation from selling, as a list of reasons."""
        return sellability.company_reasons(self._get_training_facts())

    def _get_training_mention(self, regime, date):
        """Return the legal sentence of a VAT regime on a date, in the current language.

        Companies outside France get none: their own tax carries its note.
        """
        self.ensure_one()
        country = self.account_fiscal_country_id
        return self.env["training.tax.mention"]._get_text(regime, country, date)

    def _ensure_training_taxes(self):
        """Choose or create the two taxes of training where the chart has none yet.

        The exempt tax is a copy of the French « 0 % EXEMPT S » with the codes that
        e-invoices need: category E and VATEX-FR-CGI261-4. It stays due on payment,
        else the PDF prints the option for debits (facts 2.3 and 2.4).
        """
        for company in self.filtered(lambda c: c.chart_template == "fr"):
            chart = self.env["account.chart.template"].with_company(company)
            if not company.training_taxable_tax_id:
                company.training_taxable_tax_id = chart.ref(
                    "tva_normale_encaissement", raise_if_not_found=False
                )
            source = chart.ref("tva_sale_service_0", raise_if_not_found=False)
            if not company.training_exempt_tax_id and source:
                localised = company.with_context(lang=company.partner_id.lang)
                company.training_exempt_tax_id = source.copy(
                    {
                        "name": localised.env._("0% Exempt training"),
                        "ubl_cii_tax_category_code": "E",
                        "ubl_cii_tax_exemption_reason_code": "VATEX-FR-CGI261-4",
                    }
                )

    def _needs_regulation_banner(self):
        """Whether French law most likely applies here although it was unticked (A4)."""
        self.ensure_one()
        return self.finance_plus and (
            not self.french_training_regulation and self.country_code == "FR"
        )

    def _get_training_tax(self, is_bpf):
        """Return the tax of a sale: exempt only for BPF training of an exempt
        organisation, none due under the franchise, else taxable (facts 2.1)."""
        self.ensure_one()
        if self._get_training_tax_regime(is_bpf) == "taxable":
            return self.training_taxable_tax_id
        return self.training_exempt_tax_id

    def _get_training_tax_regime(self, is_bpf):
        """Return ``exempt``, ``franchise`` or ``taxable`` for one sale.

        :raise UserError: when the organisation has not chosen its regime
        """
        self.ensure_one()
        if not self.training_vat_regime:
            raise UserError(
                self.env._(
                    "Choose the VAT regime of %(company)s in the settings first.",
                    company=self.name,
                )
            )
        if self.training_vat_regime == "exempt" and not is_bpf:
            return "taxable"
        return self.training_vat_regime
