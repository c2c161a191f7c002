# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class MarketplaceDac7Statement(models.Model):
    """A seller in the declaration of a year: who it is, and its four quarters."""

    _name = "marketplace.dac7.statement"
    _description = "Seller in the Yearly Declaration"
    _order = "declaration_id desc, id"
    _rec_name = "seller_id"

    declaration_id = fields.Many2one(
        "marketplace.dac7", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="declaration_id.company_id", store=True, index=True
    )
    year = fields.Integer(related="declaration_id.year", store=True)
    state = fields.Selection(related="declaration_id.state")
    seller_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="restrict"
    )
    contract_id = fields.Many2one(
        "marketplace.seller", readonly=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    quarter_ids = fields.One2many("marketplace.dac7.quarter", "statement_id")
    person = fields.Json(
        readonly=True,
        groups="base.group_system",
        help="Who the seller was when it was told.",
    )
    missing = fields.Char(readonly=True)
    consideration = fields.Monetary(
        string="Credited, less fees", compute="_compute_totals", store=True
    )
    fees = fields.Monetary(
        string="Commissions, tax included", compute="_compute_totals", store=True
    )
    operations = fields.Integer(string="Sales", compute="_compute_totals", store=True)
    sent_at = fields.Datetime(string="Copy sent on", readonly=True)

    _seller_unique = models.UniqueIndex("(declaration_id, seller_id, currency_id)")
    _unsent_index = models.Index("(declaration_id) WHERE sent_at IS NULL")

    @api.depends("quarter_ids")
    def _compute_totals(self):
        for one in self:
            for name in ("consideration", "fees", "operations"):
                one[name] = sum(one.quarter_ids.mapped(name))

    @api.depends("seller_id", "year")
    def _compute_display_name(self):
        for one in self:
            one.display_name = f"{one.sudo().seller_id.name} {one.year}"


class MarketplaceDac7Quarter(models.Model):
    """Three months of a seller."""

    _name = "marketplace.dac7.quarter"
    _description = "Quarter of a Seller"
    _order = "statement_id, quarter"
    _rec_name = "quarter"

    statement_id = fields.Many2one(
        "marketplace.dac7.statement",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="statement_id.company_id", store=True)
    currency_id = fields.Many2one(related="statement_id.currency_id")
    quarter = fields.Integer(required=True, readonly=True)
    sold = fields.Monetary(readonly=True, help="Tax included.")
    refunded = fields.Monetary(readonly=True)
    fees = fields.Monetary(string="Commissions, tax included", readonly=True)
    consideration = fields.Monetary(
        string="Credited, less fees",
        readonly=True,
        help="What was sold, less what was refunded and the commissions.",
    )
    operations = fields.Integer(string="Sales", readonly=True)

    _quarter_unique = models.UniqueIndex("(statement_id, quarter)")
    _quarter_plausible = models.Constraint(
        "CHECK(quarter BETWEEN 1 AND 4)", "A year has four quarters."
    )
