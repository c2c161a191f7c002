# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

from odoo.addons.payment.utils import to_major_currency_units

from ..services.mangopay_errors import GatewayError
from .marketplace_proof import Difference
from .marketplace_proof_wallets import FRESH, UNDER_WAY

# The operator's wallets at Mangopay, by the role of their account.
OWN = {"fees": "FEES", "repudiation": "CREDIT"}


class MarketplaceProofRun(models.Model):
    """What Mangopay says is in the operator's own wallets (I3)."""

    _inherit = "marketplace.proof.run"

    def _look_at_own(self, gateway, company):
        """Ask for the operator's own wallets, of fees and of disputes.

        :return: (minor units by (role, currency), whether Mangopay wants a pause)
        """
        amounts = {}
        for role, currency_id in self._get_own_booked(company):
            currency = self.env["res.currency"].browse(currency_id)
            try:
                payload = gateway.client_wallet(OWN[role], currency.name)
            except GatewayError as error:
                if error.status == 404:
                    amounts[role, currency_id] = 0
                    continue
                return {}, error.retryable
            balance = payload.get("Balance") or {}
            amounts[role, currency_id] = balance.get("Amount") or 0
        return amounts, False

    def _is_own_moving(self, account):
        """Tell whether the operator's own wallets are moving: compared another night.

        Only what pays into them or takes from them does: a payout that nets something,
        a dispute. What credits a seller's wallet does not, and may wait for weeks: a
        top-up is asked of Mangopay long before the operator wires it.
        """
        [[is_moving]] = self.env.execute_query(
            SQL(
                """
                SELECT EXISTS (
                    SELECT 1 FROM mangopay_operation operation
                      LEFT JOIN marketplace_payout payout
                        ON operation.res_model = 'marketplace.payout'
                       AND payout.id = operation.res_id
                     WHERE %(under_way)s
                       AND (operation.kind = 'settlement'
                            OR operation.kind = 'payout' AND payout.fee_amount > 0)
                ) OR EXISTS (
                    SELECT 1 FROM marketplace_entry entry,
                           jsonb_array_elements(entry.lines) part
                     WHERE entry.company_id = %(company)s
                       AND entry.create_date > NOW() AT TIME ZONE 'UTC'
                                               - %(fresh)s::interval
                       AND part->>0 IN %(roles)s)
                """,
                under_way=SQL(UNDER_WAY, account.id),
                company=account.company_id.id,
                fresh=FRESH,
                roles=tuple(OWN),
            )
        )
        return is_moving

    def _get_own_booked(self, company):
        """Return what the books say is the operator's at Mangopay, in minor units by
        (role, currency); what waits to be booked included."""
        company_sudo = company.sudo()
        accounts = {
            role: company_sudo[f"marketplace_{role}_account_id"].id for role in OWN
        }
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT role, currency_id, ROUND(SUM(minor)) FROM (
                    SELECT CASE line.account_id WHEN %(fees)s THEN 'fees'
                           ELSE 'repudiation' END AS role, line.currency_id,
                           line.amount_currency
                           * (10 ^ currency.decimal_places)::numeric AS minor
                      FROM account_move_line line
                      JOIN res_currency currency ON currency.id = line.currency_id
                     WHERE line.company_id = %(company)s
                       AND line.parent_state = 'posted'
                       AND line.account_id IN (%(fees)s, %(repudiation)s)
                     UNION ALL
                    SELECT part->>0, entry.currency_id, (part->>2)::numeric
                      FROM marketplace_entry entry,
                           jsonb_array_elements(entry.lines) part
                     WHERE entry.company_id = %(company)s
                       AND entry.state IN ('todo', 'blocked')
                       AND part->>0 IN ('fees', 'repudiation')) line
                 GROUP BY role, currency_id ORDER BY role, currency_id
                """,
                company=company.id,
                fees=accounts["fees"] or None,
                repudiation=accounts["repudiation"] or None,
            )
        )
        return {(role, currency): int(amount) for role, currency, amount in rows}

    def _compare_own(self, company, amounts):
        """Write down how the operator's wallets differ from its books (I3)."""
        booked = self._get_own_booked(company)
        gaps = {}
        for key, have in amounts.items():
            ought = booked.get(key, 0)
            if ought != have:
                role, currency_id = key
                # One row for a currency: the wallet of fees speaks first.
                gaps.setdefault(currency_id, (role, ought, have))
        differences = []
        for currency_id, (role, ought, have) in gaps.items():
            currency = self.env["res.currency"].browse(currency_id)
            differences.append(
                Difference(
                    "fees",
                    "res.company",
                    company.id,
                    currency_id,
                    to_major_currency_units(ought, currency),
                    to_major_currency_units(have, currency),
                    detail=OWN[role],
                )
            )
        self.env["marketplace.exception"]._record(company, ("fees",), differences)
        return len(differences)
