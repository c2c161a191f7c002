# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError


class ResConfigSettings(models.TransientModel):
    """The account at Mangopay, and its health."""

    _inherit = "res.config.settings"

    mangopay_account_id = fields.Many2one(
        "mangopay.account", compute="_compute_mangopay_account_id"
    )
    mangopay_client_id = fields.Char(related="mangopay_account_id.client_id")
    mangopay_name = fields.Char(related="mangopay_account_id.name")
    mangopay_is_live = fields.Boolean(related="mangopay_account_id.is_live")
    mangopay_fault = fields.Selection(related="mangopay_account_id.fault")
    mangopay_hook_state = fields.Selection(related="mangopay_account_id.hook_state")
    mangopay_hook_detail = fields.Text(related="mangopay_account_id.hook_detail")
    mangopay_last_event_at = fields.Datetime(
        related="mangopay_account_id.last_event_at"
    )
    mangopay_last_error = fields.Char(related="mangopay_account_id.last_error")
    mangopay_last_error_at = fields.Datetime(
        related="mangopay_account_id.last_error_at"
    )
    mangopay_checked_at = fields.Datetime(related="mangopay_account_id.checked_at")

    def _compute_mangopay_account_id(self):
        accounts = self.env["mangopay.account"]
        for settings in self:
            settings.mangopay_account_id = accounts._get_of(settings.company_id)

    def _get_mangopay_account(self):
        self.ensure_one()
        self.env["mangopay.account"]._check_rights()
        if not self.mangopay_account_id:
            raise UserError(self.env._("No Mangopay account is linked."))
        return self.mangopay_account_id

    def action_mangopay_link(self):
        """Open the step that links the company's account."""
        self.env["mangopay.account"]._check_rights()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "training_marketplace_payout.mangopay_link_action"
        )
        return dict(action, context={"default_company_id": self.company_id.id})

    def action_mangopay_refresh(self):
        """Bring the health card up to date."""
        return self._get_mangopay_account().action_refresh()

    def action_mangopay_create_hooks(self):
        """Ask Mangopay to notify us."""
        return self._get_mangopay_account().action_create_hooks()

    def action_mangopay_replace_hooks(self):
        """Ask Mangopay to notify us instead of another system."""
        return self._get_mangopay_account().action_replace_hooks()

    def action_mangopay_unlink(self):
        """Stop using the account."""
        return self._get_mangopay_account().action_unlink_account()
