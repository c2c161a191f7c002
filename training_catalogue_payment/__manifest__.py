# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Training Catalogue Payment",
    "summary": "Sell training sessions from the e-shop with direct card payment",
    "version": "19.0.1.0.0",
    "category": "Sales/Training",
    "author": "Training Marketplace contributors",
    "website": "https://www.odoo.com/app/events",
    "license": "LGPL-3",
    "depends": [
        "account_edi_ubl_cii",
        "account_payment",
        "event_crm_sale",
        "payment_stripe",
        "sale_crm",
        "website_event_sale",
    ],
    "external_dependencies": {"python": ["stripe>=16"]},
    "data": [
        "security/training_catalogue_payment_groups.xml",
        "security/ir.model.access.csv",
        "security/training_catalogue_payment_rules.xml",
        "data/training_tax_mention_data.xml",
        "data/ir_cron_data.xml",
    ],
    "demo": [],
    "assets": {},
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
