# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo.http import request, route
from odoo.tools import format_date, formatLang

from odoo.addons.payment.utils import to_major_currency_units
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..services.seller_ledger import parse_month
from .marketplace_seller_page import MarketplaceSellerPage

BALANCE = "/my/channel/balance"
FIGURES = "/my/channel/figures"
GET = {"type": "http", "auth": "user", "website": True, "methods": ["GET"]}
POST = {"type": "http", "auth": "user", "website": True, "methods": ["POST"]}
MONTHS_PER_PAGE = 24


class SellerBalance(MarketplaceSellerPage):
    """What a seller is owed, cent by cent, and its sales month by month (B20).

    A user sees its own organisation's only: nothing in an address names a seller, and
    another's line is not found.
    """

    def _get_money_contract(self):
        """Return the contract of the user's organisation, with sudo.

        :raise NotFound: for who was never a seller here
        """
        contract_sudo = self._get_own_contract()
        if not contract_sudo.approved_at:
            raise NotFound()
        return contract_sudo

    def _choose_currency(self, contract_sudo, name):
        """Return (the currency asked for, else the first; all of them)."""
        currencies = contract_sudo._get_ledger_currencies()
        chosen = currencies.filtered(lambda one: one.name == name)
        return chosen or currencies[:1], currencies

    def _prepare_money_values(self, currency, **values):
        """Return the values of every page about money."""

        def money(minor):
            amount = to_major_currency_units(minor, currency)
            return formatLang(request.env, amount, currency_obj=currency)

        def month_name(month):
            name = format_date(request.env, month, date_format="MMMM yyyy")
            return name[:1].upper() + name[1:]

        return {
            **self._prepare_portal_layout_values(),
            "currency": currency,
            "money": money,
            "month_name": month_name,
            **values,
        }

    # The balance

    @route([BALANCE, f"{BALANCE}/page/<int:page>"], **GET)
    def seller_balance(self, page=1, month="", currency="", **_kwargs):
        """Show what is owed, when it is paid, and every line that made it."""
        contract_sudo = self._get_money_contract()
        currency, currencies = self._choose_currency(contract_sudo, currency)
        sums = contract_sudo._get_ledger_months(currency)
        month = parse_month(month)
        count = sum(one.count for one in sums if not month or one.month == month)
        url_args = {"month": f"{month:%Y-%m}" if month else "", "currency": ""}
        if len(currencies) > 1:
            url_args["currency"] = currency.name
        pager = portal_pager(
            url=BALANCE,
            url_args={name: value for name, value in url_args.items() if value},
            total=count,
            page=page,
            step=self._items_per_page,
        )
        lines = contract_sudo._get_ledger_lines(
            currency, month, limit=self._items_per_page, offset=pager["offset"]
        )
        values = self._prepare_money_values(
            currency,
            page_name="seller_balance",
            contract=contract_sudo,
            currencies=currencies,
            balance=contract_sudo._get_statement(currency, sums=sums).closing,
            unbooked=contract_sudo._get_unbooked(currency),
            payout=contract_sudo._get_next_payout(currency),
            month=month,
            months=sorted({one.month for one in sums}, reverse=True),
            statement=contract_sudo._get_statement(currency, month, sums),
            groups=contract_sudo._get_ledger_groups(),
            lines=lines,
            details=contract_sudo._explain_ledger_lines(lines, currency),
            pager=pager,
        )
        return request.render("training_marketplace_payout.seller_balance", values)

    @route(f"{BALANCE}/<int(max=2147483647):line_id>", **GET)
    def seller_balance_line(self, line_id, **_kwargs):
        """Open a line down to the sale, invoice, rate, refund, fee or payout."""
        contract_sudo = self._get_money_contract()
        line_sudo = contract_sudo._find_ledger_line(line_id)
        if not line_sudo:
            raise NotFound()
        currency = line_sudo.currency_id
        detail, related = contract_sudo._open_ledger_line(line_sudo)
        values = self._prepare_money_values(
            currency,
            page_name="seller_balance",
            contract=contract_sudo,
            detail=detail,
            related=related,
            documents=contract_sudo._get_sale_documents(detail["sale"]),
        )
        return request.render("training_marketplace_payout.seller_balance_line", values)

    # The sales

    @route([FIGURES, f"{FIGURES}/page/<int:page>"], **GET)
    def seller_figures(self, page=1, currency="", **_kwargs):
        """Show the sums of each month, as the books have them."""
        contract_sudo = self._get_money_contract()
        currency, currencies = self._choose_currency(contract_sudo, currency)
        sums = contract_sudo._get_ledger_months(currency)
        months = sorted({one.month for one in sums}, reverse=True)
        pager = portal_pager(
            url=FIGURES,
            url_args={"currency": currency.name} if len(currencies) > 1 else {},
            total=len(months),
            page=page,
            step=MONTHS_PER_PAGE,
        )
        shown = months[pager["offset"] : pager["offset"] + MONTHS_PER_PAGE]
        values = self._prepare_money_values(
            currency,
            page_name="seller_figures",
            contract=contract_sudo,
            currencies=currencies,
            figures=contract_sudo._get_month_figures(currency, sums, shown),
            total=contract_sudo._get_statement(currency, sums=sums),
            pager=pager,
        )
        return request.render("training_marketplace_payout.seller_figures", values)
