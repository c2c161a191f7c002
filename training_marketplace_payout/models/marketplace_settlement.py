# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from ..services.commission_vat import Case

ACCOUNTANTS = "account.group_account_invoice,base.group_system"


class MarketplaceSettlement(models.Model):
    """What a seller owes the operator for a month: the commissions of its sales (B17).

    One for a seller, month, currency and operator; a sale and a refund are in one at
    most, for they carry it. A sale belongs to the month in which it was confirmed, a
    refund to the one in which it was made, on the organisation's clock; what is learnt
    of after its month was settled is in the next one. Nobody has the right to write
    them: the product's own methods do, as the superuser.

    Decisions:

    * a refund gives its part of the commission back, unless the organisation keeps
      it; what was refunded while the purchase was held was never sold: given back;
    * a month below zero is a credit note; where the organisation prefers, it waits
      for the next month, once, and is credited then if it is still below zero;
    * a month of zero has no invoice.
    """

    _name = "marketplace.settlement"
    _description = "Settlement of Commissions"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "month desc, id desc"
    _rec_names_search = ["seller_id", "move_id"]
    _mail_post_access = "read"

    company_id = fields.Many2one(
        "res.company",
        string="Operator",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
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
    month = fields.Date(required=True, readonly=True, index=True, help="Its first day.")
    month_name = fields.Char(string="Month in words", compute="_compute_month_name")
    state = fields.Selection(
        selection=[
            ("draft", "To invoice"),
            ("done", "Settled"),
            ("carried", "Carried over"),
        ],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
    )
    problem = fields.Char(string="Why it waits", readonly=True)
    refund_policy = fields.Selection(
        selection=[
            ("given_back", "The commission is given back"),
            ("kept", "The commission is kept"),
        ],
        string="On refund",
        required=True,
        readonly=True,
        default="given_back",
        help="As the organisation had chosen when the month was settled.",
    )
    sale_ids = fields.One2many("marketplace.sale", "settlement_id", readonly=True)
    refund_ids = fields.One2many("marketplace.refund", "settlement_id", readonly=True)
    sales_count = fields.Integer(string="Sales", readonly=True)
    refunds_count = fields.Integer(string="Refunds", readonly=True)
    base_amount = fields.Monetary(
        string="Sold, before tax",
        readonly=True,
        help="What the commission is counted on: refunds are deducted when it is "
        "given back.",
    )
    refunded_commission = fields.Monetary(string="Given back", readonly=True)
    commission_amount = fields.Monetary(
        string="Commission",
        readonly=True,
        help="Before tax, less what is given back on refunds.",
    )
    carried_in = fields.Monetary(string="Carried from earlier months", readonly=True)
    carried_out = fields.Monetary(string="Left for the next month", readonly=True)
    carried_to_id = fields.Many2one(
        "marketplace.settlement",
        string="Carried over to",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    invoiced_amount = fields.Monetary(
        string="Invoiced, before tax",
        readonly=True,
        help="Negative for a credit note.",
    )
    vat_case = fields.Selection(
        selection=[
            (Case.DOMESTIC.value, "VAT of the country"),
            (Case.OVERSEAS.value, "VAT of Guadeloupe, Martinique, Réunion"),
            (Case.NOT_APPLICABLE.value, "Guyane, Mayotte: VAT not applicable"),
            (Case.REVERSE_CHARGE.value, "Reverse charge"),
            (Case.OUTSIDE.value, "Outside the scope of VAT"),
            (Case.POSITION.value, "Fiscal position"),
        ],
        string="VAT",
        readonly=True,
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    payment_state = fields.Selection(related="move_id.payment_state")
    amount_residual = fields.Monetary(
        related="move_id.amount_residual", string="Still to set off"
    )

    _month_unique = models.UniqueIndex(
        "(company_id, seller_id, currency_id, month)",
        "This month of the seller is settled already.",
    )
    _move_unique = models.UniqueIndex("(move_id) WHERE move_id IS NOT NULL")
    _todo_index = models.Index("(company_id, month) WHERE state = 'draft'")
    _carried_index = models.Index(
        "(company_id, month) WHERE state = 'carried' AND carried_to_id IS NULL"
    )

    @api.depends("seller_id", "month")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for settlement in self:
            seller = settlement.sudo().seller_id.name or ""
            settlement.display_name = f"{seller} – {settlement._get_month_name()}"

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_month_name(self):
        for settlement in self:
            settlement.month_name = settlement._get_month_name()

    def _get_month_name(self):
        self.ensure_one()
        return format_date(self.env, self.month, date_format="MMMM y")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Settlements are vouchers: they are kept."))

    def _check_accountant(self):
        if not self.env.user.has_groups(ACCOUNTANTS):
            raise AccessError(self.env._("Only accountants may do this."))
        self.check_access("read")

    def action_invoice(self):
        """Try again now what waits for its invoice (accountants)."""
        self._check_accountant()
        drafts_sudo = self.sudo().filtered(lambda one: one.state == "draft")
        drafts_sudo._try_to_invoice()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_open_sales(self):
        """Open the sales of the settlement."""
        return self._open("training_marketplace_payout.marketplace_sale_action")

    def action_open_refunds(self):
        """Open the refunds of the settlement."""
        return self._open("training_marketplace_payout.marketplace_refund_action")

    def _open(self, xmlid):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return dict(action, domain=[("settlement_id", "=", self.id)], context={})

    def action_open_statement(self):
        """Open the seller's statement of the month, issued now where it was not."""
        self.ensure_one()
        self._check_accountant()
        statement_sudo = self.sudo().contract_id._issue_statement(
            self.sudo().currency_id, self.month
        )
        return statement_sudo.with_user(self.env.user)._get_records_action()

    def action_open_invoice(self):
        """Open the invoice or the credit note."""
        self.ensure_one()
        if not self.move_id:
            raise UserError(self.env._("This month has no invoice."))
        return self.move_id._get_records_action()


class MarketplaceSale(models.Model):
    _inherit = "marketplace.sale"

    settlement_id = fields.Many2one(
        "marketplace.settlement", readonly=True, ondelete="restrict"
    )

    _settlement_index = models.Index("(settlement_id) WHERE settlement_id IS NOT NULL")
    # What is to settle is found without the sales of the past.
    _to_settle_index = models.Index(
        "(company_id, seller_id, currency_id, confirmed_at)"
        " WHERE settlement_id IS NULL AND state = 'confirmed'"
    )

    def action_open_settlement(self):
        """Open the settlement of the sale."""
        self.ensure_one()
        return self.settlement_id._get_records_action()


class MarketplaceRefund(models.Model):
    _inherit = "marketplace.refund"

    amount_untaxed = fields.Monetary(
        string="Refunded, before tax",
        readonly=True,
        help="The part of the sale before tax that goes with it.",
    )
    settlement_id = fields.Many2one(
        "marketplace.settlement",
        readonly=True,
        ondelete="restrict",
        help="Where its part of the commission was deducted.",
    )

    _settlement_index = models.Index("(settlement_id) WHERE settlement_id IS NOT NULL")
    _to_settle_index = models.Index(
        "(company_id, seller_id, currency_id, date)"
        " WHERE settlement_id IS NULL AND is_held IS NOT TRUE"
    )


class MarketplaceSeller(models.Model):
    _inherit = "marketplace.seller"

    settlement_ids = fields.One2many(
        "marketplace.settlement", "contract_id", readonly=True
    )
    settlement_count = fields.Integer(
        compute="_compute_settlement_count", compute_sudo=True
    )

    def _compute_settlement_count(self):
        groups = self.env["marketplace.settlement"]._read_group(
            [("contract_id", "in", self.ids)], ["contract_id"], ["__count"]
        )
        counts = dict(groups)
        for contract in self:
            contract.settlement_count = counts.get(contract, 0)

    def action_open_settlements(self):
        """Open the months of the seller."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "training_marketplace_payout.marketplace_settlement_action"
        )
        return dict(action, domain=[("contract_id", "=", self.id)], context={})
