# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.payment.utils import to_minor_currency_units

from ..services import payout


class Balance(NamedTuple):
    """What a seller has in one currency; minor units.

    :param int owed: what the books owe the seller (−468100)
    :param int wallet: what they say is in its wallet at Mangopay (517100)
    :param int to_transfer: of its sales, not in its wallet yet
    :param int payable_now: what a payout made now would take from the wallet
    :param int open_commissions: commission invoices that are not paid yet
    :param int debt: what else the seller owes (467100)
    """

    owed: int = 0
    wallet: int = 0
    to_transfer: int = 0
    payable_now: int = 0
    open_commissions: int = 0
    debt: int = 0


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    # What is promised to buyers is looked up by few rows, never by all payments.
    _live_refund_index = models.Index(
        "(source_transaction_id)"
        " WHERE operation = 'refund' AND state IN ('draft', 'pending')"
    )


class MarketplacePayout(models.Model):
    """What sellers are owed, have, and may be paid: one statement for all of them."""

    _inherit = "marketplace.payout"

    @api.model
    def _read_money(self, company, until, sellers=None, is_foreseen=False):
        """Return the money of sellers, counted by the books and their sales.

        What waits to be booked counts as if it were.

        :param date until: sales made before that day are paid
        :param sellers: contacts; when it is None, all to whom something is owed
        :param bool is_foreseen: as if their commissions were invoiced
        :rtype: dict[tuple[int, int], services.payout.Money]
        :return: by ids of the contact and of the currency
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT part.seller_id, part.currency_id,
                       (10 ^ currency.decimal_places)::numeric,
                       SUM(owed), SUM(wallet), SUM(later), SUM(refunds),
                       SUM(wallet_refunds), SUM(to_transfer),
                       BOOL_OR(is_transferring), BOOL_AND(is_settled)
                  FROM (%s UNION ALL %s UNION ALL %s) part
                  JOIN res_currency currency ON currency.id = part.currency_id
                 WHERE %s
                 GROUP BY part.seller_id, part.currency_id, currency.id
                HAVING %s
                """,
                self._sum_books(company),
                self._sum_sales(self._get_sold(company, until, is_foreseen)),
                self._sum_refunds(self._get_sold(company, until, is_foreseen)),
                *self._get_filters(sellers),
            )
        )
        return {
            (seller, currency): payout.Money(
                *(int(round((amount or 0) * scale)) for amount in amounts[:6]),
                *amounts[6:],
            )
            for seller, currency, scale, *amounts in rows
        }

    def _get_filters(self, sellers):
        if sellers is None:
            return SQL("TRUE"), SQL("SUM(owed) > 0")
        return SQL("part.seller_id IN %s", tuple(sellers.ids) or (0,)), SQL("TRUE")

    def _sum_books(self, company):
        lines = self.env["marketplace.proof"]._get_lines(company)
        return SQL(
            """
            SELECT line.partner_id AS seller_id, line.currency_id,
                   CASE WHEN role = 'seller' THEN -amount::numeric END AS owed,
                   CASE WHEN role = 'wallet' THEN amount::numeric END AS wallet,
                   0::numeric AS later, 0::numeric AS refunds,
                   0::numeric AS wallet_refunds, 0::numeric AS to_transfer,
                   FALSE AS is_transferring, TRUE AS is_settled
              FROM (%s) line WHERE role IN ('seller', 'wallet')
            """,
            lines,
        )

    def _sum_sales(self, sold):
        return SQL(
            """
            SELECT sale.seller_id, sale.currency_id, 0, 0,
                   CASE WHEN later THEN kept ELSE 0 END, 0, 0,
                   CASE WHEN later THEN 0 ELSE kept - sent END,
                   NOT later AND sale.transfer_state = 'asked', is_settled
              FROM (%s) sale
            """,
            sold,
        )

    def _sum_refunds(self, sold):
        """Return what is claimed of each sale: it is not paid out.

        The seller's wallet is kept what a claim will take from it, no more: first what
        is still in the buyer's wallet is given back, and what came back there already.
        """
        return SQL(
            """
            SELECT sale.seller_id, sale.currency_id, 0, 0, 0,
                   CASE WHEN later THEN 0 ELSE LEAST(claim.amount, kept) END,
                   GREATEST(sent - kept + LEAST(claim.amount, kept), 0), 0, FALSE, TRUE
              FROM (%s) sale
              JOIN (SELECT tx_id, SUM(amount) AS amount
                      FROM (%s) part GROUP BY tx_id) claim
                ON claim.tx_id = sale.tx_id
            """,
            sold,
            self._get_claimed(),
        )

    def _get_claimed(self):
        """Hook: return what buyers claim of payments: refunds under way.

        :return: a statement that gives (tx_id, amount), maybe several for a payment
        """
        return SQL(
            """
            SELECT refund.source_transaction_id AS tx_id, -refund.amount AS amount
              FROM payment_transaction refund
             WHERE refund.operation = 'refund' AND refund.state IN ('draft', 'pending')
               AND refund.source_transaction_id IS NOT NULL
            """
        )

    def _get_sold(self, company, until, is_foreseen=False):
        """Return the sales of a company, and whether each is paid out later.

        A sale is not paid out before its commission is settled: what is netted must be
        known (B17). One that was learnt of late is settled with the next month.
        """
        zone = company.sudo()._get_marketplace_zone()
        start = payout.start_of(until, zone)
        return SQL(
            """
            SELECT sale.seller_id, sale.currency_id, sale.tx_id, sale.transfer_state,
                   %(later)s AS later,
                   sale.confirmed_at >= %(start)s OR COALESCE(
                       settlement.state != 'draft', FALSE) AS is_settled,
                   COALESCE(sale.amount_total, 0) - COALESCE(sale.amount_refunded, 0)
                   - COALESCE(sale.amount_charged_back, 0) AS kept,
                   COALESCE(sale.amount_transferred, 0) AS sent
              FROM marketplace_sale sale
              LEFT JOIN event_event session ON session.id = sale.session_id
              LEFT JOIN marketplace_settlement settlement
                ON settlement.id = sale.settlement_id
             WHERE sale.company_id = %(company)s AND sale.state = 'confirmed'
            """,
            later=self._get_later(company, start, is_foreseen),
            start=start,
            company=company.id,
        )

    def _get_later(self, company, start, is_foreseen):
        """Return the condition under which a sale is paid out later."""
        days = company.sudo().marketplace_reserve_days
        later = SQL("sale.confirmed_at >= %s", start)
        if not is_foreseen:
            unsettled = "sale.settlement_id IS NULL OR settlement.state = 'draft'"
            later = SQL("(%s OR %s)", later, SQL(unsettled))
        if days > 0:
            return SQL(
                """
                (%s OR COALESCE(CASE WHEN session.slide_channel_id IS NULL
                                     THEN session.date_end END, sale.confirmed_at)
                       + %s * INTERVAL '1 day' > %s)
                """,
                later,
                days,
                fields.Datetime.now(),
            )
        return later

    # What the seller owes the operator

    @api.model
    def _get_claims(self, company, seller, currency):
        """Return what a payout pays to the operator: commission invoices, the oldest
        first, then what else the seller owes.

        What an entry that waits to be booked has paid is left out.

        :return: (kind of `marketplace.payout.fee`, line of the books, minor units)
        """
        claims = [
            ("commission", line, line.amount_residual_currency)
            for line in seller._get_open_commission_lines(company, currency)
        ]
        claims += [
            ("debt", line, residual)
            for line, residual in self._get_debts(company, seller, currency)
        ]
        waiting = self._get_unbooked_fees(company, seller, currency) if claims else {}
        rest = [
            (kind, line, to_minor_currency_units(amount, currency) - waiting[line.id])
            for kind, line, amount in claims
        ]
        return [claim for claim in rest if claim[2] > 0]

    def _get_unbooked_fees(self, company, seller, currency):
        """Return what was paid of lines by entries that are not made yet, by id."""
        entries = self.env["marketplace.entry"].search(
            [
                ("company_id", "=", company.id),
                ("currency_id", "=", currency.id),
                ("payout_id.seller_id", "=", seller.id),
                ("state", "in", ("todo", "blocked")),
            ]
        )
        paid = defaultdict(int)
        for line in (line for entry in entries for line in entry.lines):
            if len(line) > 3:
                paid[line[3]] -= line[2]
        return paid


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_marketplace_balance(self, company, currency):
        """Return what a seller has with an operator, in minor units of a currency.

        :rtype: Balance
        """
        self.ensure_one()
        payouts_sudo = self.env["marketplace.payout"].sudo()
        until = payout.until_of(company.sudo()._get_marketplace_today())
        found = payouts_sudo._read_money(company, until, self)
        money = found.get((self.id, currency.id), payout.Money())
        claims = payouts_sudo._get_claims(company, self.sudo(), currency)
        owed = {"commission": 0, "debt": 0}
        for kind, _line, minor in claims:
            owed[kind] += minor
        return Balance(
            owed=money.owed,
            wallet=money.wallet,
            to_transfer=money.owed - money.wallet,
            payable_now=money.amount,
            open_commissions=owed["commission"],
            debt=owed["debt"],
        )
