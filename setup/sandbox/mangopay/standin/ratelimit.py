# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How many calls in each period, and the headers that tell of it."""

from .errors import ApiError

PERIODS = ((900, 2300), (1800, 4500), (3600, 8800), (86400, 105600))


def count(tenant):
    """Count one call; return the headers.

    :raise ApiError: 429, with the headers.
    """
    now = tenant.now()
    windows = tenant.data["windows"]
    if len(windows) != len(PERIODS):
        windows[:] = [[now, 0] for _period in PERIODS]
    over = False
    for window, (seconds, most) in zip(windows, PERIODS, strict=True):
        if not 0 <= now - window[0] < seconds:
            window[:] = [now, 0]
        over = over or window[1] >= most
    if not over:
        for window in windows:
            window[1] += 1
    found = headers(tenant)
    if over and tenant.settings["rate_limits"]:
        raise ApiError(
            429,
            "rate_limit",
            "Too many requests. Please wait before trying again.",
            headers=found,
        )
    return found


def headers(tenant):
    """Calls made, calls left, and when each period ends."""
    rows = list(zip(tenant.data["windows"], PERIODS, strict=False))
    return {
        "x-ratelimit": ", ".join(str(made) for (_at, made), _period in rows),
        "x-ratelimit-remaining": ", ".join(
            str(max(0, most - made)) for (_at, made), (_seconds, most) in rows
        ),
        "x-ratelimit-reset": ", ".join(
            str(at + seconds) for (at, _made), (seconds, _most) in rows
        ),
    }
