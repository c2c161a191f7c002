# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError

from ..services.mangopay_errors import GatewayError


class MangopayOperation(models.Model):
    """What a person found at Mangopay where asking found nothing (D7)."""

    _inherit = "mangopay.operation"

    def _attach(self, reference):
        """Take over the object that Mangopay has under an id, if it is what was asked.

        Dying before the commit leaves the operation unknown, as it was.

        :param str reference: what a person typed, trusted for nothing
        :raise UserError: with what does not match, or when Mangopay does not answer
        """
        self.ensure_one()
        self.lock_for_update()
        if self.state != "unknown":
            raise UserError(
                self.env._("This can only be said of what is unknown: it is known now.")
            )
        payload = self._look_at(reference)
        if reason := self._find_mismatch(payload):
            raise UserError(reason)
        self._apply_object(payload)
        self.message_post(
            body=self.env._(
                "%(user)s found it at Mangopay: %(reference)s.",
                user=self.env.user.name,
                reference=payload["Id"],
            )
        )

    def _look_at(self, reference):
        try:
            gateway = self.account_id._get_gateway()
            return getattr(gateway, self._get_spec().view)(reference)
        except GatewayError as error:
            raise UserError(
                self.env._("Mangopay says: %(message)s", message=error.message)
            ) from error

    def _find_mismatch(self, payload):
        """Return the sentence that says why an object is not what was asked for."""
        domain = [
            ("account_id", "=", self.account_id.id),
            ("provider_reference", "=", payload.get("Id")),
            ("id", "!=", self.id),
        ]
        if not payload.get("Id") or self.search_count(domain, limit=1):
            return self.env._("This is the object of another operation.")
        if self._get_spec().is_tagged and payload.get("Tag") != self.idempotency_key:
            return self.env._(
                "Its Tag is « %(tag)s », not the key of this operation: it is another "
                "one.",
                tag=payload.get("Tag") or "",
            )
        funds = payload.get("DebitedFunds") or payload.get("DeclaredDebitedFunds")
        asked = {"Currency": self.currency_id.name, "Amount": self.amount_minor}
        if self.amount_minor and funds != asked:
            return self.env._("It is of another amount or currency.")
        return ""
