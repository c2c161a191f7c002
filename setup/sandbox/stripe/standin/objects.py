# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Helpers shared by the resources."""

from localstripe.resources import StripeObject

from .engine import current_call


def begin(obj, id=None):
    """Give a new object its id, date and mode, and store it.

    To be called once everything that can be refused was checked.
    """
    StripeObject.__init__(obj, id)
    obj.livemode = current_call.get().livemode
    return obj


def merge_metadata(obj, changes):
    """Update metadata as Stripe does: an empty value removes its key."""
    merged = {**obj.metadata, **(changes or {})}
    obj.metadata = {key: value for key, value in merged.items() if value != ""}


def embedded_list(url, items):
    """A list inside an object; the newest first."""
    return {
        "object": "list",
        "url": url,
        "has_more": False,
        "total_count": len(items),
        "data": [item._export() for item in items],
    }
