# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When may a session be bought online? One definition, on plain values.

The page, the cart, the payment and the back office all ask this module, so that
none of them can disagree with another (rows A3, A5, A7, A9, A26).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

COMPANY = "company"
INDIVIDUAL = "individual"


class Reason(StrEnum):
    """Why a session is not for sale. Order = order in which they are told."""

    FINANCE_PLUS_OFF = "finance_plus_off"
    STRIPE_NOT_LINKED = "stripe_not_linked"
    VAT_REGIME_MISSING = "vat_regime_missing"
    ATTESTATION_MISSING = "attestation_missing"
    TAX_MISSING = "tax_missing"
    NO_PROGRAMME = "no_programme"
    NOT_SOLD_ONLINE = "not_sold_online"
    NOT_PUBLISHED = "not_published"
    VARIANT = "variant"
    INTRA = "intra"
    SUBCONTRACTED = "subcontracted"
    NO_PRICE = "no_price"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"
    STARTED = "started"
    FULL = "full"
    COMPANIES_ONLY = "companies_only"
    ONE_LEARNER_ONLY = "one_learner_only"
    TOO_MANY_LEARNERS = "too_many_learners"
    NO_LEARNER = "no_learner"


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """What the organisation has set up."""

    finance_plus: bool
    provider_ready: bool
    vat_regime: str | None
    has_attestation: bool
    has_taxes: bool


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What is known of a session, without the clock.

    :param price: price before tax in major units; only its sign matters here
    :param seats_left: free seats, ``None`` when the session has no limit
    :param max_learners: learners one company enrolment may hold
    """

    company_reasons: tuple[Reason, ...]
    has_programme: bool
    sold_online: bool
    published: bool
    is_variant: bool
    is_inter: bool
    is_subcontracted: bool
    price: float
    is_active: bool
    is_cancelled: bool
    starts_at: datetime | None
    seats_left: int | None
    companies_only: bool
    max_learners: int


def company_reasons(facts: CompanyFacts) -> list[Reason]:
    """What the organisation still has to set up before it may sell (A1, A3, A26)."""
    if not facts.finance_plus:
        return [Reason.FINANCE_PLUS_OFF]
    checks = (
        (not facts.provider_ready, Reason.STRIPE_NOT_LINKED),
        (not facts.vat_regime, Reason.VAT_REGIME_MISSING),
        (
            facts.vat_regime == "exempt" and not facts.has_attestation,
            Reason.ATTESTATION_MISSING,
        ),
        (bool(facts.vat_regime) and not facts.has_taxes, Reason.TAX_MISSING),
    )
    return [reason for failed, reason in checks if failed]


def static_reasons(facts: SessionFacts) -> list[Reason]:
    """Reasons that depend neither on the clock, nor on seats, nor on the buyer.

    Their absence is stored on the session and indexed (decision D4).
    """
    checks = (
        (not facts.has_programme, Reason.NO_PROGRAMME),
        (not facts.sold_online, Reason.NOT_SOLD_ONLINE),
        (not facts.published, Reason.NOT_PUBLISHED),
        (facts.is_variant, Reason.VARIANT),
        (not facts.is_inter, Reason.INTRA),
        (facts.is_subcontracted, Reason.SUBCONTRACTED),
        (facts.price <= 0, Reason.NO_PRICE),
        (not facts.is_active, Reason.ARCHIVED),
        (facts.is_cancelled, Reason.CANCELLED),
    )
    return [*facts.company_reasons, *(reason for failed, reason in checks if failed)]


def reasons_not_sellable(
    facts: SessionFacts,
    *,
    as_of: datetime,
    buyer_kind: str | None = None,
    learners: int = 1,
) -> list[Reason]:
    """Every reason why these learners cannot be enrolled by this buyer now.

    :param as_of: the moment asked about, naive UTC as Odoo stores it
    :param buyer_kind: ``company``, ``individual`` or ``None`` (not known yet)
    :param learners: seats wanted, at least 1
    :return: empty when the session may be bought
    """
    reasons = static_reasons(facts)
    if facts.starts_at is None or facts.starts_at <= as_of:
        reasons.append(Reason.STARTED)
    if facts.seats_left is not None and facts.seats_left < max(learners, 1):
        reasons.append(Reason.FULL)
    if buyer_kind == INDIVIDUAL and facts.companies_only:
        reasons.append(Reason.COMPANIES_ONLY)
    return reasons + _learner_reasons(facts, buyer_kind, learners)


def _learner_reasons(facts, buyer_kind, learners):
    if learners < 1:
        return [Reason.NO_LEARNER]
    if buyer_kind == INDIVIDUAL and learners > 1:
        return [Reason.ONE_LEARNER_ONLY]
    if learners > facts.max_learners:
        return [Reason.TOO_MANY_LEARNERS]
    return []
