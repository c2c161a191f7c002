# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from babel.dates import format_date

from odoo import fields, models

from ..services import withdrawal as rules

WITHDRAWAL_CASES = [
    ("standard", "14 days"),
    ("leisure", "None: leisure activity at a fixed date"),
    ("digital", "Lost with immediate access: e-learning"),
]


class ProductTemplate(models.Model):
    """What the law says of a programme that private persons buy (A28)."""

    _inherit = "product.template"

    training_withdrawal_case = fields.Selection(
        selection=WITHDRAWAL_CASES,
        string="Right of withdrawal",
        default="standard",
        help="Of private persons only. « Leisure » and « e-learning » are exceptions "
        "of the French Consumer Code (art. L. 221-28, 12° and 13°): the buyer is told "
        "before ordering. Professional training is never leisure.",
    )


class EventEvent(models.Model):
    """The right of withdrawal of those who buy this session now (A28)."""

    _inherit = "event.event"

    def _get_withdrawal_case(self):
        """Return what applies to a private buyer of this session.

        Training that counts in the BPF is no leisure, whatever its programme says.
        """
        self.ensure_one()
        case = self.sudo().programme_id.training_withdrawal_case or "standard"
        is_bpf = self._is_company_only()
        return "standard" if case == "leisure" and is_bpf else case

    def _get_withdrawal_notice(self):
        """Return what a private buyer is told before ordering (L221-5).

        :return: ``case``, ``starts_early``, and ``last_day`` in words of a contract
            made today
        :rtype: dict
        """
        self.ensure_one()
        now = fields.Datetime.now()
        return {
            "case": self._get_withdrawal_case(),
            "starts_early": rules.starts_early(now, self.date_begin),
            "last_day": format_date(
                rules.last_day(now), "full", locale=self._get_babel_locale()
            ),
            "company": self.sudo().company_id or self.env.company,
        }
