# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The file in which a French platform declares its sellers of a year (DAC7).

DGFiP, « Cahier des charges DPI-DAC7 » and its schema, v1.6 (revenues of 2025, November
2025): close to the DPI XML of the OECD, with names and namespaces of its own, and
amounts in whole units. https://www.impots.gouv.fr, « transfert d'informations en
application des dispositifs DPI-DAC7 ».
"""

from decimal import ROUND_HALF_UP, Decimal

from lxml import etree

from .dac7 import FRENCH

DPI = "urn:oecd:ties:dpi"
STF = "urn:oecd:ties:dpistf"
#: Where a seller must live to be declared (second-level rule 8).
EUROPE = {
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR"),
    *("HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI"),
    "SK",
}
#: What the schema does without for nobody.
NEEDED = ("name", "country", "city")
NEEDED_OF_INDIVIDUALS = ("firstname", "lastname", "birthdate")
#: The platform is resident in France for tax.
RESIDENT = "RPONEX1"
LONGEST = 200


def is_siren(number):
    """Tell whether a platform may be named by this number.

    >>> is_siren("732829320"), is_siren("73282932000074"), is_siren("")
    (True, False, False)
    """
    return len(number) == 9 and number.isdigit()


def find_blocking(person):
    """Return what is not known of a seller and without which no file is taken."""
    wanted = NEEDED + NEEDED_OF_INDIVIDUALS * person.is_individual
    return [name for name in wanted if not str(getattr(person, name) or "").strip()]


def is_reported(statement):
    """Tell whether a seller is in the file: it lives in the Union, it was credited.

    Second-level rules 2 and 8: the office refuses the others. Whose country is not
    known is in it, and has to be completed.
    """
    country = _residence(statement.person.country)
    figures = spread([quarter.consideration for quarter in statement.quarters])
    return (not country or country in EUROPE) and sum(figures) > 0


def spread(amounts):
    """Return the four quarters in whole units, none of them negative.

    What was given back beyond a quarter's sales is taken from those before it, the
    nearest first, then from those after: the year's total stays.

    >>> spread(["2400.00", "1200.50", "0.00", "-200.00"])
    [2400, 1001, 0, 0]
    >>> spread(["-100.00", "0.00", "50.00", "80.00"])
    [0, 0, 0, 30]
    """
    left = [Decimal(amount) for amount in amounts]
    for place, amount in enumerate(left):
        if amount >= 0:
            continue
        others = [*range(place - 1, -1, -1), *range(place + 1, len(left))]
        for other in others:
            taken = min(max(left[other], Decimal(0)), -left[place])
            left[other] -= taken
            left[place] += taken
    return [int(max(one, 0).quantize(Decimal(1), ROUND_HALF_UP)) for one in left]


def name_file(year, siren, moment):
    """Return the name that the office wants.

    >>> from datetime import datetime
    >>> name_file(2025, "732829320", datetime(2026, 1, 20, 9, 30, 1))
    'DPIDAC7_2025_732829320_001_20260120093001.xml'
    """
    return f"DPIDAC7_{year}_{siren}_001_{moment:%Y%m%d%H%M%S}.xml"


def make_file(year, operator, statements, moment):
    """Return the first declaration of a year.

    :param int year: of the sales
    :param Person operator: the platform, whose tax number is its SIREN
    :param list[Statement] statements: of the sellers that are reported
    :param datetime moment: when it is made, on the clock of Paris
    :rtype: bytes
    """
    root = etree.Element(
        f"{{{DPI}}}DPI_OECD", nsmap={"dpi": DPI, "stf": STF}, version="1.0"
    )
    reference = f"OP_{year}_{operator.tax_number}"
    _add_all(
        _add(root, "MessageSpec"),
        TransmittingCountry="FR",
        ReceivingCountry="FR",
        MessageType="DPI",
        MessageRefId=f"{reference}_d1",
        MessageTypeIndic="DPI401",
        ReportingPeriod=f"{year}-12-31",
        Timestamp=f"{moment:%Y-%m-%dT%H:%M:%S}",
    )
    body = _add(root, "DPIBody")
    _add_platform(_add(body, "PlatformOperator"), operator, reference)
    for statement in statements:
        _add_seller(body, statement, f"{reference}_{statement.reference}")
    return etree.tostring(
        root, encoding="UTF-8", xml_declaration=True, pretty_print=True
    )


def _add_platform(platform, operator, reference):
    _add_all(platform, ResCountryCode="FR")
    _add(platform, "TIN", operator.tax_number, issuedBy="FR")
    _add_numbers(platform, operator)
    _add_all(platform, Name=operator.name, PlatformBusinessName=operator.name)
    _add_address(platform, operator)
    _add_all(platform, Nexus=RESIDENT, AssumedReporting="false")
    _add_doc(platform, reference)


def _add_seller(body, statement, reference):
    person = statement.person
    seller = _add(body, "ReportableSeller")
    kind = "IndividualSeller" if person.is_individual else "EntitySeller"
    standard = _add(_add(_add(seller, "Identity"), kind), "Standard")
    identity = _add(standard, f"{kind[:3]}SellerID")
    _add_all(identity, ResCountryCode=_residence(person.country))
    _add_tin(identity, person)
    if person.is_individual:
        _add_individual(identity, person)
    else:
        _add_numbers(identity, person)
        _add_all(identity, Name=person.name)
        _add_address(identity, person)
    if person.iban:
        account = _add(standard, "FinancialIdentifier")
        _add(account, "Identifier", person.iban, AccountNumberType="IBAN")
        _add_all(account, AccountHolderName=person.holder or person.name)
    _add_activity(_add(seller, "RelevantActivities"), statement)
    _add_doc(seller, reference)


def _add_activity(activities, statement):
    """Trainings are personal services; no tax is kept back from sellers."""
    activity = _add(activities, "PersonalServices")
    quarters = statement.quarters
    credited = spread([one.consideration for one in quarters])
    # An operation that left nothing was not one (second-level rule 2).
    counted = [
        one.operations if amount else 0
        for one, amount in zip(quarters, credited, strict=True)
    ]
    money = {"currCode": statement.currency}
    for group, prefix, values, attributes in (
        ("Consideration", "ConsQ", credited, money),
        ("NumberOfActivities", "NumbQ", counted, {}),
        ("Fees", "FeesQ", spread([one.fees for one in quarters]), money),
        ("Taxes", "TaxesQ", [0] * len(quarters), money),
    ):
        parent = _add(activity, group)
        for number, value in enumerate(values, 1):
            _add(parent, f"{prefix}{number}", value, **attributes)


def _add_individual(identity, person):
    if person.vat:
        _add_all(identity, VAT=person.vat)
    name = _add(identity, "Name")
    _add_all(name, FirstName=person.firstname, LastName=person.lastname)
    _add_address(identity, person)
    birth = _add(identity, "BirthInfo")
    _add_all(birth, BirthDate=person.birthdate.isoformat())


def _add_numbers(parent, person):
    if person.registration:
        country = _residence(person.country)
        _add(parent, "IN", person.registration, issuedBy=country, INType="BRN")
    if person.vat:
        _add_all(parent, VAT=person.vat)


def _add_tin(parent, person):
    if person.tax_number:
        country = _residence(person.tax_country or person.country)
        _add(parent, "TIN", person.tax_number, issuedBy=country)
    else:
        _add(parent, "TIN", "NOTIN", unknown="true")


def _add_address(parent, person):
    address = _add(parent, "Address")
    _add_all(address, CountryCode=person.country)
    fixed = _add(address, "AddressFix")
    for name, value in (("Street", person.street), ("PostCode", person.zip)):
        if value:
            _add(fixed, name, value)
    _add(fixed, "City", person.city)


def _residence(country):
    """Overseas France is France for tax."""
    return "FR" if country in FRENCH else country


def _add_doc(parent, reference):
    document = _add(parent, "DocSpec")
    for name, value in (("DocTypeIndic", "OECD1"), ("DocRefId", f"{reference}_v1")):
        etree.SubElement(document, f"{{{STF}}}{name}").text = value


def _add(parent, name, value=None, **attributes):
    child = etree.SubElement(parent, f"{{{DPI}}}{name}", attributes)
    if value is not None:
        child.text = str(value).strip()[:LONGEST]
    return child


def _add_all(parent, **values):
    for name, value in values.items():
        _add(parent, name, value)
