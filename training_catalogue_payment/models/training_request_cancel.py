# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class EventRegistration(models.Model):
    _inherit = "event.registration"

    def action_open_training_cancel(self):
        """Open « Cancel and refund » on these learners, of one order or of many."""
        self._check_may_treat_prepaid()
        return self.env["training.cancel"]._open_for(self)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def action_open_training_cancel(self):
        """Open « Cancel and refund » on the learners of this prospect."""
        self.check_access("write")
        return self.env["training.cancel"]._open_for(
            self.sudo()._get_prepaid_registrations()
        )


class TrainingRequest(models.Model):
    _inherit = "training.request"

    def action_open_training_cancel(self):
        """Open « Cancel and refund » on the learners of this paid request."""
        self._check_staff()
        return self.env["training.cancel"]._open_for(
            self.sudo().order_id.training_registration_ids
        )
