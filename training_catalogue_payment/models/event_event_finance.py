# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..services import prospect

DOCUMENT_GROUPS = "account.group_account_invoice,sales_team.group_sale_salesman"
PAYMENT_GROUPS = "account.group_account_invoice"


def document_total(label, **kwargs):
    """Return a total of the session's documents, tax included."""
    return fields.Monetary(
        string=label,
        compute="_compute_training_documents",
        groups=DOCUMENT_GROUPS,
        **kwargs,
    )


class EventEvent(models.Model):
    """« Management > Finances » of a session: documents, payments, totals (A21, A25).

    Documents of cancelled or lost prospects, and what was paid on them, stand apart
    in « Others »; the totals hold both.
    """

    _inherit = "event.event"

    training_move_ids = fields.One2many(
        "account.move",
        "training_session_id",
        string="All documents",
        groups=DOCUMENT_GROUPS,
    )
    training_document_ids = fields.Many2many(
        "account.move",
        string="Documents",
        compute="_compute_training_documents",
        groups=DOCUMENT_GROUPS,
    )
    training_other_document_ids = fields.Many2many(
        "account.move",
        string="Others",
        compute="_compute_training_documents",
        groups=DOCUMENT_GROUPS,
        help="Documents of cancelled or lost prospects.",
    )
    training_payment_ids = fields.Many2many(
        "account.payment",
        string="Payments",
        compute="_compute_training_payments",
        groups=PAYMENT_GROUPS,
    )
    training_other_payment_ids = fields.Many2many(
        "account.payment",
        string="Other payments",
        compute="_compute_training_payments",
        groups=PAYMENT_GROUPS,
        help="Payments and refunds of cancelled or lost prospects.",
    )
    training_unmatched_refund_ids = fields.Many2many(
        "account.payment",
        string="Refunds without credit note",
        compute="_compute_training_payments",
        groups=PAYMENT_GROUPS,
        help="Made in Stripe itself: their credit note is still to be generated.",
    )
    amount_training_to_number = document_total(
        "To number", help="Draft invoices: prepaid, and not invoiced yet."
    )
    amount_training_invoiced = document_total("Invoiced")
    amount_training_credited = document_total("Credited")
    amount_training_paid = document_total("Paid")
    amount_training_refunded = document_total("Refunded")
    amount_training_balance = document_total(
        "Left to pay", help="Negative: owed to the buyers."
    )

    def _compute_training_documents(self):
        """Read the documents with the user's own rights.

        The totals are those of `training.prepayment.report`: invoiced is numbered; a
        draft prepaid invoice holds money and counts apart, « to number »; what is left
        counts both.
        """
        moves_by_session = self._get_documents_by_session()
        for event in self:
            moves = moves_by_session.get(event._origin, self.env["account.move"])
            others = moves.filtered(lambda move: move._is_of_closed_prospect())
            event.training_document_ids = moves - others
            event.training_other_document_ids = others
            event._set_training_totals(moves)

    def _compute_training_payments(self):
        moves_by_session = self._get_documents_by_session()
        unmatched = self._get_unmatched_refunds()
        for event in self:
            moves = moves_by_session.get(event._origin, self.env["account.move"])
            others = moves.filtered(lambda move: move._is_of_closed_prospect())
            event.training_payment_ids = (moves - others)._get_matched_payments()
            event.training_other_payment_ids = others._get_matched_payments()
            event.training_unmatched_refund_ids = unmatched.filtered(
                lambda payment, event=event: (
                    event._origin
                    in payment.sudo()._get_refunded_orders().training_session_id
                )
            )

    def _get_documents_by_session(self):
        moves = self.env["account.move"].search(
            [
                ("training_session_id", "in", self.ids),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("state", "!=", "cancel"),
            ],
            order="invoice_date, id",
        )
        return moves.grouped("training_session_id")

    def _get_training_documents(self):
        """Return the live documents of these sessions, with the user's own rights."""
        moves = self._get_documents_by_session().values()
        return self.env["account.move"].union(*moves)

    def _get_unmatched_refunds(self):
        """Return the refunds of training payments that no credit note is matched with.

        A refund given back by the bank is no refund any more; that of a payment which
        bought nothing is matched with that payment.
        """
        source = "payment_transaction_id.source_transaction_id"
        of_training = Domain(f"{source}.training_session_id", "!=", False) | Domain(
            f"{source}.invoice_ids.training_order_id", "!=", False
        )
        return self.env["account.payment"].search(
            of_training
            & Domain(
                [
                    ("payment_type", "=", "outbound"),
                    ("is_reconciled", "=", False),
                    ("state", "in", ("in_process", "paid")),
                    (f"{source}.training_refusal", "=", False),
                ]
            )
        )

    def _set_training_totals(self, moves):
        self.ensure_one()
        invoices = moves.filtered(lambda move: move.move_type == "out_invoice")
        credits = moves - invoices
        settled = moves.sudo()._get_training_settled()
        drafts = invoices.filtered(lambda move: move.state == "draft")
        numbered = invoices - drafts
        self.amount_training_to_number = sum(drafts.mapped("amount_total_signed"))
        self.amount_training_invoiced = sum(numbered.mapped("amount_total_signed"))
        self.amount_training_credited = -sum(credits.mapped("amount_total_signed"))
        self.amount_training_paid = sum(settled[move] for move in invoices)
        self.amount_training_refunded = sum(settled[move] for move in credits)
        self.amount_training_balance = sum(moves.mapped("amount_residual_signed"))

    def action_enter_training_payment(self):
        """Open « Enter a payment » on this session's documents (A23)."""
        self.ensure_one()
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only accountants enter payments."))
        self.check_access("read")
        return self.env["training.session.payment"]._open_for(self)

    def action_open_training_finances(self):
        """Open the finances of this session on a page of their own."""
        self.ensure_one()
        view = self.env.ref("training_catalogue_payment.event_event_view_form_finances")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Finances"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view.id, "form")],
        }


class AccountMove(models.Model):
    _inherit = "account.move"

    def _is_of_closed_prospect(self):
        """Tell the documents of cancelled or lost prospects."""
        self.ensure_one()
        order_sudo = self.sudo().training_order_id
        return order_sudo.opportunity_id.prepaid_status in prospect.CLOSED

    def _get_matched_payments(self):
        """Return the payments and refunds matched with these documents."""
        lines_sudo = self.sudo()._get_training_matched_lines()
        partials = lines_sudo.matched_debit_ids | lines_sudo.matched_credit_ids
        moves = (partials.debit_move_id | partials.credit_move_id).move_id - self.sudo()
        return moves.origin_payment_id.sudo(False)


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def _get_refunded_orders(self):
        """Return the orders that these refunds give back, whatever was asked."""
        return self.env["sale.order"].union(
            *(
                tx._get_training_orders()
                for tx in self.payment_transaction_id.source_transaction_id
            )
        )
