# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..services.move import Kind, Refusal
from .account_move_lean import CORRECTION


class SaleOrder(models.Model):
    """The one way in: every place that moves learners calls `_move_training`."""

    _inherit = "sale.order"

    def _move_training(
        self, registrations, session, carried=None, total=None, offer=False
    ):
        """Assign learners of this order to another session (A22).

        Checks no right: who calls it does. See `_plan_training_move` for the
        parameters and `training.move._apply` for what a crash leaves.

        :return: the `training.move`: done, accepted (the job does it within seconds)
            or waiting for its complement
        :raise UserError: with the reasons of a refusal
        """
        self = self.with_context(**CORRECTION).ensure_one()
        self.lock_for_update()
        session = session.with_company(self.company_id)
        self._complete_accepted_moves()
        self._complete_before_move()
        plan = self._plan_training_move(registrations, session, carried, total, offer)
        self._check_training_move(plan, session, registrations)
        record = self.env["training.move"].create(
            {
                **self._prepare_training_move_vals(plan, session),
                "registration_ids": registrations.ids,
                "learner_count": len(registrations),
                "carried_amount": carried or 0.0,
                "is_price_forced": total is not None,
            }
        )
        if plan.kind == Kind.DEARER:
            record._wait_for_complement(plan)
        elif plan.is_numbering:
            record._accept(session)
        else:
            record._apply(plan)
        return record

    def _prepare_training_move_vals(self, plan, session):
        """Return what was decided, which is done at once, by a job or when paid."""
        return {
            "order_id": self.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "source_session_id": self.training_session_id.id,
            "session_id": session.id,
            "kind": plan.kind.value,
            "state": "accepted",
            "kept_amount": self._from_minor(plan.kept),
            "asked_amount": self._from_minor(plan.asked),
            "offered_amount": self._from_minor(plan.offered),
        }


class TrainingMove(models.Model):
    """How a move is done, at once or by the job."""

    _inherit = "training.move"

    def _apply(self, plan=None):
        """Move the learners, their order, its documents and its payment.

        Everything is one transaction of this database; no provider is called. A death
        at any line, the last included, leaves the purchase as it was before:

        * seats are taken in the target first, by the guarded update of its counter in
          this transaction: a buyer at work on the last seat waits for the commit and
          then sees it gone, or was first and has this transaction replayed;
        * order, registrations, invoices, credit notes and matchings are committed
          together; the seats of the old session are recounted just before;
        * what is to be given back is an intent row of the outbox, sent only after the
          commit and once (D7);
        * mails are queued rows, and leave after the commit; numbered documents are
          sent by a job that looks for what was not sent yet.

        The job tries what was accepted or paid again, or a person gives it up.

        :raise UserError: when target or purchase changed in the meantime
        """
        self.ensure_one()
        # Nobody is « assigned » to the new documents: they are the old ones' anew.
        self = self.with_context(**CORRECTION, mail_auto_subscribe_no_notify=True)
        order = self.order_id
        session = self.session_id.with_company(self.company_id)
        learners = self.registration_ids & order._get_active_learners()
        plan = plan or self._plan_as_agreed(learners, session)
        self._take_seats(learners)
        notes = self._move_order(learners, session, plan)
        self._settle_excess(plan, notes)
        self._follow(learners)
        self._set_done(plan.numbered or self.new_order_id._is_numbered_at_payment())
        self._tell_done()

    def _set_done(self, has_documents):
        """Note that the learners are moved, and leave what was numbered to the job."""
        self.write(
            {
                "state": "done",
                "date_done": fields.Datetime.now(),
                "error_message": False,
                "documents_to_send": has_documents,
            }
        )
        if has_documents:
            self._trigger_job()

    def _take_seats(self, learners):
        """Take the seats of the target before those of the source are left."""
        counter = self.env["training.seat.counter"]
        self.env.flush_all()
        held = self.env["training.seat.hold"]._consume(self.order_id)
        missing = len(learners) - held
        session = self.session_id
        if missing > 0 and not counter._acquire_guarded(
            session.id, session.training_ticket_id.id, missing
        ):
            words = session._get_move_refusal_words(self.order_id, len(learners))
            raise UserError(words[Refusal.FULL])
        counter._mark(session | self.source_session_id)
        counter._forget_cached_seats()

    def _move_order(self, learners, session, plan):
        """Move or split the order, with its learners and its documents.

        :return: the credit notes that were made
        """
        order = self.order_id
        reason = self._get_reason()
        learners._forget_old_session()
        if plan.whole:
            notes = order._move_training_documents(plan, session, reason)
            ticket = session.training_ticket_id
            learners.write({"event_id": session.id, "event_ticket_id": ticket.id})
            self.new_order_id = order
        else:
            self.new_order_id = order._split_training_order(learners, session, plan)
            order._lower_line_by(len(learners), plan)
            notes = order._split_training_documents(self.new_order_id, plan, reason)
            self.complement_id.training_order_id = self.new_order_id
        learners.write({"prepaid_state": "pending", "state": "draft"})
        return notes

    def _get_reason(self):
        """Return what the credit note says, in the buyer's language."""
        lang = self.partner_id.lang
        return self.with_context(lang=lang).env._(
            "Assignment to another session: %(session)s",
            session=self.session_id.with_context(lang=lang).name,
        )

    def _settle_excess(self, plan, notes):
        """Credit what the target session does not cost, and give it back if who moves
        the learners may: an accountant is asked otherwise.

        :param account.move notes: the credit notes of this move, which owe it if
            there are any
        """
        if plan.kind != Kind.CHEAPER:
            return
        order = self.new_order_id
        owing = notes.filtered("amount_residual") or order._credit_training(
            order._from_minor(-plan.difference), self._get_reason()
        )
        for note in owing:
            note.training_order_id._refund_or_ask(note)

    def _follow(self, learners):
        """Have prospects, requests and threads say where the learners are."""
        orders = self.order_id | self.new_order_id
        orders._follow_training_move()
        orders.training_registration_ids._prepaid_state_changed()
        orders._log_training_move(
            self.env._(
                "%(count)s learner(s) assigned to another session: from %(old)s to "
                "%(new)s.",
                count=len(learners),
                old=self.source_session_id.display_name,
                new=self.session_id.display_name,
            )
        )

    # A dearer session

    def _wait_for_complement(self, plan):
        """Hold the seats, invoice what is missing and send the link to pay it.

        One transaction: a death before its commit leaves nothing, after it the job
        and the payment find everything there.
        """
        self.ensure_one()
        order = self.order_id
        deadline = fields.Datetime.now() + timedelta(
            days=self.company_id.training_complement_days
        )
        self._hold_seats(deadline)
        complement = order._create_training_complement(self.session_id, plan, deadline)
        self.write(
            {"state": "waiting", "deadline": deadline, "complement_id": complement.id}
        )
        order._log_training_move(
            self.env._(
                "Assignment to %(session)s: a complement of %(amount)s is to be paid "
                "until %(deadline)s.",
                session=self.session_id.display_name,
                amount=self.currency_id.format(complement.amount_total),
                deadline=format_date(
                    self.env, fields.Date.context_today(self, deadline)
                ),
            )
        )
        self._queue_mail("mail_template_training_complement")

    def _hold_seats(self, deadline):
        """:raise UserError: when they are gone"""
        session = self.session_id
        self.env.flush_all()
        held = self.env["training.seat.counter"]._try_acquire(
            session.id,
            session.training_ticket_id.id,
            self.order_id.id,
            self.learner_count,
            deadline,
        )
        self.env["training.seat.counter"]._forget_cached_seats()
        if not held:
            words = session._get_move_refusal_words(self.order_id, self.learner_count)
            raise UserError(words[Refusal.FULL])

    def _extend(self):
        """Keep the seats for as long again; take them again if they were given back."""
        if self.state != "waiting":
            return
        deadline = fields.Datetime.now() + timedelta(
            days=self.company_id.training_complement_days
        )
        self._hold_seats(deadline)
        self.write({"deadline": deadline, "is_overdue_told": False})

    def _plan_as_agreed(self, learners, session):
        """Return the plan as it was agreed; the seats are held, and the move that is
        under way is this one.

        :raise UserError: when the target was cancelled in the meantime, or what was
            paid is no longer there
        """
        order = self.order_id
        order.lock_for_update()
        plan = order._plan_training_move(learners, session, self.carried_amount)
        refusals = set(plan.verdict.refusals) - {Refusal.FULL, Refusal.UNDER_WAY}
        verdict = replace(plan.verdict, refusals=tuple(refusals))
        difference = order._to_minor(self.complement_id.amount_total)
        if not self.complement_id:
            difference = order._to_minor(self.asked_amount - self.kept_amount)
        offered = order._to_minor(self.offered_amount)
        plan = replace(
            plan, verdict=verdict, asked=plan.kept + difference, offered=offered
        )
        order._check_training_move(plan, session, learners)
        if self.complement_id:
            self._check_complement()
        else:
            self._check_unchanged(plan, learners)
        return plan

    def _check_unchanged(self, plan, learners):
        """:raise UserError: when it would not move what was agreed"""
        is_same_amount = plan.kept == self.order_id._to_minor(self.kept_amount)
        if not is_same_amount or len(learners) != self.learner_count:
            raise UserError(
                self.env._(
                    "%(order)s changed since the assignment was accepted: abandon it "
                    "and start again.",
                    order=self.order_id.name,
                )
            )
