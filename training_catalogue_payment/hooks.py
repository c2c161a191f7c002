# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.api import Environment


def post_init_hook(env: Environment):
    """Give every company the taxes and accounts of training its chart allows for."""
    companies = env["res.company"].search([])
    companies._ensure_training_taxes()
    companies._ensure_training_accounts()


def uninstall_hook(env: Environment):
    """Take the feature group back from the internal users."""
    group = env.ref(
        "training_catalogue_payment.group_finance_plus", raise_if_not_found=False
    )
    if group:
        env.ref("base.group_user").implied_ids -= group
