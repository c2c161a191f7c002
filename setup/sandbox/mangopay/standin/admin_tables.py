# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the admin page shows of each kind of object, and what it lets people do.

A column is ``(French, English, what it shows, class)``; an action is
``(name, French, English, hidden values)``, or with a choice ``(…, values, field,
choices)``.
"""

from . import kyc, ubo
from .actions import RETURN_REASONS
from .texts import amount


def _money(name):
    return lambda obj, lang: amount(obj[name], lang) if obj.get(name) else ""


def _plain(name):
    return lambda obj, _lang: obj.get(name)


def _who(obj, _lang):
    if obj["PersonType"] == "LEGAL":
        return obj["Name"]
    return f"{obj['FirstName']} {obj['LastName']}"


def _kind(obj, _lang):
    return obj.get("LegalPersonType") or "NATURAL"


def _result(obj, _lang):
    if obj.get("ResultCode") in (None, "000000"):
        return ""
    return f"{obj['ResultCode']} {obj['ResultMessage']}"


# What people read in French; the API's own word is shown when pointed at.
STATES = {
    "CREATED": "en attente",
    "SUCCEEDED": "réussi",
    "FAILED": "échoué",
    "PENDING": "en attente",
    "ACTIVE": "actif",
    "CANCELED": "annulé",
    "DEACTIVATED": "désactivé",
    "CLOSED": "clos",
    "PENDING_USER_ACTION": "à authentifier",
    "LIGHT": "non vérifié",
    "REGULAR": "vérifié",
    "VALIDATION_ASKED": "à examiner",
    "VALIDATED": "validé",
    "REFUSED": "refusé",
    "OUT_OF_DATE": "périmé",
    "INCOMPLETE": "incomplet",
    "REVIEW": "à examiner",
    "PENDING_CLIENT_ACTION": "attend la plateforme",
    "REOPENED_PENDING_CLIENT_ACTION": "attend encore la plateforme",
    "SUBMITTED": "contesté",
    "PENDING_BANK_ACTION": "à la banque",
    "WON": "gagné",
    "LOST": "perdu",
    "VOID": "sans objet",
    "ENABLED": "activée",
    "DISABLED": "désactivée",
    "VALID": "valide",
    "INVALID": "invalide",
}
DATE = ("Le", "On", "CreationDate", "date")
ID = ("Identifiant", "Id", _plain("Id"), "id")
TAG = ("Étiquette", "Tag", _plain("Tag"), "")
STATUS = ("État", "Status", _plain("Status"), "status")
RESULT = ("Motif", "Reason", _result, "")
DEBITED = ("Débité", "Debited", _money("DebitedFunds"), "money")
FEES = ("Frais", "Fees", _money("Fees"), "money")
CREDITED = ("Crédité", "Credited", _money("CreditedFunds"), "money")
AUTHOR = ("Auteur", "Author", _plain("AuthorId"), "user")
OF_USER = ("Utilisateur", "User", _plain("UserId"), "user")


def _user_actions(user):
    if user["UserStatus"] == "PENDING_USER_ACTION":
        yield "authenticate", "Authentifier", "Authenticate", {"outcome": "VALIDATED"}
    if user["UserCategory"] == "OWNER" and user["KYCLevel"] == "LIGHT":
        yield "verify-user", "Vérifier", "Verify", {}
    if user["KYCLevel"] == "REGULAR":
        yield "downgrade-user", "Déclasser", "Downgrade", {}
    blocked = user["_blocked"]["Outflows"]
    french, english = ("Débloquer", "Unblock") if blocked else ("Bloquer", "Block")
    flag = "" if blocked else "1"
    yield "block-user", french, english, {"Inflows": flag, "Outflows": flag}


def _payin_actions(payin):
    if payin["Status"] == "CREATED" and payin["PaymentType"] == "BANK_WIRE":
        yield "receive-wire", "Virement reçu", "Wire received", {}
        yield "cancel-payin", "Annuler", "Cancel", {}
    elif payin["Status"] == "CREATED":
        yield "pay", "Payer", "Pay", {}
        yield "refuse-payin", "Refuser", "Refuse", {}
        yield "cancel-payin", "Abandonner", "Give up", {}
    elif payin["Status"] == "SUCCEEDED" and payin["PaymentType"] != "BANK_WIRE":
        kinds = ("CONTESTABLE", "NOT_CONTESTABLE", "RETRIEVAL")
        yield "dispute", "Contester", "Dispute", {}, "type", kinds


def _transfer_actions(transfer):
    if transfer["Status"] == "CREATED":
        outcomes = ("VALIDATED", "FAILED", "EXPIRED")
        name = "authenticate-transfer"
        yield name, "Authentifier", "Authenticate", {}, "outcome", outcomes


def _refund_actions(refund):
    if refund["Status"] == "CREATED":
        yield "settle-refund", "Accepter", "Accept", {}
        yield "settle-refund", "Échouer", "Fail", {"code": "101101"}


def _payout_actions(payout):
    if payout["Status"] == "CREATED":
        yield "settle-payout", "Exécuter", "Execute", {}
        yield "settle-payout", "Refuser", "Refuse", {"code": "121001"}
    elif payout["Status"] == "SUCCEEDED":
        yield "return-payout", "Retourner", "Return", {}, "reason", RETURN_REASONS


def _recipient_actions(recipient):
    if recipient["Status"] == "PENDING":
        yield "activate-recipient", "Activer", "Activate", {}
        yield "cancel-recipient", "Annuler", "Cancel", {}


def _document_actions(document):
    if document["Status"] == "VALIDATION_ASKED":
        yield "validate-document", "Valider", "Validate", {}
        reasons = tuple(kyc.REASONS)
        yield "refuse-document", "Refuser", "Refuse", {}, "reason", reasons


def _ubo_actions(declaration):
    if declaration["Status"] == "VALIDATION_ASKED":
        yield "decide-ubo", "Valider", "Validate", {"status": "VALIDATED"}
        refused = {"status": "REFUSED"}
        yield "decide-ubo", "Refuser", "Refuse", refused, "reason", ubo.REASONS
        more = {"status": "INCOMPLETE"}
        yield "decide-ubo", "Incomplète", "Incomplete", more, "reason", ubo.REASONS


def _identity_actions(session):
    if session["Status"] in ("PENDING", "REVIEW"):
        yield "decide-identity", "Valider", "Validate", {"status": "VALIDATED"}
        refused = {"status": "REFUSED"}
        reasons = tuple(kyc.REASONS)
        yield "decide-identity", "Refuser", "Refuse", refused, "reason", reasons


def _dispute_actions(dispute):
    if dispute["Status"] == "SUBMITTED":
        yield "send-dispute", "Envoyer à la banque", "Send to the bank", {}
    if dispute["Status"] in ("SUBMITTED", "PENDING_BANK_ACTION"):
        yield "reopen-dispute", "Demander plus", "Ask for more", {}
    if dispute["Status"] != "CLOSED":
        results = ("WON", "LOST", "VOID")
        yield "finish-dispute", "Clore", "Close", {}, "result", results


def _evidence_actions(document):
    if document["Status"] == "VALIDATION_ASKED":
        yield "decide-evidence", "Valider", "Validate", {}
        refused = {"reason": "DOCUMENT_UNREADABLE"}
        yield "decide-evidence", "Refuser", "Refuse", refused


def _none(_obj):
    return ()


# Table: titles, columns, actions.
TABLES = {
    "payin": (("Paiements entrants", "Pay-ins"), (
        DATE, ("Moyen", "By", _plain("PaymentType"), ""), AUTHOR, DEBITED, FEES, STATUS,
        RESULT, TAG, ID), _payin_actions),
    "refund": (("Remboursements et retours", "Refunds and returns"), (
        DATE, ("De", "Of", _plain("InitialTransactionType"), ""), AUTHOR, DEBITED, FEES,
        CREDITED, STATUS, RESULT, ID), _refund_actions),
    "transfer": (("Transferts", "Transfers"), (
        DATE, AUTHOR, ("À", "To", _plain("CreditedUserId"), "user"), DEBITED, FEES,
        STATUS, RESULT, TAG, ID), _transfer_actions),
    "payout": (("Versements", "Payouts"), (
        DATE, AUTHOR, DEBITED, FEES, CREDITED,
        ("Mode", "Mode", _plain("ModeApplied"), ""), STATUS, RESULT, TAG, ID),
        _payout_actions),
    "user": (("Utilisateurs", "Users"), (
        DATE, ("Nom", "Name", _who, "name"),
        ("Courriel", "E-mail", _plain("Email"), ""),
        ("Rôle", "Category", _plain("UserCategory"), ""), ("Forme", "Kind", _kind, ""),
        ("Niveau", "Level", _plain("KYCLevel"), "status"),
        ("État", "Status", _plain("UserStatus"), "status"), ID), _user_actions),
    "wallet": (("Porte-monnaie", "Wallets"), (
        DATE, ("Objet", "Description", _plain("Description"), ""),
        ("De", "Of", lambda obj, _lang: obj["Owners"][0], "user"),
        ("Solde", "Balance", _money("Balance"), "money"), ID), _none),
    "recipient": (("Bénéficiaires", "Recipients"), (
        DATE, ("Nom", "Name", _plain("DisplayName"), ""), OF_USER, STATUS, ID),
        _recipient_actions),
    "kyc_document": (("Pièces justificatives", "KYC documents"), (
        DATE, OF_USER, ("Type", "Type", _plain("Type"), ""), STATUS,
        ("Motif", "Reason", _plain("RefusedReasonType"), ""), TAG, ID),
        _document_actions),
    "ubo_declaration": (("Bénéficiaires effectifs", "UBO declarations"), (
        DATE, OF_USER, STATUS, ("Motif", "Reason", _plain("Reason"), ""), ID),
        _ubo_actions),
    "idv": (("Vérifications d'identité", "Identity verifications"), (
        DATE, OF_USER, STATUS, ID), _identity_actions),
    "dispute": (("Litiges", "Disputes"), (
        DATE, ("Type", "Type", _plain("DisputeType"), ""),
        ("Montant", "Amount", _money("DisputedFunds"), "money"), STATUS,
        ("Issue", "Result", _plain("ResultCode"), "status"), ID), _dispute_actions),
    "dispute_document": (("Pièces de litiges", "Evidence"), (
        DATE, ("Type", "Type", _plain("Type"), ""), STATUS, ID), _evidence_actions),
    "hook": (("Notifications attendues", "Hooks"), (
        DATE, ("Événement", "Event", _plain("EventType"), ""),
        ("Adresse", "Address", _plain("Url"), "id"), STATUS,
        ("Validité", "Validity", _plain("Validity"), "status")), _none),
}  # fmt: skip
