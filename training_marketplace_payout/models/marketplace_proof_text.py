# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import models
from odoo.tools import SQL, format_date

from .res_company_marketplace import ACCOUNT_FIELDS

# Columns of the sellers' table, with the kinds of movement that each adds up.
COLUMNS = {
    "sold": ("purchase", "release"),
    "refunded": ("refund",),
    "paid": ("payout", "payout_fees"),
    "returned": ("payout_return",),
}


class MarketplaceProof(models.AbstractModel):
    """The whole proof as a text, for an auditor (facts 4.6). Nothing is written."""

    _inherit = "marketplace.proof"

    def _describe(self, company, as_of=None):
        """Tell the proof of a company.

        :param date as_of: the last day of the balances; today without one. The checks
            are of now, whatever the day: they look at the whole history.
        :return: (lines of text, how many differences and failed checks there are)
        """
        as_of = as_of or company._get_marketplace_today()
        results = self._prove(company)
        lines = [
            self.env._(
                "Proof of the marketplace of %(company)s, balances on %(day)s",
                company=company.name,
                day=format_date(self.env, as_of),
            ),
            "",
            *self._describe_checks(results),
            "",
            *self._describe_accounts(company, as_of),
            "",
            *self._describe_sellers(company, as_of),
            "",
            *self._describe_differences(results),
        ]
        wrong = sum(len(one.differences) + bool(one.error) for one in results)
        return lines, wrong

    def _describe_checks(self, results):
        sentences = dict(self._selection_checks())
        ok, failed = self.env._("holds"), self.env._("FAILED: %s")
        differs = self.env._("%s DIFFERENCES")
        lines = []
        for one in results:
            verdict = ok
            if one.differences:
                verdict = differs % len(one.differences)
            if one.error:
                verdict = failed % one.error.splitlines()[0]
            title = sentences[one.code]
            lines.append(f"  {title:<60} {verdict}  ({one.duration:.2f} s)")
        return [self.env._("Checks"), *lines]

    def _describe_accounts(self, company, as_of):
        company_sudo = company.sudo()
        accounts = [company_sudo[name] for name in ACCOUNT_FIELDS.values()]
        accounts.append(company_sudo.marketplace_income_account_id)
        ids = tuple({account.id for account in accounts if account}) or (0,)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.account_id, SUM(line.balance)
                  FROM account_move_line line
                 WHERE line.company_id = %s AND line.parent_state = 'posted'
                   AND line.account_id IN %s AND line.date <= %s
                 GROUP BY line.account_id
                """,
                company.id,
                ids,
                as_of,
            )
        )
        balances = dict(rows)
        lines = [self.env._("Balances of the accounts (%s)", company.currency_id.name)]
        for account in dict.fromkeys(accounts):
            balance = balances.get(account.id, 0)
            if account:
                name = f"{account.with_company(company).code} {account.name}"
                lines.append(f"  {name[:58]:<58} {balance:>16,.2f}")
        waiting = self.env["marketplace.entry"].search_count(
            [("company_id", "=", company.id), ("state", "in", ("todo", "blocked"))]
        )
        return [
            *lines,
            "  " + self.env._("Movements that wait to be booked: %s", waiting),
        ]

    def _describe_sellers(self, company, as_of):
        _ = self.env._
        names = [_("sold"), _("refunded"), _("paid out"), _("returned"), _("other")]
        names += [_("owed"), _("in wallet")]
        header = "".join(f"{name:>14}" for name in names)
        lines = [_("Sellers"), f"  {'':<32}{header}"]
        totals = {}
        for partner, currency, *amounts in self._sum_sellers(company, as_of):
            label = f"{partner} ({currency})"
            cells = "".join(f"{amount:>14,.2f}" for amount in amounts)
            lines.append(f"  {label[:31]:<32}{cells}")
            total = totals.setdefault(currency, [0] * len(amounts))
            totals[currency] = [a + b for a, b in zip(total, amounts, strict=True)]
        for currency, amounts in totals.items():
            cells = "".join(f"{amount:>14,.2f}" for amount in amounts)
            lines.append(f"  {_('Total')[:20] + ' ' + currency:<32}{cells}")
        return lines

    def _sum_sellers(self, company, as_of):
        """Return, of each seller and currency, what its movements add up to, by
        column, what it is owed and what is in its wallet."""
        zone = ZoneInfo(company._get_marketplace_zone())
        end = datetime.combine(as_of + timedelta(days=1), time(), tzinfo=zone)
        known = tuple(kind for kinds in COLUMNS.values() for kind in kinds)
        query = SQL(
            """
            SELECT partner.name, currency.name, %(columns)s,
                   -SUM(amount) FILTER (
                       WHERE role = 'seller' AND kind NOT IN %(known)s),
                   -SUM(amount) FILTER (WHERE role = 'seller'),
                   SUM(amount) FILTER (WHERE role = 'wallet')
              FROM (SELECT entry.kind, entry.currency_id, part->>0 AS role,
                           (part->>1)::int AS partner_id, (part->>2)::numeric
                           / (10 ^ currency.decimal_places)::numeric AS amount
                      FROM marketplace_entry entry
                      JOIN res_currency currency ON currency.id = entry.currency_id,
                           jsonb_array_elements(entry.lines) part
                     WHERE entry.company_id = %(company)s AND entry.date < %(end)s
                   ) line
              JOIN res_partner partner ON partner.id = line.partner_id
              JOIN res_currency currency ON currency.id = line.currency_id
             WHERE role IN ('seller', 'wallet')
             GROUP BY partner.id, currency.id
            HAVING BOOL_OR(role = 'seller')
             ORDER BY partner.name, partner.id, currency.name
            """,
            columns=SQL(", ").join(
                SQL("-SUM(amount) FILTER (WHERE role = 'seller' AND kind IN %s)", kinds)
                for kinds in COLUMNS.values()
            ),
            known=known,
            company=company.id,
            end=end.astimezone(UTC).replace(tzinfo=None),
        )
        return [
            (*row[:2], *(float(one or 0) for one in row[2:]))
            for row in self.env.execute_query(query)
        ]

    def _describe_differences(self, results):
        lines = []
        for result in results:
            for one in result.differences:
                currency = self.env["res.currency"].browse(one.currency_id or ())
                record = self.env[one.model].browse(one.res_id).exists()
                name = record.display_name if record else ""
                lines.append(
                    f"  {one.check:<14} {one.model},{one.res_id} {name}: "
                    f"{one.expected:,.2f} → {one.found:,.2f} {currency.name or ''} "
                    f"{one.detail}".rstrip()
                )
        return [self.env._("Differences: expected → found"), *lines] if lines else []
