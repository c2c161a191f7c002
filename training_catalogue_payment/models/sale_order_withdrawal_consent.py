# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..services import withdrawal as rules
from ..services.withdrawal import Consent


class SaleOrder(models.Model):
    """What a private buyer is asked to tick before paying (A28, L221-25, L221-28)."""

    _inherit = "sale.order"

    def _get_training_consents(self):
        """Add the boxes that the law asks of a private buyer of this session."""
        return super()._get_training_consents() + self._get_withdrawal_boxes()

    def _get_withdrawal_boxes(self):
        """Return the boxes, as `_get_training_consents` says; each is compulsory: a
        session keeps its date, and e-learning is opened at once.

        :rtype: list[dict]
        """
        self.ensure_one()
        facts = self._get_withdrawal_facts()
        needed = rules.consents_needed(facts, fields.Datetime.now())
        labels = {
            Consent.EARLY_START: self.env._(
                "I ask that the training begin before the end of the withdrawal "
                "period, and I acknowledge that I lose my right of withdrawal once it "
                "has been given in full; if I withdraw before, I pay for the hours "
                "given."
            ),
            Consent.IMMEDIATE_ACCESS: self.env._(
                "I ask for immediate access to this online content, before the end of "
                "the withdrawal period, and I acknowledge that I lose my right of "
                "withdrawal as soon as the access is given."
            ),
        }
        return [
            {"name": consent.value, "label": labels[consent], "required": True}
            for consent in needed
        ]
