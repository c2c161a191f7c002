# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Result codes of transactions, with the message that Mangopay gives."""

SUCCESS = "000000"

MESSAGES = {
    SUCCESS: "Success",
    "001001": "Unsufficient wallet balance",
    "001014": "DebitedFunds must be more than Fees (CreditedFunds must be positive)",
    "001030": "User has not been redirected",
    "001031": "User canceled the payment",
    "001033": "User has not been redirected then the payment session has expired",
    "001034": "User has let the payment session expire without paying",
    "001401": "Transaction has already been successfully refunded",
    "001403": "Maximum refund delay has been exceeded",
    "001404": "No more refunds can be created against this transaction",
    "001505": "The preauthorization cannot be captured for this amount",
    "002601": "User owning a wallet of this operation is closed",
    "002701": "User owning credited wallet is of category PAYER and cannot be credited",
    "002702": "User owning credited wallet is of category PAYER and cannot receive "
    "transfers from another user",
    "002951": "The following beneficiaries are not verified: {users}",
    "002998": "Blocked due to the Bank Account User's KYC limitations (maximum debited "
    "or credited amount reached)",
    "002999": "Blocked due to a Debited User's KYC limitations (maximum debited or "
    "credited amount reached)",
    "003010": "The total DebitedFunds settled cannot exceed the initial transaction "
    "DebitedFunds available for settlement",
    "003011": "The total CreditedFunds settled cannot exceed the repudiated amount",
    "003012": "The total Fees settled cannot exceed the initial transaction Fees",
    "005403": "The refund cannot exceed initial transaction amount",
    "005404": "The refunded fees cannot exceed initial fee amount",
    "005405": "Balance of client fee wallet unsufficient",
    "005406": "Duplicated operation: another refund of this transaction is pending",
    "005407": "Duplicated operation: you cannot reimburse the same amount more than "
    "once for a transaction during the same day.",
    "005408": "The refund is not possible: the transaction is disputed",
    "007101": "The SCA session failed: too many attempts",
    "007102": "The SCA session has expired",
    "008999": "Suspicion of fraud",
    "101001": "The user does not complete transaction",
    "101002": "The transaction has been cancelled by the user",
    "101101": "Transaction refused by the bank (Do not honor)",
    "101102": "Transaction refused by the bank (Amount limit)",
    "101105": "The card has expired",
    "101108": "The debited wallet and the credited wallet must be different",
    "101109": "The payment period has expired",
    "101110": "The payment has been refused",
    "101301": "Secure mode: 3DSecure authentication has failed",
    "101304": "Secure mode: 3DSecure authentication session has expired",
    "101305": "Secure mode: 3DSecure authentication is required (soft decline)",
    "101410": "The card is not active",
    "105202": "Card number: invalid format",
    "105203": "Expiry date: missing or invalid format",
    "105204": "CVV: missing or invalid format",
    "105206": "The token is unknown or was used already",
    "121001": "The bank wire has been refused",
    "121006": "The associated bank account is not active",
    "121018": "The bank account object cannot be used for payouts: use a Recipient",
    "121030": "The bank account's owner does not match (verification of payee)",
    "121999": "Generic withdrawal error",
    "130008": "Duplicated operation: same amount to the same account within 24 hours",
    "130010": "The bank of the beneficiary cannot be reached by instant payment",
}


def message(code, **values):
    """The message of a code; a code set by hand has none of its own."""
    return MESSAGES.get(code, "Operation refused").format(**values)
