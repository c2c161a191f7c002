# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import dataclasses

from odoo import fields, models

from ..services import dac7
from .res_partner_seller import CONFIDENTIAL

#: Natural persons, whose birth is told.
INDIVIDUALS = ("sole_trader", "individual")


class ResPartner(models.Model):
    """What the tax office is told of a seller (B23)."""

    _inherit = "res.partner"

    marketplace_tax_number = fields.Char(
        string="Tax number",
        groups=CONFIDENTIAL,
        help="By which its country taxes it (TIN). A French company has its SIREN: "
        "nothing to fill in.",
    )
    marketplace_tax_country_id = fields.Many2one(
        "res.country", string="Country of the tax number", groups=CONFIDENTIAL
    )

    def _prepare_dac7_person(self, company):
        """Return what is known of this contact, as `services.dac7` reads it.

        :param company: whose seller it is, at whose Mangopay it is paid
        :rtype: services.dac7.Person
        """
        partner_sudo = self.sudo().ensure_one()
        country = partner_sudo.country_id.code or ""
        account_sudo = self.env["mangopay.account"].sudo()._get_of(company)
        user_sudo = account_sudo and partner_sudo._get_mangopay_user(
            account_sudo, "OWNER"
        )
        recipient_sudo = user_sudo and user_sudo._get_recipient(company.currency_id)
        given = partner_sudo.marketplace_tax_number or ""
        found = dac7.read_tax_number(partner_sudo.company_registry, country)
        tax_country = partner_sudo.marketplace_tax_country_id.code if given else country
        return dac7.Person(
            name=partner_sudo.name or "",
            country=country,
            street=", ".join(filter(None, (partner_sudo.street, partner_sudo.street2))),
            zip=partner_sudo.zip or "",
            city=partner_sudo.city or "",
            tax_number=given or found,
            tax_country=tax_country or country,
            vat=partner_sudo.vat or "",
            registration=partner_sudo.company_registry or "",
            is_individual=partner_sudo.marketplace_legal_form in INDIVIDUALS,
            firstname=partner_sudo.marketplace_rep_firstname or "",
            lastname=partner_sudo.marketplace_rep_lastname or "",
            birthdate=partner_sudo.marketplace_rep_birthdate or None,
            iban=(recipient_sudo and recipient_sudo.bank_id.sanitized_acc_number) or "",
            holder=(recipient_sudo and recipient_sudo.holder) or "",
        )

    def _keep_dac7_person(self, company):
        """Return the same as plain values, to be kept."""
        person = self._prepare_dac7_person(company)
        birthdate = person.birthdate and person.birthdate.isoformat()
        return {**dataclasses.asdict(person), "birthdate": birthdate}
