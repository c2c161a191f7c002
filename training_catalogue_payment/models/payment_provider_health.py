# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..services.stripe_gateway import GatewayError

_logger = logging.getLogger(__name__)


class PaymentProvider(models.Model):
    """The health of a linked Stripe account, and the end of the link (A2)."""

    _inherit = "payment.provider"

    former_training_account_id = fields.Char(
        string="Stripe account unlinked",
        copy=False,
        readonly=True,
        help="The account that the payments of this provider were made on.",
    )

    def action_training_refresh(self):
        """Ask Stripe for the present state of the linked accounts (A2)."""
        self._check_training_link_rights()
        self.filtered("training_account_id")._refresh_training_link()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_training_unlink(self):
        """Undo the link: no endpoint left at Stripe, no key left here (A2)."""
        self._check_training_link_rights()
        self.ensure_one()
        self._check_no_refund_on_its_way()
        is_clean = self._delete_training_webhook()
        self._clear_training_link()
        message = self.env._(
            "The Stripe account is no longer linked. Refund its payments in Stripe's "
            "dashboard, or link it again."
        )
        if not is_clean:
            message = self.env._(
                "The Stripe account is no longer linked, but its webhook could not be "
                "deleted: remove it in Stripe's dashboard, under Developers > Webhooks."
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if is_clean else "warning",
                "sticky": not is_clean,
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _cron_refresh_training_links(self):
        """Look at every linked account once a day, one commit each."""
        providers = self._search_readable_accounts()
        self.env["ir.cron"]._commit_progress(remaining=len(providers))
        for provider in providers:
            provider._refresh_training_link()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    @api.model
    def _search_readable_accounts(self):
        """Return the providers whose account a job can ask Stripe about.

        One that sells no more keeps its account, and an administrator may empty its
        keys: nothing is left to ask, and its card says so. An error of a job that has
        committed the others already would have it run again at once, for ever.
        """
        linked = self.search([("training_account_id", "!=", False)])
        return linked.filtered(lambda provider: provider.sudo().stripe_secret_key)

    def _has_taken_payments(self):
        """Whether payments belong to this provider, and so to its account."""
        self.ensure_one()
        domain = [
            ("provider_id", "=", self.id),
            ("provider_reference", "!=", False),
        ]
        return bool(self.env["payment.transaction"].sudo().search_count(domain, 1))

    def _check_no_refund_on_its_way(self):
        operations = self.env["training.payment.operation"]
        in_flight = operations._domain_in_flight()
        in_flight &= Domain("provider_id", "in", self.ids)
        if operations.sudo().search_count(in_flight, limit=1):
            raise UserError(
                self.env._(
                    "A refund is on its way with this account. Wait until its outcome "
                    "is known, then unlink."
                )
            )

    def _refresh_training_link(self):
        """Write what Stripe says now: a fault stops the sale, its end resumes it."""
        for provider in self:
            was_ready = provider.training_link_ready
            had_missed = bool(provider.training_missed_events)
            try:
                provider.write(provider._fetch_training_health())
            except GatewayError as error:
                provider._set_training_error(error.message)
                if error.code == "authentication":
                    provider.training_link_fault = "key_refused"
            provider._follow_training_link(was_ready, had_missed)

    def _fetch_training_health(self):
        """Return the values of the health card, as Stripe gives them now."""
        self.ensure_one()
        gateway = self._get_stripe_gateway()
        account = self._fetch_training_account(gateway)
        vals = self._prepare_training_account_vals(account, self.training_account_live)
        fault = self.training_link_fault
        if account["id"] != self.training_account_id:
            fault = "keys_changed"
        elif fault != "keys_changed":
            fault = self._find_training_webhook_fault(gateway)
            vals.update(self._find_missed_events(gateway))
        return dict(vals, training_link_fault=fault)

    def _fetch_training_account(self, gateway):
        """Return the account; a key that may not even read it was withdrawn."""
        try:
            return gateway.account()
        except GatewayError as error:
            if error.code in ("permission", "account_invalid"):
                error.code = "authentication"
            raise

    def _find_training_webhook_fault(self, gateway):
        try:
            webhook = gateway.webhook(self.training_webhook_id)
        except GatewayError as error:
            if error.code != "resource_missing":
                raise
            return "webhook_missing"
        return False if webhook.get("status") == "enabled" else "webhook_disabled"

    def _set_training_error(self, message):
        """Keep the last thing that went wrong with the account, for the health card."""
        self.write(
            {
                "training_last_error": message,
                "training_last_error_at": fields.Datetime.now(),
            }
        )

    def _delete_training_webhook(self):
        """Delete the endpoint at Stripe, as far as possible; say whether it is gone."""
        if not self.training_webhook_id or not self.stripe_secret_key:
            return True
        try:
            self._get_stripe_gateway().delete_webhook(self.training_webhook_id)
        except GatewayError as error:
            _logger.warning(
                "Webhook %s was not deleted: %s",
                self.training_webhook_id,
                error.message,
            )
            return error.code == "resource_missing"
        return True

    def _clear_training_link(self):
        link_fields = [
            name
            for name, field in self._fields.items()
            if name.startswith("training_") and field.store and not field.compute
        ]
        for provider in self.filtered("training_account_id"):
            provider.former_training_account_id = provider.training_account_id
        self.write(
            {
                **dict.fromkeys(link_fields, False),
                "state": "disabled",
                "is_published": False,
                "stripe_publishable_key": False,
                "stripe_secret_key": False,
                "stripe_webhook_secret": False,
            }
        )
        companies = self.env["res.company"].search(
            [("training_stripe_provider_id", "in", self.ids)]
        )
        companies.training_stripe_provider_id = False
