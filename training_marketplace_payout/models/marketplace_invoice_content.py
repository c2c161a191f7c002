# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo import models
from odoo.exceptions import UserError

from ..services.commission_vat import OVERSEAS
from ..services.invoice_amounts import (
    add,
    group_taxes,
    to_quantity,
    to_text,
    to_unit_price,
)

#: VAT case → (category, code of its reason) in e-invoices (facts 2.3).
TAX_CODES = {
    "exempt": ("E", "VATEX-FR-CGI261-4"),
    "franchise": ("E", "VATEX-FR-FRANCHISE"),
    "taxable": ("S", ""),
    "reverse_charge": ("AE", "VATEX-EU-AE"),
    "non_eu": ("O", "VATEX-EU-O"),
}
CARD, CLEARING = "48", "97"
VAT_TERRITORY = {"FR"} | OVERSEAS
FORMAT = 1


class MarketplaceInvoice(models.Model):
    """What a document says, frozen as it is issued: nothing is read again after."""

    _inherit = "marketplace.invoice"

    def _get_content(self):
        """Return what was frozen, as it was.

        :rtype: dict
        """
        self.ensure_one()
        return json.loads(self.snapshot)

    def _freeze(self, kind, contract, sale, lines, taken, parts):
        """Return the content of a document (see `services/invoice_cii.py`).

        :param dict taken: the number, see `marketplace.invoice.series._take`
        :param dict parts: ``origin``, ``replaced`` and ``refund``, or None each
        """
        content = {
            "format": FORMAT,
            "kind": kind,
            "number": taken["number"],
            "date": str(taken["date"]),
            "vat_case": self._get_vat_case(contract, sale, lines, parts["origin"]),
            "mandate": {
                "version": contract.mandate_id.version,
                "hash": contract.mandate_id.text_hash,
            },
            "origin": self._get_origin(parts["origin"] or parts["replaced"]),
            "payment": self._get_payment(sale, parts["refund"], taken["date"], kind),
            **self._freeze_order(contract, sale),
        }
        content["transmission"] = self._get_transmission(content)
        content["mentions"] = self._get_mentions(content, contract)
        content["lines"] = self._freeze_lines(content, lines)
        content["taxes"] = group_taxes(content["lines"], content["digits"])
        content["totals"] = self._get_totals(content)
        content["mentions"]["paid"] = self._get_paid_mention(content, sale.company_id)
        content["xml_notes"] = self._get_xml_notes(content, sale.company_id)
        return content

    def _freeze_order(self, contract, sale):
        """Return what the order says, whatever the document."""
        order, currency = sale.order_id, sale.currency_id
        return {
            "language": order.partner_id.lang or "fr_FR",
            "currency": currency.name,
            "digits": currency.decimal_places,
            "is_business": order.training_buyer_kind != "individual",
            "seller": contract._get_invoice_party(),
            "operator": sale.company_id.partner_id._get_invoice_party(),
            "buyer": order.partner_invoice_id._get_invoice_party(),
            "contact": order.partner_id.name or "",
            "order": {"name": order.name, "reference": order.client_order_ref or ""},
            "period": self._get_period(sale.session_id),
        }

    def _freeze_lines(self, content, lines):
        category, reason_code = TAX_CODES[content["vat_case"]]
        digits = content["digits"]
        return [
            {
                "id": str(place),
                "name": line["name"],
                "details": line["details"],
                "quantity": to_quantity(line["quantity"]),
                "unit_price": to_unit_price(line["untaxed"], line["quantity"], digits),
                "untaxed": line["untaxed"],
                "tax": line["tax"],
                "total": add([line["untaxed"], line["tax"]], digits),
                "category": category,
                "rate": "" if category == "O" else to_text(line["rate"]),
                "reason": content["mentions"]["vat"],
                "reason_code": reason_code,
            }
            for place, line in enumerate(lines, start=1)
        ]

    def _get_totals(self, content):
        digits, lines = content["digits"], content["lines"]
        total = add([line["total"] for line in lines], digits)
        return {
            "untaxed": add([line["untaxed"] for line in lines], digits),
            "tax": add([line["tax"] for line in lines], digits),
            "total": total,
            "paid": total,
            "due": to_text(0, digits),
        }

    def _get_vat_case(self, contract, sale, lines, origin):
        """Return which VAT a document bears: that of the lines first, for what is
        charged is due (CGI art. 283, 3); then why there is none.

        :raise UserError: when a taxable sale at home carries no VAT
        """
        if origin:
            return origin.vat_case
        if any(line["rate"] for line in lines):
            return "taxable"
        regime = contract.vat_regime
        if regime == "franchise":
            return regime
        if regime == "exempt" and not sale.session_id.is_out_of_bpf:
            return regime
        home = contract.partner_id.country_id or sale.company_id.country_id
        country = sale.order_id.partner_invoice_id.country_id
        if not country or country == home:
            raise UserError(
                self.env._(
                    "The sale %(order)s carries no VAT and its seller is taxable: the "
                    "invoice cannot be issued.",
                    order=sale.order_id.name,
                )
            )
        europe = self.env.ref("base.europe").country_ids
        return "reverse_charge" if country in europe else "non_eu"

    def _get_transmission(self, content):
        """Return what the reform wants of a document (CGI art. 289 bis and 290).

        Exempt training is out of its scope; a sale to a business of the French VAT
        territory, to which Guyane and Mayotte do not belong (CGI art. 294), goes
        through an approved platform; any other is reported.
        """
        seller, buyer = content["seller"]["country"], content["buyer"]["country"]
        if content["vat_case"] == "exempt" or seller not in VAT_TERRITORY:
            return "none_needed"
        if content["is_business"] and buyer in VAT_TERRITORY:
            return "to_transmit"
        return "e_reporting"

    def _get_period(self, session):
        if not session:
            return None
        begin, end = session._get_local_dates()
        return {"start": str(begin.date()), "end": str(end.date())}

    def _get_origin(self, invoice):
        if not invoice:
            return None
        return {"number": invoice.name, "date": str(invoice.date_issued)}

    def _get_payment(self, sale, refund, date, kind):
        """Return when and how the document is settled: all are when they are issued."""
        if kind == "credit_note" and not refund:
            # A correction: no money moves, the invoice that replaces it takes it over.
            return {"date": str(date), "means": CLEARING, "reference": ""}
        if refund:
            paid = sale.company_id._get_marketplace_day(refund.date)
            reference = refund.tx_id.reference
        else:
            paid = sale.company_id._get_marketplace_day(sale.paid_at)
            reference = sale.tx_id.reference
        return {"date": str(paid), "means": CARD, "reference": reference or ""}
