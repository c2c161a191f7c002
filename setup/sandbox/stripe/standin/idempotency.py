# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Replays of requests that carry the same Idempotency-Key."""

import json

from .engine import clock
from .errors import ApiError

KEY_LIFE = 24 * 3600


class Replays:
    """Answers kept by account, mode and key, for 24 hours."""

    def __init__(self):
        self._answers = {}
        self._in_progress = set()

    def begin(self, call):
        """The saved answer ``(status, body)``, or None when the call is the first.

        :raise ApiError: the key was used with another request, or is being used.
        """
        place = self._place(call)
        if not place:
            return None
        if place in self._in_progress:
            raise ApiError(
                409,
                "There is currently another in-progress request using this Idempotent"
                f" Key: {call.idempotency_key}",
                type="idempotency_error",
                code="idempotency_key_in_use",
                saved=False,
            )
        saved = self._answers.get(place)
        if saved and saved["at"] + KEY_LIFE < clock.now():
            saved = None
        if saved:
            self._check_same(call, saved)
            return saved["status"], saved["body"]
        self._in_progress.add(place)
        return None

    def finish(self, call, status=None, body=None):
        """The call ended; its answer is kept when there is one to keep."""
        place = self._place(call)
        if not place:
            return
        self._in_progress.discard(place)
        if status is not None:
            self._answers[place] = {
                "at": clock.now(),
                "path": call.path,
                "data": _canonical(call),
                "status": status,
                "body": body,
                "request": call.request_id,
            }

    def __getstate__(self):
        return {"_answers": self._answers, "_in_progress": set()}

    @staticmethod
    def _place(call):
        if call.method != "POST" or not call.idempotency_key:
            return None
        return (*call.scope, call.idempotency_key)

    @staticmethod
    def _check_same(call, saved):
        if saved["path"] != call.path:
            message = (
                "Keys for idempotent requests can only be used for the same endpoint"
                f" they were first used for ('{call.path}' vs '{saved['path']}'). Try"
                f" using a key other than '{call.idempotency_key}' if you meant to"
                " execute a different request."
            )
        elif saved["data"] != _canonical(call):
            message = (
                "Keys for idempotent requests can only be used with the same parameters"
                " they were first used with. Try using a key other than"
                f" '{call.idempotency_key}' if you meant to execute a different"
                " request."
            )
        else:
            return
        raise ApiError(400, message, type="idempotency_error", saved=False)


def _canonical(call):
    return json.dumps(call.data, sort_keys=True, default=str)
