# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The year before today, in the demonstration: ``python -m year.past CONF URL PORT``.

The sellers of the demonstration data sell, invoice, are paid out and refund, at a clock
that is moved from a year ago to now: all of it by the flows of the addons, none of it
written by hand. ``PORT`` is the server's, which does not run yet: Mangopay's
notifications come there.
"""

import contextlib
import random
import sys
from datetime import date, datetime, timedelta

from odoo import SUPERUSER_ID, api

from .bank import Bank
from .clock import Clock
from .jobs import Jobs
from .life import open_odoo
from .postman import Postman
from .shop import Shop
from .told import prove
from .town import Town

DEMO = "training_marketplace_payout"
#: Is told what buyers ask of the operator; else nobody would be.
MANAGER = "training_catalogue_payment.user_manager"
CLIENT = "demonstration"
#: Sellers of the demonstration, their account, and for how many months they sold; the
#: thirteenth is the present one.
SELLERS = (
    ("seller_langues", "FR7630004000030000000000106", 13),
    ("seller_numerique", "FR7630004000030000000000203", 13),
    ("seller_gestes", "FR7630004000030000000000397", 7),
)
#: What makes sales, commissions, payouts and refunds; the rest waits for the server.
JOBS = tuple(
    f"training_marketplace_payout.ir_cron_{name}"
    for name in (
        "accept_marketplace_invoices",
        "book_marketplace",
        "pay_sellers",
        "process_mangopay_events_first",
        "process_mangopay_events_second",
        "send_mangopay_operations",
        "settle_marketplace",
        "tell_payouts",
        "transfer_marketplace",
        "treat_marketplace_holds",
    )
) + ("training_catalogue_payment.ir_cron_follow_up_purchases",)
#: Days of the month: commissions, sales, payouts, what became of them.
COMMISSIONS, SALES, PAYOUTS, AFTER = DAYS = (1, 7, 15, 16)
#: Months in which a buyer is given money back: whether all of it.
GIVEN_BACK = {4: False, 9: True}
BUYERS = (
    "Garage du Port",
    "Hôtel des Dunes",
    "Cabinet Le Bihan",
    "Pharmacie du Pont",
    "Fleurs de mai",
)
SIRETS = (
    "41250000100018",
    "50831000000015",
    "62417000700014",
    "79305000600014",
    "83120000100012",
)
#: Buys at last, for much, and has not sent its documents yet.
LATE = BUYERS[-1]
PEOPLE = {
    "seller_langues": ("Claire", "Dupuis", date(1980, 5, 4)),
    "seller_numerique": ("Karim", "Belkacem", date(1978, 9, 12)),
    "seller_gestes": ("Élodie", "Marchal", date(1985, 3, 30)),
}


class PastTown(Town):
    """The people of the demonstration data, who have been there for a year."""

    sirets = SIRETS

    def found(self) -> None:
        """Have buyers, and sellers that Mangopay knows."""
        for name in BUYERS:
            self._welcome_buyer(name)
        for name, iban, _months in SELLERS:
            seller = self.seller(name)
            if not self._get_paid_course(seller):
                self._offer_course(seller, 390.0)
            self._tell_who(seller, *PEOPLE[name])
            self.introduce(seller)
            self.give_account(seller, iban)

    def seller(self, name):
        """Return a seller of the demonstration data."""
        return self.env.ref(f"{DEMO}.{name}")

    def contract(self, seller):
        """Return the contract of a seller."""
        return seller._get_marketplace_contract(self.env.company)

    def _tell_who(self, seller, first_name, last_name, birthdate):
        france = self.env.ref("base.fr")
        seller.write(
            {
                "marketplace_rep_firstname": first_name,
                "marketplace_rep_lastname": last_name,
                "marketplace_rep_email": seller.child_ids[:1].email,
                "marketplace_rep_birthdate": birthdate,
                "marketplace_rep_nationality_id": france.id,
                "marketplace_rep_country_id": france.id,
            }
        )

    def open_session(self, seller):
        """Return the session of this month, of a paid course of the seller."""
        session = super().open_session(seller)
        programme = session.programme_id.with_context(lang="fr_FR")
        session.with_context(lang="fr_FR").name = programme.name
        # From nine to five in Paris, on a Tuesday.
        begin = session.date_begin + timedelta(
            days=(1 - session.date_begin.weekday()) % 7
        )
        begin = begin.replace(hour=8, minute=0, second=0)
        session.write(
            {
                "address_id": seller.id,
                "organizer_id": seller.id,
                "user_id": self.env.ref(MANAGER).id,
                "date_begin": begin,
                "date_end": begin + timedelta(hours=8),
            }
        )
        return session


class Past:
    """Goes through the months before today."""

    def __init__(self, clock, town, shop, today):
        self.clock, self.town, self.shop, self.jobs = clock, town, shop, shop.jobs
        self.env = town.env
        self.today = today
        self.chance = random.Random(2026)
        buyers = self.env["res.partner"].search([("ref", "=", "buyer")], order="id")
        self.late = buyers.filtered(lambda one: one.name == LATE)
        self.buyers = buyers - self.late

    def live(self) -> None:
        """Live every month, then the last day."""
        day, month = self.clock.now.date(), 0
        while day < self.today - timedelta(days=1):
            if day.day in DAYS:
                self._live_through(day, month)
            day += timedelta(days=1)
            month += day.day == 1
        self._go_to(day)
        self._buy(self.town.seller("seller_langues"), self.late, 9)
        self.jobs.run()

    def _live_through(self, day, month):
        self._go_to(day)
        if day.day != SALES:
            self.jobs.run()
            return
        sellers = [name for name, _iban, months in SELLERS if month < months]
        orders = [
            self._buy(
                self.town.seller(name),
                self.chance.choice(self.buyers),
                self.chance.randint(1, 3),
            )
            for name in sellers
        ]
        self.jobs.run()
        if self.town.send_documents():
            self.jobs.run()
        for order in orders:
            sale = order.marketplace_sale_id
            sale._invite_all(sale.seller_id.child_ids[:1])
        if month in GIVEN_BACK:
            self._give_back(orders[-1], GIVEN_BACK[month])

    def _go_to(self, day):
        self.clock.move_to(datetime(day.year, day.month, day.day, 9))

    def _buy(self, seller, buyer, learners):
        session = self.town.open_session(seller)
        return self.shop.buy(session, buyer, learners, follow_up=False)

    def _give_back(self, order, is_whole):
        """Cancel a purchase, or give a third of its price back."""
        amount = order.amount_total if is_whole else order.amount_total / 3
        self.shop.give_back(order, order.currency_id.round(amount))


def live(conf: str, url: str, port: str) -> int:
    """Live the year before today on the database that a configuration names.

    :return: how many differences the proof found
    """
    registry = open_odoo(conf, url)
    bank, postman = Bank(url, CLIENT), Postman(int(port))
    present = datetime.utcnow().replace(microsecond=0)
    start = present.replace(year=present.year - 1, day=1, hour=8, minute=0, second=0)
    with contextlib.ExitStack() as stack:
        stack.enter_context(postman.at_work())
        clock = stack.enter_context(Clock(bank, start).running())
        cr = stack.enter_context(registry.cursor())
        env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
        jobs = Jobs(env, postman)
        jobs.begin(env, JOBS)
        town = PastTown(env, bank, postman.url)
        gestes = town.contract(town.seller("seller_gestes"))
        reason = gestes.state_reason
        gestes._decide("resume")
        town.found()
        jobs.run()
        Past(clock, town, Shop(env, bank, jobs), present.date()).live()
        gestes._decide("suspend", reason)
        clock.move_to(present)
        jobs.run()
        # These letters are of another time: whoever was written to has read them.
        env["mail.mail"].search([("state", "=", "outgoing")]).write({"state": "cancel"})
        env.cr.commit()
        differences = prove(env, bank)
    bank.start_clock()
    return differences


if __name__ == "__main__":
    sys.exit(live(*sys.argv[1:]))
