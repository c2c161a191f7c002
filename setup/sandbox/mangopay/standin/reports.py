# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reports of what moved, as CSV."""

import csv
import io

from . import listing
from .call import route
from .checks import Reader
from .errors import param_error
from .shapes import public

TYPES = ("COLLECTED_FEES", "USER_WALLET_TRANSACTIONS")
COLUMNS = ("Id", "CreationDate", "Type", "Nature", "Status", "ResultCode", "AuthorId",
           "DebitedWalletId", "CreditedWalletId", "DebitedFundsAmount",
           "CreditedFundsAmount", "FeesAmount", "FeesCurrency", "Tag")  # fmt: skip


@route("POST", "/reporting/reports")
def create(call):
    """A report, ready at once."""
    tenant = call.tenant
    reader = Reader(call.body)
    reader.choice("DownloadFormat", ("CSV",), required=True)
    kind = reader.choice("ReportType", TYPES, required=True)
    after = reader.timestamp("AfterDate", required=True)
    before = reader.timestamp("BeforeDate", required=True)
    tag = reader.text("Tag")
    reader.done()
    if after >= before:
        raise param_error(AfterDate="AfterDate must come before BeforeDate.")
    columns = call.body.get("Columns") or list(COLUMNS)
    if not isinstance(columns, list) or any(name not in COLUMNS for name in columns):
        raise param_error(Columns=f"Some of {', '.join(COLUMNS)}")
    filters = call.body.get("Filters") or {}
    if not isinstance(filters, dict):
        raise param_error(Filters="An object is expected.")
    report = tenant.add(
        "report",
        Tag=tag,
        ReportDate=tenant.now(),
        Status="READY_FOR_DOWNLOAD",
        ResultCode="000000",
        ResultMessage="Success",
        DownloadFormat="CSV",
        ReportType=kind,
        Sort=call.body.get("Sort") or "CreationDate:ASC",
        AfterDate=after,
        BeforeDate=before,
        Filters=filters,
        Columns=columns,
    )
    report["DownloadURL"] = f"{call.world.base_url}/reports/{report['Id']}.csv"
    return public(report)


def content(tenant, report):
    """The lines of a report, as CSV."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(report["Columns"])
    for row in tenant.transactions():
        if _wanted(row, report):
            values = _values(row)
            writer.writerow([values[name] for name in report["Columns"]])
    return file.getvalue()


def _wanted(row, report):
    filters = report["Filters"]
    wallets = (row["DebitedWalletId"], row["CreditedWalletId"])
    return (
        report["AfterDate"] <= row["CreationDate"] < report["BeforeDate"]
        and (report["ReportType"] != "COLLECTED_FEES" or _took_fees(row))
        and filters.get("Currency") in (None, row["DebitedFunds"]["Currency"])
        and (not filters.get("WalletId") or filters["WalletId"] in wallets)
        and filters.get("UserId") in (None, row["AuthorId"], row["CreditedUserId"])
        and filters.get("Type") in (None, row["Type"])
        and filters.get("Status") in (None, row["Status"])
    )


def _took_fees(row):
    return row["Status"] == "SUCCEEDED" and row["Fees"]["Amount"]


def _values(row):
    values = {name: row.get(name) for name in COLUMNS}
    for name in ("DebitedFunds", "CreditedFunds", "Fees"):
        values[f"{name}Amount"] = row[name]["Amount"]
    values["FeesCurrency"] = row["Fees"]["Currency"]
    return values


@route("GET", "/reporting/reports")
def view_all(call):
    """All reports."""
    return listing.answer(call, call.tenant.rows("report"))


@route("GET", "/reporting/reports/{report_id}")
def view(call, report_id):
    """A report, with the address of its file."""
    return public(call.tenant.get("report", report_id))
