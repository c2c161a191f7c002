# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Mangopay must see of a seller, by legal form, and what it accepts to see.

Sources: guides/users/types, guides/users/verification/requirements and
api-reference/kyc-documents. Answers are codes; sentences belong to whoever shows them.
"""

#: Legal form of a seller → PersonType and LegalPersonType at Mangopay.
LEGAL_FORMS = {
    "company": ("legal", "BUSINESS"),
    "association": ("legal", "ORGANIZATION"),
    "sole_trader": ("legal", "SOLETRADER"),
    "partnership": ("legal", "PARTNERSHIP"),
    "individual": ("natural", None),
}
IDENTITY, REGISTRATION = "IDENTITY_PROOF", "REGISTRATION_PROOF"
ARTICLES, SHAREHOLDERS = "ARTICLES_OF_ASSOCIATION", "SHAREHOLDER_DECLARATION"
#: Documents without which a seller is not verified.
NEEDED = {
    "company": (IDENTITY, REGISTRATION, ARTICLES),
    "partnership": (IDENTITY, REGISTRATION, ARTICLES),
    "association": (IDENTITY, REGISTRATION, ARTICLES),
    "sole_trader": (IDENTITY, REGISTRATION),
    "individual": (IDENTITY,),
}
#: Documents that Mangopay may ask for besides.
ACCEPTED = {
    form: (*types, SHAREHOLDERS) if form in ("company", "partnership") else types
    for form, types in NEEDED.items()
}
#: Forms whose beneficial owners are declared.
UBO_FORMS = frozenset({"company", "partnership"})
MAX_UBOS = 15
#: Forms that the hosted verification knows.
HOSTED_FORMS = frozenset({"company", "sole_trader", "individual"})

MAX_PAGES = 5
#: Bytes of one page.
LONGEST = 7 * 1024 * 1024
SHORTEST = 1024
SHORTEST_IDENTITY = 32 * 1024
#: First bytes → type. The name and the type that a browser claims prove nothing.
_MARKS = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}

REFUSALS = (
    "DOCUMENT_UNREADABLE",
    "DOCUMENT_NOT_ACCEPTED",
    "DOCUMENT_HAS_EXPIRED",
    "DOCUMENT_INCOMPLETE",
    "DOCUMENT_MISSING",
    "DOCUMENT_DO_NOT_MATCH_USER_DATA",
    "DOCUMENT_FALSIFIED",
    "UNDERAGE_PERSON",
    "SPECIFIC_CASE",
)
UBO_REFUSALS = (
    "MISSING_UBO",
    "WRONG_UBO_INFORMATION",
    "UBO_IDENTITY_NEEDED",
    "SHAREHOLDERS_DECLARATION_NEEDED",
    "ORGANIZATION_CHART_NEEDED",
    "DOCUMENTS_NEEDED",
    "DECLARATION_DO_NOT_MATCH_UBO_INFORMATION",
    "SPECIFIC_CASE",
)


def find_mimetype(content):
    """Return the type of a file by its first bytes, None when it is not accepted."""
    return next((kind for mark, kind in _MARKS.items() if content.startswith(mark)), "")


def check_page(document_type, content):
    """Return what is wrong with a page: a code, empty when it can be sent.

    :param bytes content: the file as it came
    :return: empty, wrong_type, too_long, too_short or too_short_identity
    """
    if not content:
        return "empty"
    if not find_mimetype(content):
        return "wrong_type"
    if len(content) > LONGEST:
        return "too_long"
    if document_type == IDENTITY and len(content) < SHORTEST_IDENTITY:
        return "too_short_identity"
    return "too_short" if len(content) < SHORTEST else ""


def check_pages(document_type, contents):
    """Return (code, number of the page) of the first thing wrong with a document.

    :param list contents: the pages, in order
    :return: ("", 0) when the document can be sent
    """
    if not contents:
        return "missing", 0
    if len(contents) > MAX_PAGES:
        return "too_many", 0
    for number, content in enumerate(contents, 1):
        code = check_page(document_type, content)
        if code:
            return code, number
    return "", 0


def find_missing(legal_form, states):
    """Return the needed documents that are neither validated nor being looked at.

    :param dict states: type of document → state of the last one that was sent
    """
    fine = {kind for kind, state in states.items() if state in ("asked", "validated")}
    return [kind for kind in NEEDED[legal_form] if kind not in fine]
