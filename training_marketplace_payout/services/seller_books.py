# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The entries of a seller's own books, and the file that its software imports.

Sale: Dr 467 operator / Cr 706, VAT; commission invoice: Dr 622200, 445660 / Cr 401
operator; payout: Dr 512, 401 operator / Cr 467 operator. A commission that the seller
is taxed on itself (CGI art. 283-2): Dr 445660 / Cr 445200 besides. Integers, minor
units.
"""

import csv
import re
from datetime import date
from enum import StrEnum
from io import StringIO
from typing import NamedTuple

from .seller_ledger import Group, get_group


class Role(StrEnum):
    """Accounts of the seller's own books."""

    OPERATOR = "operator"
    ADVANCE = "advance"
    SUPPLIER = "supplier"
    SALES = "sales"
    VAT_COLLECTED = "vat_collected"
    COMMISSION = "commission"
    VAT_DEDUCTIBLE = "vat_deductible"
    VAT_REVERSE = "vat_reverse"
    BANK = "bank"
    SUSPENSE = "suspense"


#: French defaults (PCG): what a seller changes to its own chart.
ACCOUNTS = {
    Role.OPERATOR: "467100",
    Role.ADVANCE: "468100",
    Role.SUPPLIER: "401100",
    Role.SALES: "706000",
    Role.VAT_COLLECTED: "445710",
    Role.COMMISSION: "622200",
    Role.VAT_DEDUCTIBLE: "445660",
    Role.VAT_REVERSE: "445200",
    Role.BANK: "512100",
    Role.SUSPENSE: "471000",
}
_CODE = re.compile(r"[0-9A-Z][0-9A-Z.\-]{2,19}")

#: Kinds of what is no movement of the seller's money: the operator's own invoice, and
#: a lost dispute that is owed to the operator.
COMMISSION_INVOICE = "commission_invoice"
DISPUTE_DEBT = "dispute_debt"
_COUNTERPARTS = {
    Group.SALES: Role.SALES,
    Group.REFUNDS: Role.SALES,
    Group.FEES: Role.SUPPLIER,
    Group.PAYOUTS: Role.BANK,
    Group.RETURNS: Role.BANK,
    Group.ADVANCES: Role.ADVANCE,
}
_JOURNALS = {
    Group.SALES: "VE",
    Group.REFUNDS: "VE",
    Group.PAYOUTS: "BQ",
    Group.RETURNS: "BQ",
}


class Movement(NamedTuple):
    """What the seller enters in its books.

    ``tax``, ``fees`` and ``advance`` are the parts of ``amount``, of its sign, that
    are VAT, the operator's invoices, and what the seller owed for a refund. ``reverse``
    is the VAT that the seller owes at home on an invoice without any.
    """

    kind: str
    day: object
    piece: str
    label: str
    amount: int
    tax: int = 0
    fees: int = 0
    advance: int = 0
    reverse: int = 0


class Line(NamedTuple):
    """One line of an entry: ``amount`` is debited when it is positive."""

    role: Role
    amount: int


def check_accounts(values):
    """Return (accounts, roles whose number is wrong); an empty one is the default.

    >>> found, wrong = check_accounts({"bank": " 512 200 ", "sales": "=1+1"})
    >>> found[Role.BANK], found[Role.SUPPLIER], [str(role) for role in wrong]
    ('512200', '401100', ['sales'])
    """
    accounts, wrong = dict(ACCOUNTS), []
    for role in Role:
        code = re.sub(r"\s", "", str(values.get(role.value) or "")).upper()
        if code and not _CODE.fullmatch(code):
            wrong.append(role)
        elif code:
            accounts[role] = code
    return accounts, wrong


def plan_movement(movement, deducts_vat=True):
    """Return the lines of the seller's entry of a movement; they sum to zero.

    :param bool deducts_vat: whether the seller deducts the VAT of the commissions

    >>> sale = Movement("purchase", None, "F1", "Sale", 120000, tax=20000)
    >>> [(str(line.role), line.amount) for line in plan_movement(sale)]
    [('operator', 120000), ('sales', -100000), ('vat_collected', -20000)]
    >>> invoice = Movement(COMMISSION_INVOICE, None, "C1", "", 10000, reverse=2100)
    >>> [(str(line.role), line.amount) for line in plan_movement(invoice)]
    [('commission', 10000), ('vat_deductible', 2100), ('vat_reverse', -2100), \
('supplier', -10000)]
    """
    if movement.kind == COMMISSION_INVOICE:
        borne = movement.tax + movement.reverse
        deducted = borne if deducts_vat else 0
        sides = [
            (Role.COMMISSION, movement.amount - movement.tax + borne - deducted),
            (Role.VAT_DEDUCTIBLE, deducted),
            (Role.VAT_REVERSE, -movement.reverse),
            (Role.SUPPLIER, -movement.amount),
        ]
    elif movement.kind == DISPUTE_DEBT:
        sides = [(Role.SUSPENSE, movement.amount), (Role.ADVANCE, -movement.amount)]
    else:
        main = _COUNTERPARTS.get(get_group(movement.kind), Role.SUSPENSE)
        rest = movement.amount - movement.tax - movement.fees - movement.advance
        sides = [
            (Role.OPERATOR, movement.amount),
            (main, -rest),
            (Role.VAT_COLLECTED, -movement.tax),
            (Role.SUPPLIER, -movement.fees),
            (Role.ADVANCE, -movement.advance),
        ]
    return [Line(role, amount) for role, amount in sides if amount]


def get_journal(kind):
    """Return the code of the seller's journal: sales, purchases, bank, others."""
    if kind == COMMISSION_INVOICE:
        return "AC"
    return _JOURNALS.get(get_group(kind), "OD")


# The file: columns of the « fichier des écritures comptables » (LPF art. A47 A-1)

COLUMNS = (
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum"),
    *("CompteLib", "CompAuxNum", "CompAuxLib", "PieceRef", "PieceDate"),
    *("EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate"),
    *("Montantdevise", "Idevise"),
)
_FORMULAS = ("=", "+", "-", "@")


def clean(text):
    """Return a text on one line that no spreadsheet takes for a formula.

    >>> clean("=cmd()"), clean(" Zoé\\n Durand ")
    ("'=cmd()", 'Zoé Durand')
    """
    text = " ".join(str(text or "").split())
    return f"'{text}" if text.startswith(_FORMULAS) else text


def to_decimal(minor, digits=2):
    """Return an amount as French software reads it.

    >>> to_decimal(123456), to_decimal(5), to_decimal(700, 0)
    ('1234,56', '0,05', '700')
    """
    if not digits:
        return str(minor)
    whole, part = divmod(abs(minor), 10**digits)
    return f"{'-' if minor < 0 else ''}{whole},{part:0{digits}d}"


class Book(NamedTuple):
    """How the file is written: accounts by role, their names, those of journals.

    ``first``: the day before which nothing is entered; what is told late keeps its own
    day as that of its document.
    """

    accounts: dict
    labels: dict
    journals: dict
    currency: str
    digits: int = 2
    deducts_vat: bool = True
    first: date | None = None


def write_file(movements, prefix, book):
    """Return the accounting file of a period, text of a CSV with semicolons.

    :param movements: in their order
    :param str prefix: of the entries' numbers, such as ``2026-10``
    """
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for rank, movement in enumerate(movements, 1):
        number = f"{prefix}-{rank:05d}"
        for line in plan_movement(movement, book.deducts_vat):
            writer.writerow(_make_row(movement, line, number, book))
    return buffer.getvalue()


def _make_row(movement, line, number, book):
    code = get_journal(movement.kind)
    day = f"{movement.day:%Y%m%d}"
    label = book.labels[line.role]
    return [
        code,
        clean(book.journals[code]),
        number,
        f"{max(movement.day, book.first or movement.day):%Y%m%d}",
        book.accounts[line.role],
        clean(label),
        *("", ""),
        clean(movement.piece),
        day,
        clean(movement.label),
        to_decimal(max(line.amount, 0), book.digits),
        to_decimal(max(-line.amount, 0), book.digits),
        *("", "", ""),
        *_tell_currency(line, book),
    ]


def _tell_currency(line, book):
    """Return amount and currency where it is not the euro; the rate is the seller's."""
    if book.currency == "EUR":
        return "", ""
    return to_decimal(line.amount, book.digits), book.currency
