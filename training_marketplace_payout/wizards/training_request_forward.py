# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.training_request import OPEN_STATES

SUPPORT = "training_marketplace_payout.group_marketplace_support"


class TrainingRequestForward(models.TransientModel):
    """A question to the operator that a seller answers better (B5).

    The conversation goes with it, and the visitor is told in it who answers now.
    """

    _name = "training.request.forward"
    _description = "Forward a Question to a Seller"

    request_id = fields.Many2one("training.request", required=True, readonly=True)
    seller_id = fields.Many2one(
        "res.partner",
        required=True,
        domain=[("is_marketplace_seller", "=", True)],
        help="It reads the whole conversation, with the visitor's name and address.",
    )
    note = fields.Text(
        string="What to add", help="Both the visitor and the seller read it."
    )

    def action_forward(self):
        """Give the question to the seller and tell both sides, once."""
        self.ensure_one()
        self.request_id._forward_to_seller(self.seller_id, self.note)
        return {"type": "ir.actions.act_window_close"}


class TrainingRequest(models.Model):
    _inherit = "training.request"

    def action_forward(self):
        """Choose the seller who answers this question (marketplace support)."""
        self.ensure_one()
        self._check_forward()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "training_marketplace_payout.training_request_forward_action"
        )
        return dict(action, context={"default_request_id": self.id})

    def _check_forward(self):
        """:raise AccessError: for who is not of the marketplace's people
        :raise UserError: for a question that is not the operator's, or is closed
        """
        if not self.env.user.has_group(SUPPORT):
            raise AccessError(
                self.env._("Only the marketplace's team may forward a question.")
            )
        self.check_access("write")
        if not self.is_channel or self.state not in OPEN_STATES:
            raise UserError(
                self.env._("Only an open question that was asked to you is forwarded.")
            )

    @api.private
    def _forward_to_seller(self, seller, note=False):
        """Give a question asked to the operator to a seller, who answers from now on.

        The second of two who forward it finds it done, and is refused.

        :param res.partner seller: one with an open contract
        :param str note: plain text that both sides read
        :raise UserError: for a seller without an open contract
        """
        self.ensure_one()
        request_sudo = self.sudo()
        request_sudo.lock_for_update()
        request_sudo.invalidate_recordset(["is_channel", "state"])
        self._check_forward()
        contract_sudo = seller._get_marketplace_contract(request_sudo.company_id)
        if contract_sudo.state != "approved":
            raise UserError(
                self.env._("%(seller)s has no open contract.", seller=seller.name)
            )
        request_sudo.write(
            {
                "marketplace_seller_id": seller.id,
                "is_channel": False,
                "channel_reminder_date": False,
            }
        )
        visitor_sudo = request_sudo.partner_id
        localised = request_sudo.with_context(lang=visitor_sudo.lang or self.env.lang)
        text = localised.env._(
            "We have passed your question on to %(seller)s, who will answer you here.",
            seller=seller.sudo().name,
        )
        localised._post_on_channel(
            "\n\n".join(filter(None, (text, (note or "").strip()))),
            [],
            self.env.user.partner_id,
        )
        # What was just said is no answer: the visitor waits, for the seller.
        request_sudo.channel_waiting_since = fields.Datetime.now()
