# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import UserError

Account = namedtuple("Account", "field code type reconcile label")

ANY_ACCOUNT = "[('company_ids', 'parent_of', id)]"


class ResCompany(models.Model):
    """The accounts of what is sold online and cashed by Stripe (A30, decision D9)."""

    _inherit = "res.company"

    training_income_account_id = fields.Many2one(
        "account.account",
        string="Income of training",
        domain=ANY_ACCOUNT,
        help="Of programmes that have no income account of their own.",
    )
    training_transit_account_id = fields.Many2one(
        "account.account",
        string="Money in transit at Stripe",
        domain=ANY_ACCOUNT,
        help="Carries Stripe's balance: 511500 in the French chart.",
    )
    training_fee_account_id = fields.Many2one(
        "account.account", string="Stripe's fees", domain=ANY_ACCOUNT
    )
    training_transfer_account_id = fields.Many2one(
        "account.account",
        string="Internal transfers",
        domain=ANY_ACCOUNT,
        help="Carries a payout until the bank statement line clears it.",
    )
    training_dispute_account_id = fields.Many2one(
        "account.account", string="Disputed payments", domain=ANY_ACCOUNT
    )
    training_dispute_loss_account_id = fields.Many2one(
        "account.account",
        string="Loss on lost disputes",
        domain=ANY_ACCOUNT,
        help="Left empty, the customer owes again what a lost dispute took back.",
    )
    training_prepaid_account_id = fields.Many2one(
        "account.account",
        string="Prepaid, not invoiced",
        domain=ANY_ACCOUNT,
        help="Used at closing: customers who have paid and are not invoiced yet.",
    )
    training_deferred_account_id = fields.Many2one(
        "account.account",
        string="Deferred income",
        domain=ANY_ACCOUNT,
        help="Used at closing: what is invoiced and not delivered yet.",
    )
    training_stripe_journal_id = fields.Many2one(
        "account.journal",
        string="Stripe journal",
        domain="[('type', '=', 'bank'), ('company_id', '=', id)]",
        copy=False,
    )

    @api.model
    def _get_training_french_accounts(self):
        """Return the French defaults (PCG 2025, facts 4.1); created where missing."""
        _ = self.env._
        rows = [
            ("income", "706000", "income", _("Training services")),
            (
                "transit",
                "511500",
                "asset_current",
                _("Card payments in transit (Stripe)"),
            ),
            ("fee", "627800", "expense", _("Fees of payment services")),
            ("transfer", "580000", "asset_current", _("Internal transfers")),
            ("dispute", "467200", "asset_current", _("Disputed card payments")),
            ("prepaid", "419100", "liability_current", _("Payments on account")),
            ("deferred", "487000", "liability_current", _("Deferred income")),
        ]
        return [
            Account(
                f"training_{name}_account_id",
                code,
                kind,
                kind not in ("expense", "income"),
                label,
            )
            for name, code, kind, label in rows
        ]

    def _ensure_training_accounts(self):
        """Choose the accounts of a French chart by code, creating what it lacks.

        Another chart's are chosen by the accountant in the settings.
        """
        for company in self.filtered(lambda c: c.chart_template == "fr"):
            localised = company.with_context(lang=company.partner_id.lang)
            for account in localised._get_training_french_accounts():
                if not company[account.field]:
                    company[account.field] = localised._find_or_create_account(account)
            company._translate_own_accounts(company._get_installed_languages())

    def _get_installed_languages(self):
        return [code for code, _name in self.env["res.lang"].get_installed()]

    @api.model
    def _get_own_french_accounts(self):
        """Hook: return the accounts that this addon creates, named in the language of
        the context."""
        return self._get_training_french_accounts()

    def _translate_own_accounts(self, langs):
        """Name in some languages what still has its English name there.

        :param list langs: codes of installed languages
        """
        french = self.filtered(lambda company: company.chart_template == "fr")
        sources = self.with_context(lang="en_US")._get_own_french_accounts()
        for lang in set(langs) - {"en_US"}:
            localised = french.with_context(lang=lang)
            labels = [one.label for one in localised._get_own_french_accounts()]
            for company in localised:
                for source, label in zip(sources, labels, strict=True):
                    account = company[source.field]
                    if account.name == source.label != label:
                        account.name = label

    def _find_or_create_account(self, account):
        self.ensure_one()
        accounts = self.env["account.account"].with_company(self)
        found = accounts.search(
            [
                *accounts._check_company_domain(self),
                ("code", "=", account.code),
            ],
            limit=1,
        )
        return found or accounts.create(
            {
                "code": account.code,
                "name": account.label,
                "account_type": account.type,
                "reconcile": account.reconcile,
                "company_ids": [fields.Command.link(self.root_id.id)],
            }
        )

    def _get_training_account(self, name):
        """Return one of the accounts above.

        :raise UserError: when the accountant has not chosen it
        """
        self.ensure_one()
        field = self._fields[name]
        if not self[name]:
            raise UserError(
                self.env._(
                    "Choose the account « %(account)s » of %(company)s in the "
                    "settings of training first.",
                    account=field._description_string(self.env),
                    company=self.name,
                )
            )
        return self[name]

    def _ensure_training_stripe_journal(self):
        """Return the journal of the company's Stripe account, created when needed.

        Its ledger account is the money in transit: Stripe is a bank whose statement
        is the list of its balance transactions.
        """
        self.ensure_one()
        if not self.training_stripe_journal_id:
            account = self._get_training_account("training_transit_account_id")
            localised = self.with_context(lang=self.partner_id.lang)
            self.training_stripe_journal_id = (
                localised.env["account.journal"]
                .with_company(self)
                .create(
                    {
                        "name": localised.env._("Stripe"),
                        "type": "bank",
                        "code": self._find_training_journal_code(),
                        "company_id": self.id,
                        "default_account_id": account.id,
                    }
                )
            )
        return self.training_stripe_journal_id

    def _find_training_journal_code(self):
        journals = self.env["account.journal"].with_context(active_test=False)
        used = journals.search([("company_id", "=", self.id)]).mapped("code")
        codes = ["STRIP", *(f"STR{number}" for number in range(1, 100))]
        return next(code for code in codes if code not in used)
