# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B15: the seller's page of the learners of a sale."""

from odoo.tests import tagged

from .invitation_common import ANNE, NOBODY, InvitationCommon

BOB = {"name": "Bob Durand", "email": "bob@durand.example.com"}


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceLearners(InvitationCommon):
    def setUp(self):
        super().setUp()
        self.sale = self.sell(ANNE, NOBODY)
        self.anne_seat, self.free_seat = self.sale._get_seats()

    def act(self, path, **form):
        response, page = self._post(self.page(self.sale, path), form)
        self.env.invalidate_all()
        return response, page

    def name(self, seat, number, name, email, **form):
        return self.act(
            f"/{seat.id}/name",
            **{f"learner_{number}_name": name, f"learner_{number}_email": email},
            **form,
        )

    def test_page(self):
        """B15: as many seats as were paid for, with where each stands."""
        self.sign_in("team")
        response, page = self._get(self.page(self.sale))
        self.assertEqual(response.status_code, 200)
        self.assertEqual(len(page.xpath("//li[contains(@class, 'card')]")), 2)
        self.assertIn(ANNE["email"], page.text_content())
        self.assertEqual(len(page.xpath("//form[contains(@action, '/name')]")), 2)

    def test_led_from_the_purchase(self):
        """B15: the seller's page of the purchase leads there; the buyer's does not."""
        request = self.sale.order_id.training_request_id
        self.sign_in("team")
        response, page = self._get(f"/my/channel/{request.id}")
        self.assertEqual(response.status_code, 200)
        link = page.xpath("//a[@name='channel_learners']/@href")
        self.assertEqual(link, [self.page(self.sale)])

    def test_invite_all_then_one(self):
        """B15: all that are named; then the last one is named and invited at once."""
        self.sign_in("team")
        response, _page = self.act("/invite")
        self.assertEqual(response.status_code, 303)
        self.assertEqual(self.anne_seat._get_live_invitation().state, "sent")
        self.assertFalse(self.free_seat._get_live_invitation())
        response, _page = self.name(self.free_seat, 2, *BOB.values(), invite="1")
        self.assertEqual(response.status_code, 303)
        self.assertEqual(self.free_seat._get_live_invitation().state, "sent")
        _response, page = self._get(self.page(self.sale))
        self.assertTrue(page.xpath("//div[contains(@class, 'alert-success')]"))
        self.assertFalse(
            page.xpath(
                f"//form[contains(@action, 'sales/{self.sale.id}/learners/inv')]"
            )
        )

    def test_saved_without_sending(self):
        """B15: a name is kept, and nothing leaves."""
        self.sign_in("team")
        self.name(self.free_seat, 2, *BOB.values())
        self.assertEqual(self.free_seat.email, BOB["email"])
        self.assertEqual(self.free_seat._get_live_invitation().state, "draft")
        self.assertFalse(self.mails(BOB["email"]))

    def test_refusals_are_told(self):
        """B15: wrong, half, taken, too often: nothing is done, and it says why."""
        self.sign_in("team")
        for name, email in (("Bob", "bob@"), ("Bob", ""), ("", BOB["email"])):
            response, page = self.name(self.free_seat, 2, name, email, invite="1")
            self.assertEqual(response.status_code, 422)
            self.assertTrue(page.xpath("//*[contains(@class, 'is-invalid')]"))
        response, page = self.name(self.free_seat, 2, "Bob", ANNE["email"])
        self.assertEqual(response.status_code, 409)
        self.assertTrue(page.xpath("//*[contains(@class, 'alert-danger')]"))
        self.assertTrue(self.free_seat.learner_to_complete)
        for status in (303, 409):
            response, page = self.act(f"/{self.anne_seat.id}/invite")
            self.assertEqual(response.status_code, status)
        self.assertTrue(page.xpath("//*[contains(@class, 'alert-danger')]"))
        self.assertEqual(len(self.mails(ANNE["email"])), 1)

    def test_withdraw_and_replace(self):
        """B15: until used; then the page offers neither."""
        self.sign_in("team")
        self.act(f"/{self.anne_seat.id}/invite")
        first = self.anne_seat._get_live_invitation()
        self.act(f"/{self.anne_seat.id}/withdraw")
        self.assertEqual(first.state, "revoked")
        self.name(self.anne_seat, 1, *BOB.values(), invite="1")
        second = self.anne_seat._get_live_invitation()
        self.assertEqual((second.state, second.email), ("sent", BOB["email"]))
        second._accept(self._create_portal_user("bob", email=BOB["email"]))
        _response, page = self._get(self.page(self.sale))
        self.assertFalse(
            page.xpath(f"//form[contains(@action, '/{self.anne_seat.id}/')]")
        )
        response, _page = self.name(self.anne_seat, 1, *ANNE.values())
        self.assertEqual(response.status_code, 409)
        self.act(f"/{self.anne_seat.id}/withdraw")
        self.assertEqual(second.state, "used")

    def test_closed_sale(self):
        """B10, B15: a held sale shows why nobody can be invited, and sends nothing."""
        self.sale.state = "held"
        self.sign_in("team")
        _response, page = self._get(self.page(self.sale))
        self.assertTrue(page.xpath("//*[contains(@class, 'alert-warning')]"))
        self.assertFalse(page.xpath("//form[contains(@action, '/learners/')]"))
        self.act("/invite")
        self.act(f"/{self.anne_seat.id}/invite")
        self.assertFalse(self.mails(ANNE["email"]))

    # Whose page

    def test_isolation(self):
        """B15: another seller, the buyer and the public reach nothing of it; a seat of
        another sale is not found either."""
        buyer = self._create_portal_user(
            "buyer", self.sale.buyer_id, email="buyer@durand.example.com"
        )
        other = self.sell(BOB)
        seat = self.anne_seat.id
        paths = ("", "/invite", f"/{seat}/invite", f"/{seat}/withdraw", f"/{seat}/name")
        for login in (self.rival_team.login, buyer.login):
            self.sign_in(login)
            self.assertEqual(self._get(self.page(self.sale))[0].status_code, 404)
            for path in paths[1:]:
                self.assertEqual(self.act(path)[0].status_code, 404, (login, path))
        self.sign_in("team")
        self.assertEqual(
            self._get("/my/channel/sales/999999/learners")[0].status_code, 404
        )
        response, _page = self._post(self.page(other, f"/{seat}/invite"), {})
        self.assertEqual(response.status_code, 404)
        self.authenticate(None, None)
        response, _page = self._get(self.page(self.sale))
        self.assertIn("/web/login", response.headers["Location"])
        self.env.invalidate_all()
        self.assertEqual(self.sale.invitation_ids.mapped("state"), ["draft"])
        self.assertFalse(self.mails(ANNE["email"]))

    def test_nobody_is_revealed(self):
        """B15: the page is the same whether the address is known here or not."""
        self._create_portal_user("anne", email=ANNE["email"], name="Anne Secret")
        self.sign_in("team")
        self.act("/invite")
        self.name(self.free_seat, 2, *BOB.values(), invite="1")
        _response, page = self._get(self.page(self.sale))
        cards = page.xpath("//li[contains(@class, 'card')]")
        badges = [
            card.xpath(".//span[contains(@class, 'badge')]/@class") for card in cards
        ]
        self.assertEqual(badges[0], badges[1])
        self.assertNotIn("Anne Secret", page.text_content())

    def test_buyer_sees_who_joined(self):
        """A31, B15: the buyer's own page says who is invited and who has joined."""
        buyer = self._create_portal_user("claire", email="claire@durand.example.com")
        buyer.partner_id.parent_id = self.sale.buyer_id
        request = self.sale.order_id.training_request_id
        invitation = self.invite(self.sale)
        badge = "//div[@name='training_learner']//span[contains(@class, '%s')]"
        self.sign_in("claire")
        _response, page = self._get(f"/my/trainings/{request.id}")
        self.assertTrue(page.xpath(badge % "text-bg-info"))
        invitation._accept(self._create_portal_user("anne", email=ANNE["email"]))
        self.env.flush_all()
        _response, page = self._get(f"/my/trainings/{request.id}")
        self.assertFalse(page.xpath(badge % "text-bg-info"))
