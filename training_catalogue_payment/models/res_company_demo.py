# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ResCompany(models.Model):
    """What the demonstration needs and records cannot say."""

    _inherit = "res.company"

    def _load_demo_chart(self):
        """Give the demo organisation the French chart of accounts where that can be:
        French accounting installed, and no entry that another chart has numbered.

        Modules are still being loaded when demo data are: `try_loading` then warns of
        modules to come. French accounting is one of those already loaded.
        """
        if "l10n_fr_account" in self.env.registry._init_modules:
            for company in self.filtered(lambda c: c.chart_template != "fr"):
                if not company._existing_accounting():
                    self.env["account.chart.template"]._load("fr", company, False)
        self._ensure_training_taxes()
        self._ensure_training_accounts()
