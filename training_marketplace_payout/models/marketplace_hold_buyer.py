# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID, models

from ..services.mangopay_kyc import LEGAL_FORMS


class ResPartner(models.Model):
    """A buyer whom Mangopay has to know (B10).

    A PAYER cannot be verified, and never becomes one that can without burdening each
    release with strong authentication (D10): the same person is therefore known a
    second time, as an OWNER that never holds money.
    """

    _inherit = "res.partner"

    def _get_mangopay_verification(self, company):
        """Return the record by which Mangopay verifies a contact, maybe empty."""
        self.ensure_one()
        account = self.env["mangopay.account"]._get_of(company)
        if not account:
            return self.env["mangopay.user"].sudo()
        return self._get_mangopay_user(account, "OWNER")

    def _is_mangopay_verified(self, company):
        """Tell whether Mangopay has validated this contact and still keeps to it."""
        record = self._get_mangopay_verification(company)
        return record.kyc_level == "REGULAR" and record.state == "active"

    def _get_held_purchases(self, company):
        """Return the purchases of this contact that wait, with sudo, oldest first."""
        self.ensure_one()
        return (
            self.env["marketplace.sale"]
            .sudo()
            .search(
                [
                    ("buyer_id", "=", self.commercial_partner_id.id),
                    ("company_id", "=", company.id),
                    ("state", "=", "held"),
                ],
                order="id",
            )
        )

    def _was_ever_held(self):
        """Tell whether a purchase of this contact waits, or has waited."""
        self.ensure_one()
        sales_sudo = self.env["marketplace.sale"].sudo()
        domain = [
            ("buyer_id", "=", self.commercial_partner_id.id),
            ("hold_days", "!=", False),
        ]
        return bool(sales_sudo.search_count(domain, limit=1))

    def _get_buyer_to_verify(self, company):
        """Return the buyer for whom this person answers: their own organisation, or
        themselves; else the company that they bought for from their account.

        What waits now comes before what is over.
        """
        self.ensure_one()
        own = self.commercial_partner_id
        sales_sudo = self.env["marketplace.sale"].sudo()
        domain = [
            ("company_id", "=", company.id),
            ("hold_days", "!=", False),
            "|",
            ("buyer_id", "=", own.id),
            ("order_id.training_account_id.partner_id", "=", self.id),
        ]
        found_sudo = sales_sudo.search(domain, order="id desc")
        waiting_sudo = found_sudo.filtered(lambda sale: sale.state == "held")
        return (waiting_sudo or found_sudo)[:1].buyer_id or own

    def _get_buyer_forms(self):
        """Return the legal forms that a buyer may have: a person is a person."""
        self.ensure_one()
        if self.commercial_partner_id.is_company:
            return [form for form in LEGAL_FORMS if form != "individual"]
        return ["individual"]


class MangopayUser(models.Model):
    """What becomes of a buyer whom Mangopay verifies."""

    _inherit = "mangopay.user"

    def _is_buyer(self):
        """Tell a buyer whom Mangopay has to verify from a seller."""
        self.ensure_one()
        return self.category == "OWNER" and not self.partner_id.is_marketplace_seller

    def _get_held_purchases(self):
        return self.partner_id._get_held_purchases(self.company_id)

    def _describe_buyer_missing(self):
        """Return the sentences that say what a buyer lacks, in order."""
        if not self:
            return [self.env._("Nothing was given yet.")]
        steps = {name: one for name, one in self.steps.items() if name != "bank"}
        return self._describe_blocks() + self._describe_steps(steps)

    def _apply_mangopay_user(self, payload):
        """Have what waits for this buyer released as soon as Mangopay validated them.

        By the job, once this is committed: what it does cannot undo a verdict.
        """
        was_verified = self.kyc_level == "REGULAR" and self.state == "active"
        result = super()._apply_mangopay_user(payload)
        is_verified = self.kyc_level == "REGULAR" and self.state == "active"
        if self.category == "OWNER" and is_verified and not was_verified:
            self.env["marketplace.sale"]._trigger_hold_job()
        return result

    def _on_mangopay_failed(self, operation):
        result = super()._on_mangopay_failed(operation)
        if operation.kind == "user" and self._is_buyer():
            self._tell_refusal(operation.error_message or "")
        return result

    def _tell_refusal(self, message):
        """Tell a buyer who waits why Mangopay refused, and where to try again.

        Who waits for nothing is not disturbed: at a later purchase they are asked.
        """
        result = super()._tell_refusal(message)
        sale_sudo = self._get_held_purchases()[:1]
        if not self._is_seller() and sale_sudo:
            template = self.env.ref(
                "training_marketplace_payout.mail_template_hold_refusal"
            )
            # From the office, whoever's request brought the news.
            office = template.with_user(SUPERUSER_ID)
            office.with_context(mangopay_reason=message)._send_soon(sale_sudo.id)
        return result
