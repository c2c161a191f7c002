# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Mangopay announced is recovered from a date of its own."""


def migrate(cr, version):
    """Go on from the last look at the account, which was that date until now."""
    cr.execute("UPDATE mangopay_account SET recovered_until = checked_at")
