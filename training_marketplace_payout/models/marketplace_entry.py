# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError

from odoo.addons.payment.utils import to_major_currency_units

ACCOUNTANTS = "account.group_account_invoice,base.group_system"


class MarketplaceEntry(models.Model):
    """What is to be booked of other people's money: the inbox of the books (D9).

    A row is written in the transaction that learns of the movement, and needs no
    account, no open period and no chart to be. A job makes its entry, posted, in a
    transaction of its own. The books are those entries; this only says which they
    must be, and which is missing. Its key, a Mangopay object and what happened to it,
    is unique here and on the entries: nothing is booked twice.
    """

    _name = "marketplace.entry"
    _description = "Entry of the Marketplace"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)
    kind = fields.Selection(
        selection=[
            ("purchase", "Purchase"),
            ("hold", "Purchase held"),
            ("release", "Purchase released"),
            ("refused", "Payment that bought nothing"),
            ("refund", "Refund"),
            ("hold_refund", "Refund of what was held"),
            ("transfer", "Transfer to the seller"),
            ("transfer_back", "Transfer taken back"),
        ],
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    date = fields.Datetime(
        string="Done on", required=True, readonly=True, help="By Mangopay."
    )
    reference = fields.Char(string="Id at Mangopay", readonly=True)
    lines = fields.Json(
        required=True,
        readonly=True,
        help="Role of the account, contact, minor units; debits are positive.",
    )
    amount = fields.Monetary(compute="_compute_amount")
    sale_id = fields.Many2one(
        "marketplace.sale",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    transaction_id = fields.Many2one(
        "payment.transaction",
        string="Payment",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The buyer's payment that all this is about.",
    )
    operation_id = fields.Many2one(
        "mangopay.operation",
        string="Asked of Mangopay",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    state = fields.Selection(
        selection=[
            ("todo", "To book"),
            ("blocked", "Waiting"),
            ("booked", "Booked"),
        ],
        required=True,
        readonly=True,
        default="todo",
    )
    problem = fields.Char(string="What it waits for", readonly=True)
    date_next = fields.Datetime(
        string="Next try", readonly=True, default=fields.Datetime.now
    )
    move_id = fields.Many2one(
        "account.move",
        string="Entry",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    _key_unique = models.UniqueIndex("(company_id, key)")
    _due_index = models.Index("(date_next) WHERE state IN ('todo', 'blocked')")
    _waiting_index = models.Index("(company_id) WHERE state = 'blocked'")

    @api.depends("lines", "currency_id")
    def _compute_amount(self):
        for entry in self:
            debits = sum(max(line[2], 0) for line in entry.lines)
            entry.amount = to_major_currency_units(debits, entry.currency_id)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Movements of the marketplace are vouchers: kept."))

    @api.model
    def _write_down(self, kind, key, company, currency, lines, **values):
        """Write down a movement that is to be booked, once; see `_write_down_all`.

        :return: the row
        """
        movement = (kind, key, lines)
        return self._write_down_all(company, currency, [movement], **values)

    @api.model
    def _write_down_all(self, company, currency, movements, **values):
        """Write down movements of one deed that are to be booked, each once.

        :param movements: (kind, key, lines). The key: the Mangopay object and what
            happened to it. A line: role, contact's id, minor units, and the id of the
            line of the books that it is matched with, if any; they sum to zero
        :param values: date (UTC), reference, sale_id, transaction_id, operation_id
        :return: the rows
        :raise ConcurrencyError: when another process writes the same: Odoo retries
        """
        entries_sudo = self.sudo().with_context(
            mail_create_nosubscribe=True, tracking_disable=True
        )
        keys = [key for _kind, key, _lines in movements]
        domain = [("company_id", "=", company.id), ("key", "in", keys)]
        found = entries_sudo.search(domain)
        known = set(found.mapped("key"))
        common = {
            "company_id": company.id,
            "currency_id": currency.id,
            "date": fields.Datetime.now(),
            **{name: value for name, value in values.items() if value},
        }
        new = [
            {**common, "kind": kind, "key": key, "lines": self._plain(key, lines)}
            for kind, key, lines in movements
            if key not in known
        ]
        if not new:
            return found
        try:
            with self.env.cr.savepoint():
                made = entries_sudo.create(new)
        except UniqueViolation as error:
            raise ConcurrencyError(str(error)) from error
        self._trigger_booking()
        return found | made

    @api.model
    def _plain(self, key, lines):
        """Return lines as they are kept.

        :raise ValueError: when they do not balance
        """
        if sum(line[2] for line in lines):
            raise ValueError(f"The lines of {key} do not balance.")
        return [
            [str(role), *(one for one in rest if one is not None)]
            for role, *rest in lines
        ]

    @api.model
    def _trigger_booking(self, at=None):
        self.env["ir.cron"]._plan_job(
            "training_marketplace_payout.ir_cron_book_marketplace", at
        )

    @api.model
    def _retry_blocked(self, companies):
        """Try again now what waited for a setting."""
        domain = [("company_id", "in", companies.ids), ("state", "=", "blocked")]
        blocked = self.search(domain)
        if blocked:
            blocked.date_next = fields.Datetime.now()
            self._trigger_booking()

    def action_retry(self):
        """Try again now what waits, at an accountant's request."""
        if not self.env.user.has_groups(ACCOUNTANTS):
            raise AccessError(self.env._("Only accountants may do this."))
        self.check_access("read")
        waiting_sudo = self.sudo().filtered(lambda entry: entry.state == "blocked")
        waiting_sudo.date_next = fields.Datetime.now()
        self._trigger_booking()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_open_move(self):
        """Open the entry in the books."""
        self.ensure_one()
        if not self.move_id:
            raise UserError(self.env._("Nothing is booked for this movement yet."))
        return self.move_id._get_records_action()
