# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..services.invoice_series import PREFIX_PATTERN

SIREN_LENGTH, SIRET_LENGTH = 9, 14


class ResCompany(models.Model):
    """How the operator numbers what it issues for sellers."""

    _inherit = "res.company"

    marketplace_invoice_prefix = fields.Char(
        string="Prefix of sellers' invoices",
        default="MKP",
        help="Two or three capitals or digits, then the seller's series, the year and "
        "the rank: MKP-S0042-2026-00017.",
    )
    marketplace_credit_prefix = fields.Char(
        string="Prefix of sellers' credit notes", default="MKA"
    )

    @api.constrains("marketplace_invoice_prefix", "marketplace_credit_prefix")
    def _check_marketplace_prefixes(self):
        for company in self:
            prefixes = [
                company._get_marketplace_prefix(kind)
                for kind in ("invoice", "credit_note")
            ]
            are_right = all(PREFIX_PATTERN.fullmatch(prefix) for prefix in prefixes)
            if not are_right or len(set(prefixes)) < len(prefixes):
                raise ValidationError(
                    self.env._(
                        "Invoices and credit notes of sellers have each a prefix of "
                        "two or three capitals or digits, a capital first."
                    )
                )

    def _get_marketplace_prefix(self, kind):
        """Return how the numbers of sellers' documents begin.

        :param str kind: ``invoice`` or ``credit_note``
        """
        self.ensure_one()
        if kind == "credit_note":
            return self.marketplace_credit_prefix or "MKA"
        return self.marketplace_invoice_prefix or "MKP"


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    marketplace_invoice_prefix = fields.Char(
        related="company_id.marketplace_invoice_prefix", readonly=False
    )
    marketplace_credit_prefix = fields.Char(
        related="company_id.marketplace_credit_prefix", readonly=False
    )


class MarketplaceSeller(models.Model):
    """What only the seller's invoices tell of it (facts 3.3)."""

    _inherit = "marketplace.seller"

    share_capital = fields.Char(
        string="Form and capital",
        tracking=True,
        help="As invoices must say it: « SAS au capital de 10 000 € ».",
    )
    registry = fields.Char(
        string="Register",
        tracking=True,
        help="As invoices must say it: « RCS La Rochelle », « RNA W172000000 ».",
    )
    vat_group = fields.Char(
        string="VAT group",
        tracking=True,
        help="Where the seller belongs to one (CGI art. 256 C), as invoices must say "
        "it: « Membre d'un assujetti unique », its name, address and VAT number.",
    )
    consumer_mediator = fields.Char(
        tracking=True,
        help="Name and address of the mediator of the seller's consumers (Code de la "
        "consommation L612-1), printed on the invoices of individuals.",
    )
    invoice_count = fields.Integer(
        string="Number of invoices", compute="_compute_invoice_count", compute_sudo=True
    )

    def _compute_invoice_count(self):
        groups = self.env["marketplace.invoice"]._read_group(
            [("contract_id", "in", self.ids)], ["contract_id"], ["__count"]
        )
        counts = dict(groups)
        for contract in self:
            contract.invoice_count = counts.get(contract, 0)

    def action_open_invoices(self):
        """Open the invoices issued in the seller's name."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "training_marketplace_payout.marketplace_invoice_action"
        )
        return dict(action, domain=[("contract_id", "=", self.id)], context={})

    def _get_invoice_party(self):
        """Return the seller as its invoices name it."""
        self.ensure_one()
        party = self.partner_id._get_invoice_party()
        legal = self.share_capital or (
            dict(
                self.partner_id._fields[
                    "marketplace_legal_form"
                ]._description_selection(self.env)
            )[self.partner_id.marketplace_legal_form]
            if self.partner_id.marketplace_legal_form in ("association", "individual")
            else ""
        )
        return {
            **party,
            "legal": legal,
            "registry": self.registry or "",
            "vat_group": self.vat_group or "",
        }


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_invoice_party(self):
        """Return this contact as an invoice names it: texts only, empty when unknown.

        :rtype: dict
        """
        self.ensure_one()
        company = self.commercial_partner_id
        country = self.country_id or company.country_id
        number = "".join((company.company_registry or "").split())
        is_number = number.isdigit()
        has_siret = is_number and len(number) == SIRET_LENGTH
        has_siren = has_siret or (is_number and len(number) == SIREN_LENGTH)
        return {
            "name": company.name or self.name or "",
            "legal": "",
            "registry": "",
            "street": self.street or "",
            "street2": self.street2 or "",
            "zip": self.zip or "",
            "city": self.city or "",
            "country": country.code or "",
            "country_name": country.name or "",
            "siren": number[:SIREN_LENGTH] if has_siren else "",
            "siret": number if has_siret else "",
            "number": "" if has_siren else company.company_registry or "",
            "vat": company.vat or "",
            "email": self.email or company.email or "",
            "phone": self.phone or company.phone or "",
            "website": company.website or "",
        }
