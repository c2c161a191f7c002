# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Users: PAYER and OWNER, natural and legal, their enrolment and their end."""

from . import listing, sca
from .call import Answer, route
from .checks import Reader
from .errors import ApiError, invalid_action, not_found
from .user_fields import (
    IDENTITY,
    REPRESENTATIVE_IDENTITY,
    accept_terms,
    from_old,
    keep,
    read,
    require,
    show,
    show_old,
)

PERSONS = ("natural", "legal")


def create(call, person, body):
    """A user; an OWNER waits for enrolment on the hosted page.

    :raise ApiError: 400 or 403.
    """
    tenant = call.tenant
    reader = Reader(body)
    category = reader.choice("UserCategory", ("PAYER", "OWNER"), required=True)
    reader.done()
    values = keep(category, read(person, body))
    require(person, category, values)
    accepted = accept_terms(body, category)
    return tenant.add(
        "user",
        person,
        **values,
        PersonType=person.upper(),
        KYCLevel="LIGHT",
        UserCategory=category,
        UserStatus="ACTIVE",
        TermsAndConditionsAccepted=accepted,
        TermsAndConditionsAcceptedDate=tenant.now() if accepted else None,
        _blocked={"Inflows": False, "Outflows": False, "ActionCode": None},
        _kyc={"LastKycDate": None, "KycRenewalDeadline": None},
        _enrolled=0,
        _consent=0,
        _read_sca=0,
    )


def enroll(tenant, user):
    """Send a person to the hosted enrolment."""
    user["PendingUserAction"] = sca.ask(tenant, user, "ENROLLMENT")
    return {"PendingUserAction": user["PendingUserAction"]}


def _person(word):
    if word.lower() not in PERSONS:
        raise not_found(word)
    return word.lower()


def _user(call, user_id, person=None):
    user = call.tenant.get("user", user_id)
    if person and user["PersonType"] != person.upper():
        raise not_found(user_id)
    return user


@route("POST", "/sca/users/{person}")
def create_sca(call, person):
    """POST /sca/users/natural and /sca/users/legal."""
    user = create(call, _person(person), call.body)
    if user["UserCategory"] == "OWNER":
        user["UserStatus"] = "PENDING_USER_ACTION"
        enroll(call.tenant, user)
        call.tenant.emit("USER_ACCOUNT_VALIDATION_ASKED", user["Id"])
    return show(user)


@route("POST", "/users/{person}")
def create_old(call, person):
    """POST /users/natural and /users/legal, which ended on 15 December 2025."""
    _still_served(call)
    return show_old(create(call, _person(person), from_old(call.body)))


@route("PUT", "/sca/users/{person}/{user_id}")
def update_sca(call, person, user_id):
    """PUT /sca/users/natural/{id}: what is sent is changed."""
    user = _user(call, user_id, _person(person))
    _change(call, user, call.body)
    return show(user)


@route("PUT", "/users/{person}/{user_id}")
def update_old(call, person, user_id):
    """PUT /users/natural/{id}, which ended too."""
    _still_served(call)
    user = _user(call, user_id, _person(person))
    _change(call, user, from_old(call.body))
    return show_old(user)


@route("PUT", "/sca/users/{person}/{user_id}/category")
def categorize(call, person, user_id):
    """From PAYER to OWNER, never back."""
    person = _person(person)
    user = _user(call, user_id, person)
    if call.body.get("UserCategory") != "OWNER" or user["UserCategory"] != "PAYER":
        raise invalid_action("A user can only change from PAYER to OWNER")
    values = read(person, call.body)
    if person == "legal" and "LegalRepresentative" in values:
        values["LegalRepresentative"] = _merged(user, values["LegalRepresentative"])
    require(person, "OWNER", values, user)
    accepted = accept_terms(call.body, "OWNER", user)
    user.update(values)
    user["UserCategory"], user["UserStatus"] = "OWNER", "PENDING_USER_ACTION"
    _accept(call.tenant, user, accepted)
    enroll(call.tenant, user)
    call.tenant.emit("USER_ACCOUNT_VALIDATION_ASKED", user["Id"])
    return show(user)


@route("POST", "/sca/users/{user_id}/enrollment")
def enrollment(call, user_id):
    """A new link to the hosted enrolment; the last one lived ten minutes."""
    user = _user(call, user_id)
    if user["UserCategory"] != "OWNER" or user["UserStatus"] == "CLOSED":
        raise invalid_action("Only an owner can enroll in SCA")
    return enroll(call.tenant, user)


@route("POST", "/sca/users/{user_id}/consent")
def consent(call, user_id):
    """A link to the page where a person lets the platform act for them."""
    user = _user(call, user_id)
    return {"PendingUserAction": sca.ask(call.tenant, user, "CONSENT")}


@route("GET", "/sca/users/{user_id}/sca-status")
def sca_status(call, user_id):
    """Whether a person is enrolled, and what they consented to."""
    user = _user(call, user_id)
    given = bool(user["_consent"])
    return {
        "UserStatus": user["UserStatus"],
        "IsEnrolled": bool(user["_enrolled"]),
        "LastEnrollmentDate": user["_enrolled"] or None,
        "LastConsentCollectionDate": user["_consent"] or None,
        "ConsentScope": {
            "ContactInformationUpdate": given,
            "RecipientRegistration": given,
            "Transfer": given,
            "ViewAccountInformation": given,
        },
    }


@route("GET", "/sca/users/{user_id}")
def view_sca(call, user_id):
    """GET /sca/users/{id}."""
    return show(_user(call, user_id))


@route("GET", "/users/{person}/{user_id}")
def view_old(call, person, user_id):
    """GET /users/natural/{id}, in the older shape."""
    return show_old(_user(call, user_id, _person(person)))


@route("GET", "/users/{user_id}")
def view(call, user_id):
    """GET /users/{id}, in the older shape."""
    return show_old(_user(call, user_id))


@route("GET", "/users")
def view_all(call):
    """GET /users."""
    names = ("Id", "Tag", "CreationDate", "PersonType", "Email", "KYCLevel",
             "TermsAndConditionsAccepted", "TermsAndConditionsAcceptedDate",
             "UserCategory", "UserStatus")  # fmt: skip
    return listing.answer(
        call,
        call.tenant.rows("user"),
        show=lambda user: {name: user[name] for name in names},
    )


@route("DELETE", "/users/{person}/{user_id}")
def close(call, person, user_id):
    """Close a user whose wallets are empty."""
    user = _user(call, user_id, _person(person))
    wallets = call.tenant.rows("wallet", Owners=[user["Id"]])
    if any(call.tenant.ledger.balance(wallet["Id"]) for wallet in wallets):
        raise ApiError(
            400, "user_closure_not_possible", "A wallet of the user is not empty"
        )
    user["UserStatus"] = "CLOSED"
    user["PendingUserAction"] = None
    call.tenant.emit("USER_ACCOUNT_CLOSED", user["Id"])
    return Answer(204)


@route("GET", "/users/{user_id}/regulatory")
def regulatory(call, user_id):
    """Whether a user is blocked, and when they are to be verified again."""
    user = _user(call, user_id)
    held = user["_blocked"]
    return {
        "ActionCode": held["ActionCode"],
        "ScopeBlocked": {"Inflows": held["Inflows"], "Outflows": held["Outflows"]},
        "KycInformation": dict(user["_kyc"]),
        "Id": user["Id"],
    }


@route("GET", "/users/{user_id}/blockstatus")
def block_status(call, user_id):
    """The older name of the same."""
    return regulatory(call, user_id)


def _still_served(call):
    if call.tenant.settings["regime"] == "2026":
        raise ApiError(
            403, "forbidden_ressource", "This endpoint has ended: use /sca/users"
        )


def _change(call, user, body):
    """Change what is sent; a verified identity that changes is verified no more."""
    from . import kyc

    if user["UserStatus"] == "CLOSED":
        raise invalid_action("The user is closed")
    values = keep(user["UserCategory"], read(user["PersonType"].lower(), body))
    if "LegalRepresentative" in values:
        values["LegalRepresentative"] = _merged(user, values["LegalRepresentative"])
    accepted = accept_terms(body, user["UserCategory"], user)
    changed = _identity(user) != _identity({**user, **values})
    user.update(values)
    _accept(call.tenant, user, accepted)
    if changed:
        kyc.outdate(call.tenant, user)


def _merged(user, sent):
    kept = {name: value for name, value in sent.items() if value is not None}
    return {**(user["LegalRepresentative"] or {}), **kept}


def _identity(user):
    person = user["PersonType"].lower()
    representative = user.get("LegalRepresentative") or {}
    return [user[name] for name in IDENTITY[person]] + [
        representative.get(name) for name in REPRESENTATIVE_IDENTITY
    ]


def _accept(tenant, user, accepted):
    if accepted and not user["TermsAndConditionsAccepted"]:
        user["TermsAndConditionsAcceptedDate"] = tenant.now()
    user["TermsAndConditionsAccepted"] = accepted
