# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain

from ..services import sellability

# A ticket's product must be an event service; it is invoiced when it is ordered.
PROGRAMME_VALUES = {
    "type": "service",
    "service_tracking": "event",
    "invoice_policy": "order",
}


class ProductTemplate(models.Model):
    _inherit = "product.template"

    is_training_programme = fields.Boolean(
        string="Training programme",
        help="Sessions of this programme are planned as events.",
    )
    sell_online_payment = fields.Boolean(string="Sell with online payment")
    publish_online_catalogue = fields.Boolean(
        related="is_published",
        readonly=False,
        string="Publish on the online catalogue",
    )
    company_multi_learners = fields.Boolean(
        string="Number of learners to enrol",
        help="Ticked: a company chooses how many learners it enrols and pays the price "
        "for each. Unticked: one flat price per enrolment.",
    )
    flat_enrolment_max_learners = fields.Integer(
        string="Learners per flat enrolment",
        default=1,
        help="Most learners that one flat-price enrolment may hold.",
    )
    training_session_ids = fields.One2many(
        "event.event", "programme_id", string="Sessions"
    )
    training_objective = fields.Html(string="Objectives", translate=True)
    training_content = fields.Html(string="Content", translate=True)
    training_means = fields.Html(string="Teaching means", translate=True)
    training_follow_up = fields.Html(string="Follow-up and assessment", translate=True)
    training_sanction = fields.Char(
        string="Outcome",
        translate=True,
        help="What the learner receives: certificate, attestation…",
    )
    training_duration_hours = fields.Float(string="Duration (hours)")
    training_finance_plus = fields.Boolean(
        compute="_compute_training_finance_plus", compute_sudo=True
    )
    training_regulation_banner = fields.Boolean(
        compute="_compute_training_finance_plus", compute_sudo=True
    )
    online_sale_blockers = fields.Text(
        string="Missing before sale", compute="_compute_online_sale_blockers"
    )

    _flat_enrolment_max_learners_positive = models.Constraint(
        "CHECK(flat_enrolment_max_learners >= 1)",
        "A flat enrolment holds at least one learner.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_training_finance_plus(self):
        for template in self:
            company = template.company_id or self.env.company
            template.training_finance_plus = company.finance_plus
            template.training_regulation_banner = company._needs_regulation_banner()

    @api.depends(
        "active",
        "is_training_programme",
        "sell_online_payment",
        "is_published",
        "training_session_ids.online_sale_ok",
    )
    @api.depends_context("company", "lang")
    def _compute_online_sale_blockers(self):
        """Say in words what is still missing for a programme to be on sale (A5)."""
        for programme in self:
            programme.online_sale_blockers = "\n".join(
                programme._get_online_sale_blockers()
            )

    @api.onchange("is_training_programme")
    def _onchange_is_training_programme(self):
        if self.is_training_programme:
            self.update(PROGRAMME_VALUES)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._as_programme(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._as_programme(vals))

    @api.model
    def _as_programme(self, vals):
        """Stock asks these values of whatever a ticket sells."""
        return vals | PROGRAMME_VALUES if vals.get("is_training_programme") else vals

    def _get_online_sale_blockers(self):
        self.ensure_one()
        if not self.is_training_programme:
            return []
        company = self.company_id or self.env.company
        sessions = self.training_session_ids
        reasons = self._get_training_company_reasons(company)
        messages = sessions._get_reason_messages(reasons, programme=self)
        if not self.sell_online_payment:
            messages.append(self.env._("Tick « Sell with online payment »."))
        if not self.is_published:
            messages.append(self.env._("Tick « Publish on the online catalogue »."))
        if not self.active:
            messages.append(self.env._("Unarchive this programme."))
        if not sessions:
            messages.append(self.env._("Plan at least one session of this programme."))
        elif not messages and not self._get_sellable_sessions():
            messages.append(
                self.env._("No session can be bought: see the reason on each of them.")
            )
        return messages

    def _get_training_rules(self, company):
        """Hook: return the rules of who sells this programme, its company here.

        :param company: the company in which it is sold; the programme may be empty
        :rtype: TrainingRules
        """
        return company._get_training_rules()

    def _get_training_company_facts(self, company):
        """Hook: return what has to be set up before this programme can be sold."""
        return company._get_training_facts(self._get_training_rules(company))

    def _get_training_company_reasons(self, company):
        """Return what is not set up yet, as a list of reasons."""
        return sellability.company_reasons(self._get_training_company_facts(company))

    def _get_sellable_sessions(self):
        """Return the sessions that may be bought now, the next one first.

        One query, whatever the number of programmes.
        """
        return self.env["event.event"].search(
            Domain("programme_id", "in", self.ids)
            & Domain("is_sellable_online", "=", True),
            order="date_begin, id",
        )

    def _get_max_learners(self):
        """Return how many learners one company enrolment may hold (A6)."""
        self.ensure_one()
        if self.company_multi_learners:
            return self.env["event.event"].EVENT_MAX_TICKETS
        return max(self.flat_enrolment_max_learners, 1)
