# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Disputes: their deadline, their limits, and the client's own money."""

import pytest
from mangopay_stand_in import eur, log_in, outcome

DAY = 86400


@pytest.fixture
def disputed(api, mangopay_sandbox, buyer, purse):
    """A dispute over 120 EUR."""
    payin = api.paid(buyer, purse)
    mangopay_sandbox.do("dispute", payin["Id"])
    (dispute,) = api.get(f"/payins/{payin['Id']}/disputes")
    return dispute


def test_the_bank_takes_the_money_of_the_client(api, mangopay_sandbox, disputed, purse):
    """D14: the CREDIT wallet goes below zero, the buyer's wallet keeps its money."""
    books = mangopay_sandbox.books()
    assert (books["CREDIT_EUR"], books[purse["Id"]]) == (-12000, 12000)
    taken = api.get(f"/repudiations/{disputed['RepudiationId']}")
    assert (taken["Nature"], taken["Status"]) == ("REPUDIATION", "SUCCEEDED")
    wallet = api.get("/clients/wallets/CREDIT/EUR")
    assert wallet["Balance"] == eur(-12000)


def test_nobody_answers_in_time(api, mangopay_sandbox, disputed):
    """D14: lost at the deadline; asking for more gives a new one."""
    mangopay_sandbox.advance(14 * DAY)
    log_in(api)
    path = f"/disputes/{disputed['Id']}"
    api.put(f"{path}/submit", {"ContestedFunds": eur(12000)})
    mangopay_sandbox.do("reopen-dispute", disputed["Id"])
    mangopay_sandbox.advance(14 * DAY)
    log_in(api)
    assert api.get(path)["Status"] == "REOPENED_PENDING_CLIENT_ACTION"
    mangopay_sandbox.advance(2 * DAY)
    log_in(api)
    assert (api.get(path)["Status"], api.get(path)["ResultCode"]) == ("CLOSED", "LOST")


def test_what_may_be_contested(api, mangopay_sandbox, disputed):
    """D14: not more than was disputed; not once it is at the bank."""
    path = f"/disputes/{disputed['Id']}/submit"
    more = {"ContestedFunds": eur(12001)}
    assert api.refused("PUT", path, more) == (400, "param_error")
    api.put(path, {"ContestedFunds": eur(5000)})
    assert (
        api.refused("PUT", path, {"ContestedFunds": eur(5000)})[1] == "invalid_action"
    )
    mangopay_sandbox.do("send-dispute", disputed["Id"])
    found = api.get(f"/disputes/{disputed['Id']}")
    assert found["Status"] == "PENDING_BANK_ACTION"


def test_limits_of_settlements(api, mangopay_sandbox, disputed, buyer):
    """D14: only once lost; 003010, 003011, 003012, 001001."""
    path = f"/repudiations/{disputed['RepudiationId']}/settlementtransfer"

    def settle(amount, fees=0):
        body = {"AuthorId": buyer["Id"], "DebitedFunds": eur(amount), "Fees": eur(fees)}
        return api.request("POST", path, body)

    assert settle(100).json()["Type"] == "invalid_action"
    mangopay_sandbox.do("finish-dispute", disputed["Id"], result="LOST")
    assert outcome(settle(12001).json()) == ("FAILED", "003010")
    assert outcome(settle(1000, 1).json()) == ("FAILED", "003012")
    assert settle(7000).json()["Status"] == "SUCCEEDED"
    assert outcome(settle(7000).json()) == ("FAILED", "003011")
    assert len(api.get("/disputes/pendingsettlement")) == 1
    assert settle(5000).json()["Status"] == "SUCCEEDED"
    assert api.get("/disputes/pendingsettlement") == []
    assert mangopay_sandbox.books()["CREDIT_EUR"] == 0


def test_not_contestable(api, mangopay_sandbox, buyer, purse):
    """D14: lost at once; a mere question of the bank takes nothing."""
    first, second = (api.paid(buyer, purse) for _index in range(2))
    mangopay_sandbox.do("dispute", first["Id"], type="NOT_CONTESTABLE", amount=5000)
    mangopay_sandbox.do("dispute", second["Id"], type="RETRIEVAL")
    lost, asked = api.get("/disputes")
    assert (lost["ResultCode"], lost["DisputedFunds"]) == ("LOST", eur(5000))
    assert (asked["Status"], asked["RepudiationId"]) == ("PENDING_CLIENT_ACTION", None)
    assert mangopay_sandbox.books()["CREDIT_EUR"] == -5000


def test_the_client_pays_its_credit_back(api, mangopay_sandbox, disputed):
    """D14: by a bank wire of its own."""
    body = {"CreditedWalletId": "CREDIT_EUR", "DeclaredDebitedFunds": eur(12000)}
    wire = api.post("/clients/payins/bankwire/direct", body)
    assert wire["Status"] == "CREATED" and wire["BankAccount"]["IBAN"]
    mangopay_sandbox.do("receive-wire", wire["Id"])
    assert mangopay_sandbox.books()["CREDIT_EUR"] == 0
