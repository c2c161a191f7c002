# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import AccessError

from .marketplace_payout import DECIDERS


class MangopayRecipient(models.Model):
    """An account from which money came back is not paid again unseen (B19)."""

    _inherit = "mangopay.recipient"

    is_doubtful = fields.Boolean(
        string="In doubt",
        readonly=True,
        help="The bank sent a payout back: nothing is paid to it until a manager says "
        "that it is right, or the seller registers it again or another one.",
    )
    is_wrong = fields.Boolean(
        readonly=True, help="The bank says that the account itself is the reason."
    )
    doubt_reason = fields.Char(string="What the bank said", readonly=True)

    def _doubt(self, reason, is_wrong=False):
        """Stop paying to an account."""
        self.write(
            {"is_doubtful": True, "is_wrong": is_wrong, "doubt_reason": reason[:200]}
        )

    def action_trust(self):
        """Pay to the account again (accounting and marketplace managers)."""
        if not self.env.user.has_groups(DECIDERS):
            raise AccessError(
                self.env._("Only accounting and marketplace managers may do this.")
            )
        self.check_access("read")
        self.sudo().write({"is_doubtful": False, "is_wrong": False})
        return {"type": "ir.actions.client", "tag": "soft_reload"}


class MangopayUser(models.Model):
    _inherit = "mangopay.user"

    def _find_registered(self, bank):
        """Override: an account in doubt is registered again, with the seller's own
        confirmation, when the seller gives it again."""
        return super()._find_registered(bank).filtered(lambda one: not one.is_doubtful)
