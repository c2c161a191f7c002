# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who a person is to Mangopay: from a contact's plain values to a user's fields."""

import re

# What Mangopay's own check of addresses amounts to.
_EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]{2,}")
# Mangopay keeps 100 characters of a name, 255 of a company's.
NAME_LIMIT = 100
LEGAL_NAME_LIMIT = 255


def split_name(name):
    """Return first and last name; a single word stands for both.

    Mangopay wants both, and refuses made-up ones (``fraud_policy``).
    """
    words = (name or "").split()
    if not words:
        return "", ""
    first, last = words[0], " ".join(words[1:]) or words[0]
    return first[:NAME_LIMIT], last[:NAME_LIMIT]


def read_email(text):
    """Return the first address of a contact's e-mail field, empty when none is one."""
    for part in re.split(r"[,;\s]+", (text or "").strip()):
        address = part.strip("<>")
        if _EMAIL.fullmatch(address):
            return address
    return ""


def make_payer(*, is_legal, name, contact_name, email, is_organization=False):
    """Return what Mangopay asks of who only pays (guides/users/categories).

    :param bool is_legal: a company or an organisation
    :param str contact_name: who acts for it; its own name when nobody is named
    :param bool is_organization: an association
    :return: natural or legal, and the fields of the user
    :raise ValueError: ``name`` or ``email``, what is missing
    """
    email = read_email(email)
    first, last = split_name((is_legal and contact_name) or name)
    if not first:
        raise ValueError("name")
    if not email:
        raise ValueError("email")
    if not is_legal:
        return "natural", {
            "UserCategory": "PAYER",
            "FirstName": first,
            "LastName": last,
            "Email": email,
        }
    return "legal", {
        "UserCategory": "PAYER",
        "LegalPersonType": "ORGANIZATION" if is_organization else "BUSINESS",
        "Name": name.strip()[:LEGAL_NAME_LIMIT],
        "Email": email,
        "LegalRepresentative": {"FirstName": first, "LastName": last},
    }
