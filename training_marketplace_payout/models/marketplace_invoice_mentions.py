# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date as Date

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .marketplace_invoice_content import CARD

#: The law wants these: none is issued without its sentence.
COMPULSORY = {"exempt", "franchise", "reverse_charge", "non_eu"}
#: What a business must read (C. com. L441-9, L441-10, D441-5) → code of the note.
BUSINESS_NOTES = {"discount": "AAB", "penalty": "PMD", "indemnity": "PMT"}
#: What the reform wants → how the platform treats it (note BAR of French e-invoices).
TREATMENTS = {"none_needed": "OUTOFSCOPE", "to_transmit": "B2B"}


class TrainingTaxMention(models.Model):
    """Sentences that only an invoice issued under a mandate bears: dated data too."""

    _inherit = "training.tax.mention"

    regime = fields.Selection(
        selection_add=[
            ("mandate", "Marketplace: issued in the name of the seller"),
            ("mandate_credit", "Marketplace: credit note in the name of the seller"),
            ("nature", "Marketplace: nature of the operation"),
            ("paid", "Marketplace: invoice paid by card"),
            ("refunded", "Marketplace: credit note refunded by card"),
            ("credit_note", "Marketplace: invoice taken back"),
            ("replaces", "Marketplace: invoice replaced"),
            ("no_late_payment", "Marketplace: no late payment (consumers)"),
            ("mediator", "Marketplace: consumer mediator"),
        ],
        ondelete={
            name: "cascade"
            for name in (
                "mandate",
                "mandate_credit",
                "nature",
                "paid",
                "refunded",
                "credit_note",
                "replaces",
                "no_late_payment",
                "mediator",
            )
        },
    )


class MarketplaceInvoice(models.Model):
    """The sentences that the law wants on an invoice under a mandate (facts 3.3).

    They are French whatever the buyer reads, for the French administration reads them;
    each is copied on the document as it was in force on its date.
    """

    _inherit = "marketplace.invoice"

    def _find_mention(self, regime, date, country, values=None):
        """Return a dated sentence, its {names} replaced; empty when none is in force.

        :param dict values: name → text
        """
        has_french = bool(self.env["res.lang"]._get_data(code="fr_FR"))
        mentions = self.env["training.tax.mention"].with_context(
            lang="fr_FR" if has_french else "en_US"
        )
        text = mentions._get_text(regime, country, date) or ""
        for name, value in (values or {}).items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def _get_mentions(self, content, contract):
        """Return the sentences of a document by what they are about.

        :raise UserError: when a compulsory one is not in force
        """
        date = Date.fromisoformat(content["date"])
        operator_country = contract.company_id.account_fiscal_country_id
        country = contract.partner_id.country_id or operator_country
        parties = self._get_mandate_names(content)
        is_credit = content["kind"] == "credit_note"
        mandate = "mandate_credit" if is_credit else "mandate"
        mentions = {
            "vat": self._get_vat_mention(content["vat_case"], date, country),
            "nature": self._find_mention("nature", date, operator_country),
            "mandate": self._find_mention(mandate, date, operator_country, parties),
            "activity": "",
        }
        if not mentions["mandate"]:
            self._refuse_without(mandate, date)
        if contract.nda_number:
            mentions["activity"] = self._find_mention(
                "activity", date, country, {"number": contract.nda_number}
            )
        mentions |= self._get_buyer_mentions(content, contract, date, country)
        if origin := content["origin"]:
            mentions["origin"] = self._find_mention(
                "credit_note" if is_credit else "replaces",
                date,
                operator_country,
                {"number": origin["number"], "date": to_french(origin["date"])},
            )
        return mentions

    def _get_buyer_mentions(self, content, contract, date, country):
        """Return what a business, or a consumer, must read besides."""
        if content["is_business"]:
            notes = {
                code: self._find_mention(name, date, country)
                for name, code in BUSINESS_NOTES.items()
            }
            return {"business": notes}
        if not contract.consumer_mediator:
            return {}
        values = {"mediator": contract.consumer_mediator}
        return {"mediator": self._find_mention("mediator", date, country, values)}

    def _get_mandate_names(self, content):
        operator, seller = content["operator"], content["seller"]
        number = operator["siren"]
        name = operator["name"]
        return {
            "operator": f"{name} (SIREN {number})" if number else name,
            "seller": seller["name"],
        }

    def _get_vat_mention(self, vat_case, date, country):
        if vat_case == "taxable":
            return ""
        text = self._find_mention(vat_case, date, country)
        if not text and vat_case in COMPULSORY and country.code == "FR":
            self._refuse_without(vat_case, date)
        return text

    def _refuse_without(self, regime, date):
        field = self.env["training.tax.mention"]._fields["regime"]
        raise UserError(
            self.env._(
                "No legal mention is in force on %(date)s for « %(regime)s ». An "
                "accounting manager enters it in Accounting > Configuration > "
                "Mentions of training.",
                date=format_date(self.env, date),
                regime=dict(field._description_selection(self.env))[regime],
            )
        )

    def _get_paid_mention(self, content, company):
        """Return « Facture acquittée le … »: nothing is left to pay."""
        payment = content["payment"]
        is_credit = content["kind"] == "credit_note"
        if payment["means"] != CARD:
            return ""
        return self._find_mention(
            "refunded" if is_credit else "paid",
            Date.fromisoformat(content["date"]),
            company.account_fiscal_country_id,
            {
                "date": to_french(payment["date"]),
                "reference": payment["reference"],
                "left": f"{content['totals']['due'].replace('.', ',')} €",
            },
        )

    def _get_xml_notes(self, content, company):
        """Return the notes of the e-invoice: (text, code) in their order.

        French rules want three of them on every invoice (BR-FR-05); to a consumer they
        say that they do not apply.
        """
        mentions = content["mentions"]
        notes = mentions.get("business")
        if notes is None:
            date = Date.fromisoformat(content["date"])
            country = company.account_fiscal_country_id
            none = self._find_mention("no_late_payment", date, country)
            notes = dict.fromkeys(BUSINESS_NOTES.values(), none)
        notes = {
            **notes,
            "DCL": mentions["mandate"],
            "REG": mentions["activity"],
            "AAI": " ".join(
                filter(None, (mentions["nature"], mentions.get("origin", "")))
            ),
            "BAR": self._get_treatment(content),
        }
        return [[code, text] for code, text in notes.items() if text]

    def _get_treatment(self, content):
        if content["transmission"] == "to_transmit" and not content["buyer"]["siren"]:
            return ""
        fallback = "B2BINT" if content["is_business"] else "B2C"
        return TREATMENTS.get(content["transmission"], fallback)


def to_french(text):
    """Return an ISO date as the French write it.

    >>> to_french("2026-11-23")
    '23/11/2026'
    """
    return f"{Date.fromisoformat(text):%d/%m/%Y}"
