# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..services.stripe_gateway import StripeGateway

# What the endpoint of a linked account listens to; all are hints, see the inbox.
WEBHOOK_EVENTS = [
    "payment_intent.processing",
    "payment_intent.amount_capturable_updated",
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.canceled",
    "setup_intent.succeeded",
    "charge.refunded",
    "charge.refund.updated",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "charge.dispute.closed",
    "payout.paid",
    "payout.failed",
    "payout.canceled",
    "payout.reconciliation_completed",
    "account.updated",
    "account.application.deauthorized",
]


class PaymentProvider(models.Model):
    """The link between a company and its own Stripe account, and its health (A2)."""

    _inherit = "payment.provider"

    training_account_id = fields.Char(
        string="Stripe account", copy=False, readonly=True, index="btree_not_null"
    )
    training_account_name = fields.Char(
        string="Name of the account", copy=False, readonly=True
    )
    training_account_country = fields.Char(
        string="Country of the account", copy=False, readonly=True
    )
    training_account_currency = fields.Char(
        string="Currency of the account", copy=False, readonly=True
    )
    training_account_live = fields.Boolean(
        string="Live account", copy=False, readonly=True
    )
    training_charges_enabled = fields.Boolean(
        string="Payments accepted",
        copy=False,
        readonly=True,
        help="In test mode Stripe accepts trial payments before the account is active.",
    )
    training_payouts_enabled = fields.Boolean(
        string="Payouts enabled", copy=False, readonly=True
    )
    training_link_fault = fields.Selection(
        selection=[
            ("key_refused", "Stripe refuses the key: link the account again."),
            ("keys_changed", "The keys were changed by hand: link the account again."),
            (
                "webhook_missing",
                "The webhook is gone at Stripe: link the account again.",
            ),
            ("webhook_disabled", "Stripe has switched the webhook off: link it again."),
        ],
        string="What is wrong with the link",
        copy=False,
        readonly=True,
    )
    training_webhook_id = fields.Char(
        string="Webhook at Stripe",
        copy=False,
        readonly=True,
        groups="base.group_system",
    )
    training_webhook_token = fields.Char(
        string="Token of the webhook address",
        copy=False,
        readonly=True,
        groups="base.group_system",
    )
    training_webhook_state = fields.Selection(
        selection=[
            ("missing", "None"),
            ("unsigned", "No signing secret"),
            ("disabled", "Switched off by Stripe"),
            ("enabled", "Working"),
        ],
        string="Webhook",
        compute="_compute_training_webhook_state",
        compute_sudo=True,
    )
    training_last_event_at = fields.Datetime(
        string="Last event received", compute="_compute_training_last_event_at"
    )
    training_last_error = fields.Char(string="Last error", copy=False, readonly=True)
    training_last_error_at = fields.Datetime(
        string="Date of the last error", copy=False, readonly=True
    )
    training_checked_at = fields.Datetime(
        string="Last checked", copy=False, readonly=True
    )
    training_link_ready = fields.Boolean(
        string="Ready to sell training",
        compute="_compute_training_link_ready",
        store=True,
        compute_sudo=True,
    )

    _training_webhook_token_unique = models.UniqueIndex(
        "(training_webhook_token) WHERE training_webhook_token IS NOT NULL"
    )

    @api.depends("training_webhook_id", "stripe_webhook_secret", "training_link_fault")
    def _compute_training_webhook_state(self):
        for provider in self:
            fault = provider.training_link_fault
            if not provider.training_webhook_id or fault == "webhook_missing":
                provider.training_webhook_state = "missing"
            elif not provider.stripe_webhook_secret:
                provider.training_webhook_state = "unsigned"
            elif fault == "webhook_disabled":
                provider.training_webhook_state = "disabled"
            else:
                provider.training_webhook_state = "enabled"

    @api.depends("code")
    def _compute_training_last_event_at(self):
        groups = self.env["training.payment.event"]._read_group(
            [("provider_id", "in", self.ids)], ["provider_id"], ["create_date:max"]
        )
        last = {provider.id: date for provider, date in groups}
        for provider in self:
            provider.training_last_event_at = last.get(provider._origin.id)

    @api.depends(
        "code",
        "state",
        "stripe_publishable_key",
        "stripe_secret_key",
        "stripe_webhook_secret",
        "training_charges_enabled",
        "training_link_fault",
    )
    def _compute_training_link_ready(self):
        for provider in self:
            provider.training_link_ready = bool(
                provider.code == "stripe"
                and provider.state != "disabled"
                and provider.stripe_secret_key
                and provider.stripe_publishable_key
                and provider.stripe_webhook_secret
                and provider.training_charges_enabled
                and not provider.training_link_fault
            )

    @api.constrains("capture_manually", "training_account_id")
    def _check_captured_at_once(self):
        """Sell for money only: an amount that is merely reserved on a card may never
        be captured, and its seat, invoice and mails would stand for nothing."""
        for provider in self:
            if provider.training_account_id and provider.capture_manually:
                raise ValidationError(
                    provider.env._(
                        "Training sessions are paid for at once with %(provider)s: "
                        "untick « Capture Amount Manually ».",
                        provider=provider.name,
                    )
                )

    def write(self, vals):
        """Stop selling when keys that were checked are replaced by hand."""
        keys = {"stripe_secret_key", "stripe_publishable_key", "stripe_webhook_secret"}
        linked = self.filtered("training_account_id")
        if not linked or not keys & vals.keys() or "training_account_id" in vals:
            return super().write(vals)
        if others := self - linked:
            super(PaymentProvider, others).write(vals)
        vals = dict(vals, training_link_fault="keys_changed")
        return super(PaymentProvider, linked).write(vals)

    def _check_training_link_rights(self):
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._("Only an administrator may link a Stripe account.")
            )

    def _get_stripe_gateway(self, secret_key=None):
        """Return the way to Stripe for this provider, or for a key being checked."""
        key = secret_key or self.sudo().stripe_secret_key
        if not key:
            raise UserError(self.env._("No Stripe account is linked."))
        return StripeGateway(key, **self._get_stripe_gateway_options())

    def _get_stripe_gateway_options(self):
        """Hook: what the gateway is built with besides the key; none in production."""
        return {}

    @api.model
    def _prepare_training_account_vals(self, account, is_live):
        """Return what is kept of an account that Stripe described."""
        dashboard = (account.get("settings") or {}).get("dashboard") or {}
        profile = account.get("business_profile") or {}
        return {
            "training_account_name": dashboard.get("display_name")
            or profile.get("name")
            or account.get("email")
            or account["id"],
            "training_account_country": account.get("country"),
            "training_account_currency": (
                account.get("default_currency") or ""
            ).upper(),
            "training_account_live": is_live,
            "training_charges_enabled": bool(
                account.get("charges_enabled") or not is_live
            ),
            "training_payouts_enabled": bool(account.get("payouts_enabled")),
            "training_checked_at": fields.Datetime.now(),
        }
