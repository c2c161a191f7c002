# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID
from odoo.api import Environment


def migrate(cr, version):
    """Say anew which withdrawals from sellers' courses are refunded: those whose
    refund had not been made were as well."""
    env = Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
    withdrawals = env["training.withdrawal"].search(
        [("order_id.marketplace_seller_id", "!=", False)]
    )
    env.add_to_compute(withdrawals._fields["state"], withdrawals)
    env.flush_all()
