# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError

from odoo.addons.training_catalogue_payment.services.move import Kind


class SaleOrder(models.Model):
    """Learners of a seller's purchase who go to another session (A22).

    The whole purchase, to a session of the same seller at the same price: no money
    moves. Anything else changes what the seller sold, and what it is paid: the purchase
    is cancelled and refunded, and bought anew.
    """

    _inherit = "sale.order"

    def _check_training_move(self, plan, session, registrations):
        """Override of the catalogue: refuse what would move a seller's money."""
        result = super()._check_training_move(plan, session, registrations)
        seller = self.marketplace_seller_id
        target_sudo = session.sudo().programme_id.marketplace_seller_id
        if not seller and not target_sudo:
            return result
        is_same = (
            seller == target_sudo
            and plan.whole
            and plan.kind == Kind.EQUAL
            and self.sudo().marketplace_sale_id.state == "confirmed"
            and not self.training_paid_tx_id._get_live_refunds()
        )
        if not is_same:
            raise UserError(
                self.env._(
                    "A purchase of the marketplace goes to another session of the same "
                    "seller, whole and at the same price. For anything else cancel and "
                    "refund it: the buyer enrols in the other session."
                )
            )
        return result

    def _move_training_documents(self, plan, session, reason):
        """Override of the catalogue: the documents are the seller's, and name the
        session: a numbered one is taken back and issued anew (D11)."""
        if not self.marketplace_seller_id:
            return super()._move_training_documents(plan, session, reason)
        self._point_line_to(session, plan)
        sale_sudo = self.sudo().marketplace_sale_id
        sale_sudo.write(
            {"session_id": session.id, "programme_id": session.programme_id.id}
        )
        invoice_sudo = self.env["marketplace.invoice"]._find_first(sale_sudo)
        if invoice_sudo:
            invoice_sudo._get_live()._replace("operator")
        return self.env["account.move"]
