# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError

from ..services.marketplace_entries import Kind


class MarketplaceDispute(models.Model):
    """Whose loss a lost dispute is, in what is not plain (B10, B19).

    A purchase that was given up was never the seller's: it owes nothing of it, and what
    the bank did not take is still its buyer's. What a seller was told to owe, and is
    settled after all, is owed no more.

    Each movement is written down in the transaction of what causes it, under a key of
    its own: once, wherever the process dies.
    """

    _inherit = "marketplace.dispute"

    def _get_left_of_unsold(self, besides=None):
        """Return what is still the buyer's of a payment that a bank took back in part,
        when its purchase was given up for that; nothing of a sale that stands.

        :param besides: a refund that is not counted
        """
        sale = self.sale_id
        if (
            len(sale) != 1
            or sale.state != "abandoned"
            or set(self.mapped("result")) != {"LOST"}
        ):
            return 0
        refunds = sale.tx_id._get_live_refunds() - (besides or sale.tx_id.browse())
        given = sum(refund._get_mangopay_minor() for refund in refunds)
        lost = sum(
            one._to_minor(max(one.amount, one.amount_repudiated)) for one in self
        )
        return max(sale._to_minor(sale.amount_total) - given - lost, 0)

    def _leave(self, minor, besides=None):
        """Whether these disputes leave that much to be given back to the buyer."""
        return 0 < minor <= self._get_left_of_unsold(besides)

    def _tell_unsold(self, minor):
        """Have a person decide on what was lost with a purchase that was not sold."""
        self._call_accountant(
            self.env._("A lost dispute is the marketplace's own loss"),
            self.env._(
                "%(amount)s that the bank took back for %(buyer)s is not recovered. "
                "The purchase was never sold: %(seller)s owes nothing. Decide what "
                "becomes of it on the account of disputes.",
                amount=self.currency_id.format(self._to_major(minor)),
                buyer=self.buyer_id.display_name,
                seller=self.seller_id.name,
            ),
        )

    def _take_off_debt(self, minor, reference, moment):
        """What was settled once the seller owed it, as by another attempt or in
        Mangopay's dashboard, is not taken twice.

        :param int minor: what was settled now
        :param str reference: the settlement's id at Mangopay
        """
        back = min(minor, self._to_minor(self.amount_debt))
        if back <= 0:
            return
        key = f"{reference}:{Kind.DISPUTE_DEBT_BACK}"
        self._write_down(Kind.DISPUTE_DEBT_BACK, key, back, self.reference, moment)
        self.amount_debt = self._to_major(self._to_minor(self.amount_debt) - back)
        self._call_accountant(
            self.env._("A dispute was settled after all"),
            self.env._(
                "%(amount)s was taken from what is %(seller)s's, who owes it no more. "
                "What a payout has netted of it already is to be given back.",
                amount=self.currency_id.format(self._to_major(back)),
                seller=self.seller_id.name,
            ),
        )

    def _retry_mangopay(self, operation):
        """Override: what could not be taken back is owed by the seller since; taken all
        the same, it would be paid twice.

        :raise UserError: for what was to be taken back
        """
        if operation.kind == "transfer_refund":
            raise UserError(
                self.env._(
                    "What the seller's wallet did not give back is netted from its "
                    "next payouts: it is not asked for again."
                )
            )
        return super()._retry_mangopay(operation)
