# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..services.sellability import Reason


class SaleOrder(models.Model):
    """A purchase is a website order with one session, alone in the cart (D2, D3)."""

    _inherit = "sale.order"

    training_session_id = fields.Many2one(
        "event.event",
        string="Session",
        compute="_compute_training_session_id",
        store=True,
        index="btree_not_null",
    )
    training_buyer_kind = fields.Selection(
        selection=[("company", "Company"), ("individual", "Individual")],
        string="Buyer",
        copy=False,
    )
    training_is_self_employed = fields.Boolean(
        string="Self-employed",
        copy=False,
        readonly=True,
        help="The buyer has declared to buy for their own trade: a company, not a "
        "consumer.",
    )
    training_agreed_amount = fields.Monetary(
        string="Agreed total",
        copy=False,
        help="Tax included: the total that the buyer was shown and agreed to.",
    )
    training_registration_ids = fields.One2many(
        "event.registration",
        "sale_order_id",
        string="Learners",
        groups="event.group_event_registration_desk",
    )

    @api.depends("order_line.event_id.programme_id")
    def _compute_training_session_id(self):
        for order in self:
            sessions = order.order_line.event_id.filtered("programme_id")
            order.training_session_id = sessions[:1]

    def _is_training_purchase(self):
        """Whether this order was bought online on the training catalogue."""
        self.ensure_one()
        return bool(self.training_session_id and self.training_buyer_kind)

    # What the buyer asks for

    def _set_training_purchase(
        self,
        session,
        buyer_kind,
        contact,
        learners,
        *,
        shown_total=None,
        client_order_ref=None,
        is_self_employed=False,
    ):
        """Make this cart the purchase of one session; posting again replaces it.

        :param event.event session: what is bought
        :param str buyer_kind: ``company`` or ``individual``
        :param res.partner contact: the individual, or the company's contact
        :param list[dict] learners: ``name``, ``email``, ``phone`` of each; an empty
            dict for a learner that will be named later
        :param float shown_total: tax included total that the buyer saw, in the
            company's currency; None to skip the comparison
        :param bool is_self_employed: the company is a person who buys for their own
            trade, and says so (A10)
        :raise UserError: when the session cannot be bought so, or its price changed
        """
        self.ensure_one()
        reasons = session._get_sale_reasons(
            buyer_kind, len(learners), held=self._get_held_seats(session)
        )
        if reasons:
            raise UserError("\n".join(session._get_reason_messages(reasons)))
        self._check_only_training(session)
        self._clear_training_purchase()
        self._set_training_buyer(buyer_kind, contact, client_order_ref)
        self.training_is_self_employed = is_self_employed and buyer_kind == "company"
        self._add_training_line(session, learners)
        self._check_shown_total(shown_total)
        self.training_agreed_amount = self.amount_total

    def _set_training_buyer(self, buyer_kind, contact, client_order_ref):
        user = self.env.user
        self.write(
            {
                "training_account_id": user._is_portal() and user.id,
                "partner_id": contact.id,
                "partner_invoice_id": contact.commercial_partner_id.id,
                "partner_shipping_id": contact.id,
                "training_buyer_kind": buyer_kind,
                "client_order_ref": client_order_ref,
            }
        )

    def _check_only_training(self, session):
        others = self.order_line.filtered(lambda line: not line._is_training_line())
        if others:
            raise UserError(
                self.env._(
                    "A training session is bought alone: empty your cart of its other "
                    "items first."
                )
            )

    def _clear_training_purchase(self):
        self.training_registration_ids.filtered(
            lambda reg: not reg.prepaid_state
        ).unlink()
        self.order_line.unlink()

    def _add_training_line(self, session, learners):
        programme = session.programme_id
        self.training_is_flat = not programme.company_multi_learners
        quantity = 1 if self.training_is_flat else len(learners)
        self.order_line = [
            Command.create(
                {
                    "product_id": session.training_ticket_id.product_id.id,
                    "product_uom_qty": quantity,
                    "event_id": session.id,
                    "event_ticket_id": session.training_ticket_id.id,
                }
            )
        ]
        line = self.order_line
        self.env["event.registration"].create(
            [
                {
                    "sale_order_id": self.id,
                    "sale_order_line_id": line.id,
                    "state": "draft",
                    "name": learner.get("name"),
                    "email": learner.get("email"),
                    "phone": learner.get("phone"),
                    "company_name": self.partner_id.commercial_company_name,
                }
                for learner in learners
            ]
        )

    def _check_shown_total(self, shown_total):
        if shown_total is None:
            return
        if self.currency_id.compare_amounts(shown_total, self.amount_total):
            raise UserError(self._get_price_changed_message())

    def _get_price_changed_message(self):
        return self.env._(
            "The price has changed: the total is now %(total)s. Check your order and "
            "confirm it again.",
            total=self.currency_id.format(self.amount_total),
        )

    # Gates

    def _get_training_blockers(self):
        """Return the sentences that stop this cart from being paid now.

        The last word before the payment, whatever was posted before (A7, A9, R3-R6).
        """
        self.ensure_one()
        session = self.training_session_id
        if not session:
            return []
        if not self.training_buyer_kind:
            return [self.env._("Use « Buy the training » to enrol in this session.")]
        if self.state not in ("draft", "sent"):
            return [self.env._("This order can no longer be paid for: contact us.")]
        learners = self._get_active_learners()
        reasons = session._get_sale_reasons(
            self.training_buyer_kind,
            len(learners),
            held=self._get_held_seats(session),
        )
        messages = session._get_reason_messages(reasons)
        messages += self._get_cart_blockers(session, learners)
        if not messages and self._has_price_changed():
            messages.append(self._get_price_changed_message())
        return messages

    def _get_cart_blockers(self, session, learners):
        lines = self.order_line.filtered(lambda line: not line.display_type)
        if lines.event_id != session or len(lines) != 1:
            return [self.env._("A training session is bought alone.")]
        per_learner = session.programme_id.company_multi_learners
        expected = len(learners) if per_learner else 1
        if lines.product_uom_qty != expected:
            return [
                self.env._(
                    "The number of learners has changed: fill in the enrolment again."
                )
            ]
        if self.training_buyer_kind == "company" and not (
            self.partner_id.commercial_partner_id.is_company
        ):
            return [self.env._("Give the details of the company that enrols.")]
        return []

    def _has_price_changed(self):
        return bool(
            self.currency_id.compare_amounts(
                self.training_agreed_amount, self.amount_total
            )
        )

    def _get_active_learners(self):
        return self.training_registration_ids.filtered(
            lambda reg: reg.state != "cancel"
        )

    def _get_held_seats(self, session):
        if not self.ids or self.training_session_id != session:
            return 0
        return self.env["training.seat.hold"].sudo()._held_by(self)

    def _check_cart_is_ready_to_be_paid(self):
        super()._check_cart_is_ready_to_be_paid()
        for order in self:
            if blockers := order._get_training_blockers():
                raise ValidationError("\n".join(blockers))

    def _needs_customer_address(self):
        return super()._needs_customer_address() or bool(self.training_session_id)

    def _verify_updated_quantity(
        self, order_line, product_id, new_qty, uom_id, **kwargs
    ):
        """A session is alone in the cart, and its learners are counted by our form."""
        if new_qty > 0 and self.training_session_id:
            if order_line and order_line._is_training_line():
                return order_line.product_uom_qty, self.env._(
                    "Change the number of learners on the enrolment page."
                )
            raise UserError(
                self.env._(
                    "Your cart holds a training session, which is bought alone: pay "
                    "for it or remove it first."
                )
            )
        ticket = self.env["event.event.ticket"].browse(
            kwargs.get("event_ticket_id") or 0
        )
        if new_qty > 0 and ticket.exists().event_id.programme_id:
            raise UserError(
                self.env._("Use « Buy the training » to enrol in this session.")
            )
        return super()._verify_updated_quantity(
            order_line, product_id, new_qty, uom_id, **kwargs
        )

    # Seats

    def _hold_training_seats(self):
        """Hold the seats of this purchase while it is being paid (A15).

        :raise ValidationError: when the seats are gone
        """
        self.ensure_one()
        session = self.training_session_id
        if not session:
            return
        minutes = (session.company_id or self.company_id).training_seat_hold_minutes
        held = self.env["training.seat.counter"]._acquire(
            session,
            session.training_ticket_id,
            self.id,
            len(self._get_active_learners()),
            fields.Datetime.now() + timedelta(minutes=minutes),
        )
        if not held:
            raise ValidationError(session._get_reason_messages([Reason.FULL])[0])

    def _release_training_seats(self):
        """Give the held seats back: the payment failed or was given up."""
        hold = self.env["training.seat.hold"].sudo()
        for order in self.filtered("training_session_id"):
            hold._consume(order)
