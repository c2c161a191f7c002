# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..services.seller_books import ACCOUNTS, Role, check_accounts
from ..services.seller_ledger import parse_month
from .marketplace_invoice import send_file
from .seller_balance import GET, MONTHS_PER_PAGE, POST, SellerBalance

STATEMENTS = "/my/channel/statements"
UNPROCESSABLE = 422
MIMETYPES = {"pdf": "application/pdf", "csv": "text/csv;charset=utf-8"}


class SellerStatement(SellerBalance):
    """A seller's monthly statements, and the file of its own accounting (B20)."""

    @route([STATEMENTS, f"{STATEMENTS}/page/<int:page>"], **GET)
    def seller_statements(self, page=1, currency="", done=None, **_kwargs):
        """List the months, each with its document and its file."""
        contract_sudo = self._get_money_contract()
        return self._render_statements(
            contract_sudo, currency, page, done=done == "accounts"
        )

    def _render_statements(self, contract_sudo, currency, page=1, **values):
        currency, currencies = self._choose_currency(contract_sudo, currency)
        sums = contract_sudo._get_ledger_months(currency)
        months = contract_sudo._get_statement_months(currency, sums)
        pager = portal_pager(
            url=STATEMENTS,
            url_args={"currency": currency.name} if len(currencies) > 1 else {},
            total=len(months),
            page=page,
            step=MONTHS_PER_PAGE,
        )
        shown = months[pager["offset"] : pager["offset"] + MONTHS_PER_PAGE]
        accounts, _wrong = check_accounts(contract_sudo.ledger_accounts or {})
        values = self._prepare_money_values(
            currency,
            page_name="seller_statements",
            contract=contract_sudo,
            currencies=currencies,
            figures=contract_sudo._get_month_figures(currency, sums, shown),
            is_over=contract_sudo._is_month_over,
            issued={one.month: one for one in contract_sudo._get_issued(currency)},
            labels=contract_sudo._get_account_labels(),
            roles=list(Role),
            defaults=ACCOUNTS,
            pager=pager,
            **{"form": accounts, "wrong": [], "done": False, **values},
        )
        return request.render(
            "training_marketplace_payout.seller_statements",
            values,
            status=UNPROCESSABLE if values["wrong"] else 200,
        )

    @route(f"{STATEMENTS}/accounts", **POST)
    def seller_statement_accounts(self, **form):
        """Keep the numbers of the seller's own accounts for its files."""
        contract_sudo = self._get_money_contract()
        accounts, wrong = check_accounts(form)
        if wrong:
            typed = {role: str(form.get(role.value) or "")[:40] for role in Role}
            return self._render_statements(contract_sudo, "", form=typed, wrong=wrong)
        contract_sudo.ledger_accounts = {
            role.value: code for role, code in accounts.items()
        }
        return request.redirect(f"{STATEMENTS}?done=accounts")

    @route(f"{STATEMENTS}/<string(length=7):month>/<any(pdf,csv):extension>", **GET)
    def seller_statement_file(self, month, extension, currency="", **_kwargs):
        """Download a month's statement, or its accounting file: once the month is
        over, those that were issued first."""
        contract_sudo = self._get_money_contract()
        currency, _all = self._choose_currency(contract_sudo, currency)
        month = parse_month(month)
        if month not in contract_sudo._get_statement_months(currency):
            raise NotFound()
        try:
            content = self._make_statement(contract_sudo, currency, month, extension)
        except UserError as error:
            return self._render_statements(
                contract_sudo, currency.name, refusal=str(error)
            )
        name = f"{contract_sudo.series_code}-{month:%Y-%m}-{currency.name}.{extension}"
        return send_file(name, content, MIMETYPES[extension])

    def _make_statement(self, contract_sudo, currency, month, extension):
        """Return a file: as it was issued, once the month is over."""
        if contract_sudo._is_month_over(month):
            statement_sudo = contract_sudo._issue_statement(currency, month)
            return statement_sudo._get_file(extension)
        if extension == "csv":
            return contract_sudo._write_ledger_file(currency, month)
        return contract_sudo._print_statement(currency, month)
