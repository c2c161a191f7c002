# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from urllib.parse import urlencode

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.payment import utils as payment_utils
from odoo.addons.training_catalogue_payment.utils import refuse_protected

from ..services.mangopay_errors import GatewayError
from ..services.mangopay_outcomes import make_descriptor, read_culture

_logger = logging.getLogger(__name__)

START_PATH = "/payment/mangopay/start"
RETURN_PATH = "/payment/mangopay/return"
# Mangopay's own limit (api-reference/web-card-payins).
URL_LIMIT = 220


class PaymentTransaction(models.Model):
    """A card payment on Mangopay's own page, into the buyer's wallet (D10).

    The transaction is committed by the checkout. A second request of ours finds it,
    has what is missing made by the outbox (user, wallet, payment) and sends the buyer
    on. What became of it is asked of Mangopay, when the buyer comes back, when it
    announces something, and every twenty minutes: whoever is first decides, once.
    """

    _name = "payment.transaction"
    _inherit = ["payment.transaction", "mangopay.subject.mixin"]

    mangopay_wallet_id = fields.Many2one(
        "mangopay.wallet",
        string="Wallet credited",
        copy=False,
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )

    def write(self, vals):
        # Refunds are asked from this wallet, and what comes back is compared with it.
        refuse_protected(self, vals, {"mangopay_wallet_id"})
        return super().write(vals)

    # On the way out

    def _get_specific_rendering_values(self, processing_values):
        """Override of `payment` to have the browser make our second request (D7)."""
        if self.provider_code != "mangopay":
            return super()._get_specific_rendering_values(processing_values)
        return {"api_url": START_PATH, "url_params": self._get_mangopay_parameters()}

    def _get_mangopay_parameters(self):
        """Return what makes an address of ours this transaction's, and no other's."""
        self.ensure_one()
        token = payment_utils.generate_access_token(
            "mangopay", self.id, self.reference, env=self.env
        )
        return {"tx": self.id, "access_token": token}

    def _open_mangopay_page(self):
        """Return the address of Mangopay's page for this payment, once it exists.

        Each step is committed before Mangopay is called and after it. If the process
        dies: before a call, nothing was asked; after it, the outbox finds what was
        made by its key, and this method, called again, goes on from there.

        :return: the address; False as long as Mangopay does not answer, or when it
            refused: the transaction then says why
        :raise UserError: when the buyer's details lack something
        """
        self.ensure_one()
        wallet = self._ensure_mangopay_wallet()
        if not wallet.mangopay_id:
            return False
        operation = self._request_mangopay_payin(wallet)
        if operation.state != "pending":
            operation._send_for_visitor()
        is_open = operation.state == "pending"
        return is_open and (operation.answer or {}).get("RedirectURL")

    def _ensure_mangopay_wallet(self):
        """Return the buyer's wallet; its id is there once Mangopay made it."""
        order = self.sale_order_ids[:1]
        account = self.provider_id._get_mangopay_account()
        contact = order.partner_id or self.partner_id
        user = contact.sudo()._ensure_mangopay_payer(account)
        wallet = user._get_wallet(self.currency_id)
        if not user.mangopay_id:
            self._send_mangopay_step(user, "user")
        if user.mangopay_id and not wallet.mangopay_id:
            wallet._request_creation()
            self._send_mangopay_step(wallet, "wallet")
        return wallet

    def _send_mangopay_step(self, record, kind):
        operation = record._get_mangopay_operations(kind)[:1]
        operation._send_for_visitor()
        if operation.state == "failed":
            self._fail_mangopay_payin(operation)

    def _request_mangopay_payin(self, wallet):
        attempts = self._get_mangopay_operations("payin")
        if attempts:
            # One payment of Mangopay for one transaction; another try is another one.
            return attempts[:1]
        self.mangopay_wallet_id = wallet
        return self.env["mangopay.operation"]._request(
            "payin",
            self,
            wallet.account_id,
            self._prepare_mangopay_payin(wallet),
            amount_minor=self._get_mangopay_minor(),
            currency_id=self.currency_id.id,
            reason=self.reference,
        )

    def _prepare_mangopay_payin(self, wallet):
        return {
            "author_id": wallet.user_id.mangopay_id,
            "wallet_id": wallet.mangopay_id,
            "return_url": self._get_mangopay_return_url(),
            "culture": read_culture(self.partner_lang),
            "statement_descriptor": make_descriptor(self.company_id.name),
        }

    def _get_mangopay_return_url(self):
        parameters = urlencode(self._get_mangopay_parameters())
        website = self.sale_order_ids.website_id or self.provider_id
        url = f"{website.get_base_url()}{RETURN_PATH}?{parameters}"
        if len(url) > URL_LIMIT:
            raise UserError(
                self.env._("The address of this site is too long for Mangopay.")
            )
        return url

    def _get_mangopay_minor(self):
        return payment_utils.to_minor_currency_units(abs(self.amount), self.currency_id)

    # On the way back

    def _look_at_mangopay_payin(self):
        """Ask Mangopay now what became of the payment, and apply it.

        Nothing that a visitor brings back is believed. Committed on its way.
        """
        self.ensure_one()
        operation = self._get_mangopay_operations("payin")[:1]
        if operation and operation.state in ("pending", "unknown"):
            operation._send_for_visitor()
        if operation.state == "pending" and self.state == "draft":
            # The buyer came back before the bank's answer: no second payment meanwhile.
            self._set_pending()

    def _on_mangopay_made(self, operation):
        result = super()._on_mangopay_made(operation)
        if operation.kind in ("payin", "payin_refund"):
            self.provider_reference = operation.provider_reference
        return result

    def _on_mangopay_succeeded(self, operation):
        result = super()._on_mangopay_succeeded(operation)
        if operation.kind == "payin":
            self._receive_mangopay_payin(operation)
        return result

    def _on_mangopay_failed(self, operation):
        if operation.kind == "payin":
            self._fail_mangopay_payin(operation)
        return super()._on_mangopay_failed(operation)

    def _receive_mangopay_payin(self, operation):
        """The money is in the buyer's wallet: do at once what follows a payment (R16).

        Amount and currency were compared by the outbox. A payment that was given up
        here before the money came is a payment all the same (R10).
        """
        answer, wallet = operation.answer, self.mangopay_wallet_id
        ours = (wallet.user_id.mangopay_id, wallet.mangopay_id)
        if (answer.get("AuthorId"), answer.get("CreditedWalletId")) != ours:
            _logger.warning("Pay-in %s is of another buyer.", answer.get("Id"))
            operation.error_message = self.env._("It is of another buyer or wallet.")
            operation._call_for_a_person()
            return
        self._set_done(extra_allowed_states=("cancel",))
        if not self.is_post_processed:
            self._post_process()

    def _close_payment(self):
        """Override of the catalogue: a page of Mangopay cannot be closed before its 15
        minutes. What is paid on it after this is a payment of an order that is paid:
        it is given back (R11)."""
        if self.provider_code != "mangopay":
            return super()._close_payment()
        operation = self._get_mangopay_operations("payin")[:1]
        if not operation.provider_reference:
            return True
        gateway = operation.account_id._try_gateway()
        try:
            payin = gateway and gateway.payin(operation.provider_reference)
        except GatewayError:
            return False
        return bool(payin) and payin.get("Status") != "SUCCEEDED"

    # What stock would do of it

    def _create_payment(self, **extra_create_values):
        """Override of `account_payment`: the money is the seller's. It is no payment
        of the operator's customer, on no account of customers (D9)."""
        if self.provider_code == "mangopay":
            return self.env["account.payment"]
        return super()._create_payment(**extra_create_values)
