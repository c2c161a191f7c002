# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

#: An address is not written to again before that.
RESEND_MINUTES = 10
#: A seat is no way of writing to the whole world.
MAX_SENDS_A_DAY = 10


class MarketplaceInvitation(models.Model):
    """What the seller does with an invitation until it is used (B15).

    Called with sudo by the seller's page, after its access was checked.
    """

    _inherit = "marketplace.invitation"

    # Sending

    def _send(self, author):
        """Enrol the learner and mail the invitation; again, for one already sent.

        All of it is written in one transaction, and the mail is queued in it: if the
        process dies before the commit nothing happened, after it the mail leaves.

        :param res.partner author: who sends it
        :raise UserError: with the reason why it is not sent
        """
        self.ensure_one()
        self._check_may_send()
        now = fields.Datetime.now()
        is_first = self.state == "draft"
        contact = self._find_contact()
        values = {
            "state": "sent",
            "lang": self._get_learner_lang(),
            "contact_id": contact.id,
            "last_sent_at": now,
            "send_count": self.send_count + 1,
        }
        if is_first:
            values["sent_at"] = now
        if self.registration_id.prepaid_state == "pending":
            # The invitation tells it; the session's own mails follow its acceptance.
            values["holds_mails"] = True
            self.registration_id.action_validate_prepaid(send_mails=False)
        self.write(values)
        self.registration_id.marketplace_learner_id = contact
        self.registration_id._sync_course_access()
        self._mail("mail_template_invitation")
        self._note(
            self.env._("%(name)s (%(email)s) is invited.")
            if is_first
            else self.env._("%(name)s (%(email)s) is invited again."),
            author,
        )

    def _check_may_send(self):
        """:raise UserError: with the reason why it may not leave now"""
        reason = self.sale_id._get_closed_reason(self.registration_id)
        if not reason and self.state not in ("draft", "sent"):
            reason = self.env._("%(name)s has joined already.", name=self.name)
        if reason:
            raise UserError(reason)
        self.sale_id._check_learner_email(self.registration_id, self.email)
        self._check_not_too_often()

    def _check_not_too_often(self):
        """Whoever wears the link out writes to strangers in our name."""
        now = fields.Datetime.now()
        invitations = self.search(
            [
                "|",
                ("registration_id", "=", self.registration_id.id),
                "&",
                ("sale_id.seller_id", "=", self.sale_id.seller_id.id),
                ("session_id", "=", self.session_id.id),
                ("last_sent_at", ">", now - timedelta(days=1)),
            ]
        )
        since = now - timedelta(minutes=RESEND_MINUTES)
        recent = invitations.filtered(
            lambda one: one.email == self.email and one.last_sent_at > since
        )
        if recent:
            raise UserError(
                self.env._(
                    "%(email)s was written to less than %(minutes)s minutes ago: wait "
                    "a little.",
                    email=self.email,
                    minutes=RESEND_MINUTES,
                )
            )
        of_seat = invitations.filtered(
            lambda one: one.registration_id == self.registration_id
        )
        if sum(of_seat.mapped("send_count")) >= MAX_SENDS_A_DAY:
            raise UserError(
                self.env._(
                    "Too many invitations were sent for this seat today: try again "
                    "tomorrow."
                )
            )

    # Withdrawing

    def _check_not_used(self):
        """:raise UserError: for an invitation that was accepted"""
        used = self.filtered(lambda one: one.state == "used")[:1]
        if used:
            raise UserError(
                self.env._(
                    "%(name)s has joined already: the invitation can no longer be "
                    "withdrawn, nor the learner replaced. Ask the marketplace for a "
                    "cancellation.",
                    name=used.name,
                )
            )

    def _revoke(self, author=None):
        """Withdraw invitations; a learner who was written to is told.

        :param res.partner author: who did it; nobody when the enrolment was cancelled
        """
        for invitation in self.filtered(lambda one: one.state in ("draft", "sent")):
            was_sent = invitation.state == "sent"
            invitation.write({"state": "revoked", "revoked_at": fields.Datetime.now()})
            if was_sent:
                invitation.registration_id.marketplace_learner_id = False
                invitation.registration_id._sync_course_access()
                invitation._mail("mail_template_invitation_revoked")
                sentence = self.env._("The invitation of %(name)s is withdrawn.")
                invitation._note(sentence, author)

    # Telling

    def _mail(self, name):
        """Queue a mail to the learner, in the learner's language."""
        self.ensure_one()
        template_sudo = self.env.ref(f"training_marketplace_payout.{name}").sudo()
        template_sudo._send_soon(self.id)

    def _note(self, sentence, author=None):
        """Write what was done on the order; names are plain text there.

        :param str sentence: may name ``%(name)s`` and ``%(email)s``
        """
        self.ensure_one()
        order_sudo = self.sudo().sale_id.order_id
        order_sudo.message_post(
            body=sentence % {"name": self.name, "email": self.email},
            author_id=(author or self.env.ref("base.partner_root")).id,
            subtype_xmlid="mail.mt_note",
        )

    def _follow_registration(self):
        """Bring an invitation in line with the learner's name as it is now.

        Somebody else's address makes another invitation; an accepted one stays.
        """
        for invitation in self:
            registration = invitation.registration_id
            email = email_normalize(registration.email or "")
            if email == invitation.email and registration.name:
                invitation.name = registration.name
            elif invitation.state == "draft" and email and registration.name:
                invitation.write({"name": registration.name, "email": email})
            else:
                invitation._revoke()
