# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .marketplace_sale_refund import ACCOUNTANTS


class MarketplaceTopup(models.Model):
    """Money that the operator sends to a seller's wallet, for a refund (B19).

    A refund after the seller was paid out finds its wallet empty. Mangopay lets nobody
    but the buyer's own payment be given back to the card, so the money has to be in the
    seller's wallet again first: the operator sends it there by bank transfer, under the
    reference that Mangopay gives, and the refund goes on by itself when it arrives.
    The seller owes it from then on (467100), and pays it back from later sales.
    """

    _name = "marketplace.topup"
    _description = "Wallet to Fund for a Refund"
    _inherit = ["mail.thread", "mail.activity.mixin", "mangopay.subject.mixin"]
    _order = "is_open desc, deadline, id"
    _rec_name = "wire_reference"
    _mail_post_access = "read"

    refund_id = fields.Many2one(
        "payment.transaction",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    sale_id = fields.Many2one(
        "marketplace.sale",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    order_id = fields.Many2one(related="sale_id.order_id")
    seller_id = fields.Many2one(related="sale_id.seller_id", store=True, index=True)
    buyer_id = fields.Many2one(related="sale_id.buyer_id", store=True)
    company_id = fields.Many2one(related="sale_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="sale_id.currency_id", store=True)
    amount_needed = fields.Monetary(
        string="To take back",
        required=True,
        readonly=True,
        help="What the refund takes from the seller's wallet.",
    )
    amount = fields.Monetary(
        string="To send",
        readonly=True,
        help="What is missing in the seller's wallet, that the operator sends there.",
    )
    amount_received = fields.Monetary(
        string="Received", readonly=True, help="By Mangopay, in the seller's wallet."
    )
    state = fields.Selection(
        selection=[
            ("draft", "Being asked of Mangopay"),
            ("waiting", "To send"),
            ("refused", "Refused or expired"),
            ("received", "Received"),
            ("done", "Refund under way"),
            ("covered", "No longer needed"),
            ("cancelled", "Given up"),
        ],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
    )
    is_open = fields.Boolean(
        string="Refund waits",
        readonly=True,
        default=True,
        help="The refund still has to be taken from the seller's wallet.",
    )
    problem = fields.Char(string="What went wrong", readonly=True)
    wire_reference = fields.Char(
        string="Reference to give",
        readonly=True,
        help="Mangopay recognises the bank transfer by it, and by nothing else.",
    )
    bank_owner = fields.Char(string="Account holder", readonly=True)
    bank_iban = fields.Char(string="IBAN", readonly=True)
    bank_bic = fields.Char(string="BIC", readonly=True)
    deadline = fields.Date(
        string="Refund before",
        required=True,
        readonly=True,
        help="Fourteen days after the withdrawal (L221-24) or after the refund was "
        "decided (L216-7).",
    )
    opened_at = fields.Datetime(
        string="Opened on", readonly=True, default=fields.Datetime.now
    )
    age = fields.Integer(
        string="Age (days)",
        compute="_compute_age",
        help="Since it was opened; until it was closed.",
    )
    closed_at = fields.Datetime(string="Closed on", readonly=True)

    _refund_unique = models.UniqueIndex("(refund_id) WHERE is_open")
    _open_index = models.Index("(seller_id, deadline) WHERE is_open")

    @api.depends("opened_at", "closed_at")
    def _compute_age(self):
        now = fields.Datetime.now()
        for topup in self:
            opened = topup.opened_at or now
            topup.age = ((topup.closed_at or now) - opened).days

    @api.depends("seller_id", "wire_reference")
    def _compute_display_name(self):
        for topup in self:
            parts = (topup.sudo().seller_id.name, topup.wire_reference)
            topup.display_name = " – ".join(filter(None, parts))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was asked of a bank is kept."))

    def _check_accountant(self):
        if not self.env.user.has_groups(ACCOUNTANTS):
            raise AccessError(self.env._("Only accountants may do this."))
        self.check_access("read")
