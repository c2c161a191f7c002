# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.payment.utils import (
    to_major_currency_units,
    to_minor_currency_units,
)

from ..services.marketplace_entries import Kind, plan_topup


class MarketplaceTopup(models.Model):
    """The bank transfer by which the operator funds a seller's wallet (B19, D9).

    A pay-in by bank transfer into the seller's wallet, announced to Mangopay by the
    outbox. Its author is the operator's own user, a PAYER of its company's contact: the
    money comes from its bank account, and Mangopay wants the author to be who pays
    (api-reference/bank-wire-payins); nobody else's documents are asked for that.

    What arrives is booked as it arrived: less, and the rest is announced again; more,
    and what is over is the seller's, who owes as much. Whenever it comes, even once it
    is no longer needed, it is booked: the money is there.

    If the process dies: the row is kept with what opened it. The announcement is an
    operation of the outbox, sent after the commit under one key. What arrived is
    written here with its movement to book and with the next step of the refunds it is
    for, in the transaction that marks the operation as followed up: all or nothing.
    """

    _inherit = "marketplace.topup"

    def _to_minor(self, amount):
        # Rounded down there: what floats subtract to may be a hair below its cent.
        currency = self.currency_id
        return to_minor_currency_units(currency.round(amount), currency)

    def _to_major(self, minor):
        return to_major_currency_units(minor, self.currency_id)

    # Announcing it

    def _announce(self, minor):
        """Have Mangopay expect a bank transfer of an amount.

        :param int minor: what is missing in the wallet
        """
        self.ensure_one()
        self.write({"amount": self._to_major(minor), "problem": False})
        account = self.sale_id.tx_id.mangopay_wallet_id.account_id
        wallet = self.sale_id._get_seller_wallet()
        try:
            payer = self._ensure_payer(account)
        except UserError as error:
            self._set_refused(str(error))
            return
        if not wallet or not payer.mangopay_id:
            # Announced as soon as Mangopay has made the operator's user.
            self.state = "draft"
            return
        operation = self._get_mangopay_operations("bankwire")[:1]
        if operation.state in ("draft", "sending", "unknown", "pending"):
            # What was announced stands, whatever more is missing: the rest later.
            return
        self.state = "draft"
        self.env["mangopay.operation"]._request(
            "bankwire",
            self,
            account,
            {"author_id": payer.mangopay_id, "wallet_id": wallet.mangopay_id},
            again=True,
            amount_minor=minor,
            currency_id=self.currency_id.id,
            reason=self.refund_id.reference,
        )

    def _ensure_payer(self, account):
        """Return the operator's user at Mangopay, asked for if need be.

        :raise UserError: when the company has no name or e-mail address
        """
        company = self.company_id.partner_id
        people = company.child_ids.filtered(
            lambda child: child.type == "contact" and not child.is_company
        )
        return (people[:1] or company)._ensure_mangopay_payer(account)

    @api.model
    def _announce_waiting(self, payer):
        """Announce what waited for the operator's user, now known to Mangopay."""
        for topup in self._get_unannounced(payer):
            topup._announce(topup._to_minor(topup.amount))

    @api.model
    def _get_unannounced(self, payer):
        domain = [
            ("state", "=", "draft"),
            ("is_open", "=", True),
            ("company_id.partner_id.commercial_partner_id", "=", payer.partner_id.id),
        ]
        return self.sudo().search(domain)

    def _on_mangopay_made(self, operation):
        result = super()._on_mangopay_made(operation)
        if operation.kind == "bankwire" and operation.state == "pending":
            answer = operation.answer
            bank = answer.get("BankAccount") or {}
            self.write(
                {
                    "state": "waiting",
                    "wire_reference": answer.get("WireReference"),
                    "bank_owner": bank.get("OwnerName"),
                    "bank_iban": bank.get("IBAN"),
                    "bank_bic": bank.get("BIC"),
                }
            )
            self._call_accountant()
        return result

    def _on_mangopay_failed(self, operation):
        if operation.kind == "bankwire" and self.state in ("draft", "waiting"):
            self._set_refused(operation.error_message or operation.error_code)
        return super()._on_mangopay_failed(operation)

    def _set_refused(self, problem):
        self.write({"state": "refused", "problem": problem})
        self._call_accountant()

    # What arrived

    def _on_mangopay_succeeded(self, operation):
        result = super()._on_mangopay_succeeded(operation)
        if operation.kind == "bankwire":
            self._receive(operation.answer, operation._get_moment(), operation)
        return result

    def _receive(self, payin, moment, operation=None):
        """Write down a bank transfer that arrived, once, and go on with what waits.

        :param dict payin: the pay-in as Mangopay gives it
        :param moment: when it arrived; None when Mangopay does not say
        """
        self.ensure_one()
        funds = payin.get("CreditedFunds") or payin.get("DebitedFunds") or {}
        minor = funds.get("Amount") or 0
        key = f"{payin['Id']}:{Kind.TOPUP}"
        entries = self.env["marketplace.entry"].sudo()
        known = [("company_id", "=", self.company_id.id), ("key", "=", key)]
        if minor <= 0 or entries.search_count(known, limit=1):
            return
        self.sale_id._get_seller_wallet()._raise_money_version()
        entries._write_down(
            Kind.TOPUP.value,
            key,
            self.company_id,
            self.currency_id,
            plan_topup(minor, self.seller_id.id),
            topup_id=self.id,
            sale_id=self.sale_id.id,
            reference=payin["Id"],
            date=moment,
            operation_id=operation and operation.id,
        )
        received = self._to_minor(self.amount_received) + minor
        self.amount_received = self._to_major(received)
        if self.is_open:
            still = max(self._to_minor(self.amount) - minor, 0)
            self.write({"state": "received", "amount": self._to_major(still)})
        self._send_mail("mail_template_topup_received")
        self._serve(self.company_id, self.seller_id, self.currency_id)
        if self.is_open and not self._is_under_way():
            self._announce_rest()


class MangopayUser(models.Model):
    _inherit = "mangopay.user"

    def _on_mangopay_made(self, operation):
        """Override: the operator's own user is there; announce what waited for it."""
        result = super()._on_mangopay_made(operation)
        if operation.kind == "user" and self.category == "PAYER":
            self.env["marketplace.topup"]._announce_waiting(self)
        return result

    def _on_mangopay_failed(self, operation):
        result = super()._on_mangopay_failed(operation)
        if operation.kind == "user" and self.state == "refused":
            for topup in self.env["marketplace.topup"]._get_unannounced(self):
                topup._set_refused(operation.error_message or operation.error_code)
        return result


class MangopayWallet(models.Model):
    _inherit = "mangopay.wallet"

    money_version = fields.Integer(
        readonly=True, help="Raised by whoever decides on what is in the wallet."
    )

    def _raise_money_version(self):
        """Make the second of two that share out a wallet be replayed; see
        `marketplace.sale._raise_money_version`."""
        if not self:
            return
        self.flush_recordset()
        self.env.cr.execute(
            "UPDATE mangopay_wallet SET money_version = COALESCE(money_version, 0) + 1"
            " WHERE id IN %s",
            [tuple(self.ids)],
            log_exceptions=False,
        )
        self.invalidate_recordset(["money_version"])
