# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.training_catalogue_payment.utils import (
    refuse_protected,
    refuse_protected_new,
)

# Who reads a request is decided by these: nobody changes them by hand.
PROTECTED = {"marketplace_seller_id", "is_channel"}
OPEN_STATES = ("new", "progress")


class TrainingRequest(models.Model):
    """A request about a seller's course is read and answered by the seller (B5–B7).

    A question from the public channel itself is for the operator: it has no seller.
    """

    _inherit = "training.request"

    marketplace_seller_id = fields.Many2one(
        "res.partner",
        string="Seller",
        compute="_compute_marketplace_seller_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The training organisation that reads and answers this request.",
    )
    is_channel = fields.Boolean(
        string="Asked to the operator",
        readonly=True,
        help="A question from the public channel, about no seller in particular.",
    )

    @api.depends("order_id", "session_id", "programme_id")
    def _compute_marketplace_seller_id(self):
        """Of the order, else of the course as it was when it was asked about: what
        changes hands later does not take past conversations along."""
        for request in self:
            request_sudo = request.sudo()
            request.marketplace_seller_id = (
                request.marketplace_seller_id
                or request_sudo.order_id.marketplace_seller_id
                or (
                    not request.is_channel
                    and request_sudo.programme_id.marketplace_seller_id
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        refuse_protected_new(self, vals_list, PROTECTED)
        return super().create(vals_list)

    def write(self, vals):
        refuse_protected(self, vals, PROTECTED)
        if vals.get("state", "new") not in OPEN_STATES:
            # What is closed waits for nobody, whoever closes it.
            vals = {"channel_waiting_since": False, **vals}
        return super().write(vals)

    def _is_marketplace(self):
        """Whether this request belongs to the public channel."""
        self.ensure_one()
        return bool(self.is_channel or self.marketplace_seller_id)

    def _get_channel_kind(self):
        """Return the type of entry in the words of the dashboard (B5–B7)."""
        self.ensure_one()
        return {
            "information": self.env._("Information"),
            "enrolment": self.env._("Enrolment"),
            "purchase": self.env._("Purchase"),
        }[self.kind]

    def _get_channel_subject(self):
        """Return what is asked about: the session, the course, or the seller."""
        self.ensure_one()
        request_sudo = self.sudo()
        return (
            request_sudo.session_id.name
            or request_sudo.programme_id.name
            or request_sudo.marketplace_seller_id.name
            or self.env._("the marketplace")
        )

    # From the public forms

    @api.model
    def _get_subject_fields(self):
        return [*super()._get_subject_fields(), "marketplace_seller_id"]

    @api.model
    def _check_form_subject(self, vals):
        """Override of the catalogue: a seller, or the channel, may be asked about."""
        if vals.get("marketplace_seller_id") or vals.get("is_channel"):
            sessions = self.env["event.event"].sudo()
            return sessions, self.env["product.template"].sudo()
        return super()._check_form_subject(vals)

    @api.model
    def _prepare_website_vals(self, vals):
        """Override of the catalogue: add whose request it is, and who asks.

        On the marketplace a visitor has an account (B4): it is its address that the
        seller sees and that is answered, whatever was typed.

        :raise ValidationError: for who is not signed in
        """
        values = super()._prepare_website_vals(vals)
        programmes_sudo = self.env["product.template"].sudo()
        programme_sudo = programmes_sudo.browse(values["programme_id"])
        seller_sudo = programme_sudo.marketplace_seller_id or self._find_asked_seller(
            vals.get("marketplace_seller_id")
        )
        values["marketplace_seller_id"] = seller_sudo.id
        values["is_channel"] = bool(vals.get("is_channel")) and not seller_sudo
        if not (seller_sudo or values["is_channel"]):
            return values
        user_sudo = self.env.user.sudo()
        if user_sudo._is_public():
            raise ValidationError(self.env._("Sign in to send this request."))
        if not (programme_sudo or values["session_id"]):
            values["name"] = self._get_channel_title(values, seller_sudo)
        values.update(
            email=user_sudo.email or values["email"],
            partner_id=user_sudo.partner_id.id,
            user_id=False,
        )
        return values

    def _find_asked_seller(self, seller_id):
        """Return the seller named by a form of ours, checked."""
        partners_sudo = self.env["res.partner"].sudo()
        if not (seller_id and isinstance(seller_id, int)):
            return partners_sudo
        seller_sudo = partners_sudo.browse(seller_id).exists()
        if not seller_sudo.is_marketplace_seller:
            raise ValidationError(self.env._("This seller is not on the marketplace."))
        return seller_sudo

    def _get_channel_title(self, values, seller):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        return self.env._(
            "%(kind)s: %(training)s",
            kind=labels[values["kind"]],
            training=seller.name or self.env._("the marketplace"),
        )

    def _subscribe_responsible(self):
        """Override of the catalogue: a seller's conversation is not the operator's;
        who hears of it is said at each message."""
        own = self.filtered(lambda request: not request._is_marketplace())
        return super(TrainingRequest, own)._subscribe_responsible()
