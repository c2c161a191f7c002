# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Why a seller may not sell: what its course's page and panel add to the catalogue's
reasons (rows B1, B14, B24)."""

from dataclasses import dataclass
from enum import StrEnum


class SellerReason(StrEnum):
    """Order = order in which they are told."""

    NO_CONTRACT = "seller_no_contract"
    NOT_APPROVED = "seller_not_approved"
    SUSPENDED = "seller_suspended"
    CLOSED = "seller_closed"
    MANDATE = "seller_mandate"
    VERIFICATION = "seller_verification"
    ABROAD = "seller_abroad"


_OF_STATE = {
    "": SellerReason.NO_CONTRACT,
    "applied": SellerReason.NOT_APPROVED,
    "refused": SellerReason.NOT_APPROVED,
    "suspended": SellerReason.SUSPENDED,
    "closed": SellerReason.CLOSED,
}
#: Values of the catalogue's reasons: what a contract that is not in force cannot be
#: asked for.
_OF_CONTRACT = ("vat_regime_missing", "attestation_missing", "tax_missing")


@dataclass(frozen=True, slots=True)
class SellerFacts:
    """What is known of a seller.

    :param str state: of the contract, empty without one
    :param bool has_mandate: the mandate in force is accepted
    :param bool is_verified: Mangopay's verification, where it comes first, is done
    :param bool is_taxed_here: the operator's taxes are those of the seller's country
    """

    state: str
    has_mandate: bool
    is_verified: bool
    is_taxed_here: bool


def seller_reasons(facts, reasons):
    """Return what stops a seller's courses: the catalogue's reasons, then its own.

    :param list reasons: what the organisation has not set up, under the seller's rules
    """
    if facts.state in _OF_STATE:
        kept = [reason for reason in reasons if reason not in _OF_CONTRACT]
        return [*kept, _OF_STATE[facts.state]]
    checks = (
        (not facts.has_mandate, SellerReason.MANDATE),
        (not facts.is_verified, SellerReason.VERIFICATION),
        (not facts.is_taxed_here, SellerReason.ABROAD),
    )
    return [*reasons, *(reason for failed, reason in checks if failed)]
