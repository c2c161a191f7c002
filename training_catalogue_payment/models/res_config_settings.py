# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# French training law (Code du travail, 6th part) applies overseas too.
FRENCH_COUNTRIES = {"FR", "GF", "GP", "MF", "MQ", "PM", "RE", "YT"}
REGULATION = (
    "french_training_regulation",
    "french_training_regulation_off_reason",
)


class ResConfigSettings(models.TransientModel):
    """« Finance + » and, with it, « My organisation > Options » (A1, A2, A4)."""

    _inherit = "res.config.settings"

    finance_plus = fields.Boolean(related="company_id.finance_plus", readonly=False)
    # Both in one inverse: written one after the other, the first would be refused.
    french_training_regulation = fields.Boolean(
        compute="_compute_french_training_regulation",
        inverse="_inverse_french_training_regulation",
    )
    french_training_regulation_off_reason = fields.Text(
        string="Why this organisation is not subject to it",
        compute="_compute_french_training_regulation_off_reason",
        inverse="_inverse_french_training_regulation",
    )
    french_training_regulation_off_user_id = fields.Many2one(
        related="company_id.french_training_regulation_off_user_id"
    )
    french_training_regulation_off_date = fields.Datetime(
        related="company_id.french_training_regulation_off_date"
    )
    is_training_company_french = fields.Boolean(
        compute="_compute_is_training_company_french"
    )
    training_vat_regime = fields.Selection(
        related="company_id.training_vat_regime", readonly=False
    )
    training_vat_attestation_date = fields.Date(
        related="company_id.training_vat_attestation_date", readonly=False
    )
    training_vat_attestation = fields.Binary(
        related="company_id.training_vat_attestation", readonly=False
    )
    training_vat_attestation_filename = fields.Char(
        related="company_id.training_vat_attestation_filename", readonly=False
    )
    training_exempt_tax_id = fields.Many2one(
        related="company_id.training_exempt_tax_id", readonly=False
    )
    training_taxable_tax_id = fields.Many2one(
        related="company_id.training_taxable_tax_id", readonly=False
    )
    training_numbered_at_payment = fields.Boolean(
        related="company_id.training_numbered_at_payment", readonly=False
    )
    training_complement_days = fields.Integer(
        related="company_id.training_complement_days", readonly=False
    )
    training_seat_hold_minutes = fields.Integer(
        related="company_id.training_seat_hold_minutes", readonly=False
    )
    training_learner_days = fields.Integer(
        related="company_id.training_learner_days", readonly=False
    )
    training_stripe_provider_id = fields.Many2one(
        related="company_id.training_stripe_provider_id"
    )
    training_account_id = fields.Char(
        related="training_stripe_provider_id.training_account_id"
    )
    training_account_name = fields.Char(
        related="training_stripe_provider_id.training_account_name"
    )
    training_account_country = fields.Char(
        related="training_stripe_provider_id.training_account_country"
    )
    training_account_currency = fields.Char(
        related="training_stripe_provider_id.training_account_currency"
    )
    training_account_live = fields.Boolean(
        related="training_stripe_provider_id.training_account_live"
    )
    training_charges_enabled = fields.Boolean(
        related="training_stripe_provider_id.training_charges_enabled"
    )
    training_payouts_enabled = fields.Boolean(
        related="training_stripe_provider_id.training_payouts_enabled"
    )
    training_link_ready = fields.Boolean(
        related="training_stripe_provider_id.training_link_ready"
    )
    training_link_fault = fields.Selection(
        related="training_stripe_provider_id.training_link_fault"
    )
    training_webhook_state = fields.Selection(
        related="training_stripe_provider_id.training_webhook_state"
    )
    training_last_event_at = fields.Datetime(
        related="training_stripe_provider_id.training_last_event_at"
    )
    training_last_error = fields.Char(
        related="training_stripe_provider_id.training_last_error"
    )
    training_last_error_at = fields.Datetime(
        related="training_stripe_provider_id.training_last_error_at"
    )
    training_missed_events = fields.Integer(
        related="training_stripe_provider_id.training_missed_events"
    )
    training_missed_since = fields.Datetime(
        related="training_stripe_provider_id.training_missed_since"
    )
    training_checked_at = fields.Datetime(
        related="training_stripe_provider_id.training_checked_at"
    )

    @api.depends("company_id")
    def _compute_french_training_regulation(self):
        for settings in self:
            company = settings.company_id
            settings.french_training_regulation = company.french_training_regulation

    @api.depends("company_id")
    def _compute_french_training_regulation_off_reason(self):
        name = "french_training_regulation_off_reason"
        for settings in self:
            settings[name] = settings.company_id[name]

    def _inverse_french_training_regulation(self):
        for settings in self:
            values = {
                name: settings[name]
                for name in REGULATION
                if settings[name] != settings.company_id[name]
            }
            # Nothing is written, and no author changed, when nothing changed.
            if values:
                settings.company_id.write(values)

    @api.depends("company_id.country_id")
    def _compute_is_training_company_french(self):
        for settings in self:
            code = settings.company_id.country_id.code
            settings.is_training_company_french = code in FRENCH_COUNTRIES

    def action_training_stripe_link(self):
        """Open the guided step that links the company's Stripe account."""
        self._check_training_settings_rights()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "training_catalogue_payment.training_stripe_link_action"
        )
        return dict(action, context={"default_company_id": self.company_id.id})

    def action_training_stripe_refresh(self):
        """Bring the health card up to date."""
        self._check_training_settings_rights()
        return self._get_linked_provider().action_training_refresh()

    def action_training_stripe_unlink(self):
        """Undo the link of the company's Stripe account."""
        self._check_training_settings_rights()
        return self._get_linked_provider().action_training_unlink()

    def _check_training_settings_rights(self):
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only an administrator may change this."))

    def _get_linked_provider(self):
        self.ensure_one()
        if not self.training_stripe_provider_id:
            raise UserError(self.env._("No Stripe account is linked."))
        return self.training_stripe_provider_id
