# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..services.stripe_gateway import GatewayError


class TrainingTransit(models.TransientModel):
    """« Stripe: in transit »: the ledger against Stripe's balance (A30, facts 4.2).

    The balance of the transit account is Stripe's balance, available and pending;
    else the difference is explained line by line, and the lines add up to it:

    * each movement whose entries do not amount to its net,
    * each entry on the account that no movement explains,
    * what Stripe held before its movements were read.
    """

    _name = "training.transit"
    _description = "Stripe: in transit"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    provider_id = fields.Many2one("payment.provider", required=True, readonly=True)
    feed_id = fields.Many2one("training.balance.feed", required=True, readonly=True)
    account_id = fields.Many2one("account.account", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    date_read = fields.Datetime(string="Movements read on", readonly=True)
    date_start = fields.Datetime(related="feed_id.date_start")
    ledger_balance = fields.Monetary(string="In the ledger", readonly=True)
    available = fields.Monetary(string="Available at Stripe", readonly=True)
    pending = fields.Monetary(string="Pending at Stripe", readonly=True)
    stripe_balance = fields.Monetary(string="Stripe's balance", readonly=True)
    difference = fields.Monetary(readonly=True)
    is_balanced = fields.Boolean(compute="_compute_is_balanced")
    line_ids = fields.One2many(
        "training.transit.line", "transit_id", string="Its parts", readonly=True
    )
    fault = fields.Char(readonly=True)

    @api.depends("provider_id")
    def _compute_display_name(self):
        for transit in self:
            # The accountant may not read the provider, which holds its keys.
            name = transit.provider_id.sudo().training_account_name
            transit.display_name = self.env._(
                "Stripe: in transit, %(account)s",
                account=name or transit.company_id.name,
            )

    @api.depends("difference", "fault")
    def _compute_is_balanced(self):
        for transit in self:
            is_zero = transit.currency_id.is_zero(transit.difference)
            transit.is_balanced = not transit.fault and is_zero

    @api.model
    def action_open(self):
        """Compare now, and open the result.

        :raise AccessError: for who does not keep the books
        :raise UserError: when no account is linked, or no account chosen
        """
        self.env["training.balance.transaction"]._check_accountant()
        company = self.env.company
        provider = company.training_stripe_provider_id
        if not provider:
            raise UserError(
                self.env._("%(company)s has no Stripe account.", company=company.name)
            )
        feed_sudo = self.env["training.balance.feed"]._get_feed(provider)
        currency = self._get_account_currency(provider.sudo())
        account = company._get_training_account("training_transit_account_id")
        transit = self.create(
            {
                "company_id": company.id,
                "provider_id": provider.id,
                "feed_id": feed_sudo.id,
                "account_id": account.id,
                "currency_id": currency.id,
                "date_read": feed_sudo.date_read,
            }
        )
        transit._compare()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Stripe: in transit"),
            "res_model": self._name,
            "res_id": transit.id,
            "view_mode": "form",
            "target": "current",
        }

    def _get_account_currency(self, provider_sudo):
        name = provider_sudo.training_account_currency
        return (
            self.env["res.currency"].search([("name", "=", name)], limit=1)
            or provider_sudo.company_id.currency_id
        )

    def action_read_again(self):
        """Have Stripe's movements read and booked now, by the jobs."""
        self.env["training.balance.transaction"]._check_accountant()
        self.env.ref(
            "training_catalogue_payment.ir_cron_read_balances"
        ).sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "Stripe's movements are being read. Compare again in a minute."
                ),
            },
        }

    def _compare(self):
        """Ask Stripe for its balance, and explain the difference."""
        self.ensure_one()
        try:
            balance = self.provider_id.sudo()._get_stripe_gateway().balance()
        except GatewayError as error:
            self.fault = error.message
            return
        self.available = self._sum_minor(balance["available"])
        self.pending = self._sum_minor(balance["pending"])
        self.stripe_balance = self.available + self.pending
        self.env.flush_all()
        self.ledger_balance = self._get_ledger_balance()
        self.difference = self.ledger_balance - self.stripe_balance
        self._explain()

    def _sum_minor(self, parts):
        name = self.currency_id.name.lower()
        minor = sum(part["amount"] for part in parts if part["currency"] == name)
        movements = self.env["training.balance.transaction"]
        return movements.new({"currency_id": self.currency_id.id})._to_major(minor)

    def _get_ledger(self):
        """Return the query of what each posted entry has on the transit account."""
        return SQL(
            """
            SELECT line.move_id, SUM(line.amount_currency) AS balance
              FROM account_move_line line
             WHERE line.account_id = %(account)s
               AND line.company_id = %(company)s
               AND line.currency_id = %(currency)s
               AND line.parent_state = 'posted'
             GROUP BY line.move_id
            """,
            account=self.account_id.id,
            company=self.company_id.id,
            currency=self.currency_id.id,
        )

    def _get_ledger_balance(self):
        query = SQL(
            "SELECT COALESCE(SUM(balance), 0) FROM (%s) ledger", self._get_ledger()
        )
        return float(self.env.execute_query(query)[0][0])

    def _explain(self):
        """Write the lines that make the difference; they add up to it."""
        lines = [
            *self._get_movement_lines(),
            *self._get_entry_lines(),
            *self._get_earlier_line(),
        ]
        self.env["training.transit.line"].sudo().create(
            [{**values, "transit_id": self.id} for values in lines]
        )

    def _get_movement_lines(self):
        """Movements whose entries are not worth their net."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH ledger AS (%(ledger)s)
                SELECT movement.id, movement.date,
                       COALESCE(own.balance, 0) + COALESCE(paid.balance, 0)
                       + COALESCE(undone.balance, 0) - movement.net AS gap
                  FROM training_balance_transaction movement
                  LEFT JOIN ledger own ON own.move_id = movement.move_id
                  LEFT JOIN account_payment payment
                    ON payment.id = movement.payment_id
                  LEFT JOIN ledger paid ON paid.move_id = payment.move_id
                  LEFT JOIN ledger undone ON undone.move_id = movement.undo_move_id
                 WHERE movement.feed_id = %(feed)s
                   AND movement.currency_id = %(currency)s
                   AND ROUND(COALESCE(own.balance, 0) + COALESCE(paid.balance, 0)
                             + COALESCE(undone.balance, 0) - movement.net, 6) != 0
                 ORDER BY movement.date, movement.id
                """,
                ledger=self._get_ledger(),
                feed=self.feed_id.id,
                currency=self.currency_id.id,
            )
        )
        return [
            {
                "kind": "movement",
                "date": date,
                "amount": float(gap),
                "movement_id": movement_id,
            }
            for movement_id, date, gap in rows
        ]

    def _get_entry_lines(self):
        """Entries on the account that no movement of this account explains."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH ledger AS (%(ledger)s)
                SELECT move.id, move.date, ledger.balance, payment.id
                  FROM ledger
                  JOIN account_move move ON move.id = ledger.move_id
                  LEFT JOIN account_payment payment ON payment.move_id = move.id
                 WHERE NOT EXISTS (
                       SELECT 1 FROM training_balance_transaction movement
                        WHERE movement.feed_id = %(feed)s
                          AND (move.id IN (movement.move_id, movement.undo_move_id)
                               OR movement.payment_id = payment.id))
                   AND ROUND(ledger.balance, 6) != 0
                 ORDER BY move.date, move.id
                """,
                ledger=self._get_ledger(),
                feed=self.feed_id.id,
            )
        )
        return [
            {
                "kind": "payment" if payment_id else "entry",
                "date": date,
                "amount": float(balance),
                "move_id": move_id,
            }
            for move_id, date, balance, payment_id in rows
        ]

    def _get_earlier_line(self):
        """What Stripe holds besides the movements that were read."""
        [[known]] = self.env["training.balance.transaction"]._read_group(
            [
                ("feed_id", "=", self.feed_id.id),
                ("currency_id", "=", self.currency_id.id),
            ],
            [],
            ["net:sum"],
        )
        earlier = self.stripe_balance - (known or 0.0)
        if self.currency_id.is_zero(earlier):
            return []
        return [{"kind": "earlier", "amount": -earlier}]


class TrainingTransitLine(models.TransientModel):
    """One part of the difference, and what it is about."""

    _name = "training.transit.line"
    _description = "Stripe: in transit, part of the difference"
    _order = "date, id"

    transit_id = fields.Many2one("training.transit", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="transit_id.company_id", store=True)
    currency_id = fields.Many2one(related="transit_id.currency_id")
    kind = fields.Selection(
        selection=[
            ("movement", "Movement at Stripe not booked in full"),
            ("payment", "Payment without movement at Stripe"),
            ("entry", "Entry that no movement explains"),
            ("earlier", "At Stripe before, or not read yet"),
        ],
        required=True,
    )
    date = fields.Date()
    amount = fields.Monetary(string="In the ledger, less at Stripe")
    movement_id = fields.Many2one("training.balance.transaction")
    problem = fields.Selection(related="movement_id.problem")
    move_id = fields.Many2one("account.move", string="Entry")

    def action_open_object(self):
        """Open what the line is about."""
        self.ensure_one()
        record = self.movement_id or self.move_id
        if not record:
            raise UserError(
                self.env._("Nothing more is known here: look in Stripe's dashboard.")
            )
        return record._get_records_action()
