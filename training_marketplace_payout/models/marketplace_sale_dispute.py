# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import ValidationError


class MarketplaceSale(models.Model):
    """A sale whose payment is disputed: its money stays where it is (B19)."""

    _inherit = "marketplace.sale"

    dispute_ids = fields.One2many("marketplace.dispute", "sale_id", readonly=True)
    amount_charged_back = fields.Monetary(
        string="Taken for disputes",
        readonly=True,
        help="Lost disputes: taken from what was the seller's.",
    )

    hold_end = fields.Selection(
        selection_add=[("disputed", "The buyer's bank took the payment back")]
    )

    def _get_left_minor(self):
        """Override: what is disputed is not transferred."""
        disputes_sudo = self.sudo().dispute_ids
        claims = sum(dispute._get_claim_minor() for dispute in disputes_sudo)
        return super()._get_left_minor() - claims

    def _get_taken_back(self):
        """Override: add what was taken back for lost disputes."""
        operations_sudo = self.env["mangopay.operation"].sudo()
        return super()._get_taken_back() | operations_sudo.search(
            [
                ("kind", "=", "transfer_refund"),
                ("res_model", "=", "marketplace.dispute"),
                ("res_id", "in", self.sudo().dispute_ids.ids),
                ("state", "!=", "failed"),
            ]
        )

    def _get_transfer_rest(self):
        """Return the most that one transfer of this sale can still give back."""
        return max(self._get_transfer_rests().values(), default=0)

    def _has_open_dispute(self):
        """Whether a bank has not decided yet on a part of the payment."""
        return any(
            dispute.state != "closed" and dispute.kind != "RETRIEVAL"
            for dispute in self.sudo().dispute_ids
        )

    def _advance_refund(self, refund):
        """Override: Mangopay refunds nothing of what is disputed (005408): a refund
        that was asked for before waits for the bank's decision."""
        if self._has_open_dispute():
            self._raise_money_version()
            self._follow_money()
            return None
        return super()._advance_refund(refund)

    def _withhold_refunds(self, reason):
        """Keep refunds that were not sent yet, as those of a queue, from being sent:
        they wait for the bank's decision like the others."""
        self.ensure_one()
        refunds = self.tx_id._get_live_refunds()
        for kind in ("payin_refund", "transfer_refund"):
            operations = refunds._get_refund_operations(kind)
            operations.filtered(lambda one: one.state == "draft")._withdraw(reason)

    def _go_on_after_dispute(self):
        """Let refunds that waited for the bank's decision go on."""
        self.ensure_one()
        self._go_on_with_refunds()
        self.env["marketplace.topup"]._serve(
            self.company_id, self.seller_id, self.currency_id
        )

    def _forget_refunds(self, reason):
        """Give up the refunds of a lost payment that were not sent yet: the bank has
        given the money back, and Mangopay would refuse them (005408).

        What a purchase that was never sold gives back is counted without it.
        """
        if self.hold_end == "disputed":
            return
        self._withhold_refunds(reason)
        for refund in self.tx_id._get_live_refunds():
            is_sent = refund.state == "done" or refund._has_mangopay_under_way()
            if is_sent:
                continue
            self._get_open_topup(refund)._close("cancelled")
            self._give_up_refund(refund, reason)
        left = self.order_id._get_training_left_to_refund()
        if self.state == "abandoned" and not self.currency_id.is_zero(left):
            self.tx_id._refund_marketplace(left)

    def _treat_held(self, as_of, is_silent=False):
        """Override: what a bank may take back is neither sold nor given back before it
        has decided; what it took is not sold."""
        if self._has_open_dispute():
            return None
        if "LOST" in self.sudo().dispute_ids.mapped("result"):
            return self._abandon("disputed", tell=False)
        return super()._treat_held(as_of, is_silent)

    def _go_on_with_refunds(self):
        """Override: so do lost disputes that waited for the end of a transfer."""
        super()._go_on_with_refunds()
        for dispute_sudo in self.sudo().dispute_ids:
            if dispute_sudo.recovery == "waiting":
                dispute_sudo._recover()


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _check_refundable(self, amount_minor, besides=None):
        """Override: what its buyer's bank takes back is not refunded as well (005408).

        :raise ValidationError: unless the dispute was won, or had no object
        """
        disputes_sudo = (
            self.env["marketplace.dispute"]
            .sudo()
            .search(
                [
                    ("tx_id", "in", self.ids),
                    ("kind", "!=", "RETRIEVAL"),
                    ("result", "not in", ("WON", "VOID")),
                ],
            )
        )
        if disputes_sudo and not disputes_sudo._leave(amount_minor, besides):
            raise ValidationError(
                self.env._(
                    "The buyer contests this payment at their bank, which takes it "
                    "back: it cannot be refunded besides."
                )
            )
        return super()._check_refundable(amount_minor, besides=besides)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_training_left_to_refund(self):
        """Override: what the buyer's bank took back is not given back as well; nor can
        the rest of that payment be, by Mangopay (005408). Of what was never sold it is
        asked all the same: nobody else may have it."""
        left = super()._get_training_left_to_refund()
        if not self.marketplace_seller_id:
            return left
        lost = [("tx_id", "in", self.training_paid_tx_id.ids), ("result", "=", "LOST")]
        disputes_sudo = self.env["marketplace.dispute"].sudo().search(lost)
        if not disputes_sudo:
            return left
        return disputes_sudo._to_major(disputes_sudo._get_left_of_unsold())
