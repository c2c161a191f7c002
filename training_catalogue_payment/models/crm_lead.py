# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..services import prospect
from ..utils import refuse_protected, refuse_protected_new

LOST_REASON = "training_catalogue_payment.crm_lost_reason_cancelled"


class CrmLead(models.Model):
    """The prepaid prospect (D3): one opportunity for one paid order.

    Its status and stage follow the enrolments. « Cancelled » and « Lost » may also
    be chosen by a person: the enrolments are then cancelled and their seats freed,
    the money is left where it is.
    """

    _inherit = "crm.lead"

    prepaid_status = fields.Selection(
        selection=[
            (prospect.PREPAID, "Prepaid"),
            (prospect.VALIDATED, "Validated"),
            (prospect.CANCELLED, "Cancelled"),
            (prospect.LOST, "Lost"),
        ],
        string="Prepaid status",
        copy=False,
        index="btree_not_null",
        tracking=True,
    )
    prepaid_order_id = fields.Many2one(
        "sale.order", string="Prepaid order", copy=False, readonly=True
    )
    prepaid_session_id = fields.Many2one(
        "event.event",
        string="Prepaid session",
        related="prepaid_order_id.training_session_id",
        store=True,
        index="btree_not_null",
    )
    prepaid_pending_count = fields.Integer(
        string="Learners to validate", compute="_compute_prepaid_pending_count"
    )
    training_request_ids = fields.One2many(
        "training.request", "lead_id", string="Training requests", copy=False
    )

    _prepaid_order_uniq = models.UniqueIndex(
        "(prepaid_order_id) WHERE prepaid_order_id IS NOT NULL",
        "A prepaid order has one opportunity only.",
    )

    @api.depends("prepaid_order_id.training_registration_ids.prepaid_state")
    def _compute_prepaid_pending_count(self):
        for lead in self:
            registrations_sudo = lead.sudo()._get_prepaid_registrations()
            lead.prepaid_pending_count = len(
                registrations_sudo.filtered(lambda r: r.prepaid_state == "pending")
            )

    @api.model_create_multi
    def create(self, vals_list):
        refuse_protected_new(self, vals_list, {"prepaid_order_id", "prepaid_status"})
        return super().create(vals_list)

    def write(self, vals):
        refuse_protected(self, vals, {"prepaid_order_id", "prepaid_session_id"})
        if "prepaid_status" in vals:
            self.check_access("write")
            self._apply_prepaid_status(vals["prepaid_status"])
        result = super().write(vals)
        if vals.get("prepaid_status") in prospect.CLOSED:
            self._close_prepaid(vals["prepaid_status"])
        return result

    def _close_prepaid(self, status):
        """Have stock's « lost » agree with the status: a cancelled enrolment is lost
        for that very reason, a lost one for the reason that a person gives."""
        self.filtered("active").action_set_lost()
        reason = self.env.ref(LOST_REASON, raise_if_not_found=False)
        if not reason:
            return
        if status == prospect.CANCELLED:
            self.filtered(lambda lead: not lead.lost_reason_id).lost_reason_id = reason
        else:
            self.filtered(
                lambda lead: lead.lost_reason_id == reason
            ).lost_reason_id = False

    def action_set_lost(self, **additional_values):
        """Override of `crm`: a validated prospect is in a won stage, which stock does
        not let be lost; a person may give up on a paid enrolment all the same (A23)."""
        won = self.filtered(lambda lead: lead.prepaid_status and lead.stage_id.is_won)
        for lead in won:
            lead.stage_id = lead._get_prepaid_stage() or lead._stage_find(
                domain=[("is_won", "=", False)]
            )
        return super().action_set_lost(**additional_values)

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        """Override of `crm`: whatever the way a prepaid opportunity was lost, its
        status says so and its enrolments are cancelled."""
        result = super()._handle_won_lost(old_status_by_lead, new_status_by_lead)
        newly_lost = self.filtered(
            lambda lead: (
                lead.prepaid_status
                and lead.prepaid_status not in prospect.CLOSED
                and new_status_by_lead.get(lead.id, {}).get("is_lost")
                and not old_status_by_lead.get(lead.id, {}).get("is_lost")
            )
        )
        if newly_lost:
            newly_lost.write({"prepaid_status": prospect.LOST})
        return result

    def action_validate_prepaid(self):
        """Open the list of this prospect's learners to complete and validate."""
        self.ensure_one()
        self.check_access("write")
        return self.env["training.validation"]._open_for(
            self.sudo()._get_prepaid_registrations(), lead=self
        )

    def action_move_prepaid(self):
        """Open « Assign to another session » on this prospect's learners (A22)."""
        self.ensure_one()
        self.check_access("write")
        return self.env["training.move.wizard"]._open_for(
            self.sudo()._get_prepaid_registrations()
        )

    def action_cancel_prepaid_status(self):
        """Set the prospect to « Cancelled »: seats are freed, no money moves."""
        self.filtered("prepaid_status").write({"prepaid_status": prospect.CANCELLED})

    def action_lose_prepaid_status(self):
        """Set the prospect to « Lost »: seats are freed, no money moves."""
        self.filtered("prepaid_status").write({"prepaid_status": prospect.LOST})

    def action_view_prepaid_order(self):
        """Open the paid order of this prospect."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.prepaid_order_id.id,
            "views": [(False, "form")],
        }

    def action_view_training_request(self):
        """Open the request this opportunity comes from."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "training.request",
            "res_id": self.training_request_ids[:1].id,
            "views": [(False, "form")],
        }

    def _sync_prepaid_status(self):
        """Give each prospect the status its enrolments have now.

        A choice of « Lost » made by a person stays while everything is cancelled.
        """
        for lead in self:
            states = lead.sudo()._get_prepaid_registrations().mapped("prepaid_state")
            status = prospect.status_of(states)
            is_closed = lead.prepaid_status in prospect.CLOSED
            if not status or (is_closed and status == prospect.CANCELLED):
                continue
            if status != lead.prepaid_status:
                lead.write({"prepaid_status": status})
                lead._move_to_prepaid_stage(status)

    def _move_to_prepaid_stage(self, status):
        """Put the opportunity where the pipeline expects a prospect of this status."""
        self.ensure_one()
        if status == prospect.VALIDATED:
            self.action_set_won()
        elif status == prospect.PREPAID:
            if not self.active:
                self.action_restore()
            stage = self._get_prepaid_stage()
            if stage and self.stage_id != stage:
                self.stage_id = stage

    def _apply_prepaid_status(self, status):
        """Cancel the enrolments for a closed status, refuse one they do not have.

        :raise UserError: when a person writes « Prepaid » or « Validated » by hand
        """
        if status in prospect.CLOSED:
            self._cancel_prepaid_registrations()
            return
        for lead in self:
            states = lead.sudo()._get_prepaid_registrations().mapped("prepaid_state")
            if (status or None) != prospect.status_of(states):
                raise UserError(
                    self.env._(
                        "The status of %(prospect)s follows its enrolments: "
                        "use « Validate the enrolment ».",
                        prospect=lead.name,
                    )
                )

    def _cancel_prepaid_registrations(self):
        """Cancel what is not cancelled yet; salespeople may, whatever the session."""
        self.check_access("write")
        registrations_sudo = self.sudo()._get_prepaid_registrations()
        registrations_sudo.filtered(
            lambda r: r.prepaid_state in ("pending", "validated")
        )._cancel_prepaid()

    def _get_prepaid_registrations(self):
        """Return the enrolments paid by the orders of these prospects."""
        return self.prepaid_order_id.training_registration_ids

    @api.model
    def _get_prepaid_stage(self):
        """Return the stage of prepaid prospects, empty if somebody deleted it."""
        return (
            self.env.ref(
                "training_catalogue_payment.crm_stage_prepaid", raise_if_not_found=False
            )
            or self.env["crm.stage"]
        )

    def _merge_opportunity(
        self, user_id=False, team_id=False, auto_unlink=True, max_length=5
    ):
        """Override of `crm` (D13): a merge would hand one customer's thread and money
        to another."""
        carrying = self.filtered(lambda lead: lead._carries_training_request())
        if carrying:
            raise UserError(
                self.env._(
                    "%(names)s cannot be merged: each carries its own training "
                    "request. Mark the one you do not need as lost instead.",
                    names=", ".join(carrying.mapped("name")),
                )
            )
        return super()._merge_opportunity(
            user_id=user_id,
            team_id=team_id,
            auto_unlink=auto_unlink,
            max_length=max_length,
        )

    def _get_lead_duplicates(self, partner=None, email=None, include_lost=False):
        """Override of `crm`: what cannot be merged is not proposed for it, so that
        automatic assignment never stops on it."""
        duplicates = super()._get_lead_duplicates(
            partner=partner, email=email, include_lost=include_lost
        )
        if self.filtered(lambda lead: lead._carries_training_request()):
            return self
        return duplicates.filtered(lambda lead: not lead._carries_training_request())

    def _carries_training_request(self):
        """Tell whether a training request or a paid order hangs on this lead."""
        self.ensure_one()
        return bool(self.prepaid_order_id or self.sudo().training_request_ids)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_prepaid(self):
        """A prospect that paid is not deleted (A24)."""
        if self.filtered("prepaid_order_id"):
            raise UserError(
                self.env._(
                    "This prospect has paid: deleting it would lose the trace of the "
                    "money. Set it to « Cancelled » or « Lost » instead, then credit "
                    "and refund the invoice in the session's finances."
                )
            )
