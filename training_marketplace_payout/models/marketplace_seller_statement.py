# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

from odoo.addons.payment.utils import (
    to_major_currency_units,
    to_minor_currency_units,
)

from ..services.commission_vat import Case, count_reverse_charge
from ..services.marketplace_entries import Kind
from ..services.seller_books import (
    COMMISSION_INVOICE,
    DISPUTE_DEBT,
    Book,
    Movement,
    Role,
    check_accounts,
    write_file,
)

REPORT = "training_marketplace_payout.seller_statement_report"
TEMPLATE = "training_marketplace_payout.seller_statement_document"
#: What a seller owes for lost disputes, and owes no more.
DEBT_SIGNS = {Kind.DISPUTE_DEBT.value: 1, Kind.DISPUTE_DEBT_BACK.value: -1}
#: Lines that a printed statement details; the accounting file has them all.
MAX_PRINTED = 1000


class MarketplaceSeller(models.Model):
    """A seller's month: the account that its mandatary renders, as a document, and the
    entries of the seller's own books, as a file to import (B20).

    Both are made from the lines of the balance: anew each time while the month lasts,
    once when it is over (`marketplace.seller.statement`).
    """

    _inherit = "marketplace.seller"

    ledger_accounts = fields.Json(
        string="Accounts of its own books",
        copy=False,
        help="Of the accounting file that the seller downloads.",
    )

    def _get_statement_months(self, currency, sums=None):
        """Return the first days of the months that have a statement, newest first: the
        present one too, which is not over."""
        sums = self._get_ledger_months(currency) if sums is None else sums
        months = {one.month for one in sums}
        moves_sudo = self._get_commission_invoices(currency)
        months |= set(self._map_told_months(moves_sudo, currency).values())
        return sorted(months, reverse=True)

    def _name_month(self, month):
        return format_date(self.env, month, date_format="MMMM yyyy")

    def _is_month_over(self, month):
        self.ensure_one()
        today = self._get_operator_today()
        return month + relativedelta(months=1) <= today

    def _get_commission_invoices(self, currency, month=None):
        """Return the commission invoices and credit notes that the seller received.

        :param date month: in whose statement they are; all by default
        """
        self.ensure_one()
        moves_sudo = (
            self.env["account.move"]
            .sudo()
            .search(
                [
                    ("marketplace_settlement_id", "!=", False),
                    ("partner_id", "=", self.partner_id.id),
                    ("company_id", "=", self.company_id.id),
                    ("state", "=", "posted"),
                    ("currency_id", "=", currency.id),
                ],
                order="invoice_date, id",
            )
        )
        if not month:
            return moves_sudo
        months = self._map_told_months(moves_sudo, currency)
        return moves_sudo.filtered(lambda move: months[move.id] == month)

    def _get_advances(self, currency, before):
        """Return what the seller still owes the operator, in minor units."""
        company_sudo = self.sudo().company_id
        ((amount,),) = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [
                    ("account_id", "=", company_sudo.marketplace_debit_account_id.id),
                    ("partner_id", "=", self.partner_id.id),
                    ("company_id", "=", company_sudo.id),
                    ("currency_id", "=", currency.id),
                    ("date", "<", before),
                    ("parent_state", "=", "posted"),
                ],
                [],
                ["amount_currency:sum"],
            )
        )
        return to_minor_currency_units(amount or 0, currency)

    # The seller's own books

    def _get_month_movements(self, currency, month):
        """Return what the seller enters for a month, in its order.

        :rtype: list[services.seller_books.Movement]
        """
        lines = self._get_ledger_lines(currency, month)[::-1]
        details = self._explain_ledger_lines(lines, currency)
        movements = [details[line.id]["movement"] for line in lines]
        movements += [
            self._make_commission_movement(move)
            for move in self._get_commission_invoices(currency, month)
        ]
        movements += self._get_debt_movements(currency, month)
        return sorted(movements, key=lambda movement: movement.day)

    def _make_commission_movement(self, move):
        sign = -1 if move.move_type == "out_refund" else 1
        amount = sign * to_minor_currency_units(move.amount_total, move.currency_id)
        is_reverse = move.marketplace_settlement_id.vat_case == Case.REVERSE_CHARGE
        country = self.partner_id.country_id.code
        return Movement(
            COMMISSION_INVOICE,
            move.invoice_date,
            move.name,
            self.env._("Commissions of %(operator)s", operator=move.company_id.name),
            amount,
            sign * to_minor_currency_units(move.amount_tax, move.currency_id),
            reverse=count_reverse_charge(amount, country) if is_reverse else 0,
        )

    def _get_debt_entries(self, currency):
        """Return lost disputes that became a debt, or are one no more: no money of the
        seller moved."""
        company_sudo = self.sudo().company_id
        return (
            self.env["marketplace.entry"]
            .sudo()
            .search(
                [
                    ("kind", "in", list(DEBT_SIGNS)),
                    ("company_id", "=", company_sudo.id),
                    ("currency_id", "=", currency.id),
                    ("dispute_id.seller_id", "=", self.partner_id.id),
                    ("move_id", "!=", False),
                ]
            )
        )

    def _get_debt_movements(self, currency, month):
        entries_sudo = self._get_debt_entries(currency)
        kinds = dict(entries_sudo._fields["kind"]._description_selection(self.env))
        months = self._map_told_months(entries_sudo.move_id, currency)
        return [
            Movement(
                DISPUTE_DEBT,
                entry.move_id.date,
                entry.reference or entry.move_id.name,
                kinds[entry.kind],
                DEBT_SIGNS[entry.kind]
                * to_minor_currency_units(entry.amount, currency),
            )
            for entry in entries_sudo
            if months[entry.move_id.id] == month
        ]

    def _get_account_labels(self):
        """Return what each account of the seller's books is for."""
        _ = self.env._
        operator = self.company_id.name
        return {
            Role.OPERATOR: _("%(operator)s, money collected", operator=operator),
            Role.ADVANCE: _("%(operator)s, advances to give back", operator=operator),
            Role.SUPPLIER: _("%(operator)s, supplier", operator=operator),
            Role.SALES: _("Training sold"),
            Role.VAT_COLLECTED: _("VAT collected"),
            Role.COMMISSION: _("Commissions on sales"),
            Role.VAT_DEDUCTIBLE: _("VAT deductible"),
            Role.VAT_REVERSE: _("VAT due on purchases in the European Union"),
            Role.BANK: _("Bank"),
            Role.SUSPENSE: _("To be allocated"),
        }

    def _write_ledger_file(self, currency, month, movements=None, deducts_vat=None):
        """Return the accounting file of a month, for the seller's software.

        :param movements: those that were issued; of the balance by default
        :param bool deducts_vat: as it was then
        :rtype: bytes
        """
        self.ensure_one()
        _ = self.env._
        if movements is None:
            movements = self._get_month_movements(currency, month)
            deducts_vat = self.vat_regime == "taxable"
        book = Book(
            check_accounts(self.ledger_accounts or {})[0],
            self._get_account_labels(),
            {
                "VE": _("Sales"),
                "AC": _("Purchases"),
                "BQ": _("Bank"),
                "OD": _("Other entries"),
            },
            currency.name,
            currency.decimal_places,
            deducts_vat,
            month,
        )
        text = write_file(movements, f"{month:%Y-%m}", book)
        return text.encode("utf-8-sig")

    # The document

    def _print_statement(self, currency, month):
        """Return the statement of a month as a PDF.

        :raise UserError: when it cannot be printed
        """
        self.ensure_one()
        html = self.env["ir.qweb"]._render(
            TEMPLATE, self._prepare_statement_values(currency, month)
        )
        reports = self.env["ir.actions.report"].sudo()
        pdf = reports._run_wkhtmltopdf([f"<!DOCTYPE html>{html}"], report_ref=REPORT)
        if not pdf:
            raise UserError(self.env._("The statement cannot be printed now."))
        return pdf

    def _prepare_statement_values(self, currency, month):
        end = month + relativedelta(months=1)
        lines = self._get_ledger_lines(currency, month)[::-1]
        shown = lines[:MAX_PRINTED]

        def money(minor):
            amount = to_major_currency_units(minor, currency)
            return formatLang(self.env, amount, currency_obj=currency)

        return {
            "contract": self,
            "seller": self._get_invoice_party(),
            "operator": self.company_id.partner_id._get_invoice_party(),
            "currency": currency,
            "month": self._name_month(month),
            "first": month,
            "last": end - relativedelta(days=1),
            "is_over": self._is_month_over(month),
            "today": self._get_operator_today(),
            "day": lambda value: format_date(self.env, value),
            "money": money,
            "minor": lambda amount: to_minor_currency_units(amount, currency),
            "statement": self._get_statement(currency, month),
            "groups": self._get_ledger_groups(),
            "lines": shown,
            "left_out": len(lines) - len(shown),
            "details": self._explain_ledger_lines(shown, currency),
            "commissions": self._get_commission_invoices(currency, month),
            "advances": self._get_advances(currency, end),
            "language": (self.env.lang or "en_US")[:2],
        }
