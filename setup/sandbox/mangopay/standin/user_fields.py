# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is asked of a user, by person and by category, and what is shown of one."""

from .checks import Reader
from .errors import ApiError, invalid_action
from .shapes import ADDRESS, LEGAL_REPRESENTATIVE, public, whole

LEGAL_TYPES = ("BUSINESS", "PARTNERSHIP", "ORGANIZATION", "SOLETRADER")
FAKE_NAMES = {("mickey", "mouse"), ("donald", "duck")}
NATURAL_TEXTS = (
    ("FirstName", 100), ("LastName", 100), ("Nationality", 2),
    ("CountryOfResidence", 2), ("Occupation", 255), ("PhoneNumber", 30),
    ("PhoneNumberCountry", 2), ("Tag", 255),
)  # fmt: skip
LEGAL_TEXTS = (("Name", 255), ("CompanyNumber", 255), ("Tag", 255))
# What was verified: to change one of them is to be verified again. Not the name of a
# company (guides/users/verification/downgrade).
IDENTITY = {
    "natural": ("FirstName", "LastName", "Birthday", "Nationality"),
    "legal": ("LegalPersonType",),
}
REPRESENTATIVE_IDENTITY = ("FirstName", "LastName", "Birthday", "Nationality")
NEEDED = {
    ("natural", "PAYER"): ("FirstName", "LastName", "Email"),
    ("natural", "OWNER"): (
        "FirstName", "LastName", "Email", "Birthday", "Nationality",
        "CountryOfResidence",
    ),
    ("legal", "PAYER"): (
        "Name", "LegalPersonType", "Email", "LegalRepresentative.FirstName",
        "LegalRepresentative.LastName",
    ),
    ("legal", "OWNER"): (
        "Name", "LegalPersonType", "Email", "LegalRepresentative.FirstName",
        "LegalRepresentative.LastName", "LegalRepresentative.Email",
        "LegalRepresentative.Birthday", "LegalRepresentative.Nationality",
        "LegalRepresentative.CountryOfResidence", "HeadquartersAddress",
    ),
}  # fmt: skip
# All that is kept of who only pays (guides/users/categories): the rest is null.
OF_PAYER = {"Tag", "Email", "FirstName", "LastName", "Name", "LegalPersonType"}
OF_REPRESENTATIVE = ("FirstName", "LastName")


def read(person, body):
    """The fields of a body that are there, checked one by one.

    :raise ApiError: 400 ``param_error``; 403 ``fraud_policy`` for a made-up name.
    """
    reader = Reader(body)
    texts = NATURAL_TEXTS if person == "natural" else LEGAL_TEXTS
    values = {name: reader.text(name, longest=longest) for name, longest in texts}
    values["Email"] = reader.email("Email")
    if person == "natural":
        values["Birthday"] = reader.timestamp("Birthday")
        values["IncomeRange"] = reader.value("IncomeRange")
        values["Address"] = whole(reader.address("Address"), ADDRESS)
        _countries(reader, ("Nationality", "CountryOfResidence"))
    else:
        values["LegalPersonType"] = reader.choice("LegalPersonType", LEGAL_TYPES)
        values["LegalRepresentative"] = _representative(reader)
        for name in ("HeadquartersAddress", "LegalRepresentativeAddress"):
            values[name] = whole(reader.address(name), ADDRESS)
    reader.boolean("TermsAndConditionsAccepted")
    reader.done()
    _no_fake(values)
    return {name: value for name, value in values.items() if value is not None}


def keep(category, values):
    """Of the fields that were read, those that a user of this category has."""
    if category != "PAYER":
        return values
    kept = {name: value for name, value in values.items() if name in OF_PAYER}
    if representative := values.get("LegalRepresentative"):
        names = {name: representative[name] for name in OF_REPRESENTATIVE}
        kept["LegalRepresentative"] = whole(names, LEGAL_REPRESENTATIVE)
    return kept


def require(person, category, values, known=None):
    """Refuse a user who lacks what the category needs.

    :raise ApiError: 400 ``param_error``.
    """
    reader = Reader({**(known or {}), **values})
    for name in NEEDED[person, category]:
        reader.value(name, required=True)
    if category == "OWNER" and reader.value("LegalPersonType") == "BUSINESS":
        reader.value("CompanyNumber", required=True)
    reader.done()


def accept_terms(body, category, user=None):
    """Whether the terms are accepted after this request.

    :raise ApiError: 403 for an OWNER who does not; 400 for one who takes it back.
    """
    asked = Reader(body).boolean("TermsAndConditionsAccepted")
    before = bool(user and user["TermsAndConditionsAccepted"])
    if before and asked is False:
        raise invalid_action("The acceptance of the terms cannot be revoked")
    if category == "OWNER" and not (asked or before):
        raise ApiError(
            403,
            "user_hasnt_accepted_terms_and_conditions",
            "The user has not accepted the terms and conditions",
        )
    return before or bool(asked)


def show(user):
    """A user as the SCA routes show it."""
    return public(user)


def show_old(user):
    """A user as ``/users`` shows it: an older shape, with nothing of SCA."""
    shown = public(user)
    shown.pop("PendingUserAction")
    if user["PersonType"] == "NATURAL":
        shown.pop("PhoneNumber")
        shown.pop("PhoneNumberCountry")
        return shown
    person = shown.pop("LegalRepresentative") or dict.fromkeys(LEGAL_REPRESENTATIVE)
    for name in LEGAL_REPRESENTATIVE:
        if not name.startswith("Phone"):
            shown[f"LegalRepresentative{name}"] = person[name]
    return shown


def from_old(body):
    """A body of ``/users/legal`` in the shape of ``/sca/users/legal``."""
    prefix = "LegalRepresentative"
    person = {
        name: body[prefix + name]
        for name in LEGAL_REPRESENTATIVE
        if body.get(prefix + name) is not None
    }
    return {**body, prefix: person} if person else body


def _representative(reader):
    if not isinstance(reader.value("LegalRepresentative"), dict):
        return None
    for name in ("FirstName", "LastName"):
        reader.text(f"LegalRepresentative.{name}", longest=100)
    reader.email("LegalRepresentative.Email")
    reader.timestamp("LegalRepresentative.Birthday")
    _countries(
        reader,
        ("LegalRepresentative.Nationality", "LegalRepresentative.CountryOfResidence"),
    )
    return whole(reader.value("LegalRepresentative"), LEGAL_REPRESENTATIVE)


def _countries(reader, names):
    for name in names:
        if reader.value(name):
            reader.country(name)


def _no_fake(values):
    person = values.get("LegalRepresentative") or values
    names = (person.get("FirstName") or "", person.get("LastName") or "")
    if tuple(name.lower() for name in names) in FAKE_NAMES:
        raise ApiError(403, "fraud_policy", "The name of the user is not acceptable")
