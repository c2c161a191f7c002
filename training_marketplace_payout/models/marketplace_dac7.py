# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

GROUPS = (
    "account.group_account_invoice,"
    "training_marketplace_payout.group_marketplace_manager"
)


class MarketplaceDac7(models.Model):
    """What an operator tells the tax office of its sellers for a year (B23).

    Computed as often as wanted until the sellers are told; then its figures stay as
    they were told. Filing it is the company's own choice and its own act, on the site
    of the tax office: this keeps the file and the receipt.
    """

    _name = "marketplace.dac7"
    _description = "Yearly Declaration of Sellers"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "year desc, id desc"
    _rec_name = "year"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    year = fields.Integer(
        required=True, default=lambda self: fields.Date.context_today(self).year - 1
    )
    state = fields.Selection(
        selection=[
            ("draft", "Being prepared"),
            ("told", "Sellers told"),
            ("filed", "Filed"),
        ],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
    )
    statement_ids = fields.One2many("marketplace.dac7.statement", "declaration_id")
    statement_count = fields.Integer(compute="_compute_counts")
    incomplete_count = fields.Integer(string="Incomplete", compute="_compute_counts")
    deadline = fields.Date(compute="_compute_deadline")
    file_id = fields.Many2one("ir.attachment", readonly=True)
    receipt = fields.Char(string="Receipt of the tax office", readonly=True)
    filed_on = fields.Date(readonly=True, tracking=True)

    _year_unique = models.UniqueIndex(
        "(company_id, year)", "This year is declared already."
    )
    _year_plausible = models.Constraint(
        "CHECK(year BETWEEN 2023 AND 2200)", "Sellers are declared since 2023."
    )

    @api.depends("year", "company_id")
    def _compute_display_name(self):
        for one in self:
            one.display_name = self.env._("Sellers of %(year)s", year=one.year)

    @api.depends("statement_ids.missing")
    def _compute_counts(self):
        for one in self:
            one.statement_count = len(one.statement_ids)
            one.incomplete_count = len(one.statement_ids.filtered("missing"))

    @api.depends("year")
    def _compute_deadline(self):
        for one in self:
            one.deadline = date(one.year + 1, 1, 31)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if self.filtered(lambda one: one.state != "draft"):
            raise UserError(self.env._("What sellers were told is kept."))

    def _check_accountant(self):
        """:raise AccessError: for who neither keeps the books nor the marketplace"""
        if not self.env.user.has_groups(GROUPS):
            raise AccessError(
                self.env._("Only accountants and marketplace managers may do this.")
            )
        self.check_access("read")

    @api.model_create_multi
    def create(self, vals_list):
        """Override: whoever opens a year says which, and nothing else."""
        if not self.env.su:
            vals_list = [
                {name: vals[name] for name in ("company_id", "year") if name in vals}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def _check_draft(self):
        if self.filtered(lambda one: one.state != "draft"):
            raise UserError(self.env._("The sellers were told: the figures stay."))

    def action_compute(self):
        """Count the year anew from sales, refunds and commission invoices."""
        self._check_accountant()
        self._check_draft()
        for one_sudo in self.sudo():
            one_sudo._compute_statements()

    def action_tell_sellers(self):
        """Send each seller its copy; the figures stay as they are from now on."""
        self._check_accountant()
        self._check_draft()
        today = fields.Date.context_today(self)
        for one_sudo in self.sudo():
            if today <= date(one_sudo.year, 12, 31):
                raise UserError(self.env._("The year is not over."))
            one_sudo._compute_statements()
            one_sudo.state = "told"
        self._trigger_copies()

    def action_make_file(self):
        """Make the file of the declaration, in the format of the French tax office."""
        self.ensure_one()
        self._check_accountant()
        if self.state == "draft":
            raise UserError(
                self.env._("Tell the sellers first: the figures then stay.")
            )
        attachment_sudo = self.sudo()._ensure_file()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment_sudo.id}?download=true",
            "target": "download",
        }

    def action_set_filed(self):
        """Write down that the file was given to the tax office."""
        self._check_accountant()
        if self.filtered(lambda one: one.state != "told" or not one.file_id):
            raise UserError(self.env._("Make the file and give it in first."))
        filed_on = fields.Date.context_today(self)
        self.sudo().write({"state": "filed", "filed_on": filed_on})
        self.activity_feedback(["mail.mail_activity_data_todo"])

    def action_open_statements(self):
        """Open what each seller is told."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "training_marketplace_payout.marketplace_dac7_statement_action"
        )
        return dict(action, domain=[("declaration_id", "=", self.id)], context={})
