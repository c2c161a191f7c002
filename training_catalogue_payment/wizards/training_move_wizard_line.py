# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..utils import refuse_protected


class TrainingMoveWizardLine(models.TransientModel):
    """A learner who can be chosen."""

    _name = "training.move.wizard.line"
    _description = "Learner to Assign"

    wizard_id = fields.Many2one(
        "training.move.wizard", required=True, ondelete="cascade"
    )
    registration_id = fields.Many2one(
        "event.registration", required=True, readonly=True, ondelete="cascade"
    )
    is_moved = fields.Boolean(string="Move")
    name = fields.Char(compute="_compute_learner")
    email = fields.Char(compute="_compute_learner")
    company_name = fields.Char(compute="_compute_learner")
    prepaid_state = fields.Selection(
        selection=lambda self: self._get_prepaid_states(),
        compute="_compute_learner",
    )

    @api.model
    def _get_prepaid_states(self):
        field = self.env["event.registration"]._fields["prepaid_state"]
        return field._description_selection(self.env)

    @api.depends("registration_id")
    def _compute_learner(self):
        for line in self:
            learner_sudo = line._get_learners_sudo()
            line.name = learner_sudo.name
            line.email = learner_sudo.email
            line.company_name = learner_sudo.company_name
            line.prepaid_state = learner_sudo.prepaid_state

    def _get_learners_sudo(self):
        """Return the learners of these lines as they are in the database.

        While the form is edited, its lines are copies that hold whatever the caller
        sent; the rules let everybody read only the lines of their own wizards.
        """
        return self._origin.registration_id.sudo()

    def write(self, vals):
        refuse_protected(self, vals, {"wizard_id", "registration_id"})
        return super().write(vals)
