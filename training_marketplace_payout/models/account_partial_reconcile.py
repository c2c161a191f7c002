# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError


class AccountPartialReconcile(models.Model):
    """What a payout has set off stays set off: undone by hand, the commission would be
    withheld from the seller once more (B18)."""

    _inherit = "account.partial.reconcile"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_set_off(self):
        lines_sudo = (self.debit_move_id + self.credit_move_id).sudo()
        entries_sudo = lines_sudo.move_id.filtered("marketplace_key")
        if entries_sudo and not self.env.su:
            raise UserError(
                self.env._(
                    "%(entries)s: what the marketplace has matched stays matched. A "
                    "payout that comes back undoes it by itself.",
                    entries=", ".join(entries_sudo.mapped("name")),
                )
            )
