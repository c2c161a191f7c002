# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.payment.utils import to_major_currency_units
from odoo.addons.training_catalogue_payment.models.training_inbox_mixin import (
    COLLISIONS,
    POISONS,
)

from ..services import payout
from ..services.payout import SILENT, Obstacle

_logger = logging.getLogger(__name__)

PAYOUT_JOB = "training_marketplace_payout.ir_cron_pay_sellers"
BATCH = 200
SOON = timedelta(minutes=15)
COLLISION_DELAY = timedelta(minutes=1)


class MarketplacePayoutRun(models.Model):
    """The job that pays: daily, and it may be run at any time and by several workers.

    It does what is due since it last ran: on the first day from the 15th on which it
    runs, the payouts of the month begin; every day it looks at those that could not
    leave. One seller a transaction: what was done before a crash is kept, and the next
    run goes on with the others.
    """

    _inherit = "marketplace.payout.run"

    @api.model
    def _cron_pay(self):
        """Begin the payouts that are due, and pay whom can be paid."""
        progress = self.env["ir.cron"]._commit_progress
        accounts = self.env["mangopay.account"].search([("active", "=", True)])
        for company in accounts.company_id:
            self.with_company(company)._start_due(company)
            progress(0)
        lines = self.env["marketplace.payout.line"]
        domain = [
            ("date_next", "<=", fields.Datetime.now()),
            ("run_id.state", "=", "running"),
        ]
        due = lines.search(domain, order="date_next, id", limit=BATCH)
        progress(remaining=lines.search_count(domain))
        for line in due:
            # A commit empties the cache: alone, or each would read all of them again.
            line.with_prefetch()._try_to_advance()
            if not progress(1):
                return

    @api.model
    def _trigger_job(self, at=None):
        self.env["ir.cron"]._plan_job(PAYOUT_JOB, at)

    @api.model
    def _start_due(self, company):
        """Begin the payouts of a company that are due, once a month; look daily for
        sellers that are not in them yet."""
        today = company._get_marketplace_today()
        due = payout.last_due(today)
        until = payout.until_of(due)
        run = self.search([("company_id", "=", company.id), ("until", "=", until)])
        if not run:
            if not self._has_sold(company, until):
                return
            run = self._create_once(company, due)
        if run.state == "draft":
            run._start()
        if run.refreshed_on != today:
            run._close_former()
            run._refresh_lines()
            run._remind()

    def _has_sold(self, company, until):
        start = payout.start_of(until, company._get_marketplace_zone())
        domain = [
            ("company_id", "=", company.id),
            ("state", "=", "confirmed"),
            ("confirmed_at", "<", start),
        ]
        return self.env["marketplace.sale"].search_count(domain, limit=1)

    @api.model
    def _create_once(self, company, due):
        values = {
            "company_id": company.id,
            "date": due,
            "until": payout.until_of(due),
        }
        quiet = self.with_context(tracking_disable=True, mail_create_nosubscribe=True)
        made = self.env["mangopay.user"]._create_once(quiet, values)
        return self.browse(made.id)

    def _start(self, user=None):
        """Begin to pay what was only looked at.

        :param user: who asked for it; nobody when it is due
        """
        self.write(
            {
                "state": "running",
                "started_at": fields.Datetime.now(),
                "started_by": user and user.id,
                "refreshed_on": False,
            }
        )
        self._wake_up()

    def _close_former(self):
        """What former runs left goes on in this one."""
        former = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("until", "<", self.until),
                ("state", "!=", "done"),
            ]
        )
        former.line_ids.filtered("date_next").date_next = False
        former.state = "done"

    def _refresh_lines(self):
        """Have a line for each seller that is owed something for these sales."""
        self.ensure_one()
        company = self.company_id
        found = self.env["marketplace.payout"]._read_money(company, self.until)
        known = {(line.seller_id.id, line.currency_id.id) for line in self.line_ids}
        new = [
            key
            for key, money in found.items()
            if key not in known and (money.entitled > 0 or not money.is_settled)
        ]
        contracts = self.env["marketplace.seller"].search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", [seller for seller, _currency in new]),
            ]
        )
        contract_of = {one.partner_id.id: one.id for one in contracts}
        self.env["marketplace.payout.line"].create(
            [
                {
                    "run_id": self.id,
                    "seller_id": seller,
                    "currency_id": currency,
                    "contract_id": contract_of.get(seller),
                    "date_next": fields.Datetime.now(),
                }
                for seller, currency in new
            ]
        )
        self.refreshed_on = company._get_marketplace_today()

    def _wake_up(self):
        """Look now at whoever is not paid yet."""
        open_lines = self.line_ids.filtered(
            lambda line: line.state not in ("asked", "done")
        )
        open_lines.date_next = fields.Datetime.now()
        self._trigger_job()


class MarketplacePayoutLine(models.Model):
    """One seller: transfers first, then what stops it, then its payout.

    If the process dies before the commit, nothing was asked; after it, the transfers
    and the payout that were asked are in the outbox, and this line says so.
    """

    _inherit = "marketplace.payout.line"

    def _try_to_advance(self):
        """Do the next step of one seller; a failure does not stop the others."""
        self.ensure_one()
        try:
            self.with_company(self.company_id)._advance()
        except COLLISIONS as error:
            self.env.cr.rollback()
            _logger.info("Payout line %s is looked at later: %s", self.id, error)
            self.run_id._trigger_job(fields.Datetime.now() + COLLISION_DELAY)
        except POISONS:
            self.env.cr.rollback()
            _logger.exception("Payout line %s could not be treated", self.id)
            self.date_next = self._tomorrow()

    def _tomorrow(self):
        company = self.company_id
        day = company._get_marketplace_today() + timedelta(days=1)
        return payout.start_of(day, company._get_marketplace_zone())

    def _advance(self):
        line = self.try_lock_for_update()
        now = fields.Datetime.now()
        if not line or not line.date_next or line.date_next > now:
            return
        if line.state == "prepared" and not line._advance_prepared():
            return
        line._ask_transfers()
        plan = line._plan()
        if not plan.obstacles and line._set_off_credits():
            plan = line._plan()
        line._show(plan)
        if plan.obstacles:
            is_soon = Obstacle.TRANSFERS in plan.obstacles
            line.date_next = now + SOON if is_soon else line._tomorrow()
            if is_soon:
                line.run_id._trigger_job(line.date_next)
        else:
            made = self.env["marketplace.payout"]._prepare(line, plan)
            if line.company_id.marketplace_payout_approval:
                line.run_id._call_for_approval()
            else:
                made._approve(line)
        line.contract_id._refresh_payout_obstacles()

    def _set_off_credits(self):
        """Give back first what the seller was credited of its commissions: a payout
        that was given up, or came back, has left open the invoices that it was to pay,
        and no later invoice may come.

        :return: whether the seller owes less than was counted
        """
        return self.seller_id._set_off_commission_credits(self.company_id)

    def _advance_prepared(self):
        """Ask a payout that was approved; give up one that is no longer right.

        :return: whether it has to be prepared anew
        """
        made = self.payout_id
        if not made._recount():
            return True
        if made.approved_by:
            made.with_user(made.approved_by).sudo()._approve()
        else:
            self.date_next = self._tomorrow()
        return False

    def _plan(self, is_foreseen=False):
        return self.env["marketplace.payout"]._make_plan(
            self.company_id,
            self.seller_id,
            self.currency_id,
            self.run_id.until,
            is_foreseen=is_foreseen,
        )

    def _show(self, plan):
        """Write down what is paid, or what stops it."""
        currency = self.currency_id
        keys = [str(obstacle) for obstacle in plan.obstacles]
        is_silent = all(obstacle in SILENT for obstacle in plan.obstacles)
        state = "ready" if not keys else "waiting" if is_silent else "blocked"
        self.write(
            {
                "state": state,
                "obstacles": ",".join(keys) or False,
                "amount": to_major_currency_units(plan.amount, currency),
                "fee_amount": to_major_currency_units(plan.fees, currency),
                "net_amount": to_major_currency_units(
                    plan.amount - plan.fees, currency
                ),
                "netted": ", ".join(
                    share.claim[1].move_name or self.env._("To invoice")
                    for share in plan.shares
                ),
            }
        )

    def _ask_transfers(self):
        """Have what is still in buyers' wallets brought to the seller's: at the latest
        now (D10). Who may still withdraw is waited for."""
        company = self.company_id
        zone = company._get_marketplace_zone()
        domain = [
            ("company_id", "=", company.id),
            ("seller_id", "=", self.seller_id.id),
            ("currency_id", "=", self.currency_id.id),
            ("state", "=", "confirmed"),
            ("transfer_state", "=", "waiting"),
            ("confirmed_at", "<", payout.start_of(self.run_id.until, zone)),
            "|",
            ("transfer_due", "<=", fields.Datetime.now()),
            ("transfer_reason", "=", False),
        ]
        sales = self.env["marketplace.sale"].search(
            domain, order="transfer_due, id", limit=BATCH
        )
        if sales:
            sales._try_to_transfer()
