# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class EventMail(models.Model):
    _inherit = "event.mail"

    def _create_missing_mail_registrations(self, registrations):
        """Leave out the learners whose mails are held back (A20)."""
        return super()._create_missing_mail_registrations(
            registrations.filtered(lambda reg: not reg.training_mail_hold)
        )
