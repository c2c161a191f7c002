# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..services import sellability
from ..services.sellability import Reason
from ..utils import refuse_protected


class EventEvent(models.Model):
    """A session is an event that belongs to a training programme."""

    _inherit = "event.event"

    programme_id = fields.Many2one(
        "product.template",
        domain="[('is_training_programme', '=', True)]",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        check_company=True,
    )
    programme_variant_id = fields.Many2one(
        "product.product",
        string="Variant of the programme",
        domain="[('product_tmpl_id', '=', programme_id)]",
        help="A session attached to a variant is not sold online.",
    )
    is_training_session = fields.Boolean(
        compute="_compute_is_training_session", store=True
    )
    session_kind = fields.Selection(
        selection=[("inter", "Inter-company"), ("intra", "In-company")],
        default="inter",
        tracking=True,
    )
    is_subcontracted = fields.Boolean(
        string="Subcontracted",
        help="Given as subcontractor of another training organisation.",
        tracking=True,
    )
    is_out_of_bpf = fields.Boolean(
        string="Outside professional training (hors BPF)",
        help="Does not count as professional training: individuals may buy it and "
        "the training exemption from VAT does not apply.",
        tracking=True,
    )
    session_price = fields.Monetary(
        help="Before tax. Leave 0 to use the price of the programme; a session's own "
        "price always wins.",
        tracking=True,
    )
    training_price = fields.Monetary(
        string="Price of the session",
        compute="_compute_training_price",
        help="Before tax, per learner or per flat enrolment.",
    )
    training_ticket_id = fields.Many2one(
        "event.event.ticket", string="Managed ticket", copy=False, readonly=True
    )
    online_sale_ok = fields.Boolean(
        string="Set up for online sale",
        compute="_compute_online_sale_ok",
        store=True,
        compute_sudo=True,
        help="Everything that does not depend on the date or on free seats.",
    )
    is_sellable_online = fields.Boolean(
        string="On sale",
        compute="_compute_is_sellable_online",
        search="_search_is_sellable_online",
        compute_sudo=True,
    )
    online_sale_blockers = fields.Text(
        string="Why it is not on sale", compute="_compute_online_sale_blockers"
    )
    training_finance_plus = fields.Boolean(
        compute="_compute_training_finance_plus", compute_sudo=True
    )
    training_regulation_banner = fields.Boolean(
        compute="_compute_training_finance_plus", compute_sudo=True
    )

    _session_price_positive = models.Constraint(
        "CHECK(session_price >= 0)", "The price of a session cannot be negative."
    )
    _online_sale_idx = models.Index(
        "(programme_id, date_begin) WHERE online_sale_ok IS TRUE"
    )

    @api.depends("programme_id")
    def _compute_is_training_session(self):
        for event in self:
            event.is_training_session = bool(event.programme_id)

    @api.depends("session_price", "programme_id.list_price")
    def _compute_training_price(self):
        for event in self:
            event.training_price = event.session_price or event.programme_id.list_price

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_training_finance_plus(self):
        for event in self:
            company = event.company_id or self.env.company
            event.training_finance_plus = company.finance_plus
            event.training_regulation_banner = company._needs_regulation_banner()

    @api.depends(
        "active",
        "company_id.training_sale_open",
        "is_subcontracted",
        "kanban_state",
        "programme_id.active",
        "programme_id.is_published",
        "programme_id.is_training_programme",
        "programme_id.list_price",
        "programme_id.sell_online_payment",
        "programme_variant_id",
        "session_kind",
        "session_price",
    )
    def _compute_online_sale_ok(self):
        for event in self:
            event.online_sale_ok = bool(event.programme_id) and not (
                sellability.static_reasons(event._get_sale_facts())
            )

    @api.depends("online_sale_ok", "date_begin", "training_seats_left")
    def _compute_is_sellable_online(self):
        for event in self:
            event.is_sellable_online = not event._get_sale_reasons()

    def _search_is_sellable_online(self, operator, value):
        """One statement: stored part, clock and free seats (bars P2, decision D4)."""
        if operator != "in":
            return NotImplemented
        sellable = Domain("online_sale_ok", "=", True)
        return (
            sellable
            & self._get_not_started_domain()
            & Domain.custom(
                to_sql=self._free_seats_sql,
                predicate=lambda event: event._has_free_seats(1),
            )
        )

    @api.model
    def _get_not_started_domain(self):
        """Hook: return the sessions that may still be joined, as the clock says."""
        return Domain("date_begin", ">", fields.Datetime.now())

    @api.depends("online_sale_ok", "date_begin", "training_seats_left", "programme_id")
    @api.depends_context("lang")
    def _compute_online_sale_blockers(self):
        for event in self:
            reasons = event._get_sale_reasons() if event.programme_id else []
            event.online_sale_blockers = "\n".join(event._get_reason_messages(reasons))

    @api.constrains("programme_id", "is_multi_slots")
    def _check_single_slot(self):
        if self.filtered(lambda event: event.programme_id and event.is_multi_slots):
            raise ValidationError(
                self.env._(
                    "A training session has one schedule: untick multiple slots."
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events.filtered("programme_id")._sync_training_session()
        return events

    def write(self, vals):
        refuse_protected(self, vals, {"training_ticket_id"})
        result = super().write(vals)
        if "programme_id" in vals:
            self.filtered("programme_id")._sync_training_session()
        elif {"seats_max", "seats_limited"} & vals.keys():
            self.filtered("programme_id").seat_counter_ids._sync_maximum()
        return result

    def _sync_training_session(self):
        """Give each session its managed ticket (decision D5) and its seat counter."""
        for event in self:
            variant = event.programme_id.product_variant_id
            if not event.training_ticket_id and variant:
                event.sudo().training_ticket_id = self.env["event.event.ticket"].create(
                    {
                        "event_id": event.id,
                        "name": event.programme_id.name,
                        "product_id": variant.id,
                    }
                )
            elif event.training_ticket_id.product_id != variant and variant:
                event.training_ticket_id.product_id = variant
        self.env["training.seat.counter"]._ensure_for(self)

    def _get_sale_facts(self):
        """Return what services.sellability needs to know of this session."""
        self.ensure_one()
        programme = self.programme_id
        company = self.company_id or self.env.company
        return sellability.SessionFacts(
            company_reasons=tuple(programme._get_training_company_reasons(company)),
            has_programme=programme.is_training_programme,
            sold_online=programme.sell_online_payment,
            # Archived, its page is gone, whatever « published » still says.
            published=programme.is_published and programme.active,
            is_variant=bool(self.programme_variant_id),
            is_inter=self.session_kind != "intra",
            is_subcontracted=self.is_subcontracted,
            price=self.training_price,
            is_active=self.active,
            is_cancelled=self.kanban_state == "cancel",
            starts_at=self.date_begin or None,
            seats_left=self.training_seats_left if self.has_seat_limit else None,
            companies_only=self._is_company_only(),
            max_learners=programme._get_max_learners() if programme else 1,
        )

    def _get_sale_reasons(self, buyer_kind=None, learners=1, held=0, as_of=None):
        """Return why these learners cannot be enrolled now; empty when they can.

        :param str buyer_kind: ``company``, ``individual`` or None when not known
        :param int learners: seats wanted
        :param int held: seats of those that the buyer already holds
        :param datetime as_of: the moment asked about, now by default
        :rtype: list[Reason]
        """
        self.ensure_one()
        reasons = sellability.reasons_not_sellable(
            self.sudo()._get_sale_facts(),
            as_of=as_of or fields.Datetime.now(),
            buyer_kind=buyer_kind,
            learners=learners,
        )
        if Reason.FULL in reasons and held and self._has_free_seats(learners - held):
            reasons.remove(Reason.FULL)
        return reasons

    def _get_training_responsible(self):
        """Return who follows this session, if that person works for its company."""
        self.ensure_one()
        user = self.user_id
        return user if self.company_id <= user.company_ids else user.browse()

    def _is_company_only(self):
        """BPF training is sold to companies only under French regulation (A9).

        Individuals may not be asked for money before the end of their withdrawal
        period (Code du travail L6353-6).
        """
        self.ensure_one()
        return self._get_training_rules().is_regulated and not self.is_out_of_bpf

    def _get_training_rules(self):
        """Return the rules under which this session is sold."""
        self.ensure_one()
        event_sudo = self.sudo()
        company = event_sudo.company_id or self.env.company
        return event_sudo.programme_id._get_training_rules(company)

    def _get_training_taxes(self):
        """Return the taxes of this session for who sells it (A26)."""
        self.ensure_one()
        company = self.company_id or self.env.company
        rules = self._get_training_rules()
        return company._get_training_tax(not self.is_out_of_bpf, rules)

    def _get_training_prices(self, learners=1):
        """Return untaxed, tax and total amounts of an enrolment, in company currency.

        :rtype: dict[str, float]
        """
        self.ensure_one()
        event_sudo = self.sudo()
        programme = event_sudo.programme_id
        quantity = learners if programme.company_multi_learners else 1
        taxes = event_sudo._get_training_taxes()
        if all(tax.amount_type == "percent" and not tax.amount for tax in taxes):
            # Exempt: the tax engine has nothing to find, for thirty totals of a page.
            price = event_sudo.training_price * quantity
            total = event_sudo.currency_id.round(price)
            return {"untaxed": total, "tax": 0.0, "total": total}
        result = taxes.compute_all(
            event_sudo.training_price,
            event_sudo.currency_id,
            quantity,
            product=programme.product_variant_id,
        )
        return {
            "untaxed": result["total_excluded"],
            "tax": result["total_included"] - result["total_excluded"],
            "total": result["total_included"],
        }
