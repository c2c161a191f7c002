# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.training_catalogue_payment.utils import to_note

from ..services.topup import Claim, find_missing, find_served

# L216-7, L221-24: within fourteen days at the latest.
REFUND_DAYS = 14
WARNING = "mail.mail_activity_data_warning"


class MarketplaceTopup(models.Model):
    """Which refunds wait for a seller's wallet, and which of them can go on.

    Several refunds of one seller share its wallet: each counts on what is in it now,
    and the operator sends the rest; what one counts on is not another's
    (`services.topup`). Whatever comes into the wallet, the operator's transfer or a
    later sale's, serves the most urgent first.
    """

    _inherit = "marketplace.topup"

    @api.model
    def _open(self, sale, refund, needed, is_doubted=False):
        """Open, or look at again, what a refund lacks in the seller's wallet.

        :param refund: its transaction
        :param int needed: what it takes from the wallet
        :param bool is_doubted: the books say that the wallet has it, Mangopay does not
        :return: the top-up; empty when the wallet has it
        """
        sale._get_seller_wallet()._raise_money_version()
        seller, company, currency = sale.seller_id, sale.company_id, sale.currency_id
        waiting = self._get_open(company, seller, currency)
        topup = waiting.filtered(lambda one: one.refund_id == refund)
        others = (waiting - topup)._get_claims()
        left = 0 if is_doubted else seller._get_wallet_left(company, currency)
        missing = find_missing(left, needed, others)
        if not missing:
            return topup.browse()
        if not topup:
            topup = self._create_open(sale, refund, needed)
            topup._send_mail("mail_template_topup_buyer")
        topup.amount_needed = topup._to_major(needed)
        topup._announce(missing)
        if is_doubted:
            topup.problem = self.env._(
                "The books say that the wallet holds it, Mangopay does not. Look at "
                "the seller's wallet before you send anything."
            )
        return topup

    @api.model
    def _open_beside_others(self, sale, refund, needed):
        """Open what a refund lacks where others count on what is in the wallet; alone,
        Mangopay is asked whether it is there.

        :return: the top-up; empty when it is to be taken back
        """
        waiting = self._get_open(sale.company_id, sale.seller_id, sale.currency_id)
        others = waiting.filtered(lambda one: one.refund_id != refund)
        if not any(claim.counted_on for claim in others._get_claims()):
            return self.browse()
        return self._open(sale, refund, needed)

    def _announce_rest(self):
        """Announce what is still missing, once something came and was not enough."""
        self.ensure_one()
        others = self._get_open(self.company_id, self.seller_id, self.currency_id)
        left = self.seller_id._get_wallet_left(self.company_id, self.currency_id)
        needed = self._to_minor(self.amount_needed)
        missing = find_missing(left, needed, (others - self)._get_claims())
        if missing:
            self._announce(missing)

    def _create_open(self, sale, refund, needed):
        sudo = self.sudo().with_context(mail_create_nosubscribe=True)
        return sudo.create(
            {
                "refund_id": refund.id,
                "sale_id": sale.id,
                "amount_needed": sale._to_major(needed),
                "deadline": self._get_deadline(sale),
            }
        )

    def _get_deadline(self, sale):
        """Return the day before which the law wants the buyer to be refunded."""
        withdrawals = sale.order_id.sudo().training_withdrawal_ids
        if withdrawals:
            return withdrawals.sorted("date")[-1:].refund_before
        return fields.Date.context_today(sale) + timedelta(days=REFUND_DAYS)

    @api.model
    def _get_open(self, company, seller, currency):
        """Return the refunds that wait for a seller's wallet, the most urgent first;
        those whose money is being taken back are the wallet's business no more."""
        topups = self.sudo().search(
            [
                ("is_open", "=", True),
                ("seller_id", "=", seller.id),
                ("company_id", "=", company.id),
                ("currency_id", "=", currency.id),
            ],
            order="deadline, id",
        )
        return topups.filtered(lambda topup: not topup._is_under_way())

    def _is_under_way(self):
        """Whether the money is being taken from the seller's wallet right now."""
        return self.refund_id._has_mangopay_under_way()

    def _get_claims(self):
        return [
            Claim(
                topup.id,
                topup._to_minor(topup.amount_needed),
                topup._to_minor(topup.amount),
            )
            for topup in self
        ]

    @api.model
    def _serve(self, company, seller, currency):
        """Let go on the refunds that a seller's wallet can pay now."""
        waiting = self._get_open(company, seller, currency)
        if not waiting:
            return
        left = seller._get_wallet_left(company, currency)
        served = find_served(left, waiting._get_claims())
        for topup in self.browse([claim.key for claim in served]).sudo():
            topup.sale_id._advance_refund(topup.refund_id)

    def _close(self, state):
        """Let nobody wait any longer for the wallet: the money was taken back, or the
        refund given up."""
        for topup in self.filtered("is_open"):
            topup.write(
                {
                    "state": state,
                    "is_open": False,
                    "closed_at": fields.Datetime.now(),
                }
            )
            topup.activity_unlink([WARNING])

    # People

    def _call_accountant(self):
        """Have an accountant make the transfer, or look at what hinders it."""
        self.ensure_one()
        self.activity_unlink([WARNING])
        if self.state == "refused":
            summary = self.env._("A refund waits, and its transfer was refused")
        else:
            summary = self.env._("A refund waits for a bank transfer")
        note = self.env._(
            "%(seller)s was paid already: send %(amount)s to its wallet for the refund "
            "of %(buyer)s, before %(deadline)s.",
            seller=self.seller_id.name,
            amount=self.currency_id.format(self.amount),
            buyer=self.buyer_id.display_name,
            deadline=format_date(self.env, self.deadline),
        )
        self.activity_schedule(
            WARNING,
            date_deadline=self.deadline,
            summary=summary,
            note=to_note("\n".join(filter(None, (note, self.problem)))),
            user_id=self.sale_id.tx_id._get_mangopay_accountant().id,
        )

    def _send_mail(self, template):
        """Queue one mail: it leaves with this transaction, or never."""
        self.ensure_one()
        self.env.ref(f"training_marketplace_payout.{template}").sudo()._send_soon(
            self.id
        )

    def action_announce_again(self):
        """Announce a transfer again that was refused or has expired (accountants)."""
        self._check_accountant()
        for topup_sudo in self.sudo():
            if topup_sudo.state != "refused" or not topup_sudo.is_open:
                raise UserError(self.env._("This one does not wait for that."))
            topup_sudo._announce(topup_sudo._to_minor(topup_sudo.amount))
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_try_now(self):
        """Try to take the money back now: a person knows that it is there."""
        self._check_accountant()
        for topup_sudo in self.sudo().filtered("is_open"):
            topup_sudo.sale_id._advance_refund(topup_sudo.refund_id)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_give_up(self):
        """Give the refund up (accountants): it fails, and its order says so."""
        self._check_accountant()
        for topup_sudo in self.sudo():
            if not topup_sudo.is_open or topup_sudo._is_under_way():
                raise UserError(self.env._("This one does not wait any longer."))
            topup_sudo._close("cancelled")
            topup_sudo.sale_id._give_up_refund(
                topup_sudo.refund_id,
                self.env._(
                    "%(user)s has given it up while it waited for the seller's wallet.",
                    user=self.env.user.name,
                ),
            )
        return {"type": "ir.actions.client", "tag": "soft_reload"}


class MarketplacePayout(models.Model):
    """What did not leave a wallet, or came back, is for the refunds that wait."""

    _inherit = "marketplace.payout"

    def _set_failed(self, operation):
        result = super()._set_failed(operation)
        self._serve_refunds()
        return result

    def _set_returned(self, refund, net, back):
        result = super()._set_returned(refund, net, back)
        self._serve_refunds()
        return result

    def _serve_refunds(self):
        self.env["marketplace.topup"]._serve(
            self.company_id, self.seller_id, self.currency_id
        )
