# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..services.mangopay_errors import GatewayError
from ..services.mangopay_gateway import MangopayGateway


class MangopayLink(models.TransientModel):
    """Link a company to its account at Mangopay; the keys are checked live."""

    _name = "mangopay.link"
    _description = "Link my Mangopay account"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    mode = fields.Selection(
        selection=[("trial", "Trial (sandbox)"), ("live", "Real payments")],
        required=True,
        default="trial",
    )
    client_id = fields.Char()
    api_key = fields.Char(string="API key", groups="base.group_system")
    refusal = fields.Char(readonly=True)

    def action_link(self):
        """Check the keys with Mangopay, then link, or say why not, changing nothing."""
        self.ensure_one()
        self.env["mangopay.account"]._check_rights()
        client_id, api_key = (self.client_id or "").strip(), self._take_key()
        try:
            name = self._check_keys(client_id, api_key)
            self._apply_link(client_id, api_key, name)
        except GatewayError as error:
            self.refusal = self._explain(error)
        except UserError as error:
            self.refusal = str(error)
        else:
            return {"type": "ir.actions.client", "tag": "soft_reload"}
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Link my Mangopay account"),
        }

    def _take_key(self):
        """Return the key. Whatever happens next, it does not stay in this table."""
        api_key = (self.api_key or "").strip()
        self.write({"api_key": False, "refusal": False})
        return api_key

    def _check_keys(self, client_id, api_key):
        """Return the name of the client that the keys open.

        :raise GatewayError: when Mangopay refuses them or does not answer
        """
        if not client_id or not api_key:
            raise UserError(self.env._("Enter the client id and its API key."))
        if not (client_id + api_key).isascii():
            raise UserError(
                self.env._("A key holds no accented letter: copy it again.")
            )
        options = self.env["mangopay.account"]._get_gateway_options()
        gateway = MangopayGateway(
            client_id, api_key, is_live=self.mode == "live", **options
        )
        return gateway.client().get("Name") or client_id

    @api.private
    def _apply_link(self, client_id, api_key, name):
        now = fields.Datetime.now()
        accounts = self.env["mangopay.account"].with_context(active_test=False)
        domain = [("company_id", "=", self.company_id.id)]
        same = [("client_id", "=", client_id), ("is_live", "=", self.mode == "live")]
        self._check_not_elsewhere(same)
        former = accounts.search([*domain, ("active", "=", True)])
        account = accounts.search(domain + same)
        if former and former != account:
            former.action_unlink_account()
            # One account is active at a time: that one first.
            former.flush_recordset()
        values = {
            "active": True,
            "api_key": api_key,
            "name": name,
            "fault": False,
            "checked_at": now,
        }
        if account:
            account.write(
                {**values, "hook_token": account.hook_token or self._new_token()}
            )
        else:
            account = accounts.create(
                {
                    **values,
                    "company_id": self.company_id.id,
                    "client_id": client_id,
                    "is_live": self.mode == "live",
                    "hook_token": self._new_token(),
                    "recovered_until": now,
                }
            )
        account._offer_payment()

    def _check_not_elsewhere(self, same):
        """Mangopay notifies one address: two companies cannot share a client.

        :raise UserError: when another company uses these keys
        """
        others = [("company_id", "!=", self.company_id.id), *same]
        if self.env["mangopay.account"].sudo().search_count(others, limit=1):
            raise UserError(
                self.env._("Another company already uses this account at Mangopay.")
            )

    def _new_token(self):
        return secrets.token_urlsafe(32)

    def _explain(self, error):
        """Say in a sentence why Mangopay did not do what was asked."""
        if error.code == "authentication":
            return self.env._(
                "Mangopay refuses these keys: one is mistyped or revoked, or they are "
                "of the other mode."
            )
        if error.retryable:
            return self.env._(
                "Mangopay does not answer. Nothing was changed, try later."
            )
        return self.env._(
            "Mangopay refuses. It says: %(message)s", message=error.message
        )
