# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Real keys and stand-ins do not live in one database."""

import re

from odoo.exceptions import UserError

#: A live key that is not one of the stand-in's own.
REAL_LIVE_KEY = re.compile(r"\s*(sk|rk|pk)_live_(?!sandbox)")


def is_real(key):
    """Whether this key opens a real account.

    >>> is_real("sk_live_51Habc"), is_real("sk_live_sandboxacme_1"), is_real(False)
    (True, False, False)
    """
    return bool(key and REAL_LIVE_KEY.match(key))


def refuse(env):
    """Refuse to go on when a payment provider holds a real key.

    :raise UserError: naming the provider and the two ways out.
    """
    env.cr.execute(
        """SELECT name->>'en_US', stripe_publishable_key, stripe_secret_key
             FROM payment_provider"""
    )
    for name, *keys in env.cr.fetchall():
        if any(is_real(key) for key in keys):
            raise UserError(
                env._(
                    "The payment provider « %(name)s » holds a live key. The sandbox"
                    " is for demo and test databases: remove the key, or do not use"
                    " the sandbox here (uninstall it, unset"
                    " TRAINING_STRIPE_SANDBOX_URL).",
                    name=name,
                )
            )
