# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class TrainingAcceptance(models.Model):
    """Proof of what a buyer saw, ticked and clicked when a payment started (A12).

    Code de la consommation L221-14 (button, recap) and Code civil 1127-2. Written by
    the server, in the transaction that creates the payment; immutable after.
    """

    _name = "training.acceptance"
    _description = "Acceptance of the Terms of Sale"
    _order = "id desc"
    _rec_name = "terms_id"

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    transaction_id = fields.Many2one(
        "payment.transaction",
        string="Payment",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    terms_id = fields.Many2one(
        "training.terms",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    terms_version = fields.Integer(string="Version", readonly=True)
    terms_hash = fields.Char(string="Fingerprint of the terms", readonly=True)
    date = fields.Datetime(string="Accepted on", required=True, readonly=True)
    ip_address = fields.Char(string="IP address", readonly=True)
    user_agent = fields.Char(string="Browser", readonly=True)
    button_label = fields.Char(
        string="Wording of the button", required=True, readonly=True
    )
    consent_names = fields.Char(
        readonly=True, help="Technical: the boxes ticked, separated by commas."
    )
    consent_labels = fields.Text(string="Boxes ticked", readonly=True)
    recap = fields.Text(string="What was shown", readonly=True)
    amount_total = fields.Monetary(string="Total shown", readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse what does not come from the checkout.

        :raise AccessError: for whoever is not the superuser
        """
        if not self.env.su:
            raise AccessError(
                self.env._("A proof is written by the payment page, by nobody else.")
            )
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse, for everyone.

        :raise UserError: always
        """
        raise UserError(self.env._("A proof of acceptance cannot be changed."))

    def copy(self, default=None):  # pylint: disable=method-required-super
        """Refuse: a proof is written once."""
        raise UserError(self.env._("A proof of acceptance cannot be copied."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A proof of acceptance cannot be deleted."))

    def _has_consent(self, name):
        """Whether the buyer ticked the box of this name."""
        self.ensure_one()
        return name in (self.consent_names or "").split(",")

    def _get_ticked(self):
        """Return the name and the sentence of each box that was ticked.

        :rtype: list[tuple[str, str]]
        """
        names = (self.consent_names or "").split(",")
        labels = (self.consent_labels or "").split("\n")
        return list(zip(names, labels, strict=False))
