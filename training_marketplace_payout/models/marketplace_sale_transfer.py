# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.training_catalogue_payment.models.training_inbox_mixin import (
    COLLISIONS,
)
from odoo.addons.training_catalogue_payment.services import withdrawal
from odoo.addons.training_catalogue_payment.utils import to_note

from ..services.mangopay_outcomes import is_seller_unverified
from ..services.marketplace_entries import Kind

_logger = logging.getLogger(__name__)

BATCH = 200
TRANSFER_JOB = "training_marketplace_payout.ir_cron_transfer_marketplace"
RETRY = timedelta(days=1)
SOON = timedelta(hours=1)
COLLISION_DELAY = timedelta(minutes=1)
WARNING = "mail.mail_activity_data_warning"


class MarketplaceSale(models.Model):
    """The way of a sale's money from its buyer's wallet to its seller's (D10).

    It leaves once the sale can no longer be withdrawn: until then a refund is one
    refund of the payment, and nothing has to come back from the seller.

    Two may decide on the same money: this job and whoever refunds. Each raises the
    sale's money version before it counts, so the second of two is replayed, and counts
    what the first one asked for. While a transfer is under way a refund waits; the
    transfer's end, whichever it is, lets it go on.

    If the process dies: before the commit of `_ask_transfer`, nothing was asked and the
    sale is still to transfer; after it, the outbox sends the transfer under its own
    key, once, and asks what became of it; its end is written here, with the movement to
    book, in the transaction that marks it as followed up: both or neither.
    """

    _name = "marketplace.sale"
    _inherit = ["marketplace.sale", "mangopay.subject.mixin"]

    transfer_due = fields.Datetime(
        string="To transfer from",
        readonly=True,
        help="The sale can no longer be withdrawn then; or when it is tried again.",
    )
    transfer_reason = fields.Char(string="What the transfer waits for", readonly=True)
    amount_transferred = fields.Monetary(
        string="Transferred", readonly=True, help="In the seller's wallet, or paid out."
    )

    _transfer_index = models.Index(
        "(seller_id, transfer_due) WHERE transfer_state = 'waiting'"
    )

    # When

    def _plan_transfer(self):
        """Say from when on sales that are confirmed are transferred."""
        for sale in self:
            if sale.state == "confirmed" and not sale.transfer_due:
                days = max(sale.company_id.marketplace_transfer_days, 0)
                sale._transfer_later(sale.confirmed_at + timedelta(days=days))
            if sale.transfer_state == "none":
                sale._follow_money()

    def _transfer_later(self, moment, reason=False):
        self.write({"transfer_due": moment, "transfer_reason": reason})
        self._trigger_transfers(moment)

    @api.model
    def _trigger_transfers(self, at=None):
        self.env.ref(TRANSFER_JOB).sudo()._trigger(at)

    def _get_transfer_wait(self):
        """Return until when the buyer may still withdraw; None when nothing waits."""
        order = self.order_id
        if "todo" in order.training_withdrawal_ids.mapped("treatment_state"):
            return fields.Datetime.now() + SOON
        if not order._can_withdraw():
            return None
        return withdrawal.deadline(order._get_withdrawal_contract_date())

    # The job

    @api.model
    def _cron_transfer(self):
        """Ask for the transfers that are due, one seller a transaction.

        What a run leaves is taken by the next one, which follows at once.
        """
        domain = [
            ("transfer_state", "=", "waiting"),
            ("transfer_due", "<=", fields.Datetime.now()),
        ]
        sales = self.search(domain, order="seller_id, transfer_due, id", limit=BATCH)
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=self.search_count(domain))
        for _seller, own in sales.grouped("seller_id").items():
            try:
                own._try_to_transfer()
            except COLLISIONS as error:
                self.env.cr.rollback()
                _logger.info("Transfers of %s are asked later: %s", own.ids, error)
                self._trigger_transfers(fields.Datetime.now() + COLLISION_DELAY)
            if not progress(len(own)):
                return

    def _try_to_transfer(self):
        """Ask for the transfers of one seller's sales; those that must wait do."""
        wallets = self._get_seller_wallets()
        for sale in self:
            key = (sale.tx_id.mangopay_wallet_id.account_id, sale.currency_id)
            wallet = wallets.get(key)
            until = sale._get_transfer_wait()
            if until:
                sale._transfer_later(until, self.env._("The buyer may still withdraw."))
            elif not wallet or not wallet.mangopay_id:
                sale._wait_for_seller(wallet)
            else:
                sale._ask_transfer(wallet)

    def _get_seller_wallets(self):
        """Return the wallets of the sales' seller, by account and currency."""
        wallets_sudo = (
            self.env["mangopay.wallet"]
            .sudo()
            .search(
                [
                    ("user_id.partner_id", "=", self.seller_id.id),
                    ("user_id.category", "=", "OWNER"),
                    ("user_id.mangopay_id", "!=", False),
                ]
            )
        )
        return {(one.account_id, one.currency_id): one for one in wallets_sudo}

    def _wait_for_seller(self, wallet):
        """Keep the money at the buyer's until Mangopay knows the seller (B14)."""
        if wallet:
            wallet._request_creation()
        reason = self.env._("The seller has no wallet at Mangopay yet.")
        self._transfer_later(fields.Datetime.now() + RETRY, reason)

    @api.model
    def _retry_transfers(self, seller, account):
        """Transfer now what waited for a seller, now known or verified."""
        waiting = self.sudo().search(
            [
                ("seller_id", "=", seller.id),
                ("transfer_state", "=", "waiting"),
                ("transfer_reason", "!=", False),
                ("tx_id.mangopay_wallet_id.account_id", "=", account.id),
            ]
        )
        if waiting:
            waiting.transfer_due = fields.Datetime.now()
            self._trigger_transfers()

    # Asking

    def _ask_transfer(self, wallet):
        """Ask for the transfer of what is left of the sale, once; see the class.

        :param wallet: the seller's, known to Mangopay
        :return: the operation, empty when nothing is left to transfer
        """
        self.ensure_one()
        operations = self.env["mangopay.operation"]
        self._raise_money_version()
        if self.state != "confirmed" or self.transfer_state == "asked":
            return operations
        left = self._get_left_minor()
        if left <= 0:
            self._follow_money()
            return operations
        source = self.tx_id.mangopay_wallet_id
        arguments = {
            "author_id": source.user_id.mangopay_id,
            "from_wallet_id": source.mangopay_id,
            "to_wallet_id": wallet.mangopay_id,
        }
        self.write({"transfer_state": "asked", "transfer_reason": False})
        return operations._request(
            "transfer",
            self,
            source.account_id,
            arguments,
            again=True,
            amount_minor=left,
            currency_id=self.currency_id.id,
            reason=self.order_id.name,
        )

    def _retry_mangopay(self, operation):
        """Override: another attempt counts anew what is left."""
        if operation.kind != "transfer":
            return super()._retry_mangopay(operation)
        key = (operation.account_id, self.currency_id)
        wallet = self._get_seller_wallets().get(key)
        asked = wallet and wallet.mangopay_id and self._ask_transfer(wallet)
        if not asked:
            raise UserError(self.env._("Nothing of this sale can be transferred now."))
        return asked

    # What came of it

    def _on_mangopay_succeeded(self, operation):
        result = super()._on_mangopay_succeeded(operation)
        if operation.kind == "transfer":
            self._raise_money_version()
            done = self._to_minor(self.amount_transferred) + operation.amount_minor
            self.write(
                {"transfer_state": "done", "amount_transferred": self._to_major(done)}
            )
            self._write_down_transfer(Kind.TRANSFER, operation)
            self._go_on_with_refunds()
        return result

    def _on_mangopay_failed(self, operation):
        """Wait for the seller's verification (002951); the rest is told to a person."""
        if operation.kind == "transfer":
            self._raise_money_version()
            reason = operation.error_message or operation.error_code
            if is_seller_unverified(operation.error_code):
                self.transfer_state = "waiting"
                self._transfer_later(fields.Datetime.now() + RETRY, reason)
                self._ask_seller_for_verification()
            else:
                self.write({"transfer_state": "failed", "transfer_reason": reason})
                self._tell_failed_transfer(reason)
            self._go_on_with_refunds()
        return super()._on_mangopay_failed(operation)

    def _write_down_transfer(self, kind, operation):
        return self._write_down(
            kind,
            f"{operation.provider_reference}:{kind}",
            operation.amount_minor,
            date=operation._get_moment(),
            reference=operation.provider_reference,
            operation_id=operation.id,
        )

    def _tell_failed_transfer(self, reason):
        """Leave an activity on the order: the seller does not get this money yet."""
        self.order_id.activity_schedule(
            WARNING,
            summary=self.env._("A transfer to a seller failed"),
            note=to_note(
                self.env._(
                    "What %(buyer)s paid is not in the wallet of %(seller)s. Mangopay "
                    "says: %(reason)s",
                    buyer=self.buyer_id.display_name,
                    seller=self.seller_id.display_name,
                    reason=reason,
                )
            ),
            user_id=self.tx_id._get_mangopay_accountant().id,
        )

    def _ask_seller_for_verification(self):
        """The seller has to be verified before it can receive money (B14)."""
        contract_sudo = self.seller_id._get_marketplace_contract(self.company_id)
        if contract_sudo:
            contract_sudo._ask_verification()
