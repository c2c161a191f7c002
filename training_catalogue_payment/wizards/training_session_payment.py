# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..services.stripe_gateway import GatewayError
from ..utils import refuse_protected


class TrainingSessionPayment(models.TransientModel):
    """« Enter a payment » in a session's finances (A23).

    A positive amount comes in for an invoice. A negative one gives back what a credit
    note owes, and asks how: Stripe now, Stripe already, or otherwise.
    """

    _name = "training.session.payment"
    _description = "Enter a Payment of a Session"

    session_id = fields.Many2one("event.event", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    document_ids = fields.Many2many(
        "account.move", string="Open documents", readonly=True
    )
    move_id = fields.Many2one(
        "account.move", string="Document", domain="[('id', 'in', document_ids)]"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="Negative: money given back to the buyer.",
    )
    date = fields.Date(default=fields.Date.context_today)
    journal_id = fields.Many2one(
        "account.journal",
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', '=', company_id),"
        " ('id', '!=', stripe_journal_id)]",
    )
    # What Stripe did not give back is not taken from what it owes us.
    stripe_journal_id = fields.Many2one(
        related="company_id.training_stripe_journal_id", string="Stripe's journal"
    )
    way = fields.Selection(
        selection=[
            ("stripe", "Refund now by Stripe"),
            ("stripe_done", "Already refunded in Stripe"),
            ("other", "Refunded otherwise"),
        ],
        string="How",
        default="stripe",
    )
    refund_ids = fields.One2many(
        "training.session.payment.refund", "wizard_id", readonly=True
    )
    refund_id = fields.Many2one(
        "training.session.payment.refund",
        string="Refund in Stripe",
        domain="[('wizard_id', '=', id)]",
    )
    is_listed = fields.Boolean(readonly=True)
    memo = fields.Char()

    @api.depends("move_id")
    def _compute_amount(self):
        for wizard in self:
            move_sudo = wizard.move_id.sudo()
            sign = -1 if move_sudo.move_type == "out_refund" else 1
            wizard.amount = sign * move_sudo.amount_residual

    @api.model
    def _open_for(self, session, move=None):
        """Return the action that opens the wizard on a session's open documents.

        One is chosen beforehand where there is no doubt: the only credit note, which
        is what is looked for, else the only document.
        """
        self._check_may()
        documents_sudo = (
            session.sudo()
            ._get_training_documents()
            .filtered(
                lambda document: (
                    not document.currency_id.is_zero(document.amount_residual)
                )
            )
        )
        documents_sudo |= move.sudo() if move else documents_sudo.browse()
        if not documents_sudo:
            raise UserError(
                self.env._(
                    "Every document of this session is settled. To give money back, "
                    "generate the credit note first."
                )
            )
        credits = documents_sudo.filtered(lambda doc: doc.move_type == "out_refund")
        choice = credits or documents_sudo
        chosen = move or (choice if len(choice) == 1 else choice.browse())
        wizard = self.sudo().create(
            {
                "session_id": session.id,
                "company_id": documents_sudo.company_id[:1].id,
                "document_ids": [Command.set(documents_sudo.ids)],
                "move_id": chosen.id,
            }
        )
        return wizard._get_action()

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enter a payment"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _check_may(self):
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only accountants enter payments."))

    def write(self, vals):
        protected = {"session_id", "company_id", "document_ids", "refund_ids"}
        refuse_protected(self, vals, protected | {"is_listed"})
        return super().write(vals)

    def action_list_refunds(self):
        """Ask Stripe for its refunds of this purchase that are not known here."""
        self._check_may()
        self.check_access("write")
        self.sudo()._list_refunds()
        return self._get_action()

    def _list_refunds(self):
        transactions = self.move_id.training_order_id._get_training_transactions()
        lines = []
        for tx in transactions.filtered(lambda tx: tx._is_training_stripe()):
            known = set(tx.child_transaction_ids.mapped("provider_reference"))
            for refund in self._ask_stripe(tx):
                operations = self.env["training.payment.operation"]
                if refund["id"] in known or operations._find_by_refund(refund):
                    continue
                if refund["status"] == "succeeded":
                    lines.append(self._prepare_refund_vals(tx, refund))
        self.refund_ids.unlink()
        self.write(
            {"is_listed": True, "refund_ids": [Command.create(vals) for vals in lines]}
        )
        self.refund_id = self.refund_ids if len(lines) == 1 else False

    def _ask_stripe(self, tx):
        try:
            gateway = tx.provider_id._get_stripe_gateway()
            return gateway.refunds(tx.provider_reference)
        except GatewayError as error:
            raise UserError(
                self.env._("Stripe did not answer: %(error)s", error=error.message)
            ) from error

    def _prepare_refund_vals(self, tx, refund):
        amount = tx.currency_id.format(tx._from_stripe_amount(refund["amount"]))
        created = refund.get("created")
        day = datetime.fromtimestamp(created, UTC).date() if created else ""
        return {
            "name": f"{amount} – {day} – {refund['id']}",
            "transaction_id": tx.id,
            "reference": refund["id"],
        }

    def action_enter(self):
        """Record the payment, or ask Stripe for the refund; match it when it is there.

        :raise UserError: when the amount and the document do not fit
        """
        self.ensure_one()
        self._check_may()
        self.check_access("write")
        move_sudo = self.sudo().move_id
        if move_sudo not in self.sudo().document_ids:
            raise UserError(self.env._("Choose a document of this session."))
        is_out = self.amount < 0
        if is_out != (move_sudo.move_type == "out_refund"):
            raise UserError(self._get_mismatch_message(is_out))
        move_sudo.training_order_id._complete_accepted_moves()
        move_sudo.training_order_id._raise_money_version()
        if not is_out or self.way == "other":
            self._enter_otherwise(move_sudo)
        elif self.way == "stripe_done":
            self._enter_known_refund(move_sudo)
        else:
            order_sudo = move_sudo.training_order_id
            order_sudo._refund_training(move_sudo, -self.amount)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _get_mismatch_message(self, is_out):
        if is_out:
            return self.env._(
                "Money is given back on a credit note: generate the credit note of "
                "this invoice first."
            )
        return self.env._(
            "A credit note is settled by money given back: enter a negative amount."
        )

    def _enter_otherwise(self, move_sudo):
        if not self.journal_id:
            raise UserError(self.env._("Choose the journal."))
        memo = self.memo or move_sudo.name or move_sudo.training_order_id.name
        move_sudo._pay_training_document(
            self.journal_id, memo, amount=abs(self.amount), date=self.date
        )

    def _enter_known_refund(self, move_sudo):
        """Record a refund found at Stripe; its event, come later, finds it here."""
        line_sudo = self.sudo().refund_id
        tx_sudo = line_sudo.transaction_id
        payments = move_sudo.training_order_id._get_training_transactions()
        # Listed in another wizard, or before the document was changed: not its refund.
        if line_sudo.wizard_id != self.sudo() or tx_sudo not in payments:
            raise UserError(self.env._("Choose the refund among those of Stripe."))
        refunds = {one["id"]: one for one in self._ask_stripe(tx_sudo)}
        refund_tx = tx_sudo._record_stripe_refund(refunds[line_sudo.reference])
        if not refund_tx.is_post_processed:
            refund_tx._post_process()
        if refund_tx.payment_id._get_training_unmatched_lines():
            move_sudo._match_training_refund(refund_tx.payment_id)


class TrainingSessionPaymentRefund(models.TransientModel):
    """A refund that Stripe knows and we do not."""

    _name = "training.session.payment.refund"
    _description = "Refund Found at Stripe"

    wizard_id = fields.Many2one(
        "training.session.payment", required=True, ondelete="cascade"
    )
    name = fields.Char(readonly=True)
    reference = fields.Char(readonly=True)
    transaction_id = fields.Many2one(
        "payment.transaction", readonly=True, ondelete="cascade"
    )
