# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lists: filters, order, pages, and the headers that say how many there are."""

from urllib.parse import urlencode

from .call import Answer
from .errors import ApiError, param_error
from .shapes import public

LONGEST = 100
FILTERS = {
    "Status": "Status",
    "ResultCode": "ResultCode",
    "Type": "Type",
    "Nature": "Nature",
    "DisputeType": "DisputeType",
    "EventType": "EventType",
    "RecipientScope": "RecipientScope",
}


def answer(call, rows, date="CreationDate", show=public):
    """One page of what the request asks for.

    :raise ApiError: 400 for a page that is no number.
    """
    rows = _filtered(call, rows, date)
    page, per_page = _number(call, "page", 1), _number(call, "per_page", 10)
    per_page = min(per_page, LONGEST)
    pages = max(1, -(-len(rows) // per_page))
    if page > 100000:
        raise ApiError(400, "max_page_number", "The page number is too high")
    shown = rows[(page - 1) * per_page : page * per_page]
    return Answer(
        body=[show(row) for row in shown],
        headers={
            "x-number-of-pages": str(pages),
            "x-number-of-items": str(len(rows)),
            "link": _links(call, page, per_page, pages),
        },
    )


def _filtered(call, rows, date):
    for name, field in FILTERS.items():
        if wanted := {part for v in call.asked_all(name) for part in v.split(",")}:
            rows = [row for row in rows if field not in row or row[field] in wanted]
    if call.asked("BeforeDate"):
        before = _number(call, "BeforeDate", 0)
        rows = [row for row in rows if row[date] < before]
    if call.asked("AfterDate"):
        after = _number(call, "AfterDate", 0)
        rows = [row for row in rows if row[date] > after]
    if (call.asked("Active") or "").lower() in ("true", "false"):
        wanted_active = call.asked("Active").lower() == "true"
        rows = [row for row in rows if row.get("Active", True) == wanted_active]
    if (call.asked("Sort") or "").upper().endswith(":DESC"):
        # Of two of the same second, the newest comes first.
        rows = sorted(rows[::-1], key=lambda row: row[date], reverse=True)
    return rows


def _number(call, name, default):
    text = call.asked(name)
    if text is None:
        return default
    if not text.isdigit() or (default and not int(text)):
        raise param_error(**{name: f"The value {text} is not valid for {name}."})
    return int(text)


def _links(call, page, per_page, pages):
    targets = {"first": 1, "last": pages}
    if page > 1:
        targets["prev"] = page - 1
    if page < pages:
        targets["next"] = page + 1
    return ", ".join(
        f"<{call.world.base_url}{call.path}?"
        f'{urlencode({"page": number, "per_page": per_page})}>; rel="{name}"'
        for name, number in targets.items()
    )
