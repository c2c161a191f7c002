# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .services import live_keys


def pre_init_hook(env):
    """Refuse to be installed beside a real key.

    :raise UserError: naming the provider that holds it.
    """
    live_keys.refuse(env)
