# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.payment import utils as payment_utils
from odoo.addons.payment_stripe import const

from ..services.balance import classify
from .training_balance_feed import to_datetime

# In Community the « adviser » keeps the books; with Accounting, the « accountant ».
ACCOUNTANTS = "account.group_account_user,account.group_account_manager"


class TrainingBalanceTransaction(models.Model):
    """One movement of the balance at Stripe, booked once (A30).

    Charges and refunds are booked by their payment: their movement books the fee.
    What cannot be booked without thought is an exception, listed and never dropped.
    """

    _name = "training.balance.transaction"
    _description = "Movement of the Stripe balance"
    _order = "created_at desc, id desc"
    _rec_name = "reference"

    feed_id = fields.Many2one(
        "training.balance.feed", required=True, readonly=True, ondelete="restrict"
    )
    provider_id = fields.Many2one(
        "payment.provider", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    reference = fields.Char(string="At Stripe", required=True, readonly=True)
    kind = fields.Char(string="Type at Stripe", required=True, readonly=True)
    category = fields.Selection(
        selection=[
            ("charge", "Payment"),
            ("refund", "Refund"),
            ("refund_failure", "Failed refund"),
            ("payout", "Payout to the bank"),
            ("payout_reversal", "Payout returned"),
            ("dispute", "Dispute"),
            ("dispute_reversal", "Dispute won"),
            ("fee", "Fees"),
            ("other", "Other"),
        ],
        required=True,
        readonly=True,
    )
    description = fields.Char(readonly=True)
    amount_minor = fields.Integer(string="Amount (minor units)", readonly=True)
    fee_minor = fields.Integer(string="Fee (minor units)", readonly=True)
    net_minor = fields.Integer(string="Net (minor units)", readonly=True)
    amount = fields.Monetary(compute="_compute_amounts", store=True)
    fee = fields.Monetary(compute="_compute_amounts", store=True)
    net = fields.Monetary(compute="_compute_amounts", store=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    created_at = fields.Datetime(string="Moved on", required=True, readonly=True)
    date = fields.Date(
        required=True, readonly=True, help="Its day, where the organisation is."
    )
    available_on = fields.Date(readonly=True)
    source_reference = fields.Char(
        string="Source", readonly=True, index="btree_not_null"
    )
    payment_reference = fields.Char(string="Payment at Stripe", readonly=True)
    payout_reference = fields.Char(
        string="Payout", readonly=True, index="btree_not_null"
    )
    is_payout_read = fields.Boolean(readonly=True)
    is_payout_matched = fields.Boolean(readonly=True)
    transaction_id = fields.Many2one(
        "payment.transaction", readonly=True, ondelete="restrict"
    )
    payment_id = fields.Many2one(
        "account.payment",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="The payment that books the amount of a charge or a refund.",
    )
    undo_move_id = fields.Many2one(
        "account.move",
        string="Entry of the failed refund",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="The reversal that the failure of the refund made.",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Entry",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    state = fields.Selection(
        selection=[
            ("todo", "To book"),
            ("booked", "Booked"),
            ("nothing", "Nothing to book"),
            ("exception", "To look at"),
            ("manual", "Booked by hand"),
        ],
        required=True,
        readonly=True,
        default="todo",
        index=True,
    )
    problem = fields.Selection(
        selection=[
            ("unknown", "Stripe's type is not known here: book it by hand."),
            ("no_payment", "No payment here corresponds to it."),
            ("not_posted", "Its payment is not booked yet."),
            ("amount", "Its payment has another amount."),
            ("currency", "Its payment is in another currency."),
            ("accounts", "The accounts are not all chosen in the settings."),
            ("refused", "The entry was refused."),
        ],
        readonly=True,
    )
    problem_detail = fields.Char(readonly=True)
    date_next = fields.Datetime(
        string="Next try", readonly=True, default=fields.Datetime.now
    )

    _reference_unique = models.UniqueIndex("(provider_id, reference)")
    _due_index = models.Index("(date_next) WHERE state IN ('todo', 'exception')")

    @api.depends("amount_minor", "fee_minor", "net_minor", "currency_id")
    def _compute_amounts(self):
        for movement in self:
            movement.amount = movement._to_major(movement.amount_minor)
            movement.fee = movement._to_major(movement.fee_minor)
            movement.net = movement._to_major(movement.net_minor)

    def _to_major(self, minor):
        decimals = const.CURRENCY_DECIMALS.get(self.currency_id.name)
        return payment_utils.to_major_currency_units(
            minor, self.currency_id, arbitrary_decimal_number=decimals
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Movements of the Stripe balance are kept: they are vouchers.")
        )

    @api.model
    def _prepare_from_stripe(self, feed, row):
        """Return the values of a movement as Stripe describes it, source expanded."""
        source = row.get("source")
        is_expanded = isinstance(source, dict)
        currency = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "=", row["currency"].upper())], limit=1)
        )
        created_at = to_datetime(row["created"])
        return {
            "feed_id": feed.id,
            "provider_id": feed.provider_id.id,
            "company_id": feed.company_id.id,
            "reference": row["id"],
            "kind": row["type"],
            "category": classify(row.get("reporting_category"), row["type"]).value,
            "description": row.get("description"),
            "amount_minor": row["amount"],
            "fee_minor": row["fee"],
            "net_minor": row["net"],
            "currency_id": currency.id,
            "created_at": created_at,
            "date": self._get_local_date(feed.company_id, created_at),
            "available_on": to_datetime(row["available_on"]).date(),
            "source_reference": source["id"] if is_expanded else source,
            "payment_reference": is_expanded and source.get("payment_intent"),
        }

    @api.model
    def _get_local_date(self, company, moment):
        """Return the accounting day of a moment, in the organisation's time zone."""
        zone = pytz.timezone(company._get_training_zone())
        return pytz.utc.localize(moment).astimezone(zone).date()

    def action_open_entry(self):
        """Open the entry, else the payment, that books this movement."""
        self.ensure_one()
        record = self.move_id or self.undo_move_id or self.payment_id
        if not record:
            raise UserError(self.env._("Nothing is booked for this movement yet."))
        return record._get_records_action()

    def _get_moves(self):
        """Return every entry that books these movements."""
        return self.move_id + self.undo_move_id + self.payment_id.move_id

    def action_try_again(self):
        """Try now to book what could not be (accountants)."""
        self._check_accountant()
        self.check_access("read")
        self.sudo().filtered(
            lambda movement: movement.state in ("todo", "exception")
        ).date_next = fields.Datetime.now()
        self._trigger_booking()

    def _set_manual(self, move):
        """Take an exception off the list; only posted entries of its company count.

        :raise UserError: for another company's entry, a draft, or no exception
        """
        self.ensure_one()
        if self.state != "exception":
            raise UserError(self.env._("Only exceptions are booked by hand."))
        if move and (move.state != "posted" or move.company_id != self.company_id):
            raise UserError(self.env._("Name a posted entry of the same company."))
        self.write({"state": "manual", "move_id": move.id, "date_next": False})

    def _check_accountant(self):
        """:raise AccessError: for who does not keep the books"""
        if not self.env.user.has_groups(ACCOUNTANTS):
            raise AccessError(self.env._("Only accountants may do this."))

    @api.model
    def _trigger_booking(self):
        self.env.ref(
            "training_catalogue_payment.ir_cron_book_balance_transactions"
        ).sudo()._trigger()
