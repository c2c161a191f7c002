# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.training_catalogue_payment.services.form import parse_text
from odoo.addons.training_catalogue_payment.utils import to_note

from .marketplace_invoice_verify import MANAGER

MAX_REASON_LENGTH = 2000
ACCEPT_BATCH = 200


class MarketplaceInvoice(models.Model):
    """The right of a seller to contest what is issued in its name (CGI art. 289 I-2).

    Within the delay of its mandate it says why; the operator corrects (a credit note
    and a new invoice), the seller corrects it itself, or the contest is withdrawn.
    After the delay the invoice is accepted.
    """

    _inherit = "marketplace.invoice"

    contest_reason = fields.Text(
        string="Reason of the contest", readonly=True, tracking=True
    )
    contested_at = fields.Datetime(string="Contested on", readonly=True)
    contested_by_id = fields.Many2one(
        "res.users", string="Contested by", readonly=True, ondelete="restrict"
    )
    contest_deadline = fields.Date(
        string="May be contested until",
        compute="_compute_contest_deadline",
        store=True,
        index=True,
    )
    accepted_at = fields.Datetime(string="Accepted on", readonly=True)
    resolved_at = fields.Datetime(string="Settled on", readonly=True)
    resolution = fields.Selection(
        selection=[
            ("operator", "Corrected by the operator"),
            ("seller", "Corrected by the seller"),
            ("withdrawn", "Contest withdrawn"),
        ],
        readonly=True,
        tracking=True,
    )
    seller_reference = fields.Char(
        string="Seller's own invoice",
        readonly=True,
        tracking=True,
        help="Number of the invoice by which the seller corrected this one.",
    )

    @api.depends("date_issued", "mandate_id")
    def _compute_contest_deadline(self):
        for invoice in self:
            days = invoice.mandate_id.contest_days
            invoice.contest_deadline = invoice.date_issued + timedelta(days=days)

    def _can_be_contested(self):
        """Whether the seller may contest it today."""
        self.ensure_one()
        today = self.company_id._get_marketplace_today()
        return self.state == "issued" and today <= self.contest_deadline

    def _contest(self, reason, user):
        """Note that the seller contests, and ask the operator to look at it.

        Called with sudo by the seller's page, after its access was checked.

        :raise UserError: after the delay, twice, or without a reason
        """
        self.ensure_one()
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        text = parse_text(reason)[:MAX_REASON_LENGTH]
        if not text:
            raise UserError(self.env._("Say what is wrong with this document."))
        if not self._can_be_contested():
            raise UserError(self.env._("This document can no longer be contested."))
        self.write(
            {
                "state": "contested",
                "contest_reason": text,
                "contested_at": fields.Datetime.now(),
                "contested_by_id": user.id,
            }
        )
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("%(number)s is contested", number=self.name),
            note=to_note(text),
            user_id=self._get_contest_user().id,
        )

    def _get_contest_user(self):
        """Hook: return who looks at a contest: a manager of the marketplace."""
        managers = self.env.ref(MANAGER).sudo().all_user_ids
        return managers.filtered(
            lambda user: self.company_id in user.company_ids and not user.share
        )[:1] or self.env.ref("base.user_admin")

    # What the operator decides

    def _check_may_settle(self):
        """Lock a contested document for who may settle it.

        :raise AccessError: for anybody but marketplace managers
        :raise UserError: when it is not contested
        """
        self.ensure_one()
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only marketplace managers may decide this."))
        self.check_access("read")
        invoice_sudo = self.sudo()
        invoice_sudo.lock_for_update()
        invoice_sudo.invalidate_recordset(["state"])
        if invoice_sudo.state != "contested":
            raise UserError(
                self.env._("%(number)s is not contested.", number=self.name)
            )
        return invoice_sudo

    def action_correct(self):
        """Take a contested invoice back whole, and issue it anew from what the order,
        the parties and the contract say now. No money moves.

        :raise UserError: when a part was refunded already: the seller corrects it then
        """
        invoice_sudo = self._check_may_settle()
        if invoice_sudo.kind != "invoice" or invoice_sudo.credit_ids:
            raise UserError(
                self.env._(
                    "Only an invoice that nothing takes back yet is corrected here: "
                    "let the seller correct %(number)s.",
                    number=self.name,
                )
            )
        new = invoice_sudo._replace("operator")
        return new.with_env(self.env)._get_records_action()

    def _replace(self, resolution):
        """Take this invoice back whole, and issue it anew; no money moves.

        In the caller's transaction: both documents are kept or none is.

        :return: the new invoice
        """
        self.ensure_one()
        credit_lines = self._prepare_credit_lines(self.amount_total)
        self._issue("credit_note", self.sale_id, credit_lines, origin=self)
        new = self._issue(
            "invoice",
            self.sale_id,
            self._prepare_sale_lines(self.sale_id),
            replaced=self,
        )
        self._settle(resolution, "corrected")
        return new

    def action_corrected_by_seller(self, seller_reference):
        """Note that the seller issued a corrective invoice of its own series.

        :param str seller_reference: its number there
        """
        invoice_sudo = self._check_may_settle()
        invoice_sudo.seller_reference = seller_reference
        invoice_sudo._settle("seller", "corrected")

    def action_withdraw_contest(self):
        """Note that the seller gives its contest up: the invoice is accepted."""
        invoice_sudo = self._check_may_settle()
        invoice_sudo._settle("withdrawn", "accepted")

    def _settle(self, resolution, state):
        now = fields.Datetime.now()
        values = {"state": state, "resolution": resolution, "resolved_at": now}
        if state == "accepted":
            values["accepted_at"] = now
        self.write(values)
        self.activity_feedback(["mail.mail_activity_data_todo"])

    @api.model
    def _cron_accept(self):
        """Accept what nobody contested in time; a daily job."""
        cron = self.env["ir.cron"]
        domain = [
            ("state", "=", "issued"),
            ("contest_deadline", "<", self.env.company._get_marketplace_today()),
        ]
        remaining = self.search_count(domain)
        cron._commit_progress(remaining=remaining)
        while remaining:
            invoices = self.search(domain, order="id", limit=ACCEPT_BATCH)
            late = invoices.try_lock_for_update().filtered_domain(domain)
            if not late:
                break
            late.write({"state": "accepted", "accepted_at": fields.Datetime.now()})
            remaining -= len(late)
            if not cron._commit_progress(len(late), remaining=max(remaining, 0)):
                break
