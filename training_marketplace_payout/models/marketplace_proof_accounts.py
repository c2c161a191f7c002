# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL


class MarketplaceProof(models.AbstractModel):
    """Where the journals of the marketplace may write (facts 4.5, I3 and I8).

    Other people's money is no income: none of it is in a class 7 account, in the VAT,
    or asked of a buyer as a claim of the operator.
    """

    _inherit = "marketplace.proof"

    def _get_checks(self):
        return [
            *super()._get_checks(),
            ("I3", self._check_own_money),
            ("I8", self._check_income),
            ("I8", self._check_taxes),
            ("I8", self._check_claims),
            ("I10", self._check_journal_numbers),
        ]

    def _get_journals(self, company):
        company_sudo = company.sudo()
        journals_sudo = (
            company_sudo.marketplace_journal_id
            | company_sudo.marketplace_commission_journal_id
        )
        return tuple(journals_sudo.ids) or (0,)

    def _check_own_money(self, company):
        """I3: the operator's wallet of fees never gave more than it had."""
        query = SQL(
            """
            SELECT %(company)s, line.currency_id, 0, SUM(line.amount_currency)
              FROM account_move_line line
             WHERE line.company_id = %(company)s AND line.parent_state = 'posted'
               AND line.account_id = %(fees)s
             GROUP BY line.currency_id
            HAVING ROUND(SUM(line.amount_currency), 4) < 0
            """,
            company=company.id,
            fees=company.sudo().marketplace_fees_account_id.id or None,
        )
        return self._find("I3", "res.company", query)

    def _check_income(self, company):
        """I8: these journals write in no other account of income than commissions'."""
        query = SQL(
            """
            SELECT line.move_id, MIN(line.currency_id), 0,
                   SUM(ABS(line.amount_currency))
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
             WHERE line.company_id = %s AND line.parent_state = 'posted'
               AND line.journal_id IN %s
               AND account.account_type IN ('income', 'income_other')
               AND account.id IS DISTINCT FROM %s
             GROUP BY line.move_id
            """,
            company.id,
            self._get_journals(company),
            company.sudo().marketplace_income_account_id.id or None,
        )
        return self._find("I8", "account.move", query)

    def _check_taxes(self, company):
        """I8: a movement of other people's money bears no VAT of the operator."""
        query = SQL(
            """
            SELECT line.move_id, MIN(line.currency_id), 0,
                   SUM(ABS(line.amount_currency))
              FROM account_move_line line
             WHERE line.company_id = %s AND line.parent_state = 'posted'
               AND line.journal_id = %s AND line.tax_line_id IS NOT NULL
             GROUP BY line.move_id
            """,
            company.id,
            company.sudo().marketplace_journal_id.id or None,
        )
        return self._find("I8", "account.move", query)

    def _check_claims(self, company):
        """I8: no buyer owes the operator anything: claims are on sellers."""
        query = SQL(
            """
            SELECT line.move_id, MIN(line.currency_id), 0,
                   SUM(ABS(line.amount_currency))
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
              LEFT JOIN res_partner partner ON partner.id = line.partner_id
              LEFT JOIN res_partner owner ON owner.id = partner.commercial_partner_id
             WHERE line.company_id = %s AND line.parent_state = 'posted'
               AND line.journal_id IN %s
               AND account.account_type = 'asset_receivable'
               AND owner.is_marketplace_seller IS NOT TRUE
             GROUP BY line.move_id
            """,
            company.id,
            self._get_journals(company),
        )
        return self._find("I8", "account.move", query)

    def _check_journal_numbers(self, company):
        """I10: no number is missing in the operator's own series: its commissions, and
        the movements of other people's money.

        Counted from the numbers themselves: what Odoo notes of a gap
        (`made_sequence_gap`) does not see a row that was deleted behind its back.
        """
        query = SQL(
            """
            SELECT id, NULL, before + 1, number
              FROM (SELECT move.id, move.state, move.sequence_number AS number,
                           COALESCE(LAG(move.sequence_number) OVER (
                               PARTITION BY move.journal_id, move.sequence_prefix
                                   ORDER BY move.sequence_number), 0) AS before
                      FROM account_move move
                     WHERE move.company_id = %s AND move.journal_id IN %s
                       AND move.sequence_number > 0) move
             WHERE state = 'posted' AND number > before + 1
             ORDER BY id
            """,
            company.id,
            self._get_journals(company),
        )
        return self._find("I10", "account.move", query)
