# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What may be asked about a user besides who they are."""

from datetime import UTC, datetime

from .call import route
from .checks import Reader
from .errors import param_error
from .shapes import money


@route("GET", "/users/{user_id}/emoney")
@route("GET", "/users/{user_id}/emoney/{year}")
@route("GET", "/users/{user_id}/emoney/{year}/{month}")
def emoney(call, user_id, year="", month=""):
    """What a user was credited and debited of, as counted by the ledger.

    Of all time, of a year, or of a month; both are those of Greenwich.
    """
    period = _period(year, month)
    user = call.tenant.get("user", user_id)
    currency = call.asked("Currency") or "EUR"
    wallets = call.tenant.rows("wallet", Owners=[user["Id"]], Currency=currency)
    ids = {wallet["Id"] for wallet in wallets}
    moved = [row["amount"] for row in call.tenant.data["entries"]
             if row["account"] in ids and _is_in(period, row["at"])]  # fmt: skip
    return {
        "UserId": user["Id"],
        "CreditedEMoney": money(currency, sum(a for a in moved if a > 0)),
        "DebitedEMoney": money(currency, -sum(a for a in moved if a < 0)),
    }


def _period(year, month):
    """``(year, month)`` as numbers, each None when it was not asked for.

    :raise ApiError: 400 for what is no year, or no month.
    """
    wrong = {}
    if year and not (year.isdecimal() and len(year) == 4):
        wrong["Year"] = f"The value {year} is not valid for Year."
    if month and not (month.isdecimal() and len(month) < 3 and 1 <= int(month) <= 12):
        wrong["Month"] = f"The value {month} is not valid for Month."
    if wrong:
        raise param_error(**wrong)
    return int(year) if year else None, int(month) if month else None


def _is_in(period, at):
    moment = datetime.fromtimestamp(at, UTC)
    return all(
        asked in (None, found)
        for asked, found in zip(period, (moment.year, moment.month), strict=True)
    )


@route("POST", "/users/data-formats/validation")
def data_formats(call):
    """Whether a company number has the shape of its country's."""
    reader = Reader(call.body)
    number = reader.text("CompanyNumber.CompanyNumber", required=True)
    country = reader.country("CompanyNumber.CountryCode", required=True)
    reader.done()
    digits = (9, 14) if country == "FR" else ()
    valid = number.isalnum() and (
        not digits or (number.isdigit() and len(number) in digits)
    )
    if not valid:
        raise param_error(CompanyNumber="The CompanyNumber is not valid.")
    rules = ["SIREN: 9 digits", "SIRET: 14 digits"] if digits else []
    return {
        "CompanyNumber": {
            "CompanyNumber": number,
            "CountryCode": country,
            "IsValid": True,
            "ValidationRules": rules,
        }
    }
