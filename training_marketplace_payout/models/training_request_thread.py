# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools.urls import urljoin

from .training_request import OPEN_STATES

CONVERSATION = ("comment", "email")
REMINDER_BATCH = 50


class TrainingRequest(models.Model):
    """The conversation of a request: who hears of it, and what is answered (B5–B7).

    Nobody is subscribed: who is written to is asked at each message, so that who joins
    or leaves a seller's team hears of everything, or of nothing more.
    """

    _inherit = "training.request"

    channel_waiting_since = fields.Datetime(
        string="Waiting for an answer since",
        copy=False,
        readonly=True,
        help="The first thing that the visitor wrote and nobody has answered.",
    )
    channel_reminder_date = fields.Datetime(
        string="Reminded on", copy=False, readonly=True
    )

    _channel_silence_idx = models.Index(
        "(channel_waiting_since) WHERE channel_waiting_since IS NOT NULL "
        "AND channel_reminder_date IS NULL"
    )

    # Mails

    def _announce_request(self):
        """Override of the catalogue: the seller's team, or the operator's people, each
        in their language, instead of the organisation's address."""
        own = self.filtered(lambda request: not request._is_marketplace())
        super(TrainingRequest, own)._announce_request()
        for request in self - own:
            request.channel_waiting_since = fields.Datetime.now()
            request._mail_channel("mail_template_channel_received", request.partner_id)
            request._mail_channel_team("mail_template_channel_request")

    def _mail_channel_team(self, name):
        """Queue a mail to each person who answers for the seller."""
        for partner_sudo in self._get_channel_team_partners():
            self._mail_channel(name, partner_sudo)

    def _mail_channel(self, name, partner):
        """Queue one mail to one person, in their language."""
        self.ensure_one()
        template_sudo = self.env.ref(
            f"training_marketplace_payout.{name}", raise_if_not_found=False
        )
        if template_sudo and partner.sudo().email:
            template_sudo.sudo().with_context(
                recipient_lang=partner.sudo().lang,
                recipient_url=self._get_channel_link(partner),
            )._send_soon(
                self.id, email_values={"recipient_ids": [Command.link(partner.id)]}
            )

    def _get_channel_link(self, partner):
        """Return where this person reads the conversation.

        The visitor's one asks them to sign in: what is mailed stays in the thread,
        which the other side reads, and must not hold the visitor's key.
        """
        self.ensure_one()
        if partner == self.sudo().partner_id:
            return urljoin(self.get_base_url(), self.access_url)
        if self.marketplace_seller_id:
            return urljoin(self.get_base_url(), f"/my/channel/{self.id}")
        return urljoin(
            self.get_base_url(), f"/mail/view?model={self._name}&res_id={self.id}"
        )

    def _is_conversation(self, message, msg_vals=None):
        values = msg_vals or {}
        message_sudo = message.sudo()
        kind = values.get("message_type") or message_sudo.message_type
        subtype_id = values.get("subtype_id") or message_sudo.subtype_id.id
        return kind in CONVERSATION and (
            subtype_id == self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
        )

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Override of `mail`: the visitor and the whole team hear of each message; the
        author does not (B5)."""
        if (
            len(self) == 1
            and self._is_marketplace()
            and not kwargs.get("notify_skip_followers")
            and self._is_conversation(message, msg_vals)
        ):
            msg_vals = dict(msg_vals or {})
            given = msg_vals.get("partner_ids") or message.sudo().partner_ids.ids
            sides = self.sudo().partner_id | self._get_channel_team_partners()
            msg_vals["partner_ids"] = list(dict.fromkeys([*given, *sides.ids]))
        return super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Override of `portal`: the button of the team opens its own page."""
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        if len(self) != 1 or not self.marketplace_seller_id:
            return groups
        visitor_id = self.sudo().partner_id.id
        team_ids = set(self._get_channel_team_partners().ids) - {visitor_id}
        team = (
            "marketplace_team",
            lambda recipient: recipient["id"] in team_ids,
            {
                "active": True,
                "has_button_access": True,
                "button_access": {
                    "url": urljoin(self.get_base_url(), f"/my/channel/{self.id}")
                },
            },
        )
        return [team, *groups]

    # Silence

    def _message_post_after_hook(self, message, msg_vals):
        """Override of `mail`: note who waits for whom."""
        result = super()._message_post_after_hook(message, msg_vals)
        if self._is_marketplace() and self._is_conversation(message, msg_vals):
            self.sudo()._follow_conversation(message.sudo().author_id)
        return result

    def _follow_conversation(self, author):
        """Note what a message changes: a visitor waits, an answer ends the silence."""
        self.ensure_one()
        if author == self.partner_id:
            values = {}
            if not self.channel_waiting_since:
                values["channel_waiting_since"] = fields.Datetime.now()
            if self.kind == "information" and self.state not in OPEN_STATES:
                values["state"] = "progress"
        else:
            values = {"channel_waiting_since": False, "channel_reminder_date": False}
            if self.state == "new" and not self.is_prepaid:
                values["state"] = "progress"
        self.write(values)

    @api.model
    def _cron_remind_silence(self):
        """Remind each team once of what nobody has answered for some days (B5)."""
        cron = self.env["ir.cron"]
        reminding = [("marketplace_answer_days", ">", 0)]
        for company in self.env["res.company"].search(reminding):
            domain = self._get_silence_domain(company)
            requests = self.search(domain, limit=REMINDER_BATCH, order="id")
            cron._commit_progress(remaining=self.search_count(domain))
            for request in requests:
                request = request.try_lock_for_update().filtered_domain(domain)
                if not request:
                    continue
                request.channel_reminder_date = fields.Datetime.now()
                request._mail_channel_team("mail_template_channel_reminder")
                if not cron._commit_progress(1):
                    return

    def _get_silence_domain(self, company):
        days = company.marketplace_answer_days
        limit = fields.Datetime.now() - timedelta(days=days)
        return (
            Domain("company_id", "=", company.id)
            & Domain("channel_waiting_since", "<=", limit)
            & Domain("channel_reminder_date", "=", False)
        )
