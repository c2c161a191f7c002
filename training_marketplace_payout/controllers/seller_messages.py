# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is asked of a seller and why, and what is wrong with an answer, in its words."""

MEGABYTES = 7


def describe_form_errors(env, errors):
    """Return field → sentence."""
    _ = env._
    sentences = {
        "required": _("Fill in this field."),
        "too_long": _("This text is too long."),
        "choice": _("Choose one of the list."),
        "email": _("Enter a valid e-mail address, such as name@company.com."),
        "date": _("Enter a date that exists."),
        "underage": _("The representative must be of age."),
        "country": _("Choose a country of the list."),
        "siret": _("This SIREN or SIRET does not exist: check its digits."),
        "terms": _("Mangopay can only open your record once its terms are accepted."),
        **_get_iban_sentences(env),
    }
    return {name: sentences[code] for name, code in errors.items()}


def _get_iban_sentences(env):
    _ = env._
    return {
        "iban_missing": _("Enter your IBAN: it is on your bank statement (RIB)."),
        "iban": _(
            "This is not an IBAN. An IBAN begins with two letters and two digits, such "
            "as FR76."
        ),
        "iban_country": _("No country has an IBAN that begins like this one."),
        "iban_length": _(
            "This IBAN has too many or too few characters: a French one has 27."
        ),
        "iban_checksum": _(
            "This IBAN does not exist: a character is wrong. Copy it from your RIB."
        ),
    }


def describe_upload(env, code, number=0):
    """Return why a document was not sent, and what helps.

    :param str code: of `services.mangopay_kyc.check_pages`, or of `_send_document`
    :param int number: of the page that is wrong
    """
    return {**_get_page_sentences(env, number), **_get_sending_sentences(env)}[code]


def _get_page_sentences(env, number):
    _ = env._
    return {
        "empty": _("Page %(number)s is empty: choose the file again.", number=number),
        "wrong_type": _(
            "Page %(number)s is not a PDF, a JPEG nor a PNG: scan it, or take a "
            "picture of it.",
            number=number,
        ),
        "too_long": _(
            "Page %(number)s is over %(limit)s MB: send a lighter scan.",
            number=number,
            limit=MEGABYTES,
        ),
        "too_short": _(
            "Page %(number)s is too light to be a document: choose the right file.",
            number=number,
        ),
        "too_short_identity": _(
            "Page %(number)s is too light to be read: an identity document takes "
            "32 kB at least. Take a sharper picture.",
            number=number,
        ),
    }


def _get_sending_sentences(env):
    _ = env._
    return {
        "kind": _("This document is not asked of you."),
        "missing": _("Choose the file to send."),
        "too_many": _("A document has five files at most: join its pages."),
        "busy": _("This document is already being sent, or being checked."),
        "unreachable": _(
            "Mangopay does not answer for the moment. Your file was not kept here: "
            "send it again in a few minutes."
        ),
        "refused": _("Mangopay does not open this document for you: contact us."),
        "refused_page": _(
            "Mangopay does not take this file as it is: send another scan."
        ),
    }


def describe_documents(env, is_person=False):
    """Return type → (name, what it is, why), in a seller's or a buyer's words.

    :param bool is_person: a private person, who acts for nobody else
    """
    _ = env._
    sentences = _get_document_sentences(env)
    if is_person:
        sentences["IDENTITY_PROOF"] = (
            _("Your identity document"),
            _("Valid identity card (both sides), passport or residence permit."),
            _("The law asks Mangopay to know who pays."),
        )
    return sentences


def _get_document_sentences(env):
    _ = env._
    return {
        "IDENTITY_PROOF": (
            _("Identity document of your representative"),
            _(
                "Valid identity card (both sides), passport or residence permit of the "
                "person named in step 1."
            ),
            _("The law asks who acts for whom money is kept."),
        ),
        "REGISTRATION_PROOF": (
            _("Proof of registration"),
            _(
                "Company or sole trader: Kbis extract or INSEE notice of less than "
                "three months. Association: receipt of the prefecture and publication "
                "in the official journal."
            ),
            _("It proves that your organisation exists, and under which number."),
        ),
        "ARTICLES_OF_ASSOCIATION": (
            _("Articles of association"),
            _("The latest ones, whole, dated and signed."),
            _("They say who may act for your organisation."),
        ),
        "SHAREHOLDER_DECLARATION": (
            _("Declaration of shareholders"),
            _("Mangopay's form, dated and signed, if Mangopay asked you for it."),
            _("It says who owns your company."),
        ),
    }


def describe_steps(env, is_buyer=False):
    """Return step → (title, why it is asked), in a seller's or a buyer's words."""
    _ = env._
    sentences = _get_step_sentences(env)
    if not is_buyer:
        return sentences
    return {
        **sentences,
        "identity": (
            _("Who you are, and Mangopay's terms"),
            _(
                "Mangopay, a European payment institution, keeps your payment. As the "
                "amount passes a limit it must know whose money it is."
            ),
        ),
        "authentication": (
            _("Strong authentication"),
            _("You record a telephone with Mangopay: nobody else can act for you."),
        ),
        "documents": (
            _("Verification"),
            _(
                "The law against money laundering asks Mangopay to check who you are. "
                "Your enrolment is confirmed as soon as it is done."
            ),
        ),
    }


def _get_step_sentences(env):
    _ = env._
    return {
        "identity": (
            _("Your organisation and Mangopay's terms"),
            _(
                "Mangopay keeps the money of your sales until it is paid out to you. "
                "As a payment institution it must know whose money it is."
            ),
        ),
        "authentication": (
            _("Strong authentication"),
            _(
                "Your representative records a telephone with Mangopay. From then on "
                "nobody else can name the account to which you are paid."
            ),
        ),
        "documents": (
            _("Verification"),
            _(
                "The law against money laundering asks Mangopay to check who you are. "
                "Until then nothing can be paid out to you."
            ),
        ),
        "owners": (
            _("Beneficial owners"),
            _(
                "Name the persons who own more than 25% of your company, directly or "
                "not, or else who run it: the law asks for them."
            ),
        ),
        "bank": (
            _("Your bank account"),
            _("The account in your organisation's name to which your sales are paid."),
        ),
    }


def describe_done(env, done):
    """Return the sentence that says what has just been done, empty when unknown."""
    _ = env._
    return {
        "identity": _("Thank you: Mangopay has opened your record."),
        "identity_waiting": _(
            "Your answers are kept. Mangopay has not answered yet; this goes on by "
            "itself."
        ),
        "document": _("Mangopay has your document and is checking it."),
        "owner": _("This owner is kept. Send the declaration once all are named."),
        "owners": _("Mangopay has your declaration and is checking it."),
        "bank": _(
            "This account is kept. The seller still has to confirm it with their "
            "telephone."
        ),
        "cancelled": _(
            "This purchase is given up: your seats are free again and you are refunded "
            "in full, to the card you paid with."
        ),
        "busy": _("This purchase was just treated: see below where it stands."),
        "disputed": _(
            "You disputed this payment with your bank: nothing can be given up before "
            "it has decided."
        ),
    }.get(done, "")
