# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
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
