# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is asked of Mangopay, how it is found again, and what its states mean.

A kind of operation is a line of `KINDS`; nothing else has to be written to send one.
"""

from collections.abc import Callable
from dataclasses import dataclass

from .mangopay_errors import GatewayError

# Seconds of doubt between two clocks.
SLACK = 300


@dataclass(frozen=True)
class Kind:
    """One kind of creation at Mangopay.

    :param create: method of the gateway that makes the object
    :param view: method that returns it by its id
    :param pending: values of its Status that are not an end
    :param failed: values that are a definite failure
    :param events: types of the events that name an object of this kind when it is new
    :param listing: returns the objects among which it would be, each with its Tag
    :param poll: minutes between two looks at a pending one; events come sooner
    """

    create: str
    view: str
    pending: frozenset = frozenset()
    failed: frozenset = frozenset()
    events: tuple = ()
    listing: Callable | None = None
    poll: int = 720
    is_tagged: bool = True

    def state_of(self, payload):
        """Return succeeded, pending or failed for the present state of an object."""
        status = payload.get("Status")
        if status in self.failed:
            return "failed"
        return "pending" if status in self.pending else "succeeded"


_CREATED = frozenset({"CREATED"})
_FAILED = frozenset({"FAILED"})


def _money(create, view, event, **options):
    events = tuple(f"{event}_{end}" for end in ("CREATED", "SUCCEEDED", "FAILED"))
    return Kind(
        create, view, pending=_CREATED, failed=_FAILED, events=events, **options
    )


KINDS = {
    "user": Kind("create_user", "user", listing=lambda call, _args: call.users(500)),
    "wallet": Kind(
        "create_wallet",
        "wallet",
        listing=lambda call, args: call.wallets(args["owner_id"]),
    ),
    # The hosted page lives for 15 minutes.
    "payin": _money("create_card_payin", "payin", "PAYIN_NORMAL", poll=20),
    "bankwire": _money("create_bankwire_payin", "payin", "PAYIN_NORMAL"),
    "payin_refund": _money(
        "refund_payin",
        "refund",
        "PAYIN_REFUND",
        listing=lambda call, args: call.payin_refunds(args["payin_id"]),
    ),
    "transfer": _money("create_transfer", "transfer", "TRANSFER_NORMAL", poll=60),
    "transfer_refund": _money(
        "refund_transfer",
        "refund",
        "TRANSFER_REFUND",
        listing=lambda call, args: call.transfer_refunds(args["transfer_id"]),
    ),
    "payout": _money("create_payout", "payout", "PAYOUT_NORMAL"),
    "settlement": _money("settle_repudiation", "settlement", "TRANSFER_SETTLEMENT"),
    "recipient": Kind(
        "create_recipient",
        "recipient",
        pending=frozenset({"PENDING"}),
        failed=frozenset({"CANCELED"}),
        listing=lambda call, args: call.recipients(args["user_id"]),
    ),
    "document": Kind(
        "create_document",
        "document",
        pending=frozenset({"CREATED", "VALIDATION_ASKED"}),
        failed=frozenset({"REFUSED", "OUT_OF_DATE"}),
        listing=lambda call, args: call.documents(args["user_id"]),
    ),
    "ubo_declaration": Kind(
        "create_ubo_declaration",
        "ubo_declaration",
        pending=frozenset({"CREATED", "VALIDATION_ASKED", "INCOMPLETE"}),
        failed=frozenset({"REFUSED"}),
        listing=lambda call, args: call.ubo_declarations(args["user_id"]),
        is_tagged=False,
    ),
    "identity_verification": Kind(
        "create_identity_verification",
        "identity_verification",
        pending=frozenset({"PENDING", "REVIEW", "PENDING_PSC_ACTION"}),
        failed=frozenset({"REFUSED", "FAILED", "OUT_OF_DATE", "TIMEOUT", "EXPIRED"}),
        listing=lambda call, args: call.identity_verifications(args["user_id"]),
    ),
}
# Which kinds an event may be about, by the beginning of its type.
_FAMILIES = {
    "PAYIN_NORMAL": ("payin", "bankwire"),
    "PAYIN_REFUND": ("payin_refund",),
    "TRANSFER_NORMAL": ("transfer",),
    "TRANSFER_REFUND": ("transfer_refund",),
    "TRANSFER_SETTLEMENT": ("settlement",),
    "PAYOUT_NORMAL": ("payout",),
    "INSTANT_PAYOUT": ("payout",),
    "RECIPIENT": ("recipient",),
    "KYC": ("document",),
    "UBO_DECLARATION": ("ubo_declaration",),
    "IDENTITY_VERIFICATION": ("identity_verification",),
}
# What must be announced to us (guides/webhooks); types this client may lack are
# refused one by one and told.
EVENT_TYPES = tuple(
    f"{family}_{end}"
    for family, ends in {
        "PAYIN_NORMAL": ("CREATED", "SUCCEEDED", "FAILED"),
        "PAYIN_REFUND": ("CREATED", "SUCCEEDED", "FAILED"),
        "TRANSFER_NORMAL": ("CREATED", "SUCCEEDED", "FAILED"),
        "TRANSFER_REFUND": ("CREATED", "SUCCEEDED", "FAILED"),
        "PAYOUT_NORMAL": ("CREATED", "SUCCEEDED", "FAILED"),
        "PAYOUT_REFUND": ("CREATED", "SUCCEEDED", "FAILED"),
        "INSTANT_PAYOUT": ("SUCCEEDED", "FALLBACKED", "FAILED"),
        "KYC": ("SUCCEEDED", "FAILED", "VALIDATION_ASKED", "OUTDATED"),
        "UBO_DECLARATION": ("REFUSED", "VALIDATED", "INCOMPLETE", "VALIDATION_ASKED"),
        "IDENTITY_VERIFICATION": (
            "VALIDATED",
            "FAILED",
            "INCONCLUSIVE",
            "OUTDATED",
            "TIMEOUT",
            "PENDING",
            "EXPIRED",
        ),
        "USER_KYC": ("LIGHT", "REGULAR", "RENEWAL_REQUIRED", "RENEWED"),
        "USER_ACCOUNT": ("VALIDATION_ASKED", "ACTIVATED", "CLOSED"),
        "USER_INFLOWS": ("BLOCKED", "UNBLOCKED"),
        "USER_OUTFLOWS": ("BLOCKED", "UNBLOCKED"),
        "SCA_ENROLLMENT": ("SUCCEEDED", "FAILED", "EXPIRED"),
        "RECIPIENT": ("ACTIVE", "CANCELED", "DEACTIVATED"),
        "DISPUTE": (
            "CREATED",
            "ACTION_REQUIRED",
            "FURTHER_ACTION_REQUIRED",
            "SENT_TO_BANK",
            "SUBMITTED",
            "CLOSED",
        ),
        "PAYIN_REPUDIATION": ("CREATED", "SUCCEEDED", "FAILED"),
        "TRANSFER_SETTLEMENT": ("CREATED", "SUCCEEDED", "FAILED"),
    }.items()
    for end in ends
)


def find_kinds(event_type):
    """Return the kinds of operation that an event may be about."""
    for family, kinds in _FAMILIES.items():
        if event_type.startswith(f"{family}_"):
            return kinds
    return ()


def find_trace(gateway, kind, arguments, key, since, until):
    """Look for the object that a lost call may have made, by its Tag.

    :param int since: Unix time of the first call
    :param int until: Unix time of the last one
    :return: the object, None when Mangopay shows none
    :raise GatewayError: when Mangopay does not say
    """
    spec = KINDS[kind]
    look = getattr(gateway, spec.view)
    if spec.listing:
        for candidate in spec.listing(gateway, arguments):
            if spec.is_tagged and "Tag" not in candidate:
                candidate = look(candidate["Id"])
            if _is_ours(spec, candidate, key, since):
                return candidate
        return None
    seen = set()
    for event_type in spec.events:
        for event in gateway.events(event_type, since - SLACK, until + 3 * SLACK):
            if event["ResourceId"] in seen:
                continue
            seen.add(event["ResourceId"])
            candidate = look(event["ResourceId"])
            if _is_ours(spec, candidate, key, since):
                return candidate
    return None


def _is_ours(spec, candidate, key, since):
    if spec.is_tagged:
        return candidate.get("Tag") == key
    # Only one declaration may be open: what appeared since is what was asked.
    return (candidate.get("CreationDate") or 0) >= since - SLACK


def create(gateway, kind, arguments, funds, key):
    """Send an operation, once, under its key; a key used before is asked about.

    :param dict funds: amount (minor units) and currency; empty for what has none
    :raise GatewayError: what is known of a call that did not succeed
    """
    send = getattr(gateway, KINDS[kind].create)
    try:
        return send(**arguments, **funds, key=key)
    except GatewayError as error:
        if error.status != 409:
            raise
        found = gateway.outcome(key)
        if not found:
            raise
        return found
