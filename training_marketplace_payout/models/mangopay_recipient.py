# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models

from ..services.bank_account import mask_iban
from ..services.mangopay_errors import GatewayError

# How long the seller can authenticate (guides/sca/session), with a margin.
LINK_LIFE = timedelta(minutes=9)
ALIVE = ("draft", "pending", "active")


class MangopayRecipient(models.Model):
    """A bank account to which Mangopay pays a seller, once the seller confirmed it.

    Registering one wants the seller's strong authentication within ten minutes: so it
    is asked of Mangopay while they are there, and a link that ran out is replaced by
    another attempt, another row. The account that is paid is the last one that became
    active; the former one is closed at Mangopay after that, never before.
    """

    _name = "mangopay.recipient"
    _description = "Bank account of a seller at Mangopay"
    _inherit = ["mangopay.seller.object.mixin"]

    _operation_kind = "recipient"
    _states = {
        "PENDING": "pending",
        "ACTIVE": "active",
        "CANCELED": "canceled",
        "DEACTIVATED": "deactivated",
    }
    _ranks = {
        "draft": 0,
        "pending": 1,
        "abandoned": 1,
        "active": 2,
        "canceled": 2,
        "refused": 2,
        "deactivated": 3,
    }

    name = fields.Char(string="Number", compute="_compute_name", store=True)
    bank_id = fields.Many2one(
        "res.partner.bank",
        string="Bank account",
        required=True,
        readonly=True,
        ondelete="restrict",
        groups="account.group_account_manager,base.group_system",
    )
    holder = fields.Char(readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    state = fields.Selection(
        selection=[
            ("draft", "To register"),
            ("pending", "Waits for the seller's confirmation"),
            ("active", "Active"),
            ("abandoned", "Not confirmed in time"),
            ("canceled", "Not confirmed"),
            ("refused", "Refused by Mangopay"),
            ("deactivated", "Closed"),
        ],
        required=True,
        readonly=True,
        default="draft",
    )
    is_superseded = fields.Boolean(
        string="To close", readonly=True, help="Another account is paid since."
    )
    payee_check = fields.Selection(
        selection=[
            ("MATCH", "Same name"),
            ("CLOSE_MATCH", "Nearly the same name"),
            ("NO_MATCH", "Another name"),
            ("MATCH_NOT_POSSIBLE", "Not checked by the bank"),
        ],
        string="Name of the holder",
        readonly=True,
    )
    payee_message = fields.Char(string="What the bank says", readonly=True)

    _superseded_index = models.Index("(id) WHERE is_superseded AND state = 'active'")

    @api.depends("bank_id.sanitized_acc_number")
    def _compute_name(self):
        for recipient in self:
            number = recipient.sudo().bank_id.sanitized_acc_number
            recipient.name = mask_iban(number or "")

    def _prepare_seen_vals(self, payload):
        values = super()._prepare_seen_vals(payload)
        check = payload.get("RecipientVerificationOfPayee") or {}
        result = check.get("RecipientVerificationCheck")
        if result in dict(self._fields["payee_check"].selection):
            values["payee_check"] = result
            values["payee_message"] = check.get("RecipientVerificationMessage")
        return values

    def _apply_mangopay(self, payload):
        result = super()._apply_mangopay(payload)
        if self.state == "active":
            self._supersede_others()
        return result

    def _supersede_others(self):
        """Plan the closing of all active accounts of a seller but the last one."""
        active = self.search(
            [
                ("user_id", "=", self.user_id.id),
                ("currency_id", "=", self.currency_id.id),
                ("state", "=", "active"),
            ],
            order="id desc",
        )
        former = active[1:].filtered(lambda recipient: not recipient.is_superseded)
        if former:
            former.is_superseded = True
            self.env["mangopay.user"]._trigger_seller_job()

    def _close_superseded(self):
        """Close a former account at Mangopay; may be repeated.

        :raise GatewayError: when it is not known to be closed
        """
        self.ensure_one()
        gateway = self.account_id._get_gateway()
        try:
            payload = gateway.deactivate_recipient(self.mangopay_id)
        except GatewayError as error:
            if not error.is_definite:
                raise
            # Closed already, by an earlier call whose answer was lost.
            payload = gateway.recipient(self.mangopay_id)
            if payload.get("Status") == "ACTIVE":
                raise
        self._apply_mangopay(payload)

    def _describe_refusal(self):
        return self.env._(
            "Bank account %(account)s: %(reason)s",
            account=self.name,
            reason=self.reason_message or "",
        )

    def _get_link(self):
        """Return where the seller confirms the account, None when it ran out."""
        self.ensure_one()
        operation_sudo = self._get_operation()
        action = (operation_sudo.answer or {}).get("PendingUserAction") or {}
        limit = fields.Datetime.now() - LINK_LIFE
        if self.state != "pending" or operation_sudo.date_sent < limit:
            return None
        return action.get("RedirectUrl")

    def _abandon(self):
        """Give up an account that was not confirmed in time; Mangopay cancels it."""
        self.filtered(lambda one: one.state == "pending").state = "abandoned"
