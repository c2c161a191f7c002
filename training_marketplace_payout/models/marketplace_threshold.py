# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from hashlib import sha256

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.payment.utils import to_minor_currency_units

from ..services.threshold import is_over, window_start


class ResCompany(models.Model):
    """From which purchases on a buyer must be known to Mangopay (B10)."""

    _inherit = "res.company"

    marketplace_buyer_threshold = fields.Monetary(
        string="A buyer is verified above",
        default=2500.0,
        help="Tax included: what one buyer paid for sellers' courses over the months "
        "below, the purchase of the moment included, strictly above this amount.",
    )
    marketplace_threshold_months = fields.Integer(
        string="Over the last months", default=12
    )
    marketplace_hold_days = fields.Integer(
        string="Days to give the documents",
        default=15,
        help="A purchase above the amount waits so long for Mangopay's verdict, at the "
        "latest until two days before the session; then it is refunded.",
    )

    _marketplace_threshold_positive = models.Constraint(
        "CHECK(marketplace_buyer_threshold >= 0)",
        "The amount above which buyers are verified is not negative.",
    )
    _marketplace_threshold_window = models.Constraint(
        "CHECK(marketplace_threshold_months > 0 AND marketplace_hold_days > 0)",
        "Buyers are looked at over one month at least, and have one day at least.",
    )

    def _passes_buyer_threshold(self, buyer, email, amount, as_of=None):
        """Tell whether a purchase takes its buyer over the amount (B10).

        :param res.partner buyer: the commercial partner
        :param str email: the buyer's normalised address: a second account of the same
            person does not escape
        :param float amount: of this purchase, tax included, in the company's currency
        :param datetime as_of: the end of the window; now by default
        """
        self.ensure_one()
        currency = self.currency_id
        start = window_start(
            as_of or fields.Datetime.now(), self.marketplace_threshold_months
        )
        past = self.env["marketplace.sale"]._sum_purchases(self, buyer, email, start)
        minor = [
            to_minor_currency_units(one, currency)
            for one in (past, amount, self.marketplace_buyer_threshold)
        ]
        return is_over(*minor)


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    marketplace_buyer_threshold = fields.Monetary(
        related="company_id.marketplace_buyer_threshold",
        currency_field="currency_id",
        readonly=False,
    )
    marketplace_threshold_months = fields.Integer(
        related="company_id.marketplace_threshold_months", readonly=False
    )
    marketplace_hold_days = fields.Integer(
        related="company_id.marketplace_hold_days", readonly=False
    )


class MarketplaceSale(models.Model):
    """What a buyer has bought, summed from indexes that hold all it takes (P7)."""

    _inherit = "marketplace.sale"

    @api.model
    def _sum_purchases(self, company, buyer, email, start):
        """Return what a buyer bought since a moment and still waits for, refunds
        deducted, in the company's currency.

        Known by the contact or by the address, each sale counts once. What was given
        up does not count.
        """
        self.flush_model()
        query = self._purchases_sql(company, buyer, email, start)
        sums = self.env.execute_query(query)
        currencies = self.env["res.currency"]
        today = company._get_marketplace_today()
        return sum(
            currencies.browse(currency_id)._convert(
                amount, company.currency_id, company, today
            )
            for currency_id, amount in sums
        )

    def _purchases_sql(self, company, buyer, email, start):
        """One statement of four index scans; the union drops what is found twice."""
        sold = SQL("state = 'confirmed' AND confirmed_at >= %s", start)
        waits = SQL("state = 'held'")
        buyers = (
            SQL("buyer_id = %s", buyer.id),
            SQL("buyer_email = %s", email or None),
        )
        parts = [
            SQL(
                """SELECT id, currency_id, amount_total, amount_refunded
                   FROM marketplace_sale WHERE company_id = %s AND %s AND %s""",
                company.id,
                who,
                which,
            )
            for who in buyers
            for which in (sold, waits)
        ]
        return SQL(
            """SELECT currency_id, sum(amount_total - COALESCE(amount_refunded, 0))
               FROM (%s) AS found GROUP BY currency_id""",
            SQL(" UNION ").join(parts),
        )


class MarketplaceBuyerTurn(models.Model):
    """One purchase of a buyer is judged at a time.

    Two payments of one buyer that arrive together would each be judged without the
    other: both under the amount, both sold. Under REPEATABLE READ a lock followed by a
    sum does not help, for the sum is that of before the lock (bars R1). So each
    purchase raises its buyer's row first, and keeps it until its commit: the second
    one waits, is refused by PostgreSQL and replayed by Odoo, and then sees the first.

    A buyer has two rows, one for the contact and one for the address (kept as a
    digest), always taken in the same order: no two purchases wait for each other.
    """

    _name = "marketplace.buyer.turn"
    _description = "Turn of a Buyer"
    _log_access = False

    key = fields.Char(required=True, readonly=True)
    version = fields.Integer(required=True, readonly=True)

    _key_unique = models.UniqueIndex("(key)")

    @api.model
    @api.private
    def _take(self, company, buyer, email):
        """Wait for the purchases of this buyer that are being judged.

        :raise SerializationFailure: when one was judged meanwhile: Odoo replays
        """
        names = [f"{company.id} partner {buyer.id}", f"{company.id} email {email}"]
        keys = [
            sha256(name.encode()).hexdigest()
            for name in (names if email else names[:1])
        ]
        rows = SQL(", ").join(SQL("(%s, 1)", key) for key in sorted(keys))
        self.env.cr.execute(
            SQL(
                """INSERT INTO marketplace_buyer_turn AS turn (key, version)
                   VALUES %s
                   ON CONFLICT (key) DO UPDATE SET version = turn.version + 1""",
                rows,
            ),
            log_exceptions=False,
        )
