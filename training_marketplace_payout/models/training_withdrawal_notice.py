# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

_logger = logging.getLogger(__name__)


class TrainingWithdrawal(models.Model):
    """A withdrawal from a seller's course reaches its seller too (B24).

    Once, in the transaction of the declaration. A sale that the seller does not know
    of yet comes first: its withdrawal is then told by the job that treats it.
    """

    _inherit = "training.withdrawal"

    seller_told_at = fields.Datetime(
        string="Seller told on",
        readonly=True,
        help="When the mail to the seller's team was queued.",
    )

    def _tell_staff(self):
        """Override of the catalogue: so is the seller's team told."""
        super()._tell_staff()
        for withdrawal in self:
            withdrawal._tell_marketplace_seller()

    def _try_treat(self):
        """Override of the catalogue: tell the seller what could not be told at once.

        After the refund, for a mail that cannot be made keeps nobody's money.
        """
        super()._try_treat()
        try:
            with self.env.cr.savepoint():
                self._tell_marketplace_seller()
        except (UserError, ValueError):
            _logger.exception("Withdrawal %s: the seller is not told", self.id)

    def _is_to_tell_seller(self):
        """Whether the seller is to hear of it now: of what was held it never heard."""
        order_sudo = self.sudo().order_id
        return (
            not self.seller_told_at
            and order_sudo.marketplace_sale_id.state == "confirmed"
            and order_sudo.training_followup_state != "todo"
        )

    def _tell_marketplace_seller(self):
        """Queue one mail to each of the seller's people, once; in their language."""
        self.ensure_one()
        if not self._is_to_tell_seller():
            return
        template_sudo = self.env.ref(
            "training_marketplace_payout.mail_template_channel_withdrawal"
        ).sudo()
        seller_sudo = self.sudo().order_id.marketplace_seller_id
        team_sudo = seller_sudo._get_marketplace_team().partner_id or seller_sudo
        for partner_sudo in team_sudo:
            template_sudo.with_context(
                recipient_lang=partner_sudo.lang or seller_sudo.lang
            )._send_soon(
                self.id,
                email_values={"recipient_ids": [Command.link(partner_sudo.id)]},
            )
        self.sudo().seller_told_at = fields.Datetime.now()
