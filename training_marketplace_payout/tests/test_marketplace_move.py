# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B24, A22: learners of a seller's purchase go to another session of that seller."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .marketplace_money_common import MarketplaceMoneyCommon


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceMove(MarketplaceMoneyCommon):
    def setUp(self):
        super().setUp()
        self.order = self.pay()
        self.sale = self.order.marketplace_sale_id
        self.follow_up()
        self.run_books()
        self.learners = self.order._get_active_learners()
        self.other = self._create_session(self.sold)

    def move(self, session, learners=None):
        self.order._move_training(learners or self.learners, session)
        self.env.flush_all()

    def documents(self):
        """Return the seller's documents of the sale, oldest first."""
        domain = [("sale_id", "=", self.sale.id)]
        return self.env["marketplace.invoice"].search(domain, order="id")

    def refused(self, session, learners=None):
        """Nothing changes by a move that is refused."""
        before = self.order.training_session_id
        documents = self.documents()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.move(session, learners)
        self.env.invalidate_all()
        self.assertEqual(self.order.training_session_id, before)
        self.assertEqual(self.documents(), documents)

    def test_same_seller_same_price(self):
        """A22, B12: learners and sale follow; the invoice is replaced."""
        [first] = self.documents()
        books = self.env["marketplace.entry"].search_count([])
        self.move(self.other)
        self.assertEqual(self.learners.event_id, self.other)
        self.assertEqual(self.sale.session_id, self.other)
        self.assertEqual(self.learners.mapped("prepaid_state"), ["pending"] * 2)
        documents = self.documents()
        kinds = sorted(documents.mapped("kind"))
        self.assertEqual(kinds, ["credit_note", "invoice", "invoice"])
        new = first._get_live()
        self.assertEqual(first.state, "corrected")
        self.assertEqual(new.line_ids.session_id, self.other)
        self.assertEqual(new.amount_total, first.amount_total)
        self.assertFalse(self.order.invoice_ids)
        self.assertEqual(self.env["marketplace.entry"].search_count([]), books)
        self.assertFalse(self.sent_refunds(self.sale))

    def test_moved_twice(self):
        """A22: the invoice that is live is the one taken back."""
        [first] = self.documents()
        back = self.order.training_session_id
        self.move(self.other)
        self.move(back)
        self.assertEqual(first._get_live().line_ids.session_id, back)
        self.assertEqual(len(self.documents()), 5)

    def test_another_price(self):
        """A22: a difference would be the seller's money: refused, said why."""
        self.other.session_price = 500
        self.refused(self.other)

    def test_another_seller(self):
        """A22: nobody's sale becomes another's, nor the operator's."""
        stranger = self.seller.copy({"is_marketplace_seller": True})
        theirs = self._create_programme(marketplace_seller_id=stranger.id)
        self.refused(self._create_session(theirs))
        self.refused(self._create_session(self.programme))

    def test_some_learners(self):
        """A22: one order is one sale: it is not split."""
        self.refused(self.other, self.learners[:1])

    def test_partly_refunded(self):
        """A22: what was partly given back stays where it is."""
        self.sale.tx_id._refund_marketplace(400.0)
        self.refused(self.other)

    def test_withdrawal_counts_refunds(self):
        """A28, B24: who withdraws gets what was not given back yet."""
        self.assertEqual(self.order._get_withdrawal_balance(), (1200.0, 1200.0))
        self.sale.tx_id._refund_marketplace(400.0)
        self.assertEqual(self.order._get_withdrawal_balance(), (1200.0, 800.0))
