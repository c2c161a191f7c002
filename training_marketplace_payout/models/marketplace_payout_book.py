# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError

from ..services.marketplace_entries import Account

NETTED = (Account.DUE, Account.DEBIT)


class MarketplaceEntry(models.Model):
    """What payouts put in the books, matched with what they pay (D9).

    Matching a commission invoice makes its VAT due (445740 → 445710); undoing it for a
    payout that came back takes that back, and the invoice is open again. The invoice
    itself is never touched.
    """

    _inherit = "marketplace.entry"

    kind = fields.Selection(
        selection_add=[
            ("payout", "Payout"),
            ("payout_fees", "Netted from a payout"),
            ("payout_return", "Payout returned"),
        ],
        ondelete={
            "payout": "cascade",
            "payout_fees": "cascade",
            "payout_return": "cascade",
        },
    )
    payout_id = fields.Many2one(
        "marketplace.payout",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _get_line_account(self, line):
        """Override: what is netted stays on its own account."""
        if line[0] != Account.DUE:
            return super()._get_line_account(line)
        return self.env["account.move.line"].browse(line[3]).account_id

    def _get_label(self):
        label = super()._get_label()
        if not self.payout_id:
            return label
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return f"{kinds[self.kind]} {self.payout_id.name}"

    def _book(self):
        """Override to match what payouts pay, or what came back of them.

        :raise UserError: for a return whose payout is not booked: it waits for it
        """
        returns = self.filtered(lambda entry: entry.kind == "payout_return")
        if returns and returns != self:
            (self - returns)._book()
            return returns._book()
        for entry in returns:
            entry._check_payout_booked()
        result = super()._book()
        self._match_fees()
        for entry in returns:
            for line, move_line in entry._get_netted_lines():
                entry._unmatch_fee(line, move_line)
        return result

    def _prepare_moves(self):
        """Override to read at once all the lines that are paid."""
        about = [line[3] for entry in self for line in entry.lines if len(line) > 3]
        self.env["account.move.line"].browse(about).fetch(["account_id", "reconciled"])
        return super()._prepare_moves()

    def _check_payout_booked(self):
        domain = [
            ("payout_id", "=", self.payout_id.id),
            ("kind", "in", ("payout", "payout_fees")),
            ("state", "in", ("todo", "blocked")),
        ]
        if self.search_count(domain, limit=1):
            raise UserError(self.env._("The payout that came back is not booked yet."))

    def _get_netted_lines(self):
        """Return the lines that pay something, each with the one of the entry."""
        if self.kind not in ("payout_fees", "payout_return"):
            return []
        pairs = zip(self.lines, self.move_id.line_ids.sorted("id"), strict=True)
        return [pair for pair in pairs if len(pair[0]) > 3]

    def _match_fees(self):
        """Match fees with what they pay, as far as that is still open: all at once,
        and what several pay in their order."""
        plan = {}
        for entry in self.filtered(lambda one: one.kind == "payout_fees"):
            for line, move_line in entry._get_netted_lines():
                claim = self.env["account.move.line"].browse(line[3])
                if not claim.reconciled and claim.account_id.reconcile:
                    plan[claim] = plan.get(claim, claim) | move_line
        self._reconcile_together(list(plan.values()))

    def _reconcile_together(self, plan):
        """Reconcile many invoices, and make due the VAT of all of them at once.

        Odoo makes one entry of VAT after the other; the method that makes them takes as
        many as there are. Another currency has differences of exchange to wait for.
        """
        company = self.company_id
        single = [lines for lines in plan if lines.currency_id == company.currency_id]
        lines = self.env["account.move.line"]
        for other in (one for one in plan if one not in single):
            other.reconcile()
        if not single:
            return
        lines.with_context(no_cash_basis=True)._reconcile_plan(single)
        if company.tax_exigibility:
            netted = self.move_id.line_ids & lines.union(*single)
            partials = netted.matched_debit_ids | netted.matched_credit_ids
            partials._create_tax_cash_basis_moves()
            partials._set_draft_caba_move_vals()

    def _unmatch_fee(self, line, move_line):
        """Open again what a fee had paid, as far as the fee came back.

        The fee is unmatched, matched with all that came back of it so far, and the
        rest of it with what it paid.
        """
        claim = self.env["account.move.line"].browse(line[3])
        fees = self.search(
            [("payout_id", "=", self.payout_id.id), ("kind", "=", "payout_fees")]
        )
        fee_line = next(
            found for about, found in fees._get_netted_lines() if about[3] == line[3]
        )
        if not fee_line.account_id.reconcile:
            return
        fee_line.remove_move_reconcile()
        (fee_line | move_line | self._get_returned_before(line[3])).reconcile()
        if not fee_line.reconciled and not claim.reconciled:
            (fee_line | claim).reconcile()

    def _get_returned_before(self, claim_id):
        """Return the lines of what came back of the same fee by earlier returns."""
        returns = self.search(
            [
                ("payout_id", "=", self.payout_id.id),
                ("kind", "=", "payout_return"),
                ("move_id", "!=", False),
            ]
        )
        pairs = [pair for one in returns for pair in one._get_netted_lines()]
        return self.env["account.move.line"].union(
            *(found for about, found in pairs if about[3] == claim_id)
        )
