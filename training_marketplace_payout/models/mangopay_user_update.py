# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError

from ..services.mangopay_errors import GatewayError
from ..services.seller_identity import find_changes, is_verified_again, make_owner
from .mangopay_sentences import describe_error


class MangopayUser(models.Model):
    """A seller that moved house, or changed its representative: Mangopay is told."""

    _inherit = "mangopay.user"

    def _send_changes(self):
        """Tell Mangopay what changed since it was last told, and nothing else.

        Safe to repeat: what Mangopay knows is read first, so that a request that died
        half-way sends the rest, or nothing. It makes no object and moves no money.

        :return: whether something was sent
        :raise UserError: when Mangopay refuses, or when a person became an organisation
        :raise GatewayError: when it does not answer
        """
        self.ensure_one()
        self.lock_for_update()
        person, wanted = make_owner(self._prepare_seller())
        if person != self.person:
            raise UserError(
                self.env._(
                    "Mangopay does not turn a private person into an organisation, nor "
                    "the other way round: close this seller and have the new one begin."
                )
            )
        gateway = self.account_id._get_gateway()
        changes = find_changes(gateway.user(self.mangopay_id), wanted)
        if not changes:
            return False
        answer = gateway.update_user(person, self.mangopay_id, changes)
        self._apply_mangopay_user(answer)
        self._log_changes(changes)
        return True

    def _log_changes(self, changes):
        """Keep in the contact's thread that Mangopay was told, never what."""
        body = self.env._("What changed was sent to Mangopay.")
        if is_verified_again(changes):
            body += " " + self.env._("It verifies the seller again.")
        self.partner_id.sudo()._message_log(body=body)


class ResPartner(models.Model):
    _inherit = "res.partner"

    mangopay_seller_is_known = fields.Boolean(
        compute="_compute_mangopay_seller_is_known"
    )

    def _compute_mangopay_seller_is_known(self):
        for partner in self:
            seller_sudo = partner.sudo().mangopay_seller_id
            partner.mangopay_seller_is_known = (
                bool(seller_sudo.mangopay_id) and seller_sudo.state != "closed"
            )

    def action_mangopay_seller_update(self):
        """Send Mangopay what changed of a seller that it knows."""
        seller_sudo = self._get_mangopay_seller_to_act()
        if not self.mangopay_seller_is_known:
            raise UserError(self.env._("Mangopay does not know this seller yet."))
        try:
            is_sent = seller_sudo._send_changes()
        except GatewayError as error:
            raise UserError(describe_error(self.env, error)) from error
        message = (
            self.env._("Mangopay has what changed.")
            if is_sent
            else self.env._("Mangopay knows all this already.")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
