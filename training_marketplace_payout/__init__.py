from odoo.addons.payment import reset_payment_provider

from . import controllers, models, report, services, wizards


def uninstall_hook(env):
    """Leave no provider that nothing serves any more."""
    reset_payment_provider(env, "mangopay")
