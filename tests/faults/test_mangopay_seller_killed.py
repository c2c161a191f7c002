# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A seller gives what Mangopay asks; the server dies, an answer or a request is lost.

User, wallet, bank account and document, on real servers: nothing lost, nothing twice.
"""

import threading
import time

import pytest
import requests
from faults.conftest import MODES
from faults.harness.mangopay import Seller
from faults.harness.shop import MARKET, open_shop

#: Harms once Mangopay has done what is asked, and before it does.
AFTER, BEFORE = ("killed", "cut"), ("lost",)
STEPS = ("user", "wallet", "recipient", "document", "pages")
NAMES = [f"{harm}-{step}" for harm in (*AFTER, *BEFORE) for step in STEPS]
IBAN = "FR7630004000031234567890143"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"x" * 33_000


@pytest.fixture(scope="module")
def market(tmp_path_factory):
    """A marketplace whose sellers are not known to Mangopay yet."""
    folder = tmp_path_factory.mktemp("sellers")
    calls = f"{MARKET}\nsellers(env, {NAMES!r})"
    with open_shop(folder, "sellers", calls, market=True) as shop:
        shop.start(**MODES["threaded"])
        yield shop


@pytest.fixture(params=(*AFTER, *BEFORE))
def harm(market, request):
    """Have what is asked be done, then kill the server or cut its connection; or lose
    the request before Mangopay reads it, while the server lives."""

    def harm(work, path, is_done, method="POST"):
        is_killed, is_lost = request.param == "killed", request.param in BEFORE
        market.mangopay.fault(
            kind="timeout_before" if is_lost else "timeout_after",
            method=method,
            path=path,
            seconds=60 if is_killed else 0,
        )
        window = threading.Thread(target=ignore_errors, args=(work,))
        window.start()
        if is_lost:
            in_the_end(market, market.mangopay.has_struck, "the request is lost")
        else:
            in_the_end(market, is_done, "it is done at Mangopay")
        if is_killed:
            market.odoo.kill()
        window.join()
        market.mangopay.forget_faults()
        if is_killed:
            market.restart()
        market.pass_time(minutes=20)

    harm.name = request.param
    yield harm
    market.repair()


def in_the_end(market, condition, what):
    """Wait, and let time pass: what met a job at work waits for its turn."""
    begun = time.monotonic()

    def look():
        found = condition()
        if not found and time.monotonic() > begun + 10:
            market.pass_time(minutes=2)
        return found

    return market.wait(look, 90, what, pause=0.5)


def ignore_errors(work):
    """Run what the death of the server ends."""
    try:
        work()
    except requests.RequestException:
        return


def begin(market, harm, step):
    """Return a seller who is signed in."""
    seller = Seller(market.url, f"{harm.name}-{step}")
    seller.sign_in()
    return seller


def announced(market, harm, step):
    """Return a seller whom Mangopay knows and who recorded a telephone."""
    seller = begin(market, harm, step)
    seller.give_identity()
    user = wait_for_user(market, seller)
    market.mangopay.act("authenticate", user)
    in_the_end(market, lambda: read_user(market, seller)[1] == "active", "enrolled")
    return seller, user


def read_user(market, seller):
    """Return (id at Mangopay, state) of a seller."""
    rows = market.sql(
        """SELECT known.mangopay_id, known.state FROM mangopay_user known
           JOIN res_partner partner ON partner.id = known.partner_id
           WHERE partner.name = %s""",
        seller.name,
    )
    return rows[0] if rows else (None, None)


def wait_for_user(market, seller):
    """Wait until the seller is known; it is so once, and has one wallet."""
    found = in_the_end(
        market, lambda: read_user(market, seller)[0], "the user is known"
    )
    wallets = lambda: market.mangopay.rows("wallet", Owners=[found])  # noqa: E731
    in_the_end(market, wallets, "there is a wallet")
    assert len(market.mangopay.rows("user", Name=seller.name)) == 1
    assert len(wallets()) == 1
    return found


def test_user(market, harm):
    """B1: the seller's record is made, or not: found again, made in the end, once."""
    seller = begin(market, harm, "user")
    made = lambda: market.mangopay.rows("user", Name=seller.name)  # noqa: E731
    harm(seller.give_identity, r".*/sca/users/legal", made)
    wait_for_user(market, seller)


@pytest.mark.parametrize("harm", AFTER, indirect=True)
def test_wallet(market, harm):
    """B1: the same of the wallet, which is made after the record."""
    seller = begin(market, harm, "wallet")
    before = len(market.mangopay.rows("wallet"))
    made = lambda: len(market.mangopay.rows("wallet")) > before  # noqa: E731
    harm(seller.give_identity, r".*/wallets", made)
    wait_for_user(market, seller)


def test_recipient(market, harm):
    """B13: the bank account is registered once, and becomes the one that is paid."""
    seller, user = announced(market, harm, "recipient")
    made = lambda: market.mangopay.rows("recipient", UserId=user)  # noqa: E731
    harm(
        lambda: seller.give_account(IBAN, seller.name),
        r".*/users/[^/]+/recipients",
        made,
    )
    state = """SELECT one.state FROM mangopay_recipient one
               JOIN mangopay_user known ON known.id = one.user_id
               WHERE known.mangopay_id = %s"""
    in_the_end(market, lambda: market.sql(state, user) == [("pending",)], "it waits")
    [recipient] = made()
    market.mangopay.act("activate-recipient", recipient["Id"])
    in_the_end(market, lambda: market.sql(state, user) == [("active",)], "it is paid")


def documents(market, user):
    """Return what became here of the documents of a user, the first one first."""
    rows = market.sql(
        """SELECT one.state FROM mangopay_document one
           JOIN mangopay_user known ON known.id = one.user_id
           WHERE known.mangopay_id = %s ORDER BY one.id""",
        user,
    )
    return [state for (state,) in rows]


def asked(market, user):
    """Return the documents of a user that Mangopay was asked to look at."""
    return market.mangopay.rows("kyc_document", UserId=user, Status="VALIDATION_ASKED")


def give_until_asked(market, seller, user):
    """Give the document again, as the page says, until Mangopay looks at it."""

    def give():
        if not asked(market, user):
            seller.give_document("IDENTITY_PROOF", PICTURE)
            market.pass_time(minutes=0)
        return asked(market, user)

    in_the_end(market, give, "the document is being checked")


def test_document(market, harm):
    """B14: a document was opened, or not: one takes the file in the end."""
    seller, user = announced(market, harm, "document")
    opened = lambda: market.mangopay.rows("kyc_document", UserId=user)  # noqa: E731
    harm(
        lambda: seller.give_document("IDENTITY_PROOF", PICTURE),
        r".*/users/[^/]+/kyc/documents/?",
        opened,
    )
    in_the_end(market, lambda: documents(market, user) != ["draft"], "it is found")
    give_until_asked(market, seller, user)
    assert len(opened()) == 1
    assert documents(market, user) == ["asked"]


@pytest.mark.parametrize("harm", AFTER, indirect=True)
def test_pages(market, harm):
    """B14: the file left, and we do not know: Mangopay looks at one document."""
    seller, user = announced(market, harm, "pages")
    harm(
        lambda: seller.give_document("IDENTITY_PROOF", PICTURE),
        r".*/users/[^/]+/kyc/documents/[^/]+",
        lambda: asked(market, user),
        method="PUT",
    )
    market.sql("UPDATE mangopay_document SET sent_at = sent_at - interval '1 hour'")
    seller.give_document("IDENTITY_PROOF", PICTURE)
    assert documents(market, user) == ["asked"]
    assert len(asked(market, user)) == 1
    assert not seller.error_pages()
