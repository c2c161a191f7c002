# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B9, D10, D17: a buyer pays a seller's course through Mangopay's page."""

from odoo.exceptions import UserError
from odoo.tests import mute_logger, tagged

from ..services.mangopay_outcomes import Outcome
from .mangopay_double import refuse
from .payment_common import WEB, MangopayPaymentCommon

TRANSACTIONS = "odoo.addons.payment.models.payment_transaction"


@tagged("standard", "post_install", "-at_install")
class TestMangopayPayment(MangopayPaymentCommon):
    def assert_sold(self, tx):
        """The order is confirmed by this payment; nothing is the operator's."""
        order = tx.sale_order_ids
        self.assertEqual((tx.state, order.state), ("done", "sale"))
        self.assertEqual(order.training_paid_tx_id, tx)
        self.assertEqual(
            set(order.training_registration_ids.mapped("prepaid_state")), {"pending"}
        )
        self.assertFalse(tx.payment_id)
        self.assertFalse(order.invoice_ids)

    def offered(self, order):
        providers = self.env["payment.provider"].sudo()
        return providers._get_compatible_providers(
            self.company.id,
            order.partner_id.id,
            order.amount_total,
            currency_id=order.currency_id.id,
            sale_order_id=order.id,
        )

    def test_each_order_its_provider(self):
        """D17: Mangopay for a seller's course, Stripe for one's own, never both; none
        when the account is not ready."""
        sold, own = self._buy(self.sold_session), self._buy(self.course)
        self.assertEqual(sold.marketplace_seller_id, self.seller)
        self.assertEqual(self.offered(sold), self.mangopay)
        self.assertEqual(self.offered(own), self.provider)
        plain = self.env["sale.order"].create({"partner_id": self.buyer.id})
        self.assertNotIn(self.mangopay, self.offered(plain))
        self.assertTrue(self.sold_session.is_sellable_online)
        self.account.hook_state = "invalid"
        self.assertFalse(self.offered(sold))
        self.assertFalse(self.sold_session.is_sellable_online)
        self.assertTrue(self.course.is_sellable_online)
        self.assertTrue(sold._get_training_blockers())

    def test_a_course_that_changed_hands_is_bought_anew(self):
        """D17: an order keeps its seller; a cart of the former one is refused."""
        order = self._buy(self.sold_session)
        paid = self.pay()
        self.sold.marketplace_seller_id = self.seller.copy()
        self.assertEqual(order.marketplace_seller_id, self.seller)
        self.assertTrue(order._get_training_blockers())
        self.assertEqual(paid.marketplace_seller_id, self.seller)

    def test_the_whole_way(self):
        """B9: user, wallet, payment, page, return: sold, once, nothing invoiced."""
        tx = self.start()
        payin = self.open_page(tx)
        user, wallet = tx.mangopay_wallet_id.user_id, tx.mangopay_wallet_id
        self.assertEqual(user.partner_id, self.buyer.commercial_partner_id)
        self.assertEqual(user.category, "PAYER")
        self.assertEqual(payin["AuthorId"], user.mangopay_id)
        self.assertEqual(payin["CreditedWalletId"], wallet.mangopay_id)
        funds = {"Currency": "EUR", "Amount": round(tx.amount * 100)}
        self.assertEqual(payin["DebitedFunds"], funds)
        self.assertEqual(payin["Fees"], {"Currency": "EUR", "Amount": 0})
        self.assertLessEqual(len(payin["ReturnURL"]), 220)
        self.settle(payin)
        _response, url = self.visit(tx, "return")
        self.assertTrue(url.endswith("/payment/status"))
        self.assert_sold(tx)
        tx.sale_order_ids._follow_up_purchase()
        self.assert_sold(tx)
        self.assertTrue(tx.sale_order_ids.opportunity_id)

    def test_second_purchase_of_a_buyer(self):
        """B9: user and wallet are made once for a buyer."""
        self.pay()
        self.pay(self._create_session(self.sold))
        counts = [
            len(self.double.calls("POST", path))
            for path in ("sca/users/legal", "wallets", WEB)
        ]
        self.assertEqual(counts, [1, 1, 2])

    def test_buyer_never_comes_back(self):
        """R16: the notification alone sells, and its repetitions change nothing."""
        tx = self.start()
        payin = self.open_page(tx)
        self.settle(payin)
        for date in ("1790000000", "1790000000", "1790000001"):
            status = self.announce("PAYIN_NORMAL_SUCCEEDED", payin["Id"], date)
            self.assertEqual(status, 200)
        self.assert_sold(tx)
        self.visit(tx, "return")
        self.visit(tx, "return")
        self.assert_sold(tx)

    def test_buyer_comes_back_first_and_twice(self):
        """B9: before the notification, twice, then it: the same end."""
        tx = self.start()
        payin = self.open_page(tx)
        self.settle(payin)
        self.visit(tx, "return")
        self.visit(tx, "return")
        self.announce("PAYIN_NORMAL_SUCCEEDED", payin["Id"])
        self.assert_sold(tx)
        self.assertFalse(tx.child_transaction_ids)

    def test_buyer_comes_back_before_the_bank_answers(self):
        """B9: nothing is known: it waits, no second payment meanwhile, then sells."""
        tx = self.start()
        payin = self.open_page(tx)
        _response, url = self.visit(tx, "return")
        self.assertTrue(url.endswith("/payment/status"))
        self.assertEqual(tx.state, "pending")
        self.settle(payin)
        self.announce("PAYIN_NORMAL_SUCCEEDED", payin["Id"])
        self.assert_sold(tx)

    def test_start_twice_leads_to_the_same_page(self):
        """D7: the page loaded again asks for nothing more."""
        tx = self.start()
        self.assertEqual(self.open_page(tx), self.open_page(tx))
        self.assertEqual(len(self.double.calls("POST", WEB)), 1)

    def test_lost_answer(self):
        """D7: a time-out after the deed: the buyer waits, then gets that very page."""
        tx = self.start()
        self.double.fail("POST", WEB, "lost")
        response, _url = self.visit(tx, "start")
        self.assertEqual((response.status_code, tx.state), (200, "draft"))
        self.assertIn('http-equiv="refresh"', response.text)
        self.open_page(tx)
        self.assertEqual(len(self.double.calls("POST", WEB)), 1)
        self.assertEqual(len(self.operations(tx, "payin")), 1)

    def test_mangopay_is_down(self):
        """B9: for an hour: nothing lost, nothing twice, the buyer is told to wait."""
        tx = self.start()
        self.double.fail("POST", "sca/users/legal", 503, times=2)
        for _attempt in range(2):
            self.assertEqual(self.visit(tx, "start")[0].status_code, 200)
        self.open_page(tx)
        users = {
            headers["Idempotency-Key"]
            for _body, headers, _query in self.double.calls("POST", "sca/users/legal")
        }
        self.assertEqual((len(users), len(self.operations(tx, "payin"))), (1, 1))

    def test_foreign_addresses(self):
        """R5: without the right token, nothing is asked of Mangopay."""
        tx = self.start()
        for path in ("start", "return"):
            for query in (f"tx={tx.id}", f"tx={tx.id}&access_token=x", "tx=x", ""):
                response = self.url_open(
                    f"/payment/mangopay/{path}?{query}", allow_redirects=False
                )
                self.assertIn("/shop/payment", response.headers["Location"])
        self.assertEqual(self.double.journal, [])

    def test_refused_card(self):
        """B9: told in words, the seat is free, the buyer pays again at once."""
        tx = self.start()
        self.settle(self.open_page(tx), "FAILED", "101101")
        _response, url = self.visit(tx, "return")
        self.assertTrue(url.endswith("/shop/payment"))
        self.assertEqual(tx.state, "error")
        self.assertTrue(tx._get_mangopay_failure())
        order = tx.sale_order_ids
        self.assertEqual(order.state, "draft")
        self.assertFalse(
            self.env["training.seat.hold"].search([("order_ref", "=", order.id)])
        )
        self.announce("PAYIN_NORMAL_FAILED", tx.provider_reference)
        second = self._start_payment(
            order,
            provider_id=self.mangopay.id,
            operation="online_redirect",
            reference=f"{order.name}-1",
        )
        self.settle(self.open_page(second))
        self.visit(second, "return")
        self.assert_sold(second)
        self.assertEqual(tx.state, "error")

    def test_page_given_up_or_expired(self):
        """B9: cancelled, by the buyer or by the 15 minutes; the seat is freed."""
        for code in ("101002", "101109"):
            with self.subTest(code):
                tx = self.start()
                payin = self.open_page(tx)
                self.settle(payin, "FAILED", code)
                self.announce("PAYIN_NORMAL_FAILED", payin["Id"])
                self.assertEqual(tx.state, "cancel")
                holds = self.env["training.seat.hold"]
                order = tx.sale_order_ids
                self.assertFalse(holds.search([("order_ref", "=", order.id)]))

    def test_expired_page_without_notification(self):
        """B9: no notification, no buyer: the sweeper ends it."""
        tx = self.start()
        self.settle(self.open_page(tx), "FAILED", "101109")
        self.operations(tx, "payin").date_next = "2020-01-01 00:00:00"
        self.run_jobs()
        self.assertEqual(tx.state, "cancel")

    def test_unverified_seller(self):
        """B11, 002951: no sale, nothing charged, the course stops, a person is told."""
        failed = {
            "Id": "payin_951",
            "CreationDate": 1790000000,
            "Status": "FAILED",
            "ResultCode": "002951",
            "ResultMessage": "The following beneficiaries are not verified: user_1",
        }
        self.double.fail("POST", WEB, (200, failed, {}))
        tx = self.start()
        _response, url = self.visit(tx, "start")
        self.assertTrue(url.endswith("/shop/payment"))
        self.assertEqual((tx.state, self.sold.marketplace_stop), ("error", "kyc"))
        self.assertEqual(len(self.sold.activity_ids), 1)
        self.assertFalse(self.sold_session.is_sellable_online)
        self.assertTrue(tx.sale_order_ids._get_training_blockers())
        self.sold.action_resume_marketplace()
        self.assertTrue(self.sold_session.is_sellable_online)

    def test_refused_details(self):
        """B9: what Mangopay refuses of the buyer is told, then corrected."""
        self.double.fail("POST", "sca/users/legal", refuse(400, "fraud_policy"))
        tx = self.start()
        self.assertTrue(self.visit(tx, "start")[1].endswith("/shop/payment"))
        self.assertEqual(tx.state, "error")
        self.pay()

    def test_forged_notification(self):
        """D8: of another payment, or of none: nothing is sold."""
        tx = self.start()
        payin = self.open_page(tx)
        stranger = self.double.add(WEB, Status="SUCCEEDED", Tag="another")
        for object_id in (payin["Id"], stranger["Id"], "payin_of_nobody"):
            self.announce("PAYIN_NORMAL_SUCCEEDED", object_id)
        self.assertEqual((tx.state, tx.sale_order_ids.state), ("draft", "draft"))

    @mute_logger("odoo.addons.training_marketplace_payout.models.payment_transaction")
    def test_payment_of_another_amount_or_buyer(self):
        """B9: another amount, currency, buyer or wallet: not sold, a person looks."""
        for changes in (
            {"DebitedFunds": {"Currency": "EUR", "Amount": 1}},
            {"DebitedFunds": {"Currency": "USD", "Amount": 144000}},
            {"AuthorId": "user_of_another"},
            {"CreditedWalletId": "wallet_of_another"},
        ):
            with self.subTest(**changes):
                tx = self.start()
                payin = self.open_page(tx)
                self.settle(payin)
                payin.update(changes)
                self.announce("PAYIN_NORMAL_SUCCEEDED", payin["Id"])
                self.assertNotEqual(tx.state, "done")
                self.assertTrue(self.operations(tx, "payin").activity_ids)

    def test_money_wins_over_a_cancellation(self):
        """R10: given up here, then paid there: it is a payment."""
        tx = self.start()
        payin = self.open_page(tx)
        tx._set_canceled()
        self.settle(payin)
        self.announce("PAYIN_NORMAL_SUCCEEDED", payin["Id"])
        self.assert_sold(tx)

    def test_two_windows(self):
        """R2, R11: the first page was left open; both are paid: one is given back."""
        first = self.start()
        old = self.open_page(first)
        second = self._start_payment(
            first.sale_order_ids,
            provider_id=self.mangopay.id,
            operation="online_redirect",
            reference=f"{first.reference}-1",
        )
        second._close_other_payments()
        self.assertEqual(first.state, "cancel")
        self.settle(self.open_page(second))
        self.visit(second, "return")
        self.settle(old)
        self.announce("PAYIN_NORMAL_SUCCEEDED", old["Id"])
        self.assert_sold(second)
        self.assertEqual(
            (first.state, first.training_refusal), ("done", "already_paid")
        )
        self.run_jobs()
        [(body, _headers, _query)] = self.double.calls(
            "POST", f"payins/{old['Id']}/refunds"
        )
        self.assertEqual(body["DebitedFunds"], old["DebitedFunds"])
        self.assertEqual(first.child_transaction_ids.state, "done")

    def test_paid_page_closes_no_other_payment(self):
        """R2: while a first payment is paid and not known here, no second starts."""
        first = self.start()
        self.settle(self.open_page(first))
        second = first.copy({"reference": f"{first.reference}-1", "state": "draft"})
        self.assertFalse(first._close_payment())
        self.double.fail("GET", f"payins/{first.provider_reference}", 503, times=9)
        self.assertFalse(first._close_payment())
        self.assertTrue(second._close_payment())

    def test_never_invoiced_by_the_operator(self):
        """D17: neither by hand, automatically, nor by a down payment."""
        self.env["ir.config_parameter"].sudo().set_param("sale.automatic_invoice", True)
        order = self.pay()
        order._follow_up_purchase()
        self.assertFalse(order.invoice_ids)
        self.assertEqual(order.invoice_status, "no")
        self.assertEqual(order.order_line.qty_to_invoice, 0)
        with self.assertRaises(UserError):
            order._create_invoices()
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "advance_payment_method": "fixed",
                "fixed_amount": 10,
                "sale_order_ids": [(6, 0, order.ids)],
            }
        )
        with self.assertRaises(UserError):
            wizard.create_invoices()
        self.assertFalse(
            self.env["account.payment"].search([("memo", "like", order.name)])
        )

    def test_operator_s_own_sale_is_untouched(self):
        """D17: beside it, a session of one's own is invoiced and paid as ever."""
        order = self._purchase(session=self.course)
        self.assertFalse(order.marketplace_seller_id)
        self.assertTrue(order.training_paid_tx_id.payment_id)
        self.assertEqual(order.invoice_ids.payment_state, "paid")

    def test_every_outcome_has_its_words(self):
        """B9: each end of a payment is a sentence of its own."""
        tx = self.start()
        sentences = {tx._get_mangopay_sentence(outcome) for outcome in Outcome}
        self.assertEqual(len(sentences), len(Outcome))

    def test_payment_page_leads_to_our_second_request(self):
        """A12, D7: terms accepted first; the form that the browser sends is ours."""
        self.sign_in("nora@petit.example")
        self._post(self._buy_url(self.sold_session), self._company_form())
        order = self._carts().filtered("marketplace_seller_id")[:1]
        page = self._get("/shop/payment")[1]
        self.assertEqual(len(page.xpath("//input[@name='o_payment_radio']")), 1)
        sold_by = self._text(page, "//*[@name='training_recap_seller']")
        self.assertIn(self.seller.name, sold_by)
        self.assertNotIn(self.company.name, sold_by)
        answer = self.pay_route(order)
        self.assertIn(self.seller.name, order.training_acceptance_ids.recap)
        tx = order.transaction_ids
        self.assertEqual(tx.provider_id, self.mangopay)
        self.assertTrue(order.training_acceptance_ids)
        self.assertIn("/payment/mangopay/start", answer["redirect_form_html"])
        self.assertEqual(self.double.journal, [])
        self.settle(self.open_page(tx), "FAILED", "101301")
        self.visit(tx, "return")
        page = self._get("/shop/payment")[1]
        shown = self._text(page, "//*[@name='mangopay_failure']")
        self.assertEqual(shown, tx._get_mangopay_failure())
