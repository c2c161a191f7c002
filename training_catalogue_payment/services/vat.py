# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where a taxable training of an organisation is taxed (row A26)."""

from enum import StrEnum

# VAT applies there at 8.5 % (CGI art. 294 and 296); Odoo's own fiscal positions
# take these for exports.
OVERSEAS = {"GP", "MQ", "RE"}
DOMESTIC = {"FR", "MC"}


class Place(StrEnum):
    """Which rule gives the tax of a sale."""

    DOMESTIC = "domestic"
    OVERSEAS = "overseas"
    POSITION = "position"


def find_home(seller_country):
    """Return the rule that gives the tax of what an organisation sells at home.

    :param str seller_country: ISO code of the organisation's country
    """
    if seller_country in DOMESTIC:
        return Place.DOMESTIC
    return Place.OVERSEAS if seller_country in OVERSEAS else Place.POSITION


def find_place(seller_country, buyer_country, is_business):
    """Return where a sale is taxed.

    A course followed by a consumer is taxed at home, like one sold to a business
    there (CGI art. 259 A and 259, 1°); a business elsewhere follows the database's
    fiscal positions (reverse charge, outside the scope).

    :param str seller_country: ISO code of the organisation's fiscal country
    :param str buyer_country: ISO code, empty when unknown
    :param bool is_business: whether the buyer acts for a business
    """
    home = find_home(seller_country)
    if home == Place.POSITION:
        return home
    if not is_business or not buyer_country:
        return home
    if buyer_country in DOMESTIC:
        return Place.DOMESTIC
    return Place.OVERSEAS if buyer_country in OVERSEAS else Place.POSITION
