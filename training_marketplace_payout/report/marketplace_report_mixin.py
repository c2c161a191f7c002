# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import functools

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.training_catalogue_payment.models.res_company import DEFAULT_ZONE

from ..models.res_company_marketplace import ACCOUNT_FIELDS

# The accounts of the marketplace alone; others are shared with the catalogue.
ROLES = ("wallet", "fees", "repudiation", "seller", "hold", "debit")


class MarketplaceReportMixin(models.AbstractModel):
    """What the finance reports of the marketplace share (B21).

    They hold nothing: each is a statement over the ledger or the sales, whose rows keep
    the id of what they come from. Measures are in the currency of the company, so that
    they add up; ``currency_id`` and the amounts « in currency » say what was moved.
    """

    _name = "marketplace.report.mixin"
    _description = "Finance report of the marketplace"
    _auto = False

    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date = fields.Date(readonly=True)
    sale_id = fields.Many2one("marketplace.sale", readonly=True)

    def _web_read_group_groupby_formatter(self, groupby_spec, values):
        """Override: a pivot of 2 000 sellers over two years has 50 000 cells, and each
        seller and month is named and read once, not once a cell (P10)."""
        formatter = super()._web_read_group_groupby_formatter(groupby_spec, values)

        @functools.cache
        def once(value):
            label, domain = formatter(value)
            return label, Domain(domain)

        return once

    def _select_roles(self):
        """Return which account of each company plays which role.

        An account that was chosen for two roles counts once.
        """
        roles = SQL(", ").join(
            SQL("(%s, company.%s)", role, SQL.identifier(ACCOUNT_FIELDS[role]))
            for role in ROLES
        )
        return SQL(
            """
            SELECT DISTINCT ON (company.id, role.account_id)
                   company.id AS company_id, role.account_id, role.name
              FROM res_company company,
                   LATERAL (VALUES %s) AS role (name, account_id)
             WHERE role.account_id IS NOT NULL
            """,
            roles,
        )

    def _get_day(self, moment):
        """Return the day of a moment on the clock of « owner », the organisation."""
        return SQL(
            "(%s AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(owner.tz, %s))::date",
            moment,
            DEFAULT_ZONE,
        )

    def _to_company(self, amount, currency, day):
        """Return an amount in the currency of « company », at the rate of a day."""
        return SQL(
            """
            CASE WHEN %(currency)s = company.currency_id THEN %(amount)s
                 ELSE ROUND(%(amount)s * %(ours)s / %(theirs)s / own.rounding)
                      * own.rounding END
            """,
            amount=amount,
            currency=currency,
            ours=self._select_rate(SQL("company.currency_id"), day),
            theirs=self._select_rate(currency, day),
        )

    def _select_rate(self, currency, day):
        """Return the rate of a currency on a day, as `res.currency` finds it."""
        rates = SQL(
            """
            SELECT rate.rate FROM res_currency_rate rate
             WHERE rate.currency_id = %s
               AND (rate.company_id IS NULL OR rate.company_id
                    = split_part(company.parent_path, '/', 1)::int)
            """,
            currency,
        )
        return SQL(
            """
            COALESCE(
                (%(rates)s AND rate.name <= %(day)s
                  ORDER BY rate.company_id, rate.name DESC LIMIT 1),
                (%(rates)s ORDER BY rate.company_id, rate.name LIMIT 1), 1)
            """,
            rates=rates,
            day=day,
        )

    def action_open_sale(self):
        """Open the sale that the row is about.

        :raise UserError: when it is about none
        """
        self.ensure_one()
        if not self.sale_id:
            raise UserError(self.env._("This is not about one sale."))
        return self.sale_id._get_records_action()


class MarketplaceReportLedgerMixin(models.AbstractModel):
    """Rows that are journal items: each leads to its entry and its operation."""

    _name = "marketplace.report.ledger.mixin"
    _description = "Finance report of the marketplace, from the ledger"
    _inherit = "marketplace.report.mixin"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    move_id = fields.Many2one("account.move", string="Entry", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    account_id = fields.Many2one("account.account", readonly=True)
    operation_id = fields.Many2one(
        "mangopay.operation", string="Asked of Mangopay", readonly=True
    )

    def action_open_move(self):
        """Open the entry in the books."""
        self.ensure_one()
        return self.move_id._get_records_action()

    def action_open_operation(self):
        """Open what was asked of Mangopay.

        :raise UserError: for an entry that Mangopay has nothing to do with
        """
        self.ensure_one()
        if not self.operation_id:
            raise UserError(self.env._("Nothing was asked of Mangopay for this."))
        return self.operation_id._get_records_action()
