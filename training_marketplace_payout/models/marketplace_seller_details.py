# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from odoo.addons.payment.utils import to_minor_currency_units

from ..services.marketplace_amounts import share
from ..services.seller_books import Movement
from ..services.seller_ledger import Group, get_group
from .marketplace_seller_ledger import LedgerLine


class MarketplaceSeller(models.Model):
    """What explains a line of a seller's balance: sale, invoice, refund, fees (B20).

    As many queries for a thousand lines as for one.
    """

    _inherit = "marketplace.seller"

    def _get_ledger_titles(self):
        """Return the words for a seller of each kind of movement."""
        _ = self.env._
        return {
            "purchase": _("Sale"),
            "release": _("Sale"),
            "refund": _("Refund to the buyer"),
            "payout": _("Payout to your bank account"),
            "payout_fees": _("Commissions taken from the payout"),
            "payout_return": _("Payout sent back by the bank"),
            "topup": _("Advance for a refund"),
        }

    def _get_ledger_groups(self):
        """Return the words for each line of a statement, in its order."""
        _ = self.env._
        return {
            Group.SALES: _("Sales"),
            Group.REFUNDS: _("Refunds to buyers"),
            Group.FEES: _("Commissions taken from payouts"),
            Group.PAYOUTS: _("Payouts to your bank account"),
            Group.RETURNS: _("Payouts sent back by the bank"),
            Group.ADVANCES: _("Advances for refunds"),
            Group.DISPUTES: _("Disputed card payments"),
            Group.OTHER: _("Other movements"),
        }

    def _explain_ledger_lines(self, lines, currency):
        """Return what explains each line, by its id.

        :param list[LedgerLine] lines: of this seller
        :return: dicts with ``line``, ``title``, ``entry``, ``sale``, ``refund``,
            ``document`` (of the seller), ``commissions`` (of the operator),
            ``movement`` (`services.seller_books`)
        """
        self.ensure_one()
        entries_sudo = (
            self.env["marketplace.entry"]
            .sudo()
            .browse([line.entry_id for line in lines if line.entry_id])
        )
        sales_sudo = entries_sudo.sale_id
        moves_sudo = (
            self.env["account.move"].sudo().browse([line.move_id for line in lines])
        )
        known = {
            "moves": {move.id: move for move in moves_sudo},
            "entries": {entry.id: entry for entry in entries_sudo},
            "netted": self._map_ledger_moves([line.move_id for line in lines]),
            "refunds": {
                refund.refund_reference: refund for refund in sales_sudo.refund_ids
            },
            "documents": self._map_ledger_documents(sales_sudo),
            "titles": self._get_ledger_titles(),
        }
        return {
            line.id: self._explain_ledger_line(line, currency, known) for line in lines
        }

    def _map_ledger_documents(self, sales_sudo):
        """Return the documents in the seller's name by the sale or refund each is of;
        those that only correct another move no money."""
        documents_sudo = (
            self.env["marketplace.invoice"]
            .sudo()
            .search(
                [
                    ("sale_id", "in", sales_sudo.ids),
                    ("replaced_id", "=", False),
                    "|",
                    ("kind", "=", "invoice"),
                    ("refund_id", "!=", False),
                ],
                order="id",
            )
        )
        return {one.refund_id or one.sale_id: one for one in documents_sudo}

    def _map_ledger_moves(self, move_ids):
        """Return entry → (operator's invoices netted, their amount, what of it was
        owed for refunds), in minor units of the lines' currency, debits positive."""
        debit_account_sudo = self.sudo().company_id.marketplace_debit_account_id
        lines_sudo = (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("move_id", "in", move_ids),
                    ("partner_id", "=", self.partner_id.id),
                    "|",
                    ("account_id", "=", debit_account_sudo.id),
                    ("account_id.account_type", "=", "asset_receivable"),
                ]
            )
        )
        found = {}
        for line in lines_sudo:
            invoices, fees, advance = found.get(
                line.move_id.id, (self.env["account.move"].sudo(), 0, 0)
            )
            amount = to_minor_currency_units(line.amount_currency, line.currency_id)
            if line.account_id == debit_account_sudo:
                advance += amount
            else:
                fees += amount
                invoices |= line.matched_debit_ids.debit_move_id.move_id
                invoices |= line.matched_credit_ids.credit_move_id.move_id
            found[line.move_id.id] = (invoices, fees, advance)
        return {
            move_id: (
                invoices.filtered(lambda move: move.is_invoice()),
                fees,
                advance,
            )
            for move_id, (invoices, fees, advance) in found.items()
        }

    def _explain_ledger_line(self, line, currency, known):
        none_sudo = self.env["marketplace.entry"].sudo()
        entry_sudo = known["entries"].get(line.entry_id, none_sudo)
        sale_sudo = entry_sudo.sale_id
        group = get_group(line.kind)
        refund_sudo = self.env["marketplace.refund"].sudo()
        if group == Group.REFUNDS:
            refund_sudo = known["refunds"].get(entry_sudo.reference, refund_sudo)
        document_sudo = known["documents"].get(
            refund_sudo if group == Group.REFUNDS else sale_sudo,
            self.env["marketplace.invoice"].sudo(),
        )
        invoices, fees, advance = known["netted"].get(
            line.move_id, (self.env["account.move"].sudo(), 0, 0)
        )
        detail = {
            "line": line,
            "group": group,
            "title": self._get_ledger_title(line, known),
            "entry": entry_sudo,
            "move": known["moves"][line.move_id],
            "sale": sale_sudo,
            "refund": refund_sudo,
            "document": document_sudo,
            "commissions": invoices,
            "fees": fees,
            "advance": advance,
        }
        return {**detail, "movement": self._make_ledger_movement(detail, currency)}

    def _get_ledger_title(self, line, known):
        move_sudo = known["moves"][line.move_id]
        field = self.env["marketplace.entry"]._fields["kind"]
        kinds = dict(field._description_selection(self.env))
        return (
            known["titles"].get(line.kind)
            or kinds.get(line.kind)
            or move_sudo.ref
            or move_sudo.name
        )

    def _make_ledger_movement(self, detail, currency):
        """Return what the seller enters in its own books."""
        line, sale_sudo = detail["line"], detail["sale"]
        names = (detail["title"], sale_sudo.order_id.name, sale_sudo.buyer_id.name)
        return Movement(
            line.kind,
            line.day,
            detail["document"].name or detail["entry"].reference or detail["move"].name,
            " – ".join(filter(None, names)),
            line.amount,
            self._get_ledger_tax(
                line, detail["group"], currency, sale_sudo, detail["document"]
            ),
            detail["fees"],
            detail["advance"],
        )

    def _get_ledger_tax(self, line, group, currency, sale_sudo, document_sudo):
        """Return the VAT in an amount of a sale: as the seller's document says it, else
        in proportion."""
        if group not in (Group.SALES, Group.REFUNDS) or not sale_sudo:
            return 0

        def minor(amount):
            return to_minor_currency_units(amount, currency)

        sign = 1 if line.amount >= 0 else -1
        for source in (document_sudo, sale_sudo):
            if source and minor(source.amount_total) == abs(line.amount):
                return sign * minor(source.amount_tax)
        return sign * share(
            minor(sale_sudo.amount_tax),
            0,
            abs(line.amount),
            minor(sale_sudo.amount_total),
        )

    def _open_ledger_line(self, line):
        """Return (what explains a line, the other lines of the same sale, each too).

        :param line: of `_find_ledger_line`
        """
        sale_sudo = line.move_id.marketplace_sale_id
        moves_sudo = line.move_id | sale_sudo.entry_ids.move_id
        lines_sudo = moves_sudo.line_ids.filtered(
            lambda one: (
                one.account_id == line.account_id and one.partner_id == line.partner_id
            )
        ).sorted(lambda one: (one.date, one.id))
        found = self._explain_ledger_lines(
            self._to_ledger_lines(lines_sudo), line.currency_id
        )
        return found.pop(line.id), list(found.values())

    def _to_ledger_lines(self, lines):
        """Return lines of the account as `_get_ledger_lines` does, without balance."""
        entries_sudo = (
            self.env["marketplace.entry"]
            .sudo()
            .search([("move_id", "in", lines.move_id.ids)])
        )
        by_move = {entry.move_id: entry for entry in entries_sudo}
        none_sudo = entries_sudo.browse()
        return [
            LedgerLine(
                line.id,
                line.date,
                by_move.get(line.move_id, none_sudo).kind or None,
                -to_minor_currency_units(line.amount_currency, line.currency_id),
                0,
                line.move_id.id,
                by_move.get(line.move_id, none_sudo).id or None,
            )
            for line in lines
        ]

    def _get_sale_documents(self, sale):
        """Return every document issued in the seller's name for a sale."""
        documents_sudo = self.env["marketplace.invoice"].sudo()
        if not sale:
            return documents_sudo
        return documents_sudo.search([("sale_id", "=", sale.id)], order="id")

    def _get_month_figures(self, currency, sums, months):
        """Return what each month brought: (month, its statement).

        :param months: first days of those shown
        """
        return [(month, self._get_statement(currency, month, sums)) for month in months]
