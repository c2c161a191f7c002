# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class MangopayWallet(models.Model):
    """The money of one person in one currency at Mangopay.

    What it holds is in the entries of 517100 that carry the person (D9), never here:
    Mangopay shows a seller's balance to the seller only.
    """

    _name = "mangopay.wallet"
    _description = "Wallet at Mangopay"
    _inherit = ["mangopay.subject.mixin"]
    _order = "id desc"
    _rec_name = "mangopay_id"

    user_id = fields.Many2one(
        "mangopay.user", required=True, readonly=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="user_id.partner_id")
    account_id = fields.Many2one(related="user_id.account_id")
    company_id = fields.Many2one(related="user_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    mangopay_id = fields.Char(
        string="Id at Mangopay", readonly=True, copy=False, index="btree_not_null"
    )
    state = fields.Selection(
        selection=[
            ("draft", "Not asked yet"),
            ("requested", "Asked of Mangopay"),
            ("refused", "Refused by Mangopay"),
            ("active", "Active"),
        ],
        required=True,
        readonly=True,
        default="draft",
    )

    _currency_unique = models.Constraint(
        "UNIQUE(user_id, currency_id)", "A user has one wallet of a currency."
    )

    def _request_creation(self):
        """Ask Mangopay for the wallet of a user that exists, once.

        :return: the operation; empty when the wallet exists
        """
        self.ensure_one()
        operations = self.env["mangopay.operation"]
        if self.mangopay_id:
            return operations
        if self.state in ("draft", "refused"):
            self.state = "requested"
        arguments = {
            "owner_id": self.user_id.mangopay_id,
            "currency": self.currency_id.name,
            "description": f"{self.partner_id.id} {self.currency_id.name}",
        }
        return operations._request("wallet", self, self.account_id, arguments)

    def _on_mangopay_made(self, operation):
        result = super()._on_mangopay_made(operation)
        if operation.kind == "wallet":
            self.write({"mangopay_id": operation.provider_reference, "state": "active"})
        return result

    def _on_mangopay_failed(self, operation):
        if operation.kind == "wallet" and not self.mangopay_id:
            self.state = "refused"
        return super()._on_mangopay_failed(operation)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_made(self):
        if self.filtered(lambda wallet: wallet.state != "draft"):
            raise UserError(self.env._("A wallet at Mangopay cannot be deleted."))
