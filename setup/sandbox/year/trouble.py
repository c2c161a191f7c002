# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What goes wrong in the year, and what people do about it."""

from .town import IBANS, SELLERS


class Trouble:
    """Refused cards, refunds, payouts that come back, disputes: each says when."""

    def __init__(self, agenda):
        self.agenda = agenda
        self.env = agenda.env
        self.town = agenda.town
        self.shop = agenda.shop
        self.bank = agenda.town.bank
        #: (month, day): what happens in the afternoon.
        self.plan = {
            (2, 3): [self.card_refused],
            (3, 10): [self.part_given_back],
            (4, 2): [self.last_seller_known],
            (5, 6): [self.whole_given_back],
            (5, 17): [self.payout_returned],
            (5, 25): [self.new_bank_account],
            (6, 14): [self.next_payout_refused],
            (7, 16): [self.given_back_after_payout],
            (7, 22): [self.wallet_funded],
            (8, 10): [lambda: self.dispute("LOST")],
            (9, 8): [self.part_given_back],
            (10, 10): [lambda: self.dispute("WON")],
            (11, 4): [self.whole_given_back],
        }

    def card_refused(self):
        """A buyer's bank says no."""
        session = self.town.open_session(self._find_seller(0))
        self.shop.be_refused(session, self.agenda.buyers[0])

    def part_given_back(self):
        """A third of the last price."""
        order = self._find_sales()[-1:].order_id
        self.shop.give_back(order, order.currency_id.round(order.amount_total / 3))

    def whole_given_back(self):
        """The last purchase is cancelled."""
        order = self._find_sales()[-1:].order_id
        self.shop.give_back(order, order.amount_total)

    def last_seller_known(self):
        """The seller of whom Mangopay knew nothing gives all that was asked of it."""
        seller = self._find_seller(-1)
        self.town.introduce(seller)
        self.town.give_account(seller, IBANS[len(SELLERS) - 1])

    def payout_returned(self):
        """The account of the first seller was closed: its payout comes back."""
        payout = self._find_payouts(self._find_seller(0))[:1]
        reason = "BANKACCOUNT_HAS_BEEN_CLOSED"
        self.bank.act("return-payout", payout.reference, reason=reason)

    def new_bank_account(self):
        """That seller gives another one."""
        self.town.give_account(self._find_seller(0), IBANS[-1])

    def next_payout_refused(self):
        """Mangopay refuses the next payout, and takes the one after it."""
        self.bank.fault(kind="payout_failed", code="121999", count=1)

    def given_back_after_payout(self):
        """A sale of which the seller has had all the money."""
        month = self.env.cr.now().replace(day=1, hour=0)
        paid = self._find_sales().filtered(
            lambda sale: (
                sale.confirmed_at < month
                and sale.transfer_state == "done"
                and self._is_owed_nothing(sale)
            )
        )
        if not paid:
            raise RuntimeError("No seller has had all its money.")
        self.shop.give_back(paid[-1:].order_id, paid[-1:].amount_total)

    def _is_owed_nothing(self, sale):
        balance = sale.seller_id._get_marketplace_balance(
            sale.company_id, sale.currency_id
        )
        return not balance.owed

    def wallet_funded(self):
        """The operator's bank transfer arrives in the seller's wallet."""
        for topup in self.env["marketplace.topup"].search([("state", "=", "waiting")]):
            payin = topup._get_mangopay_operations("bankwire")[:1]
            self.bank.act("receive-wire", payin.provider_reference)

    def dispute(self, result):
        """A buyer goes to their bank, which decides later that day."""
        sale = self._find_sales()[-1:]
        self.bank.act("dispute", sale.payin_reference, type="CONTESTABLE")
        self.agenda.jobs.run()
        disputed = self.bank.rows("dispute")[-1]["Id"]
        self.bank.act("finish-dispute", disputed, result=result)

    def _find_seller(self, number):
        return self.env["res.partner"].search(
            [("name", "=", SELLERS[number][0]), ("is_marketplace_seller", "=", True)]
        )

    def _find_sales(self):
        sales = self.env["marketplace.sale"].search(
            [("state", "=", "confirmed")], order="confirmed_at, id"
        )
        return sales.filtered(lambda sale: not sale.amount_refunded)

    def _find_payouts(self, seller):
        domain = [("seller_id", "=", seller.id), ("state", "=", "done")]
        return self.env["marketplace.payout"].search(domain, order="id desc")
