# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a seller's mandate says, and when another one has to be accepted (row B1)."""

import hashlib
import json
import re

#: Raised when the wording changes so much that sellers have to accept it again.
WORDING = 1
_SIREN_LENGTH = 9


def make_key(facts):
    """Return the fingerprint of what was agreed, whatever the language of the text.

    Another delay, regime or legal identity gives another one; a new address does not.

    :param dict facts: ``name``, ``number``, ``legal_form``, ``country``,
        ``vat_regime``, ``attestation_date``, ``nda_number``, ``series_code``,
        ``contest_days``

    >>> facts = {"name": "Atelier", "number": "732 829 320 00074", "contest_days": 15}
    >>> make_key(facts) == make_key({**facts, "number": "732829320"})
    True
    >>> make_key(facts) == make_key({**facts, "contest_days": 30})
    False
    """
    agreed = {
        **{name: str(value or "") for name, value in facts.items()},
        "name": " ".join(str(facts.get("name") or "").split()),
        "number": _read_siren(facts.get("number")),
        "wording": WORDING,
    }
    text = json.dumps(agreed, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _read_siren(number):
    """A SIRET and its SIREN name the same legal person."""
    compact = re.sub(r"[\s.\-]", "", str(number or "")).upper()
    return compact[:_SIREN_LENGTH] if compact.isdigit() else compact
