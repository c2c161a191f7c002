# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..services.stripe_gateway import GatewayError
from .training_inbox_mixin import BUCKETS, STATES


class TrainingPaymentEvent(models.Model):
    """Inbox of Stripe's events (D8)."""

    _name = "training.payment.event"
    _description = "Event received from the payment provider"
    _inherit = ["training.inbox.mixin"]
    _rec_name = "event_id"

    _silences = (GatewayError,)

    provider_id = fields.Many2one(
        "payment.provider", required=True, readonly=True, ondelete="cascade"
    )
    event_id = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        selection=STATES, required=True, readonly=True, default="received"
    )
    transaction_id = fields.Many2one(
        "payment.transaction", readonly=True, index="btree_not_null"
    )

    _provider_event_unique = models.UniqueIndex("(provider_id, event_id)")
    _last_event_index = models.Index("(provider_id, create_date)")

    @api.model
    def _get_job(self, bucket):
        half = "first" if bucket < BUCKETS // 2 else "second"
        return f"training_catalogue_payment.ir_cron_process_payment_events_{half}"
