# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL


class TrainingPrepaymentReport(models.Model):
    """The money of online purchases across sessions (A25), read from the ledger.

    One row for each document, and one for each matching of a document with something
    that is no document: that is a payment of an invoice or a refund of a credit note.
    Identifiers come from those rows, so that they are the same at each reading.
    """

    _name = "training.prepayment.report"
    _description = "Prepayments, Invoices, Credit Notes and Refunds"
    _auto = False
    _order = "date desc, id desc"
    # Whoever may read a row may read its session, not always its document.
    _rec_name = "session_id"

    kind = fields.Selection(
        selection=[
            ("prepayment", "Prepaid, not numbered"),
            ("invoice", "Invoice"),
            ("credit", "Credit note"),
            ("payment", "Payment"),
            ("refund", "Refund"),
        ],
        string="What",
        readonly=True,
    )
    date = fields.Date(readonly=True)
    move_id = fields.Many2one("account.move", string="Document", readonly=True)
    session_id = fields.Many2one("event.event", readonly=True)
    programme_id = fields.Many2one("product.template", readonly=True)
    order_id = fields.Many2one("sale.order", string="Purchase", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    prepaid_status = fields.Selection(
        selection=lambda self: (
            self.env["crm.lead"]
            ._fields["prepaid_status"]
            ._description_selection(self.env)
        ),
        string="Prospect",
        readonly=True,
    )
    state = fields.Selection(
        selection=[("draft", "Draft"), ("posted", "Posted")],
        string="Document state",
        readonly=True,
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_prepaid = fields.Monetary(
        string="To number",
        readonly=True,
        help="Draft invoices: prepaid, and not invoiced yet.",
    )
    amount_invoiced = fields.Monetary(string="Invoiced", readonly=True)
    amount_credited = fields.Monetary(string="Credited", readonly=True)
    amount_paid = fields.Monetary(string="Paid", readonly=True)
    amount_refunded = fields.Monetary(string="Refunded", readonly=True)
    amount_balance = fields.Monetary(
        string="Left to pay", readonly=True, help="Negative: owed to the buyers."
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT movement.*,
                   session.programme_id,
                   lead.prepaid_status,
                   company.currency_id,
                   amount_prepaid + amount_invoiced - amount_credited
                       - amount_paid + amount_refunded AS amount_balance
              FROM (%s UNION ALL %s UNION ALL %s) movement
              JOIN event_event session ON session.id = movement.session_id
              JOIN res_company company ON company.id = movement.company_id
              LEFT JOIN crm_lead lead ON lead.prepaid_order_id = movement.order_id
            """,
            self._select_documents(),
            self._select_settlements("payment", "out_invoice", "debit", "credit"),
            self._select_settlements("refund", "out_refund", "credit", "debit"),
        )

    def _select_columns(self):
        """Return what every row says of its document."""
        return SQL(
            """
            move.id AS move_id,
            move.training_session_id AS session_id,
            move.training_order_id AS order_id,
            move.commercial_partner_id AS partner_id,
            move.company_id,
            move.state
            """
        )

    def _select_documents(self):
        """One row for each live invoice or credit note of a session."""
        return SQL(
            """
            SELECT move.id * 2 AS id,
                   CASE WHEN move.move_type = 'out_refund' THEN 'credit'
                        WHEN move.state = 'draft' THEN 'prepayment'
                        ELSE 'invoice' END AS kind,
                   COALESCE(move.invoice_date, move.date) AS date,
                   %s,
                   CASE WHEN move.move_type = 'out_invoice' AND move.state = 'draft'
                        THEN move.amount_total_signed ELSE 0 END AS amount_prepaid,
                   CASE WHEN move.move_type = 'out_invoice' AND move.state = 'posted'
                        THEN move.amount_total_signed ELSE 0 END AS amount_invoiced,
                   CASE WHEN move.move_type = 'out_refund'
                        THEN -move.amount_total_signed ELSE 0 END AS amount_credited,
                   0 AS amount_paid,
                   0 AS amount_refunded
              FROM account_move move
             WHERE move.training_session_id IS NOT NULL
               AND move.move_type IN ('out_invoice', 'out_refund')
               AND move.state <> 'cancel'
            """,
            self._select_columns(),
        )

    def _select_settlements(self, kind, move_type, own_side, other_side):
        """One row for each matching of these documents with what is no document."""
        own = SQL.identifier("partial", f"{own_side}_move_id")
        other = SQL.identifier("partial", f"{other_side}_move_id")
        is_payment = kind == "payment"
        return SQL(
            """
            SELECT partial.id * 2 + 1 AS id,
                   %(kind)s AS kind,
                   partial.max_date AS date,
                   %(columns)s,
                   0 AS amount_prepaid,
                   0 AS amount_invoiced,
                   0 AS amount_credited,
                   %(paid)s AS amount_paid,
                   %(refunded)s AS amount_refunded
              FROM account_partial_reconcile partial
              JOIN account_move_line own_line ON own_line.id = %(own)s
              JOIN account_move move ON move.id = own_line.move_id
              JOIN account_move_line other_line ON other_line.id = %(other)s
              JOIN account_move other_move ON other_move.id = other_line.move_id
             WHERE move.training_session_id IS NOT NULL
               AND move.move_type = %(move_type)s
               AND move.state <> 'cancel'
               AND other_move.move_type NOT IN ('out_invoice', 'out_refund')
            """,
            kind=kind,
            columns=self._select_columns(),
            paid=SQL("partial.amount") if is_payment else SQL("0"),
            refunded=SQL("0") if is_payment else SQL("partial.amount"),
            own=own,
            other=other,
            move_type=move_type,
        )

    def action_open_document(self):
        """Open the document of this row."""
        self.ensure_one()
        return self.move_id.action_open_training_document()
