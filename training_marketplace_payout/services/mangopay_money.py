# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Wallets and movements of money at Mangopay. Amounts are integers, minor units."""


def make_funds(amount, currency):
    """Return an amount as Mangopay reads it.

    :raise TypeError: for anything but an integer: a float would be cut, not rounded
    """
    if type(amount) is not int:
        raise TypeError(f"Minor units are integers, not {amount!r}.")
    return {"Currency": currency, "Amount": amount}


def drop_empty(values):
    """Leave out what is not given: Mangopay takes an empty value for a value."""
    return {name: value for name, value in values.items() if value is not None}


class Money:
    """Wallets, pay-ins, transfers, refunds and payouts (guides/payments)."""

    # Wallets

    def create_wallet(self, owner_id, currency, description, *, key, tag=None):
        """Create a wallet of one currency for one user."""
        body = {
            "Owners": [owner_id],
            "Currency": currency,
            "Description": description[:255],
            "Tag": tag or key,
        }
        return self._create("wallets", body=body, key=key)

    def wallet(self, wallet_id):
        """Return a wallet and its Balance; an OWNER's may need the person's SCA."""
        return self._get("wallets", wallet_id)

    def wallets(self, user_id):
        """Return the wallets of a user; an OWNER's may need the person's SCA."""
        return self._list("users", user_id, "wallets")

    def wallet_transactions(self, wallet_id, **filters):
        """Return what moved in a wallet. Filters: Type, Status, Nature, AfterDate…"""
        return self._list("wallets", wallet_id, "transactions", **filters)

    def user_transactions(self, user_id, **filters):
        """Return what a user moved. Filters as for a wallet."""
        return self._list("users", user_id, "transactions", **filters)

    def client_wallets(self):
        """Return the platform's own wallets, of fees and of credit."""
        return self._list("clients", "wallets")

    def client_wallet(self, funds_type, currency):
        """Return one of the platform's wallets (FEES, CREDIT, DEFAULT)."""
        return self._get("clients", "wallets", funds_type, currency)

    def client_wallet_transactions(self, funds_type, currency, **filters):
        """Return what moved in one of the platform's wallets."""
        return self._list(
            "clients", "wallets", funds_type, currency, "transactions", **filters
        )

    # Pay-ins

    def create_card_payin(
        self, author_id, wallet_id, amount, currency, return_url, *, key, **options
    ):
        """Open a card payment on Mangopay's own page, at RedirectURL for 15 minutes.

        :param str return_url: at most 220 characters; it receives ``transactionId``
        :param options: fees (minor units), culture, card_type, secure_mode,
            statement_descriptor, beneficiaries (ids of users), tag
        """
        beneficiaries = options.get("beneficiaries")
        flow = beneficiaries and {
            "Beneficiaries": [{"UserId": one} for one in beneficiaries]
        }
        body = {
            "AuthorId": author_id,
            "CreditedWalletId": wallet_id,
            "DebitedFunds": make_funds(amount, currency),
            "Fees": make_funds(options.get("fees", 0), currency),
            "ReturnURL": return_url,
            "CardType": options.get("card_type", "CB_VISA_MASTERCARD"),
            "Culture": options.get("culture", "FR"),
            "SecureMode": options.get("secure_mode", "DEFAULT"),
            "StatementDescriptor": options.get("statement_descriptor"),
            "FlowDescriptor": flow or None,
            "Tag": options.get("tag") or key,
        }
        return self._create("payins", "card", "web", body=drop_empty(body), key=key)

    def create_bankwire_payin(
        self, author_id, wallet_id, amount, currency, *, key, tag=None
    ):
        """Announce a bank transfer; the answer names WireReference and BankAccount."""
        body = {
            "AuthorId": author_id,
            "CreditedWalletId": wallet_id,
            "DeclaredDebitedFunds": make_funds(amount, currency),
            "DeclaredFees": make_funds(0, currency),
            "Tag": tag or key,
        }
        return self._create("payins", "bankwire", "direct", body=body, key=key)

    def payin(self, payin_id):
        """Return a pay-in as it is now; a failed one is returned, not raised."""
        return self._get("payins", payin_id)

    # Transfers and refunds

    def create_transfer(
        self,
        author_id,
        from_wallet_id,
        to_wallet_id,
        amount,
        currency,
        *,
        key,
        **options,
    ):
        """Move money between wallets; the author owns the debited one.

        :param options: fees (minor units), sca_context, tag
        """
        body = {
            "AuthorId": author_id,
            "DebitedWalletId": from_wallet_id,
            "CreditedWalletId": to_wallet_id,
            "DebitedFunds": make_funds(amount, currency),
            "Fees": make_funds(options.get("fees", 0), currency),
            "ScaContext": options.get("sca_context"),
            "Tag": options.get("tag") or key,
        }
        return self._create("transfers", body=drop_empty(body), key=key)

    def transfer(self, transfer_id):
        """Return a transfer."""
        return self._get("transfers", transfer_id)

    def refund_payin(
        self, payin_id, author_id, *, key, amount=None, currency=None, fees=0, tag=None
    ):
        """Give a payment back, whole, or ``amount`` of it.

        :param int fees: minor units; negative gives commission back
        """
        body = self._make_refund(author_id, amount, currency, fees, tag or key)
        return self._create("payins", payin_id, "refunds", body=body, key=key)

    def refund_transfer(
        self,
        transfer_id,
        author_id,
        *,
        key,
        amount=None,
        currency=None,
        fees=0,
        tag=None,
    ):
        """Take a transfer back, whole, or ``amount`` of it."""
        body = self._make_refund(author_id, amount, currency, fees, tag or key)
        return self._create("transfers", transfer_id, "refunds", body=body, key=key)

    def _make_refund(self, author_id, amount, currency, fees, tag):
        body = {"AuthorId": author_id, "Tag": tag}
        if amount is not None:
            # Mangopay wants both for a part, neither for the whole.
            body["DebitedFunds"] = make_funds(amount, currency)
            body["Fees"] = make_funds(fees, currency)
        return body

    def refund(self, refund_id):
        """Return a refund, of a pay-in, a transfer or a payout."""
        return self._get("refunds", refund_id)

    def payin_refunds(self, payin_id):
        """Return the refunds of a pay-in."""
        return self._list("payins", payin_id, "refunds")

    def transfer_refunds(self, transfer_id):
        """Return the refunds of a transfer."""
        return self._list("transfers", transfer_id, "refunds")

    def payout_refunds(self, payout_id):
        """Return what the bank sent back of a payout."""
        return self._list("payouts", payout_id, "refunds")

    # Payouts

    def create_payout(
        self, author_id, wallet_id, recipient_id, amount, currency, *, key, **options
    ):
        """Pay a wallet out to a Recipient.

        :param options: fees (minor units, below the amount), reference (on the bank
            statement), mode (STANDARD, INSTANT_PAYMENT…), payment_ref, tag
        """
        body = {
            "AuthorId": author_id,
            "DebitedWalletId": wallet_id,
            "RecipientId": recipient_id,
            "DebitedFunds": make_funds(amount, currency),
            "Fees": make_funds(options.get("fees", 0), currency),
            "BankWireRef": options.get("reference"),
            "PayoutModeRequested": options.get("mode", "STANDARD"),
            "PaymentRef": options.get("payment_ref"),
            "Tag": options.get("tag") or key,
        }
        return self._create("payouts", "bankwire", body=drop_empty(body), key=key)

    def payout(self, payout_id):
        """Return a payout."""
        return self._get("payouts", payout_id)

    def payout_mode(self, payout_id):
        """Return a payout with how it was really sent: ModeApplied, FallbackReason."""
        return self._get("payouts", "bankwire", payout_id)
