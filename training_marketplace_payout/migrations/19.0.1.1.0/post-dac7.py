# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID


def migrate(cr, version):
    """Sellers that lack tax data are stopped for it, no more by a manager's hold.

    What the job alone wrote as a hold is taken away: they stay stopped for want of the
    data. A hold that a person ever touched stays, for whoever wrote its reason.
    """
    cr.execute(
        """
        UPDATE marketplace_seller seller
           SET payout_hold = FALSE, payout_hold_reason = NULL
         WHERE is_dac7_stopped AND payout_hold
           AND NOT EXISTS (
               SELECT FROM mail_tracking_value value
                 JOIN mail_message message ON message.id = value.mail_message_id
                 JOIN ir_model_fields field ON field.id = value.field_id
                WHERE message.model = 'marketplace.seller'
                  AND message.res_id = seller.id
                  AND field.name IN ('payout_hold', 'payout_hold_reason')
                  AND value.create_uid != %s
           )
        """,
        [SUPERUSER_ID],
    )
