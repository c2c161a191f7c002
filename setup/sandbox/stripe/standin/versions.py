# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Shapes of the objects by API version.

Inside the stand-in every object is written in its fullest shape. Older versions embed
a payment intent's charges and a charge's refunds (Odoo's module reads them); newer
ones do not.
"""

import re

from .errors import ApiError

LATEST = "2026-10-28.endive"
#: From this version on, lists are no longer embedded in the objects.
WITHOUT_EMBEDDED_LISTS = "2022-11-15"
EMBEDDED_LISTS = {"payment_intent": "charges", "charge": "refunds"}
FORMAT = re.compile(r"\d{4}-\d{2}-\d{2}(\.\w+)?")


def check(version):
    """The version, if its form is right.

    :raise ApiError: as Stripe does for a version that it does not know.
    """
    if not FORMAT.fullmatch(version):
        raise ApiError(400, f"Invalid Stripe API version: {version}", saved=False)
    return version


def render(data, version, expand=()):
    """``data`` as a client of this version sees it.

    :param dict data: An exported object, in its fullest shape.
    :param str version: The version of the request, or of the webhook endpoint.
    :param list expand: The paths that the client asked to expand.
    :rtype: dict
    """
    if version < WITHOUT_EMBEDDED_LISTS:
        return data
    kept = {path.rpartition(".")[2] for path in expand}
    return _without_embedded_lists(data, kept)


def _without_embedded_lists(data, kept):
    if isinstance(data, list):
        return [_without_embedded_lists(item, kept) for item in data]
    if not isinstance(data, dict):
        return data
    kind = data.get("object")
    if kind == "event":  # It keeps the shape that it had when it happened.
        return data
    embedded = EMBEDDED_LISTS.get(kind) if isinstance(kind, str) else None
    return {
        key: _without_embedded_lists(value, kept)
        for key, value in data.items()
        if key != embedded or key in kept
    }
