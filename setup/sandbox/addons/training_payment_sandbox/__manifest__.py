# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Training Payment Sandbox",
    "summary": "Point payments at the local stand-ins; demo and test databases only",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "Training Marketplace contributors",
    "website": "https://www.odoo.com/app/events",
    "license": "LGPL-3",
    "depends": ["training_catalogue_payment"],
    "data": ["views/payment_stripe_templates.xml"],
    "pre_init_hook": "pre_init_hook",
}
