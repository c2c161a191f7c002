# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import AccessError
from odoo.tools import groupby

from ..services.invoice_amounts import to_text
from ..services.invoice_series import find_broken

AUDITORS = "account.group_account_invoice,account.group_account_readonly"
MANAGER = "training_marketplace_payout.group_marketplace_manager"


class MarketplaceInvoice(models.Model):
    """Proof that nothing was changed, removed or inserted after it was issued.

    Each document of a seller seals the one before: invoices apart from credit notes,
    one year after the other.
    """

    _inherit = "marketplace.invoice"

    def _verify_chain(self, contract):
        """Return the first document of a seller that does not hold, and why.

        :param contract: a `marketplace.seller`
        :return: (``marketplace.invoice`` or empty, code): ``chain`` when a number,
            seal or content was touched, ``columns`` when what is counted is not what
            is frozen, ``end`` when the last documents are missing, ``file`` when a
            file is not the one that was sent; the empty code when all is well
        """
        all_series = self.env["marketplace.invoice.series"].sudo()
        found = all_series.search(
            [("contract_id", "=", contract.id)], order="kind, year"
        )
        for _kind, same in groupby(found, lambda one: one.kind):
            start = ""
            for series in same:
                invoice, code = self._verify_series(series, start)
                if code:
                    return invoice, code
                start = series.last_seal or ""
        return self.browse(), ""

    def _verify_series(self, series, start):
        invoices = self.sudo().search([("series_id", "=", series.id)], order="rank")
        place = find_broken(
            [
                (one.rank, one.seal, one.previous_seal or "", one.snapshot)
                for one in invoices
            ],
            start,
        )
        if place is not None:
            return invoices[place], "chain"
        last = invoices[-1:]
        if (last.rank, last.seal) != (series.last_rank, series.last_seal):
            return last, "end"
        for invoice in invoices:
            if not invoice._has_frozen_columns():
                return invoice, "columns"
            if invoice._get_changed_files():
                return invoice, "file"
        return self.browse(), ""

    def _has_frozen_columns(self):
        """Tell whether what is counted is still what was frozen."""
        self.ensure_one()
        content = self._get_content()
        digits, totals = content["digits"], content["totals"]
        return (
            self.name == content["number"]
            and self.kind == content["kind"]
            and str(self.date_issued) == content["date"]
            and to_text(self.amount_untaxed, digits) == totals["untaxed"]
            and to_text(self.amount_tax, digits) == totals["tax"]
            and to_text(self.amount_total, digits) == totals["total"]
        )

    def action_verify(self):
        """Check the documents of these sellers, and tell the first that does not hold.

        :raise AccessError: for who may not audit the invoices
        """
        if not self.env.user.has_groups(f"{AUDITORS},{MANAGER}"):
            raise AccessError(self.env._("Only accountants verify the invoices."))
        self.check_access("read")
        contracts = self.sudo().contract_id
        broken = [
            self._describe_broken(*result)
            for result in map(self._verify_chain, contracts)
            if result[1]
        ]
        message = "\n".join(broken) or self.env._(
            "Numbers, contents and files of %(count)s sellers hold.",
            count=len(contracts),
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if broken else "success",
                "title": self.env._("Verification of sellers' invoices"),
                "message": message,
                "sticky": bool(broken),
            },
        }

    def _describe_broken(self, invoice, code):
        texts = {
            "chain": self.env._("%(number)s was changed, or one before it is missing."),
            "end": self.env._("Documents after %(number)s are missing."),
            "columns": self.env._(
                "The amounts of %(number)s are not those it was issued with."
            ),
            "file": self.env._("A file of %(number)s is not the one that was sent."),
        }
        return texts[code] % {"number": invoice.name or "–"}
