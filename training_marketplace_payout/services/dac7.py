# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What platforms tell the tax office of their sellers every year (DAC7).

CGI art. 1649 ter A to E, Council Directive (EU) 2021/514. Plain values in, plain values
out; amounts are in major units, as decimals in text. The file is in `dac7_file`.
"""

from dataclasses import dataclass, field
from datetime import date

#: Where the number of a company holds its tax number; elsewhere it has to be asked.
FRENCH = {"FR", "GP", "MQ", "RE", "GF", "YT"}
#: A seller that does not answer after two reminders and this many days is stopped
#: (CGI art. 1649 ter D; directive 2021/514, annex V, section IV, A).
REMINDERS = 2
PATIENCE = 60


@dataclass(frozen=True)
class Person:
    """A seller or the platform, as it has to be told.

    :param bool is_individual: a natural person, whose birth is told
    :param str tax_number: the number by which its country taxes it
    :param str tax_country: ISO code of the country that gave it
    :param str iban: the account that is paid
    """

    name: str
    country: str
    street: str = ""
    zip: str = ""
    city: str = ""
    tax_number: str = ""
    tax_country: str = ""
    vat: str = ""
    registration: str = ""
    is_individual: bool = False
    firstname: str = ""
    lastname: str = ""
    birthdate: date | None = None
    iban: str = ""
    holder: str = ""


@dataclass(frozen=True)
class Quarter:
    """Three months of a seller.

    :param str consideration: what was credited to it, less what was kept
    :param str fees: commissions, their tax included
    :param int operations: sales
    """

    consideration: str = "0.00"
    fees: str = "0.00"
    operations: int = 0


@dataclass(frozen=True)
class Statement:
    """A seller and its four quarters, in one currency."""

    reference: str
    person: Person
    currency: str
    quarters: tuple = field(default_factory=lambda: (Quarter(),) * 4)


def find_missing(person):
    """Return what is not known of a seller and has to be told, by name.

    >>> find_missing(Person(name="Atelier", country="FR", street="1 rue", zip="17000",
    ...                     city="La Rochelle", tax_number="732829320",
    ...                     tax_country="FR", registration="73282932000074",
    ...                     iban="FR76", holder="Atelier"))
    []
    """
    wanted = ["name", "country", "street", "zip", "city", "tax_number", "tax_country"]
    if person.is_individual:
        wanted += ["firstname", "lastname", "birthdate"]
    else:
        wanted += ["registration"]
    return [name for name in wanted if not getattr(person, name)]


def read_tax_number(registration, country):
    """Return the tax number that a number of registration holds: a French company is
    taxed under its SIREN. Empty elsewhere, where it has to be asked.

    >>> read_tax_number("732 829 320 00074", "FR"), read_tax_number("0477472701", "BE")
    ('732829320', '')
    """
    digits = "".join(one for one in registration or "" if one.isdigit())
    return digits[:9] if country in FRENCH and len(digits) in (9, 14) else ""


def quarter_of(day):
    """Return the quarter of a day, from 1 to 4.

    >>> [quarter_of(date(2026, month, 1)) for month in (1, 3, 4, 12)]
    [1, 1, 2, 4]
    """
    return (day.month - 1) // 3 + 1
