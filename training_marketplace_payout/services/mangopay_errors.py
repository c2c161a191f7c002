# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What can be known of a call to Mangopay that did not give what was asked."""

import re
import time

# Seconds to wait when Mangopay says « too many » without saying until when.
DEFAULT_PAUSE = 60

_SECRETS = re.compile(
    r"\b(Bearer|Basic) [A-Za-z0-9+/=._~-]{16,}"
    r"|\b([A-Z]{2})\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"
    r"|(ticket|token)=[^&\s\"']+"
)
_SCA = re.compile(r"PendingUserAction\s+RedirectUrl=\"?([^\"\s,]+)", re.IGNORECASE)


def redact(text):
    """Mask tokens, credentials and bank accounts in a text meant for people."""
    return _SECRETS.sub(lambda match: f"{match[1] or match[2] or match[3]}***", text)


class GatewayError(Exception):
    """A call that did not give what was asked.

    Exactly one of three things is known of what was asked: nothing was done and
    nothing will be (definite: neither flag is set), nothing was done by this call and
    it may be made again (``retryable``), or nobody knows (``unknown``).

    :param str code: Mangopay's ``Type`` or ``ResultCode``, or ours: connection,
        server, malformed, rate_limit, authentication, sca_required, not_configured
    :param str message: a sentence for people, without secrets
    :param str error_id: Mangopay's own reference of the refusal, for its support
    :param int status: of HTTP; None when there was no answer
    :param dict fields: what Mangopay says of each field
    :param float retry_after: seconds before which a new call is useless
    :param dict payload: the object that was made and failed (`RefusedError`)
    """

    def __init__(self, code, message="", **known):
        message = redact(str(message or code))
        super().__init__(message)
        self.code = str(code)
        self.message = message
        self.error_id = known.get("error_id")
        self.status = known.get("status")
        self.fields = known.get("fields") or {}
        self.retryable = known.get("retryable", False)
        self.unknown = known.get("unknown", False)
        self.retry_after = known.get("retry_after")
        self.payload = known.get("payload")

    @property
    def is_definite(self):
        """Nothing moved, nothing will: another attempt under another key is safe."""
        return not self.retryable and not self.unknown


class RefusedError(GatewayError):
    """Mangopay answered 200 and did nothing: Status FAILED and a ResultCode."""


class ScaRequiredError(GatewayError):
    """The person must authenticate first, at ``redirect_url`` (valid 10 minutes)."""

    def __init__(self, redirect_url, **known):
        super().__init__(
            "sca_required", "The person must confirm their identity first.", **known
        )
        self.redirect_url = redirect_url


def explain_refusal(payload):
    """Return the error that an object made with Status FAILED stands for."""
    return RefusedError(
        payload.get("ResultCode") or "failed",
        payload.get("ResultMessage"),
        error_id=payload.get("Id"),
        status=200,
        payload=payload,
    )


def explain_status(status, headers, content, *, is_write):
    """Return the error of an HTTP answer that is not a success.

    :param content: the decoded body, whatever it is
    :param bool is_write: whether the call could change anything at Mangopay
    """
    body = content if isinstance(content, dict) else {}
    known = {
        "status": status,
        "error_id": body.get("Id"),
        "fields": _read_fields(body)[0],
    }
    if status == 401:
        return _explain_unauthorized(headers, body, known)
    code = body.get("Type") or body.get("error") or body.get("type") or str(status)
    message = _say(body) or f"HTTP {status}"
    if status == 429:
        return GatewayError(
            "rate_limit",
            message,
            retryable=True,
            retry_after=read_pause(headers),
            **known,
        )
    if status == 409:
        # The key was used already: what came of it is asked, never guessed.
        return GatewayError(code, message, unknown=is_write, **known)
    if status >= 500 or status < 400:
        # Mangopay, or something between it and us, gave up: it may have been done.
        return GatewayError(
            "server",
            message,
            retryable=not is_write,
            unknown=is_write,
            retry_after=read_retry_after(headers),
            **known,
        )
    return GatewayError(code, message, **known)


def _explain_unauthorized(headers, body, known):
    redirect = _SCA.search(headers.get("WWW-Authenticate") or "")
    if redirect:
        return ScaRequiredError(redirect[1], **known)
    # A key put right tomorrow will do: nothing was done, nothing is lost.
    return GatewayError(
        "authentication",
        _say(body) or "Mangopay refuses the client id or its key.",
        retryable=True,
        **known,
    )


def _say(body):
    """Return Mangopay's message with what it says of each field."""
    message = (
        body.get("Message") or body.get("error_description") or body.get("title") or ""
    )
    fields, others = _read_fields(body)
    said = [*(f"{name}: {text}" for name, text in fields.items()), *others]
    if said:
        message = f"{message} ({'; '.join(said)})"
    return message.strip()


def _read_fields(body):
    """Return what Mangopay says of each field, and what it says of none.

    It says « errors », and of recipients « Errors »; the gateway before it gives a
    list for each field.
    """
    found = body.get("errors") or body.get("Errors") or {}
    if isinstance(found, dict):
        return {str(name): _tell(said) for name, said in found.items()}, []
    return {}, [_tell(one) for one in (found if isinstance(found, list) else [found])]


def _tell(said):
    """Return as text what may hold lists and objects: people never read their code."""
    if isinstance(said, dict):
        said = list(said.values())
    if isinstance(said, list):
        return ", ".join(text for text in map(_tell, said) if text)
    return "" if said is None else str(said)


def read_pause(headers):
    """Return for how many seconds the rate limits forbid a call.

    ``x-ratelimit-remaining`` and ``-reset`` hold one value for each of four windows
    (15 min, 30 min, 1 h, 24 h); a reset is a date in Unix time.
    """
    try:
        left = [int(one) for one in headers["x-ratelimit-remaining"].split(",")]
        resets = [int(one) for one in headers["x-ratelimit-reset"].split(",")]
    except (KeyError, ValueError):
        return read_retry_after(headers) or DEFAULT_PAUSE
    ends = [end for end, count in zip(resets, left, strict=False) if count <= 0]
    if not ends:
        return read_retry_after(headers) or DEFAULT_PAUSE
    return max(max(ends) - time.time(), 1.0)


def is_exhausted(headers):
    """Tell whether the last answer announced that the next call will be refused."""
    remaining = headers.get("x-ratelimit-remaining") or ""
    return any(one.strip() in {"0", "-0"} for one in remaining.split(","))


def read_retry_after(headers):
    """Return the seconds of a ``Retry-After`` header, None without one."""
    value = (headers.get("Retry-After") or "").strip()
    return float(value) if value.isdigit() else None
