# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..services.payout import local_day


class ResCompany(models.Model):
    """Days and months of the marketplace are those of where the operator is."""

    _inherit = "res.company"

    def _get_marketplace_zone(self):
        """Return the name of the time zone in which days and months are counted."""
        return self._get_training_zone()

    def _get_marketplace_day(self, moment):
        """Return the day of a moment (UTC) where the organisation is."""
        return local_day(moment, self._get_marketplace_zone())

    def _get_marketplace_today(self):
        """Return the day that it is where the organisation is."""
        return self._get_marketplace_day(fields.Datetime.now())
