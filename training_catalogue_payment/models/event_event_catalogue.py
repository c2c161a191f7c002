# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from babel.dates import format_interval, format_time
from pytz import timezone, utc

from odoo import api, fields, models
from odoo.tools import float_repr
from odoo.tools.misc import babel_locale_parse, get_lang

from ..services.buyer import MAX_LEARNERS
from ..services.sellability import COMPANY, INDIVIDUAL, Reason

FEW_SEATS = 5

#: What a visitor may be told; the rest is the organisation's own business.
PUBLIC_REASONS = frozenset(
    {
        Reason.ARCHIVED,
        Reason.CANCELLED,
        Reason.STARTED,
        Reason.FULL,
        Reason.COMPANIES_ONLY,
        Reason.ONE_LEARNER_ONLY,
        Reason.TOO_MANY_LEARNERS,
        Reason.NO_LEARNER,
    }
)


class EventEvent(models.Model):
    """What a visitor of the e-shop sees of a session."""

    _inherit = "event.event"

    @api.depends("is_training_session", "company_id.finance_plus")
    def _compute_event_registrations_open(self):
        """Offer no registration on Odoo's own event page where it would be refused: a
        session is bought on the catalogue, and there is none without Finance + (A1)."""
        super()._compute_event_registrations_open()
        for session in self.filtered("is_training_session"):
            if not (session.company_id or self.env.company).finance_plus:
                session.event_registrations_open = False

    def _get_catalogue_values(self):
        """Return what the catalogue shows of these sessions, in their order.

        :rtype: list[dict]
        """
        cache = {}
        return [session._get_catalogue_session(cache) for session in self]

    def _get_catalogue_session(self, cache):
        """Return the values of one session.

        :param dict cache: prices and sentences that its neighbours share
        """
        self.ensure_one()
        seats_left = self.training_seats_left if self.has_seat_limit else None
        per_learner = self.programme_id.company_multi_learners
        company_only = self._is_company_only()
        return {
            "id": self.id,
            "name": self.name,
            "dates": self._get_catalogue_dates(),
            "hours": self._get_catalogue_hours(),
            "place": self._get_catalogue_place(),
            "is_remote": not self.sudo().address_id or bool(self.event_url),
            "seats_left": seats_left,
            "few_seats": seats_left is not None and seats_left <= FEW_SEATS,
            "company_only": company_only,
            "buyer_kinds": (COMPANY,) if company_only else (COMPANY, INDIVIDUAL),
            "per_learner": per_learner,
            "max_learners": self._get_learner_limit(seats_left),
            "prices": self._get_catalogue_prices(cache),
            "currency": self.currency_id,
            "mention": self._get_catalogue_mention(cache),
            "buy_url": f"/training/session/{self.id}/buy",
            "request_url": f"/training/session/{self.id}/request",
            "question_url": f"/training/session/{self.id}/question",
        }

    def _get_catalogue_place(self):
        """Return the name and the address of the place, on one line."""
        self.ensure_one()
        name = self.sudo().address_id.name or ""
        address = self.sudo().address_inline or ""
        # The address of a company begins with its name already.
        if not name or address == name or address.startswith(f"{name}, "):
            return address
        return f"{name}, {address}" if address else name

    def _get_learner_limit(self, seats_left=None, held=0):
        """Return how many learners a company may enrol now, never more than a page
        can hold nor than there are seats."""
        self.ensure_one()
        limit = min(self.programme_id._get_max_learners(), MAX_LEARNERS)
        return limit if seats_left is None else max(min(limit, seats_left + held), 0)

    def _get_catalogue_dates(self):
        """Return the days of the session in its own time zone, in words."""
        self.ensure_one()
        begin, end = self._get_local_dates()
        return format_interval(
            begin.date(), end.date(), "yMMMEd", locale=self._get_babel_locale()
        )

    def _get_catalogue_hours(self):
        """Return the hours of the session; the time zone where it is not obvious."""
        self.ensure_one()
        begin, end = self._get_local_dates()
        locale = self._get_babel_locale()
        hours = "{} – {}".format(
            format_time(begin.time(), "short", locale=locale),
            format_time(end.time(), "short", locale=locale),
        )
        return hours if self.sudo().address_id else f"{hours} ({self.date_tz})"

    def _get_local_dates(self):
        zone = timezone(self.date_tz or "UTC")
        return (
            utc.localize(self.date_begin).astimezone(zone),
            utc.localize(self.date_end).astimezone(zone),
        )

    def _get_babel_locale(self):
        return babel_locale_parse(get_lang(self.env).code)

    def _get_catalogue_prices(self, cache):
        key = (self.programme_id.id, self.training_price, self._get_training_taxes())
        if key not in cache:
            cache[key] = self._get_training_prices()
        return cache[key]

    def _get_catalogue_mention(self, cache):
        """Return the VAT case in words: why there is none, or that it is added."""
        self.ensure_one()
        company = self.sudo().company_id or self.env.company
        rules = self._get_training_rules()
        regime = company._get_training_tax_regime(not self.is_out_of_bpf, rules)
        key = (company.id, regime)
        if key not in cache:
            today = fields.Date.context_today(self)
            cache[key] = (
                self.env._("plus VAT")
                if regime == "taxable"
                else company._get_training_mention(regime, today)
                or self.env._("no VAT due")
            )
        return cache[key]

    def _get_catalogue_totals(self, limit):
        """Return the amounts for 1 to ``limit`` learners, as the order will say them:
        ``total`` to post back, the others to read.

        :rtype: list[dict[str, str]]
        """
        self.ensure_one()
        return [
            self._format_catalogue_total(self._get_training_prices(learners=count))
            for count in range(1, max(limit, 1) + 1)
        ]

    def _format_catalogue_total(self, prices):
        currency = self.currency_id
        return {
            "total": float_repr(prices["total"], currency.decimal_places),
            **{f"{name}_text": currency.format(prices[name]) for name in prices},
        }

    def _get_public_reason_messages(self, reasons):
        """Return the sentences of a refusal that a visitor may read."""
        public = [reason for reason in reasons if reason in PUBLIC_REASONS]
        if reasons and not public:
            return [self.env._("This session cannot be bought online at the moment.")]
        return self._get_reason_messages(public)
