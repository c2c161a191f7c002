# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..services.invoice_series import make_number


class MarketplaceInvoiceSeries(models.Model):
    """The numbers given to a seller's invoices, or credit notes, of one year.

    A series proper to each seller, chronological and without gap (CGI ann. II art.
    242 nonies A 7°; BOI-TVA-DECLA-30-20-20-10). A number is taken under the lock of
    its row, in the transaction that freezes the document: a rollback gives it back.
    """

    _name = "marketplace.invoice.series"
    _description = "Series of a Seller's Invoices"
    _order = "contract_id, kind, year"
    _rec_name = "year"

    contract_id = fields.Many2one(
        "marketplace.seller", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="contract_id.company_id")
    kind = fields.Selection(
        selection=[("invoice", "Invoices"), ("credit_note", "Credit notes")],
        required=True,
        readonly=True,
    )
    year = fields.Integer(required=True, readonly=True, aggregator=None)
    last_rank = fields.Integer(readonly=True, aggregator=None)
    last_date = fields.Date(readonly=True)
    last_seal = fields.Char(readonly=True)

    _year_unique = models.UniqueIndex("(contract_id, kind, year)")

    def _take(self, contract, kind, today):
        """Take the next number of a seller, and lock its series until the commit.

        Two at once: the second one waits, then fails to serialize (REPEATABLE READ)
        and is played again by Odoo or by the job, with the number after.

        :param date today: the day of the document, unless the last one is later
        :return: (series, dict of ``rank``, ``date``, ``number`` and ``previous``, the
            seal of the document before, of the year before maybe)
        :raise UserError: when the number would not be one that platforms take
        """
        last = self.sudo().search(
            [("contract_id", "=", contract.id), ("kind", "=", kind)],
            order="year desc",
            limit=1,
        )
        date = max(today, last.last_date or today)
        series = self._lock(contract, kind, date.year)
        rank = series.last_rank + 1
        prefix = contract.company_id._get_marketplace_prefix(kind)
        try:
            number = make_number(prefix, contract.series_code or "", date.year, rank)
        except ValueError as error:
            raise UserError(
                self.env._(
                    "« %(number)s » is no valid number: twenty characters at most. "
                    "Change the prefix in the settings.",
                    number=str(error),
                )
            ) from error
        return series, {
            "rank": rank,
            "date": date,
            "number": number,
            "previous": series.last_seal or last.last_seal or "",
        }

    def _lock(self, contract, kind, year):
        """Return the series of a year, made if need be, locked and read after."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO marketplace_invoice_series
                            (contract_id, kind, year, last_rank,
                             create_uid, create_date, write_uid, write_date)
                     VALUES (%(contract)s, %(kind)s, %(year)s, 0,
                             %(uid)s, NOW() AT TIME ZONE 'UTC',
                             %(uid)s, NOW() AT TIME ZONE 'UTC')
                ON CONFLICT (contract_id, kind, year) DO NOTHING
                """,
                contract=contract.id,
                kind=kind,
                year=year,
                uid=self.env.uid,
            ),
            log_exceptions=False,
        )
        series = self.sudo().search(
            [
                ("contract_id", "=", contract.id),
                ("kind", "=", kind),
                ("year", "=", year),
            ]
        )
        self.env.cr.execute(
            SQL(
                "SELECT id FROM marketplace_invoice_series WHERE id = %s FOR UPDATE",
                series.id,
            ),
            log_exceptions=False,
        )
        series.invalidate_recordset()
        return series

    def _close(self, rank, date, seal):
        """Write down the document that took the number."""
        self.ensure_one()
        self.write({"last_rank": rank, "last_date": date, "last_seal": seal})
