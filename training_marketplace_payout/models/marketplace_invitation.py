# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import consteq
from odoo.tools.urls import urljoin

LIVE = ("draft", "sent", "used")
READERS = "event.group_event_user,training_marketplace_payout.group_marketplace_support"
PAGE = "/marketplace/invitation"
TOKEN_BYTES = 32


class MarketplaceInvitation(models.Model):
    """The invitation of one learner to one seat of a confirmed sale (B15).

    ===== ============ ==========================================================
    state what         who moves it on
    ===== ============ ==========================================================
    draft named        the seller sends it
    sent  mailed       the learner accepts it, the seller resends or revokes it
    used  accepted     nobody: the learner is in
    ===== ============ ==========================================================

    A revoked one stays, so that its link says so. Nobody has the right to write them:
    the product's own methods do, as the superuser.
    """

    _name = "marketplace.invitation"
    _description = "Invitation of a Learner"
    _order = "id desc"

    sale_id = fields.Many2one(
        "marketplace.sale",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    registration_id = fields.Many2one(
        "event.registration",
        string="Seat",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    session_id = fields.Many2one(
        "event.event", required=True, readonly=True, index=True, ondelete="restrict"
    )
    seller_id = fields.Many2one(related="sale_id.seller_id", store=True, index=True)
    company_id = fields.Many2one(related="sale_id.company_id", store=True)
    name = fields.Char(required=True, readonly=True)
    email = fields.Char(required=True, readonly=True, help="Normalised.")
    state = fields.Selection(
        selection=[
            ("draft", "To send"),
            ("sent", "Sent"),
            ("used", "Accepted"),
            ("revoked", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="draft",
        index=True,
    )
    token = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: secrets.token_urlsafe(TOKEN_BYTES),
        groups=fields.NO_ACCESS,
    )
    lang = fields.Char(string="Language", readonly=True)
    contact_id = fields.Many2one(
        "res.partner",
        string="Known contact",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The only contact with this e-mail when the invitation was sent.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Accepted by",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    sent_at = fields.Datetime(string="Sent on", readonly=True)
    last_sent_at = fields.Datetime(string="Last sent on", readonly=True)
    send_count = fields.Integer(string="Times sent", readonly=True)
    used_at = fields.Datetime(string="Accepted on", readonly=True)
    revoked_at = fields.Datetime(string="Withdrawn on", readonly=True)
    holds_mails = fields.Boolean(
        readonly=True,
        help="Sending it enrolled the learner: the session's own mails wait until it "
        "is accepted.",
    )

    _live_unique = models.UniqueIndex(
        "(registration_id) WHERE state != 'revoked'", "This seat has an invitation."
    )
    _email_unique = models.UniqueIndex(
        "(session_id, email) WHERE state IN ('sent', 'used')",
        "This address is invited to this session already.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Invitations are kept: withdraw them instead."))

    # The link

    def _get_url(self):
        """Return the address that the learner opens; it goes to the learner alone."""
        self.ensure_one()
        invitation_sudo = self.sudo()
        base_url = invitation_sudo.sale_id.order_id.get_base_url()
        return urljoin(base_url, f"{PAGE}/{self._get_key()}")

    def _get_key(self):
        """Return the end of the address: which one, and its secret."""
        return f"{self.id}-{self.sudo().token}"

    @api.model
    def _find_by_key(self, key):
        """Return the invitation of an address, with sudo, empty for a wrong one.

        It is found by its number and its secret compared in constant time.
        """
        number, _dash, token = str(key or "").partition("-")
        invitations_sudo = self.sudo().browse()
        is_number = number.isascii() and number.isdecimal() and len(number) < 10
        if not is_number or not token.isascii():
            return invitations_sudo
        found_sudo = invitations_sudo.browse(int(number)).exists()
        if not consteq(found_sudo.token or secrets.token_urlsafe(TOKEN_BYTES), token):
            return invitations_sudo
        return found_sudo.filtered(lambda one: one.state != "draft")

    def _is_over(self):
        """Whether the session has ended: nobody accepts an invitation to it."""
        self.ensure_one()
        return self.sudo().session_id.date_end <= fields.Datetime.now()

    def _is_for(self, user):
        """Whether a person who is signed in is the one who is invited."""
        self.ensure_one()
        user_sudo = user.sudo()
        addresses = {user_sudo.login.strip().lower(), user_sudo.email_normalized}
        return not user_sudo._is_public() and self.email in addresses

    # Who is known

    def _find_contact(self):
        """Return the contact that has this address, where there is exactly one.

        Somebody with an account comes before contacts without; a company is no learner.
        """
        self.ensure_one()
        users_sudo = self._find_users()
        if users_sudo:
            partners_sudo = users_sudo.partner_id
        else:
            partners_sudo = (
                self.env["res.partner"]
                .sudo()
                .search(
                    [
                        ("email_normalized", "=", self.email),
                        ("is_company", "=", False),
                        ("company_id", "in", (False, self.company_id.id)),
                    ],
                    limit=2,
                )
            )
        is_one = len(partners_sudo) == 1
        return partners_sudo if is_one else partners_sudo.browse()

    def _find_users(self):
        """Return the accounts of this address, with sudo."""
        self.ensure_one()
        users_sudo = self.env["res.users"].sudo()
        domain = [
            "|",
            ("login", "=", self.email),
            ("email_normalized", "=", self.email),
        ]
        return users_sudo.search(domain)

    def _get_learner_lang(self):
        """Return the language of a known learner, else the website's."""
        self.ensure_one()
        contact_sudo = self._find_contact()
        website_sudo = self.sudo().sale_id.order_id.website_id
        return (
            contact_sudo.lang
            or website_sudo.default_lang_id.code
            or self.sudo().company_id.partner_id.lang
        )

    def _get_place(self):
        """Return where the learner goes, in words."""
        self.ensure_one()
        invitation_sudo = self.sudo()
        if invitation_sudo.session_id.slide_channel_id:
            return self.env._("Online course")
        return invitation_sudo.registration_id.sale_order_id._get_training_place()
