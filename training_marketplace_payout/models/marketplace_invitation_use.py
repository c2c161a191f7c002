# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class MarketplaceInvitation(models.Model):
    """What a learner does with an invitation: join, and follow the course (B16)."""

    _inherit = "marketplace.invitation"

    progress = fields.Integer(string="Progress (%)", compute="_compute_progress")
    is_attended = fields.Boolean(string="Followed", compute="_compute_progress")

    @api.depends("state", "partner_id", "registration_id.state")
    def _compute_progress(self):
        """A session is attended; an online course is followed, as far as it says."""
        members_sudo = (
            self.env["slide.channel.partner"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("channel_id", "in", self.sudo().session_id.slide_channel_id.ids),
                    ("partner_id", "in", self.sudo().partner_id.ids),
                ]
            )
        )
        done = {
            (one.channel_id, one.partner_id): one.completion for one in members_sudo
        }
        for invitation in self:
            invitation_sudo = invitation.sudo()
            key = (invitation_sudo.session_id.slide_channel_id, invitation.partner_id)
            invitation.progress = done.get(key, 0)
            invitation.is_attended = (
                invitation_sudo.registration_id.state == "done"
                or invitation.progress == 100
            )

    # Joining

    def _get_contact_to_sign_up(self):
        """Return the contact that an account is created for, with sudo.

        The one that has this address, else a new one, once.
        """
        self.ensure_one()
        contact_sudo = self.sudo().contact_id
        if contact_sudo.email_normalized != self.email or contact_sudo.is_company:
            contact_sudo = self._find_contact()
        if not contact_sudo:
            contact_sudo = contact_sudo.create(
                {"name": self.name, "email": self.email, "lang": self.lang}
            )
        self.sudo().contact_id = contact_sudo
        return contact_sudo

    def _get_sign_up_address(self):
        """Return where the learner creates an account, with Odoo's own signed link;
        it comes back to the invitation."""
        contact_sudo = self._get_contact_to_sign_up()
        contact_sudo.signup_prepare()
        contact_sudo = contact_sudo.with_context(relative_url=True)
        back = f"/marketplace/invitation/{self._get_key()}"
        return contact_sudo._get_signup_url_for_action(url=back)[contact_sudo.id]

    def _accept(self, user):
        """Tie the seat to who is signed in, and open the course.

        One transaction: of two clicks at once, the second one is played again and
        finds the invitation used.

        :raise UserError: for anybody else, or too late
        """
        self.ensure_one()
        if not self._is_for(user):
            raise UserError(self.env._("This invitation is somebody else's."))
        if self.state == "used" and self.partner_id == user.partner_id:
            return
        if self.state != "sent" or self._is_over():
            raise UserError(self.env._("This invitation can no longer be accepted."))
        partner_sudo = user.sudo().partner_id
        self.write(
            {
                "state": "used",
                "used_at": fields.Datetime.now(),
                "partner_id": partner_sudo.id,
            }
        )
        registration_sudo = self.registration_id.sudo()
        registration_sudo.marketplace_learner_id = partner_sudo
        if self.holds_mails and registration_sudo.training_mail_hold == "unwanted":
            registration_sudo.training_mail_hold = False
            registration_sudo._update_mail_schedulers()
        registration_sudo._sync_course_access()
        self._note(self.env._("%(name)s (%(email)s) has joined."), partner_sudo)

    def _get_open_course(self):
        """Return the online course that this seat opens to its learner now, if any."""
        self.ensure_one()
        registration_sudo = self.sudo().registration_id
        is_open = registration_sudo.course_partner_id == self.sudo().partner_id
        channel_sudo = registration_sudo.course_channel_id
        return channel_sudo if is_open else channel_sudo.browse()
