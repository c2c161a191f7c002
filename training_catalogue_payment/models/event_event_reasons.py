# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models

from ..services.sellability import Reason


class EventEvent(models.Model):
    """The words of services.sellability, for people."""

    _inherit = "event.event"

    def _get_reason_messages(self, reasons, programme=None):
        """Return the sentences of a list of reasons, in the current language.

        :param programme: whose reasons, that of these sessions by default
        """
        words = self._get_reason_words(programme or self.programme_id[:1])
        return [words[reason] for reason in reasons]

    def _get_reason_words(self, programme):
        """Return reason → sentence for a programme, which may be empty."""
        _ = self.env._
        return {
            Reason.FINANCE_PLUS_OFF: _("Finance + is off for this organisation."),
            Reason.STRIPE_NOT_LINKED: _(
                "Card payment is not ready: link the Stripe account and its webhook "
                "in the settings."
            ),
            Reason.VAT_REGIME_MISSING: _("Choose the VAT regime in the settings."),
            Reason.ATTESTATION_MISSING: _(
                "Enter the date and the file of the VAT exemption attestation in the "
                "settings."
            ),
            Reason.TAX_MISSING: _("Choose the taxes of training in the settings."),
            Reason.NO_PROGRAMME: _("The session is not attached to a programme."),
            Reason.NOT_SOLD_ONLINE: _("The programme is not sold with online payment."),
            Reason.NOT_PUBLISHED: _(
                "The programme is archived or not published on the online catalogue."
            ),
            Reason.VARIANT: _("The session is attached to a variant of the programme."),
            Reason.INTRA: _("The session is in-company (intra)."),
            Reason.SUBCONTRACTED: _(
                "The session is given as subcontractor of another organisation."
            ),
            Reason.NO_PRICE: _("Neither the session nor the programme has a price."),
            Reason.ARCHIVED: _("The session is archived."),
            Reason.CANCELLED: _("The session is cancelled."),
            Reason.STARTED: _("The session has already started."),
            Reason.FULL: _("There are not enough seats left."),
            Reason.COMPANIES_ONLY: _("This session is open to companies only."),
            Reason.ONE_LEARNER_ONLY: _("An individual enrols one learner only."),
            Reason.TOO_MANY_LEARNERS: _("Too many learners for one enrolment."),
            Reason.NO_LEARNER: _("Enrol at least one learner."),
        }
