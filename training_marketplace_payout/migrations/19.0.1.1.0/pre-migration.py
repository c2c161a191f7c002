# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The sending of sellers' invoices takes the names of the shared queue."""

from odoo.tools.sql import column_exists, rename_column

RENAMED = {
    "job_state": "send_state",
    "file_attempts": "send_attempts",
    "file_error": "send_error",
}


def migrate(cr, version):
    """Keep the columns, whose index is made anew under its new name."""
    cr.execute("DROP INDEX IF EXISTS marketplace_invoice_job_index")
    for before, after in RENAMED.items():
        if column_exists(cr, "marketplace_invoice", before):
            rename_column(cr, "marketplace_invoice", before, after)
