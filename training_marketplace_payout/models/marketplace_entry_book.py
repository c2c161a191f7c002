# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta

import psycopg2

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.payment.utils import to_major_currency_units
from odoo.addons.training_catalogue_payment.models.training_inbox_mixin import (
    COLLISIONS,
)
from odoo.addons.training_catalogue_payment.utils import to_note

from ..services.marketplace_entries import Account

_logger = logging.getLogger(__name__)

#: Movements looked at in one go, and booked in one transaction.
LIMIT = 1000
BATCH = 100
RETRY = timedelta(hours=6)
COLLISION_DELAY = timedelta(minutes=1)
WARNING = "mail.mail_activity_data_warning"


class MarketplaceEntry(models.Model):
    """How a movement becomes an entry, once.

    Many at a time, in one transaction: their rows are locked, their entries made and
    posted, their states written. Wherever the process dies before the commit nothing
    is kept, and the movements are still to book; after it, their states say booked.
    Two processes at once: the locks let each work on its own, and the unique key of
    entries would refuse what the other has made.
    """

    _inherit = "marketplace.entry"

    @api.model
    def _cron_book(self):
        """Book what is to be, and try again what waits: one commit for each batch.

        What waits is tried apart: it must not slow down the others.
        """
        domain = [
            ("state", "in", ("todo", "blocked")),
            ("date_next", "<=", fields.Datetime.now()),
        ]
        entries = self.search(domain, order="date, id", limit=LIMIT)
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=self.search_count(domain))
        for same in entries.grouped(lambda one: (one.company_id, one.state)).values():
            for start in range(0, len(same), BATCH):
                batch = same[start : start + BATCH]
                if not batch._try_to_book_now() or not progress(len(batch)):
                    return

    def _try_to_book_now(self):
        """Book a batch; when another process is in its way, one by one, a commit each.

        :return: whether there is time left
        """
        try:
            self._try_to_book()
        except COLLISIONS as error:
            self.env.cr.rollback()
            if len(self) > 1:
                return self._book_apart()
            _logger.info("Entry %s is booked later: %s", self.id, error)
            self._trigger_booking(fields.Datetime.now() + COLLISION_DELAY)
        return True

    def _book_apart(self):
        progress = self.env["ir.cron"]._commit_progress
        return all(entry._try_to_book_now() and progress() for entry in self)

    def _try_to_book(self):
        """Book movements, or write down what each waits for; others go on.

        :raise psycopg2.OperationalError: when another process is at one of them
        """
        entries = self.try_lock_for_update().filtered(lambda one: one.state != "booked")
        for company, same in entries.grouped("company_id").items():
            same.with_company(company).with_context(
                lang=company.partner_id.lang, tracking_disable=True
            )._book_or_block()

    def _book_or_block(self):
        """Book all of them together; when that fails, each half by itself, down to the
        one that cannot be."""
        try:
            with self.env.cr.savepoint():
                self._book()
        except COLLISIONS:
            raise
        except (UserError, psycopg2.Error) as error:
            if len(self) > 1:
                half = len(self) // 2
                self[:half]._book_or_block()
                self[half:]._book_or_block()
                return
            if isinstance(error, psycopg2.Error):
                _logger.exception("Movement %s could not be booked", self.key)
            self._set_blocked(str(error))

    def _book(self):
        """Make the entries of these movements of one company, posted and matched.

        :raise UserError: when an account is missing, or the books refuse one
        """
        moves = self.env["account.move"].create(self._prepare_moves())
        moves.action_post()
        for entry, move in zip(self, moves, strict=True):
            entry.move_id = move
        self.write({"state": "booked", "problem": False, "date_next": False})
        self.activity_unlink([WARNING])
        self._match_holds()

    def _set_blocked(self, problem):
        """Wait, and have an accountant told: once for all that wait in a company."""
        domain = [("company_id", "=", self.company_id.id), ("state", "=", "blocked")]
        is_first = not self.search_count(domain, limit=1)
        self.write(
            {
                "state": "blocked",
                "problem": problem[:500],
                "date_next": fields.Datetime.now() + RETRY,
            }
        )
        if is_first:
            self.activity_schedule(
                WARNING,
                summary=self.env._("Entries of the marketplace are waiting"),
                note=to_note(problem),
                user_id=self._get_accountant().id,
            )

    def _get_accountant(self):
        group_sudo = self.env.ref("account.group_account_manager").sudo()
        accountants = group_sudo.all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        return accountants.sorted("id")[:1] or self.env.user

    def _prepare_moves(self):
        company = self.company_id
        journal = company._get_marketplace_setting("marketplace_journal_id")
        days = [entry._get_day() for entry in self]
        dates = {day: self._get_open_date(day, journal) for day in set(days)}
        return [
            entry._prepare_move(journal, *dates[day])
            for entry, day in zip(self, days, strict=True)
        ]

    def _prepare_move(self, journal, date, note):
        label = self._get_label()
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "date": date,
            "ref": self.reference or self.key,
            "narration": note,
            "company_id": self.company_id.id,
            "marketplace_key": self.key,
            "marketplace_sale_id": self.sale_id.id,
            "mangopay_operation_id": self.operation_id.id,
            "line_ids": [
                Command.create(self._prepare_line(line, date, label))
                for line in self.lines
            ],
        }

    def _prepare_line(self, line, date, label):
        _role, partner_id, minor = line[:3]
        amount = to_major_currency_units(minor, self.currency_id)
        company = self.company_id
        return {
            "account_id": self._get_line_account(line).id,
            "partner_id": partner_id,
            "name": label,
            "currency_id": self.currency_id.id,
            "amount_currency": amount,
            "balance": self.currency_id._convert(
                amount, company.currency_id, company, date
            ),
        }

    def _get_line_account(self, line):
        """Hook: return the account of a line, by its role.

        :raise UserError: when the accountant has not chosen it
        """
        return self.company_id._get_marketplace_account(line[0])

    def _get_label(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        order = self.sale_id.order_id or self.transaction_id.sale_order_ids[:1]
        return f"{kinds[self.kind]} {order.name or self.reference or self.key}"

    def _get_day(self):
        """Return the day of the movement in the organisation's time zone."""
        return self.company_id._get_marketplace_day(self.date)

    def _get_open_date(self, day, journal):
        """Return a day, else the first open one after it, and why."""
        locks = self.company_id._get_violated_lock_dates(day, False, journal)
        if not locks:
            return day, False
        first = max(lock_date for lock_date, _name in locks) + timedelta(days=1)
        return first, self.env._(
            "Done by Mangopay on %(day)s: that period was closed when it was booked.",
            day=format_date(self.env, day),
        )

    def _match_holds(self):
        """Match what was held for buyers with what became of it, once it is all
        settled; an account that cannot be matched is left as it is."""
        account = self.company_id.marketplace_hold_account_id
        held = self.filtered(
            lambda entry: Account.HOLD in [line[0] for line in entry.lines]
        )
        if not account.reconcile or not held.transaction_id:
            return
        entries = self.search([("transaction_id", "in", held.transaction_id.ids)])
        plan = []
        for same in entries.grouped("transaction_id").values():
            lines = same.move_id.line_ids.filtered(
                lambda line: line.account_id == account and not line.reconciled
            )
            left = sum(lines.mapped("amount_residual_currency"))
            if len(lines) > 1 and same.currency_id[:1].is_zero(left):
                plan.append(lines)
        if plan:
            self.env["account.move.line"]._reconcile_plan(plan)
