# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.training_catalogue_payment.utils import (
    refuse_protected,
    refuse_protected_new,
    with_defaults,
)

PROTECTED = {
    "mangopay_operation_id",
    "marketplace_key",
    "marketplace_sale_id",
    "marketplace_settlement_id",
}
# What an entry of the marketplace says; its lines' part is below.
KEPT = {
    "company_id",
    "currency_id",
    "date",
    "journal_id",
    "line_ids",
    "name",
    "ref",
    "state",
}
KEPT_LINES = {
    "account_id",
    "amount_currency",
    "balance",
    "credit",
    "currency_id",
    "debit",
    "move_id",
    "name",
    "partner_id",
}


class AccountMove(models.Model):
    """Entries of other people's money are the product's own (D9).

    Nobody edits, resets, reverses or deletes one by hand: the books would say what
    Mangopay does not.
    """

    _inherit = "account.move"

    marketplace_key = fields.Char(
        string="Movement of the marketplace", copy=False, readonly=True
    )
    marketplace_sale_id = fields.Many2one(
        "marketplace.sale",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    mangopay_operation_id = fields.Many2one(
        "mangopay.operation",
        string="Asked of Mangopay",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    _marketplace_key_unique = models.UniqueIndex(
        "(company_id, marketplace_key) WHERE marketplace_key IS NOT NULL"
    )

    @api.model_create_multi
    def create(self, vals_list):
        refuse_protected_new(self, vals_list, PROTECTED)
        return super().create(vals_list)

    def write(self, vals):
        refuse_protected(self, vals, PROTECTED)
        if KEPT & vals.keys() and self.filtered("marketplace_key"):
            refuse_protected(self, vals, KEPT)
        return super().write(vals)

    def unlink(self):
        # Not an ondelete hook: account undoes what is matched before those run.
        self._refuse_marketplace()
        return super().unlink()

    def button_draft(self):
        """An entry of the marketplace stays posted."""
        self._refuse_marketplace()
        return super().button_draft()

    def button_cancel(self):
        """An entry of the marketplace stays posted."""
        self._refuse_marketplace()
        return super().button_cancel()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        self._refuse_marketplace()
        return super()._reverse_moves(default_values_list, cancel)

    def _refuse_marketplace(self):
        """:raise UserError: for an entry of the marketplace, whoever is not the code"""
        moves = self.filtered("marketplace_key")
        if moves and not self.env.su:
            raise UserError(
                self.env._(
                    "%(entries)s: money moved at Mangopay, and the books say so. "
                    "Entries of the marketplace cannot be changed by hand; what is "
                    "wrong is corrected by another movement.",
                    entries=", ".join(moves.mapped("name")),
                )
            )

    def action_open_marketplace_sale(self):
        """Open the sale that the entry is about."""
        self.ensure_one()
        return self.marketplace_sale_id._get_records_action()

    def action_open_mangopay_operation(self):
        """Open what was asked of Mangopay."""
        self.ensure_one()
        return self.mangopay_operation_id._get_records_action()


class AccountMoveLine(models.Model):
    """The lines of these entries stay as they were written."""

    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            move_ids = {with_defaults(self, vals).get("move_id") for vals in vals_list}
            moves = self.env["account.move"].browse(move_ids - {None, False})
            moves._refuse_marketplace()
        return super().create(vals_list)

    def write(self, vals):
        if KEPT_LINES & vals.keys() and not self.env.su:
            self.move_id._refuse_marketplace()
        return super().write(vals)

    def unlink(self):
        self.move_id._refuse_marketplace()
        return super().unlink()
