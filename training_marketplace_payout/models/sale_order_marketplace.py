# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from odoo.addons.payment.utils import (
    to_major_currency_units,
    to_minor_currency_units,
)

from ..services.marketplace_amounts import commission


class SaleOrder(models.Model):
    """A seller's order, once it is paid, is a sale of the marketplace."""

    _inherit = "sale.order"

    marketplace_sale_ids = fields.One2many(
        "marketplace.sale",
        "order_id",
        string="Marketplace Sales",
        groups="account.group_account_invoice,account.group_account_readonly,"
        "base.group_system",
    )
    marketplace_sale_id = fields.Many2one(
        "marketplace.sale", compute="_compute_marketplace_sale_id", compute_sudo=True
    )

    @api.depends("marketplace_sale_ids")
    def _compute_marketplace_sale_id(self):
        for order in self:
            order.marketplace_sale_id = order.marketplace_sale_ids[:1]

    def _become_prepaid(self, tx):
        """Override of the catalogue: the sale is written with the payment."""
        super()._become_prepaid(tx)
        if self.marketplace_seller_id:
            self._make_marketplace_sale(tx)

    def _become_held(self, tx):
        """Override of the catalogue: what waits is written down as well (B10)."""
        super()._become_held(tx)
        if self.marketplace_seller_id:
            self._make_marketplace_sale(tx)

    def _make_marketplace_sale(self, tx):
        """Write down the sale that a payment makes, once; called again when what was
        held is released.

        In the transaction of the payment, or of the release: if the process dies before
        its commit nothing is kept, and the payment is treated again; after it, jobs
        make the entries and the transfer of what is written.

        :return: the `marketplace.sale`
        """
        self.ensure_one()
        sales_sudo = self.env["marketplace.sale"].sudo()
        sale_sudo = sales_sudo.search([("order_id", "=", self.id)], limit=1)
        if not sale_sudo:
            sale_sudo = sales_sudo.create(self._prepare_marketplace_sale(tx))
        sale_sudo._write_down_payment()
        sale_sudo._plan_transfer()
        return sale_sudo

    def _prepare_marketplace_sale(self, tx):
        is_held = self._is_held()
        now = fields.Datetime.now()
        rate = self._get_marketplace_rate()
        untaxed = to_minor_currency_units(self.amount_untaxed, self.currency_id)
        session = self.training_session_id
        return {
            "order_id": self.id,
            "tx_id": tx.id,
            "seller_id": self.marketplace_seller_id.id,
            "contract_id": self._get_marketplace_contract().id,
            "buyer_id": self.partner_id.commercial_partner_id.id,
            "buyer_email": email_normalize(self.partner_id.email or ""),
            "programme_id": session.programme_id.id,
            "session_id": session.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "amount_total": self.amount_total,
            "amount_untaxed": self.amount_untaxed,
            "amount_tax": self.amount_tax,
            "paid_at": tx._get_mangopay_moment() or now,
            "confirmed_at": not is_held and now,
            "state": "held" if is_held else "confirmed",
            "was_held": is_held,
            "rate": rate,
            "commission": to_major_currency_units(
                commission(untaxed, rate), self.currency_id
            ),
            "transfer_state": "none" if is_held else "waiting",
        }

    def _get_marketplace_rate(self):
        """Return the commission (percent) at which this order is sold now."""
        self.ensure_one()
        contract_sudo = self._get_marketplace_contract()
        if not contract_sudo:
            return self.company_id.sudo().marketplace_commission_rate
        return contract_sudo._get_commission_rate(self.training_session_id.programme_id)

    def _get_marketplace_contract(self):
        return self.marketplace_seller_id._get_marketplace_contract(self.company_id)

    def _get_follow_up_steps(self):
        """Override of the catalogue: the books come first, the seller's documents last.

        A document lacks a mandate or a compulsory mention more often than anything else
        fails, and the list stops at what fails: the buyer who paid has the confirmation
        and the way to withdraw, the seller its notice, whatever becomes of the invoice.
        None of them needs it: it is sent by a mail of its own, once it is issued.

        What is held has not been sold yet: only the money is written down. Each refund
        that is done has the list run again.
        """
        steps = super()._get_follow_up_steps()
        sale_sudo = self.sudo().marketplace_sale_id
        if not sale_sudo:
            return steps
        refunds = sale_sudo.refund_ids.sorted("id")
        books = [sale_sudo._book_payment, *(refund._book for refund in refunds)]
        documents = [refund._issue_credit_note for refund in refunds]
        if sale_sudo.state == "confirmed":
            steps = [*steps, *self._get_sale_steps(sale_sudo)]
            documents = [sale_sudo._issue_invoice, *documents]
        return [*books, *steps, *documents]

    def _get_sale_steps(self, sale):
        """Hook: return what a confirmed sale calls for besides, its documents apart.

        :param sale: the `marketplace.sale` of this order, with sudo
        """
        return []

    def write(self, vals):
        """What a seller sold is cancelled where its money is given back, whatever is
        pressed or called.

        :raise UserError: while something of what was paid is still with the seller
        """
        if vals.get("state", "sale") != "sale" and not self.env.su:
            self._check_given_back()
        return super().write(vals)

    def _check_given_back(self):
        for order in self:
            sale_sudo = order.sudo().marketplace_sale_id
            if sale_sudo and order.sudo()._get_training_left_to_refund() > 0:
                raise UserError(
                    order.env._(
                        "%(order)s was paid to %(seller)s: cancel its learners with "
                        "« Cancel and refund », which gives the money back.",
                        order=order.name,
                        seller=sale_sudo.seller_id.display_name,
                    )
                )

    def action_open_marketplace_sale(self):
        """Open the sale of the marketplace that this order is."""
        self.ensure_one()
        return self.marketplace_sale_id._get_records_action()

    def _reopen_follow_up(self):
        """Have the steps that follow a payment run again: something was added."""
        self.sudo().write(
            {"training_followup_state": "todo", "training_followup_attempts": 0}
        )
        self._trigger_follow_up()
