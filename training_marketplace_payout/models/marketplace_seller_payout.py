# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from odoo.addons.training_catalogue_payment.utils import to_note

from ..services.payout import SILENT, TOLD_TO_SELLER, Obstacle

ACTIVITY = "training_marketplace_payout.mail_activity_type_payout"
#: Told by a mail of their own, when they happen.
TOLD_APART = (Obstacle.FAILED, Obstacle.DOUBTFUL_RECIPIENT)


class MarketplaceSeller(models.Model):
    """What stops the payouts of a seller, and who is told (B18).

    Each reason is told once, by mail to the seller and by an activity to the operator;
    when it is gone, nothing says so any more.
    """

    _inherit = "marketplace.seller"

    payout_hold = fields.Boolean(
        string="Payouts stopped",
        tracking=True,
        copy=False,
        help="Nothing is paid to this seller until a manager lets it go on.",
    )
    payout_hold_reason = fields.Char(
        string="Why they are stopped",
        tracking=True,
        copy=False,
        help="Told to the seller.",
    )
    payout_obstacles = fields.Char(
        readonly=True, copy=False, help="Technical: the keys of the present reasons."
    )
    payout_obstacle = fields.Char(
        string="Why it is not paid",
        compute="_compute_payout_obstacle",
        help="Why what is due to the seller could not leave.",
    )
    payout_line_ids = fields.One2many(
        "marketplace.payout.line", "contract_id", readonly=True
    )
    payout_count = fields.Integer(compute="_compute_payout_count", compute_sudo=True)

    @api.depends("payout_obstacles", "payout_hold_reason")
    @api.depends_context("lang")
    def _compute_payout_obstacle(self):
        for contract in self:
            sentences = contract._get_payout_sentences(is_seller=False)
            contract.payout_obstacle = " ".join(sentences)

    def _compute_payout_count(self):
        groups = self.env["marketplace.payout"]._read_group(
            [("contract_id", "in", self.ids)], ["contract_id"], ["__count"]
        )
        counts = dict(groups)
        for contract in self:
            contract.payout_count = counts.get(contract, 0)

    def action_open_payouts(self):
        """Open the payouts of the seller."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "training_marketplace_payout.marketplace_payout_action"
        )
        return dict(action, domain=[("contract_id", "=", self.id)], context={})

    def _get_payout_keys(self):
        keys = (self.payout_obstacles or "").split(",")
        return [key for key in keys if key]

    def _get_payout_sentences(self, is_seller=True):
        """Return why the seller is not paid, one sentence a reason, in the current
        language.

        :param bool is_seller: for the seller itself: what is ours to solve is left out
        """
        self.ensure_one()
        keys = self._get_payout_keys()
        if is_seller:
            keys = [key for key in keys if key in TOLD_TO_SELLER]
        return self.env["marketplace.payout"]._describe_obstacles(keys, self)

    def _refresh_payout_obstacles(self):
        """Take over what stops the payouts of the month, in whatever currency; tell
        what is new, once."""
        if not self:
            return
        lines = self.env["marketplace.payout.line"].search(
            [("contract_id", "=", self.id), ("run_id.state", "=", "running")]
        )
        found = {key for line in lines for key in (line.obstacles or "").split(",")}
        keys = [str(one) for one in Obstacle if one in found and one not in SILENT]
        before = self._get_payout_keys()
        if keys == before:
            return
        self.payout_obstacles = ",".join(keys) or False
        self.activity_unlink([ACTIVITY])
        if keys:
            self._call_for_payout()
        new = set(keys) - set(before) - set(TOLD_APART)
        if new & TOLD_TO_SELLER:
            self._tell_seller("mail_template_marketplace_payout_obstacle")

    def _call_for_payout(self):
        """Tell the operator why a seller is not paid."""
        manager = self._find_manager()
        accountant = self.env["marketplace.entry"].new(
            {"company_id": self.company_id.id}
        )
        user = manager or accountant._get_accountant()
        contract = self.with_context(lang=user.lang)
        self.activity_schedule(
            ACTIVITY,
            summary=contract.env._("What is due to this seller cannot leave"),
            note=to_note("\n".join(contract._get_payout_sentences(is_seller=False))),
            user_id=user.id,
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    marketplace_payout_count = fields.Integer(
        compute="_compute_marketplace_payout_count",
        groups="training_marketplace_payout.group_marketplace_support,"
        "account.group_account_invoice,account.group_account_readonly",
    )

    @api.depends_context("uid")
    def _compute_marketplace_payout_count(self):
        groups = self.env["marketplace.payout"]._read_group(
            [("seller_id", "in", self.ids)], ["seller_id"], ["__count"]
        )
        counts = dict(groups)
        for partner in self:
            partner.marketplace_payout_count = counts.get(partner, 0)

    def action_open_marketplace_payouts(self):
        """Open the payouts of the seller."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "training_marketplace_payout.marketplace_payout_action"
        )
        return dict(action, domain=[("seller_id", "=", self.id)], context={})
