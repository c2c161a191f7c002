# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..services.mangopay_errors import GatewayError
from ..services.mangopay_gateway import MangopayGateway
from .mangopay_token import SharedTokens


class MangopayAccount(models.Model):
    """A client of Mangopay, in trial or real mode, that a company uses.

    A company has one at a time; users, wallets and operations belong to the account
    they were made in, for nothing of one exists in another. A former one is archived.
    """

    _name = "mangopay.account"
    _description = "Mangopay account of a company"
    _rec_name = "client_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict", index=True
    )
    active = fields.Boolean(default=True, readonly=True)
    client_id = fields.Char(required=True, readonly=True)
    is_live = fields.Boolean(string="Real payments", readonly=True)
    api_key = fields.Char(
        string="API key", readonly=True, copy=False, groups="base.group_system"
    )
    hook_token = fields.Char(readonly=True, copy=False, groups="base.group_system")
    name = fields.Char(string="Name at Mangopay", readonly=True)
    checked_at = fields.Datetime(readonly=True)
    fault = fields.Selection(
        selection=[("key_refused", "Mangopay refuses the key")], readonly=True
    )
    hook_state = fields.Selection(
        selection=[
            ("none", "Not created"),
            ("ready", "Ready"),
            ("incomplete", "Some are missing"),
            ("invalid", "Some were stopped by Mangopay"),
            ("foreign", "Some go to another address"),
        ],
        string="Notifications",
        default="none",
        readonly=True,
    )
    hook_detail = fields.Text(readonly=True)
    last_event_at = fields.Datetime(compute="_compute_last_event_at")
    last_error = fields.Char(compute="_compute_last_error")
    last_error_at = fields.Datetime(compute="_compute_last_error")
    is_ready = fields.Boolean(
        compute="_compute_is_ready", help="Keys accepted, notifications ready."
    )

    _company_unique = models.UniqueIndex("(company_id) WHERE active")
    _client_unique = models.UniqueIndex("(company_id, client_id, is_live)")
    _token_unique = models.UniqueIndex("(hook_token)")

    @api.depends("fault", "hook_state", "active")
    def _compute_is_ready(self):
        for account in self:
            account.is_ready = (
                account.active and not account.fault and account.hook_state == "ready"
            )

    def _compute_last_event_at(self):
        groups = self.env["mangopay.event"]._read_group(
            [("account_id", "in", self.ids)], ["account_id"], ["create_date:max"]
        )
        last = dict(groups)
        for account in self:
            account.last_event_at = last.get(account)

    def _compute_last_error(self):
        operations = self.env["mangopay.operation"].sudo()
        groups = operations._read_group(
            [
                ("account_id", "in", self.ids),
                ("error_message", "!=", False),
                ("error_code", "!=", "withdrawn"),
            ],
            ["account_id"],
            ["id:max"],
        )
        last = {account: operations.browse(last_id) for account, last_id in groups}
        for account in self:
            operation = last.get(account, operations)
            account.last_error = operation.error_message
            account.last_error_at = operation.write_date

    @api.model
    def _get_of(self, company):
        """Return the account that a company uses now, or an empty recordset."""
        return self.sudo().search([("company_id", "=", company.id)], limit=1)

    def _get_gateway(self):
        """Return the door to Mangopay with this account's keys.

        :raise GatewayError: ``not_configured`` when the keys are gone
        """
        self.ensure_one()
        account_sudo = self.sudo()
        return MangopayGateway(
            account_sudo.client_id,
            account_sudo.api_key,
            is_live=account_sudo.is_live,
            tokens=self._get_tokens(),
            **self._get_gateway_options(),
        )

    def _try_gateway(self):
        """Return the door to Mangopay, None when the keys are gone."""
        try:
            return self._get_gateway()
        except GatewayError:
            return None

    @api.model
    def _get_tokens(self):
        """Hook: where tokens are kept."""
        return SharedTokens(self.env.registry)

    @api.model
    def _get_gateway_options(self):
        """Hook: other options of the gateway; a stand-in gives its address."""
        return {}

    @api.model
    def _check_rights(self):
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only an administrator may change this."))

    def _check_nothing_in_flight(self):
        operations = self.env["mangopay.operation"].sudo()
        domain = operations._domain_in_flight() & Domain("account_id", "in", self.ids)
        if operations.search_count(domain, limit=1):
            raise UserError(
                self.env._(
                    "Something asked of Mangopay has no known outcome yet. Wait until "
                    "it is known, or decide it in the list of operations."
                )
            )
        if self._has_money_on_its_way():
            raise UserError(
                self.env._(
                    "Money is still on its way at Mangopay: payments, refunds, "
                    "transfers to sellers or payouts. Without the key nobody could "
                    "follow it. Wait until it has arrived."
                )
            )

    def _has_money_on_its_way(self):
        """Tell whether real money would be left without anybody who follows it."""
        if not any(account.is_live for account in self):
            return False
        pending = [
            ("account_id", "in", self.ids),
            ("state", "=", "pending"),
            ("amount_minor", ">", 0),
        ]
        waiting = [
            ("company_id", "in", self.company_id.ids),
            ("transfer_state", "in", ("waiting", "asked", "failed")),
        ]
        return bool(
            self.env["mangopay.operation"].sudo().search_count(pending, limit=1)
            or self.env["marketplace.sale"].sudo().search_count(waiting, limit=1)
        )

    def action_refresh(self):
        """Ask Mangopay for the present state of the account."""
        self._check_rights()
        self._refresh()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_create_hooks(self):
        """Ask Mangopay to notify us; addresses of other systems are left alone."""
        return self._create_hooks_for_person(is_replacing=False)

    def action_replace_hooks(self):
        """Ask Mangopay to notify us instead of whoever it notifies now."""
        return self._create_hooks_for_person(is_replacing=True)

    def _create_hooks_for_person(self, is_replacing):
        self._check_rights()
        self.ensure_one()
        try:
            self._create_hooks(is_replacing)
        except GatewayError as error:
            raise UserError(
                self.env._("Mangopay says: %(message)s", message=error.message)
            ) from error
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_unlink_account(self):
        """Stop using the account: no notification, no key left here."""
        self._check_rights()
        self.ensure_one()
        self._check_nothing_in_flight()
        self._disable_hooks()
        self._withdraw_payment()
        self.write(
            {
                "active": False,
                "api_key": False,
                "hook_token": False,
                "hook_state": "none",
                "hook_detail": False,
            }
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.model
    def _cron_refresh_accounts(self):
        """Look at every account once a day, one commit each.

        Notifications that Mangopay stopped are woken, what was missed is taken in.
        """
        # A company has one: they are few.
        accounts = self.search([])  # pylint: disable=no-search-all
        self.env["ir.cron"]._commit_progress(remaining=len(accounts))
        for account in accounts:
            account._refresh(is_mending=True)
            if not account.fault:
                account._recover_events()
            if not self.env["ir.cron"]._commit_progress(1):
                break
