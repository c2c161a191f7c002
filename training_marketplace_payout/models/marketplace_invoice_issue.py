# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..services.invoice_series import seal, to_canonical


class MarketplaceInvoice(models.Model):
    """How a document comes to be: once for its sale or refund, whatever runs twice."""

    _inherit = "marketplace.invoice"

    @api.model
    def _issue_for_sale(self, sale):
        """Return the seller's invoice of a sale; issue it if it is not yet.

        In the caller's transaction: number, content and seal are all kept or none is.
        Dying at any line leaves nothing behind, and no gap. PDF and mails come later,
        by a job (R17).

        :param sale: a `marketplace.sale` that is confirmed
        :raise UserError: without a mandate accepted before, or a compulsory mention
        """
        sale_sudo = sale.sudo()
        sale_sudo.ensure_one()
        found = self._find_first(sale_sudo)
        if found:
            return found
        if sale_sudo.state != "confirmed":
            raise UserError(self.env._("A purchase that is held is not sold yet."))
        lines = self._prepare_sale_lines(sale_sudo)
        return self.sudo()._issue("invoice", sale_sudo, lines)

    @api.model
    def _issue_credit_note(self, refund):
        """Return the credit note of a refund; issue it if it is not yet.

        What was paid back while the purchase was held was never invoiced: no credit
        note, an empty record.

        :param refund: a `marketplace.refund`
        """
        refund_sudo = refund.sudo()
        refund_sudo.ensure_one()
        found = self.sudo().search([("refund_id", "=", refund_sudo.id)])
        if found or refund_sudo.is_held:
            return found
        invoice = self._issue_for_sale(refund_sudo.sale_id)._get_live()
        lines = invoice._prepare_credit_lines(refund_sudo.amount)
        return self.sudo()._issue(
            "credit_note",
            refund_sudo.sale_id,
            lines,
            origin=invoice,
            refund=refund_sudo,
        )

    def _prepare_sale_lines(self, sale):
        """What went back while the purchase was held was never sold."""
        given = sum(sale.refund_ids.filtered("is_held").mapped("amount"))
        return sale.order_id._prepare_marketplace_lines(
            sale.currency_id.round(sale.amount_total - given)
        )

    @api.model
    def _find_first(self, sale):
        """Return the first invoice of a sale, corrected since or not."""
        return self.sudo().search(
            [
                ("sale_id", "=", sale.id),
                ("kind", "=", "invoice"),
                ("replaced_id", "=", False),
            ]
        )

    def _get_live(self):
        """Return the invoice that replaces this one, the last of them; else itself."""
        self.ensure_one()
        after = self.sudo().search([("replaced_id", "=", self.id)])
        return after._get_live() if after else self

    def _issue(self, kind, sale, lines, origin=None, refund=None, replaced=None):
        """Take a number, freeze a document and seal it; have the job send it.

        :param list[dict] lines: see `sale.order._prepare_marketplace_lines`
        """
        contract = self._get_contract(sale)
        series, taken = self.env["marketplace.invoice.series"]._take(
            contract, kind, sale.company_id._get_marketplace_today()
        )
        parts = {"origin": origin, "refund": refund, "replaced": replaced}
        content = self._freeze(kind, contract, sale, lines, taken, parts)
        text = to_canonical(content)
        own_seal = seal(taken["previous"], text)
        invoice = self.with_context(mail_create_nosubscribe=True).create(
            {
                **self._prepare_amounts(content, lines),
                **self._prepare_links(contract, sale, parts),
                "name": taken["number"],
                "kind": kind,
                "date_issued": taken["date"],
                "series_id": series.id,
                "rank": taken["rank"],
                "snapshot": text,
                "seal": own_seal,
                "previous_seal": taken["previous"],
            }
        )
        series._close(taken["rank"], taken["date"], own_seal)
        self.env.flush_all()
        self._trigger_sending()
        return invoice

    def _prepare_links(self, contract, sale, parts):
        return {
            "company_id": sale.company_id.id,
            "contract_id": contract.id,
            "mandate_id": contract.mandate_id.id,
            "seller_id": sale.seller_id.id,
            "buyer_id": sale.buyer_id.id,
            "sale_id": sale.id,
            "order_id": sale.order_id.id,
            "origin_id": parts["origin"] and parts["origin"].id,
            "refund_id": parts["refund"] and parts["refund"].id,
            "replaced_id": parts["replaced"] and parts["replaced"].id,
            "seller_logo": sale.seller_id.image_256,
        }

    def _prepare_amounts(self, content, lines):
        """Return the columns that count what is frozen."""
        totals = content["totals"]
        return {
            "currency_id": self._get_currency(content).id,
            "amount_untaxed": float(totals["untaxed"]),
            "amount_tax": float(totals["tax"]),
            "amount_total": float(totals["total"]),
            "vat_case": content["vat_case"],
            "transmission": content["transmission"],
            "line_ids": [
                fields.Command.create(
                    {
                        "name": "\n".join([frozen["name"], *frozen["details"]]),
                        "origin_line_id": line["origin_line_id"],
                        "session_id": line["session_id"],
                        "quantity": float(frozen["quantity"]),
                        "tax_ids": [fields.Command.set(line["tax_ids"])],
                        "tax_category": frozen["category"],
                        "tax_rate": float(frozen["rate"] or 0),
                        "amount_untaxed": float(frozen["untaxed"]),
                        "amount_tax": float(frozen["tax"]),
                        "amount_total": float(frozen["total"]),
                    }
                )
                for line, frozen in zip(lines, content["lines"], strict=True)
            ],
        }

    def _get_contract(self, sale):
        """Return the contract that a sale is invoiced under.

        The mandate is express, written and prior (CGI ann. II art. 242 nonies): nothing
        is issued without it.

        :raise UserError: without a mandate, or without a series
        """
        contract_sudo = sale.seller_id._get_marketplace_contract(sale.company_id)
        if not contract_sudo.mandate_id or not contract_sudo.series_code:
            raise UserError(
                self.env._(
                    "%(seller)s has accepted no mandate to invoice in its name: its "
                    "invoice cannot be issued.",
                    seller=sale.seller_id.name,
                )
            )
        return contract_sudo

    def _get_currency(self, content):
        return self.env["res.currency"].search([("name", "=", content["currency"])])
