# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.training_catalogue_payment.services.terms import hash_text

from ..services.marketplace_mandate import make_key


class MarketplaceSeller(models.Model):
    """The mandate of a seller: its text, whether it is in force, its acceptance."""

    _inherit = "marketplace.seller"

    mandate_key = fields.Char(
        compute="_compute_mandate_key", store=True, compute_sudo=True
    )
    mandate_asked_key = fields.Char(
        readonly=True, copy=False, help="Technical: the change that was told."
    )
    is_mandate_due = fields.Boolean(
        string="Mandate to accept",
        compute="_compute_is_open",
        store=True,
        compute_sudo=True,
        help="Approved, but the mandate was not accepted, or says what changed since.",
    )

    @api.depends(
        "contest_days",
        "nda_number",
        "partner_id.company_registry",
        "partner_id.country_id",
        "partner_id.marketplace_legal_form",
        "partner_id.name",
        "series_code",
        "vat_attestation_date",
        "vat_regime",
    )
    def _compute_mandate_key(self):
        for contract in self:
            contract.mandate_key = make_key(contract._get_mandate_facts())

    @api.depends("mandate_key", "mandate_id.terms_key")
    def _compute_is_open(self):
        """Override: what was accepted must be what would be accepted today."""
        for contract in self:
            is_approved = contract.state == "approved"
            mandate = contract.mandate_id
            is_current = mandate and mandate.terms_key == contract.mandate_key
            contract.is_open = is_approved and bool(is_current)
            contract.is_mandate_due = is_approved and not is_current

    def _ask_new_mandate(self):
        """Tell the seller, once for each change, that its mandate says something that
        changed: its courses are off sale until it accepts the next version."""
        self.ensure_one()
        contract_sudo = self.sudo()
        contract_sudo.lock_for_update()
        contract_sudo.invalidate_recordset(["mandate_asked_key"])
        if contract_sudo.mandate_asked_key == contract_sudo.mandate_key:
            return
        contract_sudo.mandate_asked_key = contract_sudo.mandate_key
        contract_sudo._tell_seller("mail_template_marketplace_mandate")

    @api.model
    def _cron_ask_new_mandates(self):
        """Ask for the mandates that changes call for; one commit each."""
        domain = [("is_mandate_due", "=", True), ("mandate_id", "!=", False)]
        progress = self.env["ir.cron"]._commit_progress
        for contract in self.search(domain):
            contract._ask_new_mandate()
            if not progress(1):
                return

    def _get_mandate_facts(self):
        """Return what of the seller the mandate depends on, as plain values."""
        self.ensure_one()
        partner = self.partner_id
        return {
            "name": partner.name,
            "number": partner.company_registry,
            "legal_form": partner.marketplace_legal_form,
            "country": partner.country_id.code,
            "vat_regime": self.vat_regime,
            "attestation_date": self.vat_attestation_date,
            "nda_number": self.nda_number,
            "series_code": self.series_code,
            "contest_days": self.contest_days,
        }

    def _render_mandate(self):
        """Return the text to accept, in the current language.

        It holds no date: the same contract always gives the same text.

        :rtype: str
        """
        self.ensure_one()
        contract_sudo = self.sudo()
        forms = contract_sudo.partner_id._fields["marketplace_legal_form"]
        regimes = contract_sudo._fields["vat_regime"]
        values = {
            "contract": contract_sudo,
            "seller": contract_sudo.partner_id,
            "operator": contract_sudo.company_id.partner_id,
            "legal_form": dict(forms._description_selection(self.env)).get(
                contract_sudo.legal_form
            ),
            "vat_regime": dict(regimes._description_selection(self.env)).get(
                contract_sudo.vat_regime
            ),
            "next_version": contract_sudo._get_next_version(),
        }
        views = self.env["ir.qweb"].sudo()
        text = views._render(
            "training_marketplace_payout.mandate_text", values, minimal_qcontext=True
        )
        return str(text).strip()

    def _get_next_version(self):
        return max(self.mandate_ids.mapped("version"), default=0) + 1

    def _accept_mandate(self, shown_hash, user, ip, user_agent=""):
        """Keep the proof that a member of the seller's team accepted the text.

        A double click, or a request run again, finds the mandate accepted.

        :param str shown_hash: fingerprint of the text that the person read
        :param user: who accepts
        :param str ip: from where
        :return: the mandate
        :raise AccessError: for who is not of the seller's team
        :raise UserError: when the text changed meanwhile, or there is none to accept
        """
        self.ensure_one()
        contract_sudo = self.sudo()
        if user not in contract_sudo.partner_id._get_marketplace_team():
            raise AccessError(
                self.env._("Only the seller itself may accept its mandate.")
            )
        contract_sudo.lock_for_update()
        contract_sudo.invalidate_recordset(["state", "mandate_id", "is_open"])
        if contract_sudo.is_open:
            return contract_sudo.mandate_id
        if contract_sudo.state != "approved":
            raise UserError(self.env._("There is no mandate to accept for now."))
        text = contract_sudo._render_mandate()
        if hash_text(text) != shown_hash:
            raise UserError(
                self.env._("The text changed meanwhile: read it again, please.")
            )
        mandate_sudo = contract_sudo._write_mandate(text, user, ip, user_agent)
        contract_sudo.mandate_id = mandate_sudo
        contract_sudo.message_post(
            body=self.env._(
                "%(user)s accepted the mandate, version %(version)s.",
                user=user.name,
                version=mandate_sudo.version,
            )
        )
        mandate_sudo._trigger_pdf()
        return mandate_sudo

    def _write_mandate(self, text, user, ip, user_agent, accepted_at=None):
        """Keep the proof of an acceptance.

        :param datetime accepted_at: now by default; the sellers of the demonstration
            have been there for long
        """
        values = {
            "seller_id": self.id,
            "version": self._get_next_version(),
            "text": text,
            "text_hash": hash_text(text),
            "terms_key": self.mandate_key,
            "contest_days": self.contest_days,
            "accepted_at": accepted_at or fields.Datetime.now(),
            "user_id": user.id,
            "ip": ip,
            "user_agent": (user_agent or "")[:250],
        }
        return self.env["marketplace.mandate"].sudo().create(values)
