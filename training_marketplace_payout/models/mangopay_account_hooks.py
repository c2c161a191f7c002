# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import secrets
from urllib.parse import urlsplit

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.urls import urljoin

from ..services.mangopay_errors import GatewayError
from ..services.mangopay_kinds import EVENT_TYPES

_logger = logging.getLogger(__name__)

HOOK_PATH = "/marketplace/mangopay/hook/"


class MangopayAccount(models.Model):
    """The notifications of an account, and its health (D8).

    Mangopay calls one address for each type of event, and stops calling one that
    failed 100 times in a row: it must be told again that the address is valid.
    """

    _inherit = "mangopay.account"

    hook_refused = fields.Text(
        readonly=True, help="Types of events that Mangopay does not announce."
    )
    recovered_until = fields.Datetime(
        readonly=True, help="What was announced before was taken in."
    )

    def _get_base_url(self):
        """Return the address of the site as Mangopay must know it."""
        website = self.company_id.website_id
        parameters = self.env["ir.config_parameter"].sudo()
        return (website.domain and website.get_base_url()) or parameters.get_param(
            "web.base.url"
        )

    def _get_hook_url(self):
        self.ensure_one()
        return urljoin(self._get_base_url(), HOOK_PATH + self.sudo().hook_token)

    def _create_hooks(self, is_replacing=False):
        """Have each type of event announced to this address.

        Each call may be repeated: dying in between leaves hooks that are found again.

        :param bool is_replacing: whether another system's addresses are replaced
        :raise GatewayError: when Mangopay does not answer
        """
        self.ensure_one()
        url = self._get_hook_url()
        if self.is_live and not url.startswith("https://"):
            raise UserError(
                self.env._(
                    "Mangopay only calls secure public addresses, and this site is "
                    "known as %(url)s. Set the website's domain with https.",
                    url=self._get_base_url(),
                )
            )
        gateway = self._get_gateway()
        hooks = {hook["EventType"]: hook for hook in gateway.hooks()}
        refused = []
        for event_type in EVENT_TYPES:
            hook = hooks.get(event_type)
            try:
                if not hook:
                    key = f"hook-{secrets.token_hex(14)}"
                    hooks[event_type] = gateway.create_hook(event_type, url, key)
                elif self._is_ours(hook) or is_replacing:
                    hooks[event_type] = self._mend_hook(gateway, hook, url)
            except GatewayError as error:
                if not error.is_definite:
                    raise
                refused.append(f"{event_type}: {error.message}")
        self.hook_refused = "\n".join(refused)
        self._write_hook_state(hooks)

    def _is_ours(self, hook):
        """Tell a hook that this site registered, under this token or a former one."""
        ours, theirs = urlsplit(self._get_base_url()), urlsplit(hook.get("Url") or "")
        return theirs.netloc == ours.netloc and theirs.path.startswith(HOOK_PATH)

    def _mend_hook(self, gateway, hook, url):
        """Bring a hook to our address, enabled and valid; ask nothing if it is."""
        wanted = {"Url": url, "Status": "ENABLED", "Validity": "VALID"}
        changes = {
            name: value for name, value in wanted.items() if hook.get(name) != value
        }
        if not changes:
            return hook
        return {**hook, **gateway.update_hook(hook["Id"], **changes)}

    def _write_hook_state(self, hooks):
        url = self._get_hook_url()
        refused = (self.hook_refused or "").splitlines()
        missing, stopped, foreign = [], [], []
        for event_type in EVENT_TYPES:
            hook = hooks.get(event_type)
            if not hook:
                missing.append(event_type)
            elif hook.get("Url") != url:
                foreign.append(f"{event_type}: {hook.get('Url')}")
            elif hook.get("Status") != "ENABLED" or hook.get("Validity") == "INVALID":
                stopped.append(event_type)
        state = "ready"
        if foreign:
            state = "foreign"
        elif stopped:
            state = "invalid"
        elif missing:
            # Types that this client of Mangopay does not have are no fault of ours.
            known = {line.split(":")[0] for line in refused}
            state = "ready" if known >= set(missing) else "incomplete"
        if len(missing) == len(EVENT_TYPES):
            state = "none"
        detail = [*foreign, *stopped, *(refused or missing)]
        self.write({"hook_state": state, "hook_detail": "\n".join(detail[:20])})

    def _disable_hooks(self):
        """Stop Mangopay's calls, as far as possible."""
        gateway = self._try_gateway()
        if not gateway:
            return
        try:
            for hook in gateway.hooks():
                if hook.get("Url") == self._get_hook_url():
                    gateway.update_hook(hook["Id"], Status="DISABLED")
        except GatewayError as error:
            _logger.warning("Notifications were not stopped: %s", error.message)

    def _refresh(self, is_mending=False):
        """Write what Mangopay says now of the accounts and of their notifications.

        :param bool is_mending: whether hooks that Mangopay stopped are woken
        """
        for account in self:
            try:
                gateway = account._get_gateway()
                client = gateway.client()
                hooks = {hook["EventType"]: hook for hook in gateway.hooks()}
                if is_mending and account.hook_state != "none":
                    account._wake_hooks(gateway, hooks)
            except GatewayError as error:
                _logger.info("Account %s: %s", account.id, error.message)
                if error.code in ("authentication", "not_configured"):
                    account.fault = "key_refused"
                continue
            account.write(
                {
                    "name": client.get("Name"),
                    "fault": False,
                    "checked_at": fields.Datetime.now(),
                }
            )
            account._write_hook_state(hooks)

    def _recover_events(self):
        """Take in what was announced since the last time; what fails is tried again
        tomorrow, from the same date."""
        now = fields.Datetime.now()
        try:
            if self.recovered_until:
                self.env["mangopay.event"]._recover_missed(self, self.recovered_until)
            self.recovered_until = now
        except GatewayError as error:
            _logger.info("Account %s: %s", self.id, error.message)

    def _wake_hooks(self, gateway, hooks):
        url = self._get_hook_url()
        for event_type, hook in hooks.items():
            if hook.get("Url") == url:
                hooks[event_type] = self._mend_hook(gateway, hook, url)
