# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import ormcache


class TrainingTaxMention(models.Model):
    """A legal sentence printed on invoices, valid between two dates.

    Accountants add and end them without code: the one in force on the invoice's date
    is copied on it when it is numbered.

    French references change (VAT law moves from the CGI to the CIBS on
    1 January 2027, ordonnance 2026-671): mentions are data, never code (A26).
    """

    _name = "training.tax.mention"
    _description = "Training Tax Mention"
    _order = "regime, date_from desc"

    regime = fields.Selection(
        selection=[
            ("exempt", "Exempt training (art. 261-4-4° a)"),
            ("franchise", "VAT franchise (art. 293 B)"),
            ("reverse_charge", "Taxable, business of another EU country"),
            ("non_eu", "Taxable, business outside the EU"),
            ("activity", "Declaration of activity of the organisation"),
            ("discount", "Discount for early payment (businesses)"),
            ("penalty", "Penalties for late payment (businesses)"),
            ("indemnity", "Recovery costs (businesses)"),
        ],
        string="Case",
        required=True,
    )
    text = fields.Char(
        required=True,
        translate=True,
        help="{number} stands for the organisation's declaration of activity number.",
    )
    reference = fields.Char(help="Article of law that founds the mention.")
    date_from = fields.Date(string="Valid from", required=True)
    date_to = fields.Date(string="Valid until")
    country_id = fields.Many2one("res.country", required=True)

    _regime_period_uniq = models.UniqueIndex(
        "(regime, country_id, date_from)",
        "A mention already starts on that day for this regime.",
    )
    _period_check = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "A mention ends after it begins.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @ormcache("regime", "country.id", "date", "self.env.lang")
    def _get_text(self, regime, country, date):
        """Return the mention of a regime on `date`, in the current language."""
        return self.sudo()._find(regime, country, date).text

    def _find(self, regime, country, date):
        """Return the mention of a regime in force on `date`, or an empty record."""
        return self.search(
            [
                ("regime", "=", regime),
                ("country_id", "=", country.id),
                ("date_from", "<=", date),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", date),
            ],
            limit=1,
        )
