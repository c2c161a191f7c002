# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.payment.utils import to_minor_currency_units


class MarketplacePayout(models.Model):
    """A payout that is approved, where the organisation wants it, and asked (B18)."""

    _inherit = "marketplace.payout"

    # Approving and asking

    def action_approve(self):
        """Approve prepared payouts, which are then asked of Mangopay.

        What has changed since it was prepared is not paid: it is prepared anew.

        :raise AccessError: for whoever may not
        :raise UserError: for whoever started them, where two persons are needed
        """
        self._check_decider()
        gone = self.sudo().browse()
        for payout_sudo in self.sudo():
            payout_sudo.lock_for_update()
            payout_sudo.invalidate_recordset(["state"])
            if payout_sudo.state != "prepared":
                continue
            payout_sudo._check_four_eyes()
            if payout_sudo._recount():
                payout_sudo._approve()
            else:
                gone |= payout_sudo
        return self._tell_recounted(gone)

    def _check_four_eyes(self):
        is_same = self.prepared_by == self.env.user
        if is_same and self.company_id.marketplace_payout_four_eyes:
            raise UserError(
                self.env._(
                    "You started these payouts: somebody else has to approve them."
                )
            )

    def _approve(self, line=None):
        """:param line: of the run, where it is known"""
        self.write(
            {
                "state": "approved",
                "approved_by": self.env.user.id,
                "approved_at": fields.Datetime.now(),
            }
        )
        self._ask(line)

    def _tell_recounted(self, gone):
        reload = {"type": "ir.actions.client", "tag": "soft_reload"}
        if not gone:
            return reload
        gone.run_id._wake_up()
        message = self.env._(
            "The amounts of %(sellers)s have changed since: they are counted anew, "
            "look at them again.",
            sellers=", ".join(gone.seller_id.mapped("name")),
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": message, "type": "warning", "next": reload},
        }

    def _ask(self, line=None):
        """Ask Mangopay for the payout, through the outbox (D7).

        A refund may have counted on the same wallet meanwhile: whoever commits second
        is replayed, and counts anew.
        """
        self.ensure_one()
        wallet, currency = self.wallet_id, self.currency_id
        wallet._raise_money_version()
        arguments = {
            "author_id": wallet.user_id.mangopay_id,
            "wallet_id": wallet.mangopay_id,
            "recipient_id": self.recipient_id.mangopay_id,
            "fees": to_minor_currency_units(self.fee_amount, currency),
            "reference": self.name,
        }
        self.write({"state": "asked"})
        self._follow_on_line(line)
        return self.env["mangopay.operation"]._request(
            "payout",
            self,
            wallet.account_id,
            arguments,
            amount_minor=to_minor_currency_units(self.amount, currency),
            currency_id=currency.id,
            reason=self.name,
        )
