# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.training_catalogue_payment.utils import refuse_protected

ACCOUNTANTS = "account.group_account_invoice,base.group_system"
WARNING = "mail.mail_activity_data_warning"
# What people change themselves; the rest is the proof's.
FREE = {"user_id"}
# `age > 3`: seen first before now - 3 days.
OPPOSITES = {">": "<", ">=": "<=", "<": ">", "<=": ">="}


class MarketplaceException(models.Model):
    """A difference that the proof of the books found, and somebody looks into.

    Nothing is corrected by itself (facts, `mangopay` 5.7): the row says what is
    expected and what is found, since when, who looks into it and what was said of it.
    The same difference seen again updates its row; one that is gone closes it.
    """

    _name = "marketplace.exception"
    _description = "Difference in the Books of the Marketplace"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "state desc, date_first, id"
    _rec_name = "check_code"
    _mail_post_access = "read"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    check_code = fields.Selection(
        selection="_selection_checks",
        string="What is checked",
        required=True,
        readonly=True,
    )
    seller_id = fields.Many2one(
        "res.partner", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    res_model = fields.Char(string="Subject model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Subject id", model_field="res_model", required=True, readonly=True
    )
    subject = fields.Char(string="About", compute="_compute_subject")
    currency_id = fields.Many2one("res.currency", readonly=True, ondelete="restrict")
    expected = fields.Monetary(readonly=True, aggregator=None)
    found = fields.Monetary(readonly=True, aggregator=None)
    difference = fields.Monetary(readonly=True, aggregator=None)
    detail = fields.Char(
        readonly=True, help="What Mangopay says, where it is about an object there."
    )
    cause = fields.Selection(
        selection=[
            ("unknown_operation", "An operation of this amount has no known outcome"),
            ("blocked_entry", "An entry of this amount waits to be booked"),
            ("manual_entry", "An entry made by hand"),
            ("dashboard", "Made at Mangopay itself"),
            ("changed", "Something was changed after it was written"),
            ("under_way", "Something of this amount is under way"),
            ("unexplained", "Not known"),
        ],
        string="Probable cause",
        required=True,
        readonly=True,
        default="unexplained",
    )
    user_id = fields.Many2one("res.users", string="Responsible", tracking=True)
    date_first = fields.Datetime(string="First seen", required=True, readonly=True)
    date_last = fields.Datetime(string="Last seen", required=True, readonly=True)
    date_closed = fields.Datetime(string="Gone on", readonly=True)
    age = fields.Integer(
        string="Age (days)",
        compute="_compute_age",
        search="_search_age",
        help="Since it was first seen, to the day it was gone.",
    )
    state = fields.Selection(
        selection=[
            ("open", "Open"),
            ("explained", "Explained"),
            ("closed", "Gone"),
        ],
        required=True,
        readonly=True,
        default="open",
        tracking=True,
        help="An open difference stops the payouts of its seller.",
    )
    explanation = fields.Text(readonly=True, tracking=True)
    explained_by_id = fields.Many2one("res.users", readonly=True)
    explained_at = fields.Datetime(string="Explained on", readonly=True)

    _subject_unique = models.UniqueIndex(
        "(company_id, check_code, res_model, res_id, COALESCE(currency_id, 0))"
        " WHERE state != 'closed'"
    )
    _state_index = models.Index("(company_id, seller_id) WHERE state = 'open'")

    @api.model
    def _selection_checks(self):
        return self.env["marketplace.proof"]._selection_checks()

    @api.depends("res_model", "res_id")
    def _compute_subject(self):
        for model, rows in self.grouped("res_model").items():
            found_sudo = self.env["res.partner"]
            if model in self.env:
                found_sudo = self.env[model].sudo().browse(rows.mapped("res_id"))
            names = {one.id: one.display_name for one in found_sudo.exists()}
            label = self.env["ir.model"]._get(model).sudo().name
            for row in rows:
                row.subject = f"{label}: {names.get(row.res_id, row.res_id)}"

    @api.depends("date_first", "date_closed")
    def _compute_age(self):
        now = fields.Datetime.now()
        for row in self:
            since = row.date_first or now
            row.age = ((row.date_closed or now) - since).days

    def _search_age(self, operator, value):
        if operator not in OPPOSITES:
            return NotImplemented
        moment = fields.Datetime.now() - timedelta(days=value)
        return [
            ("state", "!=", "closed"),
            ("date_first", OPPOSITES[operator], moment),
        ]

    @api.depends("check_code", "subject")
    def _compute_display_name(self):
        checks = dict(self._selection_checks())
        for row in self:
            row.display_name = f"{checks.get(row.check_code)} · {row.subject}"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Only the proof of the books writes this."))
        return super().create(vals_list)

    def write(self, vals):
        refuse_protected(self, vals, self._get_own_fields() - FREE)
        result = super().write(vals)
        if "user_id" in vals:
            self._pass_on()
        return result

    def _get_own_fields(self):
        return {
            name
            for name, field in self._fields.items()
            if field.store and field._modules == ("training_marketplace_payout",)
        }

    def _pass_on(self):
        """Give the new owner what the former one was asked."""
        for user, rows in self.filtered("user_id").grouped("user_id").items():
            rows.sudo().activity_ids.user_id = user

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What the proof found is kept."))

    # What people do

    def _check_accountant(self):
        if not self.env.user.has_groups(ACCOUNTANTS):
            raise AccessError(self.env._("Only accountants may do this."))
        self.check_access("read")

    def action_take(self):
        """Look into these differences oneself."""
        self._check_accountant()
        self.write({"user_id": self.env.uid})

    def _explain(self, text):
        """Write down why a difference is no mistake, or what is done about it.

        It holds as long as the difference is the same: another amount opens it again.

        :param str text: for accountants and auditors
        :raise UserError: without a text, or for what is gone
        """
        self._check_accountant()
        if not (text or "").strip():
            raise UserError(self.env._("Write why."))
        if self.filtered(lambda row: row.state == "closed"):
            raise UserError(self.env._("This difference is gone already."))
        rows_sudo = self.sudo()
        rows_sudo.write(
            {
                "state": "explained",
                "explanation": text.strip(),
                "explained_by_id": self.env.uid,
                "explained_at": fields.Datetime.now(),
            }
        )
        rows_sudo.activity_unlink([WARNING])

    def action_reopen(self):
        """Have differences that were explained looked into again."""
        self._check_accountant()
        explained_sudo = self.sudo().filtered(lambda row: row.state == "explained")
        explained_sudo.state = "open"
        explained_sudo._call_owner()

    def action_open_subject(self):
        """Open what the difference is about."""
        self.ensure_one()
        self.check_access("read")
        subject = self.res_model in self.env and self.env[self.res_model].browse(
            self.res_id
        )
        if not subject or not subject.exists():
            raise UserError(self.env._("What this was about is gone."))
        return subject._get_records_action()

    def _call_owner(self):
        """Ask the owner of each row to look into it."""
        for row in self:
            row.activity_schedule(
                WARNING,
                summary=self.env._("The books differ: look into it"),
                user_id=(row.user_id or self.env.user).id,
            )
