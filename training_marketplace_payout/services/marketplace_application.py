# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The application of a training organisation that wants to sell, checked (row B1).

Errors are codes; sentences belong to whoever shows them.
"""

import re
from datetime import date

from .mangopay_kyc import find_mimetype

#: Fields of the form: name → longest text.
TEXTS = {
    "name": 128,
    "legal_form": 20,
    "country": 2,
    "number": 32,
    "street": 128,
    "street2": 128,
    "zip": 24,
    "city": 100,
    "email": 254,
    "phone": 32,
    "vat_regime": 20,
    "attestation_date": 10,
    "nda_number": 20,
}
_OPTIONAL = frozenset({"street2", "phone", "number", "attestation_date", "nda_number"})
#: A private person is no training organisation.
LEGAL_FORMS = ("company", "partnership", "association", "sole_trader")
REGIMES = ("exempt", "franchise", "taxable")
MESSAGE_LIMIT = 4000
#: Of the attestation, in bytes.
LONGEST_FILE = 7 * 1024 * 1024
SHORTEST_FILE = 1024
_NDA = re.compile(r"\d{11}")
_EMAIL = re.compile(r"[^\s@<>,;:\"]{1,64}@(?:[\w-]+\.)+[^\W\d_]{2,}")


def check_application(form, file, today, *, identify, has_file=False):
    """Return (values, errors): the form cleaned, and field → code of what is wrong.

    Codes: required, too_long, choice, email, date, future, nda, file_type, file_long,
    file_short, and those of ``identify``.

    :param dict form: texts as they were posted
    :param bytes file: the attestation, empty when none was posted
    :param date today: no attestation is dated later
    :param identify: (number, country, legal form) → (compact number, error code)
    :param bool has_file: whether an attestation is kept already
    """
    values, errors = _read(form)
    if values["legal_form"] not in LEGAL_FORMS:
        errors["legal_form"] = "choice"
    if "email" not in errors and not _EMAIL.fullmatch(values["email"]):
        errors["email"] = "email"
    number, code = identify(values["number"], values["country"], values["legal_form"])
    values["number"] = number
    if code and "number" not in errors:
        errors["number"] = code
    values["nda_number"] = re.sub(r"[\s.\-]", "", values["nda_number"])
    is_french = values["country"] == "FR" and values["nda_number"]
    if is_french and not _NDA.fullmatch(values["nda_number"]):
        errors["nda_number"] = "nda"
    _check_regime(values, errors, file, today, has_file)
    return values, errors


def _read(form):
    values, errors = {}, {}
    for name, limit in TEXTS.items():
        text = " ".join(str(form.get(name) or "").replace("\x00", "").split())
        values[name] = text
        if not text and name not in _OPTIONAL:
            errors[name] = "required"
        elif len(text) > limit:
            errors[name] = "too_long"
    message = str(form.get("message") or "").replace("\x00", "").strip()
    values["message"] = message
    if len(message) > MESSAGE_LIMIT:
        errors["message"] = "too_long"
    return values, errors


def _check_regime(values, errors, file, today, has_file):
    if values["vat_regime"] not in REGIMES:
        errors["vat_regime"] = "choice"
    day = values["attestation_date"]
    values["attestation_date"] = None
    if values["vat_regime"] != "exempt":
        return
    try:
        values["attestation_date"] = date.fromisoformat(day)
    except ValueError:
        errors["attestation_date"] = "date" if day else "required"
    else:
        if values["attestation_date"] > today:
            errors["attestation_date"] = "future"
    if file or not has_file:
        code = check_file(file)
        if code:
            errors["attestation"] = code


def check_file(content):
    """Return what is wrong with a file: a code, empty when it can be kept.

    Its first bytes say what it is: the name and the type that a browser claims prove
    nothing.

    >>> check_file(b""), check_file(b"MZ" + b"x" * 2000)
    ('required', 'file_type')
    >>> check_file(b"%PDF-1.7" + b" " * 2000), check_file(b"%PDF-1.7")
    ('', 'file_short')
    """
    if not content:
        return "required"
    if not find_mimetype(content):
        return "file_type"
    if len(content) > LONGEST_FILE:
        return "file_long"
    return "file_short" if len(content) < SHORTEST_FILE else ""
