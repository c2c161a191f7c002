# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import is_html_empty

from ..services import prospect


class SaleOrder(models.Model):
    """What a paid purchase leaves in the pipeline and in mail boxes (A14, A18, A19).

    Each step does nothing when its result is already there, so that the job which
    calls them may be run again after a failure.
    """

    _inherit = "sale.order"

    training_request_id = fields.Many2one(
        "training.request",
        string="Training request",
        compute="_compute_training_request_id",
    )
    training_buyer_mail_date = fields.Datetime(
        string="Confirmation sent on", copy=False, readonly=True
    )
    training_notice_mail_date = fields.Datetime(
        string="Organisation notified on", copy=False, readonly=True
    )

    def _compute_training_request_id(self):
        requests_sudo = (
            self.env["training.request"].sudo().search([("order_id", "in", self.ids)])
        )
        by_order = {request.order_id: request for request in requests_sudo}
        for order in self:
            order.training_request_id = by_order.get(order)

    def _create_prepaid_opportunity(self):
        """Make the prepaid prospect of each paid order; one order, one opportunity."""
        for order in self:
            if not order._get_prepaid_opportunity():
                lead = (
                    self.env["crm.lead"]
                    .with_context(mail_create_nosubscribe=True)
                    .create(order._prepare_prepaid_opportunity_vals())
                )
                order.opportunity_id = order.opportunity_id or lead

    def _get_prepaid_opportunity(self):
        """Return the opportunity of this order, lost ones included."""
        self.ensure_one()
        return (
            self.env["crm.lead"]
            .with_context(active_test=False)
            .search([("prepaid_order_id", "=", self.id)], limit=1)
        )

    def _prepare_prepaid_opportunity_vals(self):
        self.ensure_one()
        partner = self.partner_id
        no_company = self.env["res.company"]
        registrations = self.training_registration_ids
        vals = {
            "name": self._get_prepaid_title(),
            "type": "opportunity",
            "partner_id": partner.id,
            "contact_name": partner.name,
            "email_from": partner.email,
            "phone": partner.phone,
            "expected_revenue": self.amount_untaxed,
            "event_id": self.training_session_id.id,
            "registration_ids": registrations.ids,
            "prepaid_order_id": self.id,
            "prepaid_status": prospect.status_of(registrations.mapped("prepaid_state"))
            or prospect.PREPAID,
            "company_id": self.company_id.id,
            "user_id": self._get_prepaid_salesperson().id,
            "team_id": self.team_id.filtered(
                lambda team: team.company_id in (self.company_id, no_company)
            ).id,
            "medium_id": self.medium_id.id,
            "source_id": self.source_id.id,
            "campaign_id": self.campaign_id.id,
        }
        if stage := self.env["crm.lead"]._get_prepaid_stage():
            vals["stage_id"] = stage.id
        return vals

    def _get_prepaid_salesperson(self):
        """Return who finds the prospect in « My pipeline »: who runs the session, or
        else who the order was given to, if that person works for its company."""
        self.ensure_one()
        salesperson = self.user_id.filtered(
            lambda user: self.company_id in user.company_ids
        )
        return self.training_session_id._get_training_responsible() or salesperson

    def _get_prepaid_title(self):
        """Return « session: customer », as lists show the purchase."""
        self.ensure_one()
        return self.env._(
            "%(session)s: %(customer)s",
            session=self.training_session_id.name,
            customer=self.partner_id.commercial_company_name or self.partner_id.name,
        )

    def _create_purchase_request(self):
        """List each paid order among the enrolment requests, ticked « Prepaid »."""
        for order in self.filtered(lambda order: not order.training_request_id):
            request = self.env["training.request"].create(
                order._prepare_purchase_request_vals()
            )
            order.training_registration_ids.training_request_id = request
            request._subscribe_responsible()
            order.invalidate_recordset(["training_request_id"])

    def _prepare_purchase_request_vals(self):
        self.ensure_one()
        partner = self.partner_id
        return {
            "name": self._get_prepaid_title(),
            "kind": "purchase",
            "order_id": self.id,
            "lead_id": self._get_prepaid_opportunity().id,
            "session_id": self.training_session_id.id,
            "partner_id": partner.id,
            "contact_name": partner.name,
            "email": partner.email,
            "phone": partner.phone,
            "company_name": partner.commercial_company_name,
            "learner_count": max(len(self.training_registration_ids), 1),
            "user_id": self.training_session_id._get_training_responsible().id,
            "company_id": self.company_id.id,
        }

    def _send_prepaid_mails(self):
        """Confirm to the buyer and notify the organisation, each once.

        Mails are queued: they leave with this transaction or not at all, and a mail
        server that is down keeps nothing else from being done.
        """
        for order in self:
            order._queue_training_mail(
                "training_buyer_mail_date", "mail_template_prepaid_confirmation"
            )
            order._queue_training_mail(
                "training_notice_mail_date", "mail_template_prepaid_notification"
            )

    def _queue_training_mail(self, date_field, template_name):
        """Queue a mail and note its date, unless it was queued before."""
        self.ensure_one()
        if self[date_field]:
            return
        template_sudo = self.env.ref(
            f"training_catalogue_payment.{template_name}", raise_if_not_found=False
        )
        if template_sudo:
            template_sudo.sudo()._send_soon(self.id)
            self[date_field] = fields.Datetime.now()

    def _get_organisation_email(self):
        """Return who hears of a purchase: the responsible person of the session, else
        the organisation itself."""
        self.ensure_one()
        session_sudo = self.sudo().training_session_id
        return (
            session_sudo.user_id.email_formatted
            or self.company_id.partner_id.email_formatted
            or False
        )

    def _get_training_place(self):
        """Return where the session takes place, in words."""
        self.ensure_one()
        address_sudo = self.sudo().training_session_id.address_id
        if not address_sudo:
            return self.env._("Remote")
        lines = address_sudo._display_address(without_company=True).split("\n")
        parts = [address_sudo.name, *(line.strip(" ,") for line in lines)]
        return ", ".join(part for part in parts if part)

    def _get_training_facts(self):
        """Return what a funder reads on the order before the texts (A14), beside the
        price: (label, value)."""
        self.ensure_one()
        session_sudo = self.sudo().training_session_id
        programme_sudo = session_sudo.programme_id
        dates = session_sudo._get_catalogue_dates()
        hours = session_sudo._get_catalogue_hours()
        duration = programme_sudo._get_catalogue_duration()
        facts = (
            (self.env._("Training"), programme_sudo.name),
            (self.env._("Session"), session_sudo.name),
            (
                self.env._("Training organisation"),
                self.sudo()._get_training_seller().name,
            ),
            (self.env._("Dates"), f"{dates}, {hours}"),
            (
                self.env._("Duration"),
                duration and self.env._("%(hours)s h", hours=duration),
            ),
            (self.env._("Place"), self._get_training_place()),
        )
        return [(label, value) for label, value in facts if value]

    def _get_training_texts(self):
        """Return the titled texts of the programme that a funder asks for (A14)."""
        self.ensure_one()
        programme_sudo = self.sudo().training_session_id.programme_id
        return [
            (title, text)
            for title, text in programme_sudo._get_catalogue_texts()
            if not is_html_empty(text)
        ]

    def _get_training_status_sentence(self):
        """Tell the buyer, in plain words, where the purchase stands."""
        self.ensure_one()
        states = self.sudo().training_registration_ids.mapped("prepaid_state")
        company = self.sudo()._get_training_seller().name
        sentences = {
            prospect.PREPAID: self.env._(
                "Your payment is received and your seats are kept. %(company)s now "
                "checks the enrolment and will confirm it.",
                company=company,
            ),
            prospect.VALIDATED: self.env._("Your enrolment is confirmed."),
            prospect.CANCELLED: self.env._(
                "This enrolment is cancelled. %(company)s will contact you about your "
                "payment.",
                company=company,
            ),
        }
        return sentences[prospect.status_of(states) or prospect.PREPAID]
