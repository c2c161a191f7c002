# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class MarketplaceSeller(models.Model):
    """What a seller still has to do before it sells, then before it is paid."""

    _inherit = "marketplace.seller"

    missing = fields.Text(
        string="What is missing", compute="_compute_missing", compute_sudo=True
    )

    @api.depends("state", "is_mandate_due", "partner_id.mangopay_seller_ids.state")
    @api.depends_context("lang")
    def _compute_missing(self):
        for contract in self:
            todo = contract._get_todo() if contract.state == "approved" else []
            lines = [line for step in todo for line in (step["text"], *step["lines"])]
            contract.missing = "\n".join(lines) or "\n".join(contract._find_gaps())

    def _get_todo(self):
        """Return what the seller has to do, in order, in the current language.

        :return: ``text``, ``lines`` (details), ``url`` and ``label`` of each step
        :rtype: list[dict]
        """
        self.ensure_one()
        contract_sudo = self.sudo()
        if contract_sudo.state != "approved":
            return []
        steps = []
        if contract_sudo.is_mandate_due:
            steps.append(contract_sudo._get_mandate_step())
        lines = contract_sudo._get_mangopay_lines()
        if lines:
            steps.append(contract_sudo._get_mangopay_step(lines))
        return steps

    def _get_mandate_step(self):
        is_new = not self.mandate_id
        return {
            "text": (
                self.env._(
                    "Accept the mandate to invoice and collect in your name: your "
                    "courses are on sale after that."
                )
                if is_new
                else self.env._(
                    "What the mandate says has changed: accept its new version, your "
                    "courses are on sale again after that."
                )
            ),
            "lines": [],
            "url": "/my/channel/seller/mandate",
            "label": self.env._("Read the mandate"),
        }

    def _get_mangopay_lines(self):
        """Return what Mangopay still asks of the seller."""
        account_sudo = self.env["mangopay.account"].sudo()._get_of(self.company_id)
        partner_sudo = self.partner_id
        if not account_sudo:
            return []
        user_sudo = partner_sudo._get_mangopay_user(account_sudo, "OWNER")
        return partner_sudo._describe_mangopay_missing(user_sudo, account_sudo)

    def _get_mangopay_step(self, lines):
        is_first = self.company_id.marketplace_kyc_first
        is_first = is_first and not self.partner_id._is_kyc_ready(self.company_id)
        return {
            "text": (
                self.env._("Before your courses are on sale, Mangopay asks for:")
                if is_first
                else self.env._("Before you are paid, Mangopay asks for:")
            ),
            "lines": lines,
            "url": "/my/mangopay",
            "label": self.env._("My payments"),
        }
