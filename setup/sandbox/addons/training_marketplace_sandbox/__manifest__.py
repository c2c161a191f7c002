# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Training Marketplace Sandbox",
    "summary": "Point Mangopay at the local stand-in; demo and test databases only",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "Training Marketplace contributors",
    "website": "https://www.odoo.com/app/events",
    "license": "LGPL-3",
    "depends": ["training_marketplace_payout", "training_payment_sandbox"],
    "auto_install": True,
}
