# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..services.mangopay_outcomes import refund_delay
from ..services.marketplace_entries import Kind

ACCOUNTANTS = "account.group_account_invoice,base.group_system"


class MarketplaceSale(models.Model):
    """What a refund needs before it leaves: the money in the buyer's wallet (B19).

    The money of a sale is where its movements brought it. In minor units:
    ``left = paid - refunds - transfers + taken back``, those under way included. What
    is left is transferred; when a refund makes it negative, that much is taken back
    from the seller first. All is counted after `_raise_money_version`, never from
    what a screen showed.

    If the process dies: a refund is written down as a transaction, pending, before
    anything is asked. Taking back and refunding are operations of the outbox: sent
    after a commit, under one key each. The end of the first asks for the second in the
    transaction that marks it as followed up.
    """

    _inherit = "marketplace.sale"

    has_promised = fields.Boolean(
        string="Refund left for later",
        compute="_compute_has_promised",
        search="_search_has_promised",
        compute_sudo=True,
    )

    amount_promised = fields.Monetary(
        string="To refund later", compute="_compute_has_promised", compute_sudo=True
    )

    def _compute_has_promised(self):
        for sale in self:
            promised = sale._get_promised()
            sale.has_promised = bool(promised)
            sale.amount_promised = -sum(promised.mapped("amount"))

    def _search_has_promised(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        refunds_sudo = self.env["payment.transaction"].sudo()
        domain = [
            ("marketplace_is_promised", "=", True),
            ("state", "=", "pending"),
        ]
        sources = refunds_sudo.search(domain).source_transaction_id
        return [("tx_id", "in", sources.ids)]

    def _get_transfers(self):
        """Return the transfers that were made, or may be (superuser)."""
        self.ensure_one()
        return self._get_mangopay_operations("transfer").filtered(
            lambda operation: operation.state != "failed"
        )

    def _get_taken_back(self):
        """Return what was taken back from the seller, or may be (superuser)."""
        self.ensure_one()
        return (
            self.env["mangopay.operation"]
            .sudo()
            .search(
                [
                    ("kind", "=", "transfer_refund"),
                    ("res_model", "=", "payment.transaction"),
                    ("res_id", "in", self.tx_id.child_transaction_ids.ids),
                    ("state", "!=", "failed"),
                ]
            )
        )

    def _get_left_minor(self):
        """Return what is in the buyer's wallet of this sale and promised to nobody;
        negative when the seller's wallet has what goes back to the buyer."""
        self.ensure_one()
        refunds = self.tx_id._get_live_refunds()
        return (
            self._to_minor(self.amount_total)
            - sum(tx._get_mangopay_minor() for tx in refunds)
            - sum(self._get_transfers().mapped("amount_minor"))
            + sum(self._get_taken_back().mapped("amount_minor"))
        )

    def _get_left_for(self, refund):
        """Hook: return the same for one refund; negative: what the seller's wallet
        has to give back for it."""
        return self._get_left_minor()

    def _follow_money(self):
        """Say whether something is left to transfer, after something changed.

        Money that was kept for a refund goes to the seller when the refund is given
        up, even after a first transfer.
        """
        for sale in self:
            if sale.state != "confirmed" or sale.transfer_state in ("asked", "failed"):
                continue
            if sale._get_left_minor() > 0:
                state = "waiting"
            else:
                state = "done" if sale.amount_transferred else "none"
            if sale.transfer_state != state:
                sale.transfer_state = state
                if state == "waiting":
                    sale._transfer_later(sale.transfer_due or fields.Datetime.now())

    # One refund, step by step

    def _advance_refund(self, refund):
        """Do what a refund needs next: take back, else give back. Called again, it
        asks for nothing twice.

        :param refund: the refund's transaction
        """
        self.ensure_one()
        self._raise_money_version()
        if self.transfer_state == "asked" or refund._has_mangopay_under_way():
            return
        left = self._get_left_for(refund)
        if left < 0:
            self._take_back_or_wait(refund, -left)
        elif refund.state in ("draft", "pending"):
            refund._request_mangopay_refund()
        self._follow_money()

    def _go_on_with_refunds(self):
        """Let refunds that waited for the end of a transfer go on."""
        for refund in self.tx_id._get_live_refunds().sorted("id"):
            if not refund.marketplace_is_promised:
                self._advance_refund(refund)

    def _take_back_or_wait(self, refund, minor):
        """Hook: take back what a refund needs, where nobody else counts on it."""
        self._take_back(refund, minor)

    def _take_back(self, refund, minor, delay=None):
        """Ask for money back from the seller's wallet, for a refund.

        :param int minor: what is missing; one transfer gives back what it can, and the
            end of it asks the next one
        """
        rests = self._get_transfer_rests()
        transfer = max(rests, key=rests.get, default=None)
        if not transfer or rests[transfer] <= 0:
            raise UserError(self.env._("Nothing of this sale can be taken back."))
        source = self.tx_id.mangopay_wallet_id
        operation = self.env["mangopay.operation"]._request(
            "transfer_refund",
            refund,
            source.account_id,
            {
                "transfer_id": transfer.provider_reference,
                "author_id": source.user_id.mangopay_id,
            },
            again=True,
            amount_minor=min(minor, rests[transfer]),
            currency_id=self.currency_id.id,
            reason=refund.reference,
        )
        equals = self._get_taken_back().filtered(
            lambda back: back._get_initial() == transfer.provider_reference
        )
        operation._queue_refund(equals, delay)

    def _get_transfer_rests(self):
        """Return what each transfer that was made can still give back."""
        rests = {
            transfer: transfer.amount_minor
            for transfer in self._get_transfers()
            if transfer.state == "succeeded"
        }
        by_reference = {one.provider_reference: one for one in rests}
        for back in self._get_taken_back():
            initial = back._get_initial()
            if initial in by_reference:
                rests[by_reference[initial]] -= back.amount_minor
        return rests

    def _on_taken_back(self, refund, operation):
        """Money is back in the buyer's wallet: go on with the refund it is for."""
        self._receive_back(operation)
        self._advance_refund(refund)

    def _receive_back(self, operation):
        """Write down that money is back in the buyer's wallet."""
        self._raise_money_version()
        done = self._to_minor(self.amount_transferred) - operation.amount_minor
        self.amount_transferred = self._to_major(done)
        self._write_down_transfer(Kind.TRANSFER_BACK, operation)

    def _on_not_taken_back(self, refund, operation):
        """Ask again what Mangopay takes tomorrow; the rest is told to a person."""
        days = refund_delay(operation.error_code, operation.ordinal)
        missing = -self._get_left_for(refund)
        if days and missing > 0:
            self._take_back(refund, missing, timedelta(days=days, minutes=5))
        else:
            self._lack_seller_money(refund, operation)

    def _lack_seller_money(self, refund, operation):
        """Hook: the seller's wallet does not give it back, as after a payout.

        :param refund: the refund that waits for it
        """
        if refund.state in ("draft", "pending"):
            refund._set_error(operation.error_message or operation.error_code)
            self._follow_money()
        refund._tell_failed_refund(operation)

    # What was promised for later

    def action_refund_promised(self):
        """Send now the refunds that were left for later (accountants)."""
        self._check_accountant()
        for sale_sudo in self.sudo():
            for refund_sudo in sale_sudo._get_promised():
                refund_sudo.marketplace_is_promised = False
                sale_sudo._advance_refund(refund_sudo)
            sale_sudo.order_id.activity_unlink(["mail.mail_activity_data_todo"])

    def action_forget_promised(self):
        """Give up the refunds that were left for later (accountants): the money is
        the seller's again."""
        self._check_accountant()
        for sale_sudo in self.sudo():
            sale_sudo._raise_money_version()
            sale_sudo._get_promised()._set_canceled()
            sale_sudo._follow_money()
            sale_sudo.order_id.activity_unlink(["mail.mail_activity_data_todo"])

    def _get_promised(self):
        return self.tx_id._get_live_refunds().filtered("marketplace_is_promised")

    def _check_accountant(self):
        if not self.env.user.has_groups(ACCOUNTANTS):
            raise AccessError(self.env._("Only accountants may do this."))
        self.check_access("read")
