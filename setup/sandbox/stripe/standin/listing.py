# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stripe's lists: newest first, pages by cursor."""

from .engine import fetch
from .errors import ApiError

MAX_PER_PAGE = 100


def page(call, kind, objects):
    """The page of ``objects`` (newest first) that the request asks for.

    Takes limit, starting_after and ending_before, then refuses what remains.
    """
    params = call.params
    limit = params.integer("limit", minimum=1) or 10
    after = params.string("starting_after")
    before = params.string("ending_before")
    params.done()
    if limit > MAX_PER_PAGE:
        raise ApiError(
            400,
            f"Invalid limit: must be at most {MAX_PER_PAGE}",
            param="limit",
            saved=False,
        )
    for cursor, name in ((after, "starting_after"), (before, "ending_before")):
        if cursor:
            fetch(kind, cursor, name)
    ids = [obj.id for obj in objects]
    if before:
        end = ids.index(before) if before in ids else 0
        start = max(0, end - limit)
        chosen, has_more = objects[start:end], start > 0
    else:
        start = ids.index(after) + 1 if after in ids else 0
        chosen = objects[start : start + limit]
        has_more = len(objects) > start + limit
    return {
        "object": "list",
        "url": call.path,
        "has_more": has_more,
        "data": [obj._export(expand=call.expand_of("data")) for obj in chosen],
    }
