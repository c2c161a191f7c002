# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where the stand-in is, if there is one."""

import logging
import os
from urllib.parse import urlsplit

_logger = logging.getLogger(__name__)

URL_VARIABLE = "TRAINING_STRIPE_SANDBOX_URL"
LOOPBACK = {"127.0.0.1", "localhost"}


def read_url(environ=None):
    """The address of the Stripe stand-in, without a final slash, or None.

    Only the server's environment names it, and only on this machine: with anything
    else Odoo talks to Stripe itself.

    >>> read_url({URL_VARIABLE: "http://localhost:8420/"})
    'http://127.0.0.1:8420'
    >>> read_url({URL_VARIABLE: "https://elsewhere.example"}) is None
    True
    """
    url = (os.environ if environ is None else environ).get(URL_VARIABLE)
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if (
        parts.scheme != "http"
        or parts.hostname not in LOOPBACK
        or not port
        or parts.username
        or parts.path.strip("/")
        or parts.query
    ):
        _logger.error(
            "%s is ignored: it must be http://127.0.0.1:<port>.", URL_VARIABLE
        )
        return None
    # The browser of Odoo's own tests reaches 127.0.0.1 by this name only.
    return f"http://127.0.0.1:{port}"
