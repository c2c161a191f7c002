# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import UTC, datetime, timedelta

from odoo import api, fields, models

from ..services.stripe_gateway import GatewayError

_logger = logging.getLogger(__name__)

# A movement may show a little after its date.
OVERLAP = timedelta(days=1)


class TrainingBalanceFeed(models.Model):
    """How far the movements of one Stripe account were read (A30).

    Stripe lists them newest first. A sweep goes back, page by page, to where the one
    before began; each page is committed with the place it ends at, so a sweep that
    dies goes on from there, and reading a page twice changes nothing.
    """

    _name = "training.balance.feed"
    _description = "Reading of a Stripe balance"
    _rec_name = "account_reference"

    provider_id = fields.Many2one(
        "payment.provider", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    account_reference = fields.Char(
        string="Stripe account", required=True, readonly=True
    )
    is_live = fields.Boolean(string="Live", readonly=True)
    date_start = fields.Datetime(
        string="Read from", required=True, readonly=True, help="The link's beginning."
    )
    date_since = fields.Datetime(string="Complete until", required=True, readonly=True)
    sweep_top = fields.Datetime(
        readonly=True, help="The newest movement of the sweep under way."
    )
    sweep_after = fields.Char(
        readonly=True, help="The last movement read by the sweep under way."
    )
    date_read = fields.Datetime(string="Last read", readonly=True)

    _account_unique = models.UniqueIndex("(provider_id, account_reference, is_live)")

    @api.model
    def _get_feed(self, provider):
        """Return the feed of the account that a provider is linked to, made once."""
        provider_sudo = provider.sudo()
        values = {
            "provider_id": provider.id,
            "account_reference": provider_sudo.training_account_id,
            "is_live": provider_sudo.training_account_live,
        }
        feeds_sudo = self.sudo()
        feed_sudo = feeds_sudo.search([(k, "=", v) for k, v in values.items()])
        if not feed_sudo:
            start = self._get_first_date(provider_sudo)
            feed_sudo = feeds_sudo.create(
                {
                    **values,
                    "company_id": provider.company_id.id,
                    "date_start": start,
                    "date_since": start,
                }
            )
        return feed_sudo

    @api.model
    def _get_first_date(self, provider_sudo):
        """Return the day before the provider's first payment, else before now."""
        domain = [("provider_id", "=", provider_sudo.id), ("state", "=", "done")]
        first = (
            self.env["payment.transaction"]
            .sudo()
            .search(domain, order="create_date", limit=1)
        )
        return (first.create_date or fields.Datetime.now()) - OVERLAP

    @api.model
    def _cron_read_balances(self):
        """Read what moved on every linked account, then have it booked.

        A fault of one account is kept for its health card and stops no other.
        """
        providers = self.env["payment.provider"]._search_readable_accounts()
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(providers))
        for provider in providers:
            feed = self._get_feed(provider)
            progress()
            try:
                feed._sweep()
                feed._read_payouts()
            except GatewayError as error:
                provider._set_training_error(error.message)
            if not progress(1):
                break
        self.env["training.balance.transaction"]._trigger_booking()

    def _sweep(self):
        """Read page after page, committing each, back to where the last one began.

        :raise GatewayError: when Stripe does not answer; the place is kept
        """
        while self._read_next_page():
            if not self.env["ir.cron"]._commit_progress():
                return

    def _read_next_page(self):
        """Read one page; say whether another follows.

        The row is locked meanwhile: another job finds it taken and leaves.
        """
        if not self.try_lock_for_update():
            return False
        since = int(self.date_since.replace(tzinfo=UTC).timestamp())
        page = self._get_gateway().balance_transactions(
            since=since, after=self.sweep_after or None
        )
        rows = page["data"]
        self._store(rows)
        if rows and not self.sweep_top:
            self.sweep_top = to_datetime(rows[0]["created"])
        self.date_read = fields.Datetime.now()
        if page["has_more"]:
            self.sweep_after = rows[-1]["id"]
            return True
        if self.sweep_top:
            self.date_since = max(self.date_since, self.sweep_top - OVERLAP)
        self.write({"sweep_top": False, "sweep_after": False})
        return False

    def _read_payouts(self):
        """Ask which movements each automatic payout paid: the bank's figure in detail.

        A manual payout has no such list at Stripe (facts 4.4): it is told once.
        """
        movements = self.env["training.balance.transaction"].sudo()
        payouts = movements.search(
            [
                ("feed_id", "=", self.id),
                ("category", "=", "payout"),
                ("is_payout_read", "=", False),
            ],
            limit=50,
        )
        for payout in payouts:
            try:
                self._read_payout(payout.source_reference)
            except GatewayError as error:
                if error.retryable:
                    raise
                _logger.info("Payout %s has no list", payout.source_reference)
            payout.is_payout_read = True
            self.env["ir.cron"]._commit_progress()

    def _read_payout(self, reference):
        page, after = {"has_more": True}, None
        while page["has_more"]:
            page = self._get_gateway().balance_transactions(
                payout=reference, after=after
            )
            self._store(page["data"], payout=reference)
            after = page["data"] and page["data"][-1]["id"]

    def _get_gateway(self):
        return self.provider_id.sudo()._get_stripe_gateway()

    def _store(self, rows, payout=None):
        """Write down movements that are not here yet; tell which payout paid them."""
        movements = self.env["training.balance.transaction"].sudo()
        domain = [
            ("provider_id", "=", self.provider_id.id),
            ("reference", "in", [row["id"] for row in rows]),
        ]
        known = movements.search(domain)
        references = set(known.mapped("reference"))
        created = movements.create(
            [
                movements._prepare_from_stripe(self, row)
                for row in rows
                if row["id"] not in references
            ]
        )
        if payout:
            (known + created).filtered(
                lambda movement: movement.payout_reference != payout
            ).payout_reference = payout


def to_datetime(timestamp):
    """Return Stripe's time as Odoo keeps it: in UTC, without saying so."""
    return datetime.fromtimestamp(timestamp, UTC).replace(tzinfo=None)
