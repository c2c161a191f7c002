# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL


class Difference(NamedTuple):
    """What the books say against what they should.

    ``model`` and ``res_id`` name what it is about: a contact, an operation, an entry.
    Amounts are in the currency, in major units; plain counts without one.
    """

    check: str
    model: str
    res_id: int
    currency_id: int | None
    expected: float
    found: float
    #: the seller's contact, where the check knows better than the subject
    seller_id: int | None = None
    #: in Mangopay's own words
    detail: str = ""


class MarketplaceProof(models.AbstractModel):
    """The invariants of other people's money (D9, facts 4.5), each in one statement.

    What waits to be booked counts as if it were: a missing account is told where it is
    missed, and is no difference.
    """

    _name = "marketplace.proof"
    _description = "Proof of the books of the marketplace"

    #: kinds of entry that the rows of sales explain; others explain themselves
    _sale_kinds = (
        *("purchase", "hold", "release", "refused"),
        *("refund", "hold_refund", "transfer", "transfer_back"),
    )

    @api.model
    def _selection_checks(self):
        """Return the codes of the checks, each with its sentence."""
        _ = self.env._
        return [
            ("I1", _("I1 · What is at Mangopay is what is owed")),
            ("I2", _("I2 · A seller is owed its wallet and what is to transfer")),
            ("hold", _("I2 · What is held for buyers")),
            ("I3", _("I3 · The operator's own money at Mangopay")),
            ("I4", _("I4 · What a seller is owed, movement by movement")),
            ("I5", _("I5 · Sellers' invoices are what was paid")),
            ("I6", _("I6 · Commissions of the months, each sale in one")),
            ("I7", _("I7 · Commissions netted by payouts")),
            ("I8", _("I8 · Accounts of the journals of the marketplace")),
            ("manual", _("I8 · Entries made by hand")),
            ("I9", _("I9 · VAT of commissions")),
            ("I10", _("I10 · Series and seals of sellers' invoices")),
            ("I11", _("I11 · One movement at Mangopay, one entry")),
            ("I12", _("I12 · Payouts follow the rules")),
            ("I13", _("I13 · Yearly statement of the sellers")),
            ("derived", _("Balances counted again from the operations alone")),
            ("object", _("What Mangopay says of an operation")),
            ("unknown_refund", _("Money given back that is not in the books")),
            ("wallet", _("What Mangopay says is in a wallet")),
            ("fees", _("What Mangopay says is the operator's")),
        ]

    @api.model
    def _check_invariants(self, company):
        """Compare the books of a company with its sales and its operations.

        :return: the differences; none when all is well
        :rtype: list[Difference]
        """
        self.env.flush_all()
        return [
            difference
            for _code, check in self._get_checks()
            for difference in check(company)
        ]

    def _get_checks(self):
        """Hook: return the checks, each with the code of the differences it finds.

        A check is a method that takes a company and returns `Difference` values. It
        reads the whole history: only the nightly job and the auditor's command call it.
        """
        return [
            ("I1", self._check_balance),
            ("I2", self._check_wallets),
            ("hold", self._check_holds),
            ("I4", self._check_sellers),
        ]

    # What the statements share

    def _get_lines(self, company):
        """Return the lines on the three accounts of other people's money: posted, and
        those that wait to be."""
        company_sudo = company.sudo()
        return SQL(
            """
            SELECT role.name AS role, line.partner_id, line.currency_id,
                   line.amount_currency AS amount, NULL AS kind
              FROM account_move_line line
              JOIN (VALUES ('wallet', %(wallet)s::int), ('seller', %(seller)s::int),
                           ('hold', %(hold)s::int)) AS role (name, account_id)
                ON role.account_id = line.account_id
             WHERE line.parent_state = 'posted' AND line.company_id = %(company)s
             UNION ALL
            SELECT part->>0, (part->>1)::int, entry.currency_id,
                   (part->>2)::numeric / (10 ^ currency.decimal_places), entry.kind
              FROM marketplace_entry entry
              JOIN res_currency currency ON currency.id = entry.currency_id,
                   jsonb_array_elements(entry.lines) part
             WHERE entry.state IN ('todo', 'blocked') AND entry.company_id = %(company)s
               AND part->>0 IN ('wallet', 'seller', 'hold')
            """,
            wallet=company_sudo.marketplace_wallet_account_id.id or None,
            seller=company_sudo.marketplace_seller_account_id.id or None,
            hold=company_sudo.marketplace_hold_account_id.id or None,
            company=company.id,
        )

    def _get_sales(self, company):
        """Return the sales with whose wallet they came into, and what is left there."""
        return SQL(
            """
            SELECT sale.*, COALESCE(holder.partner_id, sale.buyer_id) AS owner_id,
                   COALESCE(sale.amount_total, 0) - COALESCE(sale.amount_refunded, 0)
                   - COALESCE(sale.amount_charged_back, 0) AS kept,
                   COALESCE(sale.amount_transferred, 0) AS sent
              FROM marketplace_sale sale
              JOIN payment_transaction tx ON tx.id = sale.tx_id
              LEFT JOIN mangopay_wallet wallet ON wallet.id = tx.mangopay_wallet_id
              LEFT JOIN mangopay_user holder ON holder.id = wallet.user_id
             WHERE sale.company_id = %s
            """,
            company.id,
        )

    def _compare(self, check, expected, found):
        """Compare two statements that give (partner, currency, amount)."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(expected.partner_id, found.partner_id),
                       COALESCE(expected.currency_id, found.currency_id),
                       COALESCE(expected.amount, 0), COALESCE(found.amount, 0)
                  FROM (%s) expected
                  FULL JOIN (%s) found USING (partner_id, currency_id)
                 WHERE ROUND(COALESCE(expected.amount, 0)::numeric, 4)
                    != ROUND(COALESCE(found.amount, 0)::numeric, 4)
                 ORDER BY 1, 2
                """,
                expected,
                found,
            )
        )
        return [
            Difference(
                check, "res.partner", partner, currency, float(ought), float(have)
            )
            for partner, currency, ought, have in rows
        ]

    # Balances

    def _check_balance(self, company):
        """I1: what is at Mangopay is owed: 517100 + 468100 + 468200 = 0."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT currency_id, SUM(amount) FROM (%s) line
                 GROUP BY currency_id HAVING ROUND(SUM(amount)::numeric, 4) != 0
                """,
                self._get_lines(company),
            )
        )
        return [
            Difference("I1", "res.company", company.id, currency, 0.0, float(found))
            for currency, found in rows
        ]

    def _check_wallets(self, company):
        """I2: owed to a seller = its wallet + its sales not transferred yet; and a
        buyer's wallet holds these, besides what is held."""
        sales = self._get_sales(company)
        expected = SQL(
            """
            SELECT partner_id, currency_id, SUM(amount) AS amount
              FROM (SELECT owner_id AS partner_id, currency_id, kept - sent AS amount
                      FROM (%(sales)s) sale WHERE state = 'confirmed'
                     UNION ALL
                    SELECT seller_id, currency_id, sent - kept
                      FROM (%(sales)s) sale WHERE state = 'confirmed') side
             GROUP BY partner_id, currency_id
            """,
            sales=sales,
        )
        found = SQL(
            """
            SELECT partner_id, currency_id, SUM(amount) AS amount FROM (%s) line
             GROUP BY partner_id, currency_id
            """,
            self._get_lines(company),
        )
        return self._compare("I2", expected, found)

    def _check_holds(self, company):
        """I2: 468200 is what is held and what bought nothing, less what went back."""
        expected = SQL(
            """
            SELECT partner_id, currency_id, SUM(amount) AS amount
              FROM (SELECT owner_id AS partner_id, currency_id, -kept AS amount
                      FROM (%(sales)s) sale WHERE state != 'confirmed'
                     UNION ALL
                    SELECT holder.partner_id, tx.currency_id,
                           -tx.amount - COALESCE(SUM(refund.amount), 0)
                      FROM payment_transaction tx
                      JOIN mangopay_wallet wallet ON wallet.id = tx.mangopay_wallet_id
                      JOIN mangopay_user holder ON holder.id = wallet.user_id
                      LEFT JOIN payment_transaction refund
                        ON refund.source_transaction_id = tx.id
                       AND refund.operation = 'refund' AND refund.state = 'done'
                     WHERE tx.training_refusal IS NOT NULL AND tx.state = 'done'
                       AND tx.company_id = %(company)s
                     GROUP BY holder.partner_id, tx.currency_id, tx.id) side
             GROUP BY partner_id, currency_id
            """,
            sales=self._get_sales(company),
            company=company.id,
        )
        return self._compare("hold", expected, self._sum_role(company, "hold"))

    def _sum_role(self, company, role):
        return SQL(
            """
            SELECT partner_id, currency_id, SUM(amount) AS amount FROM (%s) line
             WHERE role = %s GROUP BY partner_id, currency_id
            """,
            self._get_lines(company),
            role,
        )

    def _check_sellers(self, company):
        """I4: what a seller is owed: its sales less its refunds, and whatever other
        movements say: commissions, payouts, returns, top-ups."""
        expected = SQL(
            """
            SELECT partner_id, currency_id, SUM(amount) AS amount
              FROM (SELECT seller_id AS partner_id, currency_id, -kept AS amount
                      FROM (%(sales)s) sale WHERE state = 'confirmed'
                     UNION ALL
                    SELECT (part->>1)::int, entry.currency_id,
                           (part->>2)::numeric / (10 ^ currency.decimal_places)
                      FROM marketplace_entry entry
                      JOIN res_currency currency ON currency.id = entry.currency_id,
                           jsonb_array_elements(entry.lines) part
                     WHERE entry.company_id = %(company)s AND part->>0 = 'seller'
                       AND entry.kind NOT IN %(kinds)s) side
             GROUP BY partner_id, currency_id
            """,
            sales=self._get_sales(company),
            company=company.id,
            kinds=self._sale_kinds,
        )
        return self._compare("I4", expected, self._sum_role(company, "seller"))
