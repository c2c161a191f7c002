# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reading what a visitor posted: text values, trusted for nothing."""

import re
from dataclasses import dataclass, field

_MAX_LENGTHS = {"zip": 24, "phone": 32, "siret": 24, "rna": 16, "vat": 32}
_DEFAULT_MAX_LENGTH = 128
_EMAIL_MAX_LENGTH = 254

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]+")
_EMAIL = re.compile(
    r"[^\s@<>()\[\]\\,;:\"]{1,64}@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}"
)
_PHONE = re.compile(r"\+?[\d\s().\-/]{6,30}")


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing to correct: the field's name in the form and why."""

    field: str
    code: str
    params: dict = field(default_factory=dict)


def parse_count(value):
    """Return the whole number in a posted value, ``None`` when it is not one.

    >>> parse_count(" 3 "), parse_count("-1"), parse_count("abc"), parse_count("1.5")
    (3, -1, None, None)
    """
    text = str(value if value is not None else "").strip()
    return int(text) if re.fullmatch(r"[+-]?[0-9]{1,9}", text) else None


def parse_amount(value):
    """Return the amount in a hidden field of ours, ``None`` when it is not one.

    >>> parse_amount("1200.00"), parse_amount("1,2"), parse_amount("nan")
    (1200.0, None, None)
    """
    text = str(value if value is not None else "").strip()
    return float(text) if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,6})?", text) else None


def parse_text(value):
    """Return a posted text of several lines without what a database cannot keep.

    >>> parse_text(" a\\x00b\\r\\nc "), parse_text(None), parse_text(b"file")
    ('a b\\nc', '', '')
    """
    if not isinstance(value, str):
        return ""
    return _CONTROL_BUT_LINES.sub(" ", value.replace("\r\n", "\n")).strip()


class FormChecker:
    """Walks a form once and keeps the errors in the order of the page."""

    def __init__(self, form):
        self.form = form
        self.errors = []

    def _error(self, name, code, **params):
        self.errors.append(FieldError(name, code, params))

    def _text(self, name):
        value = self.form.get(name)
        if not isinstance(value, str):
            return ""
        return " ".join(_CONTROL.sub(" ", value).split())

    def _long_text(self, name, limit):
        text = parse_text(self.form.get(name))
        if len(text) > limit:
            self._error(name, "too_long", limit=limit)
        return text[:limit]

    def _ticked(self, name):
        return self._text(name) in {"1", "on", "true", "True"}

    def _required(self, name):
        text = self._limited(name)
        if not text:
            self._error(name, "required")
        return text

    def _limited(self, name):
        text = self._text(name)
        limit = _MAX_LENGTHS.get(name, _DEFAULT_MAX_LENGTH)
        if len(text) > limit:
            self._error(name, "too_long", limit=limit)
        return text[:limit]

    def _email(self, name, **params):
        email = self._text(name)
        if not email:
            self._error(
                name, "learner_email_missing" if params else "required", **params
            )
        elif len(email) > _EMAIL_MAX_LENGTH or not _EMAIL.fullmatch(email):
            self._error(name, "learner_email" if params else "email", **params)
        return email

    def _phone(self, required=True):
        phone = self._required("phone") if required else self._limited("phone")
        if phone and not _PHONE.fullmatch(phone):
            self._error("phone", "phone")
        return phone
