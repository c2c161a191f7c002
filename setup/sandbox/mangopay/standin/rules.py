# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who may be paid, credited and paid out, under the rules of 2026 and the old ones."""

from .errors import ApiError, param_error

YEAR = 365 * 86400


def verified(user):
    """Whether Mangopay has verified who this is."""
    return user["KYCLevel"] == "REGULAR"


def owner_of(tenant, wallet):
    """The user a wallet belongs to."""
    return tenant.find("user", wallet["Owners"][0])


def blocked(user, flow):
    """The code by which a user's flow is blocked (« Inflows », « Outflows »), if so."""
    if user["_blocked"][flow]:
        return user["_blocked"]["ActionCode"] or "008999"
    return None


def read_beneficiaries(tenant, body):
    """The users that ``FlowDescriptor`` names, or None.

    :raise ApiError: 400 ``param_error``.
    """
    flow = body.get("FlowDescriptor")
    listed = flow.get("Beneficiaries") if isinstance(flow, dict) else None
    if not listed:
        return None
    if not isinstance(listed, list) or len(listed) > 5:
        raise param_error(Beneficiaries="From 1 to 5 beneficiaries are expected.")
    return [
        tenant.named("user", row.get("UserId") if isinstance(row, dict) else row,
                     "Beneficiaries")
        for row in listed
    ]  # fmt: skip


def refuse_payin(tenant, author, wallet, beneficiaries):
    """``(code, values)`` when a pay-in is refused, else None."""
    owner = owner_of(tenant, wallet)
    for user in (author, owner):
        if user["UserStatus"] == "CLOSED":
            return "002601", {}
    if code := blocked(author, "Outflows") or blocked(owner, "Inflows"):
        return code, {}
    if tenant.settings["regime"] == "2026":
        return _unverified_beneficiary(tenant, owner, beneficiaries)
    # The pay-in itself is there already, and counted.
    if (
        not verified(author)
        and _year(tenant, "payin", author) > tenant.settings["old_payin_limit"]
    ):
        return "002999", {}
    return None


def _unverified_beneficiary(tenant, owner, beneficiaries):
    if beneficiaries is not None:
        wrong = [user for user in beneficiaries if not _may_benefit(user)]
    elif owner["UserCategory"] == "PAYER":
        wrong = [owner] if tenant.settings["payer_needs_beneficiaries"] else []
    else:
        wrong = [] if _may_benefit(owner) else [owner]
    if not wrong:
        return None
    return "002951", {"users": ", ".join(user["Id"] for user in wrong)}


def _may_benefit(user):
    if user["UserCategory"] == "PLATFORM":
        return True
    return user["UserCategory"] == "OWNER" and verified(user)


def refuse_transfer(tenant, debited, credited):
    """The code, and its values, when a transfer between these users is refused."""
    if "CLOSED" in (debited["UserStatus"], credited["UserStatus"]):
        return "002601", {}
    if code := blocked(debited, "Outflows") or blocked(credited, "Inflows"):
        return code, {}
    if credited["UserCategory"] == "PAYER" and credited["Id"] != debited["Id"]:
        both = debited["UserCategory"] == "PAYER"
        return ("002701" if both else "002702"), {}
    unverified = credited["UserCategory"] == "OWNER" and not verified(credited)
    if unverified and tenant.settings["regime"] == "2026":
        return "002951", {"users": credited["Id"]}
    return None


def refuse_payout(tenant, author, funds, refund_of_payin):
    """The code when a payout of this user is refused, else None.

    :raise ApiError: for a PAYER, who is only ever given a refund.
    """
    if author["UserCategory"] == "PAYER" and not refund_of_payin:
        raise ApiError(
            400,
            "not_allowed_for_user_category_payer",
            "This action is not allowed for a user of category PAYER",
        )
    if code := blocked(author, "Outflows"):
        return code
    if verified(author) or refund_of_payin:
        return None
    if tenant.settings["regime"] == "2026":
        return "002998"
    out = _year(tenant, "payout", author) + funds["Amount"]
    return "002998" if out > tenant.settings["old_payout_limit"] else None


def _year(tenant, table, author):
    since = tenant.now() - YEAR
    return sum(
        obj["DebitedFunds"]["Amount"]
        for obj in tenant.rows(table, AuthorId=author["Id"])
        if obj["Status"] != "FAILED"
        and obj["CreationDate"] > since
        and obj["DebitedFunds"]
    )
