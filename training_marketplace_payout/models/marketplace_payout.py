# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .mangopay_sentences import describe_payout_problem

#: Who computes, approves and pays.
DECIDERS = (
    "account.group_account_manager,"
    "training_marketplace_payout.group_marketplace_manager"
)
LIVE = ("prepared", "approved", "asked")


class MarketplacePayout(models.Model):
    """What a seller is paid in one currency, and what is netted from it (B18).

    A row is one attempt: one that failed or came back is followed by another, counted
    anew. Only one is alive for a seller, a company and a currency: the database says
    so. As for sales, nobody has the right to write them.
    """

    _name = "marketplace.payout"
    _description = "Payout of a Seller"
    _inherit = ["mail.thread", "mail.activity.mixin", "mangopay.subject.mixin"]
    _order = "id desc"
    _mail_post_access = "read"

    name = fields.Char(string="Number", required=True, readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    seller_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="restrict"
    )
    contract_id = fields.Many2one(
        "marketplace.seller", readonly=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    run_id = fields.Many2one(
        "marketplace.payout.run", readonly=True, index=True, ondelete="restrict"
    )
    until = fields.Date(
        string="Sales before",
        required=True,
        readonly=True,
        help="Sales made before that day are paid: last month's and older ones.",
    )
    state = fields.Selection(
        selection=[
            ("prepared", "To approve"),
            ("approved", "Approved"),
            ("asked", "Asked of Mangopay"),
            ("done", "Paid"),
            ("failed", "Refused by Mangopay"),
            ("returned", "Returned by the bank"),
            ("cancelled", "Given up"),
        ],
        required=True,
        readonly=True,
        default="prepared",
        index=True,
    )
    amount = fields.Monetary(
        string="Due", readonly=True, help="What leaves the seller's wallet."
    )
    fee_amount = fields.Monetary(
        string="Netted",
        readonly=True,
        help="Commission invoices, and what else the seller owes, that are paid by it.",
    )
    net_amount = fields.Monetary(
        string="Paid to the bank",
        readonly=True,
        help="What the seller's bank receives.",
    )
    amount_returned = fields.Monetary(
        string="Returned", readonly=True, help="What the bank sent back."
    )
    fee_returned = fields.Monetary(
        string="Fees given back",
        readonly=True,
        help="What Mangopay put back into the wallet of what was netted.",
    )
    fee_ids = fields.One2many(
        "marketplace.payout.fee", "payout_id", string="What is netted", readonly=True
    )
    recipient_id = fields.Many2one(
        "mangopay.recipient", string="Account paid", readonly=True, ondelete="restrict"
    )
    wallet_id = fields.Many2one("mangopay.wallet", readonly=True, ondelete="restrict")
    prepared_by = fields.Many2one("res.users", readonly=True)
    approved_by = fields.Many2one("res.users", readonly=True)
    approved_at = fields.Datetime(string="Approved on", readonly=True)
    paid_at = fields.Datetime(string="Paid on", readonly=True, help="By Mangopay.")
    reference = fields.Char(
        string="Id at Mangopay", readonly=True, index="btree_not_null"
    )
    problem_code = fields.Char(string="Code", readonly=True)
    problem_said = fields.Char(
        readonly=True, help="Mangopay's own words, or the bank's."
    )
    problem = fields.Char(string="What went wrong", compute="_compute_problem")
    run_state = fields.Selection(related="run_id.state", string="State of the payouts")
    is_dismissed = fields.Boolean(
        string="To try again",
        readonly=True,
        help="Somebody said that what failed may be asked again.",
    )
    notice = fields.Char(readonly=True, help="Technical: the mail that is to be sent.")

    # However many look at the same seller at the same moment, one payout is alive.
    _live_unique = models.UniqueIndex(
        "(company_id, seller_id, currency_id)"
        " WHERE state IN ('prepared', 'approved', 'asked')"
    )
    _notice_index = models.Index("(id) WHERE notice IS NOT NULL")

    @api.depends("problem_code", "problem_said")
    @api.depends_context("lang")
    def _compute_problem(self):
        for one in self:
            one.problem = describe_payout_problem(
                one.env, one.problem_code, one.problem_said
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Payouts are kept."))

    def _check_decider(self):
        """Refuse whoever may not pay.

        :raise AccessError: for anybody but accounting and marketplace managers
        """
        if not self.env.user.has_groups(DECIDERS):
            raise AccessError(
                self.env._("Only accounting and marketplace managers may do this.")
            )
        self.check_access("read")

    # What the rest of the marketplace says

    @api.model
    def _get_debts(self, company, seller, currency):
        """Hook: return what a seller owes beside its commissions, the oldest first.

        :return: (a line on the account of what sellers owe, what is left of it)
        :rtype: list[tuple[account.move.line, float]]
        """
        return []

    @api.model
    def _get_blocking_exceptions(self, company, seller):
        """Hook: return the open differences of the books that stop a seller's payouts;
        any recordset, empty when all is well."""
        return self.browse()


class MarketplacePayoutFee(models.Model):
    """One claim that a payout pays: a commission invoice, or something owed (D9)."""

    _name = "marketplace.payout.fee"
    _description = "Netted from a Payout"
    _order = "payout_id, id"
    _rec_name = "move_id"

    payout_id = fields.Many2one(
        "marketplace.payout", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one(related="payout_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="payout_id.currency_id")
    kind = fields.Selection(
        selection=[("commission", "Commission"), ("debt", "Owed by the seller")],
        required=True,
        readonly=True,
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Line that is paid",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    move_id = fields.Many2one(
        related="move_line_id.move_id",
        string="Invoice or entry",
        store=True,
        index=True,
    )
    amount = fields.Monetary(readonly=True)
    amount_returned = fields.Monetary(string="Given back", readonly=True)
