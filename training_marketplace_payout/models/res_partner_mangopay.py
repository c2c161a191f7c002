# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError

from ..services.mangopay_persons import make_payer


class ResPartner(models.Model):
    """A contact as Mangopay knows it."""

    _inherit = "res.partner"

    def _get_mangopay_user(self, account, category):
        """Return the user that a contact has in an account, empty when it has none.

        :param str category: PAYER or OWNER
        """
        self.ensure_one()
        domain = [
            ("account_id", "=", account.id),
            ("partner_id", "=", self.commercial_partner_id.id),
            ("category", "=", category),
        ]
        return self.env["mangopay.user"].sudo().search(domain, limit=1)

    def _ensure_mangopay_payer(self, account):
        """Return the user by which this contact pays, asked of Mangopay if need be.

        :return: the user; its ``mangopay_id`` is there once Mangopay answered
        :raise UserError: when the contact lacks a name or an e-mail
        """
        self.ensure_one()
        person, values = self._prepare_mangopay_payer()
        users = self.env["mangopay.user"]
        user_sudo = users._ensure(account, self, "PAYER", person)
        if not user_sudo.mangopay_id:
            user_sudo._request_creation(values)
        return user_sudo

    def _prepare_mangopay_payer(self):
        company = self.commercial_partner_id
        try:
            return make_payer(
                is_legal=company.is_company,
                name=company.name,
                contact_name=company != self and self.name,
                email=self.email or company.email,
            )
        except ValueError as error:
            raise UserError(
                self.env._(
                    "Mangopay, who takes the payment, needs a name and an e-mail "
                    "address that works. Correct your details, then pay."
                )
            ) from error
