# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The words of services.buyer and services.inquiry, for the visitor."""


def describe_errors(env, errors):
    """Return the sentence of each wrong field, in the order of the form.

    :param list[FieldError] errors: the first one of each field is told
    :rtype: dict[str, str]
    """
    sentences = _get_sentences(env)
    labels = _get_labels(env)
    messages = {}
    for error in errors:
        params = {**error.params, "label": labels.get(error.field, error.field)}
        is_one = error.code == "count_limit" and error.params["limit"] == 1
        code = "count_one" if is_one else error.code
        messages.setdefault(error.field, sentences[code] % params)
    return messages


def _get_labels(env):
    """Return the words for the fields that a sentence has to name."""
    _ = env._
    return {
        "company_name": _("the legal name"),
        "individual_name": _("your first and last name"),
        "contact_name": _("your first and last name"),
        "email": _("your e-mail address"),
        "phone": _("your phone number"),
        "street": _("the number and the street"),
        "street2": _("the second line of the address"),
        "zip": _("the postcode"),
        "city": _("the city"),
        "siret": _("the SIRET"),
        "rna": _("the RNA number"),
        "vat": _("the VAT number"),
        "foreign_registry": _("the registration number"),
        "order_reference": _("the order number"),
        "message": _("your message"),
    }


def _get_sentences(env):
    return {**_get_identity_sentences(env), **_get_learner_sentences(env)}


def _get_identity_sentences(env):
    _ = env._
    return {
        "required": _("Enter %(label)s."),
        "too_long": _("Shorten %(label)s: %(limit)s characters at most."),
        "email": _("Enter a valid e-mail address, such as name@company.com."),
        "phone": _("Enter a valid phone number."),
        "kind_missing": _("Choose whether you buy as a company or as an individual."),
        "kind_refused": _("This session is open to companies only."),
        "declaration_missing": _(
            "Tick the declaration to buy as a private person; otherwise buy as a "
            "company."
        ),
        "siret_missing": _(
            "Enter the SIRET of your company. Association without SIRET: tick the box "
            "below."
        ),
        "siret_length": _("A SIRET has 14 digits; this one has %(count)s characters."),
        "siret": _("This SIRET does not exist: check its digits."),
        "rna_missing": _("Enter the RNA number of your association (W and 9 digits)."),
        "rna": _("An RNA number is W followed by 9 digits, such as W751234567."),
        "foreign_registry_missing": _(
            "Enter your VAT number, or the registration number of your company."
        ),
        "vat": _("This VAT number is not valid: check it or leave it empty."),
        "vat_siren": _("This VAT number belongs to another company than the SIRET."),
        "country": _("Choose a country in the list."),
        "zip": _("A French postcode has 5 digits."),
        "foreign_tax": _(
            "From this country, the VAT of the purchase must be settled with the "
            "training organisation: send it an enrolment request instead."
        ),
    }


def _get_learner_sentences(env):
    _ = env._
    return {
        "count_number": _("Enter the number of learners in digits."),
        "count_positive": _("Enrol at least one learner."),
        "count_one": _("Only one learner can be enrolled here."),
        "count_limit": _("No more than %(limit)s learners can be enrolled here."),
        "learner_name": _(
            "Enter the name of learner %(number)s, or tick « To complete later »."
        ),
        "learner_email_missing": _(
            "Enter the e-mail of learner %(number)s, or tick « To complete later »."
        ),
        "learner_email": _("The e-mail of learner %(number)s is not valid."),
        "learner_twice": _(
            "Learners %(other)s and %(number)s have the same e-mail address: each "
            "needs their own."
        ),
        "learner_half": _(
            "Enter both the name and the e-mail of learner %(number)s, or neither."
        ),
        "learner_taken": _(
            "The e-mail of learner %(number)s is another learner's: each needs their "
            "own."
        ),
    }
