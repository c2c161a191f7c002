# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

# Context of the documents that correct those of a purchase, made while somebody waits.
CORRECTION = {"training_correction": True}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Describe no field where none is asked for, in a correction.

        `account` asks at each write of a line for the tracked fields that it changes.
        There is none as a rule, and base takes an empty list for all fields: a tenth
        of the time of a document.
        """
        if allfields == [] and self.env.context.get("training_correction"):
            return {}
        return super().fields_get(allfields, attributes)


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _increase_rank(self, field, n=1):
        """A purchase that is corrected is no other purchase: who is a customer already
        does not become more of one. Odoo counts after the commit, by a write of the
        whole partner, while the user waits."""
        if self.env.context.get("training_correction"):
            self = self.filtered(lambda partner: not partner.sudo()[field])
        return super()._increase_rank(field, n)
