# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class MangopaySubjectMixin(models.AbstractModel):
    """A record that things are asked of Mangopay for: it is told what came of them.

    Each hook is called once for an operation, by the superuser, in the transaction that
    writes the same down on the operation: both are kept or neither is.
    """

    _name = "mangopay.subject.mixin"
    _description = "Subject of what is asked of Mangopay"

    def _on_mangopay_made(self, operation):
        """Hook: the object exists; ``operation.provider_reference`` is its id, and
        ``operation.answer`` what Mangopay says of it, in short."""

    def _on_mangopay_succeeded(self, operation):
        """Hook: what was asked is done."""

    def _on_mangopay_failed(self, operation):
        """Hook: Mangopay definitely did not do it; the operation says why."""

    def _on_mangopay_changed(self, operation, payload):
        """Hook: the object was looked at again after the operation's end.

        :param dict payload: the object as Mangopay gives it now
        """

    def _retry_mangopay(self, operation):
        """Hook: make another attempt of what failed, at a person's request.

        :return: the new operation; None to have the same asked again
        :raise UserError: when it must not be
        """
        return

    def _get_mangopay_operations(self, kind):
        """Return the attempts of a kind made for this record, the last one first."""
        self.ensure_one()
        return self.env["mangopay.operation"]._search_attempts(kind, self)
