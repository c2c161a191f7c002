# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.payment.utils import (
    to_major_currency_units,
    to_minor_currency_units,
)

from ..services.marketplace_amounts import share
from ..services.marketplace_entries import Kind, plan_entry


class MarketplaceSale(models.Model):
    """What a sale puts in the books, and what becomes of it (D9).

    Each movement is written down with what causes it, in one transaction; the entry is
    made by a job, or by the follow-up of the purchase, whichever comes first.
    """

    _inherit = "marketplace.sale"

    entry_ids = fields.One2many("marketplace.entry", "sale_id", readonly=True)
    entry_count = fields.Integer(compute="_compute_entry_count", compute_sudo=True)

    def _compute_entry_count(self):
        groups = self.env["marketplace.entry"]._read_group(
            [("sale_id", "in", self.ids)], ["sale_id"], ["__count"]
        )
        counts = dict(groups)
        for sale in self:
            sale.entry_count = counts.get(sale, 0)

    def action_open_entries(self):
        """Open the movements of the sale, each with its entry."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "training_marketplace_payout.marketplace_entry_action"
        )
        return dict(action, domain=[("sale_id", "=", self.id)], context={})

    def action_open_operations(self):
        """Open what was asked of Mangopay for this sale and its refunds."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "training_marketplace_payout.mangopay_operation_action"
        )
        children_sudo = self.sudo().tx_id.child_transaction_ids
        payments = (self.sudo().tx_id | children_sudo).ids
        domain = [
            "|",
            "&",
            ("res_model", "=", self._name),
            ("res_id", "=", self.id),
            "&",
            ("res_model", "=", "payment.transaction"),
            ("res_id", "in", payments),
        ]
        return dict(action, domain=domain, context={})

    def _raise_money_version(self):
        """Make the second of two that decide on the money of one sale be replayed.

        Under REPEATABLE READ a lock followed by a sum would add up what was there
        before the first one; the update fails instead, and Odoo tries again.
        """
        self.flush_recordset()
        query = SQL(
            "UPDATE marketplace_sale SET money_version = COALESCE(money_version, 0) + 1"
            " WHERE id IN %s",
            tuple(self.ids),
        )
        self.env.cr.execute(query, log_exceptions=False)
        self.invalidate_recordset()

    def _to_minor(self, amount):
        # Rounded down there: what floats subtract to may be a hair below its cent.
        currency = self.currency_id
        return to_minor_currency_units(currency.round(amount), currency)

    def _to_major(self, minor):
        return to_major_currency_units(minor, self.currency_id)

    # The books

    def _write_down(self, kind, key, minor, **values):
        """Write down a movement of this sale's money, once.

        :param Kind kind: what happened
        :param str key: the Mangopay object and what happened to it
        :param int minor: minor units
        :param values: date, reference, operation_id
        :return: the `marketplace.entry`
        """
        self.ensure_one()
        lines = plan_entry(kind, minor, self._get_wallet_owner().id, self.seller_id.id)
        return self.env["marketplace.entry"]._write_down(
            kind.value,
            key,
            self.company_id,
            self.currency_id,
            lines,
            sale_id=self.id,
            transaction_id=self.tx_id.id,
            **values,
        )

    def _get_wallet_owner(self):
        """Return whose wallet the buyer's money came into."""
        return self.tx_id.mangopay_wallet_id.partner_id or self.buyer_id

    def _write_down_payment(self):
        """Write down that the money came, and for whom it is now; each once.

        :return: the `marketplace.entry` rows
        """
        self.ensure_one()
        kind = Kind.HOLD if self.was_held else Kind.PURCHASE
        entries = self._write_down(
            kind,
            f"{self.payin_reference}:{kind}",
            self._to_minor(self.amount_total),
            date=self.paid_at,
            reference=self.payin_reference,
            operation_id=self.tx_id._get_mangopay_operations("payin")[:1].id,
        )
        if self.was_held and self.state == "confirmed":
            entries |= self._write_down_release()
        return entries

    def _write_down_release(self):
        """What is left of a held payment is the seller's from now on."""
        given = sum(self.refund_ids.filtered("is_held").mapped("amount"))
        left = self._to_minor(self.currency_id.round(self.amount_total - given))
        if not left:
            return self.env["marketplace.entry"]
        key = f"order_{self.order_id.id}:{Kind.RELEASE}"
        return self._write_down(Kind.RELEASE, key, left, date=self.confirmed_at)

    def _book_payment(self):
        """Write the entries of the payment, once (D9).

        What the books refuse for now does not stop the follow-up: it waits.
        """
        for sale in self:
            sale._write_down_payment()._try_to_book()

    # Refunds

    def _add_refund(self, refund_tx):
        """Write down money that went back to the buyer, once for a transaction.

        In the transaction that marks the refund as done: the row, the movement to
        book and the follow-up that issues the credit note are kept with it.

        :param refund_tx: the refund's `payment.transaction`, done
        :return: the `marketplace.refund`
        """
        self.ensure_one()
        self._raise_money_version()
        found = self.refund_ids.filtered(lambda one: one.tx_id == refund_tx)
        if found:
            return found
        before = self._to_minor(self.amount_refunded)
        given = self._to_minor(-refund_tx.amount)
        whole = self._to_minor(self.amount_total)
        part = share(self._to_minor(self.commission), before, given, whole)
        untaxed = share(self._to_minor(self.amount_untaxed), before, given, whole)
        refund = self.env["marketplace.refund"].create(
            {
                "sale_id": self.id,
                "tx_id": refund_tx.id,
                "amount": self._to_major(given),
                "amount_untaxed": self._to_major(untaxed),
                "commission": self._to_major(part),
                "date": refund_tx._get_mangopay_moment() or fields.Datetime.now(),
                "is_held": self.state != "confirmed",
            }
        )
        self.amount_refunded = self._to_major(before + given)
        refund._write_down()
        # One made at Mangopay itself may have taken what was the seller's already.
        if not refund_tx._get_mangopay_operations("payin_refund"):
            self._advance_refund(refund_tx)
        self._follow_money()
        self.order_id._reopen_follow_up()
        return refund


class MarketplaceRefund(models.Model):
    _inherit = "marketplace.refund"

    def _write_down(self):
        self.ensure_one()
        sale = self.sale_id
        operation = self.tx_id._get_mangopay_operations("payin_refund").filtered(
            lambda one: one.provider_reference == self.refund_reference
        )
        return sale._write_down(
            Kind.HOLD_REFUND if self.is_held else Kind.REFUND,
            f"{self.refund_reference}:refund",
            sale._to_minor(self.amount),
            date=self.date,
            reference=self.refund_reference,
            operation_id=operation[:1].id,
        )

    def _book(self):
        """Write the entry of the refund, once (D9); see `_book_payment`."""
        for refund in self:
            refund._write_down()._try_to_book()
