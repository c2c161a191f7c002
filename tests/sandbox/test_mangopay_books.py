# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whatever happens, in whatever order, no money is made and none is lost."""

import collections
import importlib.util
import json
import os
import sys

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from mangopay_stand_in import IBAN, PROGRAM, Api, eur

SEQUENCES = int(os.environ.get("TRAINING_SEQUENCES", "100"))
AMOUNTS = st.integers(100, 30000)
CODES = st.sampled_from([None, None, "121001"])
BOTH = st.integers(0, 1)
SHARES = st.sampled_from([0, 0, 10, 25, 100])
PERCENTS = st.sampled_from([20, 50, 100, 100, 110])
BACK = st.sampled_from([-100, -50, -20, 0, 10])
OFTEN = st.sampled_from([True, True, True, False])


def load():
    """The stand-in's own modules, in this process, under another name."""
    name = "mangopay_standin"
    if name not in sys.modules:
        folder = PROGRAM / "standin"
        spec = importlib.util.spec_from_file_location(
            name, folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    parts = ("world", "api", "call", "actions", "errors")
    return tuple(load_part(part) for part in parts)


def load_part(part):
    """One module of the stand-in, once `load` was called."""
    return importlib.import_module(f"mangopay_standin.{part}")


world_module, api_module, call_module, actions, errors = load()


class InProcess(Api):
    """The same client without HTTP: thousands of requests a second."""

    def __init__(self, world):
        self.world, self.sandbox, self.client_id = world, self, "acme"
        answer = self._serve(
            "POST", "/v2.01/oauth/token", {"authorization": "Basic YWNtZTprZXk="}
        )
        self.headers = {"authorization": f"Bearer {answer.body['access_token']}"}

    def _serve(self, method, path, headers, body=None):
        request = call_module.Request(
            method, path, {}, headers, json.dumps(body).encode() if body else b""
        )
        return api_module.serve(self.world, request)

    def request(self, method, path, body=None, **_options):
        return self._serve(method, f"/v2.01/acme{path}", self.headers, body)

    @staticmethod
    def _good(answer):
        assert answer.status < 300, answer.body
        return answer.body

    def do(self, action, id_, **data):
        return actions.act(self.world, action, id_, data)


class Books(RuleBasedStateMachine):
    """Buyers, sellers, a bank and a platform, doing anything at any time."""

    @initialize(fees=st.booleans(), old=st.booleans())
    def begin(self, fees, old):
        self.world = world_module.World(
            settings={
                "refund_delay": None,
                "payout_delay": None,
                "return_payout_fees": fees,
                "regime": "old" if old else "2026",
                "rate_limits": False,
            }
        )
        self.api = InProcess(self.world)
        self.tenant = self.world.tenant("acme")
        self.buyers = [self.api.payer() for _index in range(2)]
        self.sellers = [self.api.owner() for _index in range(2)]
        self.wallets = {
            user["Id"]: self.api.wallet(user) for user in self.buyers + self.sellers
        }
        self.recipients = {
            user["Id"]: self.api.recipient(user, iban=IBAN) for user in self.sellers
        }
        for seller in (0, 1):
            self.sell(seller, seller, 10000, 10)

    def rows(self, table, *statuses):
        rows = self.tenant.rows(table)
        return [row for row in rows if not statuses or row["Status"] in statuses]

    def act(self, action, rows, data, **values):
        """Do it to one of them; what cannot be done is refused, and changes nothing."""
        if not rows:
            return
        row = data.draw(st.sampled_from(rows))
        before = len(self.tenant.data["entries"])
        try:
            self.api.do(action, row["Id"], **values)
        except errors.ApiError:
            assert len(self.tenant.data["entries"]) == before

    def part_of(self, wallet, percent):
        """A part of what a wallet holds; above 100 %, more than it holds."""
        held = self.tenant.ledger.balance(wallet["Id"])
        return max(1, held * percent // 100)

    @rule(buyer=BOTH, amount=AMOUNTS, share=SHARES, at_once=OFTEN)
    def order(self, buyer, amount, share, at_once):
        user = self.buyers[buyer]
        payin = self.api.web_payin(
            user, self.wallets[user["Id"]], amount, fees=amount * share // 100
        )
        if at_once and payin["Status"] == "CREATED":
            self.api.do("pay", payin["Id"])

    @rule(data=st.data(), how=st.sampled_from(["pay", "refuse-payin", "cancel-payin"]))
    def end_order(self, data, how):
        self.act(how, self.rows("payin", "CREATED"), data)

    @rule(buyer=BOTH, seller=BOTH, amount=AMOUNTS, share=SHARES)
    def sell(self, buyer, seller, amount, share):
        """What mostly happens: a purchase, of which the seller gets a part."""
        self.order(buyer, amount, 0, True)
        source, target = self.buyers[buyer], self.sellers[seller]
        wallet = self.wallets[source["Id"]]
        amount = self.part_of(wallet, 100)
        self.api.transfer(
            source, wallet, self.wallets[target["Id"]], amount, amount * share // 100
        )

    def funded(self, users):
        """Those of them who have money."""
        held = self.tenant.ledger.balance
        return [user for user in users if held(self.wallets[user["Id"]]["Id"])]

    @rule(data=st.data(), b=BOTH, percent=PERCENTS, share=SHARES)
    def transfer(self, data, b, percent, share):
        users = self.funded(self.buyers) or self.funded(self.sellers) or self.buyers
        source, target = data.draw(st.sampled_from(users)), self.sellers[b]
        wallet = self.wallets[source["Id"]]
        amount = self.part_of(wallet, percent)
        self.api.transfer(
            source, wallet, self.wallets[target["Id"]], amount, amount * share // 100
        )

    @rule(data=st.data(), outcome=st.sampled_from(["VALIDATED", "FAILED", "EXPIRED"]))
    def authenticate(self, data, outcome):
        rows = self.rows("transfer", "CREATED")
        self.act("authenticate-transfer", rows, data, outcome=outcome)

    @rule(data=st.data(), percent=PERCENTS, share=BACK, whole=OFTEN)
    def refund(self, data, percent, share, whole):
        table = data.draw(st.sampled_from(["payin", "transfer"]))
        rows = self.rows(table, *[] if not whole else ["SUCCEEDED"])
        if not rows:
            return
        row = data.draw(st.sampled_from(rows))
        body = {"AuthorId": row["AuthorId"]}
        if not whole or percent < 60:
            part = max(1, row["CreditedFunds"]["Amount"] * percent // 100)
            body |= {"DebitedFunds": eur(part), "Fees": eur(part * share // 100)}
        answer = self.api.request("POST", f"/{table}s/{row['Id']}/refunds", body)
        assert answer.status in (200, 400)
        if answer.status == 200 and answer.body["Status"] == "CREATED" and whole:
            self.api.do("settle-refund", answer.body["Id"])

    @rule(data=st.data(), code=CODES)
    def settle_refund(self, data, code):
        self.act("settle-refund", self.rows("refund", "CREATED"), data, code=code)

    @rule(data=st.data(), percent=PERCENTS, share=SHARES, at_once=st.booleans())
    def payout(self, data, percent, share, at_once):
        users = self.funded(self.sellers) or self.sellers
        user = data.draw(st.sampled_from(users))
        wallet = self.wallets[user["Id"]]
        amount = self.part_of(wallet, percent)
        payout = self.api.payout(
            user, wallet, self.recipients[user["Id"]], amount, amount * share // 100
        )
        if at_once and payout["Status"] == "CREATED":
            self.api.do("settle-payout", payout["Id"])

    @rule(data=st.data(), code=CODES)
    def settle_payout(self, data, code):
        self.act("settle-payout", self.rows("payout", "CREATED"), data, code=code)

    @rule(data=st.data())
    def give_back_payout(self, data):
        self.act("return-payout", self.rows("payout", "SUCCEEDED"), data)

    @rule(data=st.data())
    def dispute(self, data):
        self.act("dispute", self.rows("payin", "SUCCEEDED"), data)

    @rule(data=st.data(), result=st.sampled_from(["WON", "LOST", "VOID"]))
    def finish_dispute(self, data, result):
        self.act("finish-dispute", self.rows("dispute"), data, result=result)

    @rule(data=st.data(), percent=PERCENTS)
    def settle_dispute(self, data, percent):
        if rows := self.rows("repudiation"):
            row = data.draw(st.sampled_from(rows))
            path = f"/repudiations/{row['Id']}/settlementtransfer"
            amount = max(1, row["DebitedFunds"]["Amount"] * percent // 100)
            body = {
                "AuthorId": row["AuthorId"],
                "DebitedFunds": eur(amount),
                "Fees": eur(0),
            }
            assert self.api.request("POST", path, body).status in (200, 400)

    @rule()
    def drain(self):
        self.api.do("drain-fees", "acme")

    @rule(seller=BOTH, good=OFTEN)
    def verify(self, seller, good):
        name = "verify-user" if good else "downgrade-user"
        self.api.do(name, self.sellers[seller]["Id"])

    @rule(hours=st.sampled_from([1, 1, 25, 24 * 40]))
    def wait(self, hours):
        self.world.clock.move(self.world.clock.exact() + hours * 3600)
        self.world.timers.run()
        self.api = InProcess(self.world)

    @invariant()
    def the_books_balance(self):
        if hasattr(self, "tenant"):
            assert self.tenant.ledger.check() == []

    @invariant()
    def balances_follow_from_the_objects(self):
        """What the API says of transactions adds up to what it says of wallets."""
        if not hasattr(self, "tenant"):
            return
        for wallet in self.wallets.values():
            assert self.expected(wallet["Id"]) == self.tenant.ledger.balance(
                wallet["Id"]
            )

    @invariant()
    def nothing_is_given_back_twice(self):
        """Of a payment, never more than it was, and of its fees neither."""
        if not hasattr(self, "tenant"):
            return
        given, fees = collections.Counter(), collections.Counter()
        for row in self.rows("refund", "CREATED", "SUCCEEDED"):
            given[row["InitialTransactionId"]] += row["DebitedFunds"]["Amount"]
            fees[row["InitialTransactionId"]] -= row["Fees"]["Amount"]
        for row in self.rows("settlement", "SUCCEEDED"):
            given[row["RepudiationId"]] += row["CreditedFunds"]["Amount"]
        for id_, amount in given.items():
            initial = self.tenant.transaction(id_)
            assert amount <= initial["CreditedFunds"]["Amount"]
            assert fees[id_] <= initial["Fees"]["Amount"]

    def expected(self, wallet_id):
        total = 0
        for row in self.tenant.transactions():
            if row["Status"] == "FAILED":
                continue
            pending = row["Status"] == "CREATED"
            if row["CreditedWalletId"] == wallet_id and not pending:
                total += row["CreditedFunds"]["Amount"]
            leaves = not pending or row["Id"].startswith(("po_", "refund_"))
            if row["DebitedWalletId"] == wallet_id and leaves:
                total -= row["DebitedFunds"]["Amount"]
        return total


Books.TestCase.settings = settings(
    max_examples=SEQUENCES,
    stateful_step_count=30,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


class TestBooks(Books.TestCase):
    """D14: the sum is always 0, and no wallet is ever below it."""


def test_a_move_that_would_overdraw_writes_nothing():
    """D14: the ledger refuses by itself what a caller forgot to look at."""
    ledger_module = importlib.import_module("mangopay_standin.ledger")
    world = world_module.World()
    ledger = ledger_module.Ledger([], world.clock)
    ledger.move("payin", "in", "BANK_EUR", "wallet", 100)
    with pytest.raises(ledger_module.Overdrawn):
        ledger.move("payout", "out", "wallet", "BANK_EUR", 101)
    assert (ledger.balance("wallet"), len(ledger.entries)) == (100, 2)
    ledger.entries[-1]["amount"] += 1
    assert len(ledger.check()) == 3
