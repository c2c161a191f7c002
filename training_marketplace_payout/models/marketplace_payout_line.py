# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.training_catalogue_payment.utils import to_note

from ..services import payout
from .marketplace_payout import DECIDERS

ACTIVITY = "mail.mail_activity_data_todo"
REMIND_AFTER = timedelta(days=2)


class MarketplacePayoutRun(models.Model):
    """The operator's screen of payouts: look, pay, approve (B18)."""

    _inherit = "marketplace.payout.run"

    seller_count = fields.Integer(string="Sellers", compute="_compute_totals")
    paid_count = fields.Integer(string="Sellers paid", compute="_compute_totals")
    approve_count = fields.Integer(string="To approve", compute="_compute_totals")
    leaving_count = fields.Integer(string="Approved", compute="_compute_totals")
    blocked_count = fields.Integer(
        string="Sellers not payable", compute="_compute_totals"
    )
    progress = fields.Float(compute="_compute_totals", help="Of those who can be paid.")
    can_start = fields.Boolean(
        string="Can begin",
        compute="_compute_can_start",
        help="Its months are over.",
    )
    needs_approval = fields.Boolean(related="company_id.marketplace_payout_approval")

    @api.depends("line_ids.state", "line_ids.payout_id.approved_by")
    def _compute_totals(self):
        groups = self.env["marketplace.payout.line"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["__count"]
        )
        counts = {(run, state): count for run, state, count in groups}
        # What is approved leaves by the job: it waits for nobody any more.
        groups = self.env["marketplace.payout.line"]._read_group(
            [
                ("run_id", "in", self.ids),
                ("state", "=", "prepared"),
                ("payout_id.approved_by", "!=", False),
            ],
            ["run_id"],
            ["__count"],
        )
        leaving = dict(groups)
        for run in self:
            total = sum(count for (one, _state), count in counts.items() if one == run)
            run.seller_count = total
            run.paid_count = counts.get((run, "done"), 0)
            run.leaving_count = leaving.get(run, 0)
            run.approve_count = counts.get((run, "prepared"), 0) - run.leaving_count
            run.blocked_count = sum(
                counts.get((run, state), 0)
                for state in ("blocked", "failed", "returned")
            )
            run.progress = 100 * run.paid_count / total if total else 0

    @api.depends("state", "until")
    def _compute_can_start(self):
        for run in self:
            run.can_start = run.state == "draft" and run._is_over()

    @api.depends("date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for run in self:
            run.display_name = self.env._(
                "Payouts of %(day)s", day=format_date(self.env, run.date, None, "long")
            )

    def _check_decider(self):
        return self.env["marketplace.payout"]._check_decider()

    @api.model
    def action_look_ahead(self):
        """Open the next payouts as they would be now: nothing is asked."""
        self._check_decider()
        company_sudo = self.env.company.sudo()
        due = payout.next_due(company_sudo._get_marketplace_today())
        domain = [
            ("company_id", "=", company_sudo.id),
            ("until", "=", payout.until_of(due)),
        ]
        runs_sudo = self.sudo()
        run_sudo = runs_sudo.search(domain) or runs_sudo._create_once(company_sudo, due)
        run_sudo._look()
        return self.browse(run_sudo.id)._get_records_action()

    def action_look(self):
        """Count again what would be paid, and what stops the others."""
        self._check_decider()
        self.check_access("read")
        for run_sudo in self.sudo():
            run_sudo._look()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _look(self):
        """Count without asking anything; a run that pays looks by its job."""
        if self.state == "done":
            return
        self._refresh_lines()
        if self.state == "running":
            self._wake_up()
            return
        for line in self.line_ids:
            line._show(line._plan(is_foreseen=True))

    def action_pay(self):
        """Begin to pay, before the day or on it."""
        self._check_decider()
        self.check_access("read")
        for run_sudo in self.sudo():
            run_sudo.lock_for_update()
            run_sudo.invalidate_recordset(["state"])
            if run_sudo.state == "draft":
                run_sudo._check_over()
                run_sudo._start(self.env.user)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _is_over(self):
        return self.until <= self.company_id._get_marketplace_today()

    def _check_over(self):
        """:raise UserError: while the months that are paid are not over"""
        if not self._is_over():
            raise UserError(
                self.env._("These sales are paid once their month is over.")
            )

    def action_approve(self):
        """Approve all that is prepared; the job asks for it.

        :raise UserError: for whoever started them, where two persons are needed
        """
        self._check_decider()
        self.check_access("read")
        for run_sudo in self.sudo():
            prepared = run_sudo.payout_ids.filtered(
                lambda one: one.state == "prepared" and not one.approved_by
            )
            for one in prepared:
                one._check_four_eyes()
            prepared.write(
                {
                    "approved_by": self.env.user.id,
                    "approved_at": fields.Datetime.now(),
                }
            )
            run_sudo.activity_unlink([ACTIVITY])
            run_sudo._wake_up()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # Whoever approves

    def _call_for_approval(self):
        """Have somebody approve: one activity for the payouts of a month."""
        domain = [
            ("res_model", "=", self._name),
            ("res_id", "=", self.id),
        ]
        if self.env["mail.activity"].search_count(domain, limit=1):
            return
        approver = self._get_approvers()[:1]
        self.activity_schedule(
            ACTIVITY,
            summary=self.env._("Approve the payouts"),
            note=to_note(self.env._("They leave once they are approved.")),
            user_id=(approver or self.env.user).id,
        )

    def _get_approvers(self):
        """Return who may approve what was started, the same person left out where two
        are needed."""
        users = self.env["res.users"]
        for name in DECIDERS.split(","):
            users |= self.env.ref(name).sudo().all_user_ids
        company = self.company_id
        users = users.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )
        if company.marketplace_payout_four_eyes:
            users -= self.started_by
        return users.sorted("id")

    def _remind(self):
        """Write to whoever approves, every other day while it is waited for."""
        self.ensure_one()
        limit = fields.Datetime.now() - REMIND_AFTER
        waiting = self.payout_ids.filtered(
            lambda one: one.state == "prepared" and not one.approved_by
        )
        late = waiting.filtered(lambda one: one.create_date <= limit)
        if not late:
            if not waiting:
                self.activity_unlink([ACTIVITY])
            return
        if self.reminded_at and self.reminded_at > limit:
            return
        self.reminded_at = fields.Datetime.now()
        self.message_notify(
            partner_ids=self._get_approvers().partner_id.ids,
            subject=self.env._("Payouts wait for approval"),
            body=self.env._(
                "%(count)s sellers are not paid yet: approve their payouts.",
                count=len(late),
            ),
        )


class MarketplacePayoutLine(models.Model):
    _inherit = "marketplace.payout.line"

    def action_open_payout(self):
        """Open the payout of the seller."""
        self.ensure_one()
        if not self.payout_id:
            raise UserError(self.env._("Nothing was asked for this seller yet."))
        return self.payout_id._get_records_action()

    def action_open_contract(self):
        """Open the contract, where payouts can be stopped."""
        self.ensure_one()
        return self.contract_id._get_records_action()


class MarketplacePayout(models.Model):
    _inherit = "marketplace.payout"

    #: State of a payout → of its line, and when it is looked at again.
    _line_states = {
        "prepared": ("prepared", "tomorrow"),
        "approved": ("asked", None),
        "asked": ("asked", None),
        "done": ("done", None),
        "failed": ("failed", "tomorrow"),
        "returned": ("returned", "tomorrow"),
        "cancelled": ("ready", "now"),
    }

    def _follow_on_line(self, line=None):
        """Have the month's line of the seller say what the payout does.

        :param line: that of the payout, where it is known
        """
        self.ensure_one()
        lines = self.env["marketplace.payout.line"]
        line = line or lines.search([("payout_id", "=", self.id)])
        if not line:
            return
        state, again = self._line_states[self.state]
        values = {"state": state, "date_next": False}
        if again:
            is_now = again == "now"
            values["date_next"] = fields.Datetime.now() if is_now else line._tomorrow()
        if self.state != "cancelled":
            values |= {
                "payout_id": self.id,
                "obstacles": False,
                "amount": self.amount,
                "fee_amount": self.fee_amount,
                "net_amount": self.net_amount,
            }
        if line.run_id.state == "done":
            values["date_next"] = False
        line.write(values)
