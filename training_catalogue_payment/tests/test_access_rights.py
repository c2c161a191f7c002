# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who may read, write, create and delete each model of ours, role by role."""

from odoo.tests import TransactionCase, new_test_user, tagged

MODULE = "training_catalogue_payment"
ROLES = {
    "event": "event.group_event_user",
    "sales": "sales_team.group_sale_salesman",
    "invoice": "account.group_account_invoice",
    "adviser": "account.group_account_manager",
    "system": "base.group_system",
    "portal": "base.group_portal",
    "public": "base.group_public",
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
# What each role may do; a role that is not named may do nothing.
RIGHTS = {
    "training.acceptance": {
        "event": "r",
        "sales": "r",
        "invoice": "r",
        "adviser": "r",
        "system": "r",
    },
    "training.balance.feed": {"adviser": "r"},
    "training.balance.manual": {"adviser": "rwcd"},
    "training.balance.transaction": {"adviser": "r"},
    "training.cancel": {"event": "rw", "sales": "rw", "invoice": "rw", "adviser": "rw"},
    "training.cancel.line": {
        "event": "rw",
        "sales": "rw",
        "invoice": "rw",
        "adviser": "rw",
    },
    "training.cancellation": {
        "event": "r",
        "sales": "r",
        "invoice": "r",
        "adviser": "r",
    },
    "training.closing": {"adviser": "rwcd"},
    "training.closing.line": {"adviser": "r"},
    "training.credit": {"invoice": "rw", "adviser": "rw"},
    "training.dispute": {"adviser": "r"},
    "training.move": {"event": "r", "sales": "r", "invoice": "r", "adviser": "r"},
    "training.move.wizard": {"event": "rw", "sales": "rw"},
    "training.move.wizard.line": {"event": "rw", "sales": "rw"},
    "training.payment.event": {"adviser": "r", "system": "r"},
    "training.payment.operation": {"invoice": "r", "adviser": "r", "system": "r"},
    "training.prepayment.report": {"invoice": "r", "adviser": "r"},
    "training.request": {
        "event": "rwc",
        "sales": "rwc",
        "invoice": "r",
        "adviser": "r",
        "system": "rw",
        "portal": "r",
    },
    "training.request.refusal": {"event": "rwcd", "sales": "rwcd"},
    "training.seat.counter": {"event": "r"},
    "training.seat.hold": {"event": "r"},
    "training.session.payment": {"invoice": "rw", "adviser": "rw"},
    "training.session.payment.refund": {"invoice": "r", "adviser": "r"},
    "training.stripe.link": {"system": "rwcd"},
    "training.tax.mention": {"invoice": "r", "adviser": "rwcd"},
    "training.terms": {
        "event": "r",
        "sales": "r",
        "invoice": "r",
        "adviser": "r",
        "system": "rwc",
    },
    "training.transit": {"adviser": "rwcd"},
    "training.transit.line": {"adviser": "r"},
    "training.validation": {"event": "rwcd", "sales": "rwcd"},
    "training.validation.line": {"event": "rwcd", "sales": "rwcd"},
    "training.withdrawal": {"event": "r", "sales": "r", "invoice": "r", "adviser": "r"},
}


@tagged("training_install", "standard", "post_install", "-at_install")
class TestAccessRights(TransactionCase):
    def test_each_role_and_model(self):
        """A1, A19, A24: every model of ours says who may do what, and no more."""
        ours = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == MODULE and not model._abstract
        }
        self.assertEqual(set(RIGHTS), ours)
        for role, group in ROLES.items():
            user = new_test_user(self.env, login=f"right_{role}", groups=group)
            for model, rights in RIGHTS.items():
                with self.subTest(role=role, model=model):
                    records = self.env[model].with_user(user)
                    may = "".join(
                        letter
                        for letter, operation in OPERATIONS.items()
                        if records.has_access(operation)
                    )
                    self.assertEqual(may, rights.get(role, ""))
