# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.payment import utils as payment_utils

from ..services import move


class SaleOrder(models.Model):
    """What a move to another session would do to a purchase (A22).

    These methods check no right: who calls them does, and hands over a sudo'd order.
    """

    _inherit = "sale.order"

    training_origin_order_id = fields.Many2one(
        "sale.order",
        string="Split from",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="The purchase that some learners left for another session; its payment "
        "pays both.",
    )
    training_move_ids = fields.One2many(
        "training.move", "order_id", string="Moves to another session"
    )

    def _plan_training_move(
        self, registrations, session, carried=None, total=None, offer=False
    ):
        """Tell what moving these learners of the order would do, without doing it.

        :param float carried: part of a flat price that goes with some of its
            learners, tax included; nothing by default (A6)
        :param float total: price in the target, tax included, if not its own (an undone
            move gives back the old one)
        :param bool offer: ask nothing more, if the session bought was cancelled
        :rtype: services.move.Plan
        """
        self.ensure_one()
        active = self._get_active_learners()
        moved = registrations & active
        per_learner = self._is_priced_per_learner()
        places = int(self._get_training_line().product_uom_qty) if per_learner else 1
        whole = move.is_whole(
            places, len(moved), len(active - moved), per_learner=per_learner
        )
        is_part_of_flat = not whole and not per_learner
        is_flat = is_part_of_flat or not session.programme_id.company_multi_learners
        quantity = 1 if is_flat else max(len(moved), 1)
        kept = self._get_kept_minor(whole, places, len(moved), carried)
        asked = self._to_minor(total or 0.0)
        if is_part_of_flat:
            asked = kept
        elif total is None:
            asked = self._get_asked_minor(session, quantity, kept)
        offered = self._get_offered_minor(kept, asked) if offer else 0
        return move.Plan(
            verdict=self._judge_training_move(moved, session),
            whole=whole,
            is_flat=is_flat,
            quantity=quantity,
            kept=kept,
            asked=asked - offered,
            numbered=bool(self._get_creditable_invoices("posted")),
            offered=offered,
        )

    def _get_offered_minor(self, kept, asked):
        """Return what a dearer session may be given for less: all the difference, where
        the organisation cancelled the session that was bought."""
        is_cancelled = self.training_session_id.kanban_state == "cancel"
        return max(asked - kept, 0) if is_cancelled else 0

    def _judge_training_move(self, registrations, session):
        """Return what stops the move and what staff should know (A22)."""
        reasons = session._get_sale_reasons(
            self.training_buyer_kind,
            len(registrations),
            held=self._get_held_for_move(session),
        )
        return move.judge(
            reasons,
            nobody=not registrations,
            not_a_session=not session.training_ticket_id,
            same_session=session == self.training_session_id,
            other_company=bool(session.company_id)
            and session.company_id != self.company_id,
            under_way=bool(self._get_move_under_way()),
        )

    def _get_held_for_move(self, session):
        """Return the seats held there for the move that is about to be done."""
        waiting = self.training_move_ids.filtered(
            lambda one: one.state in move.BEING_MADE and one.session_id == session
        )
        return self.env["training.seat.hold"]._held_by(self) if waiting else 0

    def _get_move_under_way(self):
        """Return the move whose complement is waited for, or is paid and the job could
        not move the learners yet: the target may be full for weeks."""
        return self.training_move_ids.filtered(
            lambda record: record.state in ("waiting", "paid")
        )

    def _give_up_move_of(self, registrations, keep_paid=False):
        """Give up the move under way of learners who are cancelled: nobody is asked to
        pay for it any more, and what was paid for it goes back apart.

        :param bool keep_paid: as `training.move._abandon` has it
        :return: the credit notes of what was paid of its complement
        """
        moves = self._get_move_under_way()
        return moves.filtered(
            lambda move: move.registration_ids & registrations
        )._abandon(keep_paid)

    # Amounts, tax included, in minor units

    def _to_minor(self, amount):
        return payment_utils.to_minor_currency_units(amount, self.currency_id)

    def _from_minor(self, amount_minor):
        return payment_utils.to_major_currency_units(amount_minor, self.currency_id)

    def _get_kept_minor(self, whole, places, moved, carried):
        """Return what was paid for these learners."""
        total = self._to_minor(
            sum(self._get_creditable_invoices().values())
            if self._get_training_documents()
            else self.amount_total
        )
        if whole:
            return total
        if not self._is_priced_per_learner():
            return min(max(self._to_minor(carried or 0.0), 0), total)
        return move.kept_share(total, places, moved)

    def _get_asked_minor(self, session, quantity, kept):
        """Return what these places cost in the target; a session without a price is
        given at the price that was paid, whoever moves is told so."""
        if session.training_price <= 0:
            return kept
        taxes = self._get_move_taxes(session)
        prices = taxes.compute_all(
            session.training_price,
            self.currency_id,
            quantity,
            product=session.programme_id.product_variant_id,
        )
        return self._to_minor(prices["total_included"])

    def _get_move_taxes(self, session):
        """Return the taxes that this order's line will bear in a session; none in
        another company's, which is refused."""
        if session.company_id and session.company_id != self.company_id:
            return self.env["account.tax"]
        return self._get_training_line()._get_training_taxes(session)

    def _get_creditable_invoices(self, state=None):
        """Return {invoice: what no credit note takes back yet}, oldest first.

        The complement of a move that is about to be done names its target already.
        """
        under_way = self.training_move_ids.filtered(lambda move: move.state == "paid")
        documents = self._get_training_documents() - under_way.complement_id
        left = documents._get_training_left_to_credit()
        return {
            invoice: amount
            for invoice, amount in left.items()
            if (not state or invoice.state == state)
            and not self.currency_id.is_zero(amount)
        }

    def _check_training_move(self, plan, session, registrations):
        """:raise UserError: with every reason why the move is refused"""
        if plan.verdict.refusals:
            words = session._get_move_refusal_words(self, len(registrations))
            refusals = plan.verdict.refusals
            raise UserError("\n".join(words[refusal] for refusal in refusals))

    # The order itself

    def _point_line_to(self, session, plan):
        """Have this order sell the target session at what the plan asks.

        What is invoiced is taken off the line for a moment: Odoo does not change the
        product of an invoiced line, and prices anew one that is not.
        """
        self.ensure_one()
        line = self._get_training_line()
        invoice_lines = line.invoice_lines
        was_locked, self.locked = self.locked, False
        line.invoice_lines = False
        line.write(self._prepare_moved_line(session, plan))
        line.invoice_lines = invoice_lines
        self.write({"locked": was_locked, "training_is_flat": plan.is_flat})

    def _prepare_moved_line(self, session, plan):
        ticket = session.training_ticket_id
        price = self._get_moved_price(session, plan)
        return {
            "product_id": ticket.product_id.id,
            "event_id": session.id,
            "event_ticket_id": ticket.id,
            "product_uom_qty": plan.quantity,
            "price_unit": price,
            "technical_price_unit": price,
        }

    def _get_moved_price(self, session, plan):
        """Return the unit price before tax: the session's own one, unless something
        else was agreed."""
        if plan.asked == self._get_asked_minor(session, plan.quantity, None):
            return session.training_price
        return self._get_untaxed_price(session, plan.asked, plan.quantity)

    def _get_untaxed_price(self, session, total_minor, quantity):
        """Return the unit price before tax that makes a total in a session."""
        taxes = self._get_move_taxes(session)
        result = taxes.with_context(
            force_price_include=True, round_base=False
        ).compute_all(self._from_minor(total_minor), self.currency_id)
        return result["total_excluded"] / quantity

    def _split_training_order(self, registrations, session, plan):
        """Give the learners who leave an order of their own, confirmed and paid by
        the same payment (one session per order, D3)."""
        self.ensure_one()
        now = fields.Datetime.now()
        new_order = self.with_context(mail_create_nosubscribe=True).copy(
            {
                "order_line": [],
                "opportunity_id": False,
                "date_order": self.date_order,
                "training_origin_order_id": self.id,
                "training_buyer_kind": self.training_buyer_kind,
                "training_is_flat": plan.is_flat,
                "training_paid_tx_id": self.training_paid_tx_id.id,
                "training_followup_state": "done",
                "training_buyer_mail_date": now,
                "training_notice_mail_date": now,
                "client_order_ref": self.client_order_ref,
                "locked": False,
            }
        )
        self.env["sale.order.line"].create(
            {"order_id": new_order.id, **self._prepare_moved_line(session, plan)}
        )
        new_order.write(
            {
                "state": "sale",
                "locked": self.locked,
                "training_agreed_amount": new_order.amount_total,
            }
        )
        registrations.write({"sale_order_line_id": new_order.order_line.id})
        return new_order

    def _lower_line_by(self, moved, plan):
        """Have this order ask for what stays of it, once some learners left."""
        line = self._get_training_line()
        if self._is_priced_per_learner():
            self._set_training_quantity(line, line.product_uom_qty - moved)
        elif plan.kept:
            left = self._to_minor(line.price_total) - plan.kept
            was_locked, self.locked = self.locked, False
            line.price_unit = self._get_untaxed_price(
                self.training_session_id, left, line.product_uom_qty
            )
            self.locked = was_locked
