# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The definition of sellable on plain values, and its search in the database."""

from dataclasses import replace
from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import BaseCase, tagged

from ..services.sellability import (
    COMPANY,
    INDIVIDUAL,
    CompanyFacts,
    Reason,
    SessionFacts,
    company_reasons,
    reasons_not_sellable,
)
from .common import TrainingCommon

NOW = datetime(2026, 5, 1, 10)
SELLABLE = SessionFacts(
    company_reasons=(),
    has_programme=True,
    sold_online=True,
    published=True,
    is_variant=False,
    is_inter=True,
    is_subcontracted=False,
    price=600.0,
    is_active=True,
    is_cancelled=False,
    starts_at=NOW + timedelta(days=1),
    seats_left=3,
    companies_only=True,
    max_learners=10,
)
READY = CompanyFacts(True, True, "exempt", True, True)


@tagged("post_install", "-at_install")
class TestSellabilityRules(BaseCase):
    def _reasons(self, buyer_kind=COMPANY, learners=1, **changes):
        facts = replace(SELLABLE, **changes)
        return reasons_not_sellable(
            facts, as_of=NOW, buyer_kind=buyer_kind, learners=learners
        )

    def test_each_condition_alone_stops_the_sale(self):
        """A7: each condition of the row, alone, makes the session not sellable."""
        self.assertEqual(self._reasons(), [])
        cases = {
            Reason.NO_PROGRAMME: {"has_programme": False},
            Reason.NOT_SOLD_ONLINE: {"sold_online": False},
            Reason.NOT_PUBLISHED: {"published": False},
            Reason.VARIANT: {"is_variant": True},
            Reason.INTRA: {"is_inter": False},
            Reason.SUBCONTRACTED: {"is_subcontracted": True},
            Reason.NO_PRICE: {"price": 0.0},
            Reason.ARCHIVED: {"is_active": False},
            Reason.CANCELLED: {"is_cancelled": True},
            Reason.STARTED: {"starts_at": NOW},
            Reason.FULL: {"seats_left": 0},
            Reason.STRIPE_NOT_LINKED: {"company_reasons": (Reason.STRIPE_NOT_LINKED,)},
        }
        for reason, change in cases.items():
            with self.subTest(reason):
                self.assertEqual(self._reasons(**change), [reason])

    def test_the_start_is_a_strict_limit(self):
        """A7: a session is on sale until the second before it starts."""
        self.assertEqual(self._reasons(starts_at=NOW + timedelta(seconds=1)), [])
        self.assertEqual(self._reasons(starts_at=None), [Reason.STARTED])

    def test_individuals_and_professional_training(self):
        """A9: companies only, unless the session is open to individuals."""
        self.assertEqual(self._reasons(INDIVIDUAL), [Reason.COMPANIES_ONLY])
        self.assertEqual(self._reasons(INDIVIDUAL, companies_only=False), [])

    def test_number_of_learners(self):
        """A6: an individual enrols one, a company as many as the programme says."""
        open_to_all = {"companies_only": False, "seats_left": None}
        self.assertEqual(
            self._reasons(INDIVIDUAL, 2, **open_to_all), [Reason.ONE_LEARNER_ONLY]
        )
        self.assertEqual(self._reasons(COMPANY, 10, **open_to_all), [])
        self.assertEqual(
            self._reasons(COMPANY, 11, **open_to_all), [Reason.TOO_MANY_LEARNERS]
        )
        self.assertEqual(self._reasons(COMPANY, 0), [Reason.NO_LEARNER])
        self.assertEqual(self._reasons(COMPANY, -1), [Reason.NO_LEARNER])
        self.assertEqual(self._reasons(COMPANY, 4), [Reason.FULL])

    def test_what_the_organisation_must_set_up(self):
        """A1, A3, A26: Finance +, card payment, regime, attestation, taxes."""
        self.assertEqual(company_reasons(READY), [])
        cases = {
            Reason.FINANCE_PLUS_OFF: {"finance_plus": False, "vat_regime": None},
            Reason.STRIPE_NOT_LINKED: {"provider_ready": False},
            Reason.VAT_REGIME_MISSING: {"vat_regime": None},
            Reason.ATTESTATION_MISSING: {"has_attestation": False},
            Reason.TAX_MISSING: {"has_taxes": False},
        }
        for reason, change in cases.items():
            with self.subTest(reason):
                self.assertEqual(company_reasons(replace(READY, **change)), [reason])


@tagged("post_install", "-at_install")
class TestSellableSearch(TrainingCommon):
    def _check(self, session, sellable):
        found = session.search([("is_sellable_online", "=", True)])
        self.assertEqual(session in found, sellable)
        session.invalidate_recordset()
        self.assertEqual(session.is_sellable_online, sellable)

    def test_search_agrees_with_the_rules(self):
        """A7: what the database finds is what the rules say, change by change."""
        self._check(self.session, True)
        changes = (
            ({"session_kind": "intra"}, {"session_kind": "inter"}),
            ({"is_subcontracted": True}, {"is_subcontracted": False}),
            ({"kanban_state": "cancel"}, {"kanban_state": "normal"}),
            ({"active": False}, {"active": True}),
        )
        for change, back in changes:
            with self.subTest(change):
                self.session.write(change)
                self._check(self.session, False)
                self.session.write(back)
                self._check(self.session, True)

    def test_programme_switches(self):
        """A5: selling and publishing are both needed."""
        for name in ("sell_online_payment", "publish_online_catalogue"):
            with self.subTest(name):
                self.programme[name] = False
                self._check(self.session, False)
                self.assertTrue(self.programme.online_sale_blockers)
                self.programme[name] = True
                self._check(self.session, True)
        self.assertFalse(self.programme.online_sale_blockers)

    def test_archived_programme(self):
        """A7: archived while published, a programme sells nothing; back, it sells."""
        self.programme.active = False
        self.assertTrue(self.programme.is_published)
        self._check(self.session, False)
        self.assertEqual(self.session._get_sale_reasons(), [Reason.NOT_PUBLISHED])
        self.assertTrue(self.programme.online_sale_blockers)
        with self.assertRaises(UserError):
            self._buy()
        self.programme.active = True
        self._check(self.session, True)
        self.assertFalse(self.programme.online_sale_blockers)

    def test_variant_session_is_not_sold(self):
        """A7: a session of a variant is not sold with the programme."""
        self.session.programme_variant_id = self.programme.product_variant_id
        self._check(self.session, False)

    def test_session_price_always_wins(self):
        """A7: the session's price beats the programme's, in the ticket too."""
        ticket = self.session.training_ticket_id
        self.assertEqual(ticket.price, 600)
        self.session.session_price = 450
        self.assertEqual(ticket.price, 450)
        self.programme.list_price = 999
        self.assertEqual(ticket.price, 450)
        self.session.session_price = 0
        self.assertEqual(ticket.price, 999)
        self.programme.list_price = 0
        self._check(self.session, False)

    def test_past_and_full_sessions(self):
        """A7: neither a started nor a full session is found."""
        self.session.write({"seats_limited": True, "seats_max": 2})
        self._purchase(follow_up=False)
        self._check(self.session, False)
        self.session.seats_max = 3
        self._check(self.session, True)
        self.session.date_begin = fields.Datetime.now() - timedelta(hours=1)
        self._check(self.session, False)

    def _limit_ticket(self, seats):
        """Set « Maximum » as the « Tickets » tab of the session does."""
        ticket = self.session.training_ticket_id
        values = {"event_ticket_ids": [Command.update(ticket.id, {"seats_max": seats})]}
        staff = self._create_role(f"planner_{seats}", "event.group_event_user")
        self.session.with_user(staff).write(values)
        self.env.cr.precommit.run()
        self.env.invalidate_all()

    def test_limit_of_the_ticket(self):
        """A7, A15: the managed ticket's own limit, set after the session was saved, is
        guarded as the session's: for the page, the cart and who pays at that moment."""
        self._purchase(learners=1, follow_up=False)
        late = self._buy(learners=2)
        self._limit_ticket(2)
        self.assertTrue(self.session.has_seat_limit)
        self.assertEqual(self.session.training_seats_left, 1)
        self._check(self.session, True)
        with self.assertRaises(ValidationError):
            late._hold_training_seats()
        self._purchase(learners=1, follow_up=False)
        self._check(self.session, False)
        with self.assertRaises(UserError):
            self._buy(learners=1)
        self._limit_ticket(0)
        self.assertFalse(self.session.has_seat_limit)
        self._check(self.session, True)

    def test_limit_of_the_ticket_below_what_is_taken(self):
        """A15: nobody loses a seat, staff are not refused, and no more is sold."""
        order = self._purchase(learners=2, follow_up=False)
        waiting = self._buy(learners=1)
        tx = self._start_payment(waiting)
        self._limit_ticket(1)
        self._check(self.session, False)
        self._capture(tx)
        self.assertEqual((waiting.state, tx.training_refusal), ("sale", False))
        self.assertEqual(set(order._get_active_learners().mapped("state")), {"draft"})
        counters = self.session.seat_counter_ids
        self.assertEqual(sorted(counters.mapped("maximum")), [0, 1])
        self.assertEqual(set(counters.mapped("reserved")), {3})

    def test_limit_set_before_it_was_guarded(self):
        """A15: the nightly recount guards the limit of a ticket that has no counter."""
        self._limit_ticket(2)
        self.session.seat_counter_ids.filtered("event_ticket_id").unlink()
        self.assertFalse(self.session.has_seat_limit)
        self.env["training.seat.counter"]._cron_recount()
        self.env.invalidate_all()
        self.assertEqual(self.session.training_seats_left, 2)

    def test_limit_of_another_ticket(self):
        """A7: what is sold by the managed ticket only is not stopped by another one."""
        values = {"name": "Invited", "seats_max": 1}
        session = self._create_session(event_ticket_ids=[Command.create(values)])
        invited = session.event_ticket_ids - session.training_ticket_id
        self.env["event.registration"].create(
            {"event_id": session.id, "event_ticket_id": invited.id, "state": "open"}
        )
        self.env.cr.precommit.run()
        self.env.invalidate_all()
        self.assertEqual(invited.seats_available, 0)
        self._check(session, True)

    def test_finance_plus_off_sells_nothing(self):
        """A1: with Finance + off, no session is on sale and the panel says why."""
        self.company.finance_plus = False
        self._check(self.session, False)
        self.assertEqual(self.session._get_sale_reasons(), [Reason.FINANCE_PLUS_OFF])

    def test_missing_webhook_secret_stops_the_sale(self):
        """A3: without the webhook's secret forged payments would pass."""
        self.provider.stripe_webhook_secret = False
        self._check(self.session, False)
        self.provider.write(
            {
                "stripe_webhook_secret": "whsec_new",
                "training_account_id": "acct_unit",
                "training_link_fault": False,
            }
        )
        self._check(self.session, True)

    def test_vat_regime_and_attestation(self):
        """A26: nothing is sold until the VAT regime is known and proved."""
        self.company.training_vat_regime = False
        self._check(self.session, False)
        self.company.training_vat_regime = "exempt"
        self.company.training_vat_attestation_date = False
        self._check(self.session, False)
        self.company.training_vat_regime = "franchise"
        self._check(self.session, True)
