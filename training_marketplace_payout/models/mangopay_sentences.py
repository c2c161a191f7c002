# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Mangopay's codes in a seller's words."""


def describe_refusal(env, record):
    """Return why Mangopay refused something, and what helps.

    :param record: has ``reason_code`` and ``reason_message``, Mangopay's own
    """
    known = {**_get_document_reasons(env), **_get_owner_reasons(env)}
    sentence = known.get(record.reason_code)
    said = record.reason_message
    if sentence and said:
        return env._(
            "%(sentence)s Mangopay adds: « %(said)s »", sentence=sentence, said=said
        )
    return (
        sentence
        or said
        or env._("Mangopay gave no reason. Send a clear, whole and recent document.")
    )


def _get_document_reasons(env):
    _ = env._
    return {
        "DOCUMENT_UNREADABLE": _(
            "The file cannot be read: take a sharp picture, flat, without reflections, "
            "with the four corners in sight."
        ),
        "DOCUMENT_NOT_ACCEPTED": _(
            "This kind of document is not accepted: send one of those named here."
        ),
        "DOCUMENT_HAS_EXPIRED": _("The document has expired: send a valid one."),
        "DOCUMENT_INCOMPLETE": _(
            "A page is missing: send both sides, and all pages, in one go."
        ),
        "DOCUMENT_MISSING": _("The file holds another document than the one asked."),
        "DOCUMENT_DO_NOT_MATCH_USER_DATA": _(
            "The name, the date of birth or the number in the document differs from "
            "what was declared: correct one or the other."
        ),
        "DOCUMENT_FALSIFIED": _(
            "The document seems to have been altered: send the original as it is."
        ),
        "UNDERAGE_PERSON": _("The person in the document is under 18."),
        "SPECIFIC_CASE": _("Mangopay needs to know more: contact us."),
    }


def _get_owner_reasons(env):
    _ = env._
    return {
        "MISSING_UBO": _("A beneficial owner is missing from the declaration."),
        "WRONG_UBO_INFORMATION": _(
            "Something said of a beneficial owner is wrong: check names, dates, places."
        ),
        "UBO_IDENTITY_NEEDED": _(
            "Mangopay wants an identity document of a beneficial owner."
        ),
        "SHAREHOLDERS_DECLARATION_NEEDED": _(
            "Mangopay wants a declaration of shareholders, signed."
        ),
        "ORGANIZATION_CHART_NEEDED": _(
            "Mangopay wants a chart of the companies that own yours."
        ),
        "DOCUMENTS_NEEDED": _("Mangopay wants more documents."),
        "DECLARATION_DO_NOT_MATCH_UBO_INFORMATION": _(
            "The declaration of shareholders and the beneficial owners named differ."
        ),
    }


def describe_payout_problem(env, code, said):
    """Return why a payout did not arrive, as a seller understands it.

    :param code: of a refund's reason (RefundReasonType), of ISO 20022, or of Mangopay
    :param said: what the bank or Mangopay adds; it stands where the code is not known
    """
    sentence = _get_payout_reasons(env).get(code)
    if sentence and said and code != "121999":
        return env._("%(sentence)s (%(said)s)", sentence=sentence, said=said)
    return sentence or said or code or False


def _get_payout_reasons(env):
    _ = env._
    closed = _("The bank account has been closed.")
    incorrect = _("The number of the bank account is not right.")
    owner = _("The bank account is not in the name of the organisation.")
    return {
        "BANKACCOUNT_HAS_BEEN_CLOSED": closed,
        "AC04": closed,
        "BANKACCOUNT_INCORRECT": incorrect,
        "AC01": incorrect,
        # Mangopay spells it both ways (guides/payouts, api-reference/refunds).
        "OWNER_DO_NOT_MATCH_BANKACCOUNT": owner,
        "OWNER_DOT_NOT_MATCH_BANKACCOUNT": owner,
        "BE01": owner,
        "AC06": _("The bank account is blocked."),
        "RC01": _("The code of the bank (BIC) is not right."),
        "AG01": _("The bank account cannot receive transfers."),
        "WITHDRAWAL_IMPOSSIBLE_ON_SAVINGS_ACCOUNTS": _(
            "A savings account cannot be paid to: give a current account."
        ),
        "MS03": _("The bank gives no reason."),
        "OTHER": _("The bank gives no reason."),
        "121999": _("The transfer to the bank failed, without a reason."),
    }


def describe_dispute_reason(env, reason):
    """Return why a buyer contests a payment, in words.

    :param reason: the bank's code, maybe followed by « – » and its own words
    """
    _ = env._
    names = {
        "FRAUD": _("Fraud: the card's holder did not pay"),
        "DUPLICATE": _("Paid twice"),
        "PRODUCT_UNACCEPTABLE": _("What was sold is not as described"),
        "PRODUCT_NOT_PROVIDED": _("What was sold was not provided"),
        "AUTHORISATION_DISPUTED": _("The holder did not agree to the payment"),
        "TRANSACTION_NOT_RECOGNIZED": _("The holder does not recognise the payment"),
        "REFUND_NOT_PROCESSED": _("A promised refund was not made"),
        "CANCELED_REOCCURING_TRANSACTION": _("The payment had been cancelled"),
        "UNKNOWN": _("The bank gives no reason."),
        "OTHER": _("The bank gives no reason."),
    }
    code, dash, said = (reason or "").partition(" – ")
    return f"{names.get(code, code)}{dash}{said}" or False


def describe_error(env, error):
    """Return what to tell a person about a call to Mangopay that gave nothing.

    :param GatewayError error: what is known of it
    """
    if error.is_definite:
        return env._("Mangopay answers: « %(message)s »", message=error.message)
    return env._(
        "Mangopay does not answer for the moment. Nothing is lost: try again in a few "
        "minutes."
    )
