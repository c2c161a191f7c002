# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC, datetime

from odoo import fields, models

from ..services.marketplace_entries import Kind, plan_entry


class PaymentTransaction(models.Model):
    """What a payment by Mangopay and its refunds are in the marketplace's books."""

    _inherit = "payment.transaction"

    def _get_mangopay_moment(self):
        """Return when Mangopay did it (UTC, naive); None when it does not say."""
        self.ensure_one()
        kind = "payin_refund" if self.operation == "refund" else "payin"
        return self._get_mangopay_operations(kind)[:1]._get_moment()

    def _get_marketplace_sale(self):
        """Return the sale that this payment made (superuser), maybe empty."""
        self.ensure_one()
        return (
            self.env["marketplace.sale"]
            .sudo()
            .search([("tx_id", "=", self.id)], limit=1)
        )

    def _post_process(self):
        """Write down what a refund that is done gives back, in its transaction."""
        super()._post_process()
        for tx in self:
            is_done = tx.operation == "refund" and tx.state == "done"
            if is_done and tx.provider_code == "mangopay":
                tx._write_down_marketplace_refund()

    def _write_down_marketplace_refund(self):
        source = self.source_transaction_id
        sale_sudo = source._get_marketplace_sale()
        if sale_sudo:
            sale_sudo._add_refund(self.sudo())
        elif source.training_refusal:
            key = f"{self.provider_reference}:refund"
            source._write_down_refused(Kind.HOLD_REFUND, key, self)

    def _refund_training_refusal(self):
        """Override: what buys nothing came in all the same, and is the buyer's."""
        super()._refund_training_refusal()
        if self.provider_code == "mangopay":
            key = f"{self.provider_reference}:{Kind.REFUSED}"
            self._write_down_refused(Kind.REFUSED, key, self)

    def _write_down_refused(self, kind, key, tx):
        """Write down money that is no sale's; in the transaction that moves it here.

        :param tx: the transaction that says how much: this one or its refund
        """
        self.ensure_one()
        owner = self.mangopay_wallet_id.partner_id
        return self.env["marketplace.entry"]._write_down(
            kind.value,
            key,
            self.company_id,
            self.currency_id,
            plan_entry(kind, tx._get_mangopay_minor(), owner.id, owner.id),
            transaction_id=self.id,
            reference=tx.provider_reference,
            date=tx._get_mangopay_moment(),
        )


class MangopayOperation(models.Model):
    """What was asked of Mangopay leads to its entry in the books."""

    _inherit = "mangopay.operation"

    marketplace_entry_ids = fields.One2many(
        "marketplace.entry", "operation_id", string="Movements", readonly=True
    )

    def action_open_marketplace_entry(self):
        """Open the entry that books what was done."""
        self.ensure_one()
        entry = self.marketplace_entry_ids[:1]
        return (entry.move_id or entry)._get_records_action()

    def _get_moment(self):
        """Return when Mangopay did it (UTC, naive); None when it does not say."""
        moment = (self.answer or {}).get("ExecutionDate")
        return moment and datetime.fromtimestamp(moment, UTC).replace(tzinfo=None)
