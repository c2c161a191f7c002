# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, fields, models

from .training_balance_feed import to_datetime
from .training_balance_transaction import ACCOUNTANTS


class TrainingDispute(models.Model):
    """A payment that its buyer contests at their bank (A30).

    What Stripe takes and gives back is booked by the movements of the balance, on the
    account of disputes: Dr 467200 amount, Dr 627800 fee / Cr 511500 when it opens; the
    amount back when it is won. Lost, the customer owes again (Dr 411 / Cr 467200),
    or the loss account takes it.
    """

    _name = "training.dispute"
    _description = "Dispute of a card payment"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "reference"
    _mail_post_access = "read"

    provider_id = fields.Many2one(
        "payment.provider", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    reference = fields.Char(string="At Stripe", required=True, readonly=True)
    transaction_id = fields.Many2one(
        "payment.transaction", string="Payment", readonly=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", compute="_compute_partner_id", store=True
    )
    session_id = fields.Many2one(
        related="transaction_id.training_session_id", string="Session"
    )
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    reason = fields.Selection(
        selection=[
            ("bank_cannot_process", "The bank cannot process it"),
            ("check_returned", "Check returned"),
            ("credit_not_processed", "Refund not received"),
            ("customer_initiated", "Contested by the customer"),
            ("debit_not_authorized", "Debit not authorized"),
            ("duplicate", "Paid twice"),
            ("fraudulent", "Fraudulent"),
            ("general", "No reason given"),
            ("incorrect_account_details", "Wrong bank details"),
            ("insufficient_funds", "Insufficient funds"),
            ("noncompliant", "Rules of the card network"),
            ("product_not_received", "Service not received"),
            ("product_unacceptable", "Service not as described"),
            ("subscription_canceled", "Subscription canceled"),
            ("unrecognized", "Payment not recognized"),
        ],
        readonly=True,
        help="As Stripe says it (docs.stripe.com/disputes/categories).",
    )
    status = fields.Selection(
        selection=[
            ("warning_needs_response", "Inquiry, to answer"),
            ("warning_under_review", "Inquiry, under review"),
            ("warning_closed", "Inquiry closed"),
            ("needs_response", "To answer"),
            ("under_review", "Under review"),
            ("charge_refunded", "Refunded"),
            ("won", "Won"),
            ("lost", "Lost"),
        ],
        required=True,
        readonly=True,
        tracking=True,
    )
    date_due = fields.Datetime(string="Answer before", readonly=True)
    lost_move_id = fields.Many2one(
        "account.move", string="Entry of the loss", readonly=True, ondelete="restrict"
    )

    _reference_unique = models.UniqueIndex("(provider_id, reference)")

    @api.depends("transaction_id.partner_id")
    def _compute_partner_id(self):
        for dispute in self:
            partner = dispute.transaction_id.partner_id
            dispute.partner_id = partner.commercial_partner_id

    @api.model
    def _apply_stripe(self, provider, data):
        """Bring a dispute to the state that Stripe describes now.

        An event that comes late, twice or in disorder changes nothing: the state is
        Stripe's present one, and the entry of a loss is made once.
        """
        dispute = self.search(
            [("provider_id", "=", provider.id), ("reference", "=", data["id"])]
        )
        dispute.lock_for_update()
        is_new = not dispute
        values = self._prepare_from_stripe(provider, data)
        if is_new:
            dispute = self.create(values)
        elif dispute.status != values["status"]:
            dispute.write({"status": values["status"]})
        dispute = dispute.with_context(lang=provider.company_id.partner_id.lang)
        if is_new and values["status"] not in ("won", "lost", "warning_closed"):
            dispute._warn_accountant(
                dispute.env._("Card payment disputed: answer Stripe"),
                dispute.date_due,
            )
        if dispute.status == "lost" and not dispute.lost_move_id:
            dispute._book_loss()
        return dispute

    @api.model
    def _prepare_from_stripe(self, provider, data):
        transaction = self.env["payment.transaction"]._find_by_intent(
            provider, data.get("payment_intent")
        )
        reasons = self._fields["reason"].get_values(self.env)
        due = (data.get("evidence_details") or {}).get("due_by")
        return {
            "provider_id": provider.id,
            "company_id": provider.company_id.id,
            "reference": data["id"],
            "transaction_id": transaction.id,
            **self._prepare_amount(provider, data),
            "reason": data.get("reason") if data.get("reason") in reasons else False,
            "status": data["status"],
            "date_due": due and to_datetime(due),
        }

    def _prepare_amount(self, provider, data):
        currency = self.env["res.currency"].search(
            [("name", "=", data["currency"].upper())], limit=1
        )
        currency = currency or provider.company_id.currency_id
        movement = self.env["training.balance.transaction"].new(
            {"currency_id": currency.id}
        )
        return {
            "currency_id": currency.id,
            "amount": movement._to_major(data["amount"]),
        }

    def _book_loss(self):
        """Have the customer owe again what was taken back, or book the loss.

        The entry and its link are written in the event's one transaction: a process
        that dies leaves neither.
        """
        self.ensure_one()
        company = self.company_id
        if not self.transaction_id:
            self._warn_accountant(
                self.env._("Dispute lost on a payment that is not here: book it")
            )
            return
        moves = self.env["account.move"].with_company(company)
        move = moves.create(self._prepare_loss_move())
        move.action_post()
        self.lost_move_id = move
        self._warn_accountant(
            self.env._("Dispute lost: claim the price again, or book the loss")
        )

    def _prepare_loss_move(self):
        company = self.company_id
        partner = self.partner_id.with_company(company)
        loss = company.training_dispute_loss_account_id
        accounts = {
            loss or partner.property_account_receivable_id: self.amount,
            company._get_training_account("training_dispute_account_id"): -self.amount,
        }
        date = fields.Date.context_today(self.with_context(tz="Europe/Paris"))
        label = self.env._("Dispute lost: %(ref)s", ref=self.transaction_id.reference)
        return {
            "move_type": "entry",
            "journal_id": self.provider_id.journal_id.id,
            "date": date,
            "ref": f"{label} {self.reference}",
            "line_ids": [
                Command.create(
                    {
                        "account_id": account.id,
                        "partner_id": partner.id,
                        "name": label,
                        "currency_id": self.currency_id.id,
                        "amount_currency": amount,
                        "balance": self.currency_id._convert(
                            amount, company.currency_id, company, date
                        ),
                    }
                )
                for account, amount in accounts.items()
            ],
        }

    def _warn_accountant(self, summary, date=None):
        """Leave an activity to somebody who keeps this company's books."""
        users = self.env["res.users"].search(
            [
                ("share", "=", False),
                ("company_ids", "in", self.company_id.ids),
                (
                    "all_group_ids",
                    "in",
                    [self.env.ref(name).id for name in ACCOUNTANTS.split(",")],
                ),
            ],
            limit=1,
        )
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            date_deadline=date and date.date(),
            summary=summary,
            user_id=(users or self.env.user).id,
        )
