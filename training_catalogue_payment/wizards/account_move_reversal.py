# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    def reverse_moves(self, is_modify=False):
        """Override of `account`: who may reverse a document of a purchase has the
        credit note tied to it, which nobody may do by hand."""
        moves_sudo = self.move_ids.sudo()
        if self.env.su or not moves_sudo.training_order_id:
            return super().reverse_moves(is_modify)
        self.check_access("write")
        self.move_ids.check_access("write")
        self.env["account.move"].check_access("create")
        return super(AccountMoveReversal, self.sudo()).reverse_moves(is_modify)
