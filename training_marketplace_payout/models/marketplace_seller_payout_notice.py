# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import formatLang

from ..services.payout import next_due


class MarketplaceSeller(models.Model):
    """When a seller is paid next, how much, and what stands in the way (B20)."""

    _inherit = "marketplace.seller"

    def _get_next_payout(self, currency):
        """Return the next payout as the seller reads it.

        :return: ``day``; ``amount``, what would leave now for the bank, ``fees`` and
            ``debt``, what it would pay to the operator, in minor units; ``is_live``,
            one is under way; ``reasons``, sentences, empty when nothing stands in the
            way of the money
        :rtype: dict
        """
        self.ensure_one()
        company_sudo = self.sudo().company_id
        partner_sudo = self.sudo().partner_id
        balance = partner_sudo._get_marketplace_balance(company_sudo, currency)
        payouts_sudo = self.env["marketplace.payout"].sudo()
        keys = payouts_sudo._get_obstacles(self, currency)
        netted = balance.open_commissions + balance.debt
        sentences = self._get_payout_words()
        return {
            "day": self._get_next_payout_day(),
            "amount": max(balance.payable_now - netted, 0),
            "fees": balance.payable_now and balance.open_commissions,
            "debt": balance.payable_now and balance.debt,
            "is_live": "live" in keys or "approval" in keys,
            "reasons": [sentences[key] for key in keys if key in sentences],
        }

    def _get_payout_words(self):
        """Return what the seller reads for each obstacle that it is told of; the others
        pass by themselves, or are the operator's to solve."""
        _ = self.env._
        company_sudo = self.sudo().company_id
        minimum = formatLang(
            self.env,
            company_sudo.marketplace_payout_minimum,
            currency_obj=company_sudo.currency_id,
        )
        hold = self.payout_hold_reason
        return {
            "suspended": _("Your contract is suspended."),
            "hold": _("We have stopped your payouts: %(reason)s", reason=hold)
            if hold
            else _("We have stopped your payouts: write to us."),
            "no_recipient": _("Register your bank account, and confirm it."),
            "doubtful_recipient": _(
                "Your bank sent a payout back: confirm your bank account, or give "
                "another one."
            ),
            "kyc": _("Mangopay has not verified your organisation yet."),
            "blocked": _("Mangopay does not let money leave: see what it asks of you."),
            "failed": _("Mangopay refused the last payout: we are looking into it."),
            "debt": _("What is due pays for refunds that are under way."),
            "minimum": _(
                "What is due is below the smallest payout, %(minimum)s: it waits for "
                "your next sales.",
                minimum=minimum,
            ),
        }

    def _get_next_payout_day(self):
        """Return the next 15th, today included, in the operator's time zone."""
        return next_due(self._get_operator_today())

    def _get_operator_today(self):
        """Return the day that it is where the operator is."""
        self.ensure_one()
        return self.sudo().company_id._get_marketplace_today()
