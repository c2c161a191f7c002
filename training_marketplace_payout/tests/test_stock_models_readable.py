# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who may read a record of Odoo may read all of its fields, ours as well."""

from odoo.tests import new_test_user, tagged

from .payment_common import MangopayPaymentCommon

OURS = {"training_catalogue_payment", "training_marketplace_payout"}
ROLES = (
    "base.group_user",
    "sales_team.group_sale_salesman",
    "sales_team.group_sale_manager",
    "event.group_event_registration_desk",
    "event.group_event_user",
    "event.group_event_manager",
    "account.group_account_readonly",
    "account.group_account_invoice",
    "account.group_account_manager",
    "base.group_user,website.group_website_designer",
    "base.group_system",
)
MODELS = (
    "account.move",
    "account.move.line",
    "crm.lead",
    "event.event",
    "event.event.ticket",
    "event.registration",
    "payment.provider",
    "payment.transaction",
    "product.product",
    "product.template",
    "res.company",
    "res.partner",
    "res.users",
    "sale.order",
    "sale.order.line",
    "training.request",
)


@tagged("training_install", "post_install", "-at_install")
class TestStockModelsReadable(MangopayPaymentCommon):
    def test_every_role_reads_whole_records(self):
        """A30: no field of ours makes a form, an export or an RPC of Odoo fail."""
        tx = self.start()
        self.settle(self.open_page(tx))
        tx.sale_order_ids._follow_up_purchase()
        self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": tx.partner_id.id,
                "invoice_line_ids": [(0, 0, {"name": "Course", "price_unit": 1.0})],
            }
        )
        read = set()
        for number, role in enumerate(ROLES):
            user = new_test_user(self.env, f"reader{number}", role)
            for name in MODELS:
                model = self.env[name].with_user(user)
                if model.has_access("read"):
                    with self.subTest(role=role, model=name):
                        records = model.search([], limit=3, order="id desc")
                        records.read(self.find_ours(model))
                        read.update((role, name) for _record in records)
        self.assertEqual({role for role, _name in read}, set(ROLES))
        self.assertEqual({name for _role, name in read}, set(MODELS))

    def find_ours(self, model):
        """Return the fields of our addons that a user sees on a model."""
        return [
            name
            for name in model.fields_get(attributes=["type"])
            if OURS.issuperset(model._fields[name]._modules)
        ]
