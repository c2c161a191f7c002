# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResPartner(models.Model):
    """The contract that a contact has with the operator, and who acts for it (B1)."""

    _inherit = "res.partner"

    marketplace_contract_ids = fields.One2many(
        "marketplace.seller",
        "partner_id",
        string="Contracts of the marketplace",
        groups="training_marketplace_payout.group_marketplace_support,"
        "account.group_account_invoice",
    )

    def _get_marketplace_contract(self, company):
        """Return the contract of this contact with an operator, with sudo.

        :param company: the operator
        :return: ``marketplace.seller``, empty when there is none
        """
        contracts_sudo = self.env["marketplace.seller"].sudo()
        if not self:
            return contracts_sudo
        self.ensure_one()
        # Alone: a contact has a hundred columns, and many a transaction asks this.
        self.sudo().fetch(["commercial_partner_id"])
        domain = [
            ("partner_id", "=", self.commercial_partner_id.id),
            ("company_id", "=", company.id),
        ]
        return contracts_sudo.search(domain, limit=1)

    def _is_kyc_ready(self, company):
        """Tell whether this seller may be paid for from an operator's account: its
        record at Mangopay is verified, with its wallet and the terms (B14)."""
        users_sudo = self.sudo().mangopay_seller_ids
        return any(
            users_sudo.filtered(lambda user: user.company_id == company).mapped(
                "is_kyc_ready"
            )
        )

    def _is_same_company(self, contact):
        """Whether a contact is this seller, or one of its people; never of none."""
        company = self.sudo().commercial_partner_id
        return bool(company) and contact.sudo().commercial_partner_id == company

    def _get_marketplace_team(self):
        """Return the active users who act for this seller: those of its organisation,
        of the portal or not.

        :rtype: res.users, with sudo
        """
        users_sudo = self.env["res.users"].sudo()
        domain = [("partner_id.commercial_partner_id", "in", self.ids)]
        return users_sudo.search(domain).filtered(lambda user: not user._is_public())
