# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.training_catalogue_payment.models.training_inbox_mixin import (
    COLLISIONS,
)
from odoo.addons.training_catalogue_payment.utils import to_note

from ..services.mangopay_errors import GatewayError

_logger = logging.getLogger(__name__)

BATCH = 200
#: How long Mangopay's silence puts off the end of a purchase.
PATIENCE = timedelta(days=1)


class MarketplaceSale(models.Model):
    """The job that ends held purchases, or reminds their buyers (B10).

    It runs every day, and as soon as Mangopay has validated somebody. What it does is
    told by what is written, never by when it ran: run twice it does nothing more, run
    late it catches up. One purchase is one transaction: if the process dies, those
    done are done and the others are as they were.
    """

    _inherit = "marketplace.sale"

    @api.model
    def _cron_treat_held(self, as_of=None):
        """Treat every held purchase, one commit each.

        :param datetime as_of: the moment of the run; now by default
        """
        as_of = as_of or fields.Datetime.now()
        progress = self.env["ir.cron"]._commit_progress
        last_id = 0
        left = self.search_count([("state", "=", "held")])
        progress(remaining=left)
        while sales := self.search(
            [("state", "=", "held"), ("id", ">", last_id)], order="id", limit=BATCH
        ):
            for sale in sales:
                last_id = sale.id
                sale._try_to_treat(as_of)
                left -= 1
                if not progress(1, remaining=max(left, 0)):
                    return

    def _try_to_treat(self, as_of):
        """Treat one purchase; what hinders it does not stop the others."""
        try:
            is_silent = not self._ask_last_time(as_of)
            sale = self.try_lock_for_update().filtered(lambda one: one.state == "held")
            if sale:
                language = sale.company_id.partner_id.lang
                sale.with_company(sale.company_id).with_context(
                    lang=language
                )._treat_held(as_of, is_silent)
            self.env["ir.cron"]._commit_progress()
        except COLLISIONS as collision:
            self.env.cr.rollback()
            _logger.info("Held purchase %s is taken again: %s", self.id, collision)
            self._trigger_hold_job()
        except UserError as error:
            self.env.cr.rollback()
            _logger.warning("Held purchase %s failed", self.id, exc_info=error)
            self._tell_hold_failed(str(error))

    def _ask_last_time(self, as_of):
        """Ask Mangopay about a buyer whose time is over: its event may be lost.

        Before the row is locked, for nothing is locked while Mangopay is called.

        :return: whether nothing is left to ask, Mangopay having answered
        """
        record = self._get_buyer_record()
        is_open = self.hold_deadline > as_of or not record.mangopay_id
        if is_open or self._is_buyer_verified():
            return True
        try:
            record._refresh_whole()
        except GatewayError as error:
            self.env.cr.rollback()
            _logger.info("Held purchase %s: %s", self.id, error.message)
            return False
        self.env["ir.cron"]._commit_progress()
        return True

    def _treat_held(self, as_of, is_silent=False):
        """Do what one held purchase is due for; it was locked by the caller.

        :param bool is_silent: Mangopay was asked just now and did not answer
        """
        self._set_hold_deadline()
        reason = self._get_hold_end(as_of, is_silent)
        if reason == "released":
            self._release(as_of)
        elif reason:
            self._abandon(reason)
        elif not self.hold_reminded_at and as_of >= self._get_hold_reminder():
            self._remind(as_of)

    def _get_hold_end(self, as_of, is_silent=False):
        """Return why a held purchase ends now, empty when it does not.

        A buyer who withdrew, or whose session is cancelled, is refunded even when
        Mangopay has validated them; who is validated is never too late.
        """
        self.ensure_one()
        session = self.session_id
        if self.order_id.training_withdrawal_ids:
            return "withdrawn"
        if session.kanban_state == "cancel" or not session.active:
            return "cancelled"
        if self._is_buyer_verified():
            return "released"
        limit = self.hold_deadline + (PATIENCE if is_silent else timedelta())
        return "late" if as_of >= limit else ""

    def _remind(self, as_of):
        """Remind the buyer, and show the purchase to the marketplace's manager."""
        self.ensure_one()
        self.hold_reminded_at = as_of
        self._send_hold_mail("mail_template_hold_reminder")
        self.order_id.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self._get_hold_last_day(),
            summary=self.env._("Held purchase: soon refunded"),
            note=to_note(
                self.env._(
                    "%(buyer)s paid %(amount)s and is not validated by Mangopay. "
                    "Missing: %(missing)s",
                    buyer=self.buyer_id.display_name,
                    amount=self.currency_id.format(self.amount_total),
                    missing=self.hold_missing or "",
                )
            ),
            user_id=self._get_hold_manager().id,
        )

    def _get_hold_manager(self):
        """Return who follows the held purchases of a company."""
        group_sudo = self.env.ref(
            "training_marketplace_payout.group_marketplace_manager"
        ).sudo()
        managers = group_sudo.all_user_ids.filtered(
            lambda user: self.company_id in user.company_ids and not user.share
        )
        return managers[:1] or self.env.ref("base.user_root")

    def _tell_hold_failed(self, message):
        """Show a purchase that could not be ended to a person, once."""
        warning = "mail.mail_activity_data_warning"
        if self.order_id.activity_search([warning]):
            return
        self.order_id.activity_schedule(
            warning,
            summary=self.env._("A held purchase could not be ended"),
            note=to_note(message),
            user_id=self._get_hold_manager().id,
        )
