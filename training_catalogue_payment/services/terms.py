# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The terms of sale that a buyer accepts, and what the acceptance must hold (A12)."""

import hashlib


def hash_text(text):
    """Return the fingerprint of a text, to prove later that it was not changed.

    >>> hash_text("abc")[:16]
    'ba7816bf8f01cfea'
    """
    return hashlib.sha256((text or "").encode()).hexdigest()


def find_missing(consents, ticked):
    """Return the labels of the required consents that were not ticked.

    :param list[dict] consents: ``name``, ``label``, ``required`` of each
    :param ticked: names that the buyer ticked, trusted for nothing
    """
    return [
        consent["label"]
        for consent in consents
        if consent["required"] and consent["name"] not in ticked
    ]


def keep_known(consents, ticked):
    """Return the consents that were offered and ticked, in the order of the page."""
    return [consent for consent in consents if consent["name"] in ticked]
