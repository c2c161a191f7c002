# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.training_catalogue_payment.models.res_company_accounts import (
    ANY_ACCOUNT,
    Account,
)

# Which field of the company says it, by `services.marketplace_entries.Account`.
ACCOUNT_FIELDS = {
    "wallet": "marketplace_wallet_account_id",
    "seller": "marketplace_seller_account_id",
    "hold": "marketplace_hold_account_id",
    "fees": "marketplace_fees_account_id",
    "debit": "marketplace_debit_account_id",
    "repudiation": "marketplace_repudiation_account_id",
    # Of the catalogue: its own disputes and bank transfers are on them too.
    "dispute": "training_dispute_account_id",
    "transit": "training_transfer_account_id",
}
BOOK_FIELDS = (*ACCOUNT_FIELDS.values(), "marketplace_journal_id")


class ResCompany(models.Model):
    """The accounts of other people's money, and of the commissions (D9)."""

    _inherit = "res.company"

    marketplace_wallet_account_id = fields.Many2one(
        "account.account",
        string="Wallets at Mangopay",
        domain=ANY_ACCOUNT,
        help="Money of buyers and sellers at Mangopay, not the company's: 517100 in "
        "the French chart.",
    )
    marketplace_seller_account_id = fields.Many2one(
        "account.account",
        string="Owed to sellers",
        domain=ANY_ACCOUNT,
        help="What was cashed for sellers and is to be paid out: 468100 in the French "
        "chart.",
    )
    marketplace_hold_account_id = fields.Many2one(
        "account.account",
        string="Held for buyers",
        domain=ANY_ACCOUNT,
        help="Payments that are no sale yet, or will never be: 468200 in the French "
        "chart.",
    )
    marketplace_fees_account_id = fields.Many2one(
        "account.account",
        string="Own money at Mangopay",
        domain=ANY_ACCOUNT,
        help="Commissions taken at payout: 517200 in the French chart.",
    )
    marketplace_debit_account_id = fields.Many2one(
        "account.account",
        string="Owed by sellers",
        domain=ANY_ACCOUNT,
        help="Advanced to refund buyers after a payout: 467100 in the French chart.",
    )
    marketplace_income_account_id = fields.Many2one(
        "account.account",
        string="Income of commissions",
        domain=ANY_ACCOUNT,
        help="Income of the marketplace: 706200 in the French chart.",
    )
    marketplace_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of the marketplace",
        domain="[('type', '=', 'general'), ('company_id', '=', id)]",
        copy=False,
    )
    marketplace_commission_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of commissions",
        domain="[('type', '=', 'sale'), ('company_id', '=', id)]",
        copy=False,
    )

    marketplace_transfer_days = fields.Integer(
        string="Days before the transfer",
        default=1,
        help="After the sale, or after the end of the buyer's right of withdrawal if "
        "that comes later: until then a refund takes nothing back from the seller.",
    )

    _marketplace_transfer_days_positive = models.Constraint(
        "CHECK(marketplace_transfer_days >= 0)",
        "The transfer cannot come before the sale.",
    )

    def write(self, vals):
        """Once what was missing is chosen, the entries that waited for it are made."""
        result = super().write(vals)
        if any(vals.get(name) for name in BOOK_FIELDS):
            self.env["marketplace.entry"].sudo()._retry_blocked(self)
        return result

    @api.model
    def _get_marketplace_french_accounts(self):
        """Return the French defaults (PCG 2025, facts 4.1)."""
        _ = self.env._
        rows = [
            ("wallet", "517100", "asset_current", _("Wallets of third parties")),
            ("seller", "468100", "liability_payable", _("Sellers - to be paid out")),
            ("hold", "468200", "liability_current", _("Buyers - payments held")),
            ("fees", "517200", "asset_cash", _("Operator's wallet at Mangopay")),
            ("debit", "467100", "asset_receivable", _("Sellers - owed by them")),
            ("income", "706200", "income", _("Commissions of the marketplace")),
        ]
        return [
            Account(
                f"marketplace_{name}_account_id",
                code,
                kind,
                kind not in ("income", "asset_cash"),
                label,
            )
            for name, code, kind, label in rows
        ]

    def _ensure_marketplace_accounts(self):
        """Choose the accounts of a French chart by code, creating what it lacks, and
        have both journals.

        Another chart's accounts are chosen by the accountant in the settings.
        """
        for company in self:
            localised = company.with_context(lang=company.partner_id.lang)
            if company.chart_template == "fr":
                for account in localised._get_marketplace_french_accounts():
                    if not company[account.field]:
                        company[account.field] = localised._find_or_create_account(
                            account
                        )
                company._translate_own_accounts(company._get_installed_languages())
            if company.chart_template:
                localised._ensure_marketplace_journals()

    @api.model
    def _get_own_french_accounts(self):
        """Override: those of the marketplace too."""
        return [
            *super()._get_own_french_accounts(),
            *self._get_marketplace_french_accounts(),
        ]

    def _get_missing_marketplace_accounts(self):
        """Return the names of the accounts and journals that are not chosen yet."""
        self.ensure_one()
        names = [account.field for account in self._get_marketplace_french_accounts()]
        names += ["marketplace_journal_id", "marketplace_commission_journal_id"]
        return [
            self._fields[name]._description_string(self.env)
            for name in names
            if not self[name]
        ]

    def _find_or_create_account(self, account):
        """Override of the catalogue: what sellers owe and are owed is not trade."""
        found = super()._find_or_create_account(account)
        types = {"liability_payable", "asset_receivable"} & {account.type}
        if found.account_type in types and not found.non_trade:
            domain = [("account_id", "=", found.id)]
            is_used = self.env["account.move.line"].search_count(domain, limit=1)
            found.non_trade = not is_used
        return found

    def _ensure_marketplace_journals(self):
        self.ensure_one()
        _ = self.env._
        if not self.marketplace_journal_id:
            self.marketplace_journal_id = self._create_marketplace_journal(
                "MKT", "general", _("Marketplace")
            )
        if not self.marketplace_commission_journal_id:
            self.marketplace_commission_journal_id = self._create_marketplace_journal(
                "COM",
                "sale",
                _("Commissions of the marketplace"),
                default_account_id=self.marketplace_income_account_id.id,
            )

    def _create_marketplace_journal(self, code, kind, name, **values):
        """Return the journal of this code and type, created when there is none."""
        journals = self.env["account.journal"].with_company(self)
        own = journals.with_context(active_test=False).search(
            [("company_id", "=", self.id)]
        )
        found = own.filtered(
            lambda journal: (
                journal.active and journal.code == code and journal.type == kind
            )
        )
        if found:
            return found[:1]
        used = own.mapped("code")
        codes = [code, *(f"{code}{number}" for number in range(1, 100))]
        return journals.create(
            {
                "name": name,
                "type": kind,
                "code": next(one for one in codes if one not in used),
                "company_id": self.id,
                **values,
            }
        )

    def _get_marketplace_account(self, role):
        """Return the account that plays a role (`services.marketplace_entries`).

        :raise UserError: when the accountant has not chosen it
        """
        self.ensure_one()
        return self._get_marketplace_setting(ACCOUNT_FIELDS[role])

    def _get_marketplace_setting(self, name):
        """Return an account or a journal of the marketplace.

        :raise UserError: when the accountant has not chosen it
        """
        self.ensure_one()
        if not self[name]:
            raise UserError(
                self.env._(
                    "Choose « %(setting)s » of %(company)s in the settings of the "
                    "marketplace: what waits for it is then booked by itself.",
                    setting=self._fields[name]._description_string(self.env),
                    company=self.name,
                )
            )
        return self[name]
