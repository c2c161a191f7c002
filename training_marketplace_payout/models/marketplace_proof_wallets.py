# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.payment.utils import to_major_currency_units

from ..services.mangopay_errors import GatewayError
from .marketplace_proof import Difference
from .marketplace_proof_mangopay import BATCH

_logger = logging.getLogger(__name__)
# What moved within these minutes may be here and not yet there, or the other way.
FRESH = "15 minutes"
# An operation that moves money, and whose entry may not be written down yet.
UNDER_WAY = """
    operation.account_id = %s AND operation.amount_minor > 0
    AND (operation.state NOT IN ('succeeded', 'failed')
         OR operation.is_followed_up IS NOT TRUE)
"""
# A wallet that has not moved for that long was compared since.
WINDOW = "31 days"
# Buyers' wallets in which something moved since they were compared.
DUE_WALLETS = """
    SELECT wallet.id
      FROM mangopay_wallet wallet
      JOIN mangopay_user holder ON holder.id = wallet.user_id
       AND holder.account_id = %s AND holder.category = 'PAYER'
      JOIN res_partner partner ON partner.id = holder.partner_id
       AND partner.is_marketplace_seller IS NOT TRUE
      JOIN (SELECT tx.mangopay_wallet_id, MAX(entry.create_date) AS moved
              FROM marketplace_entry entry
              JOIN payment_transaction tx ON tx.id = entry.transaction_id
             WHERE entry.create_date > NOW() AT TIME ZONE 'UTC'
                                       - %s::interval
             GROUP BY tx.mangopay_wallet_id) moved
        ON moved.mangopay_wallet_id = wallet.id
     WHERE wallet.mangopay_id IS NOT NULL
       AND moved.moved < NOW() AT TIME ZONE 'UTC' - %s::interval
       AND (moved.moved > wallet.date_compared
            OR wallet.date_compared IS NULL
            OR EXISTS (SELECT 1 FROM marketplace_exception exception
                        WHERE exception.check_code = 'wallet'
                          AND exception.res_id = wallet.id
                          AND exception.state != 'closed'
                          AND exception.date_last < NOW()
                              AT TIME ZONE 'UTC' - INTERVAL '20 hours'))
     ORDER BY wallet.id LIMIT %s
"""


class MangopayWallet(models.Model):
    _inherit = "mangopay.wallet"

    date_compared = fields.Datetime(
        string="Compared on",
        readonly=True,
        help="When what is in it was last compared with the books.",
    )


class MarketplaceProofRun(models.Model):
    """What Mangopay says is in buyers' wallets."""

    _inherit = "marketplace.proof.run"

    def _compare_wallets(self, account, gateway):
        """Compare the wallets of buyers in which something moved.

        :return: (how many were compared, how many differ, whether some are left)
        """
        company = account.company_id
        wallets = self._find_due_wallets(account)
        amounts, is_paused = self._look_at_wallets(gateway, wallets)
        own, is_paused_too = (
            ({}, True) if is_paused else self._look_at_own(gateway, company)
        )
        self.env["ir.cron"]._commit_progress()
        self.env.invalidate_all()
        moving = self._find_moving(account)
        still = wallets.filtered(lambda one: one.id in amounts and one.id not in moving)
        found = self._compare_buyers(company, still, amounts)
        if own and not self._is_own_moving(account):
            found += self._compare_own(company, own)
        is_left = is_paused_too or len(wallets) == BATCH
        return len(still) + len(own), found, is_left

    def _find_due_wallets(self, account):
        """Return buyers' wallets in which something moved since they were compared.

        A seller who buys has both its wallets under one contact in the books, and one
        of them is not shown: they are counted by the other checks only.
        """
        query = SQL(DUE_WALLETS, account.id, WINDOW, FRESH, BATCH)
        rows = self.env.execute_query(query)
        wallets_sudo = self.env["mangopay.wallet"].sudo()
        return wallets_sudo.browse(one for [one] in rows)

    def _look_at_wallets(self, gateway, wallets):
        """Ask for what is in wallets; return (minor units by wallet, paused)."""
        amounts = {}
        for wallet in wallets:
            try:
                payload = gateway.wallet(wallet.mangopay_id)
            except GatewayError as error:
                _logger.info("Wallet %s not compared: %s", wallet.id, error)
                if error.retryable:
                    return amounts, True
                continue
            amounts[wallet.id] = (payload.get("Balance") or {}).get("Amount") or 0
        return amounts, False

    def _find_moving(self, account):
        """Return buyers' wallets whose money is moving: compared another night."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(tx.mangopay_wallet_id, source.mangopay_wallet_id,
                                paid.mangopay_wallet_id)
                  FROM mangopay_operation operation
                  LEFT JOIN payment_transaction tx
                    ON operation.res_model = 'payment.transaction'
                   AND tx.id = operation.res_id
                  LEFT JOIN payment_transaction source
                    ON source.id = tx.source_transaction_id
                  LEFT JOIN marketplace_sale sale
                    ON operation.res_model = 'marketplace.sale'
                   AND sale.id = operation.res_id
                  LEFT JOIN payment_transaction paid ON paid.id = sale.tx_id
                 WHERE %(under_way)s
                 UNION
                SELECT tx.mangopay_wallet_id
                  FROM marketplace_entry entry
                  JOIN payment_transaction tx ON tx.id = entry.transaction_id
                 WHERE entry.company_id = %(company)s
                   AND entry.create_date > NOW() AT TIME ZONE 'UTC'
                                           - %(fresh)s::interval
                """,
                under_way=SQL(UNDER_WAY, account.id),
                company=account.company_id.id,
                fresh=FRESH,
            )
        )
        return {one for [one] in rows}

    def _compare_buyers(self, company, wallets, amounts):
        """Write down which of these wallets differ; return how many."""
        booked = self._get_buyers_booked(company, wallets)
        differences = []
        for wallet in wallets:
            key = (wallet.partner_id.id, wallet.currency_id.id)
            ought, have = booked.get(key, 0), amounts[wallet.id]
            if ought != have:
                differences.append(self._differ_wallet(wallet, ought, have))
        wallets.date_compared = fields.Datetime.now()
        self.env["marketplace.exception"]._record(
            company, ("wallet",), differences, (wallets._name, wallets.ids)
        )
        return len(differences)

    def _differ_wallet(self, wallet, expected, found):
        currency = wallet.currency_id
        return Difference(
            "wallet",
            wallet._name,
            wallet.id,
            currency.id,
            to_major_currency_units(expected, currency),
            to_major_currency_units(found, currency),
            detail=wallet.mangopay_id,
        )

    def _get_buyers_booked(self, company, wallets):
        proof = self.env["marketplace.proof"]
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.partner_id, line.currency_id,
                       ROUND(SUM(line.amount)
                             * (10 ^ currency.decimal_places)::numeric)
                  FROM (%s) line
                  JOIN res_currency currency ON currency.id = line.currency_id
                 WHERE line.role = 'wallet' AND line.partner_id IN %s
                 GROUP BY line.partner_id, line.currency_id, currency.id
                """,
                proof._get_lines(company),
                tuple(wallets.partner_id.ids) or (0,),
            )
        )
        return {(partner, currency): int(amount) for partner, currency, amount in rows}
