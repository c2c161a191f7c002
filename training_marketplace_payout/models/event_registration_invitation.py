# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from odoo.addons.training_catalogue_payment.utils import (
    refuse_protected,
    refuse_protected_new,
)

from .marketplace_invitation import LIVE, READERS

#: Who follows the course is said by the invitation.
PROTECTED = {
    "course_channel_id",
    "course_partner_id",
    "marketplace_invitation_ids",
    "marketplace_learner_id",
}


class EventRegistration(models.Model):
    """A seat sold on the marketplace: its learner is invited by the seller (B15)."""

    _inherit = "event.registration"

    marketplace_invitation_ids = fields.One2many(
        "marketplace.invitation",
        "registration_id",
        string="Invitations",
        readonly=True,
        copy=False,
        groups=READERS,
    )
    marketplace_invitation_state = fields.Selection(
        selection=lambda self: self._get_invitation_states(),
        string="Invitation",
        compute="_compute_marketplace_invitation_state",
        compute_sudo=True,
        groups=READERS,
    )
    marketplace_learner_id = fields.Many2one(
        "res.partner",
        string="Learner",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The contact of the learner, found by the invitation or who accepted it.",
    )

    @api.model
    def _get_invitation_states(self):
        field = self.env["marketplace.invitation"]._fields["state"]
        return field._description_selection(self.env)

    @api.depends("marketplace_invitation_ids.state")
    def _compute_marketplace_invitation_state(self):
        for registration in self:
            last = registration.marketplace_invitation_ids.sorted("id")[-1:]
            live = registration._get_live_invitation()
            registration.marketplace_invitation_state = (live or last).state

    def _get_live_invitation(self):
        """Return the invitation of this seat that counts, with sudo, maybe empty."""
        return self.sudo().marketplace_invitation_ids.filtered(
            lambda one: one.state in LIVE
        )

    @api.model_create_multi
    def create(self, vals_list):
        refuse_protected_new(self, vals_list, PROTECTED)
        return super().create(vals_list)

    def write(self, vals):
        refuse_protected(self, vals, PROTECTED)
        result = super().write(vals)
        if {"name", "email"} & vals.keys():
            self._follow_learner()
        if {"event_id", "state"} & vals.keys():
            self._follow_delivery()
        return result

    def _prepaid_state_changed(self):
        """Override of the catalogue: a cancelled seat invites nobody."""
        super()._prepaid_state_changed()
        self._follow_delivery()

    def _follow_learner(self):
        """A seat that is named, by whoever, gets its invitation."""
        sold_sudo = self.sudo().filtered(
            lambda registration: (
                registration.prepaid_state in ("pending", "validated")
                and registration.sale_order_id.marketplace_seller_id
            )
        )
        for registration_sudo in sold_sudo:
            registration_sudo._get_live_invitation()._follow_registration()
        for order_sudo in sold_sudo.sale_order_id:
            order_sudo._get_marketplace_origin_sale()._make_invitations()

    def _follow_delivery(self):
        """Withdraw the invitation of a cancelled seat; that of a moved one follows."""
        for registration_sudo in self.sudo():
            invitation_sudo = registration_sudo._get_live_invitation()
            if not invitation_sudo:
                continue
            if registration_sudo.state == "cancel":
                invitation_sudo._revoke()
            elif invitation_sudo.session_id != registration_sudo.event_id:
                invitation_sudo._follow_move()

    def _find_course_partner(self):
        """The contact that the invitation found, or who accepted it, comes first."""
        return self.marketplace_learner_id or super()._find_course_partner()


class MarketplaceInvitation(models.Model):
    _inherit = "marketplace.invitation"

    def _follow_move(self):
        """The learner is assigned to another session; one who is invited there already
        is not invited twice."""
        self.ensure_one()
        session = self.registration_id.event_id
        twin = self.search_count(
            [
                ("session_id", "=", session.id),
                ("email", "=", self.email),
                ("state", "in", ("sent", "used")),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        if twin and self.state == "sent":
            self._revoke()
        elif not twin:
            self.session_id = session
