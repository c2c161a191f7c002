# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..utils import to_note


class TrainingPaymentOperation(models.Model):
    """Outbox of the movements of money asked of the payment provider (D7).

    A request that is retried, rolled back or killed never moves money twice.
    """

    _name = "training.payment.operation"
    _description = "Movement of money asked of the payment provider"
    _inherit = ["training.outbox.mixin"]
    _rec_name = "transaction_id"

    _send_job = "training_catalogue_payment.ir_cron_send_payment_operations"
    _key_prefix = "training"

    kind = fields.Selection(
        selection=[("refund", "Refund")], required=True, readonly=True
    )
    amount_minor = fields.Integer(required=True)
    amount = fields.Monetary(compute="_compute_amount")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    provider_id = fields.Many2one(
        "payment.provider", required=True, readonly=True, ondelete="restrict"
    )
    transaction_id = fields.Many2one(
        "payment.transaction",
        string="Payment",
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    refund_transaction_id = fields.Many2one(
        "payment.transaction", readonly=True, ondelete="restrict"
    )
    state = fields.Selection(
        selection=[
            ("draft", "To send"),
            ("sending", "Sending"),
            ("unknown", "Outcome unknown"),
            ("pending", "Pending at the provider"),
            ("succeeded", "Succeeded"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="draft",
    )

    _amount_positive = models.Constraint(
        "CHECK(amount_minor > 0)", "Only positive amounts are moved."
    )

    @api.depends("amount_minor", "currency_id")
    def _compute_amount(self):
        for operation in self:
            operation.amount = operation.transaction_id.sudo()._from_stripe_amount(
                operation.amount_minor
            )

    def action_retry(self):
        """Make another attempt of what definitely failed, at a person's request."""
        if not self.env.user.has_groups(
            "account.group_account_invoice,base.group_system"
        ):
            raise AccessError(self.env._("Only accountants may do this."))
        self.ensure_one()
        self.check_access("read")
        self.sudo()._open_new_attempt()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_ask_now(self):
        """Ask the provider now what became of an operation."""
        if not self.env.user.has_groups(
            "account.group_account_invoice,base.group_system"
        ):
            raise AccessError(self.env._("Only accountants may do this."))
        self.check_access("read")
        self.sudo().filtered("date_next").date_next = fields.Datetime.now()
        self.env["training.payment.operation"]._trigger_sender()

    @api.model
    def _request_refund(self, transaction, amount, reason, subject=None):
        """Write down that money must be given back; it is sent after the commit.

        One subject is refunded once: asked again for the same, the first row answers.

        :param payment.transaction transaction: the payment to give back
        :param float amount: how much of it
        :param str reason: why, for people
        :param subject: the record it is for, the payment itself by default; partial
            refunds of one payment each need their own
        :return: the operation
        :raise ValidationError: when less than that is left to refund
        """
        subject = subject or transaction
        transaction_sudo = transaction.sudo()
        amount_minor = transaction_sudo._to_stripe_amount(amount)
        attempts = self._search_attempts("refund", subject)
        alive = attempts.filtered(lambda operation: operation.state != "failed")
        if alive:
            alive.ensure_one()
            if alive.amount_minor != amount_minor:
                raise UserError(
                    self.env._("This was already refunded with another amount.")
                )
            return alive
        transaction_sudo._check_refundable(amount_minor)
        return self._create_refund(
            transaction_sudo, subject, amount_minor, reason, len(attempts) + 1
        )

    @api.model
    def _request_refund_of_child(self, refund_transaction):
        """Write down the refund of a transaction that Odoo's own wizard created."""
        refund_tx_sudo = refund_transaction.sudo()
        source_sudo = refund_tx_sudo.source_transaction_id
        amount_minor = source_sudo._to_stripe_amount(-refund_tx_sudo.amount)
        source_sudo._check_refundable(amount_minor, besides=refund_tx_sudo)
        operation = self._create_refund(
            source_sudo, refund_tx_sudo, amount_minor, "", 1
        )
        operation.refund_transaction_id = refund_tx_sudo
        return operation

    def _create_refund(self, transaction_sudo, subject, amount_minor, reason, ordinal):
        operation_sudo = self.sudo().create(
            {
                "kind": "refund",
                "res_model": subject._name,
                "res_id": subject.id,
                "ordinal": ordinal,
                "amount_minor": amount_minor,
                "currency_id": transaction_sudo.currency_id.id,
                "company_id": transaction_sudo.company_id.id,
                "provider_id": transaction_sudo.provider_id.id,
                "transaction_id": transaction_sudo.id,
                "reason": reason,
            }
        )
        self._trigger_sender()
        return operation_sudo

    def _open_new_attempt(self):
        self.ensure_one()
        subject = self.env[self.res_model].browse(self.res_id).exists()
        if self.state != "failed" or not subject:
            raise UserError(
                self.env._("Only what definitely failed can be attempted again.")
            )
        amount = self.transaction_id._from_stripe_amount(self.amount_minor)
        return self._request_refund(self.transaction_id, amount, self.reason, subject)

    @api.model
    def _get_unsettled_minor(self, transaction):
        """Return what is asked back of a payment and shows in no refund of it yet."""
        domain = Domain(
            [
                ("transaction_id", "=", transaction.id),
                ("state", "!=", "failed"),
                ("refund_transaction_id", "=", False),
            ]
        )
        [[total]] = self._read_group(domain, [], ["amount_minor:sum"])
        return total or 0

    @api.model
    def _find_by_refund(self, refund):
        """Return the operation that a refund of Stripe comes from, if any."""
        key = (refund.get("metadata") or {}).get("training_operation")
        domain = Domain("provider_reference", "=", refund["id"])
        if key:
            domain |= Domain("idempotency_key", "=", key)
        return self.sudo().search(domain, limit=1)

    def _on_succeeded(self):
        """Hook: called once, when the money moved and its entries are made here."""

    def _on_failed(self):
        """Hook: called when the provider definitely did not move the money."""
        tx = self.transaction_id
        for order in tx.sale_order_ids | tx._get_training_orders():
            order.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=self.env._("A refund failed"),
                note=to_note(self.error_message),
                user_id=order.user_id.id or self.env.uid,
            )
