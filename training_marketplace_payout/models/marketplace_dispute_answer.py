# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.training_catalogue_payment.models.training_inbox_mixin import (
    COLLISIONS,
)

from ..services.mangopay_errors import GatewayError
from .marketplace_dispute_apply import TO_ANSWER

_logger = logging.getLogger(__name__)

ANSWER_JOB = "training_marketplace_payout.ir_cron_answer_disputes"
# Status of Mangopay in which an answer is taken (guides/disputes).
ANSWERABLE = ("PENDING_CLIENT_ACTION", "REOPENED_PENDING_CLIENT_ACTION")


class MarketplaceDispute(models.Model):
    """The answer to a dispute: contested with evidence, or accepted as lost.

    Written down by an accountant, sent by a job. If the process dies: what was not
    committed is asked again; Mangopay is asked first whether it still waits for an
    answer, so that none is given twice.
    """

    _inherit = "marketplace.dispute"

    document_ids = fields.One2many(
        "marketplace.dispute.document", "dispute_id", string="Evidence", readonly=True
    )
    answer = fields.Selection(
        selection=[("contest", "Contest"), ("accept", "Accept as lost")],
        readonly=True,
        tracking=True,
    )
    answer_state = fields.Selection(
        selection=[
            ("todo", "To send"),
            ("done", "Sent"),
            ("failed", "Refused by Mangopay"),
        ],
        string="State of the answer",
        readonly=True,
    )
    answer_amount = fields.Monetary(string="Amount to contest", readonly=True)
    answer_problem = fields.Char(string="What went wrong", readonly=True)

    def action_contest(self):
        """Open what an answer is made of: the amount and the evidence."""
        self._check_answerable()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "training_marketplace_payout.marketplace_dispute_contest_action"
        )
        return dict(action, context={"default_dispute_id": self.id})

    def action_accept(self):
        """Accept the loss: the bank keeps what it took (accountants)."""
        self._check_answerable()
        self.sudo()._answer("accept", 0.0)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _check_answerable(self):
        self._check_accountant()
        self.ensure_one()
        if self.state not in TO_ANSWER or self.answer_state == "todo":
            raise UserError(self.env._("This dispute does not wait for an answer."))

    def _answer(self, answer, amount):
        """Write an answer down; the job sends it."""
        self.write(
            {
                "answer": answer,
                "answer_state": "todo",
                "answer_amount": amount,
                "answer_problem": False,
            }
        )
        self.env.ref(ANSWER_JOB).sudo()._trigger()

    @api.model
    def _cron_answer(self):
        """Send the answers that were written down, one after the other."""
        disputes = self.search([("answer_state", "=", "todo")])
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(disputes))
        for dispute in disputes:
            try:
                dispute._send_answer()
            except (GatewayError, *COLLISIONS) as error:
                self.env.cr.rollback()
                _logger.info("Dispute %s is answered later: %s", dispute.id, error)
            if not progress(1):
                return

    def _send_answer(self):
        """Send the evidence, then the answer; what Mangopay refuses is told.

        :raise GatewayError: when Mangopay does not say
        """
        self.ensure_one()
        gateway = self.account_id._get_gateway()
        if self.answer == "contest":
            for document in self.document_ids:
                if document.state in ("draft", "sending"):
                    document._send(gateway)
        self.lock_for_update()
        try:
            payload = self._submit(gateway)
        except GatewayError as error:
            if not error.is_definite:
                raise
            self._fail_answer(error.message)
            return
        self.answer_state = "done"
        self._apply(gateway, payload)

    def _submit(self, gateway):
        payload = gateway.dispute(self.reference)
        if payload.get("Status") not in ANSWERABLE:
            # Answered already, maybe by this job before it died; or too late.
            return payload
        if self.answer == "accept":
            return gateway.close_dispute(self.reference)
        minor = self._to_minor(self.answer_amount)
        return gateway.submit_dispute(self.reference, minor, self.currency_id.name)

    def _fail_answer(self, message):
        self.write({"answer_state": "failed", "answer_problem": message[:500]})
        self._call_accountant(
            self.env._("The answer to a dispute was refused"),
            message,
            deadline=self.deadline,
        )
