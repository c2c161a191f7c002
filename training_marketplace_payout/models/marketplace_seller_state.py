# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .marketplace_seller import MANAGER


class MarketplaceSeller(models.Model):
    """Who becomes a seller, and what may stop it: decisions of marketplace managers."""

    _inherit = "marketplace.seller"

    #: Decision → (states from which it is taken, state that follows).
    _decisions = {
        "approve": (("applied",), "approved"),
        "refuse": (("applied",), "refused"),
        "suspend": (("approved",), "suspended"),
        "resume": (("suspended",), "approved"),
        "close": (("approved", "suspended"), "closed"),
        "reopen": (("refused", "closed"), "applied"),
    }

    def _check_manager(self):
        """Refuse whoever may not decide.

        :raise AccessError: for anybody but marketplace managers
        """
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only marketplace managers may decide this."))
        self.check_access("write")

    def action_approve(self):
        """Accept an application: the organisation becomes a seller, with its series."""
        self._check_manager()
        for contract in self:
            contract._decide("approve")

    def action_refuse(self):
        """Ask for the reason of a refusal."""
        return self._ask_reason("refuse")

    def action_suspend(self):
        """Ask for the reason of a suspension: nothing of the seller is on sale."""
        return self._ask_reason("suspend")

    def action_close(self):
        """Ask for the reason of the end of the contract."""
        return self._ask_reason("close")

    def action_resume(self):
        """Let a suspended seller sell again."""
        self._check_manager()
        for contract in self:
            contract._decide("resume")

    def action_reopen(self):
        """Look again at an application that was refused, or at a closed contract."""
        self._check_manager()
        for contract in self:
            contract._decide("reopen")

    def _ask_reason(self, decision):
        self._check_manager()
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "training_marketplace_payout.marketplace_seller_decision_action"
        )
        context = {"default_seller_id": self.id, "default_decision": decision}
        return dict(action, context=context)

    def _decide(self, decision, reason=False):
        """Take a decision, once: a second click finds it taken.

        :param str decision: a key of ``_decisions``
        :param str reason: told to the seller
        :raise UserError: when the contract is not in a state for it
        """
        self.ensure_one()
        contract_sudo = self.sudo()
        contract_sudo.lock_for_update()
        contract_sudo.invalidate_recordset(["state"])
        before, after = self._decisions[decision]
        if contract_sudo.state == after:
            return
        if contract_sudo.state not in before:
            raise UserError(
                self.env._(
                    "This cannot be decided: the contract is « %(state)s ».",
                    state=dict(self._fields["state"]._description_selection(self.env))[
                        contract_sudo.state
                    ],
                )
            )
        values = {"state": after, "state_reason": reason}
        if decision == "approve":
            values |= contract_sudo._prepare_approval()
        contract_sudo.write(values)
        if decision == "approve":
            contract_sudo.partner_id.is_marketplace_seller = True
        contract_sudo._on_decided(decision)

    def _prepare_approval(self):
        """Return what an approval writes: its date, and the series of the invoices."""
        self._check_complete()
        values = {"approved_at": fields.Datetime.now()}
        if not self.series_code:
            values["series_code"] = self._next_series_code()
        return values

    @api.model
    def _next_series_code(self):
        """Return a series that no seller has, such as S0042."""
        return self.env["ir.sequence"].sudo().next_by_code("marketplace.seller.series")

    def _check_complete(self):
        """Hook: refuse to approve what the mandate and the invoices could not say.

        :raise UserError: with what is missing
        """

    def _on_decided(self, decision):
        """Hook: tell the seller what was decided, and why.

        :param str decision: a key of ``_decisions``
        """
