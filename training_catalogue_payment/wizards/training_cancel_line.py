# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..utils import refuse_protected


class TrainingCancelLine(models.TransientModel):
    """A learner of the order, to cancel or to keep."""

    _name = "training.cancel.line"
    _description = "Learner to Cancel"

    wizard_id = fields.Many2one("training.cancel", required=True, ondelete="cascade")
    registration_id = fields.Many2one(
        "event.registration", required=True, ondelete="cascade"
    )
    is_cancelled = fields.Boolean(string="Cancel", default=True)
    name = fields.Char(string="Learner", compute="_compute_learner")
    email = fields.Char(compute="_compute_learner")
    prepaid_state = fields.Selection(
        selection=lambda self: self._get_prepaid_states(),
        compute="_compute_learner",
    )
    buyer = fields.Char(compute="_compute_learner")

    @api.model
    def _get_prepaid_states(self):
        field = self.env["event.registration"]._fields["prepaid_state"]
        return field._description_selection(self.env)

    @api.depends("registration_id")
    def _compute_learner(self):
        """Show the learner of the line that is in the database: while the form is
        edited, its lines are copies that hold whatever the caller sent."""
        for line in self:
            learner_sudo = line._origin.registration_id.sudo()
            line.name = learner_sudo.name
            line.email = learner_sudo.email
            line.prepaid_state = learner_sudo.prepaid_state
            line.buyer = learner_sudo.sale_order_id.partner_id.display_name

    def write(self, vals):
        if vals.keys() - {"is_cancelled"}:
            refuse_protected(self, vals, {"wizard_id", "registration_id"})
        return super().write(vals)
