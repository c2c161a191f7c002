# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, fields, models
from odoo.tools import formatLang

from ..services.payout import Obstacle

NOTICE_JOB = "training_marketplace_payout.ir_cron_tell_payouts"
BATCH = 200


class MarketplacePayout(models.Model):
    """What sellers are told of their payouts.

    The mails are sent by a job of their own: one that cannot be made stops no money.
    """

    _inherit = "marketplace.payout"

    entry_ids = fields.One2many("marketplace.entry", "payout_id", readonly=True)
    entry_count = fields.Integer(compute="_compute_entry_count", compute_sudo=True)

    @api.model
    def _describe_obstacles(self, keys, contract):
        """Return why a seller is not paid, a sentence for each key, in the current
        language.

        :param keys: of `services.payout.Obstacle`
        :param contract: `marketplace.seller`, maybe empty
        """
        sentences = self._get_obstacle_sentences(contract)
        return [sentences[one] for one in Obstacle if one in keys]

    def _get_obstacle_sentences(self, contract):
        _ = self.env._
        company_sudo = contract.sudo().company_id
        minimum = formatLang(
            self.env,
            company_sudo.marketplace_payout_minimum,
            currency_obj=company_sudo.currency_id,
        )
        hold, stopped = contract.payout_hold_reason, _("Payouts are stopped.")
        return {
            Obstacle.NO_CONTRACT: _("The seller has no contract."),
            Obstacle.SUSPENDED: _("The contract is suspended."),
            Obstacle.HOLD: _("Payouts are stopped: %s", hold) if hold else stopped,
            Obstacle.DAC7: contract.with_env(self.env)._get_dac7_sentence() or stopped,
            Obstacle.EXCEPTION: _("A difference in the books is being looked into."),
            Obstacle.NO_RECIPIENT: _("No bank account is registered and confirmed."),
            Obstacle.DOUBTFUL_RECIPIENT: _(
                "The bank sent a payout back: the bank account has to be confirmed, or "
                "another one given."
            ),
            Obstacle.KYC: _("Mangopay has not verified the organisation yet."),
            Obstacle.BLOCKED: _("Mangopay does not let money leave."),
            Obstacle.FAILED: _("Mangopay refused the last payout."),
            Obstacle.NO_WALLET: _("The wallet at Mangopay is being made."),
            Obstacle.SETTLEMENT: _(
                "The commissions of the month are not invoiced yet."
            ),
            Obstacle.TRANSFERS: _("Money of sales is on its way to the wallet."),
            Obstacle.DEBT: _("What is due pays for refunds that are under way."),
            Obstacle.BALANCE: _("Nothing is due for these sales."),
            Obstacle.MINIMUM: _(
                "What is due is below the smallest payout, %s: it waits for the next "
                "sales.",
                minimum,
            ),
            Obstacle.LIVE: _("A payout is under way."),
            Obstacle.APPROVAL: _("The payout waits for approval."),
        }

    # Notices

    @api.model
    def _trigger_notices(self):
        self.env["ir.cron"]._plan_job(NOTICE_JOB)

    @api.model
    def _cron_tell(self):
        """Send the notices that are due, one commit each: none is sent twice."""
        progress = self.env["ir.cron"]._commit_progress
        waiting = self.search([("notice", "!=", False)], order="id", limit=BATCH)
        progress(remaining=self.search_count([("notice", "!=", False)]))
        for one in waiting:
            # A commit empties the cache: alone, or each would read all of them again.
            one.with_prefetch()._tell()
            if not progress(1):
                return

    def _tell(self):
        """Send the notice of a payout to the seller's team, each in its language."""
        self.ensure_one()
        template = self.env.ref(
            f"training_marketplace_payout.mail_template_payout_{self.notice}"
        )
        self.notice = False
        contract = self.contract_id
        for partner in contract._get_recipients() if contract else self.seller_id:
            lang = partner.lang or self.seller_id.lang
            template.with_context(marketplace_lang=lang)._send_soon(
                self.id, email_values={"recipient_ids": [Command.set(partner.ids)]}
            )

    # Smart buttons

    def _compute_entry_count(self):
        groups = self.env["marketplace.entry"]._read_group(
            [("payout_id", "in", self.ids)], ["payout_id"], ["__count"]
        )
        counts = dict(groups)
        for one in self:
            one.entry_count = counts.get(one, 0)

    def action_open_entries(self):
        """Open the movements of the payout, each with its entry."""
        return self._open_action(
            "marketplace_entry_action", [("payout_id", "=", self.id)]
        )

    def action_open_operations(self):
        """Open what was asked of Mangopay."""
        domain = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        return self._open_action("mangopay_operation_action", domain)

    def action_open_contract(self):
        """Open the contract of the seller."""
        self.ensure_one()
        return self.contract_id._get_records_action()

    def _open_action(self, name, domain):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"training_marketplace_payout.{name}"
        )
        return dict(action, domain=domain, context={})
