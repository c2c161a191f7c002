# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reading a consumer's declaration of withdrawal: text values, trusted for nothing."""

from .form import FormChecker


def check_declaration(form):
    """Check the posted declaration (D221-5: who, which contract, where to answer).

    >>> values, errors = check_declaration(
    ...     {"individual_name": "Paul Martin", "contract": "S00042", "email": "p@m.fr"}
    ... )
    >>> values["contract_reference"], errors
    ('S00042', [])
    >>> [error.field for error in check_declaration({"email": "no"})[1]]
    ['individual_name', 'email']

    :return: (``name``, ``contract_reference``, ``email``; errors in page order)
    """
    checker = _DeclarationChecker(form)
    return checker.check(), checker.errors


class _DeclarationChecker(FormChecker):
    def check(self):
        """Return the values of the declaration, meaningful without an error only."""
        return {
            "name": self._required("individual_name"),
            "contract_reference": self._limited("contract"),
            "email": self._email("email"),
        }
