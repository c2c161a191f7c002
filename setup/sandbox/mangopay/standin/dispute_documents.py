# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Evidence for disputes."""

from . import kyc, listing
from .call import Answer, route
from .checks import Reader
from .errors import invalid_action, not_found, param_error
from .shapes import public

TYPES = (
    "DELIVERY_PROOF", "INVOICE", "REFUND_PROOF", "USER_CORRESPONDANCE",
    "USER_ACCEPTANCE_PROOF", "PRODUCT_REPLACEMENT_PROOF", "OTHER",
)  # fmt: skip


@route("POST", "/disputes/{dispute_id}/documents")
def create(call, dispute_id):
    """A document of evidence, still without pages."""
    call.tenant.get("dispute", dispute_id)
    reader = Reader(call.body)
    kind = reader.choice("Type", TYPES, required=True)
    tag = reader.text("Tag")
    reader.done()
    document = call.tenant.add(
        "dispute_document",
        DisputeId=dispute_id,
        Type=kind,
        Tag=tag,
        Status="CREATED",
        _pages=[],
    )
    call.tenant.emit("DISPUTE_DOCUMENT_CREATED", document["Id"])
    return public(document)


def _document(call, dispute_id, document_id):
    call.tenant.get("dispute", dispute_id)
    document = call.tenant.get("dispute_document", document_id)
    if document["DisputeId"] != dispute_id:
        raise not_found(document_id)
    return document


@route("POST", "/disputes/{dispute_id}/documents/{document_id}/pages")
def add_page(call, dispute_id, document_id):
    """A page of evidence."""
    document = _document(call, dispute_id, document_id)
    if document["Status"] != "CREATED":
        raise invalid_action("The document was submitted already")
    document["_pages"].append(kyc.read_page(call.body, 1))
    return Answer(204)


@route("PUT", "/disputes/{dispute_id}/documents/{document_id}")
def submit(call, dispute_id, document_id):
    """Ask for the validation of a document of evidence."""
    document = _document(call, dispute_id, document_id)
    if call.body.get("Status") != "VALIDATION_ASKED":
        raise param_error(Status="The only value is VALIDATION_ASKED.")
    if document["Status"] != "CREATED" or not document["_pages"]:
        raise invalid_action("The document has no page, or was submitted already")
    document["Status"] = "VALIDATION_ASKED"
    call.tenant.emit("DISPUTE_DOCUMENT_VALIDATION_ASKED", document_id)
    return public(document)


def decide(tenant, document, reason=None, message=None):
    """Validate a document of evidence, or refuse it.

    :raise ApiError: when it does not wait for that.
    """
    if document["Status"] != "VALIDATION_ASKED":
        raise invalid_action("The document does not wait for a decision")
    document["Status"] = "REFUSED" if reason else "VALIDATED"
    document["ProcessedDate"] = tenant.now()
    document["RefusedReasonType"] = reason
    document["RefusedReasonMessage"] = message
    word = "FAILED" if reason else "SUCCEEDED"
    tenant.emit(f"DISPUTE_DOCUMENT_{word}", document["Id"])


@route("GET", "/disputes/{dispute_id}/documents")
def view_of_dispute(call, dispute_id):
    """The documents of a dispute."""
    call.tenant.get("dispute", dispute_id)
    rows = call.tenant.rows("dispute_document", DisputeId=dispute_id)
    return listing.answer(call, rows)


@route("GET", "/dispute-documents")
def view_all(call):
    """All documents of evidence."""
    return listing.answer(call, call.tenant.rows("dispute_document"))


@route("GET", "/dispute-documents/{document_id}")
def view(call, document_id):
    """A document of evidence."""
    return public(call.tenant.get("dispute_document", document_id))


@route("POST", "/dispute-documents/{document_id}/consult")
def consult(call, document_id):
    """Links to the pages; they lead nowhere, since no page is kept."""
    document = call.tenant.get("dispute_document", document_id)
    base = f"{call.world.base_url}/pages/{document_id}"
    return Answer(
        body=[
            {"Url": f"{base}/{n + 1}", "ExpirationDate": call.tenant.now() + 600}
            for n in range(len(document["_pages"]))
        ]
    )
