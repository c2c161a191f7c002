# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Declarations of ultimate beneficial owners, of businesses and partnerships."""

from . import kyc, listing
from .call import route
from .checks import Reader
from .clock import on_time
from .errors import invalid_action, not_found, param_error
from .shapes import ADDRESS, empty, public, whole

MOST = 15
OPEN = ("CREATED", "INCOMPLETE")
REASONS = (
    "MISSING_UBO", "WRONG_UBO_INFORMATION", "UBO_IDENTITY_NEEDED",
    "SHAREHOLDERS_DECLARATION_NEEDED", "ORGANIZATION_CHART_NEEDED",
    "DOCUMENTS_NEEDED", "DECLARATION_DO_NOT_MATCH_UBO_INFORMATION", "SPECIFIC_CASE",
)  # fmt: skip
# The first name of the first owner decides, as in Mangopay's sandbox.
MAGIC = {
    "acceptubo": ("VALIDATED", None),
    "refuseubo": ("REFUSED", "SPECIFIC_CASE"),
    "incompleteubo": ("INCOMPLETE", "MISSING_UBO"),
}


@route("POST", "/users/{user_id}/kyc/ubodeclarations")
def create(call, user_id):
    """A declaration; one at a time is open."""
    user = call.tenant.get("user", user_id)
    kind = user.get("LegalPersonType")
    if user["UserCategory"] != "OWNER" or kind not in ("BUSINESS", "PARTNERSHIP"):
        raise invalid_action("A UBO declaration is not for this user")
    rows = call.tenant.rows("ubo_declaration", UserId=user_id)
    if any(row["Status"] in (*OPEN, "VALIDATION_ASKED") for row in rows):
        raise invalid_action("A UBO declaration is already open")
    declaration = call.tenant.add(
        "ubo_declaration", UserId=user_id, Status="CREATED", Ubos=[]
    )
    call.tenant.emit("UBO_DECLARATION_CREATED", declaration["Id"])
    return public(declaration)


def _declaration(call, user_id, declaration_id):
    call.tenant.get("user", user_id)
    found = call.tenant.get("ubo_declaration", declaration_id)
    if found["UserId"] != user_id:
        raise not_found(declaration_id)
    return found


def _editable(declaration):
    if declaration["Status"] not in OPEN:
        raise invalid_action("The UBO declaration cannot be changed")


def _read(body, required):
    reader = Reader(body)
    values = {
        "FirstName": reader.text("FirstName", required, longest=100),
        "LastName": reader.text("LastName", required, longest=100),
        "Birthday": reader.timestamp("Birthday", required),
        "Nationality": reader.country("Nationality", required),
        "Address": whole(reader.address("Address", required), ADDRESS),
    }
    place = reader.value("Birthplace", required)
    if place:
        reader.text("Birthplace.City", required=True)
        reader.country("Birthplace.Country", required=True)
        values["Birthplace"] = whole(place, ("City", "Country"))
    reader.done()
    return {name: value for name, value in values.items() if value is not None}


@route("POST", "/users/{user_id}/kyc/ubodeclarations/{declaration_id}/ubos")
def create_ubo(call, user_id, declaration_id):
    """Somebody who owns more than a quarter."""
    declaration = _declaration(call, user_id, declaration_id)
    _editable(declaration)
    if len(declaration["Ubos"]) >= MOST:
        raise invalid_action(f"A declaration has {MOST} UBOs at most")
    ubo = empty("ubo")
    ubo.update(_read(call.body, required=True))
    ubo["Id"], ubo["CreationDate"] = call.tenant.new_id("ubo_m_"), call.tenant.now()
    ubo["IsActive"], ubo["Tag"] = True, call.body.get("Tag")
    declaration["Ubos"].append(ubo)
    return ubo


def _ubo(declaration, ubo_id):
    for ubo in declaration["Ubos"]:
        if ubo["Id"] == ubo_id:
            return ubo
    raise not_found(ubo_id)


UBO = "/users/{user_id}/kyc/ubodeclarations/{declaration_id}/ubos/{ubo_id}"


@route("PUT", UBO)
def update_ubo(call, user_id, declaration_id, ubo_id):
    """Correct an owner, or take one off for good."""
    declaration = _declaration(call, user_id, declaration_id)
    _editable(declaration)
    ubo = _ubo(declaration, ubo_id)
    active = Reader(call.body).boolean("IsActive")
    if active and not ubo["IsActive"]:
        raise invalid_action("An inactive UBO cannot be reactivated")
    ubo.update(_read(call.body, required=False))
    if active is not None:
        ubo["IsActive"] = active
    return ubo


@route("GET", UBO)
def view_ubo(call, user_id, declaration_id, ubo_id):
    """An owner."""
    return _ubo(_declaration(call, user_id, declaration_id), ubo_id)


@route("PUT", "/users/{user_id}/kyc/ubodeclarations/{declaration_id}")
def submit(call, user_id, declaration_id):
    """Ask for the validation of a declaration."""
    tenant = call.tenant
    declaration = _declaration(call, user_id, declaration_id)
    _editable(declaration)
    if call.body.get("Status") != "VALIDATION_ASKED":
        raise param_error(Status="The only value is VALIDATION_ASKED.")
    active = [ubo for ubo in declaration["Ubos"] if ubo["IsActive"]]
    if not active:
        raise invalid_action("The declaration has no UBO")
    declaration["Status"] = "VALIDATION_ASKED"
    tenant.emit("UBO_DECLARATION_VALIDATION_ASKED", declaration_id)
    magic = MAGIC.get(active[0]["FirstName"].lower())
    if magic and tenant.settings["kyc_delay"] is not None:
        tenant.later(tenant.settings["kyc_delay"], "ubo_decide", declaration_id, *magic)
    return public(declaration)


@on_time("ubo_decide")
def _decide_later(tenant, declaration_id, status, reason):
    declaration = tenant.find("ubo_declaration", declaration_id)
    if declaration["Status"] == "VALIDATION_ASKED":
        decide(tenant, declaration, status, reason)


def decide(tenant, declaration, status, reason=None, message=None):
    """VALIDATED, REFUSED (a new one is needed) or INCOMPLETE (to be completed).

    :raise ApiError: when it does not wait for that.
    """
    if declaration["Status"] != "VALIDATION_ASKED":
        raise invalid_action("The declaration does not wait for a decision")
    declaration["Status"] = status
    declaration["ProcessedDate"] = tenant.now()
    declaration["Reason"], declaration["Message"] = reason, message
    tenant.emit(f"UBO_DECLARATION_{status}", declaration["Id"])
    if status == "VALIDATED":
        kyc.refresh_level(tenant, tenant.find("user", declaration["UserId"]))


@route("GET", "/users/{user_id}/kyc/ubodeclarations")
def view_all(call, user_id):
    """The declarations of a user."""
    call.tenant.get("user", user_id)
    return listing.answer(call, call.tenant.rows("ubo_declaration", UserId=user_id))


@route("GET", "/users/{user_id}/kyc/ubodeclarations/{declaration_id}")
@route("GET", "/kyc/ubodeclarations/{declaration_id}")
def view(call, declaration_id, user_id=None):
    """A declaration."""
    return public(call.tenant.get("ubo_declaration", declaration_id))
