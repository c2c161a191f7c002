# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The XML (CII, profile EXTENDED-CTC-FR) of an invoice that the operator issues in
the name and on behalf of a seller: facts 3.6, external specifications case 17b.

Plain Python: it reads nothing but the frozen content of the invoice.
"""

from lxml import etree

PREFIX = "urn:un:unece:uncefact:data:standard:"
NAMESPACES = {
    "rsm": f"{PREFIX}CrossIndustryInvoice:100",
    "ram": f"{PREFIX}ReusableAggregateBusinessInformationEntity:100",
    "qdt": f"{PREFIX}QualifiedDataType:100",
    "udt": f"{PREFIX}UnqualifiedDataType:100",
}
GUIDELINE = "urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"
TYPE_CODES = {"invoice": "380", "credit_note": "381"}
#: Service already paid (BT-23).
PAID_SERVICE = "S2"
#: Tax due on cashing (BT-8; CGI art. 269, 2 c).
DUE_ON_PAYMENT = "72"
#: Who issues for the seller (EXT-FR-FE-BG-05).
INVOICER = "II"
SIREN, SIRET, DIRECTORY, MAIL = "0002", "0009", "0225", "EM"
UNIT = "C62"


def build(content):
    """Return the XML of an invoice, as bytes.

    :param dict content: what was frozen when the invoice was issued
    """
    transaction = _node(
        "rsm:SupplyChainTradeTransaction",
        *(_make_line(line, content) for line in content["lines"]),
        _make_agreement(content),
        _node("ram:ApplicableHeaderTradeDelivery"),
        _make_settlement(content),
    )
    root = _node(
        "rsm:CrossIndustryInvoice",
        _make_context(),
        _make_document(content),
        transaction,
    )
    return etree.tostring(
        root, xml_declaration=True, encoding="UTF-8", pretty_print=True
    )


def _node(name, *children, **attributes):
    """Return an element; children that are None are left out, texts are its text."""
    prefix, tag = name.split(":")
    space = NAMESPACES[prefix]
    element = etree.Element(f"{{{space}}}{tag}", nsmap=NAMESPACES, **attributes)
    for child in children:
        if isinstance(child, str):
            element.text = child
        elif child is not None:
            element.append(child)
    return element


def _text(name, text, **attributes):
    return _node(name, text, **attributes) if text else None


def _wrap(name, child):
    return None if child is None else _node(name, child)


def _date(name, date, space="udt"):
    digits = date.replace("-", "")
    return _node(name, _node(f"{space}:DateTimeString", digits, format="102"))


def _make_context():
    business = _node(
        "ram:BusinessProcessSpecifiedDocumentContextParameter",
        _node("ram:ID", PAID_SERVICE),
    )
    guideline = _node(
        "ram:GuidelineSpecifiedDocumentContextParameter", _node("ram:ID", GUIDELINE)
    )
    return _node("rsm:ExchangedDocumentContext", business, guideline)


def _make_document(content):
    notes = [
        _node(
            "ram:IncludedNote",
            _node("ram:Content", text),
            _text("ram:SubjectCode", code),
        )
        for code, text in content["xml_notes"]
    ]
    return _node(
        "rsm:ExchangedDocument",
        _node("ram:ID", content["number"]),
        _node("ram:TypeCode", TYPE_CODES[content["kind"]]),
        _date("ram:IssueDateTime", content["date"]),
        *notes,
    )


def _make_line(line, content):
    tax = _node(
        "ram:ApplicableTradeTax",
        _node("ram:TypeCode", "VAT"),
        _text("ram:ExemptionReason", line["reason"]),
        _node("ram:CategoryCode", line["category"]),
        _text("ram:ExemptionReasonCode", line["reason_code"]),
        _text("ram:RateApplicablePercent", line["rate"]),
    )
    total = _node(
        "ram:SpecifiedTradeSettlementLineMonetarySummation",
        _node("ram:LineTotalAmount", line["untaxed"]),
    )
    price = _node(
        "ram:NetPriceProductTradePrice", _node("ram:ChargeAmount", line["unit_price"])
    )
    return _node(
        "ram:IncludedSupplyChainTradeLineItem",
        _node(
            "ram:AssociatedDocumentLineDocument", _node("ram:LineID", str(line["id"]))
        ),
        _node(
            "ram:SpecifiedTradeProduct",
            _node("ram:Name", line["name"]),
            _text("ram:Description", "\n".join(line["details"])),
        ),
        _node("ram:SpecifiedLineTradeAgreement", price),
        _node(
            "ram:SpecifiedLineTradeDelivery",
            _node("ram:BilledQuantity", line["quantity"], unitCode=UNIT),
        ),
        _node(
            "ram:SpecifiedLineTradeSettlement",
            tax,
            _make_period(content["period"]),
            total,
        ),
    )


def _make_period(period):
    if not period:
        return None
    return _node(
        "ram:BillingSpecifiedPeriod",
        _date("ram:StartDateTime", period["start"]),
        _date("ram:EndDateTime", period["end"]),
    )


def _make_agreement(content):
    order = content["order"]
    return _node(
        "ram:ApplicableHeaderTradeAgreement",
        _make_party("ram:SellerTradeParty", content["seller"], _legal(content)),
        _make_party("ram:BuyerTradeParty", content["buyer"]),
        _make_reference("ram:SellerOrderReferencedDocument", order["name"]),
        _make_reference("ram:BuyerOrderReferencedDocument", order["reference"]),
    )


def _make_reference(name, number):
    return _node(name, _node("ram:IssuerAssignedID", number)) if number else None


def _legal(content):
    """Return what else the law tells of the seller (BT-33)."""
    seller = content["seller"]
    texts = (
        seller["legal"],
        seller["registry"],
        # Documents issued before it was asked have none.
        seller.get("vat_group"),
        content["mentions"].get("activity"),
    )
    return " – ".join(filter(None, texts))


def _make_party(name, party, legal=None, role=None):
    address = _node(
        "ram:PostalTradeAddress",
        _text("ram:PostcodeCode", party["zip"]),
        _text("ram:LineOne", party["street"]),
        _text("ram:LineTwo", party["street2"]),
        _text("ram:CityName", party["city"]),
        _text("ram:CountryID", party["country"]),
    )
    siret, siren, vat = party["siret"], party["siren"], party["vat"]
    number = _text("ram:ID", siren, schemeID=SIREN)
    registration = _text("ram:ID", vat, schemeID="VA")
    if registration is None and name == "ram:SellerTradeParty":
        # A seller without a VAT number is known to the tax office by its SIREN (BT-32).
        registration = _text("ram:ID", siren, schemeID="FC")
    return _node(
        name,
        _text("ram:GlobalID", siret, schemeID=SIRET),
        _node("ram:Name", party["name"]),
        _text("ram:RoleCode", role),
        _text("ram:Description", legal),
        _wrap("ram:SpecifiedLegalOrganization", number),
        address,
        _make_channel(party),
        _wrap("ram:SpecifiedTaxRegistration", registration),
    )


def _make_channel(party):
    """Return where the party gets e-invoices: the directory, else its mailbox."""
    if party["siren"]:
        link = _node("ram:URIID", party["siren"], schemeID=DIRECTORY)
    elif party["email"]:
        link = _node("ram:URIID", party["email"], schemeID=MAIL)
    else:
        return None
    return _node("ram:URIUniversalCommunication", link)


def _make_settlement(content):
    payment = content["payment"]
    means = _node(
        "ram:SpecifiedTradeSettlementPaymentMeans",
        _node("ram:TypeCode", payment["means"]),
    )
    terms = _node(
        "ram:SpecifiedTradePaymentTerms",
        _text("ram:Description", content["mentions"].get("paid")),
        _date("ram:DueDateDateTime", payment["date"]),
    )
    return _node(
        "ram:ApplicableHeaderTradeSettlement",
        _text("ram:PaymentReference", payment["reference"]),
        _node("ram:InvoiceCurrencyCode", content["currency"]),
        _make_party("ram:InvoicerTradeParty", content["operator"], role=INVOICER),
        means,
        *(_make_tax(tax) for tax in content["taxes"]),
        _make_period(content["period"]),
        terms,
        _make_totals(content),
        _make_origin(content["origin"]),
    )


def _make_tax(tax):
    return _node(
        "ram:ApplicableTradeTax",
        _node("ram:CalculatedAmount", tax["amount"]),
        _node("ram:TypeCode", "VAT"),
        _text("ram:ExemptionReason", tax["reason"]),
        _node("ram:BasisAmount", tax["base"]),
        _node("ram:CategoryCode", tax["category"]),
        _text("ram:ExemptionReasonCode", tax["reason_code"]),
        _node("ram:DueDateTypeCode", DUE_ON_PAYMENT),
        _text("ram:RateApplicablePercent", tax["rate"]),
    )


def _make_totals(content):
    totals, currency = content["totals"], content["currency"]
    return _node(
        "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
        _node("ram:LineTotalAmount", totals["untaxed"]),
        _node("ram:TaxBasisTotalAmount", totals["untaxed"]),
        _node("ram:TaxTotalAmount", totals["tax"], currencyID=currency),
        _node("ram:GrandTotalAmount", totals["total"]),
        _node("ram:TotalPrepaidAmount", totals["paid"]),
        _node("ram:DuePayableAmount", totals["due"]),
    )


def _make_origin(origin):
    """Return the invoice that a credit note takes back, or that it replaces (BG-3)."""
    if not origin:
        return None
    return _node(
        "ram:InvoiceReferencedDocument",
        _node("ram:IssuerAssignedID", origin["number"]),
        _date("ram:FormattedIssueDateTime", origin["date"], "qdt"),
    )
