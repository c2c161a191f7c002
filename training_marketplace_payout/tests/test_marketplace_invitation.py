# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B15: what a seller does with the seats that were paid for."""

from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .invitation_common import ANNE, NOBODY, InvitationCommon

BOB = {"name": "Bob Durand", "email": "bob@durand.example.com"}


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceInvitation(InvitationCommon):
    def setUp(self):
        super().setUp()
        self.author = self.team.partner_id

    def later(self, invitation, minutes=11):
        """Let time pass since an invitation was sent."""
        invitation.last_sent_at -= timedelta(minutes=minutes)

    # What the purchase gives

    def test_named_learners_become_drafts_once(self):
        """B15: names of the checkout are invitations to send; nothing has left."""
        sale = self.sell(ANNE, NOBODY)
        self.assertEqual(len(sale._get_seats()), 2)
        self.assertEqual(sale.invitation_ids.mapped("state"), ["draft"])
        self.assertEqual(sale.invitation_ids.email, ANNE["email"])
        sale.order_id._follow_up_purchase()
        sale._make_invitations()
        self.assertEqual(len(sale.invitation_ids), 1)
        self.assertFalse(self.mails(ANNE["email"]))
        self.assertEqual(sale._get_seats()[0].prepaid_state, "pending")

    def test_missing_learners_are_asked_once(self):
        """B15: one message to the buyer in the thread, without the buyer's key."""
        sale = self.sell(ANNE, NOBODY)
        request = sale.order_id.training_request_id
        link = f"/my/trainings/{request.id}"
        asked = request.message_ids.filtered(lambda one: link in (one.body or ""))
        self.assertEqual(len(asked), 1)
        self.assertIn(f'{link}"', asked.body)
        self.assertIn(request.partner_id, asked.notified_partner_ids)
        self.assertNotIn(request.access_token or "access_token", asked.body)
        sale.order_id._follow_up_purchase()
        again = request.message_ids.filtered(lambda one: link in (one.body or ""))
        self.assertEqual(again, asked)

    def test_missing_learners_of_a_session_that_starts_soon(self):
        """B15: once the form is closed, the answer is asked for in the thread."""
        self.company.training_learner_days = 3650
        sale = self.sell(ANNE, NOBODY)
        self.assertTrue(sale.learners_asked_at)
        bodies = sale.order_id.training_request_id.message_ids.mapped("body")
        self.assertNotIn("/my/trainings/", " ".join(bodies))

    def test_nothing_is_asked_when_all_are_named(self):
        """B15: the buyer who gave every name hears nothing."""
        sale = self.sell(ANNE, BOB)
        self.assertFalse(sale.learners_asked_at)

    def test_buyer_completes(self):
        """A31, B15: the learner that the buyer names becomes a draft."""
        sale = self.sell(ANNE, NOBODY)
        request = sale.order_id.training_request_id
        seat = sale._get_seats()[1]
        request._update_learners({seat: BOB}, request.partner_id)
        self.assertEqual(seat._get_live_invitation().email, BOB["email"])

    def test_own_course_has_none(self):
        """B15: what the operator sells itself makes no invitation."""
        order = self._purchase(session=self.course)
        self.assertFalse(order.training_registration_ids.marketplace_invitation_ids)

    # Sending

    def test_sending_enrols(self):
        """A20, B15: one mail with what matters, and the learner is registered."""
        sale = self.sell(ANNE)
        invitation = self.invite(sale)
        seat = invitation.registration_id
        self.assertEqual((invitation.state, invitation.send_count), ("sent", 1))
        self.assertEqual((seat.prepaid_state, seat.state), ("validated", "open"))
        mail = self.mails(ANNE["email"])
        self.assertEqual(len(mail), 1)
        for text in (
            invitation._get_url(),
            self.seller.name,
            self.sold_session.name,
            self.sold.name,
        ):
            self.assertIn(text, mail.body_html)
        self.assertFalse(seat.mail_registration_ids)
        notes = sale.order_id.message_ids.filtered(
            lambda one: ANNE["email"] in (one.body or "")
        )
        self.assertEqual(notes[:1].author_id, self.author)

    def test_mails_of_the_session_follow_the_acceptance(self):
        """A20, B16: never « you are registered » twice: the invitation says it, and the
        session's own mails leave once it is accepted, each once."""
        sale = self.sell(ANNE)
        invitation = self.invite(sale)
        seat = invitation.registration_id
        schedulers = self.sold_session.event_mail_ids.filtered(
            lambda mail: mail.interval_type == "after_sub"
        )
        self.assertTrue(schedulers)
        schedulers.execute()
        self.assertFalse(seat.mail_registration_ids)
        invitation._accept(self._create_portal_user("anne", email=ANNE["email"]))
        for _twice in range(2):
            schedulers.execute()
        self.assertEqual(
            seat.mail_registration_ids.mapped("mail_sent"), [True] * len(schedulers)
        )

    def test_resent_after_a_while(self):
        """B15: not twice in ten minutes; the link stays the same."""
        sale = self.sell(ANNE)
        invitation = self.invite(sale)
        url = invitation._get_url()
        with self.assertRaises(UserError):
            self.invite(sale)
        self.assertEqual(len(self.mails(ANNE["email"])), 1)
        self.later(invitation)
        self.assertEqual(self.invite(sale), invitation)
        self.assertEqual(invitation._get_url(), url)
        self.assertEqual(len(self.mails(ANNE["email"])), 2)

    def test_withdrawing_is_no_way_round(self):
        """B15: the address of a withdrawn invitation is not written to at once."""
        sale = self.sell(ANNE)
        invitation = self.invite(sale)
        sale._withdraw(invitation.registration_id, self.author)
        with self.assertRaises(UserError):
            self.invite(sale)
        self.later(invitation)
        self.assertNotEqual(self.invite(sale), invitation)

    def test_a_seat_is_no_mailing_list(self):
        """B15: a seat sends a few mails a day, whoever it is renamed to."""
        sale = self.sell(ANNE)
        seat = sale._get_seats()
        for number in range(10):
            email = f"somebody{number}@people.example.com"
            sale._name_learner(seat, "Somebody", email, self.author)
            self.invite(sale)
        sale._name_learner(seat, "Somebody", "more@people.example.com", self.author)
        with self.assertRaises(UserError):
            self.invite(sale)
        self.assertFalse(self.mails("more@people.example.com"))

    def test_all_at_once(self):
        """B15: those that are named leave, the others wait, nobody twice."""
        sale = self.sell(ANNE, BOB, NOBODY)
        self.assertEqual(sale._invite_all(self.author), (2, []))
        self.assertEqual(sale._invite_all(self.author), (0, []))
        states = [seat._get_live_invitation().state for seat in sale._get_seats()]
        self.assertEqual(states, ["sent", "sent", False])

    def test_known_language(self):
        """B15: the mail is in the learner's language, else the website's."""
        self.env["res.lang"]._activate_lang("fr_FR")
        sale = self.sell(ANNE, BOB)
        contact = self.env["res.partner"].create({**ANNE, "lang": "fr_FR"})
        first, second = self.invite(sale, 0), self.invite(sale, 1)
        self.assertEqual((first.lang, first.contact_id), ("fr_FR", contact))
        self.assertEqual(first.registration_id.marketplace_learner_id, contact)
        self.assertEqual(second.lang, self.website.default_lang_id.code)
        self.assertFalse(second.contact_id)

    def test_doubtful_contact_is_not_known(self):
        """B15: of several contacts with one address, none; a company is no learner;
        an account comes first."""
        sale = self.sell(ANNE, BOB)
        self.env["res.partner"].create([{**ANNE}, {**ANNE, "name": "Another"}])
        self.env["res.partner"].create({**BOB, "is_company": True})
        first, second = sale.invitation_ids.sorted("id")
        self.assertFalse(first._find_contact())
        self.assertFalse(second._find_contact())
        user = self._create_portal_user("anne", email="ANNE@durand.example.com")
        self.assertEqual(first._find_contact(), user.partner_id)

    # Naming

    def test_named_by_the_seller(self):
        """B15: the seller fills in; never more seats than were paid for."""
        sale = self.sell(NOBODY)
        seat = sale._get_seats()
        with self.assertRaises(UserError):
            sale._invite(seat, self.author)
        sale._name_learner(seat, "Anne Petit", " Anne@Durand.example.com ", self.author)
        self.assertEqual(seat.email, ANNE["email"])
        self.assertEqual(self.invite(sale).state, "sent")
        self.assertEqual(sale._get_seats(), seat)

    def test_wrong_or_taken_address(self):
        """B15: wrong addresses, and another learner's of the session, are refused."""
        sale = self.sell(ANNE, NOBODY)
        other = self.sell(BOB)
        seat = sale._get_seats()[1]
        for email in ("nobody", "a@", ANNE["email"], "ANNE@durand.example.com"):
            with self.assertRaises(UserError):
                sale._name_learner(seat, "Somebody", email, self.author)
        with self.assertRaises(UserError):
            sale._name_learner(seat, "Somebody", BOB["email"], self.author)
        self.assertTrue(seat.learner_to_complete)
        other._get_seats().write({"email": ANNE["email"]})
        with self.assertRaises(UserError):
            self.invite(other)

    def test_replaced_until_used(self):
        """B15: whoever was invited is told; once joined, the reason is told."""
        sale = self.sell(ANNE)
        first = self.invite(sale)
        sale._name_learner(first.registration_id, **BOB, author=self.author)
        self.assertEqual(first.state, "revoked")
        self.assertEqual(len(self.mails(ANNE["email"])), 2)
        second = self.invite(sale)
        self.assertEqual(second.email, BOB["email"])
        self.assertNotEqual(second._get_key(), first._get_key())
        second._accept(self._create_portal_user("bob", email=BOB["email"]))
        seat = second.registration_id
        with self.assertRaises(UserError):
            sale._name_learner(seat, **ANNE, author=self.author)
        with self.assertRaises(UserError):
            sale._withdraw(seat, self.author)
        with self.assertRaises(UserError):
            self.invite(sale)
        self.assertEqual((second.state, seat.email), ("used", BOB["email"]))

    def test_changed_by_staff(self):
        """A20, B15: another address makes another invitation; a corrected name not."""
        sale = self.sell(ANNE)
        first = self.invite(sale)
        seat = first.registration_id
        seat.write({"name": "Anne Petit-Durand"})
        self.assertEqual((first.state, first.name), ("sent", "Anne Petit-Durand"))
        seat.write({"email": BOB["email"]})
        self.assertEqual(first.state, "revoked")
        self.assertEqual(seat._get_live_invitation().state, "draft")

    # Seats that invite nobody

    def test_cancelled_seat(self):
        """A23, B15: its invitation is withdrawn, once, and none can be sent."""
        sale = self.sell(ANNE, BOB)
        invitation = self.invite(sale)
        invitation.registration_id._cancel_prepaid()
        self.assertEqual(invitation.state, "revoked")
        self.assertEqual(len(self.mails(ANNE["email"])), 2)
        with self.assertRaises(UserError):
            self.invite(sale)
        self.assertEqual(self.invite(sale, 1).state, "sent")

    def test_closed_sales(self):
        """B10, B15: held, given up, refunded, cancelled or over: the reason is told."""
        sale = self.sell(ANNE)
        seat = sale._get_seats()
        closings = (
            (sale, {"state": "held"}),
            (sale, {"state": "abandoned"}),
            (sale, {"amount_refunded": sale.amount_total}),
            (self.sold_session, {"kanban_state": "cancel"}),
            (
                self.sold_session,
                {
                    "date_begin": fields.Datetime.now() - timedelta(days=3),
                    "date_end": fields.Datetime.now() - timedelta(days=2),
                },
            ),
        )
        for record, vals in closings:
            before = {name: record[name] for name in vals}
            record.write(vals)
            self.assertTrue(sale._get_closed_reason(seat), vals)
            with self.assertRaises(UserError):
                sale._invite(seat, self.author)
            with self.assertRaises(UserError):
                sale._name_learner(seat, **BOB, author=self.author)
            record.write(before)
        self.assertFalse(self.mails(ANNE["email"]))
        self.assertEqual(self.invite(sale).state, "sent")

    def test_held_sale_makes_none(self):
        """B10, B15: what is held names nobody until it is released."""
        sale = self.sell(NOBODY)
        sale.state = "held"
        sale._get_seats().write(ANNE)
        steps = [step.__name__ for step in sale.order_id._get_follow_up_steps()]
        self.assertNotIn("_make_invitations", steps)
        self.assertFalse(sale.invitation_ids)

    def test_database_keeps_one(self):
        """B15: whatever happens at once, a seat has one live invitation, and an address
        one for a session."""
        sale = self.sell(ANNE, BOB)
        first, second = sale.invitation_ids.sorted("id")
        self.env.flush_all()
        with mute_logger("odoo.sql_db"):
            with self.assertRaises(UniqueViolation), self.cr.savepoint():
                sale.invitation_ids.create(
                    sale._prepare_invitation(first.registration_id)
                )
            with self.assertRaises(UniqueViolation), self.cr.savepoint():
                second.email = first.email
                (first + second).state = "sent"
                self.env.flush_all()

    # Who may

    def test_rights(self):
        """B15: support and event users read, never the key; nobody writes; sellers and
        buyers have no right by any call."""
        sale = self.sell(ANNE)
        invitation = self.invite(sale)
        support = new_test_user(
            self.env,
            login="support",
            groups="training_marketplace_payout.group_marketplace_support",
        )
        planner = new_test_user(
            self.env, login="planner", groups="event.group_event_user"
        )
        admin = new_test_user(self.env, login="chief", groups="base.group_system")
        for reader in (support, planner, admin):
            own = invitation.with_user(reader)
            self.assertEqual(own.email, ANNE["email"])
            with self.assertRaises(AccessError):
                own.read(["token"])
            for act in (own.unlink, lambda own=own: own.write({"state": "used"})):
                with self.assertRaises(AccessError):
                    act()
        for stranger in (self.team, self.rival_team):
            with self.assertRaises(AccessError):
                invitation.with_user(stranger).read(["email"])
        with self.assertRaises(UserError):
            invitation.sudo().unlink()
        with self.assertRaises(AccessError):
            invitation.registration_id.with_user(planner).write(
                {"marketplace_learner_id": self.author.id}
            )

    def test_readers_open_the_list(self):
        """B15: support and event users open the list and the form; an accountant reads
        the sale without them."""
        sale = self.sell(ANNE)
        action = self.env.ref(
            "training_marketplace_payout.marketplace_invitation_action"
        )
        menu = self.env.ref("training_marketplace_payout.marketplace_invitation_menu")
        support = new_test_user(
            self.env,
            login="support",
            groups="training_marketplace_payout.group_marketplace_support",
        )
        planner = new_test_user(
            self.env, login="planner", groups="event.group_event_user"
        )
        self.assertIn(
            menu.id, self.env["ir.ui.menu"].with_user(support)._visible_menu_ids()
        )
        for reader in (support, planner):
            model = self.env[action.res_model].with_user(reader)
            views = model.get_views([(False, "list"), (False, "form")])
            fields_info = views["models"][action.res_model]["fields"]
            spec = {name: {} for name in fields_info}
            records = model.web_search_read([("sale_id", "=", sale.id)], spec)[
                "records"
            ]
            self.assertEqual([one["email"] for one in records], [ANNE["email"]])
        clerk = new_test_user(
            self.env, login="clerk", groups="account.group_account_invoice"
        )
        self.assertTrue(sale.with_user(clerk).read())

    def test_other_company_reads_none(self):
        """B15: another operator's invitations are not read."""
        invitation = self.sell(ANNE).invitation_ids
        other = self.env["res.company"].create({"name": "Another operator"})
        reader = new_test_user(
            self.env,
            login="elsewhere",
            groups="event.group_event_user",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        with self.assertRaises(AccessError):
            invitation.with_user(reader).read(["email"])
