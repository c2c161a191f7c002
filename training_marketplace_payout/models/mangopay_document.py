# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ..services.mangopay_errors import GatewayError
from .mangopay_sentences import describe_refusal

# A request that has not come back by then was killed.
UPLOAD_LIFE = timedelta(minutes=5)


class MangopayDocument(models.Model):
    """A document of a seller at Mangopay: that it was sent and what came of it.

    Its pages pass through: they are never written here, neither in the database nor on
    disk (api-reference/kyc-documents: a platform may not store them). So a page that
    was lost on the way is asked for again, from the seller, who still has it.

    If the process dies while `_send_pages` runs:

    - before « sending » is committed: nothing was sent, the document is used again;
    - after it, whatever number of pages arrived: the row stays « sending », no page is
      ever added to it again, and the next upload opens another document. The half-sent
      one was not submitted: Mangopay never looks at it;
    - after Mangopay took the submission: the state follows, by the event or the sweep.
    """

    _name = "mangopay.document"
    _description = "Document of a seller at Mangopay"
    _inherit = ["mangopay.seller.object.mixin"]
    _rec_name = "document_type"

    _operation_kind = "document"
    _states = {
        "CREATED": "created",
        "VALIDATION_ASKED": "asked",
        "VALIDATED": "validated",
        "REFUSED": "refused",
        "OUT_OF_DATE": "out_of_date",
    }
    _ranks = {
        "draft": 0,
        "created": 1,
        "sending": 2,
        "lost": 2,
        "asked": 3,
        "validated": 4,
        "refused": 4,
        "out_of_date": 5,
    }

    document_type = fields.Selection(
        selection=[
            ("IDENTITY_PROOF", "Identity document of the representative"),
            ("REGISTRATION_PROOF", "Proof of registration"),
            ("ARTICLES_OF_ASSOCIATION", "Articles of association"),
            ("SHAREHOLDER_DECLARATION", "Declaration of shareholders"),
        ],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        selection=[
            ("draft", "Being opened at Mangopay"),
            ("created", "Waits for the file"),
            ("sending", "Being sent"),
            ("lost", "Did not arrive whole"),
            ("asked", "Being checked by Mangopay"),
            ("validated", "Accepted"),
            ("refused", "Refused"),
            ("out_of_date", "Out of date"),
        ],
        required=True,
        readonly=True,
        default="draft",
    )
    pages = fields.Integer(readonly=True)
    sent_at = fields.Datetime(string="Sent on", readonly=True)

    def _prepare_seen_vals(self, payload):
        return {
            **super()._prepare_seen_vals(payload),
            "reason_code": payload.get("RefusedReasonType"),
            "reason_message": payload.get("RefusedReasonMessage"),
        }

    def _describe_refusal(self):
        labels = dict(self._fields["document_type"]._description_selection(self.env))
        return self.env._(
            "%(document)s: %(reason)s",
            document=labels[self.document_type],
            reason=describe_refusal(self.env, self),
        )

    def _is_being_sent(self):
        limit = fields.Datetime.now() - UPLOAD_LIFE
        return self.state == "sending" and self.sent_at > limit

    def _send_pages(self, contents):
        """Send the pages of an open document and ask Mangopay to look at it.

        The transaction is committed once, before the first page leaves: it must hold
        nothing else.

        :param list contents: pages that `services.mangopay_kyc.check_pages` accepts
        :return: a code of what hindered it, empty when Mangopay has the document
        """
        self.lock_for_update()
        if self.state != "created":
            return "busy"
        self.write(
            {
                "state": "sending",
                "pages": len(contents),
                "sent_at": fields.Datetime.now(),
            }
        )
        self.env["ir.cron"]._commit_progress()
        gateway = self.account_id._try_gateway()
        try:
            if not gateway:
                raise GatewayError("not_configured", retryable=True)
            for content in contents:
                gateway.add_document_page(self._get_owner(), self.mangopay_id, content)
            payload = gateway.submit_document(self._get_owner(), self.mangopay_id)
        except GatewayError as error:
            return self._apply_upload_error(gateway, error)
        self.lock_for_update()
        self._apply_mangopay(payload)
        return ""

    def _get_owner(self):
        return self.user_id.mangopay_id

    def _apply_upload_error(self, gateway, error):
        """Tell a page that Mangopay does not take from one that did not arrive."""
        if error.unknown and gateway:
            try:
                # Perhaps only the answer to the last call was lost.
                self._apply_mangopay(gateway.document(self.mangopay_id))
            except GatewayError:
                return self._set_lost(error)
            if self.state == "asked":
                return ""
        return self._set_lost(error)

    def _set_lost(self, error):
        self.write(
            {
                "state": "lost",
                "reason_code": error.code,
                "reason_message": error.message[:500],
            }
        )
        return "refused_page" if error.is_definite else "unreachable"


class MangopayUser(models.Model):
    """The documents of a seller."""

    _inherit = "mangopay.user"

    document_ids = fields.One2many("mangopay.document", "user_id", readonly=True)

    def _get_document_states(self):
        """Return type → the last document of that type which was sent, or is open."""
        last = {}
        for document in self.document_ids.sorted("id"):
            last[document.document_type] = document
        return last

    def _send_document(self, document_type, contents):
        """Send a document to Mangopay; nothing of it is kept here.

        :return: a code of what hindered it, empty when Mangopay has it
        """
        self.ensure_one()
        last = self._get_document_states().get(document_type)
        if last and last.state == "sending" and not last._is_being_sent():
            # The process died while it was sent: Mangopay may have it all the same.
            try:
                last._refresh_object()
            except GatewayError:
                return "unreachable"
        document = self._open_document(document_type)
        if document.state in ("asked", "sending"):
            return "busy"
        if not document.mangopay_id:
            arguments = {"user_id": self.mangopay_id, "document_type": document_type}
            document._request_creation(arguments)._send_now()
        if not document.mangopay_id:
            return "refused" if document.state == "refused" else "unreachable"
        return document._send_pages(contents)

    def _open_document(self, document_type):
        """Return the document that waits for its file, or a new one.

        The row is written, not only locked: a click that began before would get the
        lock and not see what another has opened and sent meanwhile. It is replayed.
        """
        self.lock_for_update()
        self.env.cr.execute(
            SQL(
                "UPDATE mangopay_user SET write_date = write_date WHERE id = %s",
                self.id,
            )
        )
        last = self._get_document_states().get(document_type)
        if last and (
            last.state in ("draft", "created", "asked") or last._is_being_sent()
        ):
            return last
        values = {"user_id": self.id, "document_type": document_type}
        return self.env["mangopay.document"].sudo().create(values)
