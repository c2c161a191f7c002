# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace
from typing import NamedTuple

from odoo import Command, api, models

from odoo.addons.payment.utils import (
    to_major_currency_units,
    to_minor_currency_units,
)

from ..services import payout
from .marketplace_payout import LIVE

SEQUENCE = "marketplace.payout"


class Plan(NamedTuple):
    """What a payout made now would be; amounts in minor units.

    :param list obstacles: keys; nothing is paid while there is one
    :param list shares: `services.payout.Share` of claims, see `_get_claims`
    """

    obstacles: list
    amount: int
    shares: list
    recipient: object
    wallet: object

    @property
    def fees(self):
        """What is netted in all."""
        return sum(share.amount for share in self.shares)


class MarketplacePayout(models.Model):
    """Whether a seller can be paid, and its payout made ready (B18, D10).

    All is counted in the transaction that writes the payout down, and again when it
    is approved. If the process dies: before the commit nothing is kept, and the job
    counts anew; after it the payout is there, once, and the outbox sends it under its
    own key. Two at the same seller: the unique index of live payouts refuses the
    second, which is replayed and finds the first.
    """

    _inherit = "marketplace.payout"

    # Whether

    @api.model
    def _get_obstacles(self, contract, currency):
        """Return why a seller cannot be paid now: keys of `services.payout.Obstacle`.

        :param contract: `marketplace.seller`
        :rtype: list[str]
        """
        company_sudo = contract.sudo().company_id
        until = payout.until_of(company_sudo._get_marketplace_today())
        seller_sudo = contract.sudo().partner_id
        plan = self.sudo()._make_plan(company_sudo, seller_sudo, currency, until)
        return [str(obstacle) for obstacle in plan.obstacles]

    @api.model
    def _make_plan(
        self, company, seller, currency, until, live=None, is_foreseen=False
    ):
        """Count what a payout made now would be, and what stops it.

        :param date until: sales made before that day are paid
        :param live: a payout that is under way and is counted again
        :param bool is_foreseen: as if what is to transfer were in the wallet, and the
            commissions of these sales invoiced
        :rtype: Plan
        """
        found = self._read_money(company, until, seller, is_foreseen)
        money = found.get((seller.id, currency.id), payout.Money())
        if is_foreseen:
            money = payout.foresee(money)
        contract = seller._get_marketplace_contract(company)
        user = contract._get_mangopay_owner() if contract else None
        recipient = self._find_recipient(user, currency)
        wallet = self._find_wallet(user, currency)
        person = self._get_person(contract, user, recipient, wallet)
        others = self._find_others(company, seller, currency, until)
        person = replace(
            person,
            has_exception=bool(self._get_blocking_exceptions(company, seller)),
            has_failed=others._has_failed(until, recipient),
            has_live=bool(
                others.filtered(lambda one: one.state in LIVE)
                - (live or others.browse())
            ),
        )
        minimum = to_minor_currency_units(company.marketplace_payout_minimum, currency)
        obstacles = payout.find_obstacles(person, money, minimum)
        claims = self._get_claims(company, seller, currency) if money.amount else []
        if is_foreseen and money.amount:
            claims = self._foresee_claims(claims, company, seller, currency, until)
        shares = payout.share_fees(
            money.amount, [((kind, line), minor) for kind, line, minor in claims]
        )
        return Plan(obstacles, money.amount, shares, recipient, wallet)

    def _find_recipient(self, user, currency):
        if not user:
            return self.env["mangopay.recipient"].sudo()
        return user._get_recipient(currency)

    def _find_wallet(self, user, currency):
        wallets = user.wallet_ids if user else self.env["mangopay.wallet"].sudo()
        return wallets.filtered(
            lambda one: one.currency_id == currency and one.mangopay_id
        )

    @api.model
    def _get_person(self, contract, user, recipient, wallet):
        return payout.Person(
            state=contract.state or "",
            is_held=contract.payout_hold,
            is_dac7_stopped=contract._is_dac7_obstacle(),
            has_recipient=bool(recipient),
            is_recipient_doubtful=recipient.is_doubtful,
            is_kyc_asked=bool(contract.kyc_asked_at),
            is_verified=bool(user) and contract._is_verified(user),
            mangopay=user.state if user else "",
            has_wallet=bool(wallet),
        )

    def _find_others(self, company, seller, currency, until):
        """Return the payouts of a seller that matter for the next one: those that are
        alive, and those of the same sales; the last one first."""
        return self.search(
            [
                ("company_id", "=", company.id),
                ("seller_id", "=", seller.id),
                ("currency_id", "=", currency.id),
                ("state", "!=", "cancelled"),
                "|",
                ("state", "in", LIVE),
                ("until", ">=", until),
            ],
            order="id desc",
        )

    def _has_failed(self, until, recipient):
        """Tell whether the last payout of these sales failed, and would again: to the
        same account, and nobody said that it should be tried."""
        last = self.filtered(lambda one: one.until >= until)[:1]
        return (
            last.state == "failed"
            and not last.is_dismissed
            and last.recipient_id == recipient
        )

    # Making ready

    @api.model
    def _prepare(self, line, plan):
        """Write down the payout of a line of the run, once.

        :param line: `marketplace.payout.line`
        :param Plan plan: without an obstacle
        :return: the payout
        """
        run, currency = line.run_id, line.currency_id
        net = plan.amount - plan.fees
        values = {
            "name": self.env["ir.sequence"].next_by_code(SEQUENCE),
            "company_id": run.company_id.id,
            "seller_id": line.seller_id.id,
            "contract_id": line.contract_id.id,
            "currency_id": currency.id,
            "run_id": run.id,
            "until": run.until,
            "amount": to_major_currency_units(plan.amount, currency),
            "fee_amount": to_major_currency_units(plan.fees, currency),
            "net_amount": to_major_currency_units(net, currency),
            "recipient_id": plan.recipient.id,
            "wallet_id": plan.wallet.id,
            "prepared_by": (run.started_by or self.env.user).id,
            "fee_ids": [
                Command.create(self._prepare_fee(share, currency))
                for share in plan.shares
            ],
        }
        quiet = self.with_context(tracking_disable=True, mail_create_nosubscribe=True)
        made = self.browse(self.env["mangopay.user"]._create_once(quiet, values).id)
        made._follow_on_line(line)
        return made

    def _prepare_fee(self, share, currency):
        kind, line = share.claim
        return {
            "kind": kind,
            "move_line_id": line.id,
            "amount": to_major_currency_units(share.amount, currency),
        }

    def _is_as_planned(self, plan):
        """Tell whether a payout is still what would be paid now."""
        self.ensure_one()
        netted = {
            fee.move_line_id.id: to_minor_currency_units(fee.amount, self.currency_id)
            for fee in self.fee_ids
        }
        return not plan.obstacles and (
            to_minor_currency_units(self.amount, self.currency_id),
            netted,
            self.recipient_id,
            self.wallet_id,
        ) == (
            plan.amount,
            {share.claim[1].id: share.amount for share in plan.shares},
            plan.recipient,
            plan.wallet,
        )

    def _recount(self):
        """Count a prepared payout again; what has changed is given up, and prepared
        anew by the run.

        :return: whether it still stands
        """
        self.ensure_one()
        plan = self._make_plan(
            self.company_id, self.seller_id, self.currency_id, self.until, live=self
        )
        if self._is_as_planned(plan):
            return True
        self.write({"state": "cancelled"})
        self._follow_on_line()
        return False
