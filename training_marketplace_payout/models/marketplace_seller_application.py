# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from base64 import b64encode

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .marketplace_seller import MANAGER

#: States in which the organisation may fill the form in: a first time, to complete
#: it, or again.
OPEN_STATES = ("applied", "refused", "closed")


class MarketplaceSeller(models.Model):
    """The application of a training organisation: one for each organisation (B1)."""

    _inherit = "marketplace.seller"

    @api.model
    def _find_by_number(self, number, company, partner):
        """Return the contract of another contact with the same number, with sudo.

        A number typed by a stranger never leads it into somebody else's organisation:
        it is only told that one has applied.
        """
        contracts_sudo = self.sudo()
        if not number:
            return contracts_sudo
        return contracts_sudo.search(
            Domain("company_id", "=", company.id)
            & Domain("partner_id.company_registry", "=", number)
            & Domain("partner_id", "!=", partner.id),
            limit=1,
        )

    @api.model
    def _apply_from_website(self, user, company, values, file=None, filename=""):
        """Keep an application; a refused or closed seller's goes back to « Applied ».

        :param user: who applies, for its organisation
        :param dict values: of `services.marketplace_application.check_application`
        :param bytes file: the attestation, empty to keep the former one
        :raise UserError: when the contract is already decided upon
        """
        partner_sudo = self._ensure_organisation(user, values)
        contract_sudo = partner_sudo._get_marketplace_contract(company)
        if contract_sudo:
            contract_sudo.lock_for_update()
            contract_sudo.invalidate_recordset(["state"])
            if contract_sudo.state not in OPEN_STATES:
                raise UserError(self.env._("Your organisation is a seller already."))
        vals = self._prepare_application(values, file, filename)
        if not contract_sudo:
            vals |= {"partner_id": partner_sudo.id, "company_id": company.id}
            contract_sudo = self.sudo().create(vals)
            contract_sudo._on_applied(user)
        else:
            was_ended = contract_sudo.state != "applied"
            contract_sudo.write(vals)
            if was_ended:
                contract_sudo._decide("reopen")
                contract_sudo.applied_at = fields.Datetime.now()
                contract_sudo._on_applied(user)
        return contract_sudo

    def _prepare_application(self, values, file, filename):
        vals = {
            "vat_regime": values["vat_regime"],
            "vat_attestation_date": values["attestation_date"],
            "nda_number": values["nda_number"] or False,
            "message": values["message"] or False,
        }
        if values["vat_regime"] != "exempt":
            vals |= {"vat_attestation": False, "vat_attestation_filename": False}
        elif file:
            vals["vat_attestation"] = b64encode(file)
            vals["vat_attestation_filename"] = filename
        return vals

    @api.model
    def _ensure_organisation(self, user, values):
        """Return the organisation of who applies, made now for somebody on their own.

        Its name and number, once known, are never rewritten by a form: invoices bear
        them.
        """
        person_sudo = user.sudo().partner_id
        partner_sudo = person_sudo.commercial_partner_id
        country = self.env["res.country"].sudo()
        vals = {
            name: values[name] or False
            for name in ("street", "street2", "zip", "city", "email", "phone")
        }
        vals["marketplace_legal_form"] = values["legal_form"]
        vals["country_id"] = country.search(
            [("code", "=", values["country"])], limit=1
        ).id
        if not partner_sudo.is_company:
            partner_sudo = partner_sudo.create(
                {
                    **vals,
                    "name": values["name"],
                    "company_registry": values["number"] or False,
                    "is_company": True,
                    "lang": self.env.lang,
                }
            )
            person_sudo.parent_id = partner_sudo
            return partner_sudo
        if not partner_sudo.company_registry:
            vals["company_registry"] = values["number"] or False
        partner_sudo.write(vals)
        return partner_sudo

    def _on_applied(self, user):
        """Tell the applicant that the application arrived, and a manager to decide."""
        self._tell_seller("mail_template_marketplace_applied", user.partner_id)
        manager = self._find_manager()
        if manager:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Decide on this application"),
                user_id=manager.id,
            )

    def _find_manager(self):
        """Return a marketplace manager of the operator, empty when it has none."""
        self.ensure_one()
        managers = self.env.ref(MANAGER).sudo().all_user_ids
        return managers.filtered(
            lambda user: (
                user.active and not user.share and self.company_id in user.company_ids
            )
        ).sorted("id")[:1]

    def _get_recipients(self):
        """Return the contacts who are told about the contract: the seller's team, else
        the organisation itself."""
        self.ensure_one()
        partner_sudo = self.sudo().partner_id
        return partner_sudo._get_marketplace_team().partner_id or partner_sudo

    def _tell_seller(self, template_name, recipients=None, **context):
        """Send each member of the team a mail in its language.

        :param str template_name: of a template of this addon
        """
        self.ensure_one()
        template = self.env.ref(f"training_marketplace_payout.{template_name}").sudo()
        for partner in recipients or self._get_recipients():
            lang = partner.lang or self.partner_id.lang
            template.with_context(marketplace_lang=lang, **context)._send_soon(
                self.id,
                email_values={"recipient_ids": [Command.set(partner.ids)]},
            )

    def _on_decided(self, decision):
        """Override: the seller is told what was decided, and why."""
        result = super()._on_decided(decision)
        self.activity_feedback(["mail.mail_activity_data_todo"])
        if decision != "reopen":
            self._tell_seller(f"mail_template_marketplace_{decision}")
        return result

    def _check_complete(self):
        """Override: what the mandate and the invoices must say is there.

        :raise UserError: with what is missing
        """
        result = super()._check_complete()
        if missing := self._find_gaps():
            raise UserError(
                self.env._(
                    "Before %(seller)s can be approved:\n%(missing)s",
                    seller=self.partner_id.name,
                    missing="\n".join(f"- {line}" for line in missing),
                )
            )
        return result

    def _find_gaps(self):
        """Return the sentences that say what an approval still needs."""
        _ = self.env._
        partner = self.partner_id
        is_company = partner.marketplace_legal_form in ("company", "partnership")
        is_individual = partner.marketplace_legal_form == "individual"
        is_french = partner.country_id.code == "FR"
        is_exempt = self.vat_regime == "exempt"
        is_taxable = self.vat_regime == "taxable"
        checks = (
            (not partner.marketplace_legal_form, _("Enter its legal form.")),
            (is_individual, _("A private person is no training organisation.")),
            (
                is_company and not partner.company_registry,
                _("Enter its SIRET, or its number abroad."),
            ),
            (
                not (partner.street and partner.city and partner.country_id),
                _("Enter its address: invoices bear it."),
            ),
            # C. com. art. R123-237 and R123-238.
            (
                is_company and is_french and not (self.share_capital and self.registry),
                _("Enter its form, capital and register: its invoices bear them."),
            ),
            (not partner.email, _("Enter its e-mail address.")),
            (not self.vat_regime, _("Choose its VAT regime.")),
            # CGI ann. II art. 242 nonies A, 2°.
            (
                is_taxable and not partner.vat,
                _("Enter its VAT number: its invoices bear it."),
            ),
            (
                is_exempt and not (self.has_attestation and self.vat_attestation_date),
                _("Enter the date and the file of its attestation of exemption."),
            ),
        )
        return [sentence for failed, sentence in checks if failed]
