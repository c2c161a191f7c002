# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class TrainingBalanceManual(models.TransientModel):
    """Name the entry by which an accountant booked a movement by hand (A30)."""

    _name = "training.balance.manual"
    _description = "Stripe movement booked by hand"

    movement_id = fields.Many2one(
        "training.balance.transaction",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    company_id = fields.Many2one(related="movement_id.company_id")
    move_id = fields.Many2one(
        "account.move",
        string="Entry",
        domain="[('state', '=', 'posted'), ('company_id', '=', company_id)]",
        help="Empty when nothing of it belongs in these books.",
    )

    def action_confirm(self):
        """Take the movement off the exceptions; the entry named is its own.

        :raise AccessError: for who does not keep the books
        """
        self.ensure_one()
        self.movement_id._check_accountant()
        self.movement_id.check_access("read")
        self.movement_id.sudo()._set_manual(self.move_id)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
