# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date as Date

from odoo import models
from odoo.tools import format_date, formatLang
from odoo.tools.image import image_data_uri


class MarketplaceInvoice(models.Model):
    """What the printed document shows: the frozen content in the reader's formats."""

    _inherit = "marketplace.invoice"

    def _prepare_print_values(self):
        """Return the values of the template; nothing is read but what is frozen."""
        self.ensure_one()
        content = self._get_content()
        digits, currency = content["digits"], self.currency_id

        def money(text):
            return formatLang(self.env, float(text), currency_obj=currency)

        def number(text):
            decimals = max(digits, len(text.partition(".")[2]))
            return formatLang(self.env, float(text), digits=decimals)

        def day(text):
            return format_date(self.env, Date.fromisoformat(text))

        return {
            "doc": content,
            "logo": self.seller_logo and image_data_uri(self.seller_logo),
            "money": money,
            "number": number,
            "day": day,
            "lang": self.env.lang,
            "is_credit": content["kind"] == "credit_note",
            "has_tax": content["vat_case"] == "taxable",
            "mentions": self._get_printed_mentions(content),
        }

    def _get_printed_mentions(self, content):
        """Return the sentences at the foot, in the order of the law's list."""
        mentions = content["mentions"]
        # Nothing is late on a credit note.
        is_invoice = content["kind"] == "invoice"
        notes = (is_invoice and mentions.get("business")) or {}
        business = " ".join(filter(None, notes.values()))
        texts = (
            mentions.get("origin"),
            mentions["vat"],
            mentions["paid"],
            mentions["nature"],
            business,
            mentions.get("mediator"),
        )
        return [text for text in texts if text]
