# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How many SQL queries the catalogue and a payment take, whatever the volume.

Times are measured beside stock by ``setup/benchmark``; numbers of queries are the
same on every machine.
"""

from datetime import timedelta

from odoo.tests import tagged

from .common import TrainingCommon
from .http_common import TrainingHttpCommon

#: What is left of bars P4 to the request around the post-processing.
MAX_POST_PROCESSING = 150
MAX_FOLLOW_UP = 290


class Counting:
    """How many queries a call takes once the caches are warm."""

    def _count_queries(self, call, *arguments):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        call(*arguments)
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def _create_catalogue(self, programmes, sessions):
        """Create programmes, each with so many sessions."""
        for programme in self.env["product.template"].create(
            [
                {**self.programme.copy_data()[0], "name": f"P{n}", "is_published": True}
                for n in range(programmes)
            ]
        ):
            self._create_sessions(programme, sessions)

    def _create_sessions(self, programme, count):
        values = (self.course or self.session).copy_data()[0]
        begin, end = values["date_begin"], values["date_end"]
        self.env["event.event"].create(
            [
                {
                    **values,
                    "programme_id": programme.id,
                    "date_begin": begin + timedelta(days=n),
                    "date_end": end + timedelta(days=n),
                    "seats_limited": True,
                    "seats_max": 12,
                    "website_published": True,
                }
                for n in range(count)
            ]
        )


@tagged("post_install", "-at_install")
class TestPagePerformance(Counting, TrainingHttpCommon):
    """A page takes as many queries for many programmes and sessions as for few."""

    def _count_page(self, url):
        for _warm_up in range(3):
            self.assertEqual(self.url_open(url).status_code, 200)
        return self._count_queries(self.url_open, url)

    def test_catalogue(self):
        """A8: the e-shop costs no more for 100 programmes than for 10 (bars P1)."""
        self._create_catalogue(20, 1)
        few = self._count_page("/shop")
        self._create_catalogue(80, 3)
        self.assertLessEqual(self._count_page("/shop"), few)

    def test_programme_page(self):
        """A8: a programme's page costs no more for 40 sessions than for 2 (bars P1)."""
        self._create_sessions(self.programme, 1)
        few = self._count_page(self.programme.website_url)
        self._create_sessions(self.programme, 38)
        self.assertLessEqual(self._count_page(self.programme.website_url), few)

    def test_purchase_page(self):
        """A11: the purchase page does not ask again for each possible learner."""
        self.course.write({"seats_limited": True, "seats_max": 2})
        few = self._count_page(self._buy_url())
        self.course.seats_max = 25
        self.assertLessEqual(self._count_page(self._buy_url()), few)


@tagged("post_install", "-at_install")
class TestPerformance(Counting, TrainingCommon):
    """Queries do not grow with the programmes, the sessions or the sales."""

    course = None

    def test_sellable_search(self):
        """A7: which sessions can be sold is one statement (bars P2)."""
        self._create_catalogue(5, 3)
        events = self.env["event.event"]
        domain = [("is_sellable_online", "=", True)]
        events.search(domain)
        self.env.flush_all()
        with self.assertQueryCount(1):
            found = events.search(domain)
        self.assertEqual(found & self.programme.training_session_ids, self.session)

    def test_sellable_one_by_one(self):
        """A7: reading it on many sessions takes no more queries than on few."""
        self._create_sessions(self.programme, 3)
        few = self.programme.training_session_ids
        self._create_sessions(self.programme, 30)
        all_sessions = self.programme.training_session_ids

        def read(sessions):
            # Records found by a field lose sight of each other with the cache.
            sessions = sessions.browse(sessions.ids)
            return self._count_queries(sessions.mapped, "is_sellable_online")

        read(all_sessions)
        self.assertLessEqual(read(all_sessions), read(few))

    def test_seats_left(self):
        """A8, A15: the seats of all sessions of a page are one query (bars P1)."""
        self._create_sessions(self.programme, 4)
        sessions = self.programme.training_session_ids
        sessions = sessions.browse(sessions.ids)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            left = sessions.mapped("training_seats_left")
        self.assertEqual(left.count(12), 4)

    def test_post_processing(self):
        """A15: from capture to seat and payment, few queries (bars P4)."""
        counts = []
        for _purchase in range(3):
            tx = self._start_payment(self._buy(learners=2))
            tx.provider_reference = f"pi_{tx.id}"
            tx._set_done()
            counts.append(self._count_queries(tx._post_process))
        self.assertEqual(tx.sale_order_ids.state, "sale")
        self.assertLessEqual(counts[-1], MAX_POST_PROCESSING)

    def test_post_processing_does_not_grow(self):
        """A15: the hundredth seat of a session costs what the first did."""
        counts = []
        for learners in (1, 1, 20, 1):
            tx = self._start_payment(self._buy(learners=learners))
            tx.provider_reference = f"pi_{tx.id}"
            tx._set_done()
            counts.append(self._count_queries(tx._post_process))
        _cold, first, many, last = counts
        # Now and then an insertion of the bus is due, whatever is bought.
        self.assertLessEqual(many, first + 3)
        self.assertLessEqual(last, first + 3)

    def test_follow_up(self):
        """A15: invoice, opportunity, request and mails: few queries (bars P3)."""
        counts = []
        for _purchase in range(3):
            order = self._purchase(follow_up=False)
            counts.append(self._count_queries(order._follow_up_purchase))
        self.assertEqual(order.training_followup_state, "done")
        self.assertLessEqual(counts[-1], MAX_FOLLOW_UP)
