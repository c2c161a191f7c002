# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC, datetime

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain

from odoo.addons.payment.utils import (
    to_major_currency_units,
    to_minor_currency_units,
)
from odoo.addons.training_catalogue_payment.utils import to_note

from ..services.marketplace_entries import Kind, plan_dispute
from .marketplace_dispute import STATES

WARNING = "mail.mail_activity_data_warning"
TO_ANSWER = ("to_answer", "reopened")


def to_datetime(moment):
    """Return a Unix time as Odoo keeps it: naive, UTC; False for none."""
    return bool(moment) and datetime.fromtimestamp(moment, UTC).replace(tzinfo=None)


class MarketplaceDispute(models.Model):
    """A dispute brought to what Mangopay says now (D8).

    The row is locked first, then Mangopay is asked: of two who look, the second one
    sees what is later. What moved is looked up at Mangopay itself, object by object:
    the repudiation, and what was given back of it. Each is booked once, by its id.

    If the process dies: nothing of a look is kept before its commit; the notification
    is treated again, and the daily job looks at every dispute that is not over.
    """

    _inherit = "marketplace.dispute"

    def _to_minor(self, amount):
        # Rounded down there: what floats subtract to may be a hair below its cent.
        currency = self.currency_id
        return to_minor_currency_units(currency.round(amount), currency)

    def _to_major(self, minor):
        return to_major_currency_units(minor, self.currency_id)

    @api.model
    def _look_at(self, account, reference):
        """Bring a dispute to its present state.

        :return: the dispute; empty when its payment is not known here
        :raise GatewayError: when Mangopay does not say
        """
        domain = [("account_id", "=", account.id), ("reference", "=", reference)]
        dispute = self.sudo().search(domain)
        dispute.lock_for_update()
        gateway = account._get_gateway()
        payload = gateway.dispute(reference)
        if not dispute:
            dispute = self._create_from(account, payload)
        if dispute:
            dispute._apply(gateway, payload)
        return dispute

    @api.model
    def _look_at_payin(self, account, payin_id):
        """Bring the disputes of a payment to their present state."""
        found = self.sudo().browse()
        for payload in account._get_gateway().payin_disputes(payin_id):
            found |= self._look_at(account, payload["Id"])
        return found

    @api.model
    def _create_from(self, account, payload):
        """Write a dispute down, once.

        :raise ConcurrencyError: when another process writes the same: Odoo retries
        """
        tx_sudo = (
            self.env["payment.transaction"]
            .sudo()
            .search(
                [
                    ("provider_reference", "=", payload.get("InitialTransactionId")),
                    ("mangopay_wallet_id.account_id", "=", account.id),
                    ("operation", "!=", "refund"),
                ],
                limit=1,
            )
        )
        disputes_sudo = self.sudo().with_context(mail_create_nosubscribe=True)
        if not tx_sudo or not payload.get("InitialTransactionId"):
            return disputes_sudo.browse()
        minor = payload["DisputedFunds"]["Amount"]
        values = {
            "reference": payload["Id"],
            "account_id": account.id,
            "tx_id": tx_sudo.id,
            "sale_id": tx_sudo._get_marketplace_sale().id,
            "buyer_id": tx_sudo.mangopay_wallet_id.partner_id.id,
            "currency_id": tx_sudo.currency_id.id,
            "amount": to_major_currency_units(minor, tx_sudo.currency_id),
            "opened_at": to_datetime(payload.get("CreationDate"))
            or fields.Datetime.now(),
        }
        try:
            with self.env.cr.savepoint():
                return disputes_sudo.create(values)
        except UniqueViolation as error:
            raise ConcurrencyError(str(error)) from error

    def _apply(self, gateway, payload):
        """Take over what Mangopay says of a locked dispute, and do what follows."""
        self.ensure_one()
        before = self.state, self.result
        is_new = not self.kind
        self.write(self._prepare_from(payload))
        if self.repudiation_reference:
            self._book_repudiation(gateway)
            if self.state == "closed" and self.result != "LOST":
                self._book_given_back(gateway)
        # Mangopay has said all: the sale is held no longer than this takes.
        if self.sale_id:
            self.sale_id._raise_money_version()
            if self.sale_id._has_open_dispute():
                self.sale_id._withhold_refunds(self.env._("The payment is disputed."))
        self.sale_id._follow_money()
        if is_new or before != (self.state, self.result):
            self._tell(is_new)
        if self.result == "LOST":
            self._recover()
        elif self.state == "closed" and before[0] != "closed" and self.sale_id:
            self.sale_id._go_on_after_dispute()

    def _prepare_from(self, payload):
        reason = payload.get("DisputeReason") or {}
        contested = (payload.get("ContestedFunds") or {}).get("Amount") or 0
        parts = (reason.get("DisputeReasonType"), reason.get("DisputeReasonMessage"))
        return {
            "kind": payload.get("DisputeType"),
            "state": STATES.get(payload.get("Status"), self.state),
            "result": payload.get("ResultCode"),
            "reason": " – ".join(filter(None, parts)),
            "amount": self._to_major(payload["DisputedFunds"]["Amount"]),
            "amount_contested": self._to_major(contested),
            "deadline": to_datetime(payload.get("ContestDeadlineDate")),
            "closed_at": to_datetime(payload.get("ClosedDate")),
            "repudiation_reference": payload.get("RepudiationId"),
        }

    # What moved

    def _book_repudiation(self, gateway):
        """Write down what the bank took from the operator's wallet of disputes."""
        key = f"{self.repudiation_reference}:{Kind.DISPUTE}"
        if self._is_known(key):
            return
        repudiation = gateway.repudiation(self.repudiation_reference)
        if repudiation.get("Status") == "SUCCEEDED":
            minor = repudiation["DebitedFunds"]["Amount"]
            moment = to_datetime(repudiation.get("ExecutionDate"))
            self._write_down(Kind.DISPUTE, key, minor, repudiation["Id"], moment)
            taken = self._to_minor(self.amount_repudiated) + minor
            self.amount_repudiated = self._to_major(taken)

    def _book_given_back(self, gateway):
        """Write down what the bank gave back: the dispute was won."""
        for refund in gateway.repudiation_refunds(self.repudiation_reference):
            key = f"{refund['Id']}:{Kind.DISPUTE_WON}"
            if refund.get("Status") != "SUCCEEDED" or self._is_known(key):
                continue
            minor = refund["DebitedFunds"]["Amount"]
            moment = to_datetime(refund.get("ExecutionDate"))
            self._write_down(Kind.DISPUTE_WON, key, minor, refund["Id"], moment)
            taken = self._to_minor(self.amount_repudiated) - minor
            self.amount_repudiated = self._to_major(taken)

    def _is_known(self, key):
        domain = [("company_id", "=", self.company_id.id), ("key", "=", key)]
        return self.env["marketplace.entry"].sudo().search_count(domain, limit=1)

    def _write_down(self, kind, key, minor, reference, moment, operation=None):
        """Write a movement of the dispute down, once."""
        sale = self.sale_id
        lines = plan_dispute(
            kind,
            minor,
            self.buyer_id.id,
            (self.seller_id or self.buyer_id).id,
            is_held=bool(sale) and sale.state != "confirmed",
        )
        return self.env["marketplace.entry"]._write_down(
            kind.value,
            key,
            self.company_id,
            self.currency_id,
            lines,
            dispute_id=self.id,
            sale_id=sale.id,
            transaction_id=self.tx_id.id,
            reference=reference,
            date=moment,
            operation_id=operation and operation.id,
        )

    # Who is told

    def _tell(self, is_new):
        """Tell an accountant and the seller what changed."""
        self.activity_unlink([WARNING])
        if self.state in TO_ANSWER:
            self._call_accountant(
                self.env._("Card payment disputed: answer before the deadline"),
                self.env._(
                    "%(buyer)s contests %(amount)s at their bank. Ask %(seller)s for "
                    "evidence (attendance sheet, invoice, terms), then contest or "
                    "accept.",
                    buyer=self.buyer_id.display_name,
                    amount=self.currency_id.format(self.amount),
                    seller=self.seller_id.name or self.company_id.name,
                ),
                deadline=self.deadline,
            )
            self._mail_seller("mail_template_dispute_opened")
        elif self.state == "closed":
            self._tell_end()
        elif is_new and not self.sale_id:
            self._call_accountant(self.env._("Card payment disputed"), self.reason)

    def _tell_end(self):
        if self.result == "LOST" and self.sale_id:
            self._call_accountant(
                self.env._("Dispute lost: decide on the enrolment"),
                self._get_loss_note(),
            )
        elif self.result != "WON":
            self._call_accountant(
                self.env._("A disputed payment is closed: look at the enrolment"),
                self.env._(
                    "%(amount)s paid by %(buyer)s: %(result)s.",
                    amount=self.currency_id.format(self.amount),
                    buyer=self.buyer_id.display_name,
                    result=dict(self._fields["result"]._description_selection(self.env))
                    .get(self.result, "")
                    .lower(),
                ),
            )
        self._mail_seller("mail_template_dispute_closed")

    def _call_accountant(self, summary, note, deadline=None):
        self.activity_schedule(
            WARNING,
            date_deadline=deadline and fields.Date.context_today(self, deadline),
            summary=summary,
            note=to_note(note or ""),
            user_id=self.tx_id._get_mangopay_accountant().id,
        )

    def _mail_seller(self, template):
        if self.seller_id:
            self.env.ref(f"training_marketplace_payout.{template}").sudo()._send_soon(
                self.id
            )

    # What was missed

    @api.model
    def _cron_follow_disputes(self):
        """Look at every dispute that is not over, one commit each: lost ones whose
        money Mangopay had not taken yet among them."""
        disputes = self.search(
            Domain("state", "!=", "closed")
            | Domain("recovery", "=", "waiting")
            | (Domain("result", "=", "WON") & Domain("amount_repudiated", ">", 0))
            | (
                Domain("result", "=", "LOST")
                & Domain("recovery", "=", "none")
                & Domain("repudiation_reference", "!=", False)
                & Domain("sale_id", "!=", False)
            )
        )
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(disputes))
        for dispute in disputes:
            dispute._try_to_look()
            if not progress(1):
                return
