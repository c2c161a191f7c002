# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""May learners be moved to another session, and what does it do to the money? (A22)

Plain rules on plain values: the wizard shows what they say, the move does it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from .sellability import Reason


class Refusal(StrEnum):
    """The only things that stop a move."""

    NOBODY = "nobody"
    SAME_SESSION = "same_session"
    OTHER_COMPANY = "other_company"
    NOT_A_SESSION = "not_a_session"
    UNDER_WAY = "under_way"
    CANCELLED = "cancelled"
    FULL = "full"
    COMPANIES_ONLY = "companies_only"


#: the reasons against a sale that also forbid a move; the others are only told
REFUSED_REASONS = {
    Reason.CANCELLED: Refusal.CANCELLED,
    Reason.FULL: Refusal.FULL,
    Reason.COMPANIES_ONLY: Refusal.COMPANIES_ONLY,
}
#: what hinders a sale on the page and means nothing for one that is paid
IRRELEVANT_REASONS = {
    Reason.FINANCE_PLUS_OFF,
    Reason.STRIPE_NOT_LINKED,
    Reason.ATTESTATION_MISSING,
    Reason.NO_LEARNER,
}


#: states of a move that a job is about to do: decided, its seats held
BEING_MADE = ("accepted", "paid")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What stops a move, and what staff should know before they confirm it."""

    refusals: tuple[Refusal, ...]
    warnings: tuple[Reason, ...]


def judge(
    reasons: Iterable[Reason],
    *,
    nobody: bool = False,
    same_session: bool = False,
    other_company: bool = False,
    not_a_session: bool = False,
    under_way: bool = False,
) -> Verdict:
    """Sort the reasons against selling the target into refusals and warnings.

    :param reasons: what `sellability.reasons_not_sellable` says of the target for
        this buyer and this number of learners
    :param under_way: another move of the same purchase waits for its complement

    >>> judge([Reason.FULL, Reason.INTRA])
    Verdict(refusals=(<Refusal.FULL: 'full'>,), warnings=(<Reason.INTRA: 'intra'>,))
    """
    facts = (
        (nobody, Refusal.NOBODY),
        (not_a_session, Refusal.NOT_A_SESSION),
        (same_session, Refusal.SAME_SESSION),
        (other_company, Refusal.OTHER_COMPANY),
        (under_way, Refusal.UNDER_WAY),
    )
    refusals = [refusal for is_so, refusal in facts if is_so]
    warnings = []
    for reason in reasons:
        if reason in REFUSED_REASONS:
            refusals.append(REFUSED_REASONS[reason])
        elif reason not in IRRELEVANT_REASONS:
            warnings.append(reason)
    return Verdict(tuple(refusals), tuple(warnings))


class Kind(StrEnum):
    """What a move does to the money."""

    EQUAL = "equal"
    DEARER = "dearer"
    CHEAPER = "cheaper"


def kind_of(kept: int, asked: int) -> Kind:
    """Compare, tax included and in minor units, what was paid with what is asked.

    >>> kind_of(60000, 72000).value
    'dearer'
    """
    if asked == kept:
        return Kind.EQUAL
    return Kind.DEARER if asked > kept else Kind.CHEAPER


def is_whole(places: int, moved: int, left_behind: int, *, per_learner: bool) -> bool:
    """Whether a move takes the purchase along, or splits it.

    :param places: what the buyer pays for: learners, or 1 for a flat enrolment
    :param moved: learners moved
    :param left_behind: learners who keep their seat where they are

    >>> is_whole(3, 2, 1, per_learner=True), is_whole(1, 2, 0, per_learner=False)
    (False, True)
    >>> is_whole(3, 2, 0, per_learner=True)  # a third one was cancelled, and not repaid
    False
    """
    if left_behind:
        return False
    return moved >= places if per_learner else True


def kept_share(total: int, places: int, moved: int) -> int:
    """Return the part of a total that the moved places were paid, in minor units.

    Rounded half up; the rest stays where it is, so that both always make the total.

    >>> kept_share(100000, 3, 1), kept_share(100000, 3, 3), kept_share(101, 2, 1)
    (33333, 100000, 51)
    """
    if moved >= places:
        return total
    return (2 * total * moved + places) // (2 * places)


class Deed(StrEnum):
    """What happens to the documents of a purchase, in the order it is told."""

    NOTHING = "nothing"
    RENAME = "rename"
    SPLIT = "split"
    CREDIT_AND_NEW = "credit_and_new"
    COMPLEMENT = "complement"
    CREDIT_AND_REFUND = "credit_and_refund"


def deeds_of(
    kind: Kind, *, numbered: bool, whole: bool, kept: int, asked: int
) -> tuple[Deed, ...]:
    """Return what a move does to the documents.

    A numbered invoice names session and dates: it is never edited, so a credit note
    and a new invoice are made even at equal price.

    >>> [deed.value for deed in deeds_of(
    ...     Kind.DEARER, numbered=True, whole=True, kept=1, asked=2)]
    ['credit_and_new', 'complement']
    """
    if not kept and not asked:
        return (Deed.NOTHING,)
    deeds = []
    if kept and numbered:
        deeds.append(Deed.CREDIT_AND_NEW)
    elif kept:
        deeds.append(Deed.RENAME if whole else Deed.SPLIT)
    if kind == Kind.DEARER:
        deeds.append(Deed.COMPLEMENT)
    elif kind == Kind.CHEAPER:
        deeds.append(Deed.CREDIT_AND_REFUND)
    return tuple(deeds)


@dataclass(frozen=True, slots=True)
class Plan:
    """A move of some learners of one purchase, before it is done.

    :param whole: the purchase goes along; else it is split
    :param quantity: places on the new order line (1 for a flat enrolment)
    :param kept: what was paid for these learners, tax included, minor units
    :param asked: what the target session costs them, tax included, minor units
    :param numbered: an invoice of theirs has a number already
    :param offered: what the target costs more and the organisation does not ask, minor
        units; `asked` is without it
    """

    verdict: Verdict
    whole: bool
    is_flat: bool
    quantity: int
    kept: int
    asked: int
    numbered: bool
    offered: int = 0

    @property
    def kind(self) -> Kind:
        """What it does to the money."""
        return kind_of(self.kept, self.asked)

    @property
    def is_numbering(self) -> bool:
        """Whether a credit note and an invoice get a number."""
        return not {Deed.CREDIT_AND_NEW, Deed.CREDIT_AND_REFUND}.isdisjoint(self.deeds)

    @property
    def difference(self) -> int:
        """What is missing (positive) or too much (negative), in minor units."""
        return self.asked - self.kept

    @property
    def deeds(self) -> tuple[Deed, ...]:
        """What it does to the documents."""
        return deeds_of(
            self.kind,
            numbered=self.numbered,
            whole=self.whole,
            kept=self.kept,
            asked=self.asked,
        )
