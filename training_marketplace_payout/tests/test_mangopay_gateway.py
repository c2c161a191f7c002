# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B9: the gateway keeps none of the traps of Mangopay's Python package.

The package itself is used as it is, over real HTTP, against a double.
"""

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import mangopay

from odoo.tests import BaseCase, mute_logger, tagged

from ..services import mangopay_errors, mangopay_people, mangopay_transport
from ..services.mangopay_errors import GatewayError, RefusedError, ScaRequiredError
from ..services.mangopay_gateway import MangopayGateway
from .mangopay_double import API_KEY, CLIENT_ID, MangopayDouble, refuse

KEY = "0123456789abcdef-{}"
USER = {"FirstName": "Aline", "LastName": "Roux", "Email": "aline@example.com"}


class GatewayCommon(BaseCase):
    def setUp(self):
        super().setUp()
        self.double = MangopayDouble()
        self.base_url = self.double.start()
        self.addCleanup(self.double.stop)
        self.tokens = mangopay_transport.MemoryTokens()
        self.gateway = self.open()

    def open(self, api_key=API_KEY, **options):
        options = {"tokens": self.tokens, "base_url": self.base_url, **options}
        return MangopayGateway(CLIENT_ID, api_key, **options)

    def assert_fails(self, function, *args, **expected):
        keywords = expected.pop("call", {})
        with self.assertRaises(GatewayError) as caught:
            function(*args, **keywords)
        for name, value in expected.items():
            self.assertEqual(getattr(caught.exception, name), value, name)
        return caught.exception

    def assert_transfer_fails(self, number=1, **expected):
        return self.assert_fails(
            self.gateway.create_transfer,
            *("user_1", "wlt_1", "wlt_2", 1000, "EUR"),
            call={"key": KEY.format(number)},
            **expected,
        )

    def transfer(self, number=1, **options):
        return self.gateway.create_transfer(
            "user_1", "wlt_1", "wlt_2", 1000, "EUR", key=KEY.format(number), **options
        )


@tagged("standard", "post_install", "-at_install")
class TestMangopayTraps(GatewayCommon):
    def test_trap_1_not_found_is_an_error_for_every_verb(self):
        """B9: T1, a 404 to POST, PUT or GET is a definite refusal, never an object."""
        self.double.fail("POST", "transfers", refuse(404, "ressource_not_found"))
        self.assert_transfer_fails(code="ressource_not_found", is_definite=True)
        gone = {"code": "ressource_not_found", "status": 404, "unknown": False}
        self.assert_fails(self.gateway.submit_document, "user_1", "doc_1", **gone)
        self.assert_fails(self.gateway.payin, "payin_gone", **gone)

    def test_trap_1_an_answer_that_is_no_object_is_unknown(self):
        """B9: T1, T7, a 200 without the object, empty or not JSON, says nothing."""
        for number, body in enumerate(
            ({"Id": "9c1f-uuid#1", "Type": "x"}, {}, [], None, b"<html>")
        ):
            self.double.fail("POST", "transfers", (200, body, {}))
            self.assert_transfer_fails(number, code="malformed", unknown=True)
        self.double.fail("GET", "payins/payin_1", (200, None, {}))
        self.assert_fails(self.gateway.payin, "payin_1", unknown=False, retryable=True)

    def test_trap_2_every_creation_carries_its_key(self):
        """B9: T2, the key is sent with each creation, and one is demanded."""
        gateway, key = self.gateway, KEY.format
        gateway.create_user("natural", USER, key=key(1))
        gateway.create_wallet("user_1", "EUR", "Aline Roux", key=key(2))
        gateway.create_recipient("user_1", {"DisplayName": "RIB"}, key=key(3))
        gateway.create_ubo_declaration("user_1", key=key(4))
        gateway.create_identity_verification("user_1", "https://x.example", key=key(5))
        sent = [
            headers.get("Idempotency-Key")
            for method, path, _body, headers, _query in self.double.journal
            if method == "POST" and path != "oauth/token"
        ]
        self.assertEqual(sent, [key(number) for number in range(1, 6)])
        for wrong in ("", None, "short", "x" * 40, "with space in it--"):
            with self.assertRaises(ValueError):
                gateway.create_wallet("user_1", "EUR", "Aline Roux", key=wrong)

    def test_trap_2_a_key_used_twice_is_asked_about(self):
        """B9: T2, 409 is « unknown », and the outcome of the first use is found."""
        made = self.transfer()
        self.assert_transfer_fails(code="idempotent_creation_conflict", unknown=True)
        self.assertEqual(self.gateway.outcome(KEY.format(1)), made)
        self.assertIsNone(self.gateway.outcome(KEY.format(2)))

    def test_trap_3_two_companies_never_meet(self):
        """B9: T3, T8, what a gateway calls is its own client, nothing is global."""
        other = MangopayDouble()
        other_url = other.start()
        self.addCleanup(other.stop)
        second = self.open(base_url=other_url)
        enrolment = {"PendingUserAction": {"RedirectUrl": "https://sca.example"}}
        other.answer("POST", "sca/users/user_9/enrollment", 200, enrolment)
        page = second.enroll_user("user_9", key=KEY.format(1))
        self.assertEqual(page, "https://sca.example")
        second.recipients("user_9")
        self.gateway.recipients("user_1")
        self.assertEqual(len(other.calls("GET", "users/user_9/recipients")), 1)
        self.assertEqual(len(self.double.calls("GET", "users/user_1/recipients")), 1)
        self.assertEqual(
            (mangopay.client_id, mangopay.apikey, mangopay.sandbox), (None, None, True)
        )

    def test_trap_4_what_is_given_is_sent_and_nothing_else(self):
        """B9: T4, no field is lost, and a partial change sends no other field."""
        body = {**USER, "Invented": {"Deep": True}, "UserCategory": "PAYER"}
        self.gateway.create_user("natural", body, key=KEY.format(1))
        [(sent, _headers, _query)] = self.double.calls("POST", "sca/users/natural")
        self.assertEqual(sent, {"Tag": KEY.format(1), **body})
        hook = self.double.add("hooks", EventType="KYC_FAILED", Url="https://x.example")
        self.gateway.update_hook(hook["Id"], Validity="VALID")
        [(sent, _headers, _query)] = self.double.calls("PUT", f"hooks/{hook['Id']}")
        self.assertEqual(sent, {"Validity": "VALID"})

    def test_trap_5_amounts_are_integers_and_booleans_booleans(self):
        """B9: T5, 99.99 is refused instead of becoming 99; true is sent as true."""
        for wrong in (99.99, Decimal("99.99"), "9999", True, None):
            with self.assertRaises(TypeError):
                self.gateway.create_transfer("u", "a", "b", wrong, "EUR", key=KEY)
        self.assertEqual(self.double.journal, [])
        values = {**USER, "TermsAndConditionsAccepted": True}
        self.gateway.create_user("natural", values, key=KEY.format(1))
        [(sent, _headers, _query)] = self.double.calls("POST", "sca/users/natural")
        self.assertIs(sent["TermsAndConditionsAccepted"], True)

    def test_trap_5_a_date_of_birth_is_midnight_utc(self):
        """B9: T5, no time zone moves a birthday to the day before."""
        self.assertEqual(mangopay_people.to_timestamp(date(1970, 1, 2)), 86400)
        self.assertEqual(mangopay_people.to_timestamp(date(1969, 12, 31)), -86400)

    def test_trap_6_addresses_are_right(self):
        """B9: T6, no slash is missing or doubled, and no id leaves its place."""
        gateway = self.gateway
        gateway.create_dispute_document("dispute_1", "INVOICE", key=KEY.format(1))
        gateway.outcome(KEY.format(2))
        with self.assertRaises(GatewayError):
            gateway.payin("../users/x?y")
        paths = [path for _method, path, *_rest in self.double.journal[1:]]
        self.assertEqual(
            paths,
            [
                "disputes/dispute_1/documents",
                f"responses/{KEY.format(2)}",
                "payins/..%2Fusers%2Fx%3Fy",
            ],
        )

    def test_trap_7_missing_fields_do_not_matter(self):
        """B9: T7, an object with holes is read as it is."""
        user = self.double.add("sca/users/natural", Address={"City": "Brest"})
        self.assertEqual(self.gateway.user(user["Id"])["Address"], {"City": "Brest"})

    def test_trap_8_eight_threads_ask_one_token(self):
        """B9: T8, one token for all, and limits that belong to one gateway."""
        with ThreadPoolExecutor(8) as pool:
            done = list(pool.map(lambda _n: self.open().client(), range(8)))
        self.assertEqual(len(done), 8)
        self.assertEqual(len(self.double.tokens), 1)
        self.assertIsNone(mangopay.api.rate_limits)

    def test_trap_9_logs_hold_no_body(self):
        """B9: T9, D16: whatever the level, no token, name or account in the logs."""
        self.double.fail("POST", "sca/users/natural", refuse(400, "param_error"))
        with self.assertLogs("mangopay", logging.DEBUG) as logs:
            self.assert_fails(
                self.gateway.create_user, "natural", USER, call={"key": KEY.format(1)}
            )
        written = " ".join(logs.output)
        self.assertIn("/v2.01/rivage/sca/users/natural", written)
        for secret in ("Roux", "token-1", "Basic ", "bearer ", API_KEY, "param_error"):
            self.assertNotIn(secret, written)
        self.assertFalse([one for one in logs.records if one.levelno > logging.DEBUG])

    def test_trap_9_messages_hold_no_account(self):
        """B9: T9, D16: an error shown to people masks bank accounts and tokens."""
        refusal = refuse(400, "param_error", IBAN="FR7630004000031234567890143 bad")
        self.double.fail("POST", "users/user_1/recipients", refusal)
        error = self.assert_fails(
            self.gateway.create_recipient, "user_1", {}, call={"key": KEY.format(1)}
        )
        self.assertEqual(error.message, "Refused. (IBAN: FR*** bad)")
        self.assertEqual(
            mangopay_errors.redact("IBAN FR76 3000 4000 0312 3456 7890 143, wrong"),
            "IBAN FR***, wrong",
        )

    def test_trap_10_the_token_is_asked_as_the_package_does(self):
        """B9: T10, a JSON body announced as a form, with Basic credentials."""
        self.gateway.client()
        [(body, headers, _query)] = self.double.calls("POST", "oauth/token")
        self.assertEqual(body, {"grant_type": "client_credentials"})
        self.assertEqual(headers["Content-Type"], "application/x-www-form-urlencoded")
        self.assertTrue(headers["Authorization"].startswith("Basic "))

    def test_trap_10_sca_gives_the_page_to_open(self):
        """B9: T10, a 401 that asks for the person names the page; no new token."""
        header = "PendingUserAction RedirectUrl=https://sca.example/?ticket=1"
        self.double.answer("GET", "wallets/w", 401, None, {"WWW-Authenticate": header})
        with self.assertRaises(ScaRequiredError) as caught:
            self.gateway.wallet("w")
        self.assertEqual(caught.exception.redirect_url, "https://sca.example/?ticket=1")
        self.assertEqual(len(self.double.tokens), 1)


@tagged("standard", "post_install", "-at_install")
class TestMangopayOutcome(GatewayCommon):
    def test_failed_with_200_is_a_refusal(self):
        """B9: D7: Status FAILED in a 200 is definite, with its code and its object."""
        body = {"Id": "xfer_1", "Status": "FAILED", "CreationDate": 1}
        body.update(ResultCode="001001", ResultMessage="Insufficient wallet balance")
        self.double.fail("POST", "transfers", (200, body, {}))
        error = self.assert_transfer_fails(code="001001", is_definite=True)
        self.assertIsInstance(error, RefusedError)
        self.assertEqual((error.payload, error.error_id), (body, "xfer_1"))

    def test_refusals_say_why(self):
        """B9: code, message, fields and id of a 4xx are kept; it is definite."""
        refusal = refuse(400, "param_error", "Errors in the form.", Fees="too high")
        self.double.fail("POST", "transfers", refusal)
        self.assert_transfer_fails(
            code="param_error",
            message="Errors in the form. (Fees: too high)",
            fields={"Fees": "too high"},
            error_id="9c1f-uuid#1790000000",
            is_definite=True,
        )

    def test_refusals_of_any_shape_are_words(self):
        """B9: lists and objects among the errors are told, never shown as code."""
        shapes = (
            ({"errors": {"ReturnUrl": ["Wrong.", "Too long."]}}, "Wrong., Too long."),
            ({"Errors": [{"Field": "IBAN", "Code": "OLD", "Id": None}]}, "IBAN, OLD"),
            ({"Errors": {"IBAN": {"Code": "OLD", "Why": ["closed"]}}}, "OLD, closed"),
            ({"errors": "Not this."}, "Not this."),
        )
        for body, words in shapes:
            with self.subTest(body=body):
                answer = (400, {"Message": "No.", "Type": "param_error", **body}, {})
                self.double.fail("POST", "transfers", answer)
                error = self.assert_transfer_fails(code="param_error")
                self.assertIn(words, error.message)
                self.assertNotRegex(error.message, r"[{}\[\]']|None")

    def test_lost_answer_is_unknown_and_is_found(self):
        """D7: a time-out or a cut after the call says nothing; the key finds it."""
        self.double.fail("POST", "transfers", "lost")
        self.assert_transfer_fails(code="connection", unknown=True, retryable=False)
        self.assertEqual(self.gateway.outcome(KEY.format(1))["Tag"], KEY.format(1))
        self.assertEqual(len(self.double.calls("POST", "transfers")), 1)

    def test_server_error_is_unknown_for_a_write_only(self):
        """D7: 500 to a creation is unknown and not repeated; reads are repeated."""
        self.double.fail("POST", "transfers", 500)
        self.assert_transfer_fails(code="server", unknown=True)
        self.assertEqual(len(self.double.calls("POST", "transfers")), 1)
        self.double.fail("GET", "clients", 503, times=2)
        self.assertEqual(self.gateway.client()["ClientId"], CLIENT_ID)
        self.assertEqual(len(self.double.calls("GET", "clients")), 3)

    @mute_logger("urllib3.connectionpool")
    def test_never_sent_is_not_unknown(self):
        """D7: what could not even connect was not done, and may be sent again."""
        self.tokens.obtain(
            self.gateway._transport.auth_manager.name, lambda: ("t", 9e9)
        )
        self.double.stop()
        self.assert_transfer_fails(code="connection", unknown=False, retryable=True)

    def test_a_redirected_post_is_not_followed(self):
        """B9: a POST is never turned into a GET elsewhere."""
        elsewhere = (302, {}, {"Location": f"{self.base_url}rivage/clients"})
        self.double.fail("POST", "transfers", elsewhere)
        self.assert_transfer_fails(unknown=True)
        self.assertEqual(self.double.calls("GET", "clients"), [])

    def test_another_amount_is_not_taken_for_ours(self):
        """B9: an answer of another amount is not a success."""
        body = {"Id": "xfer_1", "Status": "SUCCEEDED", "CreationDate": 1}
        body["DebitedFunds"] = {"Currency": "USD", "Amount": 1000}
        self.double.fail("POST", "transfers", (200, body, {}))
        self.assert_transfer_fails(code="amount", unknown=True)

    def test_rate_limit_says_until_when(self):
        """B9: 429 was not done; the headers say when to come back, others wait too."""
        headers = {
            "x-ratelimit": "2300,2300,2300,2300",
            "x-ratelimit-remaining": "0,2200,6500,100000",
            "x-ratelimit-reset": "99999999999,1,2,3",
        }
        self.double.fail("POST", "transfers", (429, {"Type": "rate_limit"}, headers))
        error = self.assert_transfer_fails(code="rate_limit", retryable=True)
        self.assertGreater(error.retry_after, 10_000_000)
        self.assert_transfer_fails(2, code="rate_limit", unknown=False)
        self.assertEqual(len(self.double.calls("POST", "transfers")), 1)

    def test_a_token_taken_back_is_replaced_once(self):
        """B9: a token refused in the middle of its life costs nothing but a new one."""
        self.gateway.client()
        self.double.tokens.append("token-of-somebody-else")
        self.assertEqual(self.transfer()["Status"], "SUCCEEDED")
        self.assertEqual(len(self.double.responses), 1)

    def test_wrong_key_is_told_without_insisting(self):
        """B9: a wrong API key asks one token, says so, and leaves no secret."""
        gateway = self.open("wrong-key")
        error = self.assert_fails(
            gateway.client, code="authentication", unknown=False, retryable=True
        )
        self.assertNotIn("wrong-key", str(error))
        self.assertEqual(len(self.double.calls("POST", "oauth/token")), 1)
        with self.assertRaises(GatewayError) as caught:
            MangopayGateway("", "")
        self.assertEqual(caught.exception.code, "not_configured")

    def test_outcome_of_a_refusal_is_that_refusal(self):
        """D7: asked later, a refused creation is refused, a failed one failed."""
        _status, body, _headers = refuse(400, "param_error")
        self.double.responses[KEY.format(1)] = {"StatusCode": "400", "Resource": body}
        self.assert_fails(
            self.gateway.outcome, KEY.format(1), code="param_error", is_definite=True
        )
        failed = {"Id": "p", "Status": "FAILED", "ResultCode": "101001"}
        answer = {"StatusCode": "200", "Resource": json.dumps(failed)}
        self.double.responses[KEY.format(2)] = answer
        self.assert_fails(
            self.gateway.outcome, KEY.format(2), code="101001", is_definite=True
        )
        self.double.fail("GET", f"responses/{KEY.format(3)}", 400)
        self.assert_fails(self.gateway.outcome, KEY.format(3), unknown=True)

    def test_every_page_is_read(self):
        """B9: lists are whole, whatever the number of pages."""
        for number in range(230):
            self.double.add("users/user_1/wallets", Tag=str(number))
        wallets = self.gateway.wallets("user_1")
        self.assertEqual([one["Tag"] for one in wallets], [str(n) for n in range(230)])
