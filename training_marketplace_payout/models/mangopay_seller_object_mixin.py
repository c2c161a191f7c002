# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class MangopaySellerObjectMixin(models.AbstractModel):
    """Something of a seller that Mangopay looks at: a document, a bank account…

    A row is one attempt. It is written first and asked of Mangopay through the outbox
    (D7); its state follows what Mangopay says whenever it is asked, and only forward:
    an answer that was long on its way does not undo a later one.
    """

    _name = "mangopay.seller.object.mixin"
    _inherit = ["mangopay.subject.mixin"]
    _description = "What Mangopay looks at of a seller"
    _order = "id desc"

    #: Kind of the operation that makes it.
    _operation_kind = None
    #: Status at Mangopay → state here.
    _states = {}
    #: State → how far it is; a lower one never replaces a higher one.
    _ranks = {}

    user_id = fields.Many2one(
        "mangopay.user",
        string="Seller at Mangopay",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    partner_id = fields.Many2one(related="user_id.partner_id", store=True, index=True)
    account_id = fields.Many2one(related="user_id.account_id", store=True)
    company_id = fields.Many2one(related="user_id.company_id", store=True)
    mangopay_id = fields.Char(
        string="Id at Mangopay", readonly=True, copy=False, index="btree_not_null"
    )
    reason_code = fields.Char(readonly=True, help="Mangopay's own code.")
    reason_message = fields.Char(string="What Mangopay says", readonly=True)
    processed_at = fields.Datetime(string="Decided on", readonly=True)

    def _request_creation(self, arguments):
        """Ask Mangopay for the object, once.

        :param dict arguments: of the gateway's method
        :return: the operation; empty when the object exists
        """
        self.ensure_one()
        operations = self.env["mangopay.operation"]
        if self.mangopay_id:
            return operations
        return operations._request(
            self._operation_kind, self, self.account_id, arguments
        )

    def _get_operation(self):
        """Return the last attempt to make the object."""
        return self._get_mangopay_operations(self._operation_kind)[:1]

    def _on_mangopay_made(self, operation):
        result = super()._on_mangopay_made(operation)
        if operation.kind == self._operation_kind:
            self.mangopay_id = operation.provider_reference
        return result

    def _on_mangopay_seen(self, operation, payload):
        result = super()._on_mangopay_seen(operation, payload)
        if operation.kind == self._operation_kind:
            self._apply_mangopay(payload)
        return result

    def _on_mangopay_failed(self, operation):
        if operation.kind == self._operation_kind and not self.mangopay_id:
            self.write(
                {
                    "state": "refused",
                    "reason_code": operation.error_code,
                    "reason_message": operation.error_message,
                    "processed_at": fields.Datetime.now(),
                }
            )
            self._on_refused()
        return super()._on_mangopay_failed(operation)

    def _apply_mangopay(self, payload):
        """Take over what Mangopay says now of the object.

        :param dict payload: the object, as Mangopay gives it
        :return: whether its state changed
        """
        self.ensure_one()
        state = self._states.get(payload.get("Status"))
        if not state or self._ranks[state] < self._ranks[self.state]:
            return False
        is_new = state != self.state
        values = self._prepare_seen_vals(payload)
        if is_new and state in ("validated", "refused", "incomplete"):
            values["processed_at"] = fields.Datetime.now()
        self.write({**values, "state": state})
        if is_new and state in ("refused", "incomplete", "out_of_date"):
            self._on_refused()
        return is_new

    def _prepare_seen_vals(self, payload):
        """Return what is kept of the object beside its state."""
        return {}

    def _on_refused(self):
        """Hook: Mangopay wants something else; the seller and the office are told."""
        for record in self:
            record.user_id._tell_refusal(record._describe_refusal())

    def _describe_refusal(self):
        """Return a sentence: what was refused and what helps."""
        self.ensure_one()
        return self.reason_message or ""
