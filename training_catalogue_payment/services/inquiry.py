# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A request without payment, from the catalogue (rows A8, A19)."""

from dataclasses import dataclass

from .form import FormChecker, parse_count

ENROLMENT = "enrolment"
INFORMATION = "information"

MESSAGE_MAX_LENGTH = 4000
_MAX_LEARNERS = 999


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A checked request, to be kept by ``training.request``."""

    kind: str
    contact_name: str
    email: str
    phone: str
    company_name: str
    learner_count: int
    message: str


def check_inquiry(form, kind):
    """Check a posted request form.

    :param dict form: posted text values, trusted for nothing
    :param str kind: ``enrolment`` or ``information``, chosen by the route
    :return: (inquiry or ``None``, errors in the order of the form)
    :rtype: tuple[Inquiry | None, list[FieldError]]
    """
    checker = _InquiryChecker(form)
    inquiry = checker.check(kind)
    return (None if checker.errors else inquiry), checker.errors


class _InquiryChecker(FormChecker):
    def check(self, kind):
        """Return an inquiry, meaningful only when no error was kept."""
        inquiry = Inquiry(
            kind=kind,
            contact_name=self._required("contact_name"),
            email=self._email("email"),
            phone=self._phone(required=False),
            company_name=self._limited("company_name"),
            learner_count=self._check_count() if kind == ENROLMENT else 1,
            message=self._long_text("message", MESSAGE_MAX_LENGTH),
        )
        if kind == INFORMATION and not inquiry.message:
            self._error("message", "required")
        return inquiry

    def _check_count(self):
        count = parse_count(self.form.get("learner_count", "1"))
        if count is None:
            self._error("learner_count", "count_number")
        elif count < 1:
            self._error("learner_count", "count_positive")
        elif count > _MAX_LEARNERS:
            self._error("learner_count", "count_limit", limit=_MAX_LEARNERS)
        return count
