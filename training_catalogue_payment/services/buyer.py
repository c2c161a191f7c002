# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who buys, and for whom: turns a posted form into a checked buyer (row A11).

Plain values in, a :class:`Buyer` or the list of what is wrong out. Nothing here
knows records, requests or languages: errors are codes with their parameters.
"""

import re
from dataclasses import dataclass

from .form import FormChecker, parse_count
from .identifiers import SIRET_COUNTRIES, check_rna, check_siret, check_vat
from .sellability import COMPANY, INDIVIDUAL

#: Companies pay for themselves or for several; a page with more is no order form.
MAX_LEARNERS = 30


@dataclass(frozen=True, slots=True)
class Learner:
    """One person to enrol; without a name and e-mail until the buyer completes it."""

    name: str = ""
    email: str = ""

    @property
    def to_complete(self) -> bool:
        """Whether the buyer will name this learner later."""
        return not (self.name or self.email)


@dataclass(frozen=True, slots=True)
class BuyerRules:
    """What the session and the seller allow.

    :param kinds: buyer kinds that may buy (A9)
    :param max_learners: learners one company enrolment may hold, seats included
    :param countries: known ISO country codes
    :param tax_countries: countries where the session's own tax is the right one;
        empty when no tax is due, so that the buyer's country does not matter
    """

    kinds: frozenset
    max_learners: int
    countries: frozenset
    tax_countries: frozenset = frozenset()


@dataclass(frozen=True, slots=True)
class Buyer:
    """A checked buyer. ``registry`` is the SIRET, the RNA or a foreign number."""

    kind: str
    name: str
    contact_name: str
    email: str
    phone: str
    street: str
    zip: str
    city: str
    country_code: str
    street2: str = ""
    registry: str = ""
    vat: str = ""
    order_reference: str = ""
    is_self_employed: bool = False
    learners: tuple = ()


def check_buyer(form, rules):
    """Check a posted form.

    :param dict form: posted text values, trusted for nothing
    :param BuyerRules rules: what the page offered
    :return: (buyer or ``None``, errors in the order of the form)
    :rtype: tuple[Buyer | None, list[FieldError]]
    """
    checker = _BuyerChecker(form, rules)
    buyer = checker.check()
    return (None if checker.errors else buyer), checker.errors


def shown_learner_count(form, rules):
    """Return how many learner rows the page has to show for this form."""
    count = parse_count(form.get("learner_count", 1)) or 1
    if form.get("buyer_kind") == INDIVIDUAL:
        return 1
    return min(max(count, 1), max(rules.max_learners, 1))


class _BuyerChecker(FormChecker):
    """Walks the form in the order of the page."""

    def __init__(self, form, rules):
        super().__init__(form)
        self.rules = rules

    def check(self):
        """Return a buyer, meaningful only when no error was kept."""
        kind = self._text("buyer_kind")
        if kind not in (COMPANY, INDIVIDUAL):
            self._error("buyer_kind", "kind_missing")
        elif kind not in self.rules.kinds:
            self._error("buyer_kind", "kind_refused")
        identity = (
            self._check_individual() if kind == INDIVIDUAL else self._check_company()
        )
        return Buyer(
            kind=kind,
            **identity,
            **self._check_address(),
            learners=self._check_learners(kind),
        )

    # -- identity -------------------------------------------------------------

    def _check_company(self):
        values = {
            "name": self._required("company_name"),
            "is_self_employed": self._ticked("is_self_employed"),
            "registry": self._check_registry(),
        }
        return {
            **values,
            "vat": self._check_vat(values["registry"]),
            "order_reference": self._limited("order_reference"),
            "contact_name": self._required("contact_name"),
            "email": self._email("email"),
            "phone": self._phone(),
        }

    def _check_individual(self):
        name = self._required("individual_name")
        values = {"email": self._email("email"), "phone": self._phone()}
        if not self._ticked("private_declaration"):
            self._error("private_declaration", "declaration_missing")
        return {"name": name, "contact_name": name, **values}

    def _check_registry(self):
        country = self._text("country_code")
        if country and country not in SIRET_COUNTRIES:
            registry = self._limited("foreign_registry")
            if not registry and not self._text("vat"):
                self._error("foreign_registry", "foreign_registry_missing")
            return registry
        # An association may have no SIRET; a self-employed person always has one.
        may_lack_siret = self._ticked("is_association") and not self._ticked(
            "is_self_employed"
        )
        if may_lack_siret and not self._text("siret"):
            return self._check_number("rna", check_rna)
        return self._check_number("siret", check_siret)

    def _check_number(self, name, check):
        text = self._text(name)
        if not text:
            self._error(name, f"{name}_missing")
            return ""
        number, code = check(text)
        if code:
            self._error(name, code, count=len(number))
        return number

    def _check_vat(self, registry):
        text = self._limited("vat")
        if not text:
            return ""
        siret = registry if check_siret(registry)[1] == "" else ""
        number, code = check_vat(text, self._text("country_code"), siret)
        if code:
            self._error("vat", code)
        return number

    # -- address --------------------------------------------------------------

    def _check_address(self):
        country = self._text("country_code").upper()
        address = {
            "street": self._required("street"),
            "street2": self._limited("street2"),
            "zip": self._required("zip"),
            "city": self._required("city"),
            "country_code": country,
        }
        if country not in self.rules.countries:
            self._error("country_code", "country")
        elif self.rules.tax_countries and country not in self.rules.tax_countries:
            self._error("country_code", "foreign_tax")
        elif country == "FR" and not re.fullmatch(r"\d{5}|", address["zip"]):
            self._error("zip", "zip")
        return address

    # -- learners -------------------------------------------------------------

    def _check_learners(self, kind):
        count = 1
        if kind != INDIVIDUAL or "learner_count" in self.form:
            count = parse_count(self.form.get("learner_count"))
        limit = 1 if kind == INDIVIDUAL else self.rules.max_learners
        if count is None:
            self._error("learner_count", "count_number")
        elif count < 1:
            self._error("learner_count", "count_positive")
        elif count > limit:
            self._error("learner_count", "count_limit", limit=limit)
        else:
            learners = tuple(self._check_learner(i) for i in range(1, count + 1))
            self._check_duplicates(learners)
            return learners
        return ()

    def _check_learner(self, index):
        if index == 1 and self._ticked("buyer_is_learner"):
            return self._get_buyer_as_learner()
        if self._ticked(f"learner_{index}_later"):
            return Learner()
        name = self._limited(f"learner_{index}_name")
        if not name:
            self._error(f"learner_{index}_name", "learner_name", number=index)
        return Learner(
            name=name,
            email=self._email(f"learner_{index}_email", number=index),
        )

    def _get_buyer_as_learner(self):
        """« I am the learner »: what is wrong with it is told at the buyer's fields."""
        name = self._text("contact_name") or self._text("individual_name")
        return Learner(name=name, email=self._text("email"))

    def _check_duplicates(self, learners):
        first_seen = {}
        for index, learner in enumerate(learners, start=1):
            key = learner.email.casefold()
            if key and key in first_seen:
                self._error(
                    f"learner_{index}_email",
                    "learner_twice",
                    number=index,
                    other=first_seen[key],
                )
            elif key:
                first_seen[key] = index
