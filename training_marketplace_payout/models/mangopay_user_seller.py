# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..services.seller_identity import make_owner
from ..services.seller_steps import Record, find_steps, is_ready


class MangopayUser(models.Model):
    """A seller at Mangopay: who it is, that it accepted the terms, how far it is."""

    _inherit = "mangopay.user"

    terms_accepted_at = fields.Datetime(
        string="Terms accepted on",
        readonly=True,
        copy=False,
        help="Mangopay may ask for this proof (guides/users/terms).",
    )
    terms_user_id = fields.Many2one(
        "res.users", string="Terms accepted by", readonly=True, copy=False
    )
    terms_ip = fields.Char(
        string="Terms accepted from",
        readonly=True,
        copy=False,
        groups="account.group_account_manager,base.group_system",
    )
    steps = fields.Json(compute="_compute_steps")
    missing = fields.Text(compute="_compute_steps")
    is_seller_ready = fields.Boolean(
        string="Can be paid",
        compute="_compute_steps",
        help="Identity, verification and bank account: nothing is missing.",
    )
    is_kyc_ready = fields.Boolean(
        string="Verified",
        compute="_compute_is_kyc_ready",
        store=True,
        compute_sudo=True,
        help="Verified by Mangopay, with its wallet and the terms: its courses may be "
        "sold where verification comes first.",
    )

    @api.depends(
        "state",
        "account_id.active",
        "kyc_level",
        "inflows_blocked",
        "terms_accepted_at",
        "wallet_ids.mangopay_id",
    )
    def _compute_is_kyc_ready(self):
        for user in self:
            user.is_kyc_ready = (
                user.state == "active"
                and user.account_id.active
                and user.kyc_level == "REGULAR"
                and not user.inflows_blocked
                and bool(user.terms_accepted_at)
                and any(user.wallet_ids.mapped("mangopay_id"))
            )

    @api.depends(
        "state",
        "mangopay_id",
        "kyc_level",
        "inflows_blocked",
        "outflows_blocked",
        "kyc_renewal_deadline",
        "document_ids.state",
        "verification_ids.state",
        "ubo_declaration_ids.state",
        "recipient_ids.state",
        "partner_id.marketplace_legal_form",
        "partner_id.is_marketplace_seller",
    )
    def _compute_steps(self):
        for user in self:
            record = user._get_step_record()
            user.steps = find_steps(record)
            user.is_seller_ready = is_ready(record) and user.state == "active"
            user.missing = "\n".join(user._describe_missing())

    def _get_step_record(self):
        self.ensure_one()
        user_sudo = self.sudo()
        documents = user_sudo._get_document_states()
        recipients = user_sudo.recipient_ids.sorted("id")
        return Record(
            legal_form=user_sudo.partner_id.marketplace_legal_form or "",
            user=user_sudo.state,
            is_known=bool(user_sudo.mangopay_id),
            is_verified=user_sudo.kyc_level == "REGULAR",
            verification=user_sudo.verification_ids.sorted("id")[-1:].state or "",
            documents={kind: one.state for kind, one in documents.items()},
            declaration=user_sudo._get_declaration().state or "",
            recipients=tuple(recipients.mapped("state")),
            is_paid=user_sudo._is_seller(),
        )

    def _describe_missing(self):
        """Return the sentences that say what a person lacks, in order."""
        return self._describe_blocks() + self._describe_steps(self.steps or {})

    def _describe_steps(self, steps):
        _ = self.env._
        sentences = {
            ("identity", "todo"): _("Identity and terms: not given yet."),
            ("identity", "waiting"): _("Identity: Mangopay has not answered yet."),
            ("identity", "refused"): _("Identity: refused by Mangopay, to correct."),
            ("authentication", "todo"): _("Strong authentication: not done yet."),
            ("documents", "todo"): _("Verification: not done yet."),
            ("documents", "waiting"): _("Verification: Mangopay is checking."),
            ("documents", "refused"): _("Verification: something was refused."),
            ("owners", "todo"): _("Beneficial owners: not declared yet."),
            ("owners", "waiting"): _("Beneficial owners: Mangopay is checking."),
            ("owners", "refused"): _("Beneficial owners: to correct."),
            ("bank", "todo"): _("Bank account: not given, or not confirmed yet."),
            ("bank", "refused"): _("Bank account: refused by Mangopay."),
        }
        return [sentences[step] for step in steps.items() if step in sentences]

    # Identity and terms

    def _accept_terms(self, user, ip):
        """Write down that a person accepted Mangopay's terms, once.

        :param user: who
        :param str ip: from where
        """
        self.ensure_one()
        if not self.terms_accepted_at:
            self.write(
                {
                    "terms_accepted_at": fields.Datetime.now(),
                    "terms_user_id": user.id,
                    "terms_ip": ip,
                }
            )

    def _announce(self):
        """Ask Mangopay for the seller's user, from what the contact says now.

        :return: the operation; empty when Mangopay knows the seller
        :raise UserError: while the terms are not accepted or the identity has gaps
        """
        self.ensure_one()
        if not self.terms_accepted_at:
            raise UserError(self.env._("Mangopay's terms have not been accepted yet."))
        person, values = make_owner(self._prepare_seller())
        if self.mangopay_id:
            return self.env["mangopay.operation"]
        if self.state in ("draft", "refused"):
            self.person = person
        return self._request_creation(values)

    def _prepare_seller(self):
        """Return the plain values of `services.seller_identity.make_owner`."""
        partner_sudo = self.sudo().partner_id
        seller = {
            "legal_form": partner_sudo.marketplace_legal_form,
            "name": partner_sudo.name,
            "company_number": partner_sudo.company_registry,
            "email": partner_sudo.email,
            "address": self._prepare_address(partner_sudo),
            "firstname": partner_sudo.marketplace_rep_firstname,
            "lastname": partner_sudo.marketplace_rep_lastname,
            "rep_email": partner_sudo.marketplace_rep_email,
            "birthdate": partner_sudo.marketplace_rep_birthdate,
            "nationality": partner_sudo.marketplace_rep_nationality_id.code,
            "residence": partner_sudo.marketplace_rep_country_id.code,
        }
        optional = ("company_number",)
        if any(not seller[name] for name in seller if name not in optional):
            raise UserError(self.env._("Something of the identity is still missing."))
        return seller

    def _prepare_address(self, partner_sudo):
        address = {
            "AddressLine1": partner_sudo.street,
            "AddressLine2": partner_sudo.street2,
            "City": partner_sudo.city,
            "PostalCode": partner_sudo.zip,
            "Country": partner_sudo.country_id.code,
        }
        return {name: value for name, value in address.items() if value}

    def _is_seller(self):
        """Tell a seller from a buyer whom Mangopay had to verify (D10)."""
        self.ensure_one()
        return self.category == "OWNER" and self.partner_id.is_marketplace_seller

    def _on_mangopay_made(self, operation):
        result = super()._on_mangopay_made(operation)
        if operation.kind == "user" and self._is_seller():
            self._get_wallet(self._get_seller_currency())._request_creation()
        return result

    def _on_mangopay_failed(self, operation):
        result = super()._on_mangopay_failed(operation)
        if operation.kind == "user" and self._is_seller():
            self._tell_refusal(operation.error_message or "")
        return result
