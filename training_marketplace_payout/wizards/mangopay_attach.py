# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class MangopayAttach(models.TransientModel):
    """« I found it »: give an operation of unknown outcome the id seen at Mangopay.

    The id is only a hint: the object is asked of Mangopay and compared before it is
    believed.
    """

    _name = "mangopay.attach"
    _description = "Attach what was found at Mangopay"

    operation_id = fields.Many2one("mangopay.operation", required=True, readonly=True)
    kind = fields.Selection(related="operation_id.kind")
    currency_id = fields.Many2one(related="operation_id.currency_id")
    amount = fields.Monetary(related="operation_id.amount")
    idempotency_key = fields.Char(related="operation_id.idempotency_key")
    reference = fields.Char(string="Id at Mangopay", required=True)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if "operation_id" in fields_list:
            values["operation_id"] = self.env.context.get("active_id")
        return values

    def action_attach(self):
        """Compare, then take over what Mangopay has under that id.

        :raise UserError: with what does not match
        """
        self.ensure_one()
        operation = self.operation_id
        operation._check_decider()
        operation.sudo()._attach(self.reference.strip())
        return {"type": "ir.actions.client", "tag": "soft_reload"}
