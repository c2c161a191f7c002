# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Numbers and seals of the invoices issued for sellers (D11, facts 3.2)."""

import hashlib
import json
import re

#: French platforms take no more (G1.05).
NUMBER_LIMIT = 20
NUMBER_PATTERN = re.compile(r"[A-Za-z0-9+\-_/]+")
PREFIX_PATTERN = re.compile(r"[A-Z][A-Z0-9]{1,2}")


def make_number(prefix, code, year, rank):
    """Return the number of a document in the series of a seller and a year.

    :raise ValueError: when platforms would refuse it

    >>> make_number("MKP", "S0042", 2026, 17)
    'MKP-S0042-2026-00017'
    """
    number = f"{prefix}-{code}-{year:04d}-{rank:05d}"
    if len(number) > NUMBER_LIMIT or not NUMBER_PATTERN.fullmatch(number):
        raise ValueError(number)
    return number


def to_canonical(content):
    """Return the one text of a content: the same content always gives the same text.

    >>> to_canonical({"b": 1, "a": "é"})
    '{"a":"é","b":1}'
    """
    return json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def seal(previous, text):
    """Return the hash (SHA-256) of a text that follows another one in a chain.

    :param str previous: the hash before, empty for the first of a series
    :param str text: a canonical text
    """
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def find_broken(links, start=""):
    """Return the place of the first broken link of a chain, or None.

    :param links: (rank, hash, previous hash, text) in the order of the ranks, which
        begin at 1 and leave no gap
    :param str start: the hash that the first one follows

    >>> one = (1, seal("", "a"), "", "a")
    >>> two = (2, seal(one[1], "b"), one[1], "b")
    >>> find_broken([one, two]), find_broken([two]), find_broken([one, (3, *two[1:])])
    (None, 0, 1)
    >>> find_broken([one, (2, two[1], one[1], "changed")])
    1
    """
    expected = start
    for place, (rank, own, previous, text) in enumerate(links):
        is_next = rank == place + 1 and previous == expected
        if not is_next or own != seal(previous, text):
            return place
        expected = own
    return None
