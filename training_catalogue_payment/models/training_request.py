# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..services import prospect

STATE_OF_PROSPECT = {
    prospect.PREPAID: "new",
    prospect.VALIDATED: "accepted",
    prospect.CANCELLED: "cancelled",
    prospect.LOST: "cancelled",
}


class TrainingRequest(models.Model):
    """What somebody asked about a training: information, an enrolment, a purchase.

    One list of all of them, paid or not (A19); cancelled and lost ones stay in it.
    Each is tied to its own opportunity, and holds only what both sides may see: its
    author reads it on the portal, nobody outside reads the opportunity (D13). What is
    for the staff alone carries `groups`.
    """

    _name = "training.request"
    _description = "Training Request"
    _inherit = ["portal.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "create_date desc, id desc"
    _mail_post_access = "read"
    _primary_email = "email"

    name = fields.Char(string="Subject", required=True)
    kind = fields.Selection(
        selection=[
            ("enrolment", "Enrolment request"),
            ("information", "Information request"),
            ("purchase", "Purchase"),
        ],
        required=True,
        default="enrolment",
        index=True,
        tracking=True,
    )
    is_prepaid = fields.Boolean(
        string="Prepaid", compute="_compute_is_prepaid", store=True
    )
    state = fields.Selection(
        selection=[
            ("new", "To treat"),
            ("progress", "In progress"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
            ("cancelled", "Request cancelled"),
        ],
        string="Status",
        compute="_compute_state",
        store=True,
        readonly=False,
        default="new",
        required=True,
        index=True,
        copy=False,
        tracking=True,
    )
    refusal_reason = fields.Text(copy=False, readonly=True)
    session_id = fields.Many2one("event.event", index="btree_not_null", tracking=True)
    programme_id = fields.Many2one(
        "product.template",
        compute="_compute_programme_id",
        store=True,
        readonly=False,
        index="btree_not_null",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index="btree_not_null"
    )
    contact_name = fields.Char(string="Contact")
    email = fields.Char()
    phone = fields.Char()
    company_name = fields.Char(string="Company name")
    learner_count = fields.Integer(string="Learners", default=1)
    message = fields.Text()
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        domain="[('share', '=', False)]",
        groups="base.group_user",
        tracking=True,
    )
    order_id = fields.Many2one(
        "sale.order",
        copy=False,
        readonly=True,
        groups="base.group_user",
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Opportunity",
        copy=False,
        readonly=True,
        groups="base.group_user",
    )
    prepaid_status = fields.Selection(
        related="lead_id.prepaid_status",
        string="Prepaid status",
        store=True,
        groups="base.group_user",
    )
    registration_ids = fields.One2many(
        "event.registration",
        "training_request_id",
        string="Enrolled learners",
        groups="event.group_event_registration_desk",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )

    _order_uniq = models.UniqueIndex(
        "(order_id) WHERE order_id IS NOT NULL", "An order has one request only."
    )
    _lead_uniq = models.UniqueIndex(
        "(lead_id) WHERE lead_id IS NOT NULL", "An opportunity has one request only."
    )
    _learner_count_positive = models.Constraint(
        "CHECK(learner_count >= 1)", "A request is for at least one learner."
    )

    @api.depends("kind", "order_id")
    def _compute_is_prepaid(self):
        for request in self:
            request.is_prepaid = request.kind == "purchase" and bool(request.order_id)

    @api.depends("prepaid_status")
    def _compute_state(self):
        """A purchase follows its prospect; the other requests are treated by hand."""
        for request in self:
            request.state = (
                STATE_OF_PROSPECT.get(request.prepaid_status) or request.state or "new"
            )

    @api.depends("session_id")
    def _compute_programme_id(self):
        for request in self:
            request.programme_id = request.session_id.programme_id or (
                request.programme_id
            )

    def _compute_access_url(self):
        super()._compute_access_url()
        for request in self:
            request.access_url = f"/my/training-requests/{request.id}"

    def _creation_message(self):
        return self.env._("Request received")

    def _mail_get_partner_fields(self, introspect_fields=False):
        return ["partner_id"]

    def action_validate(self):
        """Open the learners to complete and validate (A20).

        For a purchase they are those of the order; accepting an unpaid enrolment
        request creates them.
        """
        self.ensure_one()
        self._check_staff()
        wizard = self.env["training.validation"]
        if self.is_prepaid:
            return wizard._open_for(self.sudo().registration_ids, request=self)
        if not self.session_id:
            raise UserError(self.env._("Choose the session first."))
        return wizard._open_for(self.env["event.registration"], request=self)

    def action_move_prepaid(self):
        """Open « Assign to another session » on the learners of a purchase (A22)."""
        self.ensure_one()
        self._check_staff()
        return self.env["training.move.wizard"]._open_for(
            self.sudo().order_id.training_registration_ids
        )

    def action_start(self):
        """Note that somebody takes care of these requests."""
        self._check_staff()
        for request in self.sudo().filtered(lambda r: r.state == "new"):
            request.write(
                {"state": "progress", "user_id": request.user_id.id or self.env.uid}
            )

    def action_mark_answered(self):
        """Close information requests that were answered."""
        self._check_staff()
        self._set_state("accepted", kinds=("information",))

    def action_refuse(self):
        """Ask for the reason of a refusal; a paid purchase is cancelled instead."""
        self.ensure_one()
        self._check_staff()
        self._check_not_prepaid()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse the request"),
            "res_model": "training.request.refusal",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_request_id": self.id},
        }

    def action_cancel(self):
        """Close requests that their author gave up."""
        self._check_staff()
        self._check_not_prepaid()
        self._set_state("cancelled")

    def action_reopen(self):
        """Put refused, cancelled or answered requests back to treat."""
        self._check_staff()
        self._check_not_prepaid()
        self._set_state("new")

    def action_view_order(self):
        """Open the paid order."""
        return self.lead_id.action_view_prepaid_order()

    def action_view_lead(self):
        """Open the opportunity of this request."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.lead_id.id,
            "views": [(False, "form")],
        }

    def _set_state(self, state, kinds=None):
        self.filtered(lambda r: not kinds or r.kind in kinds).write({"state": state})

    def _refuse(self, reason):
        """Refuse requests and tell their authors why."""
        self._check_not_prepaid()
        self.write({"state": "refused", "refusal_reason": reason})
        self._send_template("mail_template_request_refused")

    def _send_template(self, name):
        """Queue one mail per request that has an address."""
        template_sudo = self.env.ref(f"training_catalogue_payment.{name}").sudo()
        for request in self.filtered(lambda r: r.email or r.partner_id.email):
            template_sudo._send_soon(request.id)

    def _check_staff(self):
        """:raise AccessError: for anybody who neither plans sessions nor sells"""
        if not (
            self.env.su
            or self.env.user.has_group("event.group_event_user")
            or self.env.user.has_group("sales_team.group_sale_salesman")
        ):
            raise AccessError(
                self.env._("Only event users and salespeople treat training requests.")
            )
        self.check_access("write")

    def _check_not_prepaid(self):
        prepaid = self.filtered("is_prepaid")
        if prepaid:
            raise UserError(
                self.env._(
                    "%(names)s is paid: set its opportunity to « Cancelled » or "
                    "« Lost », then credit and refund it in the session's finances.",
                    names=", ".join(prepaid.mapped("name")),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_prepaid(self):
        """A paid request is not deleted (A24)."""
        self._check_not_prepaid()
