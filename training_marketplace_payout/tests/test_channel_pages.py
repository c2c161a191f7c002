# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B2–B4: the public channel, a seller's page, and what a visitor may do there."""

from lxml import html

from odoo.tests import tagged

from .channel_common import ChannelCommon

FORM = {"contact_name": "Nora Petit", "email": "x@y.example", "message": "Bonjour ?"}


@tagged("training_install", "post_install", "-at_install")
class TestChannelPages(ChannelCommon):
    def names(self, url="/marketplace"):
        """Return the names of the courses on a page."""
        page = html.fromstring(self.url_open(url).text)
        path = "//article[contains(@class, 'o_channel_card')]//h2/a"
        return [node.text_content().strip() for node in page.xpath(path)]

    def test_courses_of_open_sellers(self):
        """B2: the courses of sellers that may sell, published; never the operator's."""
        self.assertEqual(set(self.names()), {self.free.name, self.rival_course.name})
        self.rival_course.is_published = False
        self.assertEqual(self.names(), [self.free.name])
        self.contract._decide("suspend", "Because")
        self.assertEqual(self.names(), [])
        self.company.finance_plus = False
        self.assertEqual(self.url_open("/marketplace").status_code, 404)

    def test_filters(self):
        """B2: search, seller, price, delivery, category and tag; what is not one of
        the choices is no filter."""
        live = self._create_session(self.rival_course, website_published=True)
        category = self.env["product.public.category"].create({"name": "Langues"})
        tag = self.env["product.tag"].create({"name": "Débutants"})
        self.free.write({"public_categ_ids": category.ids, "product_tag_ids": tag.ids})
        free, paid = [self.free.name], [self.rival_course.name]
        for query, expected in (
            ("search=bonjour", free),
            ("search=institut", paid),
            ("search=zzz", []),
            (f"seller={self.rival.id}", paid),
            ("price=free", free),
            ("price=paid", paid),
            ("delivery=elearning", []),
            (f"category={category.id}", free),
            (f"tag={tag.id}", free),
        ):
            self.assertEqual(self.names(f"/marketplace?{query}"), expected, query)
        query = "seller=x&price=1&category=-1&order=;drop&tag=99999999999"
        self.assertEqual(len(self.names(f"/marketplace?{query}")), 2)
        self.assertEqual(len(self.names("/marketplace?delivery=live")), 2)
        live.kanban_state = "cancel"
        self.assertEqual(self.names("/marketplace?delivery=live"), free)

    def test_the_number_of_queries_does_not_grow(self):
        """B2, P1: as many queries for thirty courses as for two, on the first page."""
        courses = self.env["product.template"]

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            domain = self.website._get_channel_domain()
            found = courses.search(domain, limit=18)
            found._get_channel_cards(self.website)
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        more = courses.create(
            [
                {
                    "name": f"Course {number}",
                    "is_training_programme": True,
                    "is_published": True,
                    "sell_online_payment": True,
                    "list_price": 100,
                    "company_id": self.company.id,
                    "marketplace_seller_id": self.seller.id,
                }
                for number in range(20)
            ]
        )
        for course in more[:5]:
            self._create_session(course)
        self.assertLessEqual(count(), few)

    def test_a_sellers_page(self):
        """B2: description, courses, legal identity, a question to ask; a seller that
        may not sell, or a guessed address, has none."""
        self.seller.write(
            {
                "marketplace_description": "<p>Depuis <b>1998</b></p>",
                "phone": "+33 5 46 00 00 00",
            }
        )
        url = self.seller._get_channel_url()
        page = self.url_open(url).text
        for text in (
            "Depuis <b>1998</b>",
            self.free.name,
            "73282932000074",
            "75170000017",
            "3 rue du Port",
            "+33 5 46 00 00 00",
            f"{url}/question",
            "/marketplace/question",
        ):
            self.assertIn(text, page)
        self.assertNotIn(self.rival_course.name, page)
        self.seller.marketplace_legal_form = "individual"
        self.assertNotIn("3 rue du Port", self.url_open(url).text)
        self.contract._decide("suspend", "Because")
        for closed in (url, "/marketplace/seller/x-999999", "/marketplace/seller/abc"):
            self.assertEqual(self.url_open(closed).status_code, 404)
            question = self.url_open(f"{closed}/question")
            self.assertEqual(question.status_code, 404)

    def test_the_page_of_a_course(self):
        """B2: it names its seller, with a link, and how to reach the operator; free
        sessions may be asked for; the operator's own courses say nothing of it."""
        page = self.url_open(self.free.website_url).text
        self.assertIn(self.seller._get_channel_url(), page)
        self.assertIn("/marketplace/question", page)
        request = f"/training/session/{self.free_session.id}/request"
        self.assertIn(request, page)
        self.assertIn('name="channel_free"', page)
        self.assertNotIn(f"/training/programme/{self.free.id}/request", page)
        self.assertNotIn("OPCO", self.url_open(request).text)
        own = self.url_open(self.programme.website_url).text
        self.assertNotIn("channel_course_seller", own)

    def test_the_course_of_a_suspended_seller(self):
        """B2: the course that is still published names its seller, and leads to no
        page that is not there any more."""
        url = self.seller._get_channel_url()
        pages = (self.free.website_url, f"/training/programme/{self.free.id}/question")
        for page in pages:
            self.assertIn(url, self.url_open(page).text)
        self.contract._decide("suspend", "Because")
        for page in pages:
            text = self.url_open(page).text
            self.assertIn(self.seller.name, text)
            self.assertNotIn(url, text)

    def test_sign_in_first(self):
        """B4: what was typed is kept while the visitor signs in, on that page alone,
        and sent then; no account is asked for the operator's own courses."""
        url = f"/training/programme/{self.free.id}/question"
        self.assertEqual(self.url_open(url).status_code, 200)
        answer = self.post(url, **FORM)
        self.assertEqual(answer.status_code, 303)
        self.assertIn(f"/web/login?redirect={url}", answer.headers["Location"])
        login = self.url_open(answer.headers["Location"])
        self.assertIn("/web/signup?", login.text)
        answer = self.url_open(
            "/web/login",
            data={
                "login": self.visitor.login,
                "password": self.visitor.login,
                "redirect": url,
                "csrf_token": self._token_of(login.text),
            },
        )
        self.assertTrue(answer.url.endswith(url), answer.url)
        self.assertIn("Bonjour ?", answer.text)
        answer = self.url_open(
            url,
            data={**FORM, "csrf_token": self._token_of(answer.text)},
            allow_redirects=False,
        )
        request = self.env["training.request"].search(
            [("partner_id", "=", self.visitor.partner_id.id)]
        )
        self.assertEqual(request.message, "Bonjour ?")
        self.assertEqual(request.email, self.visitor.email)
        self.assertIn(f"/my/training-requests/{request.id}", answer.headers["Location"])

    def _token_of(self, text):
        page = html.fromstring(text)
        return page.xpath("//input[@name='csrf_token']/@value")[-1]

    def test_no_account_for_the_operators_courses(self):
        """B4: addon A's own sessions keep working without an account."""
        url = f"/training/programme/{self.programme.id}/question"
        answer = self.post(url, **FORM)
        self.assertIn("/training/request/sent", answer.headers["Location"])
        self.assertEqual(self.url_open(self._buy_url()).status_code, 200)

    def test_buying_asks_for_an_account(self):
        """B4: a seller's session is bought by somebody who is signed in."""
        session = self._create_session(self.rival_course)
        answer = self.url_open(self._buy_url(session), allow_redirects=False)
        self.assertIn("/web/login?redirect=", answer.headers["Location"])
        answer = self.post(self._buy_url(session), **self._company_form())
        self.assertIn("/web/login?redirect=", answer.headers["Location"])
        self.assertFalse(self._carts())

    def test_questions_to_a_seller_and_to_the_operator(self):
        """B5: from a seller's page to the seller, from the channel to the operator."""
        self.log_in(self.visitor)
        for url, seller in (
            (f"{self.seller._get_channel_url()}/question", self.seller),
            ("/marketplace/question", self.env["res.partner"]),
        ):
            self.assertEqual(self.url_open(url).status_code, 200)
            wrong = self.post(url, **{**FORM, "message": ""})
            self.assertEqual(wrong.status_code, 422)
            answer = self.post(url, **FORM)
            self.assertEqual(answer.status_code, 303, answer.text)
            request = self.env["training.request"].search(
                [("partner_id", "=", self.visitor.partner_id.id)], limit=1
            )
            self.assertEqual(request.marketplace_seller_id, seller)
            self.assertEqual(request.is_channel, not seller)
            page = self.url_open(answer.headers["Location"])
            self.assertIn("Bonjour ?", page.text)

    def test_the_logo_is_of_open_sellers(self):
        """B2: the picture of a contact that sells nothing is not given."""
        partners = self.visitor.partner_id | self.seller
        partners.image_1920 = (
            b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA"
            b"60e6kgAAAABJRU5ErkJggg=="
        )
        url = "/marketplace/seller/%s/logo"
        self.assertEqual(self.url_open(url % self.seller.id).status_code, 200)
        for partner in (self.visitor.partner_id, self.rival):
            self.assertEqual(self.url_open(url % partner.id).status_code, 404)
