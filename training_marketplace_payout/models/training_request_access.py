# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class TrainingRequest(models.Model):
    """Two sides read the same request; neither may pass for the other (B5–B7)."""

    _inherit = "training.request"

    #: The visitor's key. A seller reads the request, never what opens the buyer's page.
    access_token = fields.Char(groups="base.group_user")

    def _get_access_action(self, access_uid=None, force_website=False):
        """Override of `portal`: lead each side to its own page, without the key."""
        self.ensure_one()
        user = self.env.user
        if access_uid:
            user = self.env["res.users"].sudo().browse(access_uid)
        if not user.share or user._is_public():
            return super()._get_access_action(
                access_uid=access_uid, force_website=force_website
            )
        is_team = self._is_team_user(user)
        return {
            "type": "ir.actions.act_url",
            "url": f"/my/channel/{self.id}" if is_team else self.access_url,
            "target": "self",
            "res_id": self.id,
        }

    def _is_team_user(self, user):
        """Whether a person answers this request for its seller."""
        self.ensure_one()
        seller_sudo = self.sudo().marketplace_seller_id
        partner_sudo = user.sudo().partner_id
        return bool(seller_sudo) and (
            partner_sudo.commercial_partner_id == seller_sudo.commercial_partner_id
            and partner_sudo != self.sudo().partner_id
        )

    def _is_visitor_user(self, user):
        """Whether a person is on the side that asks: the author, or for a purchase
        somebody of the company that bought."""
        self.ensure_one()
        request_sudo = self.sudo()
        partner_sudo = user.sudo().partner_id
        return bool(request_sudo.partner_id) and (
            partner_sudo == request_sudo.partner_id
            or (
                request_sudo.is_prepaid
                and partner_sudo.commercial_partner_id
                == request_sudo.partner_id.commercial_partner_id
            )
        )

    def _get_channel_team(self):
        """Return the users who hear of this request: those of the seller, or of the
        operator for a question to the channel itself."""
        self.ensure_one()
        seller_sudo = self.sudo().marketplace_seller_id
        if seller_sudo:
            return seller_sudo._get_marketplace_team()
        if not self.is_channel:
            return self.env["res.users"]
        group_sudo = self.env.ref(
            "training_marketplace_payout.group_marketplace_support"
        ).sudo()
        return group_sudo.all_user_ids.filtered(
            lambda user: (
                user.active
                and not user.share
                and self.sudo().company_id in user.company_ids
            )
        )

    def _get_channel_team_partners(self):
        """Return the contacts to write to; the organisation itself where nobody has an
        account yet."""
        self.ensure_one()
        team_sudo = self._get_channel_team().sudo()
        request_sudo = self.sudo()
        return team_sudo.partner_id or (
            request_sudo.marketplace_seller_id or request_sudo.company_id.partner_id
        )

    def _check_staff(self):
        """Override of the catalogue: the marketplace's people treat its requests."""
        if self.env.user.has_group(
            "training_marketplace_payout.group_marketplace_support"
        ) and all(request._is_marketplace() for request in self):
            self.check_access("write")
            return
        super()._check_staff()
