# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta

from odoo import fields, models

from ..services.stripe_gateway import GatewayError
from .payment_provider import WEBHOOK_EVENTS

_logger = logging.getLogger(__name__)

ACTIVITY = "training_catalogue_payment.mail_activity_stripe_link"
#: Stripe repeats a delivery for three days, then gives it up.
MISSED_DAYS = 3
#: What is younger may still be on its way.
MISSED_MINUTES = 60


class PaymentProvider(models.Model):
    """Who is told what when a linked account may stop selling, or stops (A2, A3)."""

    _inherit = "payment.provider"

    training_linked_at = fields.Datetime(string="Linked on", copy=False, readonly=True)
    training_missed_events = fields.Integer(
        string="Events not received",
        copy=False,
        readonly=True,
        help="Events of the last three days that Stripe made and could not deliver.",
    )
    training_missed_since = fields.Datetime(
        string="Oldest event not received", copy=False, readonly=True
    )

    def _find_missed_events(self, gateway):
        """Take in what Stripe could not deliver, and return how the webhook does.

        Stripe switches an endpoint off after days of failed deliveries, without any
        call here: only its own list of events tells. The list needs « Events: read »;
        a restricted key without it is no fault.

        :rtype: dict of the provider's values
        """
        self.ensure_one()
        if not self.training_linked_at:
            return {}
        now = fields.Datetime.now()
        since = max(self.training_linked_at, now - timedelta(days=MISSED_DAYS))
        until = now - timedelta(minutes=MISSED_MINUTES)
        try:
            events = gateway.events(WEBHOOK_EVENTS, since, until)
        except GatewayError as error:
            _logger.info("Events of provider %s: %s", self.id, error.message)
            return {}
        missed = self.env["training.payment.event"].sudo()._recover(self, events)
        dates = [event["created"] for event in missed]
        return {
            "training_missed_events": len(missed),
            "training_missed_since": bool(dates) and gateway.to_datetime(min(dates)),
        }

    def _follow_training_link(self, was_ready, had_missed):
        """Tell the people in charge, once, what has changed with the link.

        :param bool was_ready: whether it could sell before it was looked at
        :param bool had_missed: whether events were known to be missing
        """
        self.ensure_one()
        companies = self.env["res.company"].search(
            [("training_stripe_provider_id", "=", self.id)]
        )
        if was_ready and not self.training_link_ready:
            self._tell_training_link(companies, "mail_template_sale_stopped")
        elif self.training_link_ready and self.training_missed_events:
            if not had_missed:
                self._tell_training_link(companies, "mail_template_webhook_failing")
        elif self.training_link_ready:
            companies.partner_id.activity_feedback([ACTIVITY])

    def _tell_training_link(self, companies, template_name):
        """Mail the managers and leave an activity to the first administrator."""
        template = self.env.ref(
            f"training_catalogue_payment.{template_name}", raise_if_not_found=False
        )
        for company in companies.filtered("finance_plus"):
            if template:
                template._send_soon(self.id)
            user = self._get_training_link_users(company)[:1] or self.env.user
            localised = self.with_context(lang=user.lang)
            company.partner_id.activity_schedule(
                ACTIVITY,
                summary=localised._get_training_link_reason(),
                user_id=user.id,
            )

    def _get_training_link_users(self, company):
        """Return who runs the sale of a company, administrators first."""
        groups = ("base.group_system", "event.group_event_manager")
        found = self.env["res.users"].sudo()
        for name in groups:
            found |= found.search(
                [
                    ("all_group_ids", "in", self.env.ref(name).ids),
                    ("company_ids", "in", company.ids),
                    ("share", "=", False),
                ]
            )
        return found

    def _get_training_link_emails(self):
        """Return the addresses of the notices, for their templates."""
        self.ensure_one()
        users = self._get_training_link_users(self.company_id)
        return ",".join(dict.fromkeys(filter(None, users.mapped("email_formatted"))))

    def _get_training_link_reason(self):
        """Say in a sentence why nothing can be sold, or may soon not be."""
        self.ensure_one()
        if self.training_link_fault:
            words = dict(
                self._fields["training_link_fault"]._description_selection(self.env)
            )
            return words[self.training_link_fault]
        if not self.training_charges_enabled:
            return self.env._("Stripe no longer accepts payments on this account.")
        if self.training_missed_events:
            return self.env._(
                "Stripe could not deliver %(count)s events to this site.",
                count=self.training_missed_events,
            )
        return self.env._("A key or the signing secret of the webhook is missing.")
