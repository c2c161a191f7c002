# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..services.mangopay_errors import GatewayError


class MangopaySubjectMixin(models.AbstractModel):
    """A subject whose object has more states than « done » and « failed »."""

    _inherit = "mangopay.subject.mixin"

    def _on_mangopay_seen(self, operation, payload):
        """Hook: called each time the object was asked for, whatever its state.

        In the transaction that writes the same on the operation, after the hooks that
        are called once.

        :param dict payload: the object as Mangopay gives it now
        """


class MangopayOperation(models.Model):
    """What Mangopay says between the making of an object and its end."""

    _inherit = "mangopay.operation"

    def _apply_object(self, payload):
        result = super()._apply_object(payload)
        self._tell_subject("_on_mangopay_seen", payload)
        return result

    def _summarize(self, payload):
        """Keep no address of a page that is asked for at each click.

        That of a bank account is given once: it stays until Mangopay takes it back.
        """
        kept = super()._summarize(payload)
        if self.kind in ("user", "identity_verification"):
            for name in ("PendingUserAction", "HostedUrl"):
                kept.pop(name, None)
        return kept

    def _get_error(self):
        """Return what hindered the last call, as the gateway would raise it."""
        self.ensure_one()
        return GatewayError(
            self.error_code or "connection",
            self.error_message,
            error_id=self.error_reference,
            retryable=self.state != "failed",
        )
