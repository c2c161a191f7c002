# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B9: a seller's paid order is a sale of the marketplace, written once."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..services.marketplace_amounts import commission, share
from .payment_common import MangopayPaymentCommon


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceSale(MangopayPaymentCommon):
    def test_paid_order_is_a_sale(self):
        """B9: who, what, how much and at which rate, once."""
        orders = type(self.env["sale.order"])
        with patch.object(orders, "_get_marketplace_rate", lambda order: 12.5):
            order = self.pay()
        sale = order.marketplace_sale_id
        self.assertEqual(sale.state, "confirmed")
        self.assertEqual(sale.seller_id, self.seller)
        self.assertEqual(sale.buyer_id, order.partner_id.commercial_partner_id)
        self.assertEqual(sale.buyer_email, order.partner_id.email)
        self.assertEqual(sale.programme_id, self.sold)
        self.assertEqual(sale.session_id, self.sold_session)
        self.assertEqual(sale.amount_total, order.amount_total)
        self.assertEqual((sale.rate, sale.commission), (12.5, 150.0))
        self.assertTrue(sale.confirmed_at)
        self.assertEqual(order._make_marketplace_sale(sale.tx_id), sale)

    def test_own_course_is_none(self):
        """B9: what the operator sells itself is no sale of the marketplace."""
        tx = self.start()
        self.assertFalse(tx.sale_order_ids.marketplace_sale_id)
        own = self._buy(self._create_session(self._create_programme()))
        own._become_prepaid(tx)
        self.assertFalse(own.marketplace_sale_id)

    def test_nobody_writes_it(self):
        """B9: by no right, and not by the administrator's either."""
        order = self.pay()
        sale = order.marketplace_sale_id
        groups = "account.group_account_manager,base.group_system"
        insider = new_test_user(self.env, login="insider", groups=groups)
        own_sale = sale.with_user(insider)
        self.assertEqual(own_sale.amount_total, 1200.0)
        for vals in ({"rate": 0}, {"transfer_state": "done"}, {"state": "held"}):
            with self.assertRaises(AccessError):
                own_sale.write(vals)
        with self.assertRaises(AccessError):
            own_sale.unlink()
        with self.assertRaises(UserError):
            sale.sudo().unlink()
        stranger = new_test_user(
            self.env, login="stranger", groups="event.group_event_manager"
        )
        with self.assertRaises(AccessError):
            sale.with_user(stranger).read(["rate"])

    def test_commission(self):
        """B9: half a cent goes up; parts of a refund sum to the whole."""
        self.assertEqual(commission(60000, 12.5), 7500)
        self.assertEqual(commission(1005, 10), 101)
        self.assertEqual(commission(115, 33.33), 38)
        thirds = [share(100, given, 40, 120) for given in (0, 40, 80)]
        self.assertEqual(thirds, [33, 34, 33])
        self.assertEqual(share(100, 0, 10, 0), 0)
