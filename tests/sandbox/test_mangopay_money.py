# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Refusals of pay-ins, transfers and refunds; both sets of rules."""

import pytest
import requests
from mangopay_stand_in import (
    BROWSER,
    CHALLENGE,
    IBAN,
    REFUSED,
    eur,
    log_in,
    outcome,
    refund,
)

DAY = 86400


def test_web_payin_lives_fifteen_minutes(api, mangopay_sandbox, buyer, purse):
    """D14: then FAILED 101109, and its page leads back."""
    payin = api.web_payin(buyer, purse)
    mangopay_sandbox.advance(901)
    log_in(api)
    assert outcome(api.get(f"/payins/{payin['Id']}")) == ("FAILED", "101109")
    page = requests.get(payin["RedirectURL"], allow_redirects=False, timeout=5)
    assert page.headers["Location"].endswith(f"order=7&transactionId={payin['Id']}")


@pytest.mark.parametrize(
    ("card", "expected"),
    [("4970107111111119", "000000"), (REFUSED, "101101")],
)
def test_cards(api, mangopay_sandbox, buyer, purse, card, expected):
    """D14: the number decides."""
    payin = api.web_payin(buyer, purse)
    assert mangopay_sandbox.do("pay", payin["Id"], card=card)["ResultCode"] == expected


def test_challenge_by_direct_payin(api, mangopay_sandbox, buyer, purse):
    """D14: CREATED with an address to send to; authorised or refused there."""
    card = registered(api, buyer, CHALLENGE)
    for answer, expected in (("accept", "000000"), ("refuse", "101301")):
        payin = direct(api, buyer, purse, card)
        assert (payin["Status"], payin["SecureModeNeeded"]) == ("CREATED", True)
        page = requests.post(
            payin["SecureModeRedirectURL"],
            data={"answer": answer},
            allow_redirects=False,
            timeout=5,
        )
        assert f"transactionId={payin['Id']}" in page.headers["Location"]
        assert api.get(f"/payins/{payin['Id']}")["ResultCode"] == expected
    assert mangopay_sandbox.books()[purse["Id"]] == 5000


def registered(api, buyer, number):
    form = api.post("/cardregistrations", {"UserId": buyer["Id"], "Currency": "EUR"})
    data = requests.post(
        form["CardRegistrationURL"],
        data={
            "accessKeyRef": form["AccessKey"],
            "data": form["PreregistrationData"],
            "cardNumber": number,
            "cardExpirationDate": "1230",
            "cardCvx": "123",
        },
        timeout=5,
    ).text
    path = f"/cardregistrations/{form['Id']}"
    return api.put(path, {"RegistrationData": data})


def direct(api, buyer, purse, card):
    return api.post(
        "/payins/card/direct",
        {
            "AuthorId": buyer["Id"],
            "CreditedWalletId": purse["Id"],
            "DebitedFunds": eur(5000),
            "Fees": eur(0),
            "CardId": card["CardId"],
            "SecureModeReturnURL": "http://127.0.0.1:1/back",
            "IpAddress": "127.0.0.1",
            "BrowserInfo": BROWSER,
        },
    )


def test_wrong_card_number(api, buyer):
    """D14: the page's error code becomes the registration's result code."""
    card = registered(api, buyer, "4970107111111110")
    assert (card["Status"], card["ResultCode"]) == ("ERROR", "105202")


def test_fees_above_the_amount(api, buyer, purse):
    """D14: 001014, HTTP 200."""
    payin = api.web_payin(buyer, purse, amount=100, fees=100)
    assert outcome(payin) == ("FAILED", "001014") and payin["RedirectURL"] is None


def test_beneficiaries_of_2026(api, mangopay_sandbox, buyer, purse):
    """D10: named, they must be owners verified; else the credited wallet's holder."""
    light, good = api.owner(verified=False), api.owner()

    def named(*users):
        return {"Beneficiaries": [{"UserId": user["Id"]} for user in users]}

    payin = api.web_payin(buyer, purse, FlowDescriptor=named(good))
    assert payin["Status"] == "CREATED"
    payin = api.web_payin(buyer, purse, FlowDescriptor=named(good, light))
    assert outcome(payin) == ("FAILED", "002951")
    assert light["Id"] in payin["ResultMessage"]
    assert good["Id"] not in payin["ResultMessage"]
    assert api.web_payin(buyer, purse)["Status"] == "CREATED"
    assert outcome(api.web_payin(buyer, api.wallet(light))) == ("FAILED", "002951")
    mangopay_sandbox.set(payer_needs_beneficiaries=True)
    assert outcome(api.web_payin(buyer, purse)) == ("FAILED", "002951")


def test_transfers_to_the_unverified_in_2026(api, mangopay_sandbox, buyer, purse):
    """D10: 002951 until the seller is verified, then it passes."""
    light = api.owner(verified=False)
    target = api.wallet(light)
    api.paid(buyer, purse)
    refused = api.transfer(buyer, purse, target)
    assert outcome(refused) == ("FAILED", "002951")
    mangopay_sandbox.do("verify-user", light["Id"])
    passed = api.transfer(buyer, purse, target, fees=1200)
    assert passed["Status"] == "SUCCEEDED"
    books = mangopay_sandbox.books()
    assert (books[target["Id"]], books["FEES_EUR"], books[purse["Id"]]) == (
        10800,
        1200,
        0,
    )


def test_old_limits(api, mangopay_sandbox, buyer, purse):
    """D10: 2 500 EUR paid and 1 000 EUR paid out over twelve months, unverified."""
    mangopay_sandbox.set(regime="old")
    assert api.paid(buyer, purse, 250000)["Status"] == "SUCCEEDED"
    assert outcome(api.web_payin(buyer, purse, 1)) == ("FAILED", "002999")
    light = api.owner(verified=False)
    till = api.wallet(light)
    assert api.transfer(buyer, purse, till, 200000)["Status"] == "SUCCEEDED"
    to = api.recipient(light)
    assert api.payout(light, till, to, 100000)["Status"] == "CREATED"
    assert outcome(api.payout(light, till, to, 1)) == ("FAILED", "002998")
    mangopay_sandbox.advance(366 * DAY)
    log_in(api)
    assert api.web_payin(buyer, purse, 250000)["Status"] == "CREATED"
    assert api.payout(light, till, to, 100000)["Status"] == "CREATED"


def test_old_endpoints(api, mangopay_sandbox):
    """D10: /users/natural and bank accounts are of the old rules."""
    body = {
        "FirstName": "Léa",
        "LastName": "Martin",
        "Email": "lea@example.com",
        "UserCategory": "PAYER",
        "TermsAndConditionsAccepted": False,
    }
    assert api.refused("POST", "/users/natural", body)[0] == 403
    mangopay_sandbox.set(regime="old")
    user = api.post("/users/natural", body)
    assert "PendingUserAction" not in user and user["UserStatus"] == "ACTIVE"


def test_bank_accounts_are_not_paid_in_2026(api, buyer, purse, owner, till):
    """D10: 121018."""
    address = {
        "AddressLine1": "1 rue",
        "City": "Paris",
        "PostalCode": "75012",
        "Country": "FR",
    }
    account = api.post(
        f"/users/{owner['Id']}/bankaccounts/iban",
        {"OwnerName": "Paul Durand", "OwnerAddress": address, "IBAN": IBAN},
    )
    api.paid(buyer, purse)
    api.transfer(buyer, purse, till)
    payout = api.payout(
        owner, till, {"Id": None}, RecipientId=None, BankAccountId=account["Id"]
    )
    assert outcome(payout) == ("FAILED", "121018")


def test_payers_receive_nothing(api, buyer, purse, owner, till):
    """D14: 002701 from a payer, 002702 from an owner; no payout."""
    other = api.wallet(api.payer())
    api.paid(buyer, purse)
    assert outcome(api.transfer(buyer, purse, other, 100)) == ("FAILED", "002701")
    api.transfer(buyer, purse, till)
    assert outcome(api.transfer(owner, till, other, 100)) == ("FAILED", "002702")
    assert outcome(api.transfer(owner, till, till, 100)) == ("FAILED", "101108")
    body = api.recipient_body()
    refused = api.refused("POST", f"/users/{buyer['Id']}/recipients", body)
    assert refused == (400, "not_allowed_for_user_category_payer")


def test_transfer_between_owners_authenticates(api, mangopay_sandbox, buyer, purse):
    """D14: above 500 EUR the author authenticates; 007101, 007102 else."""
    first, second = api.owner(), api.owner()
    source, target = api.wallet(first), api.wallet(second)
    api.paid(buyer, purse, 400000)
    api.transfer(buyer, purse, source, 400000)
    assert api.transfer(first, source, target, 50000)["Status"] == "SUCCEEDED"
    for outcome_, code in (("FAILED", "007101"), ("VALIDATED", "000000")):
        row = api.transfer(first, source, target, 60000)
        assert row["Status"] == "CREATED" and row["PendingUserAction"]["RedirectUrl"]
        mangopay_sandbox.do("authenticate-transfer", row["Id"], outcome=outcome_)
        assert api.get(f"/transfers/{row['Id']}")["ResultCode"] == code
    row = api.transfer(first, source, target, 60000)
    mangopay_sandbox.advance(601)
    log_in(api)
    assert api.get(f"/transfers/{row['Id']}")["ResultCode"] == "007102"
    body = {
        "AuthorId": first["Id"],
        "DebitedWalletId": source["Id"],
        "CreditedWalletId": target["Id"],
        "DebitedFunds": eur(100),
        "Fees": eur(0),
        "ScaContext": "USER_NOT_PRESENT",
    }
    assert api.refused("POST", "/transfers", body) == (403, "sca_proxy_missing")
    consent = api.post(f"/sca/users/{first['Id']}/consent")
    url = consent["PendingUserAction"]["RedirectUrl"]
    requests.post(url, data={"code": "702100"}, timeout=5)
    assert api.post("/transfers", body)["Status"] == "SUCCEEDED"


def test_whole_refund_gives_the_fees_back(api, mangopay_sandbox, buyer, purse):
    """D14: the buyer gets all of it; another one is refused 001401."""
    payin = api.paid(buyer, purse, 10000, fees=1000)
    row = refund(api, payin)
    assert row["CreditedFunds"] == eur(10000) and row["Fees"] == eur(-1000)
    assert row["Status"] == "SUCCEEDED" and row["Nature"] == "REFUND"
    books = mangopay_sandbox.books()
    assert (books[purse["Id"]], books["FEES_EUR"], books["BANK_EUR"]) == (0, 0, 0)
    assert outcome(refund(api, payin)) == ("FAILED", "001401")


def test_refund_refusals(api, mangopay_sandbox, buyer, purse):
    """D14: 005407, 005403, 005404, both amounts or none, 005408."""
    payin = api.paid(buyer, purse, 10000, fees=1000)
    assert refund(api, payin, 2000, 0)["Status"] == "SUCCEEDED"
    assert outcome(refund(api, payin, 2000, 0)) == ("FAILED", "005407")
    assert outcome(refund(api, payin, 8000, 0)) == ("FAILED", "005403")
    assert outcome(refund(api, payin, 1000, -1001)) == ("FAILED", "005404")
    body = {"AuthorId": buyer["Id"], "DebitedFunds": eur(100)}
    path = f"/payins/{payin['Id']}/refunds"
    assert api.refused("POST", path, body) == (400, "param_error")
    mangopay_sandbox.advance(DAY)
    log_in(api)
    assert refund(api, payin, 2000, -300)["CreditedFunds"] == eur(2300)
    mangopay_sandbox.do("dispute", payin["Id"])
    assert outcome(refund(api, payin, 500, 0)) == ("FAILED", "005408")
    assert len(api.get(path, Status="SUCCEEDED")) == 2


def test_refund_of_what_was_not_paid(api, buyer, purse):
    """D14: 400 original_transaction_must_be_succeeded."""
    payin = api.web_payin(buyer, purse)
    path = f"/payins/{payin['Id']}/refunds"
    refused = api.refused("POST", path, {"AuthorId": buyer["Id"]})
    assert refused == (400, "original_transaction_must_be_succeeded")


def test_refund_after_the_fees_were_drained(api, mangopay_sandbox, buyer, purse):
    """D14: 005405 once Mangopay has paid the client its fees."""
    payin = api.paid(buyer, purse, 10000, fees=1000)
    mangopay_sandbox.do("drain-fees", "acme")
    assert outcome(refund(api, payin)) == ("FAILED", "005405")
    assert refund(api, payin, 9000, 0)["Status"] == "SUCCEEDED"


def test_refund_too_late_and_without_money(api, mangopay_sandbox, buyer, purse, till):
    """D14: 001001 when the money has moved on; 001403 after eleven months."""
    payin = api.paid(buyer, purse)
    transfer = api.transfer(buyer, purse, till)
    assert outcome(refund(api, payin)) == ("FAILED", "001001")
    back = refund(api, transfer, table="transfer")
    assert (back["Status"], back["Type"]) == ("SUCCEEDED", "TRANSFER")
    mangopay_sandbox.advance(340 * DAY)
    log_in(api)
    assert outcome(refund(api, payin)) == ("FAILED", "001403")


def test_slow_refund(api, mangopay_sandbox, buyer, purse):
    """D14: one pending at a time (005406); refused, the money is back."""
    payin = api.paid(buyer, purse)
    mangopay_sandbox.fault(kind="refund_pending")
    row = refund(api, payin, 5000, 0)
    assert row["Status"] == "CREATED"
    assert mangopay_sandbox.books()[purse["Id"]] == 7000
    assert outcome(refund(api, payin, 1000, 0)) == ("FAILED", "005406")
    mangopay_sandbox.do("settle-refund", row["Id"], code="101101")
    assert mangopay_sandbox.books()[purse["Id"]] == 12000
    mangopay_sandbox.fault(kind="refund_failed", code="001403")
    assert outcome(refund(api, payin)) == ("FAILED", "001403")


def seen(api, mangopay_sandbox, kind, ask, **fault):
    """Return how what is asked ends while a fault waits elsewhere, and then here."""
    ends = []
    for place in ({"path": "/none"}, {"method": "PUT"}, {}):
        mangopay_sandbox.fault(kind=kind, **{**fault, **place})
        ends.append(ask()["Status"])
        requests.delete(f"{mangopay_sandbox.url}/_faults", timeout=5)
    return ends


def test_faults_strike_where_they_are_told(
    api, mangopay_sandbox, buyer, purse, owner, till
):
    """D14: method and path are those of the request; elsewhere nothing ends badly."""
    payin = api.paid(buyer, purse)
    mangopay_sandbox.set(payout_delay=None)
    post = {"method": "POST"}
    give = lambda: api.transfer(buyer, purse, till, 1000)  # noqa: E731
    assert seen(
        api, mangopay_sandbox, "transfer_failed", give, path=".*/transfers", **post
    ) == ["SUCCEEDED", "SUCCEEDED", "FAILED"]
    to = api.recipient(owner)
    out = lambda: api.payout(owner, till, to, 500)  # noqa: E731
    assert seen(
        api, mangopay_sandbox, "payout_failed", out, path=".*/payouts/bankwire", **post
    ) == ["CREATED", "CREATED", "FAILED"]
    amounts = iter(range(100, 200))
    back = lambda: refund(api, payin, next(amounts), 0)  # noqa: E731
    for kind, end in (("refund_failed", "FAILED"), ("refund_pending", "CREATED")):
        path = f".*/payins/{payin['Id']}/refunds"
        assert seen(api, mangopay_sandbox, kind, back, path=path, **post) == [
            "SUCCEEDED",
            "SUCCEEDED",
            end,
        ]
    pay = lambda: api.web_payin(buyer, purse)  # noqa: E731
    assert seen(
        api, mangopay_sandbox, "payin_failed", pay, path=".*/card/web", **post
    ) == ["CREATED", "CREATED", "FAILED"]


def test_a_fault_waits_for_the_author_of_a_transfer(api, mangopay_sandbox):
    """D14: it is that of the request, and the transfer ends by it once confirmed."""
    first, second = api.owner(), api.owner()
    source, target = api.wallet(first), api.wallet(second)
    api.paid(first, source, 60000)
    mangopay_sandbox.fault(kind="transfer_failed", path=".*/transfers", code="001999")
    row = api.transfer(first, source, target, 60000)
    assert row["Status"] == "CREATED"
    mangopay_sandbox.do("authenticate-transfer", row["Id"])
    assert outcome(api.get(f"/transfers/{row['Id']}")) == ("FAILED", "001999")


def test_transactions_are_kept_thirteen_months(api, mangopay_sandbox, buyer, purse):
    """D14: then 404."""
    payin = api.paid(buyer, purse)
    mangopay_sandbox.advance(400 * DAY)
    log_in(api)
    assert api.refused("GET", f"/payins/{payin['Id']}")[0] == 404
    assert mangopay_sandbox.books()[purse["Id"]] == 12000
