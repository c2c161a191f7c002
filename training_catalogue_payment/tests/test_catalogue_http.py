# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The programme page and the e-shop listing."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .http_common import TrainingHttpCommon


@tagged("post_install", "-at_install")
class TestCatalogueHttp(TrainingHttpCommon):
    """What a visitor sees of programmes and sessions."""

    def _get_programme(self, programme=None):
        response, page = self._get((programme or self.programme).website_url)
        self.assertEqual(response.status_code, 200)
        return page

    def _sessions(self, page):
        return [
            int(node.get("data-session-id"))
            for node in page.xpath("//*[@data-session-id]")
        ]

    def test_sessions_to_buy(self):
        """A8: each session with its own « Buy the training », the next one first."""
        later = self._create_session(
            date_begin=self.course.date_begin + timedelta(days=30),
            date_end=self.course.date_end + timedelta(days=30),
        )
        page = self._get_programme()
        self.assertEqual(self._sessions(page), [self.course.id, later.id])
        links = page.xpath("//a[@name='training_buy']")
        self.assertEqual(
            [link.get("href") for link in links],
            [self._buy_url(), self._buy_url(later)],
        )
        self.assertFalse(page.xpath("//a[@id='add_to_cart']"))

    def test_requests_beside_the_button(self):
        """A8: « Request an enrolment » and « Ask a question » always stand there."""
        page = self._get_programme()
        url = f"/training/session/{self.course.id}"
        self.assertTrue(page.xpath(f"//a[@href='{url}/request']"))
        self.assertTrue(page.xpath(f"//a[@href='{url}/question']"))
        self.course.active = False
        page = self._get_programme()
        self.assertTrue(page.xpath("//*[@name='training_no_session']"))
        url = f"/training/programme/{self.programme.id}"
        self.assertTrue(page.xpath(f"//a[@href='{url}/request']"))
        self.assertTrue(page.xpath(f"//a[@href='{url}/question']"))
        self.assertFalse(page.xpath("//a[@name='training_buy']"))

    def test_only_sellable_sessions(self):
        """A7: intra, subcontracted, past, full, priceless, variant: not shown."""
        past = fields.Datetime.now() - timedelta(days=3)
        free = self._create_programme(name="Sans prix", list_price=0)
        self._create_session(session_kind="intra")
        self._create_session(is_subcontracted=True)
        self._create_session(date_begin=past)
        self._create_session(kanban_state="cancel")
        self._create_session(programme_variant_id=self.programme.product_variant_id.id)
        self._create_session(free)
        full = self._create_session(seats_limited=True, seats_max=1)
        self._purchase(session=full, learners=1, follow_up=False)
        self.assertEqual(self._sessions(self._get_programme()), [self.course.id])
        self.assertEqual(self._sessions(self._get_programme(free)), [])

    def test_price_for_companies_only(self):
        """A8: companies only: before tax with the VAT case, and it says so."""
        page = self._get_programme()
        card = f"//*[@data-session-id='{self.course.id}']"
        text = self._text(page, f"{card}//*[contains(@class, 'o_training_price')]")
        self.assertIn("600.00", text)
        self.assertIn("excl. VAT", text)
        self.assertNotIn("incl. VAT", text)
        self.assertIn("261", text)
        self.assertTrue(page.xpath(f"{card}//*[@name='company_only']"))

    def test_price_open_to_individuals(self):
        """A8: open to individuals: tax included, the amount before tax beside it."""
        session = self._create_session(is_out_of_bpf=True)
        page = self._get_programme()
        card = f"//*[@data-session-id='{session.id}']"
        price = f"{card}//*[contains(@class, 'o_training_price')]"
        self.assertIn("720.00", self._text(page, f"{price}//strong"))
        self.assertIn("600.00", self._text(page, price))
        self.assertFalse(page.xpath(f"{card}//*[@name='company_only']"))

    def test_session_price_wins(self):
        """A7: the session's own price is the one shown."""
        self.course.session_price = 450
        page = self._get_programme()
        price = f"//*[@data-session-id='{self.course.id}']//strong"
        self.assertIn("450.00", self._text(page, price))

    def test_place_and_seats(self):
        """A8: place or remote; seats only where they are limited."""
        venue = self.env["res.partner"].create(
            {"name": "Centre Carnot", "city": "Lyon", "zip": "69002"}
        )
        here = self._create_session(
            address_id=venue.id, seats_limited=True, seats_max=3
        )
        remote = self._create_session(address_id=False)
        page = self._get_programme()
        text = self._text(page, f"//*[@data-session-id='{here.id}']")
        self.assertIn("Centre Carnot", text)
        self.assertIn("3 seats left", text)
        self.assertIn("Last seats", text)
        text = self._text(page, f"//*[@data-session-id='{remote.id}']")
        self.assertIn("Remote", text)
        self.assertIn("Europe/Paris", text)
        self.assertNotIn("seats left", text)

    def test_dates_in_the_time_zone_of_the_session(self):
        """A8: days and hours are those of the place, not of the server."""
        day = (fields.Datetime.now() + timedelta(days=90)).replace(
            hour=23, minute=30, second=0, microsecond=0, month=1, day=10
        )
        day = day.replace(year=fields.Datetime.now().year + 1)
        session = self._create_session(
            date_begin=day, date_end=day + timedelta(hours=2)
        )
        values = session.with_context(lang="en_US")._get_catalogue_values()[0]
        self.assertIn("11", values["dates"])
        self.assertIn("12:30", values["hours"])

    def test_listing_shows_programmes_on_sale(self):
        """A8: stock hides event products from the e-shop, programmes on sale show."""
        hidden = self._create_programme(name="Pas en vente", sell_online_payment=False)
        draft = self._create_programme(name="Brouillon", is_published=False)
        _response, page = self._get("/shop?search=Conduire")
        self.assertIn(self.programme.name, page.text_content())
        _response, page = self._get("/shop?order=create_date+desc")
        self.assertNotIn(hidden.name, page.text_content())
        self.assertNotIn(draft.name, page.text_content())
        response, _page = self._get(draft.website_url)
        self.assertIn(response.status_code, (403, 404))

    def test_listing_shows_the_lowest_price(self):
        """A8: the listing says the price as the sessions do, before or after tax."""
        self._create_session(session_price=550)
        workshop = self._create_programme(name="Atelier photo", list_price=100)
        self._create_session(workshop, is_out_of_bpf=True)
        empty = self._create_programme(name="Sans session", list_price=77)
        programmes = self.programme | workshop | empty
        offers = programmes._get_catalogue_offers(self.website)
        self.assertEqual(
            offers[self.programme.id], {"price_reduce": 550, "is_before_tax": True}
        )
        self.assertEqual(
            offers[workshop.id], {"price_reduce": 120, "is_before_tax": False}
        )
        self.assertNotIn(empty.id, offers)
        _response, page = self._get("/shop?search=Atelier+photo")
        self.assertIn("120.00", self._text(page, "//*[@name='training_offer']"))
        price = self._text(page, "//*[contains(@class, 'product_price')]")
        self.assertEqual(price.count("120.00"), 1)

    def test_programme_on_request_only(self):
        """A8: published but not sold online: requests, no button, not listed."""
        programme = self._create_programme(
            name="Sur demande", sell_online_payment=False
        )
        session = self._create_session(programme)
        page = self._get_programme(programme)
        self.assertFalse(page.xpath("//a[@name='training_buy']"))
        url = page.xpath("//a[@name='training_request']")[0].get("href")
        response, _page = self._get(url)
        self.assertEqual(response.status_code, 200)
        response, page = self._get(self._buy_url(session))
        self.assertIn("cannot be bought online", page.text_content())

    def test_finance_plus_off(self):
        """A1: without Finance + no button, no session, and not in the listing."""
        self.company.finance_plus = False
        page = self._get_programme()
        self.assertFalse(self._sessions(page))
        self.assertFalse(page.xpath("//*[@name='training_actions']"))
        _response, page = self._get("/shop?search=Conduire")
        self.assertNotIn(self.programme.name, self._text(page, "//*[@id='wrap']"))

    def test_domain_without_programmes_is_stock(self):
        """A1: the e-shop's domain selects what stock's selects, programmes apart."""
        public = self.website.user_id
        website = self.website.with_user(public).with_context(
            website_id=self.website.id
        )
        products = self.env["product.template"].with_user(public)
        with_us = products.search(website.sale_product_domain())
        self.company.finance_plus = False
        stock = products.search(website.sale_product_domain())
        self.assertEqual(
            with_us - stock,
            with_us.filtered(lambda product: product.is_training_programme),
        )
        self.assertFalse(stock - with_us)

    def test_queries_do_not_grow_with_sessions(self):
        """A8: a programme of thirty sessions costs the queries of one of three (P1)."""

        def count_queries(sessions):
            programme = self._create_programme(name=f"Avec {sessions} sessions")
            venue = self.env["res.partner"].create({"name": "Lieu", "city": "Lyon"})
            for _number in range(sessions):
                self._create_session(
                    programme, seats_limited=True, seats_max=9, address_id=venue.id
                )
            public = self.website.user_id
            page = programme.with_user(public).with_context(website_id=self.website.id)
            website = self.website.with_user(public)
            counts = []
            for _time in range(3):  # the first ones warm what outlives a request
                self.env.invalidate_all()
                start = self.env.cr.sql_log_count
                values = page._get_catalogue_values(website)
                counts.append(self.env.cr.sql_log_count - start)
            self.assertEqual(len(values["sessions"]), sessions)
            return counts[-1]

        self.assertEqual(count_queries(3), count_queries(30))

    def test_place_is_named_once(self):
        """A8: where a session is held: a company's address begins with its name, a
        room's does not."""
        company, room = self.env["res.partner"].create(
            [
                {"name": "Atelier", "is_company": True, "city": "Tours"},
                {"name": "Salle Loire", "type": "other", "city": "Tours"},
            ]
        )
        self.course.address_id = company
        self.assertEqual(self.course._get_catalogue_place().count("Atelier"), 1)
        self.course.address_id = room
        place = self.course._get_catalogue_place()
        self.assertTrue(place.startswith("Salle Loire, "))
        self.assertIn("Tours", place)
        self.course.address_id = False
        self.assertEqual(self.course._get_catalogue_place(), "")
