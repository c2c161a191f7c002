# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class IrModuleModule(models.Model):
    """A language that is loaded later reaches the accounts that were made before."""

    _inherit = "ir.module.module"

    @api.model
    def _get_training_addons(self):
        """Hook: return the names of the addons whose jobs and accounts are ours."""
        return ["training_catalogue_payment"]

    def _load_module_terms(self, modules, langs, overwrite=False):
        """Override: name our accounts in these languages, as the chart does its own."""
        result = super()._load_module_terms(modules, langs, overwrite=overwrite)
        if set(self._get_training_addons()) & set(modules):
            french = [("chart_template", "=", "fr")]
            companies = self.env["res.company"].sudo().search(french)
            companies._translate_own_accounts(langs)
        return result
