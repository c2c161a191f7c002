# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B19, D9: a refund after the seller was paid out: its wallet is funded first."""

from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import mute_logger, new_test_user, tagged

from .unhappy_common import UnhappyCommon

WIRES = "payins/bankwire/direct"


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceTopup(UnhappyCommon):
    def test_to_the_end(self):
        """B19: missing, announced, told; it arrives, and the refund goes on."""
        sale = self.sell_paid_out()
        refund = self.lack(sale, 600.0)
        topup = self.topup_of(refund)
        self.assertEqual((refund.state, topup.state), ("pending", "waiting"))
        self.assertEqual((topup.amount, topup.amount_needed), (600.0, 600.0))
        [(body, _headers, _query)] = self.double.calls("POST", WIRES)
        payer = self.company.partner_id._get_mangopay_user(self.account, "PAYER")
        self.assertEqual(body["AuthorId"], payer.mangopay_id)
        self.assertEqual(body["CreditedWalletId"], "wlt_seller")
        self.assertEqual(body["DeclaredDebitedFunds"]["Amount"], 60000)
        self.assertEqual(topup.bank_iban, "FR76")
        self.assertTrue(topup.wire_reference)
        self.assertEqual(topup.deadline, date.today() + timedelta(days=14))
        self.assertEqual(topup.activity_ids.date_deadline, topup.deadline)
        self.assertEqual(self.mails_to(sale.order_id.partner_id, topup), 1)
        self.assertFalse(sale.order_id.activity_ids)
        self.receive_wire(topup, 60000)
        self.assertEqual((refund.state, topup.state), ("done", "done"))
        self.assertFalse(topup.activity_ids)
        self.assertEqual(self.sent_refunds(sale), [60000])
        self.assertEqual(self.mails_to(self.seller, topup), 1)
        self.run_books()
        self.assertBooks({"debit": 600, "transit": -600})
        self.assertEqual(self.wallet_of(self.seller), 0)
        entry = self.env["marketplace.entry"].search([("topup_id", "=", topup.id)])
        self.assertEqual(len(entry.move_id.line_ids), 4)

    def test_announced_twice(self):
        """B19: events twice and in disorder: one entry, one refund."""
        sale = self.sell_paid_out()
        refund = self.lack(sale, 600.0)
        topup = self.topup_of(refund)
        wire = self.receive_wire(topup, 60000)
        for event, day in (("SUCCEEDED", 2), ("CREATED", 1), ("SUCCEEDED", 3)):
            self.announce(f"PAYIN_NORMAL_{event}", wire["Id"], str(1790000000 + day))
        self.assertEqual(topup.amount_received, 600.0)
        self.assertEqual(self.sent_refunds(sale), [60000])
        self.run_books()
        self.assertBooks({"debit": 600, "transit": -600})

    def test_less_arrives(self):
        """B19: a part arrives: booked, the rest announced under a new reference."""
        sale = self.sell_paid_out()
        refund = self.lack(sale, 600.0)
        topup = self.topup_of(refund)
        first = topup.wire_reference
        self.receive_wire(topup, 25000)
        self.assertEqual((topup.state, topup.amount), ("waiting", 350.0))
        self.assertNotEqual(topup.wire_reference, first)
        self.assertEqual(refund.state, "pending")
        self.receive_wire(topup, 35000)
        self.assertEqual((refund.state, topup.amount_received), ("done", 600.0))
        self.run_books()
        self.assertBooks({"debit": 600, "transit": -600})

    def test_more_arrives(self):
        """B19: what is over is the seller's, who owes as much."""
        sale = self.sell_paid_out()
        refund = self.lack(sale, 600.0)
        self.receive_wire(self.topup_of(refund), 70000)
        self.assertEqual(refund.state, "done")
        self.run_books()
        self.assertBooks({"debit": 700, "transit": -700, "wallet": 100, "seller": -100})

    def test_second_wire_of_one_reference(self):
        """B19: a transfer that Mangopay made another pay-in of is booked too."""
        sale = self.sell_paid_out()
        topup = self.topup_of(self.lack(sale, 600.0))
        self.receive_wire(topup, 60000)
        second = self.double.add(
            WIRES,
            CreditedWalletId="wlt_seller",
            DebitedFunds={"Currency": "EUR", "Amount": 5000},
        )
        second.update(WireReference=topup.wire_reference, Status="SUCCEEDED")
        for day in ("1790000001", "1790000002"):
            self.announce("PAYIN_NORMAL_SUCCEEDED", second["Id"], day)
        self.run_books()
        self.assertBooks({"debit": 650, "transit": -650, "wallet": 50, "seller": -50})

    def test_two_of_one_seller(self):
        """B19: two refunds wait at once: each counts on its own part of the wallet."""
        sale, other = self.sell_paid_out(left=500.0), self.sell_paid_out()
        first = self.lack(sale, 600.0)
        # What is in the wallet is counted on: Mangopay is not asked for it.
        second = other.tx_id._refund_marketplace(700.0)
        self.run_jobs()
        self.run_jobs()
        one, two = self.topup_of(first), self.topup_of(second)
        self.assertEqual((one.amount, two.amount), (100.0, 700.0))
        self.receive_wire(two, 70000)
        self.assertEqual((first.state, second.state), ("pending", "done"))
        self.receive_wire(one, 10000)
        self.assertEqual(first.state, "done")
        self.run_books()
        self.assertBooks({"debit": 800, "transit": -800})

    def test_later_sales_fill_it(self):
        """B19: the wallet is filled meanwhile: no transfer is needed any more; one
        that comes all the same is booked."""
        sale = self.sell_paid_out()
        refund = self.lack(sale, 600.0)
        topup = self.topup_of(refund)
        self.sold_session = self._create_session(self.sold)
        later = self.sell()
        self.transfer(later)
        self.run_jobs()
        self.run_jobs()
        self.assertEqual((refund.state, topup.state), ("done", "covered"))
        self.assertFalse(topup.is_open)
        self.run_books()
        self.assertBooks({"wallet": 600, "seller": -600})
        self.receive_wire(topup, 60000)
        self.assertEqual(topup.state, "covered")
        self.run_books()
        self.assertBooks(
            {"debit": 600, "transit": -600, "wallet": 1200, "seller": -1200}
        )

    def test_refused_then_again(self):
        """B19: refused or expired: told, and announced again by an accountant."""
        sale = self.sell_paid_out()
        self.fail_next(WIRES, "002951")
        refund = self.lack(sale, 600.0)
        topup = self.topup_of(refund)
        self.assertEqual((topup.state, refund.state), ("refused", "pending"))
        self.assertEqual(len(topup.activity_ids), 1)
        accountant = new_test_user(self.env, "bill3", "account.group_account_invoice")
        topup.with_user(accountant).action_announce_again()
        self.run_jobs()
        self.assertEqual(topup.state, "waiting")
        wire = self.double.objects[self.wires(topup)[0].provider_reference]
        self.settle(wire, "FAILED", "101109")
        self.announce("PAYIN_NORMAL_FAILED", wire["Id"])
        self.assertEqual((topup.state, refund.state), ("refused", "pending"))
        topup.with_user(accountant).action_announce_again()
        self.run_jobs()
        self.receive_wire(topup, 60000)
        self.assertEqual(refund.state, "done")

    def test_operator_is_not_known(self):
        """B19: the operator has no e-mail address: told; announced once it has one."""
        self.company.partner_id.email = False
        sale = self.sell_paid_out()
        topup = self.topup_of(self.lack(sale, 600.0))
        self.assertEqual(topup.state, "refused")
        self.assertFalse(self.wires(topup))
        self.assertTrue(topup.problem)
        self.assertTrue(topup.activity_ids)
        self.company.partner_id.email = "compta@rivage.example"
        topup.action_announce_again()
        self.run_jobs()
        self.run_jobs()
        self.assertEqual((topup.state, topup.amount), ("waiting", 600.0))

    @mute_logger("odoo.addons.payment.models.payment_transaction")
    def test_given_up(self):
        """B19: an accountant gives the refund up, nobody else does."""
        sale = self.sell_paid_out()
        refund = self.lack(sale, 600.0)
        topup = self.topup_of(refund)
        support = new_test_user(
            self.env, "help3", "training_marketplace_payout.group_marketplace_support"
        )
        self.assertTrue(topup.with_user(support).read(["amount", "wire_reference"]))
        for action in ("action_give_up", "action_announce_again", "action_try_now"):
            with self.assertRaises(AccessError):
                getattr(topup.with_user(support), action)()
        with self.assertRaises(AccessError):
            topup.with_user(support).amount = 1.0
        accountant = new_test_user(self.env, "bill3", "account.group_account_invoice")
        topup.with_user(accountant).action_give_up()
        self.assertEqual((topup.state, refund.state), ("cancelled", "error"))
        self.assertEqual(len(sale.order_id.activity_ids), 1)
        with self.assertRaises(UserError):
            topup.with_user(accountant).action_give_up()
        self.assertEqual(self.env["marketplace.topup"].search([]).ids, [topup.id])

    def test_books_say_it_is_there(self):
        """B19: Mangopay refuses what the books have: tried again, then believed."""
        sale = self.sell(is_transferred=True)
        path = f"transfers/{sale._get_transfers().provider_reference}/refunds"
        self.fail_next(path, "001001", times=4)
        refund = sale.tx_id._refund_marketplace(600.0)
        self.run_jobs()
        for _hour in range(3):
            self.assertFalse(self.topup_of(refund))
            [last, *_before] = self.operations(refund, "transfer_refund")
            self.assertEqual((last.state, refund.state), ("draft", "pending"))
            self.assertGreater(last.date_next, fields.Datetime.now())
            self.wait_for(last)
            self.run_jobs()
        topup = self.topup_of(refund)
        self.assertEqual(topup.amount, 600.0)
        self.assertTrue(topup.problem)

    def test_payout_under_way(self):
        """B19: what a payout takes is not in the wallet, though not booked yet."""
        sale = self.sell(is_transferred=True)
        euro = sale.currency_id
        self.assertEqual(self.seller._get_wallet_left(self.company, euro), 120000)
        self.env["marketplace.payout"].create(
            {
                "name": "P1",
                "company_id": self.company.id,
                "seller_id": self.seller.id,
                "currency_id": euro.id,
                "until": date.today(),
                "state": "asked",
                "amount": 900.0,
            }
        )
        self.assertEqual(self.seller._get_wallet_left(self.company, euro), 30000)
        sale.tx_id._refund_marketplace(100.0)
        self.assertEqual(self.seller._get_wallet_left(self.company, euro), 20000)

    def test_debts(self):
        """B19: what was advanced is owed, the oldest first."""
        self.assertEqual(self.debts(), [])
        for number, amount in enumerate((600.0, 200.0)):
            sale = self.sell_paid_out()
            topup = self.topup_of(self.lack(sale, amount))
            wire = self.receive_wire(topup, int(amount * 100), day=10 - number)
            self.assertTrue(wire)
            self.run_books()
        self.assertEqual(self.debts(), [200.0, 600.0])
