# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class TrainingRequestRefusal(models.TransientModel):
    """Asks why a request is refused; the author reads it in the mail."""

    _name = "training.request.refusal"
    _description = "Refuse a Training Request"

    request_id = fields.Many2one("training.request", required=True, readonly=True)
    reason = fields.Text(required=True)

    def action_refuse(self):
        """Refuse the request and tell its author why."""
        self.ensure_one()
        self.request_id._check_staff()
        self.request_id._refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
