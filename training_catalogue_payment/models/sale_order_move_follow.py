# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..services import move


class SaleOrder(models.Model):
    """What follows a purchase to its new session: its prospect and its request."""

    _inherit = "sale.order"

    def _complete_before_move(self):
        """Make what the job that follows a payment has not made yet."""
        self.ensure_one()
        order = self.with_context(mail_auto_subscribe_no_notify=True)
        if not self._get_training_documents() and not self.currency_id.is_zero(
            self.amount_total
        ):
            order._make_prepaid_invoice()
        order._create_prepaid_opportunity()
        order._create_purchase_request()

    def _follow_training_move(self):
        """Bring opportunity and request in line with the order as it is now.

        The prospect of a split order is made here; its enrolments wait again, so its
        status is « Prepaid ».
        """
        quiet = self.with_context(
            mail_auto_subscribe_no_notify=True, mail_create_nosubscribe=True
        )
        for order in quiet:
            # A job has no language of its own: the organisation reads these titles.
            order = order.with_context(lang=order.company_id.partner_id.lang)
            order._create_prepaid_opportunity()
            order._create_purchase_request()
            learners = order.training_registration_ids
            lead = order._get_prepaid_opportunity()
            lead.write(
                {
                    "name": order._get_prepaid_title(),
                    "event_id": order.training_session_id.id,
                    "expected_revenue": order.amount_untaxed,
                    "registration_ids": [(6, 0, learners.ids)],
                }
            )
            order.training_request_id.write(
                {
                    "name": order._get_prepaid_title(),
                    "session_id": order.training_session_id.id,
                    "learner_count": max(len(order._get_active_learners()), 1),
                }
            )
            learners.training_request_id = order.training_request_id

    def _log_training_move(self, body):
        """Write the move in the thread of order, opportunity and request."""
        for order in self:
            for record in (
                order,
                order._get_prepaid_opportunity(),
                order.training_request_id,
            ):
                if record:
                    record.message_post(body=body, subtype_xmlid="mail.mt_note")

    def _get_move_deed_words(self, plan, session):
        """Return the sentences that tell what happens to the documents (A22)."""
        difference = self.currency_id.format(self._from_minor(abs(plan.difference)))
        _ = self.env._
        words = {
            move.Deed.NOTHING: _(
                "No money goes with these learners: the documents stay as they are."
            ),
            move.Deed.RENAME: _(
                "The draft invoice follows: it names the new session and keeps its "
                "payment."
            ),
            move.Deed.SPLIT: _(
                "The order is split: the learners who move get an order and a draft "
                "invoice of their own, paid by the same payment."
            ),
            move.Deed.CREDIT_AND_NEW: _(
                "The invoice is numbered and names the old session: a credit note and "
                "a new invoice are made, and the payment goes to the new one."
            ),
            move.Deed.COMPLEMENT: _(
                "The buyer receives an invoice of %(difference)s with a link to pay "
                "it. The seats are kept for %(days)s days; the learners move once it "
                "is paid.",
                difference=difference,
                days=self.company_id.training_complement_days,
            ),
            move.Deed.CREDIT_AND_REFUND: self._get_refund_words(difference),
        }
        sentences = [words[deed] for deed in plan.deeds]
        if move.Deed.CREDIT_AND_NEW in plan.deeds and not plan.whole:
            sentences.insert(
                0, _("The order is split: the learners who move get one of their own.")
            )
        if plan.is_numbering and plan.kind != move.Kind.DEARER:
            sentences.append(
                _("These documents are made within seconds, once you have assigned.")
            )
        return sentences + self._get_offer_words(plan)

    def _get_offer_words(self, plan):
        if not plan.offered:
            return []
        return [
            self.env._(
                "The session was cancelled: the difference of %(offered)s is offered, "
                "the buyer keeps the price that was paid.",
                offered=self.currency_id.format(self._from_minor(plan.offered)),
            )
        ]

    def _get_refund_words(self, amount):
        if self._may_refund_by_itself():
            return self.env._(
                "%(difference)s is credited and given back to the buyer.",
                difference=amount,
            )
        return self.env._(
            "%(difference)s is credited: an accountant is asked to give it back.",
            difference=amount,
        )
