# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where a commission is taxed (facts 2.5): a service to a business is taxed where its
customer is (CGI art. 259, 1°), here the seller. Odoo's own fiscal positions take the
overseas departments for exports, so they are not asked."""

from enum import StrEnum

DOMESTIC = {"FR", "MC"}
#: VAT applies there at 8.5 % (CGI art. 294 and 296).
OVERSEAS = {"GP", "MQ", "RE"}
#: VAT does not apply there for now (CGI art. 294, 1).
NOT_APPLICABLE = {"GF", "YT"}
UNION = {
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "GR", "HR", "HU"),
    *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
}
#: Standard rates, per mille: what a seller owes at home on a commission without VAT
#: (directive 2006/112, art. 196). The Commission's « Taxes in Europe » database, 2026.
STANDARD_RATES = {
    country: rate
    for rate, countries in (
        (170, ("LU",)),
        (180, ("MT",)),
        (190, ("CY", "DE")),
        (200, ("AT", "BG")),
        (210, ("BE", "CZ", "ES", "LT", "LV", "NL", "RO")),
        (220, ("IT", "SI")),
        (230, ("IE", "PL", "PT", "SK")),
        (240, ("EE", "GR")),
        (250, ("DK", "HR", "SE")),
        (255, ("FI",)),
        (270, ("HU",)),
    )
    for country in countries
}
# Greece is EL in VAT numbers.
_VAT_PREFIXES = {"GR": "EL"}


class Case(StrEnum):
    """Which rule gives the tax of a commission."""

    #: 20 %
    DOMESTIC = "domestic"
    #: 8.5 % (CGI art. 296): Guadeloupe, Martinique, Réunion
    OVERSEAS = "overseas"
    #: Guyane, Mayotte
    NOT_APPLICABLE = "not_applicable"
    #: taxed by the seller itself (CGI art. 283-2)
    REVERSE_CHARGE = "reverse_charge"
    #: outside the scope
    OUTSIDE = "non_eu"
    #: the operator is not French: its database's positions tell
    POSITION = "position"


def find_case(operator_country, seller_country, seller_vat):
    """Return the case of a commission.

    :param str operator_country: ISO code of the operator's fiscal country
    :param str seller_country: ISO code; empty is taken for the operator's own
    :param str seller_vat: VAT number, empty when it has none: a seller of another EU
        country without a number is taxed as one at home

    >>> [str(find_case("FR", *one)) for one in [("FR", ""), ("RE", ""), ("YT", "")]]
    ['domestic', 'overseas', 'not_applicable']
    >>> [str(find_case("FR", *one)) for one in
    ...  [("BE", "BE0477472701"), ("BE", ""), ("CH", ""), ("GR", "EL094259216")]]
    ['reverse_charge', 'domestic', 'non_eu', 'reverse_charge']
    """
    if operator_country not in DOMESTIC | OVERSEAS:
        return Case.POSITION
    country = seller_country or operator_country
    if country in DOMESTIC:
        return Case.DOMESTIC
    if country in OVERSEAS:
        return Case.OVERSEAS
    if country in NOT_APPLICABLE:
        return Case.NOT_APPLICABLE
    if country not in UNION:
        return Case.OUTSIDE
    number = "".join((seller_vat or "").split()).upper()
    is_identified = number.startswith(_VAT_PREFIXES.get(country, country))
    return Case.REVERSE_CHARGE if is_identified else Case.DOMESTIC


def count_reverse_charge(amount, country):
    """Return the VAT that a seller owes at home on a commission without VAT.

    :param int amount: minor units; negative for a credit note
    :param str country: ISO code of the seller

    >>> count_reverse_charge(10000, "BE"), count_reverse_charge(-333, "FI")
    (2100, -85)
    >>> count_reverse_charge(10000, "CH")
    0
    """
    whole, rest = divmod(abs(amount) * STANDARD_RATES.get(country, 0), 1000)
    tax = whole + (rest >= 500)
    return tax if amount > 0 else -tax
