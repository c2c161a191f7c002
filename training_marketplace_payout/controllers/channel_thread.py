# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request, route

from odoo.addons.training_catalogue_payment.controllers.training_portal import (
    TrainingPortal,
)
from odoo.addons.training_catalogue_payment.controllers.training_request_portal import (
    TrainingRequestPortal,
)

from ..services.safe_file import LONGEST, MAX_FILES

UNPROCESSABLE = 422
#: Key of the HTTP session: what was typed in a form that was refused.
FLASH_KEY = "training_channel_flash"
_ID = "<int(max=2147483647):request_id>"
_REQUEST = f"/my/training-requests/{_ID}"
_PURCHASE = f"/my/trainings/{_ID}"
_POST = {"type": "http", "auth": "public", "website": True, "methods": ["POST"]}


def read_files():
    """Return the files of the form, each read no further than is allowed."""
    files = request.httprequest.files.getlist("files")
    return [
        (one.filename, one.read(LONGEST + 1))
        for one in files[: MAX_FILES + 1]
        if one.filename
    ]


def keep_flash(record, error, text=""):
    """Keep, for the page shown next, why a form was refused and what it said."""
    request.session[FLASH_KEY] = {
        "id": record.id,
        "error": error,
        "text": (text or "")[:4000],
    }


def take_flash(record):
    """Return what was kept for this request's page, once."""
    flash = request.session.get(FLASH_KEY) or {}
    if flash.get("id") != record.id:
        return {}
    return request.session.pop(FLASH_KEY)


class ChannelThread(TrainingRequestPortal, TrainingPortal):
    """The visitor's side of a conversation with a seller (B5–B7)."""

    # Access

    def _document_check_access(self, model_name, document_id, access_token=None):
        """A seller reads the request of a visitor, but never as the visitor: what the
        buyer may do is not the seller's to do."""
        record_sudo = super()._document_check_access(
            model_name, document_id, access_token
        )
        if model_name != "training.request":
            return record_sudo
        user = request.env.user
        has_token = access_token and access_token == record_sudo.access_token
        is_other_side = record_sudo._is_team_user(
            user
        ) and not record_sudo._is_visitor_user(user)
        if is_other_side and not has_token:
            raise AccessError(request.env._("This page is the visitor's."))
        return record_sudo

    def _get_marketplace_request(self, request_id, access_token=None):
        """Return a request of the public channel for who may read it, either side.

        :raise NotFound: for anybody else, and for another's
        """
        record_sudo = request.env["training.request"].sudo().browse(request_id).exists()
        if not record_sudo or not record_sudo._is_marketplace():
            raise NotFound()
        if record_sudo._is_team_user(request.env.user):
            return record_sudo
        try:
            return self._document_check_access(
                "training.request", request_id, access_token
            )
        except (AccessError, MissingError) as error:
            raise NotFound() from error

    # Pages

    def _get_page_view_values(self, document, access_token, values, *args, **kwargs):
        if document._name == "training.request" and document._is_marketplace():
            values["channel_flash"] = take_flash(document)
        return super()._get_page_view_values(
            document, access_token, values, *args, **kwargs
        )

    @route()
    def portal_training_request(self, request_id, access_token=None, **kwargs):
        """Override of the catalogue: lead the seller's people to their own page."""
        record_sudo = request.env["training.request"].sudo().browse(request_id).exists()
        if (
            record_sudo
            and not access_token
            and record_sudo._is_team_user(request.env.user)
        ):
            return request.redirect(f"/my/channel/{request_id}")
        return super().portal_training_request(request_id, access_token, **kwargs)

    @route([f"{_REQUEST}/message", f"{_PURCHASE}/message"], **_POST)
    def channel_message(self, request_id, access_token=None, **form):
        """Post what the visitor wrote."""
        record_sudo = self._get_marketplace_request(request_id, access_token)
        user = request.env.user
        if record_sudo._is_team_user(user):
            raise NotFound()
        author_sudo = record_sudo.partner_id if user._is_public() else user.partner_id
        if not self._post_message(record_sudo, form, author_sudo):
            return self._render_refused(record_sudo, access_token)
        arguments = {"access_token": access_token} if access_token else {}
        return request.redirect_query(
            f"{record_sudo.access_url}#channel_thread"
            if not arguments
            else record_sudo.access_url,
            arguments,
        )

    def _post_message(self, record_sudo, form, author_sudo):
        """Post what was written.

        :return: whether it was; if not, the reason and the words wait for the page
        """
        try:
            with request.env.cr.savepoint():
                record_sudo._post_on_channel(
                    form.get("message"), read_files(), author_sudo
                )
        except UserError as error:
            keep_flash(record_sudo, str(error), form.get("message"))
            return False
        return True

    def _render_refused(self, record_sudo, access_token):
        """Show the visitor's page again, with why the message was refused."""
        show = self.portal_training_request
        if record_sudo.is_prepaid:
            show = self.portal_training
        response = show(record_sudo.id, access_token=access_token)
        response.status_code = UNPROCESSABLE
        return response

    # Files

    @route(
        f"/my/channel/{_ID}/file/<int(max=2147483647):attachment_id>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def channel_file(self, request_id, attachment_id, access_token=None, **_kwargs):
        """Give a file of the conversation to one of its two sides, as a download."""
        record_sudo = self._get_marketplace_request(request_id, access_token)
        files_sudo = record_sudo._get_conversation_sudo().attachment_ids
        file_sudo = files_sudo.filtered(lambda one: one.id == attachment_id)
        if not file_sudo:
            raise NotFound()
        stream = request.env["ir.binary"]._get_stream_from(file_sudo)
        response = stream.get_response(as_attachment=True)
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response.headers["Cache-Control"] = "private, no-store"
        return response
