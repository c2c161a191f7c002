# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.training_catalogue_payment.utils import (
    refuse_protected,
    refuse_protected_new,
)

#: What the state machine and the mandate write, nobody else.
DECIDED = {
    "applied_at",
    "approved_at",
    "mandate_id",
    "series_code",
    "state",
    "state_reason",
}
#: Who the parties are never changes: the invoices name them.
PROTECTED = DECIDED | {"partner_id", "company_id"}
MANAGER = "training_marketplace_payout.group_marketplace_manager"


class MarketplaceSeller(models.Model):
    """The contract between the operator and a training organisation that sells (B1).

    It says under which VAT regime, commission and series of invoices the seller
    sells. Its regime is the seller's own, never the operator's (B24).
    """

    _name = "marketplace.seller"
    _description = "Contract of a Seller"
    _inherit = ["mail.thread", "mail.activity.mixin", "portal.mixin"]
    _order = "id desc"
    _rec_name = "partner_id"
    _check_company_auto = True
    # Support reads contracts and writes in their threads.
    _mail_post_access = "read"

    company_id = fields.Many2one(
        "res.company",
        string="Operator",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Seller",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain=[("is_company", "=", True)],
    )
    state = fields.Selection(
        selection=[
            ("applied", "Applied"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("suspended", "Suspended"),
            ("closed", "Closed"),
        ],
        required=True,
        readonly=True,
        default="applied",
        index=True,
        copy=False,
        tracking=True,
    )
    state_reason = fields.Text(
        string="Reason", readonly=True, copy=False, help="Told to the seller."
    )
    applied_at = fields.Datetime(
        string="Applied on", readonly=True, default=fields.Datetime.now, copy=False
    )
    approved_at = fields.Datetime(string="Approved on", readonly=True, copy=False)
    legal_form = fields.Selection(
        related="partner_id.marketplace_legal_form",
        groups="training_marketplace_payout.group_marketplace_support,"
        "account.group_account_invoice",
    )
    vat_regime = fields.Selection(
        selection=lambda self: self._get_vat_regimes(),
        string="VAT regime of training",
        tracking=True,
    )
    vat_attestation_date = fields.Date(string="Attestation date", tracking=True)
    vat_attestation = fields.Binary(
        string="Attestation (form 3511-SD)", attachment=True, copy=False
    )
    vat_attestation_filename = fields.Char(string="Attestation file name", copy=False)
    has_attestation = fields.Boolean(
        string="Attestation entered", compute="_compute_has_attestation", store=True
    )
    nda_number = fields.Char(
        string="Declaration of activity number",
        tracking=True,
        help="Number given to the seller by the prefect of region.",
    )
    is_french_regulated = fields.Boolean(
        string="French training regulation",
        default=True,
        tracking=True,
        help="The seller is subject to French training law: its training that counts "
        "in the BPF is sold to companies only.",
    )
    contest_days = fields.Integer(
        string="Days to contest an invoice",
        compute="_compute_contest_days",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Written in the mandate; another delay asks for a new mandate.",
    )
    series_code = fields.Char(
        string="Series of invoices",
        readonly=True,
        copy=False,
        help="Prefix of the numbers of the invoices issued in the seller's name; given "
        "when the contract is approved, never changed.",
    )
    message = fields.Text(string="Message of the seller", copy=False)
    mandate_id = fields.Many2one(
        "marketplace.mandate",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The last one that the seller accepted.",
    )
    mandate_ids = fields.One2many(
        "marketplace.mandate", "seller_id", string="Mandates", readonly=True
    )
    is_open = fields.Boolean(
        string="May sell",
        compute="_compute_is_open",
        store=True,
        compute_sudo=True,
        help="Approved, and the mandate in force is accepted.",
    )

    _party_unique = models.Constraint(
        "UNIQUE(partner_id, company_id)",
        "This organisation has a contract or an application already.",
    )
    _series_unique = models.UniqueIndex(
        "(company_id, series_code) WHERE series_code IS NOT NULL",
        "Another seller has this series of invoices.",
    )
    _contest_days_positive = models.Constraint(
        "CHECK(contest_days > 0)",
        "A seller has one day at least to contest an invoice.",
    )

    @api.model
    def _get_vat_regimes(self):
        field = self.env["res.company"]._fields["training_vat_regime"]
        return field._description_selection(self.env)

    @api.depends("vat_attestation")
    def _compute_has_attestation(self):
        for contract in self:
            contract.has_attestation = bool(contract.vat_attestation)

    @api.depends("company_id")
    def _compute_contest_days(self):
        for contract in self:
            default = contract.company_id.marketplace_contest_days
            contract.contest_days = contract.contest_days or default

    @api.depends("state", "mandate_id")
    def _compute_is_open(self):
        for contract in self:
            contract.is_open = contract.state == "approved" and bool(
                contract.mandate_id
            )

    def _compute_access_url(self):
        super()._compute_access_url()
        for contract in self:
            contract.access_url = "/my/channel/seller"

    @api.constrains("partner_id")
    def _check_partner(self):
        for contract in self:
            partner_sudo = contract.sudo().partner_id
            if partner_sudo != partner_sudo.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(partner)s is a contact of %(company)s: the contract is the "
                        "organisation's.",
                        partner=partner_sudo.name,
                        company=partner_sudo.commercial_partner_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        refuse_protected_new(self, vals_list, DECIDED)
        return super().create(vals_list)

    def write(self, vals):
        refuse_protected(self, vals, PROTECTED)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if self.filtered(lambda contract: contract.state != "applied"):
            raise UserError(
                self.env._("A contract is kept: close it instead of deleting it.")
            )

    def _is_open(self):
        """Tell whether the seller may sell: approved, and its mandate accepted.

        An empty record is a seller without a contract, which may not.
        """
        return bool(self) and self.sudo().is_open
