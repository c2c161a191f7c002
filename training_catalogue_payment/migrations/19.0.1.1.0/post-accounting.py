# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID
from odoo.api import Environment

ENDS = {
    "training_tax_mention_exempt_cgi": "2027-12-31",
    "training_tax_mention_franchise_cgi": "2026-12-31",
}


def migrate(cr, version):
    """Give existing organisations the accounts and taxes that sales now need, end the
    mentions that the law ends, and stop the sale where the attestation's file lacks."""
    env = Environment(cr, SUPERUSER_ID, {})
    companies = env["res.company"].search([])
    companies._ensure_training_taxes()
    companies._ensure_training_accounts()
    env.add_to_compute(companies._fields["training_sale_open"], companies)
    for name, date_to in ENDS.items():
        mention = env.ref(f"training_catalogue_payment.{name}", False)
        if mention and not mention.date_to:
            mention.date_to = date_to
