# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.fields import Command
from odoo.tools.urls import urljoin


class SaleOrder(models.Model):
    """A purchase is told to the seller, not to the operator (B11).

    Part of the follow-up of a payment: as long as a purchase is held, nothing of it
    runs and the seller hears of nothing.
    """

    _inherit = "sale.order"

    def _queue_training_mail(self, date_field, template_name):
        """Override of the catalogue: the organisation to notify is the seller."""
        is_notice = template_name == "mail_template_prepaid_notification"
        if is_notice and self.marketplace_seller_id:
            self._notify_seller(date_field)
        else:
            super()._queue_training_mail(date_field, template_name)

    def _notify_seller(self, date_field):
        """Queue one mail to each of the seller's people, once; in their language."""
        self.ensure_one()
        request_sudo = self.sudo().training_request_id
        if self[date_field] or not request_sudo:
            return
        template_sudo = self.env.ref(
            "training_marketplace_payout.mail_template_channel_sale",
            raise_if_not_found=False,
        )
        if not template_sudo:
            return
        url = urljoin(self.get_base_url(), f"/my/channel/{request_sudo.id}")
        for partner_sudo in request_sudo._get_channel_team_partners():
            template_sudo.sudo().with_context(
                recipient_lang=partner_sudo.lang, recipient_url=url
            )._send_soon(
                self.id,
                email_values={"recipient_ids": [Command.link(partner_sudo.id)]},
            )
        self[date_field] = fields.Datetime.now()
