# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a visitor typed before signing in, kept until they come back (B4).

In the HTTP session, on the server: one form, its own page only, for an hour.
"""

import time
from urllib.parse import quote

from odoo.http import request

DRAFT_KEY = "training_channel_draft"
MAX_AGE = 3600
MAX_FIELDS = 400
MAX_VALUE = 4000
MAX_TOTAL = 64_000
_NOT_KEPT = {"csrf_token", "form_token", "shown_total", "website_address"}


def sign_in_first(form=None):
    """Keep what was typed and lead to the login page, which leads back here.

    :param dict form: what was posted; None for a page that was only opened
    """
    path = request.httprequest.path
    if form:
        request.session[DRAFT_KEY] = {
            "path": path,
            "until": time.time() + MAX_AGE,
            "form": limit_form(form),
        }
    return request.redirect(f"/web/login?redirect={quote(path, safe='/')}")


def take_draft():
    """Return what was typed on this page before signing in, once."""
    draft = request.session.get(DRAFT_KEY) or {}
    if draft.get("path") != request.httprequest.path:
        return {}
    if request.env.user._is_public():
        return {}
    request.session.pop(DRAFT_KEY)
    return draft["form"] if draft["until"] > time.time() else {}


def limit_form(form):
    """Return the text values of a form, no more of them than a session should hold.

    >>> limit_form({"name": "A", "csrf_token": "x", "file": object()})
    {'name': 'A'}
    """
    kept, total = {}, 0
    for name, value in list(form.items())[:MAX_FIELDS]:
        if not isinstance(value, str) or name in _NOT_KEPT or len(name) > 64:
            continue
        total += len(value)
        if len(value) > MAX_VALUE or total > MAX_TOTAL:
            continue
        kept[name] = value
    return kept
