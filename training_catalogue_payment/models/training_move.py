# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..services.move import BEING_MADE, Kind


class TrainingMove(models.Model):
    """Learners of one purchase assigned to another session (A22).

    A move is history, not a state of the prospect. At equal or lower price it is done
    at once, or by a job within seconds where documents are to be numbered; a dearer
    one waits: its complement is invoiced, the seats are held in the target session,
    and the learners move when the complement is paid.
    """

    _name = "training.move"
    _description = "Assignment to Another Session"
    _inherit = ["training.purchase.mixin"]
    _order = "id desc"
    _rec_name = "order_id"

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, ondelete="restrict", index=True
    )
    new_order_id = fields.Many2one(
        "sale.order",
        string="Order after the move",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="The same order, or the one that those who moved were given.",
    )
    partner_id = fields.Many2one(related="order_id.partner_id", string="Customer")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    source_session_id = fields.Many2one(
        "event.event", string="From", required=True, readonly=True, index=True
    )
    session_id = fields.Many2one(
        "event.event", string="To", required=True, readonly=True, index=True
    )
    registration_ids = fields.Many2many(
        "event.registration", string="Learners", readonly=True
    )
    learner_count = fields.Integer(string="Number of learners", readonly=True)
    kind = fields.Selection(
        selection=[
            (Kind.EQUAL.value, "Same price"),
            (Kind.DEARER.value, "Dearer"),
            (Kind.CHEAPER.value, "Cheaper"),
        ],
        readonly=True,
    )
    state = fields.Selection(
        selection=[
            ("accepted", "Accepted, documents being made"),
            ("waiting", "Waiting for the complement"),
            ("paid", "Complement paid"),
            ("done", "Moved"),
            ("abandoned", "Abandoned"),
            ("undone", "Undone"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    kept_amount = fields.Monetary(string="Paid before", readonly=True)
    asked_amount = fields.Monetary(string="Price of the new session", readonly=True)
    carried_amount = fields.Monetary(
        readonly=True, help="Part of a flat price that staff gave to these learners."
    )
    is_price_forced = fields.Boolean(
        readonly=True, help="The price of an undone move is given back as it was."
    )
    offered_amount = fields.Monetary(
        string="Difference offered",
        readonly=True,
        help="What the new session costs more and is not asked, because the "
        "organisation cancelled the first one.",
    )
    complement_id = fields.Many2one(
        "account.move",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    complement_url = fields.Char(
        string="Payment link", compute="_compute_complement_url", compute_sudo=True
    )
    is_undoable = fields.Boolean(compute="_compute_is_undoable", compute_sudo=True)
    deadline = fields.Datetime(readonly=True)
    is_overdue_told = fields.Boolean(readonly=True)
    documents_to_send = fields.Boolean(readonly=True)
    date_done = fields.Datetime(string="Moved on", readonly=True)
    error_message = fields.Char(readonly=True)

    _waiting_uniq = models.UniqueIndex(
        "(order_id) WHERE state IN ('accepted', 'waiting', 'paid')",
        "A purchase has one move under way only.",
    )
    _todo_idx = models.Index(
        "(state) WHERE state IN ('accepted', 'waiting', 'paid') OR documents_to_send"
    )

    @api.depends("complement_id", "state")
    def _compute_complement_url(self):
        """Odoo's own payment link: the invoice's page with its payment form."""
        for record in self:
            record.complement_url = (
                record.state == "waiting" and record._get_payment_link()
            )

    @api.depends("state")
    def _compute_is_undoable(self):
        for record in self:
            record.is_undoable = record._can_be_undone()

    def _get_payment_link(self):
        self.ensure_one()
        invoice = self.complement_id
        if not invoice:
            return False
        wizard = self.env["payment.link.wizard"].new(
            {
                "res_model": "account.move",
                "res_id": invoice.id,
                "amount": invoice.amount_residual,
                "amount_max": invoice.amount_residual,
                "currency_id": invoice.currency_id.id,
                "partner_id": invoice.partner_id.id,
            }
        )
        return wizard.link

    # What staff do with a move

    def action_abandon(self):
        """Give up a move that is not done: its complement, if it has one, is credited
        and what was paid of it given back, its seats are free again.

        :raise AccessError: for who neither plans sessions nor sells
        """
        self._check_staff()
        self.sudo()._abandon()

    def action_undo(self):
        """Take a move back while nothing of it was numbered.

        :raise AccessError: for who neither plans sessions nor sells
        :raise UserError: when a document has a number, or the seat is gone
        """
        self._check_staff()
        for record_sudo in self.sudo():
            record_sudo._undo()

    def action_extend(self):
        """Keep the seats of a move that waits for as long again.

        :raise AccessError: for who neither plans sessions nor sells
        """
        self._check_staff()
        for record_sudo in self.sudo():
            record_sudo._extend()

    def action_retry(self):
        """Try again a move that the job could not do.

        :raise AccessError: for who neither plans sessions nor sells
        """
        self._check_staff()
        for record_sudo in self.sudo().filtered(lambda one: one.state in BEING_MADE):
            record_sudo._claim()
            record_sudo._as_asked()._apply()

    def action_view_order(self):
        """Open the order of those who moved."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": (self.new_order_id or self.order_id).id,
            "views": [(False, "form")],
        }

    def _check_staff(self):
        if not self.env.su and not (
            self.env.user.has_group("event.group_event_user")
            or self.env.user.has_group("sales_team.group_sale_salesman")
        ):
            raise AccessError(
                self.env._("Only event users and salespeople move learners.")
            )
        self.check_access("read")

    def _set_paid(self):
        """Note that the complement is paid; a job moves the learners at once."""
        if self:
            self.state = "paid"
            self._trigger_job()

    @api.model
    def _trigger_job(self, at=None):
        self.env.ref(
            "training_catalogue_payment.ir_cron_training_moves"
        ).sudo()._trigger(at)

    def _can_be_undone(self):
        """Whether nothing of this move was numbered, and nothing came after it."""
        self.ensure_one()
        order = self.new_order_id
        documents = self.env["account.move"]
        if order:
            documents = order._get_training_documents()
            documents |= self.order_id._get_training_documents()
        return (
            self.state == "done"
            and self.kind == Kind.EQUAL
            and order.training_session_id == self.session_id
            and not documents.filtered(lambda move: move.state == "posted")
        )

    def _undo(self):
        """Move the learners back at the price that was paid."""
        self.ensure_one()
        if not self._can_be_undone():
            raise UserError(
                self.env._(
                    "This assignment cannot be undone: a document was numbered, or "
                    "the purchase changed since. Assign the learners to another "
                    "session again instead."
                )
            )
        self.new_order_id._move_training(
            self.registration_ids, self.source_session_id, total=self.kept_amount
        )
        self.state = "undone"
