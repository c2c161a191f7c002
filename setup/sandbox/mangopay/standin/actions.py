# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Mangopay's teams, a bank, or a person does: for the control and admin pages."""

from . import (
    dispute_documents,
    disputes,
    identity,
    kyc,
    payins,
    payouts,
    recipients,
    refunds,
    sca,
    transactions,
    ubo,
)
from .card_numbers import read as read_card
from .cards import moment
from .errors import invalid_action, param_error

ACTIONS = {}
RETURN_REASONS = (
    "BANKACCOUNT_HAS_BEEN_CLOSED", "BANKACCOUNT_INCORRECT",
    "OWNER_DOT_NOT_MATCH_BANKACCOUNT", "WITHDRAWAL_IMPOSSIBLE_ON_SAVINGS_ACCOUNTS",
)  # fmt: skip


def action(name, table):
    """Register ``function(tenant, obj, data)`` for objects of a table."""

    def register(function):
        ACTIONS[name] = (table, function)
        return function

    return register


def act(world, name, id_, data):
    """Do an action on an object of whatever client; return the object.

    :raise KeyError: no such action or object.
    :raise ApiError: it cannot be done in this state.
    """
    table, function = ACTIONS[name]
    for tenant in world.tenants.values():
        obj = tenant if (table, id_) == ("client", tenant.name) else None
        if obj := obj or tenant.find(table, id_):
            world.dirty = True
            function(tenant, obj, data)
            return obj if table != "client" else {"client": tenant.name}
    raise KeyError(id_)


def _open(obj):
    if transactions.ended(obj):
        raise invalid_action("It is over already")


@action("pay", "payin")
def _pay(tenant, payin, data):
    """A buyer pays on the hosted page; the card's number says how it ends."""
    _open(payin)
    number = data.get("card") or "4970107111111119"
    card, code = read_card(number, "1299", "123", moment(tenant))
    if not card:
        raise param_error(card=code)
    payin["_card"] = card
    refused = card["_does"] == "refused"
    payins.card_answer(tenant, payin, "101101" if refused else "000000")


@action("refuse-payin", "payin")
def _refuse_payin(tenant, payin, data):
    """The bank refuses the buyer's card."""
    _open(payin)
    transactions.fail(tenant, payin, data.get("code") or "101101")


@action("cancel-payin", "payin")
def _cancel_payin(tenant, payin, _data):
    """The buyer gives up."""
    _open(payin)
    transactions.fail(tenant, payin, "101002")


@action("receive-wire", "payin")
def _receive_wire(tenant, payin, data):
    """The bank wire comes, of the declared amount or another."""
    payins.wire_received(tenant, payin, data.get("amount"))


@action("dispute", "payin")
def _dispute(tenant, payin, data):
    """The buyer goes to their bank."""
    disputes.open_for(
        tenant,
        payin,
        data.get("type") or "CONTESTABLE",
        data.get("amount"),
        data.get("reason") or "FRAUD",
    )


@action("finish-dispute", "dispute")
def _finish_dispute(tenant, dispute, data):
    """The bank decides: WON, LOST or VOID."""
    if data.get("result") not in ("WON", "LOST", "VOID"):
        raise param_error(result="WON, LOST or VOID")
    disputes.finish(tenant, dispute, data["result"])


@action("reopen-dispute", "dispute")
def _reopen_dispute(tenant, dispute, _data):
    """The bank wants more."""
    disputes.reopen(tenant, dispute)


@action("send-dispute", "dispute")
def _send_dispute(tenant, dispute, _data):
    """What was submitted goes to the bank."""
    disputes.send_to_bank(tenant, dispute)


@action("decide-evidence", "dispute_document")
def _decide_evidence(tenant, document, data):
    """Validate a document of evidence, or refuse it for a reason."""
    dispute_documents.decide(tenant, document, data.get("reason"), data.get("message"))


@action("settle-refund", "refund")
def _settle_refund(tenant, refund, data):
    """The bank took a refund, or refused it with a code."""
    refunds.settle(tenant, refund, data.get("code"))


@action("settle-payout", "payout")
def _settle_payout(tenant, payout, data):
    """The bank took a payout, or refused it with a code."""
    payouts.settle(tenant, payout, data.get("code"))


@action("return-payout", "payout")
def _return_payout(tenant, payout, data):
    """The bank returns a payout that had succeeded."""
    reason = data.get("reason") or RETURN_REASONS[0]
    payouts.give_back(tenant, payout, reason, data.get("message"))


@action("validate-document", "kyc_document")
def _validate_document(tenant, document, _data):
    """Mangopay's team accepts a document."""
    kyc.decide(tenant, document)


@action("refuse-document", "kyc_document")
def _refuse_document(tenant, document, data):
    """Mangopay's team refuses a document."""
    reason = data.get("reason") or "DOCUMENT_UNREADABLE"
    if reason not in kyc.REASONS:
        raise param_error(reason=f"One of {', '.join(kyc.REASONS)}")
    kyc.decide(tenant, document, reason, data.get("message"), data.get("flags"))


@action("decide-ubo", "ubo_declaration")
def _decide_ubo(tenant, declaration, data):
    """VALIDATED, REFUSED or INCOMPLETE."""
    status = data.get("status") or "VALIDATED"
    if status not in ("VALIDATED", "REFUSED", "INCOMPLETE"):
        raise param_error(status="VALIDATED, REFUSED or INCOMPLETE")
    reason = None if status == "VALIDATED" else data.get("reason") or "MISSING_UBO"
    ubo.decide(tenant, declaration, status, reason, data.get("message"))


@action("decide-identity", "idv")
def _decide_identity(tenant, session, data):
    """VALIDATED, REFUSED or REVIEW."""
    status = data.get("status") or "VALIDATED"
    if status not in identity.EVENTS:
        raise param_error(status="VALIDATED, REFUSED or REVIEW")
    identity.decide(tenant, session, status, data.get("reason"))


@action("verify-user", "user")
def _verify_user(tenant, user, _data):
    """Give a user the level REGULAR, as if everything had been looked at."""
    if user["UserCategory"] != "OWNER":
        raise invalid_action("Only an owner is verified")
    kyc.refresh_level(tenant, user, by_session=True)


@action("downgrade-user", "user")
def _downgrade_user(tenant, user, _data):
    """Take the level REGULAR away."""
    kyc.outdate(tenant, user)


@action("make-platform", "user")
def _make_platform(_tenant, user, _data):
    """Mangopay makes a verified owner a PLATFORM user."""
    user["UserCategory"] = "PLATFORM"


@action("block-user", "user")
def _block_user(tenant, user, data):
    """Block, or unblock, what comes in and goes out."""
    held = user["_blocked"]
    for flow in ("Inflows", "Outflows"):
        wanted = bool(data.get(flow, held[flow]))
        if wanted != held[flow]:
            held[flow] = wanted
            word = "BLOCKED" if wanted else "UNBLOCKED"
            tenant.emit(f"USER_{flow.upper()}_{word}", user["Id"])
    blocked = held["Inflows"] or held["Outflows"]
    held["ActionCode"] = (data.get("code") or "008716") if blocked else None


@action("authenticate", "user")
def _authenticate(tenant, user, data):
    """End the sessions that a user has open: VALIDATED, FAILED or EXPIRED."""
    for session in tenant.rows("sca", UserId=user["Id"], Status="PENDING"):
        sca.end(tenant, session, data.get("outcome") or "VALIDATED")


@action("authenticate-transfer", "transfer")
def _authenticate_transfer(tenant, transfer, data):
    """The author of a transfer authenticates, or fails to."""
    for session in tenant.rows("sca", Target=transfer["Id"], Status="PENDING"):
        sca.end(tenant, session, data.get("outcome") or "VALIDATED")


@action("activate-recipient", "recipient")
def _activate_recipient(tenant, recipient, _data):
    """The person authenticates: the recipient is ACTIVE."""
    _finish_recipient(tenant, recipient, True)


@action("cancel-recipient", "recipient")
def _cancel_recipient(tenant, recipient, _data):
    """The person does not: the recipient is CANCELED for good."""
    _finish_recipient(tenant, recipient, False)


def _finish_recipient(tenant, recipient, good):
    if recipient["Status"] != "PENDING":
        raise invalid_action("The recipient does not wait")
    recipients.finish(tenant, recipient, good)


@action("drain-fees", "client")
def _drain_fees(tenant, _client, data):
    """Mangopay pays out the client's fees, as it does each month."""
    account = f"FEES_{data.get('currency') or 'EUR'}"
    bank = account.replace("FEES", "BANK")
    amount = tenant.ledger.balance(account)
    tenant.ledger.move("drain", "fees paid to the client", account, bank, amount)
