# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Parameters of a request: typed reads, and Stripe's words for what is wrong."""

from .errors import ApiError, unknown_parameter


class Params:
    """The parameters of one request, taken one by one.

    Everything is read before anything is done; ``done()`` then refuses what was not
    read, as Stripe refuses parameters that it does not know.
    """

    def __init__(self, data):
        self._data = dict(data)

    def __contains__(self, name):
        return name in self._data

    def take(self, name, required=False):
        """The raw value; an empty string means « unset », as for Stripe."""
        value = self._data.pop(name, None)
        if value == "":
            value = None
        if required and value is None:
            raise ApiError(
                400,
                f"Missing required param: {name}.",
                code="parameter_missing",
                param=name,
                saved=False,
            )
        return value

    def string(self, name, required=False, choices=None):
        """A string, one of ``choices`` if given."""
        value = self.take(name, required)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self._invalid(name, f"Invalid string: {value}")
        if choices and value not in choices:
            raise self._invalid(
                name, f"Invalid {name}: must be one of {', '.join(choices)}"
            )
        return value

    def integer(self, name, required=False, minimum=None):
        """An integer."""
        value = self.take(name, required)
        if value is None:
            return None
        try:
            value = int(value)
        except (TypeError, ValueError):
            raise ApiError(
                400,
                f"Invalid integer: {value}",
                code="parameter_invalid_integer",
                param=name,
                saved=False,
            ) from None
        if minimum is not None and value < minimum:
            raise ApiError(
                400,
                f"This value must be greater than or equal to {minimum}.",
                code="parameter_invalid_integer",
                param=name,
                saved=False,
            )
        return value

    def boolean(self, name):
        """A boolean, written ``true`` or ``false`` (or Python's own spelling)."""
        value = self.take(name)
        if value is None or isinstance(value, bool):
            return value
        if str(value).lower() in ("true", "false"):
            return str(value).lower() == "true"
        raise self._invalid(name, f"Invalid boolean: {value}")

    def mapping(self, name):
        """A hash."""
        value = self.take(name)
        if value is None or isinstance(value, dict):
            return value
        raise self._invalid(name, "Invalid object")

    def array(self, name):
        """A list; a lone value is a list of one."""
        value = self.take(name)
        if value is None or isinstance(value, list):
            return value
        return [value]

    def window(self, name="created"):
        """A predicate on a timestamp: an exact value, or gt, gte, lt, lte."""
        value = self.take(name)
        if value is None:
            return lambda timestamp: True
        bounds = value if isinstance(value, dict) else {"gte": value, "lte": value}
        tests = {
            "gt": lambda t, bound: t > bound,
            "gte": lambda t, bound: t >= bound,
            "lt": lambda t, bound: t < bound,
            "lte": lambda t, bound: t <= bound,
        }
        if unknown := set(bounds) - set(tests):
            raise unknown_parameter(f"{name}[{key}]" for key in sorted(unknown))
        checks = [(tests[key], int(bound)) for key, bound in bounds.items()]
        return lambda timestamp: all(test(timestamp, b) for test, b in checks)

    def done(self):
        """Refuse the parameters that nobody read."""
        if self._data:
            raise unknown_parameter(sorted(self._data))

    def _invalid(self, name, message):
        return ApiError(400, message, param=name, saved=False)
