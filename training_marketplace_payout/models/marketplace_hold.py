# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..services.threshold import deadline, last_day, reminder_at

HOLD_JOB = "training_marketplace_payout.ir_cron_treat_marketplace_holds"
DECIDERS = "training_marketplace_payout.group_marketplace_manager"


class MarketplaceSale(models.Model):
    """A purchase that waits for its buyer to be known to Mangopay (B10).

    It ends in one of two ways, by `_release` or by `_abandon`, never by both: each
    locks the row and looks at its state first. Under REPEATABLE READ a row that the
    other one changed meanwhile cannot be locked: PostgreSQL refuses, the job comes
    again and finds the purchase ended.
    """

    _inherit = "marketplace.sale"

    hold_days = fields.Integer(readonly=True, help="As the buyer was told.")
    hold_deadline = fields.Datetime(
        string="To refund on",
        readonly=True,
        help="When a held purchase is refunded, unless Mangopay has validated its "
        "buyer: some days after the payment, at the latest on the day before the "
        "session.",
    )
    hold_told_at = fields.Datetime(string="Documents asked on", readonly=True)
    hold_reminded_at = fields.Datetime(string="Reminded on", readonly=True)
    hold_end = fields.Selection(
        selection=[
            ("released", "The buyer was validated"),
            ("late", "Not validated in time"),
            ("cancelled", "The session was cancelled"),
            ("buyer", "Given up by the buyer"),
            ("withdrawn", "The buyer withdrew from the contract"),
            ("staff", "Refunded by the marketplace"),
        ],
        string="Ended because",
        readonly=True,
    )
    hold_missing = fields.Text(
        string="What is missing", compute="_compute_hold_missing", compute_sudo=True
    )

    @api.depends("state", "buyer_id")
    def _compute_hold_missing(self):
        for sale in self:
            lines = []
            if sale.state == "held":
                lines = sale._get_buyer_record()._describe_buyer_missing()
            sale.hold_missing = "\n".join(lines)

    def _get_buyer_record(self):
        """Return the buyer's record for verification, empty before its first step."""
        self.ensure_one()
        return self.buyer_id._get_mangopay_verification(self.company_id)

    def _is_buyer_verified(self):
        self.ensure_one()
        return self.buyer_id._is_mangopay_verified(self.company_id)

    # The time that is left

    def _get_hold_zone(self):
        """Return the clock on which the days of a purchase are counted."""
        return self.session_id.date_tz or "Europe/Paris"

    def _set_hold_deadline(self):
        """Follow the session, which may have been put off or brought forward."""
        for sale in self:
            end = deadline(
                sale.paid_at,
                sale.hold_days,
                sale.session_id.date_begin,
                sale._get_hold_zone(),
            )
            if sale.hold_deadline != end:
                sale.hold_deadline = end

    def _get_hold_last_day(self):
        """Return the last day on which Mangopay's validation comes in time."""
        self.ensure_one()
        return last_day(
            self.paid_at,
            self.hold_days,
            self.session_id.date_begin,
            self._get_hold_zone(),
        )

    def _get_hold_reminder(self):
        self.ensure_one()
        return reminder_at(self.paid_at, self.hold_deadline)

    # The two ends

    def _release(self, as_of=None):
        """Sell what was held, Mangopay having validated the buyer; once.

        The sale's date is now, whatever the day of the payment (B10). Invoice, books,
        prospect and mails follow by the job that follows a payment.

        All is in the caller's transaction: if the process dies at any line before the
        commit, the purchase is held as before and the job releases it at its next
        turn; after the commit, the order is « to follow up », and that job, each of
        whose steps finds its own result, goes on from where it died.

        :return: whether it was released now
        """
        self.ensure_one()
        self.lock_for_update()
        order = self.order_id.with_company(self.company_id)
        if self.state != "held" or not order._is_held():
            return False
        self.write(
            {
                "state": "confirmed",
                "confirmed_at": as_of or fields.Datetime.now(),
                "transfer_state": "waiting",
                "hold_end": "released",
            }
        )
        order._release_held()
        self._close_hold_activities()
        return True

    def _abandon(self, reason, tell=True):
        """Give a held purchase up: seats freed, the whole money back, buyer told; once.

        All is in the caller's transaction, the refund as an intent that the outbox
        sends after the commit (D7): if the process dies before the commit, nothing
        happened and the job gives it up at its next turn; after it, the outbox has the
        refund made under its own key, once, whatever dies.

        :param str reason: one of `hold_end`, « released » apart
        :param bool tell: whether a mail tells the buyer
        :return: whether it was given up now
        """
        self.ensure_one()
        self.lock_for_update()
        order = self.order_id.with_company(self.company_id)
        if self.state != "held":
            return False
        self.write({"state": "abandoned", "hold_end": reason})
        left = order._get_training_left_to_refund()
        order._give_up_held()
        if not order.currency_id.is_zero(left):
            self.tx_id._refund_marketplace(left)
        self._close_hold_activities()
        if tell:
            self._send_hold_mail("mail_template_hold_abandoned")
        return True

    def _close_hold_activities(self):
        self.order_id.activity_unlink(["mail.mail_activity_data_todo"])

    def action_refund_held(self):
        """Give up a held purchase before its time (marketplace managers)."""
        if not self.env.user.has_group(DECIDERS):
            raise AccessError(self.env._("Only marketplace managers may do this."))
        self.check_access("read")
        for sale_sudo in self.sudo():
            if not sale_sudo._abandon("staff"):
                raise UserError(
                    self.env._("This purchase is not held any more: look at it again.")
                )

    def action_open_buyer_record(self):
        """Open what Mangopay knows of the buyer."""
        self.ensure_one()
        self.check_access("read")
        record = self.sudo()._get_buyer_record()
        if not record:
            raise UserError(self.env._("The buyer has given nothing yet."))
        return record.sudo(False)._get_records_action()

    @api.model
    def _trigger_hold_job(self):
        self.env.ref(HOLD_JOB).sudo()._trigger()

    # Telling

    def _get_hold_end_sentence(self):
        """Tell the buyer why the purchase is given up."""
        self.ensure_one()
        _ = self.env._
        return {
            "late": _("Mangopay has not validated who you are in time."),
            "cancelled": _("the session was cancelled."),
            "buyer": _("you have given it up."),
            "withdrawn": _("you have withdrawn from the contract."),
            "staff": _("the marketplace has given it up."),
        }.get(self.hold_end, "")

    def _send_hold_mail(self, template):
        """Queue one mail to the buyer: it leaves with this transaction, or never."""
        self.ensure_one()
        self.env.ref(f"training_marketplace_payout.{template}").sudo()._send_soon(
            self.id
        )
