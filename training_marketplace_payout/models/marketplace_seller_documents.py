# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.payment.utils import to_minor_currency_units

from ..services.threshold import is_over, window_start

BATCH = 50


class MarketplaceSeller(models.Model):
    """What a seller is asked for once it sells: bank details (B13), then KYC (B14).

    Each is asked for once, and again only when what was given is no longer valid. If
    the process dies before its commit, neither the mail nor its date is kept: the
    follow-up of the sale asks again.
    """

    _inherit = "marketplace.seller"

    rib_asked_at = fields.Datetime(
        string="Bank details asked on", readonly=True, copy=False
    )
    rib_reminded_at = fields.Datetime(
        string="Bank details reminded on", readonly=True, copy=False
    )
    kyc_asked_at = fields.Datetime(
        string="Verification asked on", readonly=True, copy=False
    )
    kyc_reminded_at = fields.Datetime(
        string="Verification reminded on", readonly=True, copy=False
    )

    def _ask_missing_documents(self, sale):
        """Ask the seller for what its sale calls for: bank details at the first one,
        verification above the company's amount.

        Called by the follow-up of each confirmed sale, maybe several times.

        :param sale: a confirmed ``marketplace.sale``
        """
        if not self or sale.state != "confirmed":
            return
        contract_sudo = self.sudo()
        user_sudo = contract_sudo._get_mangopay_owner()
        contract_sudo._forget_what_was_given(user_sudo)
        if not user_sudo.active_recipient_id:
            contract_sudo._ask_bank_details()
        if not contract_sudo._is_verified(user_sudo) and contract_sudo._passes_volume():
            contract_sudo._ask_verification()

    def _get_mangopay_owner(self):
        """Return the seller's record at Mangopay, with sudo, maybe empty."""
        self.ensure_one()
        account_sudo = self.env["mangopay.account"].sudo()._get_of(self.company_id)
        if not account_sudo:
            return self.env["mangopay.user"].sudo()
        return self.partner_id._get_mangopay_user(account_sudo, "OWNER")

    @api.model
    def _is_verified(self, user_sudo):
        return user_sudo.kyc_level == "REGULAR"

    def _forget_what_was_given(self, user_sudo):
        """What was given is asked for again the day it is no longer valid."""
        vals = {}
        if user_sudo.active_recipient_id and self.rib_asked_at:
            vals |= {"rib_asked_at": False, "rib_reminded_at": False}
        if self._is_verified(user_sudo) and self.kyc_asked_at:
            vals |= {"kyc_asked_at": False, "kyc_reminded_at": False}
        if vals:
            self.write(vals)

    def _ask_bank_details(self):
        """Send the mail that asks for the bank details, once."""
        self._ask_once("rib")

    def _ask_verification(self):
        """Send the mail that asks for the documents of verification, once."""
        self._ask_once("kyc")

    def _ask_once(self, what):
        self.ensure_one()
        contract_sudo = self.sudo()
        contract_sudo.lock_for_update()
        name = f"{what}_asked_at"
        contract_sudo.invalidate_recordset([name])
        if contract_sudo[name]:
            return
        contract_sudo[name] = fields.Datetime.now()
        contract_sudo._tell_seller(f"mail_template_marketplace_{what}")

    def _passes_volume(self, as_of=None):
        """Tell whether the sales of the last months are above the company's amount,
        what was refunded left out (B14).

        One query, which the index on company, seller and date answers.

        :param datetime as_of: the end of the window; now by default
        """
        self.ensure_one()
        company = self.company_id
        as_of = as_of or fields.Datetime.now()
        start = window_start(as_of, company.marketplace_seller_months)
        domain = (
            Domain("company_id", "=", company.id)
            & Domain("seller_id", "=", self.partner_id.id)
            & Domain("confirmed_at", ">", start)
            & Domain("state", "=", "confirmed")
        )
        sales_sudo = self.env["marketplace.sale"].sudo()
        sums = sales_sudo._read_group(
            domain, ["currency_id"], ["amount_total:sum", "amount_refunded:sum"]
        )
        today = company._get_marketplace_today()
        past = sum(
            # The amount is the company's: as for buyers, each currency is converted.
            currency._convert(
                sold - (refunded or 0), company.currency_id, company, today
            )
            for currency, sold, refunded in sums
        )
        minor = [
            to_minor_currency_units(amount, company.currency_id)
            for amount in (past, 0, company.marketplace_seller_threshold)
        ]
        return is_over(*minor)

    @api.model
    def _cron_remind_documents(self):
        """Remind, once each, the sellers that have not given what was asked for.

        One commit each: a mail that was sent is never sent again.
        """
        progress = self.env["ir.cron"]._commit_progress
        for contract in self.search(self._get_waiting_domain(), limit=BATCH):
            contract._remind_documents()
            if not progress(1):
                return

    @api.model
    def _get_waiting_domain(self):
        """Return the contracts that were asked for something and not reminded yet."""
        waiting = Domain.OR(
            Domain(f"{what}_asked_at", "!=", False)
            & Domain(f"{what}_reminded_at", "=", False)
            & Domain.OR(
                Domain("company_id", "=", company.id)
                & Domain(
                    f"{what}_asked_at",
                    "<=",
                    fields.Datetime.now()
                    - timedelta(days=company.marketplace_document_days),
                )
                for company in self.env["res.company"].sudo().search([])
            )
            for what in ("rib", "kyc")
        )
        return waiting & Domain("state", "in", ("approved", "suspended", "closed"))

    def _remind_documents(self):
        """Send the reminders that are due, or forget what was given meanwhile."""
        self.ensure_one()
        contract_sudo = self.sudo()
        contract_sudo._forget_what_was_given(contract_sudo._get_mangopay_owner())
        days = timedelta(days=contract_sudo.company_id.marketplace_document_days)
        limit = fields.Datetime.now() - days
        for what in ("rib", "kyc"):
            asked, reminded = f"{what}_asked_at", f"{what}_reminded_at"
            is_due = contract_sudo[asked] and contract_sudo[asked] <= limit
            if is_due and not contract_sudo[reminded]:
                contract_sudo[reminded] = fields.Datetime.now()
                contract_sudo._tell_seller(
                    f"mail_template_marketplace_{what}", is_reminder=True
                )
