# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reading the learners that a buyer completes after the purchase (row A31)."""

from .form import FormChecker


def check_learners(form, numbers, taken=()):
    """Check the posted names and e-mails of the learners that may be changed.

    >>> form = {"learner_1_name": "Anne", "learner_1_email": "anne@example.com"}
    >>> check_learners(form, [1, 2])
    ({1: {'name': 'Anne', 'email': 'anne@example.com'}, 2: None}, [])
    >>> [error.code for error in check_learners(form, [1], ["ANNE@example.com"])[1]]
    ['learner_taken']

    :param dict form: posted text values, trusted for nothing
    :param numbers: the learners of the page, counted from 1
    :param taken: the e-mails of the other learners of the purchase
    :return: the values of each number, ``None`` for one left empty; the errors
    """
    checker = _LearnersChecker(form, taken)
    values = {number: checker.check_learner(number) for number in numbers}
    return values, checker.errors


class _LearnersChecker(FormChecker):
    def __init__(self, form, taken):
        super().__init__(form)
        self.seen = {email.casefold() for email in taken if email}

    def check_learner(self, number):
        """Return the values of one learner; both fields, or none of them."""
        name_field, email_field = f"learner_{number}_name", f"learner_{number}_email"
        if not (self._text(name_field) or self._text(email_field)):
            return None
        for field in (name_field, email_field):
            if not self._text(field):
                self._error(field, "learner_half", number=number)
                return None
        name = self._limited(name_field)
        email = self._email(email_field, number=number)
        if email.casefold() in self.seen:
            self._error(email_field, "learner_taken", number=number)
        self.seen.add(email.casefold())
        return {"name": name, "email": email}
