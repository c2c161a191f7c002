# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ..services.safe_file import MAX_FILES, check_file
from .training_request_thread import CONVERSATION

MAX_MESSAGE_LENGTH = 4000
MAX_MESSAGES_AN_HOUR = 30


class TrainingRequest(models.Model):
    """What the two sides write and send each other on our own pages (B5–B7)."""

    _inherit = "training.request"

    def _post_on_channel(self, text, files, author):
        """Post what one side wrote on a page of ours.

        Called with sudo, after the access was checked. The same words sent twice at
        once are one message.

        :param str text: plain text; nothing in it is ever interpreted
        :param files: pairs of name and content
        :param res.partner author: who writes
        :raise UserError: with a sentence for that person
        """
        self.ensure_one()
        text = (text or "").strip()
        if not text and not files:
            raise UserError(self.env._("Write a message first."))
        if len(text) > MAX_MESSAGE_LENGTH:
            raise UserError(
                self.env._(
                    "Shorten your message: %(limit)s characters at most.",
                    limit=MAX_MESSAGE_LENGTH,
                )
            )
        body = plaintext2html(text) if text else ""
        if self._is_repeated(body, files, author):
            return
        self.message_post(
            body=body,
            author_id=author.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=self._check_files(files),
        )

    def _is_repeated(self, body, files, author):
        """Whether this was just said.

        :raise UserError: when this person writes too much
        """
        now = fields.Datetime.now()
        recent_sudo = self._get_conversation_sudo().filtered(
            lambda message: (
                message.author_id == author and message.date > now - timedelta(hours=1)
            )
        )
        if len(recent_sudo) >= MAX_MESSAGES_AN_HOUR:
            raise UserError(self.env._("You have written a lot: try again in an hour."))
        last = recent_sudo[-1:]
        return bool(
            not files
            and last
            and last.body == body
            and last.date > now - timedelta(minutes=1)
        )

    def _get_conversation_sudo(self, limit=200):
        """Return the messages that both sides read, the oldest first."""
        self.ensure_one()
        domain = (
            Domain("model", "=", self._name)
            & Domain("res_id", "=", self.id)
            & Domain("message_type", "in", CONVERSATION)
            & Domain("is_internal", "=", False)
            & Domain("subtype_id", "=", self.env.ref("mail.mt_comment").id)
        )
        messages_sudo = self.env["mail.message"].sudo()
        return messages_sudo.search(domain, order="id desc", limit=limit).sorted("id")

    # Files

    def _check_files(self, files):
        """Return files under clean names; see `services.safe_file`.

        :raise UserError: for the first one that is refused
        """
        if len(files) > MAX_FILES:
            raise UserError(
                self.env._("Join %(limit)s files at most.", limit=MAX_FILES)
            )
        checked = []
        for name, content in files:
            clean, _mimetype, code = check_file(name, content)
            if code:
                raise UserError(self._get_file_refusal(name, code))
            checked.append((clean, content))
        return checked

    def _get_file_refusal(self, name, code):
        _ = self.env._
        return {
            "empty": _("%(name)s is empty.", name=name),
            "too_big": _("%(name)s is too big: 10 MB at most.", name=name),
            "type": _(
                "%(name)s cannot be sent: only PDF, PNG, JPEG and office documents "
                "without macros.",
                name=name,
            ),
        }[code]

    def _process_attachments_for_post(
        self, attachments, attachment_ids, message_values
    ):
        """Override of `mail`: whichever way an outsider's file comes in, its content is
        checked; one that arrives by mail and is not safe is left out."""
        if len(self) == 1 and self._is_marketplace():
            if message_values.get("message_type") == "email":
                attachments = [
                    file
                    for file in attachments or []
                    if not check_file(file[0], self._as_bytes(file[1]))[2]
                ]
            elif self.env.user.share:
                self._check_files(
                    [
                        *(
                            (file[0], self._as_bytes(file[1]))
                            for file in attachments or []
                        ),
                        *self._read_attachments(attachment_ids),
                    ]
                )
        return super()._process_attachments_for_post(
            attachments, attachment_ids, message_values
        )

    @api.model
    def _as_bytes(self, content):
        return content.encode() if isinstance(content, str) else content

    def _read_attachments(self, attachment_ids):
        attachments_sudo = self.env["ir.attachment"].sudo().browse(attachment_ids or ())
        return [(one.name, one.raw) for one in attachments_sudo.exists()]
