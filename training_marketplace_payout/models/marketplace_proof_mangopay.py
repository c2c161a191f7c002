# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import time
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.payment.utils import to_major_currency_units

from ..services.mangopay_compare import (
    RETENTION,
    RETURNS,
    Known,
    compare_object,
    find_unknown_returns,
    next_look,
)
from ..services.mangopay_errors import GatewayError
from .mangopay_operation_send import PAUSES
from .marketplace_proof import Difference

_logger = logging.getLogger(__name__)

COMPARE_JOB = "training_marketplace_payout.ir_cron_compare_mangopay"
#: operations looked at in one go, two calls each at most: with the pause below, half
#: of what Mangopay allows in 15 minutes (2 300 calls) is left to the living
BATCH = 100
PAUSE = timedelta(minutes=3)
#: what moves money, and can be looked at by its id for 13 months
MONEY = (
    *("payin", "bankwire", "payin_refund", "transfer", "transfer_refund"),
    *("payout", "settlement"),
)


class Seen(NamedTuple):
    """What Mangopay said of an operation: its object, None when it has none any more,
    and what came back of it."""

    operation: models.BaseModel
    payload: dict | None
    returns: list


class MangopayOperation(models.Model):
    """An operation that has ended is looked at again, less and less often."""

    _inherit = "mangopay.operation"

    date_compare = fields.Datetime(
        string="Compared again from",
        compute="_compute_date_compare",
        store=True,
        help="When what Mangopay says of it is compared with the books again.",
    )

    _compare_index = models.Index("(account_id, date_compare, id)")

    @api.depends("kind")
    def _compute_date_compare(self):
        now = fields.Datetime.now()
        for operation in self:
            ended = operation.create_date or now
            operation.date_compare = operation.kind in MONEY and next_look(ended, now)


class MarketplaceProofRun(models.Model):
    """Object by object, what Mangopay says is what was written down (facts 1.9, 1.10).

    A batch at a time, a commit each: if the process dies, what was compared is kept,
    and the job goes on with what is still due. Mangopay is only read. Wallets of
    sellers are not: they are shown to the seller alone (SCA, facts 1.10).
    """

    _inherit = "marketplace.proof.run"

    @api.model
    def _cron_compare(self):
        """Compare what is due, one batch for each account; the rest minutes later."""
        # A company has one: they are few.
        accounts = self.env["mangopay.account"].search([])  # pylint: disable=no-search-all
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(accounts))
        is_left = False
        for account in accounts:
            gateway = account._try_gateway()
            if gateway:
                is_left |= self._compare_account(account, gateway)
            if not progress(1):
                is_left = True
                break
        if is_left:
            at = fields.Datetime.now() + PAUSE
            self.env.ref(COMPARE_JOB).sudo()._trigger(at)

    @api.model
    def _compare_account(self, account, gateway):
        """Compare one batch; return whether something is left to compare tonight."""
        start = time.monotonic()
        company = account.company_id
        run_sudo = self._open_run(company)
        operations = self._find_due_operations(account)
        seen, is_paused = self._look_at(gateway, operations)
        count, found = self._compare_operations(company, seen)
        is_left = is_paused or len(operations) == BATCH
        if not is_left:
            more, found_more, is_left = self._compare_wallets(account, gateway)
            count, found = count + more, found + found_more
        run_sudo.write(
            {
                "object_count": run_sudo.object_count + count,
                "difference_count": run_sudo.difference_count + found,
                "duration": run_sudo.duration + time.monotonic() - start,
                "state": "running" if is_left else "done",
            }
        )
        return is_left

    def _open_run(self, company):
        runs_sudo = self.sudo()
        domain = [
            ("company_id", "=", company.id),
            ("kind", "=", "mangopay"),
            ("state", "=", "running"),
        ]
        return runs_sudo.search(domain, limit=1) or runs_sudo.create(
            {"company_id": company.id, "kind": "mangopay", "state": "running"}
        )

    def _find_due_operations(self, account):
        return (
            self.env["mangopay.operation"]
            .sudo()
            .search(
                [
                    ("account_id", "=", account.id),
                    ("date_compare", "<=", fields.Datetime.now()),
                    ("state", "in", ("succeeded", "failed")),
                    ("is_followed_up", "=", True),
                    ("provider_reference", "!=", False),
                ],
                order="date_compare, id",
                limit=BATCH,
            )
        )

    def _look_at(self, gateway, operations):
        """Ask Mangopay for objects, holding nothing; end the transaction after it.

        What is known here is read afterwards: it is never older than what was said.

        :return: (`Seen` values, whether Mangopay wants to be left alone for now)
        """
        seen, is_paused = [], False
        for operation in operations:
            reference = operation.provider_reference
            try:
                payload = getattr(gateway, operation._get_spec().view)(reference)
                listing = RETURNS.get(operation.kind)
                is_done = operation.state == "succeeded"
                returns = (
                    getattr(gateway, listing)(reference) if listing and is_done else []
                )
                seen.append(Seen(operation, payload, returns))
            except GatewayError as error:
                if error.code in PAUSES:
                    is_paused = True
                    break
                if error.status == 404:
                    seen.append(Seen(operation, None, []))
                else:
                    # Unreadable today: due again tomorrow, with the others.
                    _logger.info("Operation %s not compared: %s", operation.id, error)
        self.env["ir.cron"]._commit_progress()
        self.env.invalidate_all()
        return seen, is_paused

    def _compare_operations(self, company, seen):
        """Write down how objects differ from what is known of them.

        :return: (how many were compared, how many differ)
        """
        if not seen:
            return 0, 0
        operations = self.env["mangopay.operation"].union(
            *(one.operation for one in seen)
        )
        fees = self._get_expected_fees(operations)
        known_ids = self._find_known_returns(company, seen)
        exceptions = self.env["marketplace.exception"]
        objects, returns = [], []
        for one in seen:
            objects += self._compare_object(one, fees.get(one.operation.id, 0))
            returns += self._compare_returns(one, known_ids)
        looked_at = (operations._name, operations.ids)
        exceptions._record(company, ("object",), objects, looked_at)
        exceptions._record(company, ("unknown_refund",), returns, looked_at)
        self._plan_next_look(operations, {one.res_id for one in objects + returns})
        return len(seen), len(objects) + len(returns)

    def _compare_object(self, one, fees):
        operation = one.operation
        if one.payload is None:
            age = fields.Datetime.now() - operation.create_date
            if operation.state == "failed" or age > RETENTION:
                return []
            return [self._differ("object", operation, operation.amount_minor, 0, "404")]
        known = Known(
            operation.kind,
            operation.state == "succeeded",
            operation.amount_minor,
            operation.currency_id.name,
            fees,
        )
        gap = compare_object(known, one.payload)
        return [self._differ("object", operation, *gap)] if gap else []

    def _compare_returns(self, one, known_ids):
        total, ids = find_unknown_returns(one.returns, known_ids, time.time())
        if not ids:
            return []
        detail = ", ".join(ids)[:200]
        return [self._differ("unknown_refund", one.operation, 0, total, detail)]

    def _differ(self, check, operation, expected, found, detail):
        currency = operation.currency_id
        return Difference(
            check,
            operation._name,
            operation.id,
            currency.id,
            to_major_currency_units(expected, currency),
            to_major_currency_units(found, currency),
            detail=detail,
        )

    @api.model
    def _get_expected_fees(self, operations):
        """Hook: return the fees that were asked of operations, minor units by id;
        nothing for those without."""
        return {}

    def _find_known_returns(self, company, seen):
        """Return the ids, among what came back, of what is written down here."""
        ids = tuple({back["Id"] for one in seen for back in one.returns})
        if not ids:
            return set()
        query = SQL(
            """
            SELECT reference FROM marketplace_entry
             WHERE company_id = %(company)s AND reference IN %(ids)s
             UNION
            SELECT provider_reference FROM mangopay_operation
             WHERE company_id = %(company)s AND provider_reference IN %(ids)s
            """,
            company=company.id,
            ids=ids,
        )
        return {reference for [reference] in self.env.execute_query(query)}

    def _plan_next_look(self, operations, different):
        """What differs is looked at again the next night, until it does not."""
        now = fields.Datetime.now()
        tomorrow = now + timedelta(hours=20)
        for operation in operations:
            later = next_look(operation.create_date, now)
            operation.date_compare = tomorrow if operation.id in different else later
