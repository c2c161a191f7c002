# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

from odoo.addons.payment.utils import to_major_currency_units

from ..services.seller_balances import Movement, derive_balances
from .marketplace_proof import Difference

# What is owed is a credit in the books.
SIGNS = {"wallet": 1, "seller": -1, "hold": -1}
ROWS = 20000


class MarketplaceProof(models.AbstractModel):
    """The balances, a second way: from what Mangopay did, and nothing else."""

    _inherit = "marketplace.proof"

    def _get_checks(self):
        return [*super()._get_checks(), ("derived", self._check_derived)]

    def _check_derived(self, company):
        """Count balances again from the operations alone, compare with the books."""
        derived = derive_balances(self._iterate_movements(company))
        booked = self._get_booked(company)
        gaps = {}
        for key in sorted(derived.keys() | booked.keys()):
            pot, partner_id, currency_id = key
            ought, have = derived.get(key, 0), booked.get(key, 0)
            if ought != have:
                gap = (abs(have - ought), ought, have, pot)
                gaps.setdefault((partner_id, currency_id), []).append(gap)
        return [
            self._make_derived(*key, sorted(found, reverse=True))
            for key, found in gaps.items()
        ]

    def _make_derived(self, partner_id, currency_id, gaps):
        """Return the greatest gap of a contact, and where the others are."""
        _gap, ought, have, _pot = gaps[0]
        currency = self.env["res.currency"].browse(currency_id)
        return Difference(
            "derived",
            "res.partner",
            partner_id,
            currency_id,
            to_major_currency_units(ought, currency),
            to_major_currency_units(have, currency),
            detail=", ".join(pot for _gap, _ought, _have, pot in gaps),
        )

    def _get_booked(self, company):
        """Return what the books say, in minor units by (pot, contact, currency)."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.role, line.partner_id, line.currency_id,
                       ROUND(SUM(line.amount)
                             * (10 ^ currency.decimal_places)::numeric)
                  FROM (%s) line JOIN res_currency currency
                    ON currency.id = line.currency_id
                 GROUP BY line.role, line.partner_id, line.currency_id, currency.id
                """,
                self._get_lines(company),
            )
        )
        return {
            (role, partner, currency): SIGNS[role] * int(amount)
            for role, partner, currency, amount in rows
            if amount
        }

    def _iterate_movements(self, company):
        """Yield what Mangopay did, added up by kind, buyer and seller."""
        query = SQL(
            """
            SELECT kind, SUM(amount)::bigint, currency_id, buyer_id, seller_id, is_sold
              FROM (%s) movement
             GROUP BY kind, currency_id, buyer_id, seller_id, is_sold
            """,
            SQL(" UNION ALL ").join(self._get_movement_statements(company)),
        )
        self.env.cr.execute(query)
        while rows := self.env.cr.fetchmany(ROWS):
            for row in rows:
                yield Movement(*row)

    def _get_movement_statements(self, company):
        """Hook: return statements that give kind, amount (minor units), currency_id,
        buyer_id, seller_id and is_sold of what Mangopay did."""
        return [
            self._get_payment_movements(company),
            self._get_refund_movements(company),
            self._get_transfer_movements(company),
        ]

    def _get_done(self, company, kind):
        """Return the operations of a kind that Mangopay did and that are followed."""
        return SQL(
            """
            SELECT id, res_model, res_id, amount_minor, currency_id, provider_reference
              FROM mangopay_operation
             WHERE company_id = %s AND kind = %s
               AND state = 'succeeded' AND is_followed_up
            """,
            company.id,
            kind,
        )

    def _get_payment_movements(self, company):
        return SQL(
            """
            SELECT 'payin' AS kind, operation.amount_minor AS amount,
                   operation.currency_id, holder.partner_id AS buyer_id,
                   sale.seller_id, sale.state = 'confirmed' AS is_sold
              FROM (%s) operation
              JOIN payment_transaction tx ON tx.id = operation.res_id
              JOIN mangopay_wallet wallet ON wallet.id = tx.mangopay_wallet_id
              JOIN mangopay_user holder ON holder.id = wallet.user_id
              LEFT JOIN marketplace_sale sale ON sale.tx_id = tx.id
             WHERE operation.res_model = 'payment.transaction'
            """,
            self._get_done(company, "payin"),
        )

    def _get_refund_movements(self, company):
        """What went back to buyers, wherever it was asked: a refund made in Mangopay's
        dashboard has no operation, and is known by its payment."""
        return SQL(
            """
            SELECT 'payin_refund', COALESCE(operation.amount_minor,
                       ROUND(-refund.amount * (10 ^ currency.decimal_places)::numeric)),
                   refund.currency_id, holder.partner_id, sale.seller_id,
                   sale.state = 'confirmed'
              FROM payment_transaction refund
              JOIN payment_transaction tx ON tx.id = refund.source_transaction_id
              JOIN res_currency currency ON currency.id = refund.currency_id
              JOIN mangopay_wallet wallet ON wallet.id = tx.mangopay_wallet_id
              JOIN mangopay_user holder ON holder.id = wallet.user_id
              LEFT JOIN marketplace_sale sale ON sale.tx_id = tx.id
              LEFT JOIN (%s) operation ON operation.res_id = refund.id
               AND operation.res_model = 'payment.transaction'
             WHERE refund.company_id = %s AND refund.operation = 'refund'
               AND (operation.id IS NOT NULL
                    OR refund.state = 'done' AND NOT EXISTS (
                       SELECT 1 FROM mangopay_operation asked
                        WHERE asked.kind = 'payin_refund'
                          AND asked.res_model = 'payment.transaction'
                          AND asked.res_id = refund.id))
            """,
            self._get_done(company, "payin_refund"),
            company.id,
        )

    def _get_transfer_movements(self, company):
        return SQL(
            """
            SELECT operation.kind, operation.amount_minor, operation.currency_id,
                   holder.partner_id, sale.seller_id, TRUE
              FROM (SELECT 'transfer' AS kind, one.*, one.res_id AS sale_id
                      FROM (%(transfers)s) one
                     WHERE one.res_model = 'marketplace.sale'
                     UNION ALL
                    SELECT 'transfer_refund', one.*, sale.id
                      FROM (%(backs)s) one
                      JOIN payment_transaction refund ON refund.id = one.res_id
                      JOIN marketplace_sale sale
                        ON sale.tx_id = refund.source_transaction_id
                     WHERE one.res_model = 'payment.transaction') operation
              JOIN marketplace_sale sale ON sale.id = operation.sale_id
              JOIN payment_transaction tx ON tx.id = sale.tx_id
              JOIN mangopay_wallet wallet ON wallet.id = tx.mangopay_wallet_id
              JOIN mangopay_user holder ON holder.id = wallet.user_id
            """,
            transfers=self._get_done(company, "transfer"),
            backs=self._get_done(company, "transfer_refund"),
        )
