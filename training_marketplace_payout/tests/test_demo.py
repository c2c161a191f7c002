# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The demonstration data load, and read as their people would."""

from odoo.modules.module import Manifest
from odoo.tests import TransactionCase, tagged
from odoo.tools import convert_file

MODULES = ("training_catalogue_payment", "training_marketplace_payout")


@tagged("training_install", "post_install", "-at_install")
class TestDemo(TransactionCase):
    @classmethod
    def setUpClass(cls):
        """Load the demonstration as Odoo does: before the addon's translations."""
        super().setUpClass()
        view = cls.env.ref("training_marketplace_payout.mandate_text")
        cls.env.cr.execute(
            "UPDATE ir_ui_view SET arch_db = arch_db - 'fr_FR' WHERE id = %s", view.ids
        )
        cls.env.invalidate_all()
        cls.env.registry.clear_cache("templates")
        for module in MODULES:
            if not cls.env["ir.model.data"].search_count(
                [
                    ("module", "=", module),
                    ("name", "in", ("programme_excel", "contract_langues")),
                ]
            ):
                for name in Manifest.for_addon(module)["demo"]:
                    convert_file(cls.env, module, name, {}, "init", noupdate=True)

    def test_mandates_are_in_french(self):
        """B1: sellers accepted the mandate in their language, which its proof keeps."""
        names = ("contract_langues", "contract_numerique", "contract_gestes")
        for name in names:
            contract = self.env.ref(f"{MODULES[-1]}.{name}")
            self.assertIn("Mandat de facturation", contract.mandate_id.text)
            self.assertEqual(contract.mandate_id.version, 1)
