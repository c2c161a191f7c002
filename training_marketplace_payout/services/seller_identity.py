# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who a seller says it is: the form, checked before Mangopay, and Mangopay's fields."""

import re
from datetime import date

from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siren, siret

from .mangopay_kyc import LEGAL_FORMS
from .mangopay_people import to_timestamp
from .mangopay_persons import LEGAL_NAME_LIMIT, NAME_LIMIT, read_email

#: Fields of the form: name → longest text.
TEXTS = {
    "legal_form": 20,
    "company_number": 30,
    "street": 255,
    "street2": 255,
    "zip": 24,
    "city": 100,
    "country": 2,
    "email": 254,
    "firstname": NAME_LIMIT,
    "lastname": NAME_LIMIT,
    "rep_email": 254,
    "birthdate": 10,
    "nationality": 2,
    "residence": 2,
}
OPTIONAL = frozenset({"street2", "company_number"})
ADULT = 18


def check_identity(form, today):
    """Return (values, errors): the form cleaned, and field → code of what is wrong.

    Codes: required, too_long, choice, email, date, underage, country, siret.

    :param dict form: texts as they were posted
    :param date today: for the age of the representative
    """
    values, errors = _read(form, TEXTS)
    if values["legal_form"] not in LEGAL_FORMS:
        errors["legal_form"] = "choice"
    for name in ("email", "rep_email"):
        if name not in errors and read_email(values[name]) != values[name]:
            errors[name] = "email"
    _check_countries(values, errors, ("country", "nationality", "residence"))
    _check_birthdate(values, errors, today, ADULT)
    _check_number(values, errors)
    return values, errors


def _read(form, texts):
    values, errors = {}, {}
    for name, limit in texts.items():
        text = " ".join(str(form.get(name) or "").replace("\x00", "").split())
        values[name] = text
        if not text and name not in OPTIONAL:
            errors[name] = "required"
        elif len(text) > limit:
            errors[name] = "too_long"
    return values, errors


def _check_countries(values, errors, names):
    for name in names:
        if name not in errors and not re.fullmatch("[A-Z]{2}", values[name]):
            errors[name] = "country"


def _check_birthdate(values, errors, today, youngest):
    if "birthdate" in errors:
        return
    try:
        born = date.fromisoformat(values["birthdate"])
    except ValueError:
        errors["birthdate"] = "date"
        return
    values["birthdate"] = born
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if not 0 <= age < 120:
        errors["birthdate"] = "date"
    elif age < youngest:
        errors["birthdate"] = "underage"


def _check_number(values, errors):
    """A company has a number; a French one is a SIREN or a SIRET (users/data-formats).

    An association may have none: it then has only its RNA.
    """
    number = values["company_number"]
    if not number:
        if values["legal_form"] in ("company", "partnership", "sole_trader"):
            errors["company_number"] = "required"
        return
    if values["country"] == "FR" and values["legal_form"] != "association":
        number = re.sub(r"[\s.\-]", "", number)
        check = siren if len(number) == 9 else siret
        try:
            number = check.validate(number)
        except NumberError:
            errors["company_number"] = "siret"
    values["company_number"] = number


#: Fields of a beneficial owner: name → longest text.
OWNER_TEXTS = {
    "first_name": NAME_LIMIT,
    "last_name": NAME_LIMIT,
    "birthdate": 10,
    "nationality": 2,
    "street": 255,
    "zip": 24,
    "city": 100,
    "country": 2,
    "birth_city": 100,
    "birth_country": 2,
}


def check_owner(form, today):
    """Return (values, errors) of the form that names a beneficial owner."""
    values, errors = _read(form, OWNER_TEXTS)
    _check_countries(values, errors, ("nationality", "country", "birth_country"))
    _check_birthdate(values, errors, today, 0)
    return values, errors


def make_owner(seller):
    """Return the user that Mangopay makes of a seller: (natural or legal, fields).

    :param dict seller: ``legal_form``, ``name``, ``company_number``, ``email``,
        ``address`` (Mangopay's fields), ``firstname``, ``lastname``, ``rep_email``,
        ``birthdate``, ``nationality``, ``residence`` (codes of countries)
    """
    person, legal_type = LEGAL_FORMS[seller["legal_form"]]
    representative = {
        "FirstName": seller["firstname"],
        "LastName": seller["lastname"],
        "Email": seller["rep_email"],
        "Birthday": to_timestamp(seller["birthdate"]),
        "Nationality": seller["nationality"],
        "CountryOfResidence": seller["residence"],
    }
    shared = {"UserCategory": "OWNER", "TermsAndConditionsAccepted": True}
    if person == "natural":
        return person, {**representative, "Address": seller["address"], **shared}
    values = {
        "Name": seller["name"][:LEGAL_NAME_LIMIT],
        "LegalPersonType": legal_type,
        "Email": seller["email"],
        "LegalRepresentative": representative,
        "HeadquartersAddress": seller["address"],
        **shared,
    }
    if seller["company_number"]:
        values["CompanyNumber"] = seller["company_number"]
    return person, values


#: What Mangopay verified: another value, and it verifies again
#: (guides/users/verification/downgrade).
VERIFIED = {"FirstName", "LastName", "Birthday", "Nationality", "LegalPersonType"}
#: Said once, when the user is made.
_ONCE = ("UserCategory", "TermsAndConditionsAccepted")


def find_changes(known, wanted):
    """Return what has to be sent so that Mangopay knows what we know.

    Nothing that is already so is sent: a name sent again undoes a verification. An
    address is sent whole, a representative's details one by one.

    :param dict known: the user as Mangopay gives it
    :param dict wanted: fields of `make_owner`
    """
    changes = {}
    for name, value in wanted.items():
        if name in _ONCE:
            continue
        if name == "LegalRepresentative":
            value = find_changes(known.get(name) or {}, value)
        elif name.endswith("Address"):
            value = value if _is_other_address(known.get(name) or {}, value) else {}
        elif value == known.get(name):
            continue
        if value not in ({}, None):
            changes[name] = value
    return changes


def _is_other_address(known, wanted):
    kept = {name: value for name, value in known.items() if value}
    return any(kept.get(name) != wanted.get(name) for name in {*kept, *wanted})


def is_verified_again(changes):
    """Tell whether Mangopay will ask for documents again after these changes."""
    inner = changes.get("LegalRepresentative", {})
    return bool(VERIFIED & {*changes, *inner})
