# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace
from enum import StrEnum

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class ElearningReason(StrEnum):
    """Why a session of e-learning is not for sale."""

    NOT_DECIDED = "elearning_not_decided"


class EventEvent(models.Model):
    """A session delivered as e-learning gives access to an online course (B3).

    Its dates are those of the access: it is joined until the last day.
    """

    _inherit = "event.event"

    slide_channel_id = fields.Many2one(
        "slide.channel",
        string="E-learning course",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="The online course that the learners of this session follow, from its "
        "start to its end. Empty: a live session.",
    )

    @api.depends("programme_id.marketplace_elearning_ok", "slide_channel_id")
    def _compute_online_sale_ok(self):
        return super()._compute_online_sale_ok()

    @api.model
    def _get_not_started_domain(self):
        elearning = Domain("slide_channel_id", "!=", False) & Domain(
            "date_end", ">", fields.Datetime.now()
        )
        return super()._get_not_started_domain() | elearning

    def _get_sale_facts(self):
        """Override of the catalogue: the operator is presumed to be the supplier of
        automatic e-learning (regulation (EU) 282/2011, art. 9 bis), so a seller's is
        only sold where the operator has decided otherwise for that course."""
        facts = super()._get_sale_facts()
        if not self.slide_channel_id:
            return facts
        facts = replace(facts, starts_at=self.date_end or None)
        programme_sudo = self.programme_id.sudo()
        if (
            not programme_sudo.marketplace_seller_id
            or programme_sudo.marketplace_elearning_ok
        ):
            return facts
        reasons = (*facts.company_reasons, ElearningReason.NOT_DECIDED)
        return replace(facts, company_reasons=reasons)

    def _get_reason_words(self, programme):
        words = super()._get_reason_words(programme)
        words[ElearningReason.NOT_DECIDED] = self.env._(
            "A seller's e-learning is free or on request: the operator has not decided "
            "that this course may be sold."
        )
        return words

    def _get_withdrawal_case(self):
        """Override of the catalogue: the right ends with immediate access, which the
        buyer asks for (Consumer Code, art. L. 221-28, 13°)."""
        self.ensure_one()
        if self.sudo().slide_channel_id:
            return "digital"
        return super()._get_withdrawal_case()

    @api.constrains("slide_channel_id")
    def _check_slide_channel(self):
        """Refuse a course that anybody may follow without being enrolled."""
        for session in self:
            if session.slide_channel_id.sudo().enroll == "public":
                raise ValidationError(
                    self.env._(
                        "Anybody may follow « %(course)s » without being enrolled: set "
                        "its enrolment to « On Invitation » first.",
                        course=session.slide_channel_id.sudo().name,
                    )
                )
