# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields, models

from odoo.addons.training_catalogue_payment.utils import to_note

# « Unsufficient wallet balance » (errors/codes).
LACKING = "001001"
# The books may be ahead of Mangopay, or behind it, for a moment.
DOUBTS = 3
DOUBT_DELAY = timedelta(hours=1)
WARNING = "mail.mail_activity_data_warning"


class MarketplaceSale(models.Model):
    """A refund whose money the seller has no more, as after a payout (B19)."""

    _inherit = "marketplace.sale"

    topup_ids = fields.One2many("marketplace.topup", "sale_id", readonly=True)

    def _get_seller_wallet(self):
        """Return the wallet that receives the money of this sale, maybe empty."""
        self.ensure_one()
        key = (self.tx_id.mangopay_wallet_id.account_id, self.currency_id)
        return self._get_seller_wallets().get(key, self.env["mangopay.wallet"].sudo())

    def _lack_seller_money(self, refund, operation):
        """Override: the refund waits until the operator has funded the wallet.

        Where the books say that the wallet has it, it is tried again some hours; then
        Mangopay is believed.
        """
        missing = -self._get_left_for(refund)
        is_waiting = refund.state in ("draft", "pending", "done")
        if operation.error_code != LACKING or not is_waiting or missing <= 0:
            return super()._lack_seller_money(refund, operation)
        tried = refund._get_mangopay_operations("transfer_refund").filtered(
            lambda one: one.error_code == LACKING
        )
        topups = self.env["marketplace.topup"]
        if topups._open(self, refund, missing):
            return None
        if len(tried) <= DOUBTS:
            self._take_back(refund, missing, DOUBT_DELAY)
        else:
            topups._open(self, refund, missing, is_doubted=True)
        return None

    def _get_left_for(self, refund):
        """Override: what other refunds of this sale wait for is theirs to take back."""
        topups_sudo = self.env["marketplace.topup"].sudo()
        domain = [
            ("sale_id", "=", self.id),
            ("is_open", "=", True),
            ("refund_id", "!=", refund.id),
        ]
        waiting = topups_sudo.search(domain).filtered(
            lambda one: not one._is_under_way()
        )
        others = waiting.refund_id.filtered(lambda tx: tx.state in ("draft", "pending"))
        left = super()._get_left_for(refund)
        return left + sum(tx._get_mangopay_minor() for tx in others)

    def _take_back_or_wait(self, refund, minor):
        """Override: what is in the wallet and another refund counts on is not taken."""
        topups = self.env["marketplace.topup"]
        if not topups._open_beside_others(self, refund, minor):
            super()._take_back_or_wait(refund, minor)

    def _on_taken_back(self, refund, operation):
        """Override: what was missing is there."""
        topup = self._get_open_topup(refund)
        topup._close("done" if topup.amount_received else "covered")
        return super()._on_taken_back(refund, operation)

    def _get_open_topup(self, refund):
        domain = [("refund_id", "=", refund.id), ("is_open", "=", True)]
        return self.env["marketplace.topup"].sudo().search(domain)

    def _on_mangopay_succeeded(self, operation):
        """Override: what comes into the wallet may be what refunds wait for."""
        result = super()._on_mangopay_succeeded(operation)
        if operation.kind == "transfer":
            self.env["marketplace.topup"]._serve(
                self.company_id, self.seller_id, self.currency_id
            )
        return result

    def _go_on_with_refunds(self):
        """Override: those that wait for the seller's wallet wait for more than this
        sale's own transfer."""
        for refund in self.tx_id._get_live_refunds().sorted("id"):
            if refund.marketplace_is_promised or self._get_open_topup(refund):
                continue
            self._advance_refund(refund)

    def _give_up_refund(self, refund, reason):
        """Fail a refund that a person gave up; the order says so."""
        self._raise_money_version()
        if refund.state in ("draft", "pending"):
            refund._set_error(reason)
        self._follow_money()
        self.order_id.activity_schedule(
            WARNING,
            summary=self.env._("A refund was given up"),
            note=to_note(reason),
            user_id=self.tx_id._get_mangopay_accountant().id,
        )
