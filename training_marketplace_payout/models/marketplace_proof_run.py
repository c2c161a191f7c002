# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import time
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, format_datetime

from odoo.addons.training_catalogue_payment.models.training_inbox_mixin import POISONS

_logger = logging.getLogger(__name__)

ACCOUNTANTS = "account.group_account_invoice,base.group_system"
# Of one check; more are one mistake, and the proof tells how many there are.
MOST = 1000
PROOF_JOB = "training_marketplace_payout.ir_cron_prove_marketplace"


class Result(NamedTuple):
    """What the checks of one invariant gave; ``error`` tells why they gave nothing."""

    code: str
    differences: list
    duration: float
    error: str = ""

    def joined(self, other):
        """Return what this and another check of the same invariant gave."""
        return Result(
            self.code,
            self.differences + other.differences,
            self.duration + other.duration,
            self.error or other.error,
        )


class MarketplaceProof(models.AbstractModel):
    """All checks, one after the other: one that fails does not hide the others."""

    _inherit = "marketplace.proof"

    @api.model
    def _prove(self, company):
        """Make every check of a company; nothing is written.

        :return: a result for each invariant
        :rtype: list[Result]
        """
        self.env.flush_all()
        results = {}
        for code, check in self._get_checks():
            result = self._make_check(code, check, company)
            results[code] = results[code].joined(result) if code in results else result
        return list(results.values())

    def _make_check(self, code, check, company):
        start = time.monotonic()
        try:
            with self.env.cr.savepoint(flush=False):
                differences, error = check(company), ""
        except POISONS as failure:
            _logger.exception("Check %s of company %s failed", code, company.id)
            differences, error = [], str(failure)[:500] or type(failure).__name__
        return Result(code, differences, time.monotonic() - start, error)


class MarketplaceProofRun(models.Model):
    """One proof of the books of a company, as it came out: kept for auditors."""

    _name = "marketplace.proof.run"
    _description = "Proof of the Books of the Marketplace"
    _order = "date desc, id desc"
    _rec_name = "date"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(
        selection=[("books", "Books"), ("mangopay", "Objects at Mangopay")],
        required=True,
        readonly=True,
        default="books",
    )
    state = fields.Selection(
        selection=[("running", "Under way"), ("done", "Done")],
        required=True,
        readonly=True,
        default="done",
    )
    date = fields.Datetime(
        string="Made on", required=True, readonly=True, default=fields.Datetime.now
    )
    duration = fields.Float(string="Seconds", readonly=True, aggregator="max")
    check_ids = fields.One2many(
        "marketplace.proof.check", "run_id", string="Checks", readonly=True
    )
    check_count = fields.Integer(string="Checks made", readonly=True, aggregator=None)
    object_count = fields.Integer(
        string="Objects compared", readonly=True, aggregator=None
    )
    difference_count = fields.Integer(
        string="Differences", readonly=True, aggregator=None
    )
    failed_count = fields.Integer(
        string="Checks that failed",
        readonly=True,
        aggregator=None,
        help="They say nothing: what they found before stays.",
    )

    @api.depends("date")
    def _compute_display_name(self):
        """Override: the moment, as people write it."""
        for run in self:
            run.display_name = format_datetime(self.env, run.date)

    @api.model
    def _cron_prove(self):
        """Prove the books of each company that has a marketplace, one commit each.

        If the process dies, nothing of the company at hand is kept, and the next run
        begins it anew: proofs only read, but for what they found.
        """
        companies = self._get_companies()
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(companies))
        for company in companies:
            self._prove_company(company)
            if not progress(1):
                return

    @api.model
    def _get_companies(self):
        """Return the companies that have, or had, an account at Mangopay."""
        rows = self.env.execute_query(
            SQL("SELECT DISTINCT company_id FROM mangopay_account ORDER BY 1")
        )
        return self.env["res.company"].browse(one for [one] in rows)

    @api.model
    def _prove_company(self, company):
        """Prove the books of a company now, and write down what comes out.

        :return: the run
        """
        results = self.env["marketplace.proof"].sudo()._prove(company)
        failed = {one.code for one in results if one.error}
        self.env["marketplace.exception"]._record(
            company,
            {one.code for one in results} - failed,
            [
                difference
                for one in results
                if one.code not in failed
                for difference in one.differences[:MOST]
            ],
            cut={one.code for one in results if len(one.differences) > MOST},
        )
        return self.sudo().create(self._prepare_run(company, results))

    def _prepare_run(self, company, results):
        return {
            "company_id": company.id,
            "duration": sum(one.duration for one in results),
            "check_count": len(results),
            "difference_count": sum(len(one.differences) for one in results),
            "failed_count": sum(bool(one.error) for one in results),
            "check_ids": [
                fields.Command.create(
                    {
                        "check_code": one.code,
                        "duration": one.duration,
                        "difference_count": len(one.differences),
                        "error": one.error,
                    }
                )
                for one in results
            ],
        }

    def action_prove_now(self):
        """Have the books proved now, by the job (accountants)."""
        if not self.env.user.has_groups(ACCOUNTANTS):
            raise AccessError(self.env._("Only accountants may do this."))
        self.env.ref(PROOF_JOB).sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("The books are being proved: look in a minute."),
            },
        }


class MarketplaceProofCheck(models.Model):
    """What one check of a proof gave."""

    _name = "marketplace.proof.check"
    _description = "Check of the Books of the Marketplace"
    _order = "run_id, id"
    _rec_name = "check_code"

    run_id = fields.Many2one(
        "marketplace.proof.run",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="run_id.company_id")
    check_code = fields.Selection(
        selection="_selection_checks",
        string="What is checked",
        required=True,
        readonly=True,
    )
    duration = fields.Float(string="Seconds", readonly=True, digits=(8, 3))
    difference_count = fields.Integer(string="Differences", readonly=True)
    error = fields.Char(string="Why it failed", readonly=True)

    @api.model
    def _selection_checks(self):
        return self.env["marketplace.proof"]._selection_checks()
