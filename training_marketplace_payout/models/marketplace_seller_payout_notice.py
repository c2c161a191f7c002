# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import formatLang

from ..services.payout import next_due, until_of


class MarketplaceSeller(models.Model):
    """When a seller is paid next, how much, and what stands in the way (B20)."""

    _inherit = "marketplace.seller"

    def _get_next_payout(self, currency):
        """Return the next payout as the seller reads it.

        :return: ``day``; ``until``, sales made before that day are in it; ``amount``,
            what is foreseen for the bank, ``fees`` and ``debt``, what it would pay to
            the operator, in minor units; ``is_live``, one is under way; ``reasons``,
            sentences, empty when nothing stands in the way of the money
        :rtype: dict
        """
        self.ensure_one()
        company_sudo = self.sudo().company_id
        partner_sudo = self.sudo().partner_id
        day = self._get_next_payout_day()
        plan = (
            self.env["marketplace.payout"]
            .sudo()
            ._make_plan(
                company_sudo, partner_sudo, currency, until_of(day), is_foreseen=True
            )
        )
        netted = {"commission": 0, "debt": 0}
        for share in plan.shares:
            netted[share.claim[0]] += share.amount
        keys = [str(obstacle) for obstacle in plan.obstacles]
        sentences = self._get_payout_words()
        return {
            "day": day,
            "until": until_of(day),
            "amount": plan.amount - plan.fees,
            "fees": netted["commission"],
            "debt": netted["debt"],
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
            "dac7": self._get_dac7_sentence(),
            "no_recipient": _("Register your bank account, and confirm it."),
            "doubtful_recipient": _(
                "Your bank sent a payout back: confirm your bank account, or give "
                "another one."
            ),
            "kyc": _("Mangopay has not verified your organisation yet."),
            "blocked": _("Mangopay does not let money leave: see what it asks of you."),
            "exception": _("A difference in your account is being looked into."),
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
