# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B16: the learner's link, account and course."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .invitation_common import ANNE, InvitationCommon


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceLearner(InvitationCommon):
    def invited(self, **values):
        """Return the sent invitation of Anne; the session has these values since."""
        invitation = self.invite(self.sell(ANNE))
        self.sold_session.write(values)
        return invitation

    def begin(self):
        """Return the dates of a session that has begun."""
        now = fields.Datetime.now()
        return {
            "date_begin": now - timedelta(days=1),
            "date_end": now + timedelta(days=1),
        }

    def online(self):
        """Return an online course nobody enrols in by themselves, of one lesson."""
        return self.env["slide.channel"].create(
            {
                "name": "Excel online",
                "enroll": "invite",
                "visibility": "members",
                "is_published": True,
                "slide_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Lesson",
                            "slide_category": "article",
                            "html_content": "<p>Hello</p>",
                            "is_published": True,
                        },
                    )
                ],
            }
        )

    def members(self, channel):
        return (
            self.env["slide.channel.partner"]
            .search([("channel_id", "=", channel.id)])
            .partner_id
        )

    def anne(self):
        return self._create_portal_user("anne", email=ANNE["email"])

    # The link

    def test_page_says_what_when_where_who(self):
        """B16: whoever holds the link reads it; it is neither kept nor indexed."""
        invitation = self.invited()
        response, page = self._get(self.link(invitation))
        self.assertEqual(response.status_code, 200)
        text = page.text_content()
        for expected in (self.sold.name, self.sold_session.name, self.seller.name):
            self.assertIn(expected, text)
        self.assertTrue(page.xpath("//form[contains(@action, '/accept')]"))
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(response.headers["X-Robots-Tag"], "noindex")

    def test_unknown_link(self):
        """B16: a wrong, a draft's or another's key is not found."""
        invitation = self.invited()
        draft = self.sell({"name": "Bob", "email": "bob@durand.example.com"})
        wrong = (
            f"{invitation.id}-",
            f"{invitation.id}-{invitation.sudo().token[:-1]}",
            f"{invitation.id + 1000}-{invitation.sudo().token}",
            f"{draft.invitation_ids.id}-{invitation.sudo().token}",
            draft.invitation_ids._get_key(),
            f"{invitation.id}-é",
            "x",
        )
        for key in wrong:
            response, _page = self._get(f"/marketplace/invitation/{key}")
            self.assertEqual(response.status_code, 404, key)

    def test_withdrawn_or_over(self):
        """B16: a clear page for a link that is worth nothing any more."""
        invitation = self.invited()
        invitation.sale_id._withdraw(invitation.registration_id, self.team.partner_id)
        response, page = self._get(self.link(invitation))
        self.assertEqual(response.status_code, 410)
        self.assertTrue(page.xpath("//*[@name='invitation_revoked']"))
        other = self.invite(
            self.sell({"name": "Bob", "email": "bob@durand.example.com"})
        )
        now = fields.Datetime.now()
        self.sold_session.write(
            {
                "date_begin": now - timedelta(days=2),
                "date_end": now - timedelta(minutes=1),
            }
        )
        response, page = self._get(self.link(other))
        self.assertEqual(response.status_code, 410)
        self.assertTrue(page.xpath("//*[@name='invitation_over']"))
        for one in (invitation, other):
            response, _page = self._post(f"{self.link(one)}/accept", {})
            self.assertEqual(response.status_code, 410)
            self.assertFalse(one.partner_id)

    # Joining

    def test_signed_in_learner_joins(self):
        """B16: the seat is the learner's, once; the order says so."""
        anne = self.anne()
        invitation = self.invited()
        self.sign_in("anne")
        response, _page = self._get(self.link(invitation))
        self.assertEqual((response.status_code, invitation.state), (200, "sent"))
        for _twice in range(2):
            response, _page = self._post(f"{self.link(invitation)}/accept", {})
            self.assertIn(f"/my/learning/{invitation.id}", response.headers["Location"])
        self.env.invalidate_all()
        self.assertEqual(
            (invitation.state, invitation.partner_id), ("used", anne.partner_id)
        )
        seat = invitation.registration_id
        self.assertEqual(seat.marketplace_learner_id, anne.partner_id)
        self.assertFalse(seat.training_mail_hold)
        notes = invitation.sale_id.order_id.message_ids.filtered(
            lambda one: one.author_id == anne.partner_id
        )
        self.assertEqual(len(notes), 1)

    def test_known_learner_signs_in_and_comes_back(self):
        """B4, B16: who has an account signs in, comes back and has joined."""
        self.anne()
        invitation = self.invited()
        response, _page = self._post(f"{self.link(invitation)}/accept", {})
        where = urlsplit(response.headers["Location"])
        query = parse_qs(where.query)
        self.assertEqual(where.path, "/web/login")
        self.assertEqual(query["redirect"], [self.link(invitation)])
        response, _page = self._post(
            "/web/login",
            {
                "login": "anne",
                "password": "anneanneanne",
                "redirect": query["redirect"][0],
            },
        )
        self.assertIn(self.link(invitation), response.headers["Location"])
        response, _page = self._get(self.link(invitation))
        self.assertIn(f"/my/learning/{invitation.id}", response.headers["Location"])
        self.env.invalidate_all()
        self.assertEqual(invitation.state, "used")

    def test_new_learner_creates_an_account(self):
        """B4, B16: an account for that address, by Odoo's own signed link, even where
        visitors may not sign up."""
        self.env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2b")
        invitation = self.invited()
        response, _page = self._post(f"{self.link(invitation)}/accept", {})
        where = response.headers["Location"]
        self.assertEqual(urlsplit(where).path, "/web/signup")
        query = parse_qs(urlsplit(where).query)
        self.assertEqual(query["redirect"], [self.link(invitation)])
        contact = invitation.contact_id
        self.assertEqual(contact.email, ANNE["email"])
        response, page = self._get(where)
        self.assertEqual(response.status_code, 200)
        login = page.xpath("//input[@name='login']")[0]
        self.assertEqual(login.get("value"), ANNE["email"])
        with mute_logger("odoo.addons.base.models.ir_mail_server"):
            response, _page = self._post(
                "/web/signup",
                {
                    "login": ANNE["email"],
                    "name": ANNE["name"],
                    "password": "a long password",
                    "confirm_password": "a long password",
                    "token": query["token"][0],
                    "redirect": query["redirect"][0],
                },
            )
        self.assertIn(self.link(invitation), response.headers["Location"])
        self._get(self.link(invitation))
        self.env.invalidate_all()
        self.assertEqual((invitation.state, invitation.partner_id), ("used", contact))

    def test_somebody_else(self):
        """B16: signed in as another, nothing is joined, and it is said how to."""
        invitation = self.invited()
        self.sign_in("team")
        response, page = self._get(self.link(invitation))
        self.assertEqual(response.status_code, 200)
        self.assertTrue(page.xpath("//*[@name='invitation_other']"))
        self._post(f"{self.link(invitation)}/accept", {})
        self.env.invalidate_all()
        self.assertEqual(invitation.state, "sent")
        with self.assertRaises(UserError):
            invitation._accept(self.team)

    def test_used_link(self):
        """B16: of a used link others learn that it is used, and nothing of whom."""
        anne = self.anne()
        invitation = self.invited()
        invitation._accept(anne)
        for login in (None, "team"):
            if login:
                self.sign_in(login)
            response, page = self._get(self.link(invitation))
            self.assertEqual(response.status_code, 409)
            self.assertTrue(page.xpath("//*[@name='invitation_used']"))
            response, _page = self._post(f"{self.link(invitation)}/accept", {})
            self.assertEqual(response.status_code, 409)
        self.assertEqual(invitation.partner_id, anne.partner_id)

    # The course

    def test_own_course_only(self):
        """B16: the learner sees the session and its calendar; others find nothing."""
        anne = self.anne()
        invitation = self.invited(website_published=False)
        invitation._accept(anne)
        paths = (
            f"/my/learning/{invitation.id}",
            f"/my/learning/{invitation.id}/calendar",
        )
        self.sign_in("anne")
        response, page = self._get(paths[0])
        self.assertIn(self.sold_session.name, page.text_content())
        self.assertTrue(page.xpath("//a[@name='course_calendar']"))
        response, _page = self._get(paths[1])
        self.assertTrue(response.text.startswith("BEGIN:VCALENDAR"))
        response, page = self._get("/my/learning")
        self.assertTrue(page.xpath(f"//a[@href='{paths[0]}']"))
        for login in ("team", "rival"):
            self.sign_in(login)
            for path in paths:
                self.assertEqual(self._get(path)[0].status_code, 404)
            self.assertFalse(
                self._get("/my/learning")[1].xpath(f"//a[@href='{paths[0]}']")
            )

    def test_online_course_is_open_in_its_period(self):
        """B3, B16: access from the session's start to its end, and not beyond."""
        anne = self.anne()
        channel = self.online()
        invitation = self.invited(slide_channel_id=channel.id)
        invitation._accept(anne)
        self.assertNotIn(anne.partner_id, self.members(channel))
        self.sold_session.write(self.begin())
        self.run_jobs("training_marketplace_payout.ir_cron_course_access")
        self.assertIn(anne.partner_id, self.members(channel))
        self.sign_in("anne")
        _response, page = self._get(f"/my/learning/{invitation.id}")
        self.assertTrue(page.xpath("//a[@name='course_open']"))
        self.sold_session.date_end = fields.Datetime.now() - timedelta(minutes=1)
        self.run_jobs("training_marketplace_payout.ir_cron_course_access")
        self.assertNotIn(anne.partner_id, self.members(channel))

    def test_progress(self):
        """B16: the seller sees how far an online course is followed, and who attended
        a session."""
        channel = self.online()
        invitation = self.invited(slide_channel_id=channel.id, **self.begin())
        invitation._accept(self.anne())
        self.assertEqual((invitation.progress, invitation.is_attended), (0, False))
        member = self.env["slide.channel.partner"].search(
            [("channel_id", "=", channel.id)]
        )
        channel.slide_content_ids.with_user(
            member.partner_id.user_ids
        ).sudo()._action_mark_completed()
        self.env.invalidate_all()
        self.assertEqual((invitation.progress, invitation.is_attended), (100, True))

    def test_attended(self):
        """B16: a session is followed by who is marked present."""
        invitation = self.invited()
        invitation._accept(self.anne())
        self.assertFalse(invitation.is_attended)
        invitation.registration_id.action_set_done()
        self.assertTrue(invitation.is_attended)

    def test_cancelled_learner_loses_access(self):
        """A23, B16: the course is closed, and the page says why."""
        channel = self.online()
        anne = self.anne()
        invitation = self.invited(slide_channel_id=channel.id, **self.begin())
        invitation._accept(anne)
        self.assertIn(anne.partner_id, self.members(channel))
        invitation.registration_id._cancel_prepaid()
        self.assertNotIn(anne.partner_id, self.members(channel))
        self.sign_in("anne")
        _response, page = self._get(f"/my/learning/{invitation.id}")
        self.assertFalse(page.xpath("//a[@name='course_open']"))
        self.assertTrue(page.xpath("//*[contains(@class, 'alert-warning')]"))

    def test_access_from_elsewhere_stays(self):
        """B16: who had the course already keeps it; of two seats the last counts."""
        channel = self.online()
        anne = self.anne()
        channel._action_add_members(anne.partner_id)
        first = self.invited(slide_channel_id=channel.id, **self.begin())
        first._accept(anne)
        self.assertTrue(first.registration_id.has_course_otherwise)
        first.registration_id._cancel_prepaid()
        self.assertIn(anne.partner_id, self.members(channel))
        channel._remove_membership(anne.partner_id.ids)
        sessions = [self._create_session(self.sold) for _twice in range(2)]
        seats = [self.invite(self.sell(ANNE, session=one)) for one in sessions]
        for session, seat in zip(sessions, seats, strict=True):
            session.write({"slide_channel_id": channel.id, **self.begin()})
            seat._accept(anne)
        seats[0].registration_id._cancel_prepaid()
        self.assertIn(anne.partner_id, self.members(channel))
        seats[1].registration_id._cancel_prepaid()
        self.assertNotIn(anne.partner_id, self.members(channel))

    def test_moved_learner_follows(self):
        """A22, B16: assigned to another session, the invitation and access go along."""
        channel = self.online()
        anne = self.anne()
        invitation = self.invited(slide_channel_id=channel.id, **self.begin())
        invitation._accept(anne)
        live = self._create_session(self.sold)
        seat = invitation.registration_id
        seat.sudo().write(
            {"event_id": live.id, "event_ticket_id": live.training_ticket_id.id}
        )
        self.assertEqual(invitation.session_id, live)
        self.assertNotIn(anne.partner_id, self.members(channel))
