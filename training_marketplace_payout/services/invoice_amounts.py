# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Amounts of a seller's invoice, as they are frozen: exact decimal texts."""

from decimal import ROUND_HALF_UP, Decimal

#: Decimals of a unit price in French e-invoices (BR-FR-DEC-03).
PRICE_DIGITS = 6


def to_text(amount, digits=2):
    """Return an amount as it is frozen; what is stored as a float is read exactly.

    >>> to_text(1200.1), to_text(0.005), to_text(-3)
    ('1200.10', '0.01', '-3.00')
    """
    exact = Decimal(str(amount)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return str(exact)


def to_quantity(quantity):
    """Return a quantity without idle zeros.

    >>> to_quantity(2.0), to_quantity(1.50)
    ('2', '1.5')
    """
    return f"{Decimal(str(quantity)).normalize():f}"


def to_unit_price(untaxed, quantity, digits=2):
    """Return the price of one, before tax: as many decimals as it needs, at most six.

    >>> to_unit_price("1200.00", "2"), to_unit_price("100.00", "3")
    ('600.00', '33.333333')
    """
    price = Decimal(untaxed) / Decimal(quantity)
    rounded = price.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    if rounded == price:
        return str(rounded)
    return str(price.quantize(Decimal(1).scaleb(-PRICE_DIGITS), ROUND_HALF_UP))


def add(texts, digits=2):
    """Return the sum of amounts, as a text.

    >>> add(["0.10", "0.20"])
    '0.30'
    """
    return to_text(sum(map(Decimal, texts), Decimal(0)), digits)


def subtract(one, other, digits=2):
    """Return what is left of an amount, as a text.

    >>> subtract("0.30", "0.10")
    '0.20'
    """
    return to_text(Decimal(one) - Decimal(other), digits)


def group_taxes(lines, digits=2):
    """Return the taxes of an invoice, one for each kind, from its lines.

    :param lines: dicts with ``category``, ``rate``, ``reason``, ``reason_code``,
        ``untaxed`` and ``tax``
    """
    groups = {}
    for line in lines:
        key = tuple(line[name] for name in ("category", "rate", "reason_code"))
        groups.setdefault(key, []).append(line)
    return [
        {
            "category": same[0]["category"],
            "rate": same[0]["rate"],
            "reason": same[0]["reason"],
            "reason_code": same[0]["reason_code"],
            "base": add([line["untaxed"] for line in same], digits),
            "amount": add([line["tax"] for line in same], digits),
        }
        for _key, same in sorted(groups.items())
    ]
