# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.training_catalogue_payment.utils import (
    refuse_protected,
    refuse_protected_new,
)

# Whose sale it is decides who is paid and who invoices.
PROTECTED = {"marketplace_seller_id"}


class SaleOrder(models.Model):
    """An order of one seller's course: the operator sells nothing here (D17).

    It is paid through Mangopay and never invoiced by the operator.
    """

    _inherit = "sale.order"

    marketplace_seller_id = fields.Many2one(
        "res.partner",
        string="Seller",
        compute="_compute_marketplace_seller_id",
        store=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The training organisation that sells this course.",
    )

    @api.depends("training_session_id")
    def _compute_marketplace_seller_id(self):
        """Kept as it was when the session entered the cart: a programme that changes
        hands does not take its past sales along."""
        for order in self:
            programme_sudo = order.sudo().training_session_id.programme_id
            order.marketplace_seller_id = programme_sudo.marketplace_seller_id

    @api.model_create_multi
    def create(self, vals_list):
        refuse_protected_new(self, vals_list, PROTECTED)
        return super().create(vals_list)

    def write(self, vals):
        refuse_protected(self, vals, PROTECTED)
        return super().write(vals)

    def _get_training_providers(self):
        """Override of the catalogue: Mangopay, when its account is ready; nothing
        else takes a seller's money."""
        if not self.marketplace_seller_id:
            return super()._get_training_providers()
        providers = self.env["payment.provider"]
        if not self.company_id.sudo().is_mangopay_ready:
            return providers.sudo()
        return providers._get_mangopay_of(self.company_id)

    def _get_training_seller(self):
        """Override of the catalogue: the buyer reads who sells the course."""
        return self.marketplace_seller_id or super()._get_training_seller()

    def _set_training_purchase(self, session, buyer_kind, contact, learners, **kwargs):
        """Override of the catalogue: nobody buys their own course.

        :raise UserError: for the seller's people, whatever they say they buy for, and
            for the seller's own company, whoever fills it in
        """
        if self._is_own_course(session, contact):
            raise UserError(session._get_own_course_message())
        return super()._set_training_purchase(
            session, buyer_kind, contact, learners, **kwargs
        )

    def _is_own_course(self, session, contact):
        seller_sudo = session.sudo().programme_id.marketplace_seller_id
        users_sudo = (self.env.user | self.training_account_id).sudo()
        people_sudo = contact.sudo() | users_sudo.partner_id
        return any(seller_sudo._is_same_company(one) for one in people_sudo)

    def _get_cart_blockers(self, session, learners):
        """Override of the catalogue: a course that changed hands is bought anew, and
        nobody buys their own."""
        if self._is_own_course(session, self.partner_id):
            return [session._get_own_course_message()]
        seller_sudo = session.sudo().programme_id.marketplace_seller_id
        if seller_sudo != self.sudo().marketplace_seller_id:
            return [
                self.env._(
                    "This course is now sold by somebody else: fill in the enrolment "
                    "again."
                )
            ]
        return super()._get_cart_blockers(session, learners)

    def _reopen_refused_marketplace_cart(self):
        """Make a cart again of what the bank did not pay; return whether it is one.

        A payment that was pending first has made it a quotation sent, which its buyer
        could not pay again.
        """
        last_tx = self.get_portal_last_transaction() if self else self.transaction_ids
        is_cart = (
            self.marketplace_seller_id
            and self.state in ("draft", "sent")
            and not self.training_paid_tx_id
            and last_tx.state in ("cancel", "error")
        )
        if is_cart:
            self.action_draft()
        return bool(is_cart)

    # The operator's invoices

    def _make_prepaid_invoice(self):
        """Override of the catalogue: the invoice is the seller's, not a document of
        the operator."""
        if not self.marketplace_seller_id:
            super()._make_prepaid_invoice()

    def _create_invoices(self, grouped=False, final=False, date=None):
        """Override of `sale`: leave sellers' orders out of what is invoiced."""
        own = self.filtered(lambda order: not order.marketplace_seller_id)
        if self and not own:
            raise UserError(self._get_not_invoiced_message())
        return super(SaleOrder, own)._create_invoices(
            grouped=grouped, final=final, date=date
        )

    def _prepare_invoice(self):
        """Override of `sale`: the way of down payments is closed as well."""
        if self.marketplace_seller_id:
            raise UserError(self._get_not_invoiced_message())
        return super()._prepare_invoice()

    def _get_not_invoiced_message(self):
        return self.env._(
            "This course is sold by %(seller)s: its invoice is the seller's, and you "
            "make none.",
            seller=self[:1].marketplace_seller_id.display_name,
        )


class SaleOrderLine(models.Model):
    """Nothing of a seller's order is ever to be invoiced by the operator (D17)."""

    _inherit = "sale.order.line"

    @api.depends("order_id.marketplace_seller_id")
    def _compute_qty_to_invoice(self):
        sellers = self.filtered(lambda line: line.order_id.marketplace_seller_id)
        sellers.qty_to_invoice = 0
        return super(SaleOrderLine, self - sellers)._compute_qty_to_invoice()

    @api.depends("order_id.marketplace_seller_id")
    def _compute_invoice_status(self):
        sellers = self.filtered(lambda line: line.order_id.marketplace_seller_id)
        sellers.invoice_status = "no"
        return super(SaleOrderLine, self - sellers)._compute_invoice_status()
