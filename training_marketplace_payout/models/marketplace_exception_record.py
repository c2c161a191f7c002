# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.payment.utils import to_minor_currency_units

from ..services.proof_causes import Facts, guess_cause

# Beyond these, one night's differences are one problem: the list shows them all.
CALLS = 20
AMOUNTS = ("expected", "found", "difference")
# Statements that give the seller (a contact's id) of the subjects of a model.
SELLERS = {
    "res.partner": "SELECT id, id FROM res_partner"
    " WHERE is_marketplace_seller AND id IN %s",
    "marketplace.seller": "SELECT id, partner_id FROM marketplace_seller"
    " WHERE id IN %s",
    "marketplace.sale": "SELECT id, seller_id FROM marketplace_sale WHERE id IN %s",
    "marketplace.refund": "SELECT id, seller_id FROM marketplace_refund WHERE id IN %s",
    "marketplace.invoice": "SELECT id, seller_id FROM marketplace_invoice"
    " WHERE id IN %s",
    "marketplace.entry": """
        SELECT entry.id, COALESCE(sale.seller_id, (
                   SELECT (part->>1)::int FROM jsonb_array_elements(entry.lines) part
                    WHERE part->>0 = 'seller' LIMIT 1))
          FROM marketplace_entry entry
          LEFT JOIN marketplace_sale sale ON sale.id = entry.sale_id
         WHERE entry.id IN %s""",
    "payment.transaction": """
        SELECT tx.id, sale.seller_id FROM payment_transaction tx
          JOIN marketplace_sale sale
            ON sale.tx_id IN (tx.id, tx.source_transaction_id)
         WHERE tx.id IN %s""",
    "account.move": """
        SELECT line.move_id, MIN(partner.id) FROM account_move_line line
          JOIN res_partner partner ON partner.id = line.partner_id
           AND partner.is_marketplace_seller
         WHERE line.move_id IN %s GROUP BY line.move_id""",
}


class MarketplaceException(models.Model):
    """How the proof writes down what it found."""

    _inherit = "marketplace.exception"

    @api.model
    def _record(self, company, checks, differences, looked_at=None, cut=()):
        """Write down what a proof found: once for each difference.

        In one transaction: if the process dies nothing is kept, and the next proof
        finds the same.

        :param checks: the codes of the checks that were made to their end; a check
            that failed says nothing of what it found before
        :param differences: `marketplace_proof.Difference` values
        :param looked_at: where a check looks at a few subjects only, (model, ids) of
            them: the others' differences stay
        :param cut: checks of which only the first differences are given: what is not
            among them is not gone
        :return: the rows that are new
        """
        self.env.flush_all()
        rows_sudo = self.sudo().with_context(mail_create_nosubscribe=True)
        domain = [
            ("company_id", "=", company.id),
            ("check_code", "in", sorted(checks)),
            ("state", "!=", "closed"),
        ]
        if looked_at:
            model, ids = looked_at
            domain += [("res_model", "=", model), ("res_id", "in", list(ids))]
        # Two checks may say the same of one subject: one row, the last word.
        seen = {rows_sudo._get_key(one): one for one in differences}
        live = {row._get_own_key(): row for row in rows_sudo.search(domain)}
        gone = rows_sudo.browse(
            [live[key].id for key in live.keys() - seen.keys() if key[0] not in cut]
        )
        gone._close()
        for key in seen.keys() & live.keys():
            live[key]._see_again(seen[key])
        known = rows_sudo.browse([live[key].id for key in seen.keys() & live.keys()])
        known.date_last = fields.Datetime.now()
        new = [seen[key] for key in seen if key not in live]
        created = rows_sudo.create(rows_sudo._prepare_rows(company, new))
        created[:CALLS]._call_owner()
        return created

    def _get_key(self, difference):
        return (
            difference.check,
            difference.model,
            difference.res_id,
            difference.currency_id or 0,
        )

    def _get_own_key(self):
        self.ensure_one()
        return (
            self.check_code,
            self.res_model,
            self.res_id,
            self.currency_id.id or 0,
        )

    def _prepare_rows(self, company, differences):
        """Return the values of rows for differences that were not known."""
        now = fields.Datetime.now()
        owner = self.env["marketplace.entry"].new({"company_id": company.id})
        owner_id = owner._get_accountant().id
        sellers = self._find_sellers(differences)
        facts = differences and self._collect_facts(company)
        return [
            {
                "company_id": company.id,
                "check_code": one.check,
                "seller_id": one.seller_id or sellers.get((one.model, one.res_id)),
                "res_model": one.model,
                "res_id": one.res_id,
                "currency_id": one.currency_id,
                "user_id": owner_id,
                "date_first": now,
                "date_last": now,
                **self._prepare_amounts(one),
                "cause": self._guess(one, facts).value,
            }
            for one in differences
        ]

    def _prepare_amounts(self, difference):
        return {
            "expected": difference.expected,
            "found": difference.found,
            "difference": difference.found - difference.expected,
            "detail": difference.detail or False,
        }

    def _see_again(self, difference):
        """Take over the amounts of now; what was explained was another difference."""
        self.ensure_one()
        values = self._prepare_amounts(difference)
        same = all(abs(self[name] - values[name]) < 1e-4 for name in AMOUNTS)
        if same and (self.detail or False) == values["detail"]:
            return
        self.write(values)
        if self.state == "explained":
            self.state = "open"
            self._call_owner()

    def _close(self):
        """Write down that differences are gone."""
        if not self:
            return
        self.write({"state": "closed", "date_closed": fields.Datetime.now()})
        self.activity_unlink(["mail.mail_activity_data_warning"])

    # Whose, and why

    def _find_sellers(self, differences):
        """Return the sellers that differences are about, by (model, id)."""
        by_model = {}
        for one in differences:
            by_model.setdefault(one.model, set()).add(one.res_id)
        sellers = {}
        statements = self._get_seller_statements()
        for model in by_model.keys() & statements.keys():
            query = SQL(statements[model], tuple(by_model[model]))
            for res_id, seller_id in self.env.execute_query(query):
                sellers[model, res_id] = seller_id
        operations = self.env["mangopay.operation"].browse(
            by_model.get("mangopay.operation", ())
        )
        sellers.update(self._find_sellers_of_operations(operations.sudo().exists()))
        return sellers

    @api.model
    def _get_seller_statements(self):
        """Hook: return the statement that gives the seller of a model's rows."""
        return SELLERS

    def _find_sellers_of_operations(self, operations):
        """An operation is about what its subject is about."""
        found = {}
        for model, own in operations.grouped("res_model").items():
            statement = self._get_seller_statements().get(model)
            if not statement:
                continue
            query = SQL(statement, tuple(own.mapped("res_id")))
            sellers = dict(self.env.execute_query(query))
            for operation in own:
                key = ("mangopay.operation", operation.id)
                found[key] = sellers.get(operation.res_id)
        return found

    def _collect_facts(self, company):
        """Return the amounts, in minor units, of what could explain a difference."""
        amounts = {}
        for name, query in self._get_fact_statements(company):
            rows = self.env.execute_query(query)
            amounts[name] = frozenset(int(amount) for [amount] in rows if amount)
        return amounts

    def _get_fact_statements(self, company):
        states = "SELECT amount_minor FROM mangopay_operation WHERE company_id = %s"
        blocked = SQL(
            """
            SELECT ABS((part->>2)::numeric) FROM marketplace_entry entry,
                   jsonb_array_elements(entry.lines) part
             WHERE entry.company_id = %s AND entry.state = 'blocked'
            """,
            company.id,
        )
        manual = SQL(
            """
            SELECT ROUND(ABS(line.amount_currency)
                         * (10 ^ currency.decimal_places)::numeric)
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN res_currency currency ON currency.id = line.currency_id
             WHERE move.company_id = %s AND move.journal_id = %s
               AND line.parent_state = 'posted' AND move.marketplace_key IS NULL
            """,
            company.id,
            company.sudo().marketplace_journal_id.id or None,
        )
        return [
            (
                "unknown_amounts",
                SQL(states + " AND state IN ('unknown', 'sending')", company.id),
            ),
            (
                "pending_amounts",
                SQL(states + " AND state IN ('draft', 'pending')", company.id),
            ),
            ("blocked_amounts", blocked),
            ("manual_amounts", manual),
        ]

    def _guess(self, difference, facts):
        currency = self.env["res.currency"].browse(difference.currency_id or ())
        minor = 0
        if currency:
            minor = to_minor_currency_units(
                difference.found - difference.expected, currency
            )
        return guess_cause(Facts(difference.check, minor, **facts))

    # What it stops

    @api.model
    def _get_blocked_sellers(self, company):
        """Return the sellers that are paid nothing, an open difference being theirs.

        A difference that is explained stops nobody any more.

        :rtype: res.partner
        """
        groups = self.sudo()._read_group(
            [
                ("company_id", "=", company.id),
                ("state", "=", "open"),
                ("seller_id", "!=", False),
            ],
            ["seller_id"],
        )
        return self.env["res.partner"].union(*(seller for [seller] in groups))
