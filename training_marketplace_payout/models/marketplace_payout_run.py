# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class MarketplacePayoutRun(models.Model):
    """The payouts of a month in one company: who is paid what, who is not and why.

    Due on the 15th for the sales of the months before. What could not leave then stays
    in it, and leaves on the day after its reason is gone; what is left when the next
    run begins goes on there.
    """

    _name = "marketplace.payout.run"
    _description = "Payouts of a Month"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "until desc, id desc"
    _rec_name = "date"
    _mail_post_access = "read"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    until = fields.Date(string="Sales before", required=True, readonly=True)
    date = fields.Date(string="Due on", required=True, readonly=True)
    state = fields.Selection(
        selection=[
            ("draft", "Looked at"),
            ("running", "Running"),
            ("done", "Closed"),
        ],
        required=True,
        readonly=True,
        default="draft",
    )
    line_ids = fields.One2many("marketplace.payout.line", "run_id", readonly=True)
    payout_ids = fields.One2many("marketplace.payout", "run_id", readonly=True)
    started_at = fields.Datetime(string="Started on", readonly=True)
    started_by = fields.Many2one("res.users", readonly=True)
    reminded_at = fields.Datetime(readonly=True)
    refreshed_on = fields.Date(readonly=True, help="The last day it was looked at.")

    _until_unique = models.UniqueIndex("(company_id, until)")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if self.filtered(lambda run: run.state != "draft"):
            raise UserError(self.env._("Payouts are kept."))


class MarketplacePayoutLine(models.Model):
    """A seller in the payouts of a month: what it is paid, or why not (yet)."""

    _name = "marketplace.payout.line"
    _description = "Seller in the Payouts of a Month"
    _order = "run_id desc, id"
    _rec_name = "seller_id"

    run_id = fields.Many2one(
        "marketplace.payout.run",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    seller_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="restrict"
    )
    contract_id = fields.Many2one(
        "marketplace.seller", readonly=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    payout_id = fields.Many2one(
        "marketplace.payout", readonly=True, index="btree_not_null", ondelete="set null"
    )
    state = fields.Selection(
        selection=[
            ("ready", "Can be paid"),
            ("waiting", "Waits"),
            ("blocked", "Not payable"),
            ("prepared", "To approve"),
            ("asked", "Asked of Mangopay"),
            ("done", "Paid"),
            ("failed", "Refused by Mangopay"),
            ("returned", "Returned by the bank"),
        ],
        required=True,
        readonly=True,
        default="ready",
        index=True,
    )
    amount = fields.Monetary(string="Due", readonly=True)
    fee_amount = fields.Monetary(string="Netted", readonly=True)
    net_amount = fields.Monetary(string="Paid to the bank", readonly=True)
    netted = fields.Char(string="Invoices netted", readonly=True)
    obstacles = fields.Char(
        readonly=True, help="Technical: the keys of the reasons, with commas."
    )
    reason = fields.Char(string="Why not", compute="_compute_reason")
    date_next = fields.Datetime(string="Next look", readonly=True)

    _seller_unique = models.UniqueIndex("(run_id, seller_id, currency_id)")
    _due_index = models.Index("(date_next) WHERE date_next IS NOT NULL")

    @api.depends("obstacles", "payout_id.problem", "payout_id.state")
    @api.depends_context("lang")
    def _compute_reason(self):
        payouts = self.env["marketplace.payout"]
        for line in self:
            keys = (line.obstacles or "").split(",") if line.obstacles else []
            sentences = payouts._describe_obstacles(keys, line.contract_id)
            if line.payout_id.state in ("failed", "returned"):
                sentences.append(line.payout_id.problem or "")
            line.reason = " ".join(filter(None, sentences))
