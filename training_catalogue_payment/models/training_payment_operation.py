# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..utils import to_note


class TrainingPaymentOperation(models.Model):
    """Outbox of the movements of money asked of the payment provider (D7).

    A row is written in the business transaction and sent after its commit, by a job,
    under a key of its own: a request that is retried, rolled back or killed never
    moves money twice. A row is one attempt; a definite failure may be followed by
    another row, an unknown outcome is resolved by asking.
    """

    _name = "training.payment.operation"
    _description = "Movement of money asked of the payment provider"
    _order = "id desc"
    _rec_name = "transaction_id"

    kind = fields.Selection(
        selection=[("refund", "Refund")], required=True, readonly=True
    )
    res_model = fields.Char(string="Subject model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Subject", model_field="res_model", required=True, readonly=True
    )
    ordinal = fields.Integer(string="Attempt", required=True, readonly=True, default=1)
    amount_minor = fields.Integer(
        string="Amount (minor units)", required=True, readonly=True
    )
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
    reason = fields.Char(readonly=True)
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
    is_followed_up = fields.Boolean(
        readonly=True, help="What follows a success here is done: payment, matching."
    )
    idempotency_key = fields.Char(
        string="Key", required=True, readonly=True, default=lambda self: self._new_key()
    )
    provider_reference = fields.Char(
        string="Reference at the provider", readonly=True, index="btree_not_null"
    )
    attempts = fields.Integer(string="Calls", readonly=True)
    date_sent = fields.Datetime(string="First sent", readonly=True)
    date_next = fields.Datetime(
        string="Next call", readonly=True, default=fields.Datetime.now
    )
    error_code = fields.Char(readonly=True)
    error_message = fields.Char(readonly=True)

    _subject_unique = models.UniqueIndex("(kind, res_model, res_id, ordinal)")
    _key_unique = models.UniqueIndex("(idempotency_key)")
    _due_index = models.Index("(date_next) WHERE date_next IS NOT NULL")
    _amount_positive = models.Constraint(
        "CHECK(amount_minor > 0)", "Only positive amounts are moved."
    )

    @api.model
    def _new_key(self):
        # Not derived from the id: a copy of the database must not share keys.
        return f"training-{secrets.token_hex(12)}"

    @api.depends("amount_minor", "currency_id")
    def _compute_amount(self):
        for operation in self:
            operation.amount = operation.transaction_id.sudo()._from_stripe_amount(
                operation.amount_minor
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if any(operation.attempts for operation in self):
            raise UserError(
                self.env._("What was sent to the payment provider cannot be deleted.")
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

    def _search_attempts(self, kind, subject):
        domain = [
            ("kind", "=", kind),
            ("res_model", "=", subject._name),
            ("res_id", "=", subject.id),
        ]
        return self.sudo().search(domain)

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
    def _domain_in_flight(self):
        """What may have moved money, or may still, without its outcome being known."""
        return [("state", "in", ("draft", "sending", "unknown"))]

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

    @api.model
    def _trigger_sender(self, at=None):
        cron = self.env.ref(
            "training_catalogue_payment.ir_cron_send_payment_operations"
        )
        cron.sudo()._trigger(at)

    def _on_succeeded(self):
        """Hook: called once, when the money moved and its entries are made here."""

    def _on_failed(self):
        """Hook: called when the provider definitely did not move the money."""
        for order in self.transaction_id.sale_order_ids:
            order.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=self.env._("A refund failed"),
                note=to_note(self.error_message),
                user_id=order.user_id.id or self.env.uid,
            )
