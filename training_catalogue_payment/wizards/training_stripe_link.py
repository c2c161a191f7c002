# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import secrets
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.urls import urljoin

from ..models.payment_provider import WEBHOOK_EVENTS
from ..services.stripe_gateway import GatewayError
from ..services.stripe_keys import KeyFault, find_fault, is_live

_logger = logging.getLogger(__name__)

WEBHOOK_PATH = "/training/stripe/webhook/"


def delete_webhook(gateway, webhook_id):
    """Delete an endpoint that nothing here refers to any more, as far as possible."""
    try:
        gateway.delete_webhook(webhook_id)
    except GatewayError as error:
        _logger.warning("Webhook %s was not deleted: %s", webhook_id, error.message)


class TrainingStripeLink(models.TransientModel):
    """Link the Stripe account of a company with its own keys, checked live (A2)."""

    _name = "training.stripe.link"
    _description = "Link my Stripe account"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    secret_key = fields.Char(
        string="Secret or restricted key", groups="base.group_system"
    )
    publishable_key = fields.Char()
    base_url = fields.Char(string="Address of this site", compute="_compute_base_url")
    refusal = fields.Char(readonly=True)

    @api.depends("company_id")
    def _compute_base_url(self):
        for wizard in self:
            website = wizard.company_id.website_id
            parameters = self.env["ir.config_parameter"].sudo()
            wizard.base_url = (
                website.domain and website.get_base_url()
            ) or parameters.get_param("web.base.url")

    def action_link(self):
        """Check both keys with Stripe, then link, or say why not and change nothing."""
        self.ensure_one()
        self.env["payment.provider"]._check_training_link_rights()
        secret_key = (self.secret_key or "").strip()
        publishable_key = (self.publishable_key or "").strip()
        # Whatever happens next, the key does not stay in this table.
        self.write({"secret_key": False, "refusal": False})
        try:
            values = self._prepare_link(secret_key, publishable_key)
        except GatewayError as error:
            self.refusal = self._explain(error)
            return self._reopen()
        except UserError as error:
            self.refusal = str(error)
            return self._reopen()
        self._apply_link(values)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The Stripe account is linked."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Link my Stripe account"),
        }

    def _prepare_link(self, secret_key, publishable_key):
        """Check everything, and create the endpoint last; nothing is written here.

        :return: the values of the provider
        :raise UserError: with the reason of a refusal
        :raise GatewayError: when Stripe refuses or does not answer
        """
        if fault := find_fault(secret_key, publishable_key):
            raise UserError(self._get_fault_messages()[fault])
        live = is_live(secret_key)
        self._check_company(live)
        providers = self.env["payment.provider"]
        gateway = providers._get_stripe_gateway(secret_key)
        account = gateway.account()
        self._check_account(account, live)
        gateway.check_publishable_key(publishable_key)
        token = secrets.token_urlsafe(32)
        url = urljoin(self.base_url, WEBHOOK_PATH + token)
        webhook = gateway.create_webhook(url, WEBHOOK_EVENTS)
        # Should the rest fail, or this request be retried, no endpoint stays behind.
        self.env.cr.postrollback.add(partial(delete_webhook, gateway, webhook["id"]))
        return {
            **providers._prepare_training_account_vals(account, live),
            "stripe_secret_key": secret_key,
            "stripe_publishable_key": publishable_key,
            "stripe_webhook_secret": webhook["secret"],
            "training_account_id": account["id"],
            "training_webhook_id": webhook["id"],
            "training_webhook_token": token,
            "training_linked_at": fields.Datetime.now(),
            "training_missed_events": 0,
            "training_missed_since": False,
            "training_link_fault": False,
            "training_last_error": False,
            "training_last_error_at": False,
            # Or the account would reserve the price of a training and never take it.
            "capture_manually": False,
            "state": "enabled" if live else "test",
            "is_published": True,
        }

    def _check_account(self, account, live):
        if live and not account.get("charges_enabled"):
            raise UserError(
                self.env._(
                    "Stripe does not accept payments on this account yet: finish its "
                    "activation in Stripe's dashboard, then link it."
                )
            )

    def _apply_link(self, values):
        former = self.company_id.training_stripe_provider_id
        provider = self._find_provider(
            values["training_account_id"]
        ) or self._create_provider(values["training_account_id"])
        self._replace_webhook(provider)
        provider.write(values)
        self.company_id.training_stripe_provider_id = provider
        if self.company_id.chart_template == "fr":
            # Another chart's accountant chooses the accounts in the settings first.
            provider._use_training_transit_account()
        (former - provider).write({"state": "disabled", "is_published": False})
        self.env.flush_all()

    def _check_company(self, live):
        """Refuse what would only fail later: no bank journal, no secure address."""
        journals = self.env["account.journal"].sudo()
        domain = [("type", "=", "bank"), ("company_id", "=", self.company_id.id)]
        if not journals.search_count(domain, limit=1):
            raise UserError(
                self.env._(
                    "%(company)s has no bank journal to record the payments in.",
                    company=self.company_id.name,
                )
            )
        if live and not self.base_url.startswith("https://"):
            raise UserError(
                self.env._(
                    "Stripe only calls secure public addresses, and this site is known "
                    "as %(url)s. Set the website's domain with https, then link.",
                    url=self.base_url,
                )
            )

    def _find_provider(self, account_id):
        """Return the provider of this account, else one that has taken no payment.

        An account keeps its own provider, with its key and its endpoint, when another
        one is linked: what it was paid can still be refunded, and what Stripe announces
        of it is still received. It sells no more.
        """
        providers = self.env["payment.provider"].search(
            [("code", "=", "stripe"), ("company_id", "=", self.company_id.id)]
        )
        linked = self.company_id.training_stripe_provider_id
        same = providers.filtered(
            lambda one: (
                account_id in (one.training_account_id, one.former_training_account_id)
            )
        )
        free = (linked | providers).filtered(lambda one: not one._has_taken_payments())
        return (same & linked or same or free)[:1]

    def _create_provider(self, account_id):
        """Copy another Stripe provider, as Odoo's own interface does.

        Its name differs from the company's other one: both share a journal, whose
        payment methods have a name each.
        """
        providers_sudo = self.env["payment.provider"].sudo()
        model_sudo = providers_sudo.search([("code", "=", "stripe")], limit=1)
        if not model_sudo:
            raise UserError(
                self.env._("The Stripe payment provider is missing: reinstall it.")
            )
        values = {"company_id": self.company_id.id, "name": model_sudo.name}
        if model_sudo.search_count(
            [("code", "=", "stripe"), ("company_id", "=", self.company_id.id)], 1
        ):
            values["name"] = f"Stripe ({account_id})"
        return model_sudo.copy(values).with_env(self.env)

    def _replace_webhook(self, provider):
        """Plan the removal of the endpoint of a former link, once this one is saved."""
        if provider.training_webhook_id and provider.stripe_secret_key:
            former = provider._get_stripe_gateway(provider.stripe_secret_key)
            self.env.cr.postcommit.add(
                partial(delete_webhook, former, provider.training_webhook_id)
            )

    def _get_fault_messages(self):
        return {
            KeyFault.SECRET_MALFORMED: self.env._(
                "This is not a secret or restricted key of Stripe: it begins with "
                "sk_live_, sk_test_, rk_live_ or rk_test_."
            ),
            KeyFault.SECRET_IS_PUBLISHABLE: self.env._(
                "The publishable key was entered as the secret key."
            ),
            KeyFault.PUBLISHABLE_MALFORMED: self.env._(
                "This is not a publishable key of Stripe: it begins with pk_live_ or "
                "pk_test_."
            ),
            KeyFault.PUBLISHABLE_IS_SECRET: self.env._(
                "A secret key was entered as the publishable key: it would be shown "
                "to visitors. Revoke it in Stripe's dashboard if it was sent to anyone."
            ),
            KeyFault.MODES_DIFFER: self.env._(
                "One key is for trial, the other for real payments. Copy both from "
                "the same mode."
            ),
        }

    def _explain(self, error):
        """Say in a sentence why Stripe did not do what was asked."""
        if error.code == "authentication":
            return self.env._(
                "Stripe refuses the secret key: it is mistyped or was revoked."
            )
        if error.code == "publishable_key":
            return self.env._(
                "Stripe does not know this publishable key: it is mistyped or was "
                "revoked."
            )
        if error.code == "other_account":
            return self.env._(
                "The two keys belong to different Stripe accounts. Copy both from the "
                "same account."
            )
        if error.code == "permission":
            return self.env._(
                "The restricted key lacks a permission. Stripe says: %(message)s",
                message=error.message,
            )
        if error.retryable:
            return self.env._("Stripe does not answer. Nothing was changed, try later.")
        return self.env._("Stripe refuses. It says: %(message)s", message=error.message)
