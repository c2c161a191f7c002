# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is wrong with an application, in the applicant's words."""

from .seller_messages import MEGABYTES


def describe_application_errors(env, errors):
    """Return field → sentence."""
    _ = env._
    sentences = {
        "required": _("Fill in this field."),
        "too_long": _("This text is too long."),
        "choice": _("Choose one of the list."),
        "email": _("Enter a valid e-mail address, such as name@company.com."),
        "date": _("Enter a date that exists."),
        "future": _("An attestation is not dated in the future."),
        "siret": _("This SIRET does not exist: check its digits."),
        "siret_length": _("A SIRET has 14 digits."),
        "rna": _("An RNA number is W and nine characters."),
        "taken": _(
            "An organisation with this number has applied already: ask your "
            "colleagues, or write to us."
        ),
        "nda": _("A declaration of activity number has 11 digits."),
        **_get_file_sentences(env),
    }
    return {name: sentences[code] for name, code in errors.items()}


def _get_file_sentences(env):
    _ = env._
    return {
        "file_type": _(
            "This file is not a PDF, a JPEG nor a PNG: scan the attestation, or take a "
            "picture of it."
        ),
        "file_long": _(
            "This file is over %(limit)s MB: send a lighter scan.", limit=MEGABYTES
        ),
        "file_short": _(
            "This file is too light to be a document: choose the right one."
        ),
    }
