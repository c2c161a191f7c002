# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from math import isfinite

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from ..services.move import Refusal
from ..utils import refuse_protected


class TrainingMoveWizard(models.TransientModel):
    """« Assign to another session » (A22): who, where to, and what it changes.

    Opened from the opportunity, the request, the session or one learner. It reads
    orders and invoices for people who may not: only event users and salespeople open
    it, and it shows nothing of them but sessions, totals and sentences. Nobody creates
    one by himself, nor gives it other learners than those it was opened on.
    """

    _name = "training.move.wizard"
    _description = "Assign to Another Session"

    line_ids = fields.One2many(
        "training.move.wizard.line", "wizard_id", string="Learners"
    )
    session_id = fields.Many2one("event.event", string="New session")
    session_domain = fields.Binary(compute="_compute_session_domain")
    any_programme = fields.Boolean(
        string="All programmes and dates",
        help="By default only the coming sessions of the same programme are listed.",
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    is_part_of_flat = fields.Boolean(compute="_compute_preview")
    carried_amount = fields.Monetary(
        string="Amount that goes with them",
        help="Tax included. Some learners of a flat enrolment move without money, "
        "unless you enter how much of the price goes with them.",
    )
    offer_difference = fields.Boolean(
        string="Offer the difference",
        default=True,
        help="The session was cancelled: the buyer pays nothing more for a dearer one.",
    )
    may_offer = fields.Boolean(compute="_compute_preview")
    raise_seats = fields.Boolean(string="Raise the seats of the new session")
    may_raise_seats = fields.Boolean(compute="_compute_preview")
    is_refused = fields.Boolean(compute="_compute_preview")
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    @api.model
    def _open_for(self, registrations, chosen=None):
        """Return the action that opens the wizard on paid learners.

        :param event.registration registrations: those who can be chosen
        :param event.registration chosen: those who are ticked, all by default
        :raise UserError: when none of them can move
        """
        self._check_staff()
        registrations_sudo = registrations.sudo().filtered(
            lambda reg: reg.prepaid_state in ("pending", "validated")
        )
        if not registrations_sudo:
            raise UserError(
                self.env._("Nobody here was paid for online and is still enrolled.")
            )
        companies = registrations_sudo.sale_order_id.company_id
        if len(companies) > 1:
            raise UserError(self.env._("Choose learners of one company at a time."))
        chosen = registrations if chosen is None else chosen
        lines = [
            {"registration_id": learner.id, "is_moved": learner.id in chosen.ids}
            for learner in registrations_sudo.sorted("id")
        ]
        wizard = self.sudo().create(
            {
                "company_id": companies.id,
                "line_ids": [Command.create(line) for line in lines],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assign to another session"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def write(self, vals):
        refuse_protected(self, vals, {"company_id"})
        return super().write(vals)

    def _check_staff(self):
        if not self.env.su and not (
            self.env.user.has_group("event.group_event_user")
            or self.env.user.has_group("sales_team.group_sale_salesman")
        ):
            raise AccessError(
                self.env._("Only event users and salespeople move learners.")
            )

    @api.depends("line_ids.registration_id", "any_programme")
    def _compute_session_domain(self):
        for wizard in self:
            sources = wizard.line_ids._get_learners_sudo().event_id
            domain = (
                Domain("is_training_session", "=", True)
                & Domain("company_id", "in", [wizard.company_id.id, False])
                & Domain("id", "not in", sources.ids)
            )
            if not wizard.any_programme:
                domain &= Domain("programme_id", "in", sources.programme_id.ids)
                domain &= Domain("date_begin", ">", fields.Datetime.now())
            wizard.session_domain = list(domain)

    @api.depends(
        "line_ids.is_moved",
        "session_id",
        "carried_amount",
        "offer_difference",
        "raise_seats",
    )
    @api.depends_context("lang")
    def _compute_preview(self):
        for wizard in self:
            plans = wizard._get_plans()
            refusals = wizard._get_refusals(plans)
            is_full = Refusal.FULL in refusals
            may_raise = wizard.env.user.has_group("event.group_event_user")
            if wizard.raise_seats and may_raise:
                refusals.discard(Refusal.FULL)
            wizard.may_raise_seats = is_full and may_raise
            wizard.is_refused = bool(refusals) or not plans
            wizard.is_part_of_flat = any(
                not plan.whole and not order._is_priced_per_learner()
                for order, _learners, plan in plans
            )
            wizard.may_offer = any(
                plan.offered or order._get_offered_minor(plan.kept, plan.asked)
                for order, _learners, plan in plans
            )
            wizard.preview = wizard._render_preview(plans, refusals)

    def _get_chosen(self):
        """Return the chosen learners by order, sudo'd."""
        chosen = self.line_ids.filtered("is_moved")._get_learners_sudo()
        return chosen.grouped("sale_order_id")

    def _get_target(self):
        readable = self.session_id._origin._filtered_access("read")
        return readable.sudo().with_company(self.company_id)

    def _get_plans(self):
        """Return (order, learners, plan) for each purchase concerned, sudo'd."""
        target_sudo = self._get_target()
        if not target_sudo:
            return []
        return [
            (
                order,
                learners,
                order._plan_training_move(
                    learners,
                    target_sudo,
                    carried=self.carried_amount,
                    offer=self.offer_difference,
                ),
            )
            for order, learners in self._get_chosen().items()
        ]

    def _get_refusals(self, plans):
        """Return what stops any of the moves; the seats are counted for all."""
        refusals = {
            refusal for _order, _reg, plan in plans for refusal in plan.verdict.refusals
        }
        count = sum(len(learners) for _order, learners, _plan in plans)
        if plans and not self._get_target()._has_free_seats(count):
            refusals.add(Refusal.FULL)
        return refusals

    def _render_preview(self, plans, refusals):
        target_sudo = self._get_target()
        if not plans:
            return False
        count = sum(len(learners) for _order, learners, _plan in plans)
        words = target_sudo._get_move_refusal_words(plans[0][0], count)
        warnings = dict.fromkeys(
            warning for _order, _reg, plan in plans for warning in plan.verdict.warnings
        )
        return self.env["ir.qweb"]._render(
            "training_catalogue_payment.training_move_preview",
            {
                "target": target_sudo,
                "plans": [self._prepare_preview(*entry) for entry in plans],
                "refusals": [words[refusal] for refusal in refusals],
                "warnings": target_sudo._get_move_warning_messages(warnings),
                "waiting_again": any(
                    learner.prepaid_state == "validated"
                    for _order, learners, _plan in plans
                    for learner in learners
                ),
            },
        )

    def _prepare_preview(self, order, learners, plan):
        """Return what the buyer of one order has before and after, in words."""
        line = order._get_training_line()
        source, target = order.training_session_id, self._get_target()
        return {
            "order": order,
            "count": len(learners),
            "before": self._prepare_side(order, source, plan.kept, line.tax_ids),
            "after": self._prepare_side(
                order, target, plan.asked, order._get_move_taxes(target)
            ),
            "sentences": order._get_move_deed_words(plan, target),
        }

    def _prepare_side(self, order, session, total_minor, taxes):
        return {
            "session": session.name,
            "dates": session._get_catalogue_dates(),
            "seats": session.training_seats_left if session.has_seat_limit else None,
            "total": order.currency_id.format(order._from_minor(total_minor)),
            "taxes": ", ".join(taxes.mapped("name")) or self.env._("No tax"),
        }

    def action_move(self):
        """Assign the chosen learners; nothing is done if one purchase is refused.

        :raise AccessError: for who neither plans sessions nor sells
        :raise UserError: with the reasons of a refusal
        """
        self.ensure_one()
        self._check_staff()
        # Learners of a move that splits their order are in another one afterwards.
        self.env["sale.order"].union(*self._get_chosen())._complete_accepted_moves()
        chosen = self._get_chosen()
        if not self.session_id or not chosen:
            raise UserError(
                self.env._("Choose the new session and at least one learner.")
            )
        self.line_ids.registration_id.check_access("write")
        self.session_id.check_access("read")
        if not isfinite(self.carried_amount):
            raise UserError(self.env._("Enter an amount."))
        target_sudo = self._get_target()
        if self.raise_seats:
            self.session_id._raise_seats_for(sum(map(len, chosen.values())))
        moves_sudo = self.env["training.move"].sudo()
        for order_sudo, learners_sudo in chosen.items():
            moves_sudo |= order_sudo._move_training(
                learners_sudo,
                target_sudo,
                carried=self.carried_amount,
                offer=self.offer_difference,
            )
        return moves_sudo._get_notification()
