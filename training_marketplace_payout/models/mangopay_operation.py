# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError

from odoo.addons.payment.utils import to_major_currency_units

from ..services.mangopay_kinds import KINDS

WARNING = "mail.mail_activity_data_warning"
DECIDERS = "account.group_account_manager,base.group_system"


class MangopayOperation(models.Model):
    """Outbox of what is asked of Mangopay (D7).

    An outcome that is unknown is resolved by asking, and 24 hours later by a person.
    """

    _name = "mangopay.operation"
    _description = "What is asked of Mangopay"
    _inherit = ["mail.thread", "mail.activity.mixin", "training.outbox.mixin"]
    _order = "id desc"
    _rec_name = "idempotency_key"

    _send_job = "training_marketplace_payout.ir_cron_send_mangopay_operations"
    _key_prefix = "odoo"

    kind = fields.Selection(
        selection=[
            ("user", "User"),
            ("wallet", "Wallet"),
            ("payin", "Card payment"),
            ("bankwire", "Payment by bank transfer"),
            ("payin_refund", "Refund of a payment"),
            ("transfer", "Transfer between wallets"),
            ("transfer_refund", "Transfer taken back"),
            ("payout", "Payout"),
            ("settlement", "Settlement of a dispute"),
            ("recipient", "Bank account"),
            ("document", "Document"),
            ("ubo_declaration", "Declaration of beneficial owners"),
            ("identity_verification", "Identity verification"),
        ],
        required=True,
        readonly=True,
    )
    account_id = fields.Many2one(
        "mangopay.account", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(compute="_compute_amount")
    arguments = fields.Json(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="What is sent; forgotten as soon as it has succeeded.",
    )
    answer = fields.Json(
        readonly=True, copy=False, help="What Mangopay last said of it, in short."
    )
    state = fields.Selection(
        selection=[
            ("draft", "To send"),
            ("sending", "Sending"),
            ("unknown", "Outcome unknown"),
            ("pending", "Pending at Mangopay"),
            ("succeeded", "Succeeded"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="draft",
    )
    provider_reference = fields.Char(string="Reference at Mangopay")
    date_last_sent = fields.Datetime(string="Last sent", readonly=True)
    error_reference = fields.Char(string="Mangopay's reference", readonly=True)

    _error_index = models.Index("(account_id, id) WHERE error_message IS NOT NULL")
    _amount_positive = models.Constraint(
        "CHECK(amount_minor >= 0)", "An amount cannot be negative."
    )

    @api.depends("amount_minor", "currency_id")
    def _compute_amount(self):
        for operation in self:
            currency = operation.currency_id
            operation.amount = currency and to_major_currency_units(
                operation.amount_minor, currency
            )

    @api.model
    def _request(self, kind, subject, account, arguments, again=False, **values):
        """Write down what Mangopay must be asked; it is sent after the commit.

        One subject has one living operation of a kind: asked again for the same, the
        first row answers.

        :param str kind: see `services.mangopay_kinds.KINDS`
        :param subject: the record it is for
        :param account: the `mangopay.account` whose keys are used
        :param dict arguments: plain values of the gateway's method, the amount, the
            currency and the key left out
        :param bool again: whether what was done before is to be done once more
        :param values: amount_minor, currency_id (a record's id), reason
        :return: the operation
        :raise UserError: when one is alive with another amount
        """
        attempts = self._search_attempts(kind, subject)
        ended = ("failed", "succeeded") if again else ("failed",)
        alive = attempts.filtered(lambda operation: operation.state not in ended)
        if alive:
            alive.ensure_one()
            if alive.amount_minor != values.get("amount_minor", 0):
                raise UserError(
                    self.env._("This was already asked of Mangopay, otherwise.")
                )
            return alive
        operation_sudo = self._write_down(
            {
                "kind": kind,
                "res_model": subject._name,
                "res_id": subject.id,
                "account_id": account.id,
                "arguments": arguments,
                "ordinal": len(attempts) + 1,
                **values,
            }
        )
        self._trigger_sender()
        return operation_sudo

    def _write_down(self, values):
        # Nobody follows a row, and its history is in its fields.
        quiet_sudo = self.with_context(tracking_disable=True).sudo()
        try:
            with self.env.cr.savepoint():
                operation_sudo = quiet_sudo.create(values)
        except UniqueViolation as error:
            # Somebody asked the same at the same moment: look again, and find it.
            raise ConcurrencyError(str(error)) from error
        return self.sudo().browse(operation_sudo.id)

    def _get_subject(self):
        """Return the record the operation is for, empty when it is gone."""
        self.ensure_one()
        if self.res_model not in self.env:
            return self.env["mangopay.operation"]
        return self.env[self.res_model].browse(self.res_id).exists()

    def _get_spec(self):
        return KINDS[self.kind]

    def _check_decider(self):
        if not self.env.user.has_groups(DECIDERS):
            raise AccessError(self.env._("Only accounting managers may do this."))
        self.check_access("read")

    def action_retry(self):
        """Make another attempt of what definitely failed, at a person's request."""
        self._check_decider()
        for operation_sudo in self.sudo():
            operation_sudo._open_new_attempt()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_ask_now(self):
        """Ask Mangopay now what became of operations."""
        self._check_decider()
        open_sudo = self.sudo().filtered(
            lambda operation: operation.state in ("unknown", "pending", "draft")
        )
        open_sudo.date_next = fields.Datetime.now()
        self._trigger_sender()

    def action_declare_failed(self):
        """Write down that a person looked, and found nothing at Mangopay.

        :raise UserError: while the key is alive: until then, asking decides
        """
        self._check_decider()
        limit = fields.Datetime.now() - timedelta(hours=24)
        for operation_sudo in self.sudo():
            operation_sudo.lock_for_update()
            if operation_sudo.state != "unknown" or operation_sudo.date_sent > limit:
                raise UserError(
                    self.env._(
                        "This can only be said of what has been unknown for 24 hours."
                    )
                )
            operation_sudo.activity_unlink([WARNING])
            operation_sudo.write(
                {
                    "state": "failed",
                    "date_next": fields.Datetime.now(),
                    "error_code": "declared",
                    "error_message": self.env._(
                        "%(user)s found no trace of it at Mangopay.",
                        user=self.env.user.name,
                    ),
                }
            )
        self._trigger_sender()

    def _open_new_attempt(self):
        self.ensure_one()
        subject = self._get_subject()
        if self.state != "failed" or not subject:
            raise UserError(
                self.env._("Only what definitely failed can be attempted again.")
            )
        if isinstance(subject, self.pool["mangopay.subject.mixin"]):
            asked = subject._retry_mangopay(self)
            if asked is not None:
                return asked
        return self._request(
            self.kind,
            subject,
            self.account_id,
            self.arguments,
            amount_minor=self.amount_minor,
            currency_id=self.currency_id.id,
            reason=self.reason,
        )
