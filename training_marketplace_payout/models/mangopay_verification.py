# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..services.mangopay_errors import GatewayError
from .mangopay_sentences import describe_refusal


class MangopayVerification(models.Model):
    """A verification on Mangopay's own page: nothing of it passes through here.

    Mangopay wants it before any document (guides/users/verification/hosted). The
    address of the page is asked for when the seller clicks, and not kept.
    """

    _name = "mangopay.verification"
    _description = "Verification of a seller by Mangopay"
    _inherit = ["mangopay.seller.object.mixin"]
    _rec_name = "mangopay_id"

    _operation_kind = "identity_verification"
    _states = {
        "PENDING": "pending",
        "PENDING_PSC_ACTION": "pending",
        "REVIEW": "asked",
        "VALIDATED": "validated",
        "REFUSED": "refused",
        "FAILED": "refused",
        "TIMEOUT": "expired",
        "EXPIRED": "expired",
        "OUT_OF_DATE": "out_of_date",
    }
    _ranks = {
        "draft": 0,
        "pending": 1,
        "asked": 2,
        "validated": 3,
        "refused": 3,
        "expired": 3,
        "out_of_date": 4,
    }

    state = fields.Selection(
        selection=[
            ("draft", "Being opened at Mangopay"),
            ("pending", "Waits for the seller"),
            ("asked", "Being checked by Mangopay"),
            ("validated", "Accepted"),
            ("refused", "Refused"),
            ("expired", "Expired"),
            ("out_of_date", "Out of date"),
        ],
        required=True,
        readonly=True,
        default="draft",
    )

    def _prepare_seen_vals(self, payload):
        reasons = [
            reason
            for check in payload.get("Checks") or []
            if check.get("CheckStatus") == "REFUSED"
            for reason in check.get("Reasons") or []
        ]
        texts = dict.fromkeys(reason["Value"] for reason in reasons if reason["Value"])
        return {
            **super()._prepare_seen_vals(payload),
            "reason_code": reasons[0]["Type"] if reasons else False,
            "reason_message": " ".join(texts),
        }

    def _describe_refusal(self):
        return self.env._(
            "Verification by Mangopay: %(reason)s",
            reason=describe_refusal(self.env, self),
        )


class MangopayUser(models.Model):
    """The verifications of a seller."""

    _inherit = "mangopay.user"

    verification_ids = fields.One2many(
        "mangopay.verification", "user_id", string="Verifications", readonly=True
    )

    def _get_verification_url(self, return_url):
        """Return where Mangopay verifies the seller, opening a verification if needed.

        The transaction is committed on the way.

        :raise GatewayError: when Mangopay does not give it
        """
        self.ensure_one()
        self._lock_patiently()
        last = self.verification_ids.sorted("id")[-1:]
        if last.state not in ("draft", "pending"):
            last = self.env["mangopay.verification"].sudo().create({"user_id": self.id})
        if not last.mangopay_id:
            arguments = {"user_id": self.mangopay_id, "return_url": return_url}
            operation = last._request_creation(arguments)
            operation._send_now()
            if not last.mangopay_id:
                raise operation._get_error()
        gateway = self.account_id._get_gateway()
        url = gateway.identity_verification(last.mangopay_id).get("HostedUrl")
        if not url:
            raise GatewayError("malformed", "No address was given.", retryable=True)
        return url
