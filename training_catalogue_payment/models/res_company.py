# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..services import sellability

DEFAULT_ZONE = "Europe/Paris"


class ResCompany(models.Model):
    _inherit = "res.company"

    finance_plus = fields.Boolean(string="Finance +")
    french_training_regulation = fields.Boolean(
        default=True,
        help="Training sold here is subject to French training law.",
    )
    french_training_regulation_off_reason = fields.Text()
    french_training_regulation_off_user_id = fields.Many2one(
        "res.users", string="Unticked by", readonly=True
    )
    french_training_regulation_off_date = fields.Datetime(
        string="Unticked on", readonly=True
    )
    training_numbered_at_payment = fields.Boolean(
        string="Number taxable invoices at payment",
        default=True,
        help="VAT is due on cashing: a taxable sale is numbered and sent at once.",
    )
    training_seat_hold_minutes = fields.Integer(
        string="Seat hold (minutes)",
        default=20,
        help="How long a seat is kept for a buyer who has started to pay.",
    )
    training_complement_days = fields.Integer(
        string="Days to pay a complement",
        default=7,
        help="How long seats are kept in a dearer session for a buyer who is assigned "
        "to it and has a complement to pay.",
    )
    training_learner_days = fields.Integer(
        string="Learners completed until (days)",
        default=2,
        help="How many days before the session the buyer may complete the learners.",
    )
    training_stripe_provider_id = fields.Many2one(
        "payment.provider", string="Linked Stripe account", copy=False
    )
    training_sale_open = fields.Boolean(
        string="May sell training online",
        compute="_compute_training_sale_open",
        store=True,
        compute_sudo=True,
    )

    _training_seat_hold_minutes_positive = models.Constraint(
        "CHECK(training_seat_hold_minutes > 0)",
        "A seat is held for at least one minute.",
    )
    _training_learner_days_positive = models.Constraint(
        "CHECK(training_learner_days >= 0)",
        "Learners are completed before the session, not after it began.",
    )

    _training_complement_days_positive = models.Constraint(
        "CHECK(training_complement_days > 0)",
        "A complement can be paid for at least one day.",
    )

    @api.depends(
        "finance_plus",
        "training_stripe_provider_id.training_link_ready",
        "training_vat_regime",
        "training_vat_attestation_date",
        "training_has_attestation",
        "training_exempt_tax_id",
        "training_franchise_tax_id",
        "training_taxable_tax_id",
    )
    def _compute_training_sale_open(self):
        for company in self:
            company.training_sale_open = not company._get_training_sale_reasons()

    @api.constrains("french_training_regulation")
    def _check_french_training_regulation(self):
        for company in self:
            if (
                not company.french_training_regulation
                and not company.french_training_regulation_off_reason
            ):
                raise ValidationError(
                    self.env._(
                        "Say why %(company)s is not subject to French training law.",
                        company=company.name,
                    )
                )

    def write(self, vals):
        if vals.get("french_training_regulation") is False:
            vals = dict(
                vals,
                french_training_regulation_off_user_id=self.env.uid,
                french_training_regulation_off_date=fields.Datetime.now(),
            )
        if vals.get("hard_lock_date"):
            self._postpone_prepaid_drafts(fields.Date.to_date(vals["hard_lock_date"]))
        result = super().write(vals)
        if "finance_plus" in vals:
            self._sync_finance_plus_group()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        if any(companies.mapped("finance_plus")):
            self._sync_finance_plus_group()
        return companies

    def _sync_finance_plus_group(self):
        """Show the menus to internal users as soon as one company uses Finance +."""
        group_sudo = self.env.ref(
            "training_catalogue_payment.group_finance_plus"
        ).sudo()
        user_group_sudo = self.env.ref("base.group_user").sudo()
        is_used = bool(
            self.env["res.company"]
            .sudo()
            .search_count([("finance_plus", "=", True)], 1)
        )
        if is_used and group_sudo not in user_group_sudo.implied_ids:
            user_group_sudo.implied_ids += group_sudo
        elif not is_used and group_sudo in user_group_sudo.implied_ids:
            user_group_sudo.implied_ids -= group_sudo

    def _postpone_prepaid_drafts(self, lock_date):
        """Carry prepaid draft invoices over an irreversible closing.

        Odoo refuses to close a period that holds drafts, « post or delete them »; a
        prepaid draft rightly waits for the validation of its learners.
        """
        drafts = self.env["account.move"].search(
            [
                ("company_id", "child_of", self.ids),
                ("state", "=", "draft"),
                ("training_session_id", "!=", False),
                ("date", "<=", lock_date),
            ]
        )
        drafts._postpone_training_draft(fields.Date.add(lock_date, days=1))

    def _get_training_facts(self, rules=None):
        """Return the organisation's part of the definition of sellable.

        :param TrainingRules rules: of who sells, this organisation's by default
        """
        self.ensure_one()
        rules = rules or self._get_training_rules()
        return sellability.CompanyFacts(
            finance_plus=self.finance_plus,
            provider_ready=self._is_training_provider_ready(),
            vat_regime=rules.vat_regime,
            has_attestation=rules.has_attestation,
            has_taxes=self._has_training_taxes(rules.vat_regime),
        )

    def _is_training_provider_ready(self):
        """Hook: is the way to be paid ready to take money (A3)?"""
        self.ensure_one()
        return bool(self.sudo().training_stripe_provider_id.training_link_ready)

    def _get_training_sale_reasons(self):
        """Return what stops this organisation from selling, as a list of reasons."""
        return sellability.company_reasons(self._get_training_facts())

    def _needs_regulation_banner(self):
        """Whether French law most likely applies here although it was unticked (A4)."""
        self.ensure_one()
        return self.finance_plus and (
            not self.french_training_regulation and self.country_code == "FR"
        )

    def _get_training_zone(self):
        """Return the name of the time zone in which the company's days are counted.

        Jobs have none: without it what is invoiced after midnight in Paris would be
        dated of the day before, maybe of the year before.
        """
        self.ensure_one()
        # Alone: both have a hundred columns, and many a transaction asks this.
        self.sudo().fetch(["partner_id"])
        self.partner_id.sudo().fetch(["tz"])
        return self.partner_id.sudo().tz or DEFAULT_ZONE
