# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How far a seller is on the way to being paid: the steps, and the state of each.

States: ``locked`` (an earlier step comes first), ``todo``, ``waiting`` (for Mangopay),
``refused`` (to do again), ``done``.
"""

from dataclasses import dataclass, field

from .mangopay_kyc import NEEDED, UBO_FORMS

STEPS = ("identity", "authentication", "documents", "owners", "bank")
_WAITING = ("asked", "sending")
_AGAIN = ("refused", "incomplete", "out_of_date", "lost", "expired")


@dataclass(frozen=True)
class Record:
    """What is known of a seller; states are those of the records here.

    :param str user: state of the person at Mangopay, empty before the first step
    :param dict documents: type → state of the last document of that type
    :param bool is_paid: a seller, who gives an account; a buyer gives none
    """

    legal_form: str = ""
    user: str = ""
    is_known: bool = False
    is_verified: bool = False
    verification: str = ""
    documents: dict = field(default_factory=dict)
    declaration: str = ""
    recipients: tuple = ()
    is_paid: bool = True


def find_steps(record):
    """Return step → state, in the order in which they are taken."""
    steps = {
        "identity": _identity(record),
        "authentication": _authentication(record),
        "documents": _documents(record),
    }
    if record.is_paid:
        steps["bank"] = _bank(record)
    if record.legal_form in UBO_FORMS:
        steps["owners"] = _owners(record)
    if not record.is_known:
        steps = {name: "locked" for name in steps} | {"identity": steps["identity"]}
    return {name: steps[name] for name in STEPS if name in steps}


def is_ready(record):
    """Tell whether the seller can be paid: nothing is left to do nor to wait for."""
    return all(state == "done" for state in find_steps(record).values())


def _identity(record):
    if record.is_known:
        return "done"
    return {"requested": "waiting", "refused": "refused"}.get(record.user, "todo")


def _authentication(record):
    return "todo" if record.user == "pending" else "done"


def _documents(record):
    if record.is_verified:
        return "done"
    needed = NEEDED.get(record.legal_form, ())
    states = [record.documents.get(kind, "") for kind in needed]
    if record.verification in _WAITING or record.verification == "validated":
        return "waiting"
    if any(state in _AGAIN for state in (*states, record.verification)):
        return "refused"
    if all(state in (*_WAITING, "validated") for state in states):
        return "waiting"
    return "todo"


def _owners(record):
    # Verified without a declaration: Mangopay did not ask for one.
    if record.is_verified or record.declaration == "validated":
        return "done"
    if record.declaration in _WAITING:
        return "waiting"
    return "refused" if record.declaration in _AGAIN else "todo"


def _bank(record):
    if "active" in record.recipients:
        return "done"
    if record.user == "pending":
        return "locked"
    return "refused" if record.recipients[-1:] == ("refused",) else "todo"
