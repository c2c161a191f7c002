# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..utils import refuse_protected, refuse_protected_new
from .training_balance_transaction import ACCOUNTANTS

PROTECTED = {"line_ids", "move_ids", "prepaid_line_ids", "deferred_line_ids", "state"}


class TrainingClosing(models.Model):
    """The two entries of a closing date, with their lists, reversed after (A30).

    * what is prepaid and not invoiced: Dr 411 / Cr 4191, customer by customer;
    * what is invoiced and not delivered: Dr 706 / Cr 487, by session hours.

    One closing per company and date; it is computed as often as wanted, booked once.
    """

    _name = "training.closing"
    _description = "Closing of online training sales"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "date"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        string="Closing date", required=True, default=lambda self: self._default_date()
    )
    journal_id = fields.Many2one(
        "account.journal",
        required=True,
        check_company=True,
        domain="[('type', '=', 'general')]",
        default=lambda self: self._default_journal(),
    )
    state = fields.Selection(
        selection=[("draft", "To book"), ("done", "Booked")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    line_ids = fields.One2many(
        "training.closing.line", "closing_id", readonly=True, copy=False
    )
    prepaid_line_ids = fields.One2many(
        "training.closing.line",
        "closing_id",
        string="Prepaid, not invoiced",
        domain=[("kind", "=", "prepaid")],
        readonly=True,
    )
    deferred_line_ids = fields.One2many(
        "training.closing.line",
        "closing_id",
        string="Invoiced, not delivered",
        domain=[("kind", "=", "deferred")],
        readonly=True,
    )
    amount_prepaid = fields.Monetary(
        string="Prepaid, to 4191", compute="_compute_amounts"
    )
    amount_deferred = fields.Monetary(
        string="Not delivered, to 487", compute="_compute_amounts"
    )
    amount_vat_missing = fields.Monetary(
        string="VAT cashed and not invoiced", compute="_compute_amounts"
    )
    error_count = fields.Integer(string="Errors", compute="_compute_amounts")
    is_error_accepted = fields.Boolean(
        string="Book in spite of the errors",
        help="VAT due on cashing is missing from the invoices: it is still to declare.",
    )
    move_ids = fields.Many2many(
        "account.move", string="Entries", readonly=True, copy=False
    )

    _company_date_unique = models.UniqueIndex(
        "(company_id, date)", "This date has its closing already."
    )

    @api.depends("date")
    def _compute_display_name(self):
        """Override: the day, as people write it."""
        for closing in self:
            closing.display_name = format_date(self.env, closing.date)

    @api.model
    def _default_date(self):
        """The last day of the month before this one."""
        return fields.Date.context_today(self).replace(day=1) - timedelta(days=1)

    @api.model
    def _default_journal(self):
        return self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", self.env.company.id)],
            limit=1,
        )

    @api.depends("line_ids.amount", "line_ids.amount_vat", "line_ids.is_error")
    def _compute_amounts(self):
        for closing in self:
            lists = closing.line_ids.grouped("kind")
            none = closing.line_ids.browse()
            for kind in ("prepaid", "deferred"):
                amounts = lists.get(kind, none).mapped("amount")
                closing[f"amount_{kind}"] = sum(amounts)
            errors = closing.line_ids.filtered("is_error")
            closing.amount_vat_missing = sum(errors.mapped("amount_vat"))
            closing.error_count = len(errors)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        if self.filtered(lambda closing: closing.state == "done"):
            raise UserError(
                self.env._(
                    "A booked closing is a voucher: reverse its entries instead."
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        refuse_protected_new(self, vals_list, PROTECTED)
        return super().create(vals_list)

    def write(self, vals):
        refuse_protected(self, vals, PROTECTED)
        if {"date", "journal_id"} & vals.keys() and "done" in self.mapped("state"):
            raise UserError(self.env._("This closing is booked: it does not change."))
        return super().write(vals)

    def action_compute(self):
        """Make the lists as they are now (accountants)."""
        self._check_accountant()
        for closing in self:
            closing.lock_for_update()
            closing._check_not_booked()
            closing_sudo = closing.sudo().with_company(closing.company_id)
            closing_sudo.line_ids.unlink()
            self.env["training.closing.line"].sudo().create(
                closing_sudo._prepare_lists()
            )

    def _prepare_lists(self):
        """Hook: return the values of the lines of all lists."""
        return self._prepare_prepaid_lines() + self._prepare_deferred_lines()

    def action_book(self):
        """Post the entries at the date and their reversal the day after, once.

        Locked row, entries, reversals and state are one transaction: a process that
        dies before its commit leaves nothing, a second click finds the state.

        :raise UserError: when it is booked, has errors, or its period is closed
        """
        self._check_accountant()
        for closing in self:
            closing.lock_for_update()
            closing._check_not_booked()
            closing.action_compute()
            closing._check_errors()
            closing._check_open()
            closing._book()

    def action_open_lines(self):
        """Open the lists as a report, to group and export."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "training_catalogue_payment.training_closing_line_action"
        )
        return dict(action, domain=[("closing_id", "=", self.id)])

    def _check_accountant(self):
        if not self.env.user.has_groups(ACCOUNTANTS):
            raise AccessError(self.env._("Only accountants close."))
        self.check_access("write")

    def _check_not_booked(self):
        if self.state == "done":
            raise UserError(self.env._("This closing is booked already."))

    def _check_errors(self):
        if self.error_count and not self.is_error_accepted:
            raise UserError(
                self.env._(
                    "%(count)s taxable sales were cashed and not invoiced: their VAT "
                    "of %(vat)s is due. Number their invoices at the closing date, or "
                    "tick « Book in spite of the errors ».",
                    count=self.error_count,
                    vat=self.currency_id.format(self.amount_vat_missing),
                )
            )

    def _check_open(self):
        """Refuse a date that is closed: entries would move to another period."""
        for date in (self.date, self.date + timedelta(days=1)):
            locks = self.company_id._get_violated_lock_dates(
                date, False, self.journal_id
            )
            if locks:
                raise UserError(
                    self.env._(
                        "%(date)s is in a closed period.",
                        date=format_date(self.env, date),
                    )
                )

    def _book(self):
        closing_sudo = self.sudo().with_company(self.company_id)
        moves_sudo = self.env["account.move"].sudo()
        for lines_sudo in closing_sudo.line_ids.grouped("kind").values():
            moves_sudo |= closing_sudo._post_with_reversal(lines_sudo)
        closing_sudo.move_ids = moves_sudo
        closing_sudo.state = "done"

    def _post_with_reversal(self, lines):
        """Post the entry of a list and its reversal, matched with each other.

        Without that match the customers' lines of the reversal would be offered as
        credits on their next invoices.
        """
        move = self.env["account.move"].create(self._prepare_move(lines))
        move.action_post()
        reversal = move._reverse_moves(
            [
                {
                    "date": self.date + timedelta(days=1),
                    "ref": self.env._("Reversal of %(ref)s", ref=move.ref),
                }
            ],
            cancel=True,
        )
        return move + reversal

    def _prepare_move(self, lines):
        label = self._get_labels()[lines[0].kind]
        return {
            "move_type": "entry",
            "journal_id": self.journal_id.id,
            "company_id": self.company_id.id,
            "date": self.date,
            "ref": label,
            "line_ids": [
                Command.create(values)
                for line in lines
                for values in line._prepare_entry_lines()
            ],
        }

    def _get_labels(self):
        """Hook: return what the entry of each list is called."""
        _, values = self.env._, {"date": format_date(self.env, self.date)}
        return {
            "prepaid": _("Prepaid, not invoiced at %(date)s", **values),
            "deferred": _("Invoiced, not delivered at %(date)s", **values),
        }
