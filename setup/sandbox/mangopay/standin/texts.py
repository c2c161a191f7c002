# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What people read, in French and in English."""

from html import escape
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static"

HOSTED = {
    "sandbox": (
        "Page simulée : aucun argent réel, aucune carte réelle.",
        "Simulated page: no real money, no real card.",
    ),
    "other_language": ("English", "Français"),
    "pay_title": ("Paiement par carte", "Card payment"),
    "pay_to": ("Paiement à {name}", "Payment to {name}"),
    "number": ("Numéro de carte", "Card number"),
    "expiry": ("Expiration (MM/AA)", "Expiry (MM/YY)"),
    "cvc": ("Cryptogramme", "Security code"),
    "pay": ("Payer {amount}", "Pay {amount}"),
    "cancel": ("Annuler", "Cancel"),
    "cards": ("Cartes de test", "Test cards"),
    "card_ok": ("acceptée", "accepted"),
    "card_challenge": (
        "accord de la banque (3-D Secure)",
        "the bank asks (3-D Secure)",
    ),
    "card_refused": ("toute autre : refusée", "any other: refused"),
    "any_date": (
        "Date à venir et cryptogramme quelconques.",
        "Any date to come, any security code.",
    ),
    "105202": ("Le numéro de carte n'est pas valide.", "The card number is not valid."),
    "105203": ("La date d'expiration n'est pas valide.", "The expiry is not valid."),
    "105204": ("Le cryptogramme n'est pas valide.", "The security code is not valid."),
    "bank_title": (
        "Votre banque vous demande d'autoriser ce paiement",
        "Your bank asks you to authorise this payment",
    ),
    "authorise": ("Autoriser", "Authorise"),
    "refuse": ("Refuser", "Refuse"),
    "sca_title": ("Authentification forte", "Strong customer authentication"),
    "sca_ENROLLMENT": (
        "Vous activez votre compte de paiement auprès de Mangopay.",
        "You activate your payment account with Mangopay.",
    ),
    "sca_RECIPIENT": (
        "Vous enregistrez un compte bancaire pour vos versements.",
        "You register a bank account for your payouts.",
    ),
    "sca_TRANSFER": ("Vous autorisez un transfert.", "You authorise a transfer."),
    "sca_WALLETS": (
        "Vous consultez votre porte-monnaie.",
        "You look at your wallet.",
    ),
    "sca_CONSENT": (
        "Vous autorisez la plateforme à agir pour vous.",
        "You let the platform act for you.",
    ),
    "sca_sent": (
        "Un code a été envoyé au {phone}.",
        "A code was sent to {phone}.",
    ),
    "sca_code": ("Code reçu par SMS", "Code received by text message"),
    "sca_hint": ("En test, le code est {code}.", "When testing, the code is {code}."),
    "sca_wrong": ("Ce code n'est pas le bon.", "This is not the right code."),
    "validate": ("Valider", "Validate"),
    "give_up": ("Abandonner", "Give up"),
    "over": ("Ce lien a servi ou a expiré.", "This link was used, or has expired."),
    "over_long": (
        "Demandez-en un nouveau à la plateforme.",
        "Ask the platform for a new one.",
    ),
    "done_VALIDATED": (
        "C'est fait, vous êtes authentifié.",
        "Done: you are authenticated.",
    ),
    "done_FAILED": ("L'authentification a échoué.", "The authentication failed."),
    "close": ("Vous pouvez fermer cette page.", "You can close this page."),
    "idv_title": ("Vérification d'identité", "Identity verification"),
    "idv_intro": (
        "Mangopay vérifie vos documents. Choisissez l'issue de la vérification.",
        "Mangopay looks at your documents. Choose how it ends.",
    ),
    "idv_VALIDATED": ("Vérification réussie", "Verified"),
    "idv_REFUSED": ("Vérification refusée", "Refused"),
    "idv_REVIEW": ("À examiner par une personne", "For a person to review"),
    "idv_reason": ("Motif, en cas de refus", "Reason, when refused"),
}


def language(request, wanted=""):
    """0 for French, 1 for English: what the address says, else what was wanted."""
    asked = (request.query.get("lang") or wanted or "").lower()
    if not asked:
        asked = request.headers.get("Accept-Language", "fr").strip().lower()
    return 0 if asked.startswith("fr") else 1


def say(key, lang, **values):
    """A sentence, safe in a page."""
    return escape(HOSTED[key][lang].format(**values))


def amount(funds, lang):
    """Money, for people."""
    text = f"{funds['Amount'] / 100:,.2f}"
    sign = {"EUR": "€", "GBP": "£", "USD": "$"}.get(funds["Currency"])
    if lang == 0:
        text = text.replace(",", "\u202f").replace(".", ",")
        return f"{text}\u00a0{sign or funds['Currency']}"
    return f"{sign}{text}" if sign else f"{text} {funds['Currency']}"


def page(request, lang, title, content):
    """A hosted page."""
    code, other = ("fr", "en")[lang], ("en", "fr")[lang]
    link = request.rel_url.update_query(lang=other)
    name = say("other_language", lang)
    switch = f'<a href="{escape(str(link))}" lang="{other}">{name}</a>'
    footer = f"{say('sandbox', lang)} {switch}"
    text = (STATIC / "page.html").read_text()
    parts = {"lang": code, "title": title, "content": content, "footer": footer}
    for name, value in parts.items():
        text = text.replace("{{ " + name + " }}", value)
    return text
