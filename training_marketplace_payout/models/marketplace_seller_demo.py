# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models


class MarketplaceSeller(models.Model):
    """What the demonstration needs and records cannot say."""

    _inherit = "marketplace.seller"

    @api.model
    def _load_demo_decisions(self, decisions):
        """Take decisions on the contracts of the demonstration, once; those who sell
        have sold for more than a year.

        :param dict decisions: id → those to take, ``accept`` being the seller's mandate
        """
        _ = self.with_context(lang="fr_FR").env._
        reasons = {
            "refuse": _("The declaration of activity could not be verified."),
            "suspend": _("The attestation is being renewed."),
        }
        self._translate_the_demo()
        long_ago = fields.Datetime.now() - timedelta(days=400)
        for contract in self.browse(decisions):
            if contract.state != "applied":
                continue
            for decision in decisions[contract.id]:
                if decision == "accept":
                    team = contract.partner_id._get_marketplace_team()
                    user = team[:1] or self.env.user
                    lang = contract.partner_id.lang
                    text = contract.with_context(lang=lang)._render_mandate()
                    contract.mandate_id = contract._write_mandate(
                        text, user, "", "", long_ago
                    )
                else:
                    contract._decide(decision, reasons.get(decision, False))
                if decision == "approve":
                    contract.write(
                        {
                            "applied_at": long_ago - timedelta(days=6),
                            "approved_at": long_ago - timedelta(days=2),
                        }
                    )

    def _translate_the_demo(self):
        """Load the addon's terms now: Odoo does it after the demonstration, and what is
        accepted before would stay in English."""
        langs = {code for code, _name in self.env["res.lang"].get_installed()}
        module = self.env["ir.module.module"]
        module._load_module_terms([self._original_module], langs - {"en_US"})
        self.env.registry.clear_cache("templates")
