# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.payment.utils import (
    to_major_currency_units,
    to_minor_currency_units,
)
from odoo.addons.training_catalogue_payment.utils import to_note

from ..services import payout
from ..services.mangopay_outcomes import is_payee_unverified, is_wrong_account
from ..services.marketplace_entries import (
    Account,
    Kind,
    plan_fees,
    plan_payout,
    plan_return,
)

ROLES = {"commission": Account.DUE, "debt": Account.DEBIT}
WARNING = "mail.mail_activity_data_warning"


class MarketplacePayout(models.Model):
    """What became of a payout: paid, refused, or sent back by the bank (B18, B19).

    A payout is booked when Mangopay says that it succeeded: until then nothing left
    for good, and the live payout stops any other. Each end is written, with the
    movements to book, in the transaction that marks the operation as followed up, or
    the event as treated: both or neither.
    """

    _inherit = "marketplace.payout"

    def _minor(self, amount):
        # Rounded down there: what floats subtract to may be a hair below its cent.
        currency = self.currency_id
        return to_minor_currency_units(currency.round(amount), currency)

    def _on_mangopay_made(self, operation):
        result = super()._on_mangopay_made(operation)
        if operation.kind == "payout":
            self.reference = operation.provider_reference
        return result

    def _on_mangopay_succeeded(self, operation):
        result = super()._on_mangopay_succeeded(operation)
        if operation.kind == "payout":
            self._set_done(operation)
        return result

    def _on_mangopay_failed(self, operation):
        if operation.kind == "payout":
            self._set_failed(operation)
        return super()._on_mangopay_failed(operation)

    def _on_mangopay_changed(self, operation, payload):
        """What a person had declared failed, and Mangopay did, is booked all the
        same."""
        result = super()._on_mangopay_changed(operation, payload)
        is_late = operation.kind == "payout" and payload.get("Status") == "SUCCEEDED"
        if is_late and self.state == "failed":
            self.reference = payload["Id"]
            self._set_done(operation)
        return result

    def _retry_mangopay(self, operation):
        """Override: another payout is counted anew, never the same one asked again.

        :raise UserError: always
        """
        raise UserError(
            self.env._("Say on the payout that it is to be tried again: it is counted.")
        )

    # Paid

    def _set_done(self, operation):
        self.write(
            {
                "state": "done",
                "paid_at": operation._get_moment() or fields.Datetime.now(),
                "problem_code": False,
                "problem_said": False,
                "notice": "done",
            }
        )
        self._write_down_payout(operation)
        self._follow_on_line()
        (self | self._find_made_good()).activity_unlink([WARNING])
        self._trigger_notices()

    def _find_made_good(self):
        """Return the payouts that failed or came back before, and whose money left
        with this one: nobody has to look at them any more."""
        domain = [
            ("company_id", "=", self.company_id.id),
            ("seller_id", "=", self.seller_id.id),
            ("currency_id", "=", self.currency_id.id),
            ("state", "in", ("failed", "returned")),
            ("id", "<", self.id),
        ]
        return self.search(domain)

    def _write_down_payout(self, operation):
        seller = self.seller_id.id
        movements = [(Kind.PAYOUT, plan_payout(seller, self._minor(self.net_amount)))]
        netted = [
            (ROLES[fee.kind], self._minor(fee.amount), fee.move_line_id.id)
            for fee in self.fee_ids
        ]
        if netted:
            movements.append((Kind.PAYOUT_FEES, plan_fees(seller, netted)))
        self._write_down(movements, self.reference, self.paid_at, operation)

    def _write_down(self, movements, reference, date, operation=None):
        return self.env["marketplace.entry"]._write_down_all(
            self.company_id,
            self.currency_id,
            [(kind.value, f"{reference}:{kind}", lines) for kind, lines in movements],
            date=date,
            reference=reference,
            payout_id=self.id,
            operation_id=operation and operation.id,
        )

    # Refused

    def _set_failed(self, operation):
        """Nothing left the wallet for good: nothing is booked, and the next run tries
        again, unless somebody says so before."""
        self.write(
            {
                "state": "failed",
                "problem_code": operation.error_code,
                "problem_said": operation.error_message,
                "notice": "failed",
            }
        )
        self._follow_on_line()
        if is_payee_unverified(operation.error_code) and self.contract_id:
            # It is paid again once it is verified: nothing else has to be said.
            self.write({"is_dismissed": True, "notice": False})
            self.contract_id._ask_verification()
        self._tell_operator(self.env._("A payout was refused"), self.problem)
        self._trigger_notices()

    def action_try_again(self):
        """Let what failed be asked again, counted anew (managers)."""
        self._check_decider()
        for payout_sudo in self.sudo().filtered(lambda one: one.state == "failed"):
            payout_sudo.is_dismissed = True
            payout_sudo.activity_unlink([WARNING])
            payout_sudo.run_id._wake_up()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # Sent back by the bank

    @api.model
    def _find_returned(self, account, refund):
        """Return the payout that a refund object gives back, locked; maybe none."""
        domain = [
            ("reference", "=", refund.get("InitialTransactionId") or ""),
            ("wallet_id.account_id", "=", account.id),
        ]
        found = self.search(domain, limit=1)
        found.lock_for_update()
        return found

    def _record_return(self, refund):
        """Write down a payout that the bank sent back: exactly what the object says.

        What came back into the wallet above what the bank had received is fees; those
        paid last come back first, and what they had paid is owed again.

        :param dict refund: Mangopay's, of Nature REFUND, that succeeded
        :return: whether the payout was known as paid
        """
        self.ensure_one()
        if self.state not in ("done", "returned"):
            return False
        key = f"{refund['Id']}:{Kind.PAYOUT_RETURN}"
        entries = self.env["marketplace.entry"]
        domain = [("company_id", "=", self.company_id.id), ("key", "=", key)]
        if entries.search_count(domain, limit=1):
            return True
        net, back = self._read_return(refund)
        shares = self._take_back_fees(back)
        lines = plan_return(
            self.seller_id.id,
            net,
            [(ROLES[fee.kind], part, fee.move_line_id.id) for fee, part in shares],
        )
        moment = refund.get("ExecutionDate")
        date = moment and datetime.fromtimestamp(moment, UTC).replace(tzinfo=None)
        self._write_down([(Kind.PAYOUT_RETURN, lines)], refund["Id"], date)
        self._set_returned(refund, net, back)
        return True

    def _read_return(self, refund):
        """Return (what the bank sent back, fees that came with it), minor units.

        :raise ValueError: for more than there was
        """
        credited = refund["CreditedFunds"]["Amount"]
        back = max(-((refund.get("Fees") or {}).get("Amount") or 0), 0)
        net = credited - back
        net_left = self._minor(self.net_amount - self.amount_returned)
        if net > net_left:
            back, net = back + net - net_left, net_left
        if net < 0 or back > self._minor(self.fee_amount - self.fee_returned):
            raise ValueError(f"More came back of {self.reference} than was paid.")
        return net, back

    def _take_back_fees(self, back):
        """Mark fees as given back, those paid last first.

        :return: (fee, minor units)
        """
        left = [
            (fee, self._minor(fee.amount - fee.amount_returned)) for fee in self.fee_ids
        ]
        shares = payout.share_back(back, left)
        for fee, part in shares:
            fee.amount_returned += to_major_currency_units(part, self.currency_id)
        return shares

    def _set_returned(self, refund, net, back):
        reason = refund.get("RefundReason") or {}
        code = reason.get("RefundReasonType")
        currency = self.currency_id
        self.write(
            {
                "state": "returned",
                "amount_returned": self.amount_returned
                + to_major_currency_units(net, currency),
                "fee_returned": self.fee_returned
                + to_major_currency_units(back, currency),
                "problem_code": code,
                "problem_said": reason.get("RefundReasonMessage"),
                "notice": "returned",
            }
        )
        self.recipient_id._doubt(self.problem or "", is_wrong=is_wrong_account(code))
        self._follow_on_line()
        self._tell_operator(self.env._("The bank sent a payout back"), self.problem)
        self._trigger_notices()

    # Who is told

    def _tell_operator(self, summary, reason):
        """Leave an activity on the payout for whoever looks after sellers' money."""
        manager = self.contract_id and self.contract_id._find_manager()
        accountant = self.env["marketplace.entry"].new(
            {"company_id": self.company_id.id}
        )
        self.activity_schedule(
            WARNING,
            summary=summary,
            note=to_note(reason),
            user_id=(manager or accountant._get_accountant()).id,
        )


class MangopayEvent(models.Model):
    """A payout that a bank sent back: a refund that Mangopay makes itself."""

    _inherit = "mangopay.event"

    def _apply_other(self):
        """Override to record it on its payout, once; before that is known as paid, the
        event waits."""
        if super()._apply_other():
            return True
        if not self.event_type.startswith("PAYOUT_REFUND_"):
            return False
        refund = self._fetch("payin_refund")
        payouts_sudo = self.env["marketplace.payout"].sudo()
        found = payouts_sudo._find_returned(self.account_id, refund)
        if not found:
            return False
        return refund.get("Status") != "SUCCEEDED" or found._record_return(refund)
