# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Identification numbers of a buyer: SIRET, RNA, VAT (row A11).

Each check returns the number in its compact form and, when it is wrong, a code
that says why.
"""

import re

from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siret as fr_siret

#: Where a business has a SIRET: metropolitan France and the overseas departments
#: and collectivities that INSEE's register covers.
SIRET_COUNTRIES = frozenset({"FR", "GP", "GF", "MQ", "RE", "YT", "MF", "BL", "PM"})

#: Country code of the address → prefix of its EU VAT numbers where they differ.
_VAT_PREFIXES = {"GR": "EL", "MC": "FR"}

_RNA = re.compile(r"W\d[\dA-Z]\d{7}")
_SIRET_LENGTH = 14


def check_siret(text):
    """Return (SIRET, error code): 14 digits whose check digits are right.

    >>> check_siret("732 829 320 00074")
    ('73282932000074', '')
    >>> check_siret("732 829 320 00079")[1], check_siret("0" * 14)[1]
    ('siret', 'siret')
    """
    try:
        number = fr_siret.validate(text)
        # All zeros satisfy the check digits and identify nobody.
        return number, "" if number.strip("0") else "siret"
    except NumberError:
        number = fr_siret.compact(text)
        return number, "siret" if len(number) == _SIRET_LENGTH else "siret_length"


def check_rna(text):
    """Return (RNA, error code): the number of an association without a SIRET."""
    number = re.sub(r"[\s.\-]", "", text).upper()
    return number, "" if _RNA.fullmatch(number) else "rna"


def check_vat(text, country_code, siret=""):
    """Return (VAT number, error code).

    European numbers are checked; of others only the European ones can be known.
    A French number holds the SIREN, the first nine digits of the SIRET.
    """
    number = re.sub(r"[\s.\-]", "", text).upper()
    prefix = _VAT_PREFIXES.get(country_code, country_code)
    try:
        number = eu_vat.validate(number)
    except NumberError:
        wrong = _is_european(prefix) or _is_european(number[:2])
        return number, "vat" if wrong else ""
    is_french = number.startswith("FR") and country_code in SIRET_COUNTRIES
    if is_french and siret and number[4:] != siret[:9]:
        return number, "vat_siren"
    return number, ""


def _is_european(code):
    return code == "EL" or code.lower() in eu_vat.MEMBER_STATES
