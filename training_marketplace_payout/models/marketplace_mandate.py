# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class MarketplaceMandate(models.Model):
    """Proof that a seller mandated the operator to invoice and cash in its name (B1).

    CGI art. 289 I-2 and ann. II art. 242 nonies: the mandate is express, written and
    prior. Written when a member of the seller's team accepts the text that it was
    shown; immutable after. Another text is another version.
    """

    _name = "marketplace.mandate"
    _description = "Mandate of a Seller"
    _order = "seller_id, version desc"
    _rec_name = "version"

    seller_id = fields.Many2one(
        "marketplace.seller",
        string="Contract",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(related="seller_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="seller_id.company_id", store=True, index=True)
    version = fields.Integer(required=True, readonly=True)
    text = fields.Html(
        string="Text accepted", required=True, readonly=True, sanitize=False
    )
    text_hash = fields.Char(
        string="Fingerprint",
        required=True,
        readonly=True,
        help="SHA-256 of the text: the same text always gives the same one.",
    )
    terms_key = fields.Char(
        readonly=True,
        help="Technical: fingerprint of what was agreed, whatever the language.",
    )
    contest_days = fields.Integer(
        string="Days to contest an invoice", required=True, readonly=True
    )
    accepted_at = fields.Datetime(string="Accepted on", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Accepted by", required=True, readonly=True
    )
    ip = fields.Char(string="IP address", readonly=True)
    user_agent = fields.Char(string="Browser", readonly=True)

    _version_unique = models.Constraint(
        "UNIQUE(seller_id, version)", "This version of the mandate exists already."
    )

    @api.depends("version", "seller_id")
    def _compute_display_name(self):
        for mandate in self:
            mandate.display_name = self.env._(
                "Mandate of %(seller)s, version %(version)s",
                seller=mandate.sudo().partner_id.name,
                version=mandate.version,
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse what does not come from the page of the mandate.

        :raise AccessError: for whoever is not the superuser
        """
        if not self.env.su:
            raise AccessError(
                self.env._("A mandate is accepted by the seller, by nobody else.")
            )
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse, for everyone.

        :raise UserError: always
        """
        raise UserError(self.env._("A mandate that was accepted cannot be changed."))

    def _keep_document(self, attachment):
        """Name the printed document of this text: it adds nothing to the proof."""
        self.ensure_one()
        # Our own `write` refuses everyone, the product included.
        mandate = super(MarketplaceMandate, self.sudo())
        mandate.write({"attachment_id": attachment.id})

    def copy(self, default=None):  # pylint: disable=method-required-super
        """Refuse: a mandate is accepted once."""
        raise UserError(self.env._("A mandate cannot be copied."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A mandate that was accepted cannot be deleted."))
