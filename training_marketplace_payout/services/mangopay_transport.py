# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The way to Mangopay: the SDK's handler, made safe for many companies and threads.

Nothing else here imports ``mangopay``. Its models are not used: they drop keys, send
empty fields and read refusals as successes. Its handler is, for what it does well: the
addresses, the tokens' protocol and the calls.
"""

import hashlib
import logging
import time
from contextlib import suppress
from threading import Lock

import requests
from mangopay import APIRequest
from mangopay.auth import AuthorizationTokenManager
from mangopay.exceptions import APIError
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from .mangopay_errors import (
    GatewayError,
    explain_status,
    is_exhausted,
    read_pause,
)

_logger = logging.getLogger(__name__)

LIVE_URL = "https://api.mangopay.com/v2.01/"
TRIAL_URL = "https://api.sandbox.mangopay.com/v2.01/"
# Seconds to connect, and between two bytes of an answer.
TIMEOUT = 20
# What may be repeated without thought: reads, and calls that could not even connect.
RETRIES = 2
BACKOFF = 0.4
BUSY = (500, 502, 503, 504)
# Seconds before its end at which a token is renewed.
MARGIN = 30


class _BodiesFilter(logging.Filter):
    """Keep bodies, headers and tokens out of the SDK's logs: only where and how."""

    def filter(self, record):
        record.args = tuple(
            value if isinstance(value, int | float) or self._is_address(value) else "…"
            for value in record.args or ()
        )
        return True

    def _is_address(self, value):
        return isinstance(value, str) and value.startswith(("https://", "http://"))


logging.getLogger("mangopay").addFilter(_BodiesFilter())


class MemoryTokens:
    """Tokens of one gateway, for a call or two: the trial of keys being entered."""

    def __init__(self):
        self._lock = Lock()
        self._tokens = {}

    def obtain(self, name, ask):
        """Return a valid token, asked once whatever the number of threads.

        :param str name: which client, mode and key it is for; holds no secret
        :param ask: returns a new token and its end in Unix time
        """
        with self._lock:
            token, end = self._tokens.get(name, (None, 0))
            if end <= time.time():
                token, end = self._tokens[name] = ask()
            return token

    def forget(self, name, token):
        """Drop a token that Mangopay refused, unless another one replaced it."""
        with self._lock:
            if self._tokens.get(name, (None,))[0] == token:
                del self._tokens[name]


class _Authorization(AuthorizationTokenManager):
    """The SDK's token manager on our store, which is locked and shared."""

    def get_token(self):
        return self.storage_strategy.obtain(self.name, self._ask)

    @property
    def name(self):
        handler = self._handler
        secret = f"{handler.client_id}|{handler.api_url}|{handler.apikey}"
        return hashlib.sha256(secret.encode()).hexdigest()

    def _ask(self):
        """Return a new token and its end, 30 seconds early.

        :raise GatewayError: never ``unknown``: what needed a token was not sent
        """
        try:
            _result, answer = self.authorization.oauth_token()
        except (APIError, requests.RequestException) as error:
            failure = explain(error, is_write=False)
            if failure.status == 400 and failure.code == "unauthorized_client":
                failure.code, failure.retryable = "authentication", True
            raise failure from error
        try:
            end = time.time() + int(answer["expires_in"]) - MARGIN
            return f"{answer['token_type']} {answer['access_token']}", end
        except (KeyError, TypeError, ValueError) as error:
            raise GatewayError(
                "malformed", "Mangopay gave no token.", retryable=True
            ) from error


def explain(error, *, is_write):
    """Turn an exception of the SDK, or one it lets through, into ours."""
    if isinstance(error, APIError) and error.code:
        headers = error.headers if error.headers is not None else {}
        failure = explain_status(error.code, headers, error.content, is_write=is_write)
        if error.code < 400:
            failure.code, failure.message = "malformed", "Unreadable answer."
        return failure
    cause = error.__cause__ if isinstance(error, APIError) else error
    never_sent = _was_never_sent(cause)
    return GatewayError(
        "connection",
        "Mangopay did not answer.",
        retryable=never_sent or not is_write,
        unknown=is_write and not never_sent,
    )


def _was_never_sent(error):
    """Tell a call that could not even connect from one whose answer was lost."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    if not isinstance(error, requests.exceptions.ConnectionError) or not error.args:
        return False
    reason = getattr(error.args[0], "reason", None)
    return type(reason).__name__ in ("NewConnectionError", "NameResolutionError")


class Transport(APIRequest):
    """One client of Mangopay in one mode; nothing is shared but the tokens' store."""

    def __init__(
        self, client_id, api_key, *, is_live, tokens, base_url=None, timeout=TIMEOUT
    ):
        if not client_id or not api_key:
            raise GatewayError("not_configured", "Mangopay's keys are not entered.")
        super().__init__(
            client_id=client_id,
            apikey=api_key,
            api_url=base_url or LIVE_URL,
            api_sandbox_url=base_url or TRIAL_URL,
            sandbox=not is_live,
            timeout=timeout,
        )
        self.auth_manager = _Authorization(self, tokens)
        self.limits = {}
        # A POST that is redirected would silently become a GET.
        self._session.max_redirects = 0
        retry = Retry(
            total=RETRIES,
            status_forcelist=BUSY,
            allowed_methods={"GET"},
            backoff_factor=BACKOFF,
            backoff_jitter=BACKOFF,
            respect_retry_after_header=False,
            raise_on_status=False,
        )
        self._session.mount(self.api_url, HTTPAdapter(max_retries=retry))

    def call(self, method, path, body=None, key=None):
        """Make one call and return its decoded answer and headers.

        A token that Mangopay no longer knows is replaced, once: the call it was
        refused for was not looked at.

        :raise GatewayError: for anything but a success
        """
        is_write = method != "GET"
        if is_exhausted(self.limits) and (pause := read_pause(self.limits)) > 1:
            # Refused by ourselves: what is over the limit is punished.
            raise GatewayError("rate_limit", retryable=True, retry_after=pause)
        for is_last in (False, True):
            token = self.auth_manager.get_token()
            try:
                result, answer = self.request(
                    method, path, data=body, idempotency_key=key
                )
            except (APIError, requests.RequestException) as error:
                failure = explain(error, is_write=is_write)
                self._log(method, path, failure)
                if failure.code != "authentication" or is_last:
                    raise failure from error
                self.auth_manager.storage_strategy.forget(self.auth_manager.name, token)
            else:
                return answer, result.headers
        return None

    def custom_request(self, *args, **kwargs):
        """Raise on 404 and on what is not JSON, which the SDK takes for answers."""
        answer = super().custom_request(*args, **kwargs)
        if not isinstance(answer, tuple):
            raise APIError("Not an answer of the API.", code=200, headers={})
        if answer[0].status_code == requests.codes.not_found:
            self._create_apierror(answer[0])
        return answer

    def read_response_headers(self, headers):
        """Keep the limits on this object; the SDK has one place for all clients."""
        if "x-ratelimit-remaining" in headers:
            self.limits = headers

    def _create_apierror(self, result, url=None, data=None, method=None):
        """Raise what Mangopay refused, without writing the request in the logs."""
        content = None
        with suppress(ValueError):
            content = result.json()
        raise APIError(code=result.status_code, content=content, headers=result.headers)

    _create_decodeerror = _create_apierror

    def _log(self, method, path, failure):
        _logger.info(
            "Mangopay: %s %s gave %s (%s) %s",
            method,
            path.split("?")[0],
            failure.code,
            failure.status,
            failure.error_id or "",
        )
