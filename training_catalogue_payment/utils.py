# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup, escape

from odoo.exceptions import AccessError


def refuse_protected(records, vals, names):
    """Refuse a write of fields that only the product's own methods may change.

    A view's « readonly » does not stop a call from outside.

    :param set names: the protected fields
    :raise AccessError: for whoever is not the superuser
    """
    touched = names & vals.keys()
    if touched and not records.env.su:
        labels = (records._fields[name].string for name in sorted(touched))
        raise AccessError(
            records.env._(
                "Only a payment or a validation changes this: %(fields)s.",
                fields=", ".join(labels),
            )
        )


def with_defaults(model, vals):
    """Return what a record is created with: the values, and the « default_… » of the
    context, which a caller from outside sends as well.

    :param dict vals: values of a creation
    :rtype: dict
    """
    defaults = {
        key.removeprefix("default_"): value
        for key, value in model.env.context.items()
        if key.startswith("default_")
    }
    return {**defaults, **vals}


def refuse_protected_new(model, vals_list, names):
    """Refuse records created with such fields; see `refuse_protected`.

    An empty value is what a new record has anyway: Odoo's own methods write it.

    :raise AccessError: for whoever is not the superuser
    """
    for vals in vals_list:
        given = with_defaults(model, vals).items()
        refuse_protected(model, {name: value for name, value in given if value}, names)


def to_note(text):
    """Return plain text as the note of an activity, which is HTML.

    A name typed by a visitor, or what a provider answers, must not become a link or a
    picture in front of staff.

    :param str text: plain, several lines maybe; False for no note
    :rtype: Markup
    """
    lines = escape(text or "").replace("\n", Markup("<br/>"))
    return Markup("<p>%s</p>") % lines if lines else lines
