# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..services.mangopay_errors import GatewayError
from ..services.mangopay_persons import split_name
from .mangopay_operation import DECIDERS
from .mangopay_sentences import describe_error

SUPPORT = "training_marketplace_payout.group_marketplace_support"
READERS = f"event.group_event_manager,{SUPPORT},{DECIDERS}"
# Who Mangopay verifies: nobody else needs to know.
CONFIDENTIAL = DECIDERS


class ResPartner(models.Model):
    """What Mangopay has to know of a seller, and where its record there stands.

    The representative is the person who acts for the seller at Mangopay: the same
    whose identity is verified and whose telephone confirms. For a natural person it is
    the seller itself.
    """

    _inherit = "res.partner"

    marketplace_legal_form = fields.Selection(
        selection=[
            ("company", "Company (SAS, SARL, SA…)"),
            ("partnership", "Partnership (SNC, SCP…)"),
            ("association", "Association"),
            ("sole_trader", "Sole trader"),
            ("individual", "Private person"),
        ],
        string="Legal form",
        groups=READERS,
    )
    marketplace_rep_firstname = fields.Char(
        string="Representative's first name", groups=CONFIDENTIAL
    )
    marketplace_rep_lastname = fields.Char(
        string="Representative's last name", groups=CONFIDENTIAL
    )
    marketplace_rep_email = fields.Char(
        string="Representative's e-mail", groups=CONFIDENTIAL
    )
    marketplace_rep_birthdate = fields.Date(
        string="Representative's date of birth", groups=CONFIDENTIAL
    )
    marketplace_rep_nationality_id = fields.Many2one(
        "res.country", string="Representative's nationality", groups=CONFIDENTIAL
    )
    marketplace_rep_country_id = fields.Many2one(
        "res.country", string="Representative lives in", groups=CONFIDENTIAL
    )
    mangopay_seller_ids = fields.One2many(
        "mangopay.user",
        "partner_id",
        domain=[("category", "=", "OWNER")],
        string="Seller at Mangopay",
        groups=READERS,
    )
    mangopay_seller_id = fields.Many2one(
        "mangopay.user",
        string="Record at Mangopay",
        compute="_compute_mangopay_seller",
        groups=READERS,
    )
    mangopay_seller_state = fields.Selection(
        selection="_get_mangopay_seller_states",
        string="State at Mangopay",
        compute="_compute_mangopay_seller",
        groups=READERS,
    )
    mangopay_seller_missing = fields.Text(
        string="Missing at Mangopay", compute="_compute_mangopay_seller", groups=READERS
    )

    mangopay_document_ids = fields.One2many(
        "mangopay.document", "partner_id", readonly=True, groups=READERS
    )
    mangopay_verification_ids = fields.One2many(
        "mangopay.verification", "partner_id", readonly=True, groups=READERS
    )
    mangopay_recipient_ids = fields.One2many(
        "mangopay.recipient", "partner_id", readonly=True, groups=READERS
    )
    mangopay_declaration_ids = fields.One2many(
        "mangopay.ubo.declaration", "partner_id", readonly=True, groups=READERS
    )

    @api.depends_context("company")
    @api.depends("mangopay_seller_ids.state")
    def _compute_mangopay_seller(self):
        account = self.env["mangopay.account"]._get_of(self.env.company)
        for partner in self:
            seller_sudo = partner.sudo().mangopay_seller_ids.filtered(
                lambda user: user.account_id == account
            )[:1]
            partner.mangopay_seller_id = seller_sudo
            partner.mangopay_seller_state = seller_sudo.state
            partner.mangopay_seller_missing = "\n".join(
                partner._describe_mangopay_missing(seller_sudo, account)
            )

    @api.model
    def _get_mangopay_seller_states(self):
        field = self.env["mangopay.user"]._fields["state"]
        return field._description_selection(self.env)

    def _describe_mangopay_missing(self, seller_sudo, account):
        if not account:
            return [self.env._("No Mangopay account is linked: see the settings.")]
        if not seller_sudo:
            return [self.env._("Identity and terms: not given yet.")]
        return seller_sudo._describe_missing()

    def _get_mangopay_representative(self, user):
        """Return what is known of who fills the form in, to be corrected there."""
        person_sudo = user.sudo().partner_id
        first, last = split_name(person_sudo.name)
        email = person_sudo.email or ""
        return {"firstname": first, "lastname": last, "rep_email": email}

    def _get_mangopay_seller_to_act(self):
        """Return the seller's record, for a person who may decide on it.

        :raise AccessError: for anybody but accounting managers
        """
        self.ensure_one()
        if not self.env.user.has_groups(DECIDERS):
            raise AccessError(self.env._("Only accounting managers may do this."))
        self.check_access("read")
        seller_sudo = self.sudo().mangopay_seller_id
        if not seller_sudo:
            raise UserError(
                self.env._("The seller has to begin: send them the link to their page.")
            )
        return seller_sudo

    def action_mangopay_seller_refresh(self):
        """Ask Mangopay where the seller's record stands."""
        seller_sudo = self._get_mangopay_seller_to_act()
        try:
            seller_sudo._refresh_whole()
        except GatewayError as error:
            raise UserError(describe_error(self.env, error)) from error
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_mangopay_seller_retry(self):
        """Announce again, with what was corrected, a seller that Mangopay refused."""
        self._get_mangopay_seller_to_act()._announce()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_mangopay_seller_page(self):
        """Open the page of the steps, on the seller's behalf."""
        self._get_mangopay_seller_to_act()
        return {
            "type": "ir.actions.act_url",
            "url": f"/my/mangopay?seller={self.id}",
            "target": "new",
        }

    def action_mangopay_seller_remind(self):
        """Open a mail that tells the seller what is missing, and where to give it."""
        self.ensure_one()
        if not self.env.user.has_groups(READERS):
            raise AccessError(self.env._("Only managers may do this."))
        template = self.env.ref(
            "training_marketplace_payout.mail_template_seller_steps"
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template.id,
                "default_composition_mode": "comment",
                "default_email_layout_xmlid": "mail.mail_notification_light",
            },
        }
