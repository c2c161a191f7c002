# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class TrainingClosingLine(models.Model):
    """One purchase on a list of a closing (A30)."""

    _name = "training.closing.line"
    _description = "Closing of online training sales, line"
    _order = "kind desc, partner_id, id"

    closing_id = fields.Many2one(
        "training.closing", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="closing_id.company_id", store=True, index=True
    )
    date = fields.Date(related="closing_id.date", store=True)
    state = fields.Selection(related="closing_id.state", store=True)
    currency_id = fields.Many2one(related="closing_id.currency_id")
    kind = fields.Selection(
        selection=[
            ("prepaid", "Prepaid, not invoiced"),
            ("deferred", "Invoiced, not delivered"),
        ],
        string="List",
        required=True,
        readonly=True,
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    account_id = fields.Many2one("account.account", required=True, readonly=True)
    payment_move_id = fields.Many2one("account.move", string="Payment", readonly=True)
    document_id = fields.Many2one(
        "account.move", string="Invoice", readonly=True, ondelete="set null"
    )
    order_id = fields.Many2one("sale.order", string="Purchase", readonly=True)
    session_id = fields.Many2one("event.event", readonly=True)
    session_begin = fields.Datetime(related="session_id.date_begin", string="Begins")
    session_end = fields.Datetime(related="session_id.date_end", string="Ends")
    amount_base = fields.Monetary(string="Invoiced, before tax", readonly=True)
    hours = fields.Float(readonly=True)
    hours_after = fields.Float(string="Hours left", readonly=True)
    amount = fields.Monetary(string="To carry over", readonly=True)
    amount_vat = fields.Monetary(string="VAT not invoiced", readonly=True)
    is_error = fields.Boolean(string="Error", readonly=True)
    remark = fields.Char(readonly=True)

    def _prepare_entry_lines(self):
        """Return both lines of the entry: a debit takes it off, a credit keeps it."""
        self.ensure_one()
        company = self.company_id
        keeper = company._get_training_account(
            "training_prepaid_account_id"
            if self.kind == "prepaid"
            else "training_deferred_account_id"
        )
        label = " - ".join(
            filter(
                None,
                [self.document_id.name or self.order_id.name, self.session_id.name],
            )
        )
        return [
            {
                "account_id": account.id,
                "partner_id": self.partner_id.id,
                "name": label,
                "balance": amount,
            }
            for account, amount in (
                (self.account_id, self.amount),
                (keeper, -self.amount),
            )
        ]

    def action_open_document(self):
        """Open the invoice, else the payment, of the line."""
        self.ensure_one()
        return (self.document_id or self.payment_move_id)._get_records_action()
