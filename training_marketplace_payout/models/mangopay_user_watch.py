# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import UTC, datetime, timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ConcurrencyError, LockError
from odoo.tools import format_date

from odoo.addons.training_catalogue_payment.models.training_inbox_mixin import (
    COLLISIONS,
)

from ..services.mangopay_errors import GatewayError
from .mangopay_operation import WARNING

_logger = logging.getLogger(__name__)

BATCH = 200
# Mangopay announces a renewal 90 days before its deadline.
RENEWAL_NOTICE = timedelta(days=90)
#: Asked again after this, announced or not.
STALE = timedelta(hours=20)


class MangopayUser(models.Model):
    """What becomes of a seller at Mangopay after it is known: verified, blocked…

    Mangopay says so by events; a daily look finds what was missed. Either way the row
    is locked, Mangopay is asked, and what it says now is written.
    """

    _inherit = "mangopay.user"

    inflows_blocked = fields.Boolean(string="Cannot receive money", readonly=True)
    outflows_blocked = fields.Boolean(string="Cannot be paid", readonly=True)
    block_code = fields.Char(string="Why (Mangopay's code)", readonly=True)
    kyc_renewal_deadline = fields.Date(string="Verified until", readonly=True)
    refreshed_at = fields.Datetime(string="Asked on", readonly=True)

    _refresh_index = models.Index("(refreshed_at) WHERE category = 'OWNER'")

    def _describe_blocks(self):
        _ = self.env._
        found = []
        if not self._is_seller():
            if self.outflows_blocked or self.inflows_blocked:
                found.append(_("Mangopay has blocked this person: write to us."))
            return found
        if self.outflows_blocked:
            found.append(_("Mangopay blocked what is paid to the seller."))
        if self.inflows_blocked:
            found.append(_("Mangopay blocked what is paid by buyers to the seller."))
        if self._is_renewal_near():
            found.append(
                _(
                    "Verification: to renew before %(date)s.",
                    date=format_date(self.env, self.kyc_renewal_deadline),
                )
            )
        return found

    def _is_renewal_near(self):
        deadline = self.kyc_renewal_deadline
        today = fields.Date.context_today(self)
        return bool(deadline) and deadline - RENEWAL_NOTICE <= today

    def _refresh(self):
        result = super()._refresh()
        for user in self.filtered(lambda one: one.category == "OWNER"):
            if user.mangopay_id and user.state != "closed":
                gateway = user.account_id._get_gateway()
                user._apply_regulatory(gateway.regulatory_status(user.mangopay_id))
                user.refreshed_at = fields.Datetime.now()
        return result

    def _apply_mangopay_user(self, payload):
        before = self.kyc_level
        result = super()._apply_mangopay_user(payload)
        if before == "REGULAR" and self.kyc_level == "LIGHT":
            self._tell_refusal(
                self.env._("Mangopay wants the seller to be verified again.")
            )
        return result

    def _apply_regulatory(self, payload):
        """Take over blocks and the deadline of the verification.

        :param dict payload: ``users/{id}/regulatory``
        """
        scope = payload.get("ScopeBlocked") or {}
        inflows, outflows = bool(scope.get("Inflows")), bool(scope.get("Outflows"))
        deadline = (payload.get("KycInformation") or {}).get("KycRenewalDeadline")
        was_blocked = self.inflows_blocked or self.outflows_blocked
        was_near = self._is_renewal_near()
        values = {
            "inflows_blocked": inflows,
            "outflows_blocked": outflows,
            "block_code": payload.get("ActionCode"),
            "kyc_renewal_deadline": deadline
            and datetime.fromtimestamp(deadline, UTC).date(),
        }
        if self.state == "active" and (inflows or outflows):
            values["state"] = "blocked"
        self.write(values)
        if self._describe_blocks() and not (
            (inflows or outflows) == was_blocked and self._is_renewal_near() == was_near
        ):
            self._tell_refusal(" ".join(self._describe_blocks()))

    def _refresh_whole(self):
        """Ask Mangopay about a seller and all that it looks at of them, now.

        :raise GatewayError: when it does not say
        """
        self.ensure_one()
        self.lock_for_update()
        self._refresh()
        for records in (
            self.document_ids,
            self.verification_ids[:1],
            self.ubo_declaration_ids[:1],
            self.recipient_ids,
        ):
            for record in records:
                if record.mangopay_id and record.state not in (
                    *("validated", "refused", "out_of_date", "lost"),
                    *("canceled", "deactivated", "abandoned"),
                ):
                    record._refresh_object()

    def _refresh_patiently(self):
        """Ask Mangopay about a person who has just come back from its pages.

        A notification is often at work at that moment, on the person or on one of their
        objects: Odoo plays the request again a little later.

        :raise ConcurrencyError: while somebody else has one of the rows
        :raise GatewayError: when it does not say
        """
        self._lock_patiently()
        try:
            with self.env.cr.savepoint():
                self._refresh_whole()
        except LockError as error:
            raise ConcurrencyError(str(error)) from error

    # The daily look

    @api.model
    def _trigger_seller_job(self):
        cron = self.env.ref(
            "training_marketplace_payout.ir_cron_refresh_mangopay_sellers"
        )
        cron.sudo()._trigger()

    @api.model
    def _cron_refresh_sellers(self):
        """Close replaced bank accounts, then look at every seller once a day.

        One commit each; Mangopay's silence ends the run, the next one goes on.
        """
        domain = [("is_superseded", "=", True), ("state", "=", "active")]
        former = self.env["mangopay.recipient"].search(domain, limit=BATCH)
        for recipient in former:
            if not recipient._do_alone("_close_superseded"):
                return
        limit = fields.Datetime.now() - STALE
        domain = [
            ("category", "=", "OWNER"),
            ("mangopay_id", "!=", False),
            ("state", "!=", "closed"),
            ("account_id.active", "=", True),
            "|",
            ("refreshed_at", "=", False),
            ("refreshed_at", "<", limit),
        ]
        users = self.search(domain, order="refreshed_at NULLS FIRST, id", limit=BATCH)
        progress = self.env["ir.cron"]._commit_progress
        left = self.search_count(domain)
        for user in users:
            left -= 1
            if not user._do_alone("_refresh_seller") or not progress(1, remaining=left):
                return

    def _refresh_seller(self):
        self._refresh()
        if self._is_seller() and not self.wallet_ids:
            # A buyer whom Mangopay had verified became a seller.
            self._get_wallet(self._get_seller_currency())._request_creation()
        watched = {"mangopay.recipient": ("active",)}
        watched["mangopay.document"] = ("sending", "asked")
        for record in (*self.recipient_ids, *self.document_ids):
            if record.state in watched[record._name]:
                record._refresh_object()

    # Telling

    def _tell_refusal(self, message):
        """Tell the seller and the office that Mangopay wants something else."""
        self.ensure_one()
        if not self._is_seller():
            return
        partner_sudo = self.sudo().partner_id
        managers = self.env.ref("account.group_account_manager").sudo().all_user_ids
        manager = managers.filtered(lambda user: self.company_id in user.company_ids)
        partner_sudo.activity_schedule(
            WARNING,
            summary=self.env._("Mangopay and this seller"),
            note=message,
            user_id=(manager[:1] or self.env.user).id,
        )
        template = self.env.ref(
            "training_marketplace_payout.mail_template_seller_refusal"
        )
        # From the office, whoever's request brought the news.
        office = template.with_user(SUPERUSER_ID).with_context(mangopay_reason=message)
        office._send_soon(partner_sudo.id)


class MangopaySellerObjectMixin(models.AbstractModel):
    """What can be asked again of each thing that Mangopay looks at."""

    _inherit = "mangopay.seller.object.mixin"

    def _refresh_object(self):
        """Ask Mangopay for the present state of one object.

        :raise GatewayError: when it does not say
        """
        self.ensure_one()
        gateway = self.account_id._get_gateway()
        operation_sudo = self._get_operation()
        view = getattr(gateway, operation_sudo._get_spec().view)
        payload = view(self.mangopay_id)
        operation_sudo.lock_for_update()
        operation_sudo._apply_object(payload)


class MangopaySubjectMixin(models.AbstractModel):
    """Work on one record that must not stop the others."""

    _inherit = "mangopay.subject.mixin"

    def _do_alone(self, method):
        """Lock a record, call a method of it, commit; a failure only concerns it.

        :return: whether Mangopay can be asked about the next record
        """
        try:
            record = self.try_lock_for_update()
            if record:
                getattr(record.with_company(record.company_id), method)()
            self.env["ir.cron"]._commit_progress()
        except GatewayError as error:
            self.env.cr.rollback()
            _logger.info("%s %s: %s", self._name, self.id, error.message)
            return error.is_definite
        except COLLISIONS as error:
            self.env.cr.rollback()
            _logger.info("%s %s is taken again later: %s", self._name, self.id, error)
        return True
