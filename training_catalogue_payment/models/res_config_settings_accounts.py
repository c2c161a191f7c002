# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


def company_field(field_class, name):
    """Return the settings' view of a field of the company."""
    return field_class(related=f"company_id.{name}", readonly=False)


class ResConfigSettings(models.TransientModel):
    """The accountant's part of « My organisation > Options » (A30, A26)."""

    _inherit = "res.config.settings"

    training_income_account_id = company_field(
        fields.Many2one, "training_income_account_id"
    )
    training_transit_account_id = company_field(
        fields.Many2one, "training_transit_account_id"
    )
    training_fee_account_id = company_field(fields.Many2one, "training_fee_account_id")
    training_transfer_account_id = company_field(
        fields.Many2one, "training_transfer_account_id"
    )
    training_dispute_account_id = company_field(
        fields.Many2one, "training_dispute_account_id"
    )
    training_dispute_loss_account_id = company_field(
        fields.Many2one, "training_dispute_loss_account_id"
    )
    training_prepaid_account_id = company_field(
        fields.Many2one, "training_prepaid_account_id"
    )
    training_deferred_account_id = company_field(
        fields.Many2one, "training_deferred_account_id"
    )
    training_franchise_tax_id = company_field(
        fields.Many2one, "training_franchise_tax_id"
    )
    training_overseas_tax_id = company_field(
        fields.Many2one, "training_overseas_tax_id"
    )
    training_export_tax_id = company_field(fields.Many2one, "training_export_tax_id")
    training_nda_number = company_field(fields.Char, "training_nda_number")
    is_training_transit_used = fields.Boolean(
        compute="_compute_is_training_transit_used"
    )

    @api.depends("company_id", "training_transit_account_id")
    def _compute_is_training_transit_used(self):
        for settings in self:
            provider = settings.training_stripe_provider_id
            settings.is_training_transit_used = (
                bool(provider) and provider._has_training_transit_account()
            )

    def action_training_use_transit_account(self):
        """Have the linked account's payments go to the transit account from now on."""
        self._check_training_settings_rights()
        self._get_linked_provider()._use_training_transit_account()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
