# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..services.bank_account import (
    IBAN_CURRENCIES,
    LOCAL,
    build_recipient,
    check_schema,
)
from .mangopay_recipient import ALIVE


class MangopayUser(models.Model):
    """Where a seller is paid."""

    _inherit = "mangopay.user"

    recipient_ids = fields.One2many("mangopay.recipient", "user_id", readonly=True)
    active_recipient_id = fields.Many2one(
        "mangopay.recipient",
        string="Account that is paid",
        compute="_compute_active_recipient_id",
    )

    @api.depends("recipient_ids.state")
    def _compute_active_recipient_id(self):
        for user in self:
            active = user.recipient_ids.filtered(lambda one: one.state == "active")
            user.active_recipient_id = active.sorted("id")[-1:]

    def _get_recipient(self, currency):
        """Return the account to which a seller is paid in a currency, or none."""
        self.ensure_one()
        return self.recipient_ids.filtered(
            lambda one: one.state == "active" and one.currency_id == currency
        ).sorted("id")[-1:]

    def _write_bank_account(self, number, holder):
        """Keep the bank account of a seller, before anything is asked of Mangopay.

        The IBAN given twice is the same account, unless its attempt is over.

        :param str number: a checked IBAN
        :param str holder: the name on the account
        :return: the recipient, to register or already registered
        """
        self.ensure_one()
        self.lock_for_update()
        bank = self._find_or_create_bank(number, holder)
        alive = self._find_registered(bank)
        drafts = self.recipient_ids.filtered(
            lambda one: one.state == "draft" and not one._get_operation()
        )
        (drafts - alive).unlink()
        if alive.state == "draft":
            alive.holder = holder
        return alive or self._create_recipient(bank, holder)

    def _find_registered(self, bank):
        """Return the attempt to register a bank account that is not over, or none."""
        return self.recipient_ids.filtered(
            lambda one: (
                one.sudo().bank_id == bank
                and one.state in ALIVE
                and not one.is_superseded
            )
        ).sorted("id")[-1:]

    def _find_or_create_bank(self, number, holder):
        banks_sudo = self.env["res.partner.bank"].sudo()
        bank = banks_sudo.with_context(active_test=False).search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("sanitized_acc_number", "=", number),
            ],
            limit=1,
        )
        if not bank:
            bank = banks_sudo.create(
                {
                    "partner_id": self.partner_id.id,
                    "acc_number": number,
                    "acc_holder_name": holder,
                }
            )
        elif bank.acc_holder_name != holder:
            bank.acc_holder_name = holder
        return bank

    def _create_recipient(self, bank, holder):
        return (
            self.env["mangopay.recipient"]
            .sudo()
            .create(
                {
                    "user_id": self.id,
                    "bank_id": bank.id,
                    "holder": holder,
                    "currency_id": self._get_seller_currency().id,
                }
            )
        )

    def _renew_recipient(self, recipient):
        """Return another attempt for an account that was not confirmed in time.

        Mangopay is asked first: it may have been confirmed after all.

        :raise GatewayError: when Mangopay does not say
        """
        self.ensure_one()
        self.lock_for_update()
        if recipient.mangopay_id:
            recipient._refresh_object()
        if recipient.state == "active":
            return recipient
        recipient._abandon()
        return self._create_recipient(recipient.sudo().bank_id, recipient.holder)

    def _get_seller_currency(self):
        """Return the currency in which sellers are paid: the company's."""
        return self.company_id.currency_id

    def _register_recipient(self, recipient):
        """Register an account at Mangopay, the seller being there to confirm it.

        The transaction is committed on the way.

        :raise UserError: what Mangopay does not accept, field by field
        :raise GatewayError: when it refuses, or does not answer
        """
        self.ensure_one()
        recipient.lock_for_update()
        body = self._prepare_recipient(recipient)
        if not recipient._get_operation():
            self._check_recipient(body)
        arguments = {"user_id": self.mangopay_id, "values": body}
        operation = recipient._request_creation(arguments)
        if operation:
            operation._send_now()
            if not recipient.mangopay_id:
                raise operation._get_error()

    def _prepare_recipient(self, recipient):
        currency = recipient.currency_id.name
        if currency not in IBAN_CURRENCIES:
            raise UserError(
                self.env._(
                    "Mangopay does not pay %(currency)s to an IBAN.", currency=currency
                )
            )
        partner = self.partner_id
        holder = {"address": self._prepare_address(partner)}
        if self.person == "legal":
            holder["business"] = recipient.holder
        else:
            holder["first_name"] = partner.marketplace_rep_firstname
            holder["last_name"] = partner.marketplace_rep_lastname
        number = recipient.sudo().bank_id.sanitized_acc_number
        return build_recipient(number, currency, holder, recipient.name)

    def _check_recipient(self, body):
        """Have an account checked by Mangopay's schema, then by Mangopay.

        :raise UserError: which field it does not accept
        :raise GatewayError: what it refuses, or that it does not answer
        """
        gateway = self.account_id._get_gateway()
        schema = gateway.recipient_schema(
            LOCAL, body["RecipientType"], body["Currency"], body["Country"]
        )
        wrong = check_schema(schema, body)
        if wrong:
            raise UserError(
                self.env._(
                    "Mangopay does not accept this account as it is: check %(fields)s.",
                    fields=", ".join(path.split(".")[-1] for path in wrong),
                )
            )
        gateway.validate_recipient(self.mangopay_id, body)
