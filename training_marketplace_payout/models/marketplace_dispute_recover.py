# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta

from odoo import models

from odoo.addons.training_catalogue_payment.models.training_inbox_mixin import (
    COLLISIONS,
)

from ..services.mangopay_errors import GatewayError
from ..services.mangopay_outcomes import refund_delay
from ..services.marketplace_entries import Kind

_logger = logging.getLogger(__name__)

STEPS = ("transfer_refund", "settlement")


class MarketplaceDispute(models.Model):
    """What a lost dispute cost, taken from what is the seller's (B19, EB12, D9).

    Mangopay settles it from the wallet that the payment came into, the buyer's: what
    was transferred since is taken back from the seller first, as for a refund. What
    the seller's wallet has not any more is owed by the seller (467100), and netted
    from later payouts: no second way, so that nothing is taken twice.

    If the process dies: each step is an operation of the outbox, sent after the commit
    under its own key, once; its end is written with its movement to book and with the
    next step, in the transaction that marks it as followed up.
    """

    _inherit = "marketplace.dispute"

    def _get_claim_minor(self):
        """Return what of the sale's money this dispute keeps from the seller.

        While it is open and until it is settled: what is disputed, as far as it was
        not refunded. Afterwards what was taken.
        """
        self.ensure_one()
        sale = self.sale_id
        if not sale or self.kind == "RETRIEVAL":
            return 0
        if self.state == "closed" and self.recovery != "waiting":
            return self._to_minor(self.amount_settled)
        given = sum(tx._get_mangopay_minor() for tx in self.tx_id._get_live_refunds())
        kept = self._to_minor(sale.amount_total) - given
        return max(min(self._to_minor(self.amount), kept), 0)

    def _get_steps(self, kind):
        return self._get_mangopay_operations(kind)

    def _has_under_way(self):
        return any(
            operation.state not in ("failed", "succeeded")
            for kind in STEPS
            for operation in self._get_steps(kind)
        )

    def _recover(self):
        """Do what a lost dispute needs next; called again, it asks for nothing twice.

        What the operator lost with a payment that bought nothing is its own.
        """
        self.ensure_one()
        if self.recovery == "done" or not self.sale_id or not self.amount_repudiated:
            return
        sale = self.sale_id
        if self.recovery == "none":
            sale._forget_refunds(self.env._("The buyer's bank took the payment back."))
        self.recovery = "waiting"
        sale._raise_money_version()
        if sale.transfer_state == "asked" or self._has_under_way():
            return
        left = sale._get_left_minor()
        back = self._get_available_back(-left) if left < 0 else 0
        if back:
            sale._take_back(self, back)
            return
        amount = min(self._get_claim_minor() + left, self._get_claim_minor())
        if amount > 0 and not self._get_steps("settlement"):
            self._settle(amount)
        else:
            self._finish()

    def _get_available_back(self, missing):
        """Return what can be taken back from the seller's wallet, by the books; after
        a refusal nothing is asked again."""
        sale = self.sale_id
        failed = self._get_steps("transfer_refund").filtered(
            lambda one: one.state == "failed" and one.error_code != "005407"
        )
        if failed or sale._get_transfer_rest() <= 0:
            return 0
        sale._get_seller_wallet()._raise_money_version()
        left = self.seller_id._get_wallet_left(self.company_id, self.currency_id)
        topups = self.env["marketplace.topup"]._get_open(
            self.company_id, self.seller_id, self.currency_id
        )
        counted_on = sum(claim.counted_on for claim in topups._get_claims())
        return max(min(missing, left - counted_on), 0)

    def _settle(self, minor):
        wallet = self.tx_id.mangopay_wallet_id
        self.env["mangopay.operation"]._request(
            "settlement",
            self,
            self.account_id,
            {
                "repudiation_id": self.repudiation_reference,
                "author_id": wallet.user_id.mangopay_id,
            },
            amount_minor=minor,
            currency_id=self.currency_id.id,
            reason=self.reference,
        )

    def _on_mangopay_succeeded(self, operation):
        result = super()._on_mangopay_succeeded(operation)
        if operation.kind == "transfer_refund":
            self.sale_id._receive_back(operation)
            self._recover()
        elif operation.kind == "settlement":
            self._record_settlement(operation.answer, operation)
        return result

    def _on_mangopay_failed(self, operation):
        result = super()._on_mangopay_failed(operation)
        if operation.kind == "transfer_refund":
            self.sale_id._raise_money_version()
            days = refund_delay(operation.error_code, operation.ordinal)
            missing = -self.sale_id._get_left_minor()
            if days and missing > 0:
                back = min(missing, operation.amount_minor)
                self.sale_id._take_back(self, back, timedelta(days=days, minutes=5))
            else:
                self._recover()
        elif operation.kind == "settlement":
            self._call_accountant(
                self.env._("A lost dispute could not be settled"),
                operation.error_message or operation.error_code,
            )
            self._finish()
        return result

    def _record_settlement(self, payload, operation=None):
        """Write down what was taken, once, wherever it was asked.

        :param dict payload: the settlement as Mangopay gives it
        """
        key = f"{payload['Id']}:{Kind.SETTLEMENT}"
        if self._is_known(key):
            return
        sale = self.sale_id
        sale._raise_money_version()
        minor = payload["DebitedFunds"]["Amount"]
        moment = operation and operation._get_moment()
        self._write_down(Kind.SETTLEMENT, key, minor, payload["Id"], moment, operation)
        settled = self._to_minor(self.amount_settled) + minor
        self.amount_settled = self._to_major(settled)
        sale.amount_charged_back = sale.currency_id.round(
            sale.amount_charged_back + self._to_major(minor)
        )
        if self.recovery == "done":
            self._take_off_debt(minor, payload["Id"], moment)
        self._finish()

    def _finish(self):
        """What is not settled is owed by the seller; written down once.

        Of a purchase that was never sold the seller had nothing, and owes nothing: the
        operator's loss stays on the account of disputes until a person decides.
        """
        if self.recovery == "done":
            return
        self.recovery = "done"
        taken, settled = self.amount_repudiated, self.amount_settled
        debt = self._to_minor(taken) - self._to_minor(settled)
        if debt > 0 and self.sale_id.state != "confirmed":
            self._tell_unsold(debt)
        elif debt > 0:
            self._write_down(
                Kind.DISPUTE_DEBT,
                f"{self.reference}:{Kind.DISPUTE_DEBT}",
                debt,
                self.reference,
                self.closed_at,
            )
            self.amount_debt = self._to_major(debt)
        self.sale_id._follow_money()

    def _get_back_seller(self):
        """Return from whose wallet money is taken back for this dispute."""
        return self.seller_id

    def _get_loss_note(self):
        """Return what a person has to do about a sale whose payment a bank took back:
        the product does the rest by itself."""
        if self.sale_id.state != "confirmed":
            # Never sold: neither invoice nor commission, its places are freed.
            return self.env._(
                "The bank gave %(amount)s back to %(buyer)s. The purchase was never "
                "sold: its places are freed, what is left of the payment is given back "
                "to the buyer, and %(seller)s owes nothing.",
                amount=self.currency_id.format(self.amount),
                buyer=self.buyer_id.display_name,
                seller=self.seller_id.name,
            )
        done = self.env._(
            "The bank gave %(amount)s back to %(buyer)s. It is taken from what is "
            "%(seller)s's; the rest is owed by the seller and netted from its next "
            "payouts. There is nothing to book nor to refund.",
            amount=self.currency_id.format(self.amount),
            buyer=self.buyer_id.display_name,
            seller=self.seller_id.name,
        )
        return "\n".join([done, *self._get_loss_steps()])

    def _get_loss_steps(self):
        _, sale = self.env._, self.sale_id
        invoices_sudo = self.env["marketplace.invoice"].sudo()
        domain = [("sale_id", "=", sale.id), ("kind", "=", "invoice")]
        return [
            _(
                "1. Places of order %(order)s: ask %(seller)s whether the learners "
                "come. If not, « Cancel and refund » on them frees the places; nothing "
                "is given back a second time.",
                order=sale.order_id.name,
                seller=self.seller_id.name,
            ),
            _(
                "2. Invoice %(invoice)s of the seller stands: %(buyer)s owes it again, "
                "to %(seller)s, who claims it or gives it up by a credit note of its "
                "own. Tell the seller.",
                invoice=invoices_sudo.search(domain, limit=1).name or "",
                buyer=self.buyer_id.display_name,
                seller=self.seller_id.name,
            ),
            _(
                "3. Commission of %(amount)s before tax: it stays due. If your "
                "contract gives it back, credit it on the commission invoice of that "
                "month.",
                amount=self.currency_id.format(sale.commission),
            ),
        ]

    def _try_to_look(self):
        """Look at a dispute; what hinders it waits for the next time."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._look_at(self.account_id, self.reference)
        except (GatewayError, *COLLISIONS) as error:
            _logger.info("Dispute %s is looked at later: %s", self.id, error)
