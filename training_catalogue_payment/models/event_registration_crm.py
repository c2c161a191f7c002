# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class EventRegistration(models.Model):
    """The learners seen from the requests and the sales pipeline."""

    _inherit = "event.registration"

    training_request_id = fields.Many2one(
        "training.request",
        string="Training request",
        copy=False,
        index="btree_not_null",
    )

    def action_open_prepaid_validation(self):
        """Open the selected prospects to complete and validate them (A20)."""
        self._check_may_treat_prepaid()
        return self.env["training.validation"]._open_for(self)

    def action_cancel_prepaid(self):
        """Cancel paid enrolments from the session: seats freed, money untouched."""
        self._check_may_treat_prepaid()
        paid_sudo = self.sudo().filtered("prepaid_state")
        # Of what waits, only the whole purchase can be given up.
        paid_sudo.filtered(lambda reg: reg.prepaid_state != "held")._cancel_prepaid()

    def _prepaid_state_changed(self):
        """Hook of the enrolments: the prospect takes the status they have now."""
        super()._prepaid_state_changed()
        leads_sudo = (
            self.env["crm.lead"]
            .sudo()
            .with_context(active_test=False)
            .search([("prepaid_order_id", "in", self.sudo().sale_order_id.ids)])
        )
        leads_sudo._sync_prepaid_status()

    def _enrol(self, send_mails=True):
        """Register learners who owe nothing here, with or without the session's mails.

        :param bool send_mails: the mails of an unnamed learner wait for its name
        """
        for registration in self:
            if not send_mails:
                registration.training_mail_hold = "unwanted"
            elif registration.learner_to_complete:
                registration.training_mail_hold = "waiting"
        self.write({"state": "open"})
