# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Odoo's Factur-X lacks for an invoice of training (row A26, facts 3.6, 3.7).

Each function mends one thing in the tree of a CII invoice and leaves the rest alone.
"""

from lxml import etree

RAM = (
    "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
)
QDT = "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"
RSM = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
NAMESPACES = {"ram": RAM, "qdt": QDT, "rsm": RSM}
SIREN, SIRET = "0002", "0009"
DIRECTORY = "0225"
SIREN_LENGTH, SIRET_LENGTH = 9, 14
VAT_DUE_ON_PAYMENT = "72"
OUTSIDE_SCOPE = "O"
CARD = "48"
CLEARING = "97"


def _element(namespace, name, text=None, **attributes):
    element = etree.Element(f"{{{namespace}}}{name}", **attributes)
    element.text = text
    return element


def _find_all(tree, path):
    return tree.xpath(path, namespaces=NAMESPACES)


def split_siret(tree):
    """Give SIREN and SIRET each its own scheme: Odoo writes a SIRET as a SIREN."""
    for legal_id in _find_all(tree, "//ram:SpecifiedLegalOrganization/ram:ID"):
        digits = "".join((legal_id.text or "").split())
        if len(digits) != SIRET_LENGTH or not digits.isdigit():
            continue
        legal_id.text = digits[:9]
        party = legal_id.getparent().getparent()
        global_id = _element(RAM, "GlobalID", digits, schemeID=SIRET)
        party.find(f"{{{RAM}}}Name").addprevious(global_id)


def set_electronic_addresses(tree):
    """Give each French party its address in the directory, its SIREN (BT-34, BT-49)."""
    for party in _find_all(tree, "//ram:SellerTradeParty | //ram:BuyerTradeParty"):
        siren = party.find(f"{{{RAM}}}SpecifiedLegalOrganization/{{{RAM}}}ID")
        address = party.find(f"{{{RAM}}}PostalTradeAddress")
        if siren is None or address is None or len(siren.text or "") != SIREN_LENGTH:
            continue
        channel = _element(RAM, "URIUniversalCommunication")
        channel.append(_element(RAM, "URIID", siren.text, schemeID=DIRECTORY))
        address.addnext(channel)


def name_lines(tree):
    """Name a line that sells no product by its words, which Odoo gives as description
    (BR-25)."""
    path = "//ram:SpecifiedTradeProduct[not(ram:Name)]/ram:Description"
    for words in _find_all(tree, path):
        words.tag = f"{{{RAM}}}Name"


def set_billing_mode(tree, is_paid):
    """Tell a service already paid (S2) from one to pay (S1), BT-23."""
    path = "//ram:GuidelineSpecifiedDocumentContextParameter"
    [guideline] = _find_all(tree, path)
    mode = _element(RAM, "BusinessProcessSpecifiedDocumentContextParameter")
    mode.append(_element(RAM, "ID", "S2" if is_paid else "S1"))
    guideline.addprevious(mode)


def repeat_exemption_on_lines(tree):
    """Tell on each exempt line why it is: the extended profile adds them up by it."""
    [settlement] = _find_all(tree, "//ram:ApplicableHeaderTradeSettlement")
    reasons = {
        tax.findtext(f"{{{RAM}}}CategoryCode"): tax
        for tax in settlement.findall(f"{{{RAM}}}ApplicableTradeTax")
    }
    path = "//ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax/ram:CategoryCode"
    for category in _find_all(tree, path):
        reason = reasons.get(category.text)
        code = reason is not None and reason.findtext(f"{{{RAM}}}ExemptionReasonCode")
        if code:
            text = reason.findtext(f"{{{RAM}}}ExemptionReason")
            category.addprevious(_element(RAM, "ExemptionReason", text))
            category.addnext(_element(RAM, "ExemptionReasonCode", code))


def set_vat_due_on_payment(tree):
    """VAT of services is due on cashing (CGI art. 269, 2 c): Odoo says « invoice »."""
    for code in _find_all(tree, "//ram:DueDateTypeCode"):
        code.text = VAT_DUE_ON_PAYMENT


def set_outside_scope(tree):
    """Tell neither rate, nor date, nor VAT numbers where VAT does not apply at all
    (BR-O-02, BR-O-05): the parties keep their SIREN."""
    path = f"//ram:ApplicableTradeTax[ram:CategoryCode = '{OUTSIDE_SCOPE}']"
    taxes = _find_all(tree, path)
    untold = [
        node
        for tax in taxes
        for name in ("RateApplicablePercent", "DueDateTypeCode")
        for node in tax.findall(f"{{{RAM}}}{name}")
    ]
    if taxes:
        number = "//ram:SpecifiedTaxRegistration[ram:ID/@schemeID = 'VA']"
        untold += _find_all(tree, number)
    for node in untold:
        node.getparent().remove(node)


def set_notes(tree, notes):
    """Add the notes that a business must read, each under its own code.

    :param dict notes: ``{code: text}``
    """
    [document] = _find_all(tree, "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument")
    for code, text in notes.items():
        note = _element(RAM, "IncludedNote")
        note.append(_element(RAM, "Content", text))
        note.append(_element(RAM, "SubjectCode", code))
        document.append(note)


def set_paid_by_card(tree):
    """Say that it was paid by card, where no bank account is told."""
    set_payment_means(tree, CARD)


def set_payment_means(tree, code):
    """Say how it is paid, where no bank account is told.

    :param str code: of the list UNTDID 4461
    """
    [settlement] = _find_all(tree, "//ram:ApplicableHeaderTradeSettlement")
    if settlement.find(f"{{{RAM}}}SpecifiedTradeSettlementPaymentMeans") is None:
        means = _element(RAM, "SpecifiedTradeSettlementPaymentMeans")
        means.append(_element(RAM, "TypeCode", code))
        settlement.find(f"{{{RAM}}}ApplicableTradeTax").addprevious(means)


def set_original_invoice(tree, number, date):
    """Name the invoice that a credit note takes back (BG-3).

    :param str number: its number
    :param date date: its date
    """
    [settlement] = _find_all(tree, "//ram:ApplicableHeaderTradeSettlement")
    reference = _element(RAM, "InvoiceReferencedDocument")
    reference.append(_element(RAM, "IssuerAssignedID", number))
    issued = _element(RAM, "FormattedIssueDateTime")
    issued.append(_element(QDT, "DateTimeString", f"{date:%Y%m%d}", format="102"))
    reference.append(issued)
    summation = f"{{{RAM}}}SpecifiedTradeSettlementHeaderMonetarySummation"
    settlement.find(summation).addnext(reference)
