# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Training Marketplace Payout",
    "summary": "Sell the courses of several training organisations",
    "version": "19.0.1.0.0",
    "category": "Sales/Training",
    "author": "Training Marketplace contributors",
    "website": "https://www.odoo.com/app/events",
    "license": "LGPL-3",
    "depends": ["training_catalogue_payment"],
    "data": [
        "views/product_template_views.xml",
        "views/res_partner_views.xml",
    ],
}
