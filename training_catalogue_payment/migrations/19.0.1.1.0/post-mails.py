# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID
from odoo.api import Environment

MODULE = "training_catalogue_payment"


def migrate(cr, version):
    """Give the mails the words of this version, in every language.

    An update leaves them as they are, since they may be written anew: those that a
    person changed stay.
    """
    env = Environment(cr, SUPERUSER_ID, {})
    ours = env["ir.model.data"].search(
        [("module", "=", MODULE), ("model", "=", "mail.template")]
    )
    templates = env["mail.template"].browse(ours.mapped("res_id")).exists()
    templates.filtered(lambda one: one.write_uid.id == SUPERUSER_ID).reset_template()
