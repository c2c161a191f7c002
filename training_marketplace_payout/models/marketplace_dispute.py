# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formatLang

from .mangopay_sentences import describe_dispute_reason
from .marketplace_sale_refund import ACCOUNTANTS

#: Status of Mangopay (guides/disputes) → ours.
STATES = {
    "CREATED": "created",
    "PENDING_CLIENT_ACTION": "to_answer",
    "REOPENED_PENDING_CLIENT_ACTION": "reopened",
    "SUBMITTED": "submitted",
    "PENDING_BANK_ACTION": "at_bank",
    "CLOSED": "closed",
}


class MarketplaceDispute(models.Model):
    """A card payment that its buyer contests at their bank (B19, EB12).

    The bank takes the money from the operator's wallet of disputes at once, and gives
    it back when the dispute is won. Meanwhile that part of the sale is neither
    transferred nor paid out. Lost, it is taken from what is the seller's, and what is
    not there any more is owed by the seller.

    What Mangopay says now is applied, whatever was announced and in whatever order;
    nobody writes these rows but the product's own methods.
    """

    _name = "marketplace.dispute"
    _description = "Disputed Payment of the Marketplace"
    _inherit = ["mail.thread", "mail.activity.mixin", "mangopay.subject.mixin"]
    _order = "id desc"
    _rec_name = "reference"
    _mail_post_access = "read"

    reference = fields.Char(string="Id at Mangopay", required=True, readonly=True)
    account_id = fields.Many2one(
        "mangopay.account", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True
    )
    tx_id = fields.Many2one(
        "payment.transaction",
        string="Payment",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    sale_id = fields.Many2one(
        "marketplace.sale",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    seller_id = fields.Many2one(related="sale_id.seller_id", store=True, index=True)
    buyer_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    kind = fields.Selection(
        selection=[
            ("CONTESTABLE", "Can be contested"),
            ("NOT_CONTESTABLE", "Cannot be contested"),
            ("RETRIEVAL", "The bank asks for documents"),
        ],
        readonly=True,
    )
    reason = fields.Char(
        readonly=True, help="As the bank says it (guides/disputes): FRAUD, DUPLICATE…"
    )
    reason_name = fields.Char(string="Reason in words", compute="_compute_reason_name")
    amount = fields.Monetary(string="Disputed", required=True, readonly=True)
    amount_contested = fields.Monetary(string="Contested", readonly=True)
    state = fields.Selection(
        selection=[
            ("created", "Opened"),
            ("to_answer", "To answer"),
            ("submitted", "Answer sent"),
            ("at_bank", "At the bank"),
            ("reopened", "More is asked"),
            ("closed", "Closed"),
        ],
        required=True,
        readonly=True,
        default="created",
        tracking=True,
    )
    result = fields.Selection(
        selection=[("WON", "Won"), ("LOST", "Lost"), ("VOID", "Without object")],
        readonly=True,
        tracking=True,
    )
    deadline = fields.Datetime(string="Answer before", readonly=True)
    opened_at = fields.Datetime(string="Opened on", required=True, readonly=True)
    closed_at = fields.Datetime(string="Closed on", readonly=True)
    repudiation_reference = fields.Char(
        string="Repudiation at Mangopay", readonly=True, index="btree_not_null"
    )
    amount_repudiated = fields.Monetary(
        string="Taken by the bank",
        readonly=True,
        help="From the operator's wallet of disputes; less what was given back.",
    )
    recovery = fields.Selection(
        selection=[
            ("none", "Nothing to recover"),
            ("waiting", "Being taken from the seller"),
            ("done", "Settled"),
        ],
        required=True,
        readonly=True,
        default="none",
        help="What becomes of a lost dispute.",
    )
    amount_settled = fields.Monetary(
        string="Taken from the seller's money", readonly=True
    )
    amount_debt = fields.Monetary(string="Owed by the seller", readonly=True)

    _reference_unique = models.UniqueIndex("(account_id, reference)")
    _live_index = models.Index(
        "(seller_id) WHERE state != 'closed' OR recovery = 'waiting'"
    )

    @api.depends("reference", "sale_id", "amount")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for dispute in self:
            name = dispute.sudo().sale_id.display_name
            amount = formatLang(
                self.env, dispute.amount, currency_obj=dispute.currency_id
            )
            dispute.display_name = f"{name} – {amount}" if name else dispute.reference

    @api.depends("reason")
    @api.depends_context("lang")
    def _compute_reason_name(self):
        for dispute in self:
            dispute.reason_name = describe_dispute_reason(dispute.env, dispute.reason)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Disputes of the marketplace are kept."))

    def _check_accountant(self):
        if not self.env.user.has_groups(ACCOUNTANTS):
            raise AccessError(self.env._("Only accountants may do this."))
        self.check_access("read")
