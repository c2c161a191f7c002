# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError

from ..services.invoice_amounts import subtract, to_text


class SaleOrder(models.Model):
    """What a seller's order sells, as its invoice will tell it."""

    _inherit = "sale.order"

    def _prepare_marketplace_lines(self, total):
        """Return the lines of the seller's invoice, by Odoo's own tax engine.

        Learners who were cancelled before the job came have lowered the order: the
        engine brings it back to what was paid, which the credit notes then take back.

        :param float total: what was paid, tax included
        :return: dicts with ``name``, ``details`` (texts), ``quantity``, ``untaxed`` and
            ``tax`` (exact texts), ``rate`` (percent), ``tax_ids``, ``session_id`` and
            ``origin_line_id`` (ids)
        """
        self.ensure_one()
        lines = self.order_line.filtered(
            lambda line: not line.display_type and line.product_uom_qty
        )
        base_lines = [line._prepare_base_line_for_taxes_computation() for line in lines]
        taxes = self.env["account.tax"]
        taxes._add_tax_details_in_base_lines(base_lines, self.company_id)
        taxes._round_base_lines_tax_details(base_lines, self.company_id)
        if self.currency_id.compare_amounts(sum(lines.mapped("price_total")), total):
            base_lines = taxes._reduce_base_lines_to_target_amount(
                base_lines,
                self.company_id,
                "fixed",
                total,
                computation_key=f"marketplace_sale,{self.id}",
                grouping_function=lambda base_line: {"id": base_line["id"]},
            )
        return [
            lines.browse(base_line["id"])._prepare_marketplace_line(base_line)
            for base_line in base_lines
        ]


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _prepare_marketplace_line(self, base_line):
        localised = self.with_context(lang=self.order_id.partner_id.lang)
        name, details = localised._get_marketplace_texts()
        untaxed, tax = get_base_line_amounts(base_line)
        digits = self.currency_id.decimal_places
        return {
            "name": name,
            "details": details,
            "quantity": base_line["quantity"],
            "untaxed": to_text(untaxed, digits),
            "tax": to_text(tax, digits),
            "rate": sum(self.tax_ids.mapped("amount")),
            "tax_ids": self.tax_ids.ids,
            "session_id": self.event_id.id,
            "origin_line_id": False,
        }

    def _get_marketplace_texts(self):
        """Return (name, details): what an invoice of training must name (facts 3.3):
        title, dates, place, duration, learners."""
        self.ensure_one()
        session = self.event_id
        if not session:
            return self.name, []
        programme = session.programme_id
        learners = self.registration_ids.filtered(lambda one: one.state != "cancel")
        names = sorted(name for name in learners.mapped("name") if name)
        place = self.env._(
            "Place: %(place)s", place=self.order_id._get_training_place()
        )
        details = [session.name, session._get_catalogue_dates(), place]
        if duration := programme._get_catalogue_duration():
            details.append(self.env._("Duration: %(hours)s hours", hours=duration))
        if names:
            details.append(self.env._("Learners: %(names)s", names=", ".join(names)))
        return programme.name, [text for text in dict.fromkeys(details) if text]


class MarketplaceInvoice(models.Model):
    """What a credit note takes back, to the cent."""

    _inherit = "marketplace.invoice"

    def _prepare_credit_lines(self, amount):
        """Return the lines of a credit note of this invoice; see
        `sale.order._prepare_marketplace_lines`.

        Odoo's engine shares out what is taken back in all, earlier credit notes
        included; these are deducted. So the last one takes back what is left, and each
        is right to the cent.

        :param float amount: tax included
        :raise UserError: beyond what no credit note takes back yet
        """
        self.ensure_one()
        digits = self.currency_id.decimal_places
        before = to_text(sum(self.credit_ids.mapped("amount_total")), digits)
        whole = to_text(float(before) + amount, digits)
        if self.currency_id.compare_amounts(float(whole), self.amount_total) > 0:
            raise UserError(
                self.env._(
                    "Invoice %(number)s would be taken back beyond its amount.",
                    number=self.name,
                )
            )
        frozen = self._get_content()["lines"]
        return [
            line._prepare_credit_line(text, share)
            for line, text, share in zip(
                self.line_ids, frozen, self._share_out(whole), strict=True
            )
        ]

    def _share_out(self, amount):
        """Return (before tax, tax) of each line for a part of this invoice.

        :param str amount: tax included
        """
        digits = self.currency_id.decimal_places
        lines = self.line_ids
        if not self.currency_id.compare_amounts(float(amount), self.amount_total):
            return [
                (to_text(line.amount_untaxed, digits), to_text(line.amount_tax, digits))
                for line in lines
            ]
        if not self.amount_tax and len(lines) == 1:
            return [(amount, to_text(0, digits))]
        taxes = self.env["account.tax"]
        base_lines = [line._prepare_base_line() for line in lines]
        taxes._add_tax_details_in_base_lines(base_lines, self.company_id)
        taxes._round_base_lines_tax_details(base_lines, self.company_id)
        reduced = taxes._reduce_base_lines_to_target_amount(
            base_lines,
            self.company_id,
            "fixed",
            float(amount),
            computation_key=f"marketplace_invoice,{self.id}",
            # Each line stays apart, to be taken back on its own.
            grouping_function=lambda base_line: {"id": base_line["id"]},
        )
        shares = {line["id"]: get_base_line_amounts(line) for line in reduced}
        return [
            tuple(to_text(part, digits) for part in shares.get(line.id, (0, 0)))
            for line in lines
        ]


class MarketplaceInvoiceLine(models.Model):
    _inherit = "marketplace.invoice.line"

    def _prepare_credit_line(self, frozen, share):
        """Return the line that takes back this one up to a share of it.

        :param dict frozen: this line, as it was frozen
        :param share: (before tax, tax) taken back in all, earlier credit notes included
        """
        self.ensure_one()
        digits = self.currency_id.decimal_places
        earlier = self.invoice_id.credit_ids.line_ids.filtered(
            lambda line: line.origin_line_id == self
        )
        untaxed, tax = (
            subtract(part, to_text(sum(earlier.mapped(name)), digits), digits)
            for part, name in zip(share, ("amount_untaxed", "amount_tax"), strict=True)
        )
        return {
            "name": frozen["name"],
            "details": frozen["details"],
            "quantity": 1,
            "untaxed": untaxed,
            "tax": tax,
            "rate": self.tax_rate,
            "tax_ids": self.tax_ids.ids,
            "session_id": self.session_id.id,
            "origin_line_id": self.id,
        }

    def _prepare_base_line(self):
        """Return this line for Odoo's engine, at the rate that it was invoiced at.

        :raise UserError: when its tax has another rate since
        """
        self.ensure_one()
        if sum(self.tax_ids.mapped("amount")) != self.tax_rate:
            raise UserError(
                self.env._(
                    "The rate of %(tax)s has changed since %(number)s was issued: give "
                    "the tax its rate back, and make another one for the new rate.",
                    tax=", ".join(self.tax_ids.mapped("name")),
                    number=self.invoice_id.name,
                )
            )
        is_included = any(self.tax_ids.mapped("price_include"))
        return self.env["account.tax"]._prepare_base_line_for_taxes_computation(
            self,
            id=self.id,
            tax_ids=self.tax_ids,
            price_unit=self.amount_total if is_included else self.amount_untaxed,
            quantity=1,
            currency_id=self.currency_id,
        )


def get_base_line_amounts(base_line):
    """Return (before tax, tax) of a line that Odoo's engine has rounded."""
    details = base_line["tax_details"]
    untaxed = (
        details["total_excluded_currency"] + details["delta_total_excluded_currency"]
    )
    return untaxed, sum(tax["tax_amount_currency"] for tax in details["taxes_data"])
