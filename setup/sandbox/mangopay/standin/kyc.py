# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""KYC documents and the level of verification that follows from them.

Pages are measured and forgotten: their content is never kept.
"""

import base64
import binascii

from . import listing
from .call import Answer, route
from .checks import Reader
from .clock import on_time
from .errors import ApiError, invalid_action, not_found, param_error
from .shapes import public

TYPES = (
    "IDENTITY_PROOF", "REGISTRATION_PROOF", "ARTICLES_OF_ASSOCIATION",
    "SHAREHOLDER_DECLARATION", "ADDRESS_PROOF",
)  # fmt: skip
# The tag of a document decides of it, as in Mangopay's sandbox.
MAGIC_TAGS = {
    "accept": None,
    "refuse_unreadable": "DOCUMENT_UNREADABLE",
    "refuse_not_accepted": "DOCUMENT_NOT_ACCEPTED",
    "refuse_expired": "DOCUMENT_HAS_EXPIRED",
    "refuse_incomplete": "DOCUMENT_INCOMPLETE",
    "refuse_missing": "DOCUMENT_MISSING",
    "refuse_no_user_data_match": "DOCUMENT_DO_NOT_MATCH_USER_DATA",
    "refuse_falsified": "DOCUMENT_FALSIFIED",
    "refuse_underage": "UNDERAGE_PERSON",
    "refuse_specific_case": "SPECIFIC_CASE",
}
REASONS = {
    "DOCUMENT_UNREADABLE": "The document cannot be read",
    "DOCUMENT_NOT_ACCEPTED": "This kind of document is not accepted",
    "DOCUMENT_HAS_EXPIRED": "The document has expired",
    "DOCUMENT_INCOMPLETE": "A page of the document is missing",
    "DOCUMENT_MISSING": "The document was not given",
    "DOCUMENT_DO_NOT_MATCH_USER_DATA": "The document does not match the user's data",
    "DOCUMENT_FALSIFIED": "The document was altered",
    "UNDERAGE_PERSON": "The person is under age",
    "SPECIFIC_CASE": "Please contact our teams",
}
PROOFS = {
    "IDENTITY_PROOF": "ProofOfIdentity",
    "REGISTRATION_PROOF": "ProofOfRegistration",
    "ARTICLES_OF_ASSOCIATION": "Statute",
    "SHAREHOLDER_DECLARATION": "ShareholderDeclaration",
    "ADDRESS_PROOF": "ProofOfAddress",
}
FLAGS = {"DOCUMENT_DO_NOT_MATCH_USER_DATA": ["009001"], "DOCUMENT_UNREADABLE": []}
KINDS = {b"%PDF": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG": "png"}
MOST_PAGES = 5
LONGEST = 7 * 1024 * 1024
SHORTEST = {"IDENTITY_PROOF": 32 * 1024}
DAY = 86400


def needed(user):
    """The documents by which a user is verified."""
    kind = user.get("LegalPersonType")
    found = ["IDENTITY_PROOF"]
    if kind:
        found.append("REGISTRATION_PROOF")
    if kind in ("ORGANIZATION", "BUSINESS", "PARTNERSHIP"):
        found.append("ARTICLES_OF_ASSOCIATION")
    return found


def _accepted(user, kind):
    if user["PersonType"] == "NATURAL":
        return kind in ("IDENTITY_PROOF", "ADDRESS_PROOF")
    soletrader = user["LegalPersonType"] == "SOLETRADER"
    if soletrader and kind == "ARTICLES_OF_ASSOCIATION":
        return False
    return kind != "ADDRESS_PROOF"


@route("POST", "/users/{user_id}/kyc/documents")
def create(call, user_id):
    """A document, still without pages."""
    user = call.tenant.get("user", user_id)
    reader = Reader(call.body)
    kind = reader.choice("Type", TYPES, required=True)
    tag = reader.text("Tag")
    if kind and not _accepted(user, kind):
        reader.wrong("Type", f"The type {kind} is not accepted for this user.")
    reader.done()
    document = call.tenant.add(
        "kyc_document",
        Type=kind,
        Tag=tag,
        UserId=user_id,
        Flags=[],
        Status="CREATED",
        _pages=[],
    )
    call.tenant.emit("KYC_CREATED", document["Id"])
    return public(document)


def _document(call, user_id, document_id):
    call.tenant.get("user", user_id)
    document = call.tenant.get("kyc_document", document_id)
    if document["UserId"] != user_id:
        raise not_found(document_id)
    return document


def page_kind(content):
    """The format of a page, by its first bytes, or None."""
    return next((k for mark, k in KINDS.items() if content.startswith(mark)), None)


def read_page(body, shortest, longest=LONGEST):
    """The size and the format of a page.

    :raise ApiError: 400 for no base64 or too small, 413 too large, 415 wrong format.
    """
    coded = Reader(body).value("File")
    if not isinstance(coded, str) or not coded:
        raise param_error(File="The File field is required.")
    try:
        content = base64.b64decode(coded, validate=True)
    except (binascii.Error, ValueError):
        raise param_error(File="The File field must be base64.") from None
    if len(content) > longest:
        raise ApiError(413, "payload_too_large", "The file is too large")
    kind = page_kind(content)
    if kind is None:
        raise ApiError(
            415, "unsupported_media_type", "PDF, JPG, JPEG and PNG are supported"
        )
    if len(content) < shortest:
        raise param_error(File=f"The file is too small: {shortest} bytes at least.")
    return {"size": len(content), "kind": kind}


@route("POST", "/users/{user_id}/kyc/documents/{document_id}/pages")
def add_page(call, user_id, document_id):
    """A page of a document."""
    document = _document(call, user_id, document_id)
    if document["Status"] != "CREATED":
        raise invalid_action("The document was submitted already")
    if len(document["_pages"]) >= MOST_PAGES:
        raise invalid_action(f"A document has {MOST_PAGES} pages at most")
    page = read_page(call.body, SHORTEST.get(document["Type"], 1024))
    document["_pages"].append(page)
    return Answer(204)


@route("PUT", "/users/{user_id}/kyc/documents/{document_id}")
def submit(call, user_id, document_id):
    """Ask for the validation of a document; that of a PAYER is refused."""
    document = _document(call, user_id, document_id)
    if call.body.get("Status") != "VALIDATION_ASKED":
        raise param_error(Status="The only value is VALIDATION_ASKED.")
    if document["Status"] != "CREATED" or not document["_pages"]:
        raise invalid_action("The document has no page, or was submitted already")
    document["Status"] = "VALIDATION_ASKED"
    if call.body.get("Tag"):
        document["Tag"] = call.body["Tag"]
    tenant = call.tenant
    tenant.emit("KYC_VALIDATION_ASKED", document_id)
    if tenant.get("user", user_id)["UserCategory"] == "PAYER":
        decide(tenant, document, "SPECIFIC_CASE", "A payer cannot be verified")
    elif document["Tag"] in MAGIC_TAGS and tenant.settings["kyc_delay"] is not None:
        tenant.later(tenant.settings["kyc_delay"], "kyc_decide", document_id)
    return public(document)


@on_time("kyc_decide")
def _decide_later(tenant, document_id):
    document = tenant.find("kyc_document", document_id)
    if document["Status"] == "VALIDATION_ASKED":
        decide(tenant, document, MAGIC_TAGS[document["Tag"]])


def decide(tenant, document, reason=None, message=None, flags=None):
    """Validate a document, or refuse it for a reason.

    :raise ApiError: when it does not wait for that.
    """
    if document["Status"] != "VALIDATION_ASKED":
        raise invalid_action("The document does not wait for a decision")
    document["ProcessedDate"] = tenant.now()
    if reason:
        document["Status"] = "REFUSED"
        document["RefusedReasonType"] = reason
        document["RefusedReasonMessage"] = message or REASONS[reason]
        document["Flags"] = flags or FLAGS.get(reason, [])
        tenant.emit("KYC_FAILED", document["Id"])
        return
    document["Status"] = "VALIDATED"
    tenant.emit("KYC_SUCCEEDED", document["Id"])
    user = tenant.find("user", document["UserId"])
    _name_proof(user, document)
    refresh_level(tenant, user)


def _name_proof(user, document):
    """A user shows the id of the document that proves each thing."""
    name, legal = PROOFS[document["Type"]], user.get("LegalRepresentative")
    (legal if name == "ProofOfIdentity" and legal else user)[name] = document["Id"]


def refresh_level(tenant, user, by_session=False):
    """Give the level that the documents, or a hosted session, are worth."""
    if not by_session and not _complete(tenant, user):
        return
    if user["UserCategory"] != "OWNER":
        return
    again = user["KYCLevel"] == "REGULAR"
    days = tenant.settings["kyc_renewal_days"]
    user["KYCLevel"] = "REGULAR"
    deadline = tenant.now() + days * DAY
    user["_kyc"] = {"LastKycDate": tenant.now(), "KycRenewalDeadline": deadline}
    tenant.later((days - 90) * DAY, "kyc_renewal", user["Id"], deadline)
    tenant.later(days * DAY, "kyc_deadline", user["Id"], deadline)
    tenant.emit("USER_KYC_RENEWED" if again else "USER_KYC_REGULAR", user["Id"])


def _complete(tenant, user):
    rows = tenant.rows("kyc_document", UserId=user["Id"], Status="VALIDATED")
    valid = {row["Type"] for row in rows}
    if not set(needed(user)) <= valid:
        return False
    if user.get("LegalPersonType") not in ("BUSINESS", "PARTNERSHIP"):
        return True
    declared = tenant.rows("ubo_declaration", UserId=user["Id"], Status="VALIDATED")
    number = user["CompanyNumber"] or user["LegalPersonType"] != "BUSINESS"
    return bool(declared and number)


@on_time("kyc_renewal")
def _renewal(tenant, user_id, deadline):
    if tenant.find("user", user_id)["_kyc"]["KycRenewalDeadline"] == deadline:
        tenant.emit("USER_KYC_RENEWAL_REQUIRED", user_id)


@on_time("kyc_deadline")
def _deadline(tenant, user_id, deadline):
    user = tenant.find("user", user_id)
    if user["_kyc"]["KycRenewalDeadline"] == deadline:
        outdate(tenant, user)


def outdate(tenant, user):
    """A user is verified no more: what verified them is out of date."""
    for document in tenant.rows("kyc_document", UserId=user["Id"], Status="VALIDATED"):
        document["Status"] = "OUT_OF_DATE"
        tenant.emit("KYC_OUTDATED", document["Id"])
    for session in tenant.rows("idv", UserId=user["Id"], Status="VALIDATED"):
        session["Status"] = "OUT_OF_DATE"
        tenant.emit("IDENTITY_VERIFICATION_OUTDATED", session["Id"])
    if user["KYCLevel"] == "REGULAR":
        user["KYCLevel"] = "LIGHT"
        user["_kyc"] = {"LastKycDate": None, "KycRenewalDeadline": None}
        tenant.emit("USER_KYC_LIGHT", user["Id"])


@route("GET", "/users/{user_id}/kyc/documents")
def view_of_user(call, user_id):
    """The documents of a user."""
    call.tenant.get("user", user_id)
    return listing.answer(call, call.tenant.rows("kyc_document", UserId=user_id))


@route("GET", "/kyc/documents")
def view_all(call):
    """All the documents."""
    return listing.answer(call, call.tenant.rows("kyc_document"))


@route("GET", "/kyc/documents/{document_id}")
@route("GET", "/users/{user_id}/kyc/documents/{document_id}")
def view(call, document_id, user_id=None):
    """A document, with the reason of its refusal."""
    return public(call.tenant.get("kyc_document", document_id))


@route("POST", "/kyc/documents/{document_id}/consult")
def consult(call, document_id):
    """Links to the pages; they lead nowhere, since no page is kept."""
    document = call.tenant.get("kyc_document", document_id)
    until = call.tenant.now() + 600
    base = f"{call.world.base_url}/pages/{document_id}"
    return Answer(
        body=[
            {"Url": f"{base}/{number}", "ExpirationDate": until}
            for number in range(1, len(document["_pages"]) + 1)
        ]
    )
