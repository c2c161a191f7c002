# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""D8: what Mangopay announces is a hint: written down, checked, applied once."""

from unittest.mock import patch

from odoo.exceptions import AccessError, ConcurrencyError
from odoo.tests import HttpCase, mute_logger, new_test_user, tagged

from .mangopay_common import TOKEN, MangopayCommon, know_few_types

ARGUMENTS = {"author_id": "u", "wallet_id": "w", "return_url": "https://x.example"}


@tagged("standard", "post_install", "-at_install")
class TestMangopayEvent(MangopayCommon):
    def open_payin(self):
        """Return a pay-in waiting on the hosted page, and its object."""
        operation = self.operations._request(
            "payin",
            self.seller,
            self.account,
            ARGUMENTS,
            amount_minor=4200,
            currency_id=self.euro.id,
        )
        self.run_sender()
        return operation, self.double.objects[operation.provider_reference]

    def test_event_leads_to_the_present_state(self):
        """D8: what counts is what Mangopay answers, not what the event says."""
        operation, made = self.open_payin()
        forged = self.receive("PAYIN_NORMAL_SUCCEEDED", made["Id"], "1")
        self.run_events()
        self.assertEqual((forged.state, operation.state), ("done", "pending"))
        made["Status"] = "SUCCEEDED"
        with patch.object(type(operation), "_on_succeeded", autospec=True) as followed:
            for number, event_type in enumerate(
                ("PAYIN_NORMAL_SUCCEEDED", "PAYIN_NORMAL_CREATED"), 2
            ):
                self.receive(event_type, made["Id"], str(number))
            self.run_events()
        self.assertEqual((operation.state, followed.call_count), ("succeeded", 1))
        self.assertEqual(forged.operation_id, operation)

    def test_late_events_never_take_a_state_back(self):
        """D8: an event that comes after the end changes nothing, and is told."""
        operation, made = self.open_payin()
        made["Status"] = "SUCCEEDED"
        self.receive("PAYIN_NORMAL_SUCCEEDED", made["Id"])
        self.run_events()
        made["Status"] = "CREATED"
        event = self.receive("PAYIN_NORMAL_CREATED", made["Id"])
        with patch.object(type(operation), "_on_changed", autospec=True) as changed:
            self.run_events()
        self.assertEqual((event.state, operation.state), ("done", "succeeded"))
        self.assertEqual(changed.call_count, 1)

    def test_two_write_the_same(self):
        """D8: another job has just written the same row, as for the two events of one
        dispute: the event is taken again at once, and the others have their turn."""
        operation, made = self.open_payin()
        made["Status"] = "SUCCEEDED"
        event = self.receive("PAYIN_NORMAL_SUCCEEDED", made["Id"])
        events, meetings = type(event), ["somebody wrote the same"]
        apply = events._apply

        def meet(one):
            if meetings:
                raise ConcurrencyError(meetings.pop())
            return apply(one)

        with patch.object(events, "_apply", meet):
            self.run_events()
        self.assertEqual((event.state, operation.state), ("done", "succeeded"))

    def test_repeated_events_are_one(self):
        """D8: the same notification ten times is one row."""
        for _time in range(10):
            event = self.receive("PAYIN_NORMAL_SUCCEEDED", "payin_1")
        self.assertEqual(len(event), 1)

    def test_event_before_the_answer(self):
        """D8: an event that overtakes our own answer finds its operation by the Tag."""
        operation = self.request_transfer()
        self.double.fail("POST", "transfers", "lost")
        self.run_sender()
        self.assertEqual(operation.state, "unknown")
        [made] = self.double.objects.values()
        self.receive("TRANSFER_NORMAL_SUCCEEDED", made["Id"])
        self.run_events()
        self.assertEqual(operation.state, "succeeded")
        self.assertEqual(operation.provider_reference, made["Id"])
        self.assertEqual(len(self.double.calls("POST", "transfers")), 1)

    def test_unknown_objects_are_parked(self):
        """D8: an id that means nothing here waits, in vain, and breaks nothing."""
        event = self.receive("TRANSFER_NORMAL_SUCCEEDED", "xfer_of_nobody")
        self.run_events()
        self.assertEqual((event.state, event.attempts), ("parked", 1))
        self.assertEqual(self.double.journal, [])
        for _time in range(12):
            self.wait_for(event)
            self.run_events()
        self.assertEqual((event.state, event.date_next), ("parked", False))

    def test_forged_id_of_another_account_changes_nothing(self):
        """D8: the id of another company's object is unknown here."""
        operation, made = self.open_payin()
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["mangopay.account"].create(
            {
                "company_id": company.id,
                "client_id": "elsewhere",
                "api_key": "key-of-elsewhere",
                "hook_token": "token-of-elsewhere",
            }
        )
        made["Status"] = "SUCCEEDED"
        inbox = self.env["mangopay.event"]
        self.env.flush_all()
        inbox._receive(
            inbox._find_account("token-of-elsewhere"),
            *("PAYIN_NORMAL_SUCCEEDED", made["Id"], "1"),
        )
        self.run_events()
        event = inbox.search([("company_id", "=", company.id)])
        self.assertEqual((event.state, operation.state), ("parked", "pending"))

    def test_mangopay_silent_parks_and_comes_back(self):
        """D8: while Mangopay does not answer, events wait; nothing is lost."""
        operation, made = self.open_payin()
        made["Status"] = "SUCCEEDED"
        event = self.receive("PAYIN_NORMAL_SUCCEEDED", made["Id"])
        self.double.fail("GET", f"payins/{made['Id']}", 500, times=3)
        self.run_events()
        self.assertEqual((event.state, operation.state), ("parked", "pending"))
        self.wait_for(event)
        self.run_events()
        self.assertEqual((event.state, operation.state), ("done", "succeeded"))

    def test_what_was_missed_is_taken_in(self):
        """D8: events of the time when nobody listened are fetched, once each."""
        know_few_types(self)
        operation, made = self.open_payin()
        made["Status"] = "SUCCEEDED"
        self.double.happen("PAYIN_NORMAL_SUCCEEDED", made["Id"])
        inbox = self.env["mangopay.event"]
        for _time in range(2):
            inbox._recover_missed(self.account, self.env.cr.now())
        self.assertEqual(inbox.search_count([("object_id", "=", made["Id"])]), 1)
        self.run_events()
        self.assertEqual(operation.state, "succeeded")

    def test_who_may_see_and_retry(self):
        """D8: managers see their companies' notifications; nobody writes them."""
        event = self.receive("KYC_FAILED", "doc_1")
        user = new_test_user(self.env, "k-invoice", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            event.with_user(user).read(["state"])
        manager = new_test_user(self.env, "k-adviser", "account.group_account_manager")
        with self.assertRaises(AccessError):
            event.with_user(manager).write({"state": "done"})
        event.write({"state": "failed", "date_next": False})
        event.with_user(manager).action_retry()
        self.assertEqual(event.state, "received")


@tagged("standard", "post_install", "-at_install")
class TestMangopayHook(MangopayCommon, HttpCase):
    def notify(self, token=TOKEN, **query):
        address = f"/marketplace/mangopay/hook/{token}"
        return self.url_open(
            f"{address}?{'&'.join(f'{k}={v}' for k, v in query.items())}"
        )

    def count_events(self):
        return self.env["mangopay.event"].search_count([])

    def test_notification_is_written_down(self):
        """D8: Mangopay's GET, its odd spelling included, is kept once and answered."""
        for _time in range(2):
            answer = self.notify(
                EventType="KYC_SUCCEEDED", RessourceId="doc_1", Date=1790000000
            )
            self.assertEqual((answer.status_code, answer.text), (200, ""))
        event = self.env["mangopay.event"].search([])
        self.assertEqual(event.mapped("object_id"), ["doc_1"])
        self.assertEqual(event.company_id, self.company)
        self.assertEqual(self.double.journal, [])

    def test_what_is_not_a_notification_leaves_no_trace(self):
        """D8: a wrong address, no id, a broken id or date: refused, nothing kept."""
        good = {"EventType": "KYC_SUCCEEDED", "RessourceId": "doc_1", "Date": "1"}
        self.assertEqual(self.notify("guessed", **good).status_code, 404)
        for change in (
            {"EventType": ""},
            {"EventType": "<script>"},
            {"RessourceId": ""},
            {"RessourceId": "../users/1"},
            {"RessourceId": "x" * 200},
            {"Date": "yesterday"},
            {"Date": "%00"},
        ):
            self.assertEqual(self.notify(**{**good, **change}).status_code, 400, change)
        self.assertEqual(self.count_events(), 0)

    def test_types_we_do_not_follow_are_not_failures(self):
        """D8: a type unknown here is answered 200: Mangopay would stop the hook."""
        answer = self.notify(EventType="MANDATE_CREATED", RessourceId="m", Date=1)
        self.assertEqual((answer.status_code, self.count_events()), (200, 0))

    def test_only_get_is_served(self):
        """D8: nothing but the call that Mangopay makes."""
        with mute_logger("odoo.http"):
            answer = self.url_open(
                f"/marketplace/mangopay/hook/{TOKEN}", data={"EventType": "KYC_FAILED"}
            )
        self.assertEqual(answer.status_code, 405)

    def test_few_queries(self):
        """D8, P5: a notification costs two statements of ours, a duplicate too."""
        inbox = self.env["mangopay.event"]
        self.receive("KYC_FAILED", "doc_warm")
        self.env["ir.model.data"]._xmlid_to_res_id(inbox._get_job(0))
        self.env["ir.model.data"]._xmlid_to_res_id(inbox._get_job(15))
        self.env.flush_all()
        for _time in range(2):
            with self.assertQueryCount(2):
                account = inbox._find_account(TOKEN)
                inbox._receive(account, "KYC_FAILED", "doc_2", "1")
