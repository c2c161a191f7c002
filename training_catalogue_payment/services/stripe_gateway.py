# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The only door to Stripe's API: plain values in, plain dictionaries out."""

import contextlib
import logging
import re
from datetime import UTC, datetime

import requests
import stripe

_logger = logging.getLogger(__name__)

# The version payment_stripe is written for: charges embedded in intents, refunds in
# charges. Endpoints are pinned to it too, whatever the account's own default is.
API_VERSION = "2019-05-16"
# Seconds; workers must not wait as long as the library's 80.
TIMEOUT = 20
# Only what can be repeated without thought is repeated by the library.
READ_RETRIES = 2
# Kinds of events that one call may ask for.
MAX_TYPES = 20

_SECRETS = re.compile(
    r"\b((?:sk|rk|pk)_(?:test|live)_|whsec_)[A-Za-z0-9_]+|(_secret_)[A-Za-z0-9]+"
)


def redact(text):
    """Mask keys, signing secrets and client secrets, keeping what kind they are."""
    return _SECRETS.sub(lambda match: f"{match[1] or match[2]}***", text)


class _SecretsFilter(logging.Filter):
    """Keep secrets out of the library's logs, which print bodies at debug level."""

    def filter(self, record):
        record.msg, record.args = redact(record.getMessage()), ()
        return True


logging.getLogger("stripe").addFilter(_SecretsFilter())


class GatewayError(Exception):
    """A call that did not give what was asked.

    :param str code: Stripe's code, or ours: authentication, permission, connection,
        rate_limit, in_progress, idempotency, server
    :param str message: a sentence for people, without secrets
    :param bool retryable: the same call may be made again later, with the same key
    :param bool unknown: Stripe may have done what was asked: ask before anything else
    :param str request_id: Stripe's own reference of the call
    """

    def __init__(
        self, code, message, *, retryable=False, unknown=False, request_id=None
    ):
        super().__init__(redact(message or code))
        self.code = code
        self.message = redact(message or code)
        self.retryable = retryable
        self.unknown = unknown
        self.request_id = request_id


def _to_timestamp(moment):
    return int(moment.replace(tzinfo=UTC).timestamp())


def _was_never_sent(error):
    """Tell a call that could not even connect from one whose answer was lost."""
    cause = error.__cause__
    if isinstance(cause, requests.exceptions.ConnectTimeout):
        return True
    reason = getattr(cause.args[0], "reason", None) if cause and cause.args else None
    return type(reason).__name__ in ("NewConnectionError", "NameResolutionError")


def _translate(error):
    """Turn the library's exceptions into one, saying what is known of the outcome."""
    known = {"request_id": error.request_id}
    message = error.user_message
    if isinstance(error, stripe.APIConnectionError):
        known.update(retryable=True, unknown=not _was_never_sent(error))
        code, message = "connection", "Stripe did not answer."
        _logger.warning("Stripe did not answer: %s", redact(repr(error.__cause__)))
    elif isinstance(error, stripe.AuthenticationError):
        code = "authentication"
    elif isinstance(error, stripe.PermissionError):
        code = "permission"
    elif isinstance(error, stripe.RateLimitError):
        known["retryable"] = True
        code = "rate_limit"
    elif isinstance(error, stripe.IdempotencyError):
        known["unknown"] = True
        code = "idempotency"
    elif error.http_status == 409:
        known.update(retryable=True, unknown=True)
        code = "in_progress"
    elif isinstance(error, stripe.InvalidRequestError | stripe.CardError):
        code = error.code or "invalid_request"
    else:
        # A 5xx, or an answer that is not Stripe's: it may have been done.
        known.update(retryable=True, unknown=True)
        code = "server"
    return GatewayError(code, message, **known)


class StripeGateway:
    """One account of Stripe, as seen with one secret or restricted key."""

    def __init__(
        self, secret_key, *, base_url=None, api_version=API_VERSION, timeout=TIMEOUT
    ):
        bases = {"base_addresses": {"api": base_url}} if base_url else {}
        self._client = stripe.StripeClient(
            secret_key,
            stripe_version=api_version,
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=timeout),
            **bases,
        )
        self._api_version = api_version

    def _call(self, method, path, **params):
        try:
            return self._client.raw_request(method, f"/v1/{path}", **params).data
        except stripe.StripeError as error:
            raise _translate(error) from error

    def _read(self, path, **params):
        return self._call("get", path, max_network_retries=READ_RETRIES, **params)

    def account(self):
        """Return the account the key belongs to, as a dictionary."""
        return self._read("account")

    def check_publishable_key(self, publishable_key):
        """Prove that a publishable key is of this very account and mode.

        Nothing in Stripe's API names the account of a publishable key. But such a key
        reads an intent only in its own account, so an intent is made, read, cancelled.

        :raise GatewayError: ``publishable_key`` for a key unknown to Stripe,
            ``other_account`` for the key of another account
        """
        intent = self._call(
            "post", "setup_intents", **{"payment_method_types[]": "card"}
        )
        try:
            self._read(
                f"setup_intents/{intent['id']}",
                client_secret=intent["client_secret"],
                api_key=publishable_key,
            )
        except GatewayError as error:
            codes = {
                "authentication": "publishable_key",
                "resource_missing": "other_account",
            }
            error.code = codes.get(error.code, error.code)
            raise
        finally:
            # An intent that nobody confirms costs nothing and lapses by itself.
            with contextlib.suppress(GatewayError):
                self._call("post", f"setup_intents/{intent['id']}/cancel")

    def create_webhook(self, url, events):
        """Create an endpoint; its dictionary carries the signing ``secret``, once."""
        return self._call(
            "post",
            "webhook_endpoints",
            url=url,
            enabled_events=list(events),
            api_version=self._api_version,
        )

    def delete_webhook(self, webhook_id):
        """Delete an endpoint."""
        return self._call("delete", f"webhook_endpoints/{webhook_id}")

    def webhook(self, webhook_id):
        """Return an endpoint."""
        return self._read(f"webhook_endpoints/{webhook_id}")

    def events(self, types, since, until):
        """Return the account's events of some types between two dates, newest first.

        :param datetime since: in UTC, without zone, like ``until``
        """
        found = []
        for first in range(0, len(types), MAX_TYPES):
            found += self._list(
                "events",
                types=types[first : first + MAX_TYPES],
                created={"gte": _to_timestamp(since), "lte": _to_timestamp(until)},
            )
        return found

    @staticmethod
    def to_datetime(timestamp):
        """Return a date of Stripe in UTC, without zone."""
        return datetime.fromtimestamp(timestamp, UTC).replace(tzinfo=None)

    def _list(self, path, **params):
        """Return every object of a list, page after page."""
        found, page = [], {"has_more": True}
        while page["has_more"]:
            after = {"starting_after": found[-1]["id"]} if found else {}
            page = self._read(path, limit=100, **params, **after)
            found += page["data"]
        return found

    def payment_intent(self, intent_id):
        """Return an intent with its payment method, as ``_process`` reads it."""
        return self._read(f"payment_intents/{intent_id}", expand=["payment_method"])

    def cancel_payment_intent(self, intent_id):
        """Have an intent take no money any more; repeating it changes nothing.

        :raise GatewayError: ``payment_intent_unexpected_state`` when it has taken it,
            is taking it, or was cancelled before
        """
        return self._call("post", f"payment_intents/{intent_id}/cancel")

    def setup_intent(self, intent_id):
        """Return a setup intent with its payment method."""
        return self._read(f"setup_intents/{intent_id}", expand=["payment_method"])

    def charge(self, charge_id):
        """Return a charge."""
        return self._read(f"charges/{charge_id}")

    def refund(
        self, payment_intent_id, amount_minor, currency, idempotency_key, metadata
    ):
        """Refund part of a payment, in minor units, under one key for one attempt.

        Stripe refunds in the payment's own currency; ``currency`` is compared with the
        answer so that a mistake is never silent.
        """
        refund = self._call(
            "post",
            "refunds",
            payment_intent=payment_intent_id,
            amount=amount_minor,
            metadata=metadata,
            idempotency_key=idempotency_key,
        )
        if refund.get("currency", "").lower() != currency.lower():
            raise GatewayError(
                "currency",
                f"Refund {refund['id']} is in another currency.",
                unknown=True,
            )
        return refund

    def get_refund(self, refund_id):
        """Return one refund."""
        return self._read(f"refunds/{refund_id}")

    def refunds(self, payment_intent_id):
        """Return every refund of a payment, oldest pages included."""
        return self._list("refunds", payment_intent=payment_intent_id)

    def balance(self):
        """Return what Stripe holds, available and pending, by currency."""
        return self._read("balance")

    def balance_transactions(self, since=None, after=None, payout=None):
        """Return one page of movements of the balance, newest first, with sources.

        :param int since: leave out those created before this timestamp
        :param str after: the last id of the page before
        :param str payout: only those of an automatic payout
        :return: the page: ``data`` and ``has_more``
        """
        params = {"limit": 100, "expand": ["data.source"]}
        if since:
            params["created"] = {"gte": since}
        if after:
            params["starting_after"] = after
        if payout:
            params["payout"] = payout
        return self._read("balance_transactions", **params)

    def dispute(self, dispute_id):
        """Return one dispute."""
        return self._read(f"disputes/{dispute_id}")
