# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from odoo.addons.training_catalogue_payment.utils import to_note

from ..services.mangopay_outcomes import Outcome, is_given_up, read_failure


class PaymentTransaction(models.Model):
    """A payment that Mangopay did not take: what the buyer and the manager are told."""

    _inherit = "payment.transaction"

    def _fail_mangopay_payin(self, operation):
        """End the transaction, free the seat and say why; never after money came."""
        self.ensure_one()
        outcome = read_failure(operation.error_code)
        if outcome == Outcome.SELLER:
            self._stop_marketplace_programme(operation)
        if self.state not in ("draft", "pending"):
            return
        message = self._get_mangopay_sentence(outcome)
        if is_given_up(outcome):
            self._set_canceled(state_message=message)
        else:
            self._set_error(message)
        self._post_process()

    def _get_mangopay_failure(self):
        """Return the sentence that tells a visitor why this payment was not made."""
        self.ensure_one()
        if self.provider_code != "mangopay" or self.state not in ("cancel", "error"):
            return ""
        payin = self._get_mangopay_operations("payin")[:1]
        if payin.state == "failed":
            return self.with_env(self.env)._get_mangopay_sentence(
                read_failure(payin.error_code), lang=self.env.lang
            )
        return self.state_message or ""

    def _get_mangopay_sentence(self, outcome, lang=None):
        """Return the words of an outcome, in the buyer's language by default."""
        env = self.with_context(lang=lang or self.partner_lang or self.env.lang).env
        _ = env._
        sentences = {
            Outcome.ABANDONED: _("You left the payment page. Nothing was charged."),
            Outcome.EXPIRED: _(
                "The payment page was open for too long. Nothing was charged: you may "
                "start again."
            ),
            Outcome.REFUSED: _(
                "Your bank refused the payment. Nothing was charged: use another card "
                "or ask your bank."
            ),
            Outcome.CARD_LIMIT: _(
                "The amount is over the limit of your card. Nothing was charged: use "
                "another card or ask your bank."
            ),
            Outcome.CARD_EXPIRED: _(
                "This card has expired. Nothing was charged: use another card."
            ),
            Outcome.CARD_WRONG: _(
                "The number, the date or the code of the card is wrong. Nothing was "
                "charged: you may try again."
            ),
            Outcome.AUTHENTICATION: _(
                "Your bank could not confirm that it was you. Nothing was charged: you "
                "may try again."
            ),
            **self._get_mangopay_rare_sentences(env),
        }
        return sentences[outcome]

    def _get_mangopay_rare_sentences(self, env):
        _ = env._
        return {
            Outcome.BUYER_LIMIT: _(
                "Mangopay must know more about you before it takes this amount. "
                "Nothing was charged: write to us."
            ),
            Outcome.BLOCKED: _(
                "Mangopay cannot take payments from you at the moment. Nothing was "
                "charged: write to us."
            ),
            Outcome.SELLER: _(
                "This course cannot be paid for at the moment. Nothing was charged: we "
                "have been told, and will write to you."
            ),
            Outcome.DETAILS: _(
                "Mangopay does not accept your name or your address as you wrote them. "
                "Nothing was charged: correct them, then pay."
            ),
            Outcome.OTHER: _(
                "The payment could not be made. Nothing was charged: you may try again."
            ),
        }

    def _stop_marketplace_programme(self, operation):
        """Sell no more of a course whose seller Mangopay does not accept (002951)."""
        session = self.training_session_id
        programme = session.programme_id.sudo()
        if programme.marketplace_stop:
            return
        programme.marketplace_stop = "kyc"
        manager = session._get_training_responsible() or programme.create_uid
        programme.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("This course is no longer on sale"),
            note=to_note(
                self.env._(
                    "Mangopay refused a payment because %(seller)s is not verified: "
                    "%(message)s. Nothing was charged. Once Mangopay has verified the "
                    "seller, put the course back on sale.",
                    seller=programme.marketplace_seller_id.display_name,
                    message=operation.error_message or operation.error_code,
                )
            ),
            user_id=manager.id,
        )
