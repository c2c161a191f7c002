# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo.http import request, route

from odoo.addons.portal.controllers.portal import pager as portal_pager

from .marketplace_invoice import send_file
from .seller_balance import GET, SellerBalance

COMMISSIONS = "/my/channel/commissions"
_ONE = f"{COMMISSIONS}/<int(max=2147483647):settlement_id>"


class SellerCommissions(SellerBalance):
    """The operator's own invoices, month by month, with what each counts (B17, B20)."""

    def _get_own_settlement(self, settlement_id):
        """Return (contract, settlement) of one's own, with sudo, or 404."""
        contract_sudo = self._get_money_contract()
        domain = [("id", "=", settlement_id), *self._get_settlement_domain()]
        settlement_sudo = request.env["marketplace.settlement"].sudo().search(domain)
        if not settlement_sudo:
            raise NotFound()
        return contract_sudo, settlement_sudo

    def _get_settlement_domain(self):
        contract_sudo = self._get_money_contract()
        return [
            ("seller_id", "=", contract_sudo.partner_id.id),
            ("company_id", "=", contract_sudo.company_id.id),
            ("state", "!=", "draft"),
        ]

    @route([COMMISSIONS, f"{COMMISSIONS}/page/<int:page>"], **GET)
    def seller_commissions(self, page=1, **_kwargs):
        """List the months that are settled, newest first."""
        contract_sudo = self._get_money_contract()
        settlements_sudo = request.env["marketplace.settlement"].sudo()
        domain = self._get_settlement_domain()
        pager = portal_pager(
            url=COMMISSIONS,
            total=settlements_sudo.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        values = self._prepare_money_values(
            contract_sudo.company_id.currency_id,
            page_name="seller_commissions",
            contract=contract_sudo,
            settlements=settlements_sudo.search(
                domain, limit=self._items_per_page, offset=pager["offset"]
            ),
            pager=pager,
        )
        return request.render("training_marketplace_payout.seller_commissions", values)

    @route([_ONE, f"{_ONE}/page/<int:page>"], **GET)
    def seller_commission(self, settlement_id, page=1, **_kwargs):
        """Show what an invoice counts: every sale, its base, rate and commission."""
        contract_sudo, settlement_sudo = self._get_own_settlement(settlement_id)
        sales_sudo = request.env["marketplace.sale"].sudo()
        domain = [("settlement_id", "=", settlement_sudo.id)]
        pager = portal_pager(
            url=f"{COMMISSIONS}/{settlement_sudo.id}",
            total=sales_sudo.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        shown_sudo = sales_sudo.search(
            domain, order="id", limit=self._items_per_page, offset=pager["offset"]
        )
        refunds_sudo = (
            request.env["marketplace.refund"].sudo().search(domain, order="id")
        )
        values = self._prepare_money_values(
            settlement_sudo.currency_id,
            page_name="seller_commissions",
            contract=contract_sudo,
            settlement=settlement_sudo,
            sales=shown_sudo,
            refunds=refunds_sudo if page == pager["page_count"] else refunds_sudo[:0],
            documents=contract_sudo._map_ledger_documents(
                shown_sudo | refunds_sudo.sale_id
            ),
            pager=pager,
        )
        return request.render("training_marketplace_payout.seller_commission", values)

    @route(f"{_ONE}/pdf", **GET)
    def seller_commission_file(self, settlement_id, **_kwargs):
        """Download the invoice that was issued; 404 while its file is being made."""
        _contract, settlement_sudo = self._get_own_settlement(settlement_id)
        attachment_sudo = settlement_sudo.move_id.invoice_pdf_report_id
        if settlement_sudo.move_id.state != "posted" or not attachment_sudo:
            raise NotFound()
        return send_file(attachment_sudo.name, attachment_sudo.raw, "application/pdf")
