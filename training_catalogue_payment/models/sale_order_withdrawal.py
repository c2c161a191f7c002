# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from babel.dates import format_date
from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import consteq, hmac
from odoo.tools.misc import babel_locale_parse, get_lang

from odoo.addons.payment import utils as payment_utils

from ..services import withdrawal as rules
from ..services.sellability import INDIVIDUAL
from ..services.withdrawal import Refusal
from .event_event_withdrawal import WITHDRAWAL_CASES


class SaleOrder(models.Model):
    """A private buyer's right to withdraw from a purchase (A28)."""

    _inherit = "sale.order"

    training_withdrawal_case = fields.Selection(
        selection=WITHDRAWAL_CASES,
        string="Right of withdrawal",
        copy=False,
        readonly=True,
        help="What the buyer was told: a later change of the programme changes "
        "nothing here.",
    )
    training_withdrawal_ids = fields.One2many(
        "training.withdrawal", "order_id", string="Withdrawal", readonly=True
    )

    def _add_training_line(self, session, learners):
        super()._add_training_line(session, learners)
        self.training_withdrawal_case = session._get_withdrawal_case()

    # The right

    def _get_first_order(self):
        """Return the order that the buyer made: learners who were moved to another
        session may be in an order split from it (A22)."""
        order = self
        while order.training_origin_order_id:
            order = order.training_origin_order_id
        return order

    def _get_withdrawal_consents(self):
        """Return what the buyer asked for before paying, as the proof kept it.

        :rtype: frozenset[rules.Consent]
        """
        self.ensure_one()
        ticked = dict(self._get_first_order()._get_paid_acceptance()._get_ticked())
        return frozenset(consent for consent in rules.Consent if consent in ticked)

    def _get_withdrawal_consent_labels(self):
        """Return the sentences of these boxes, as the buyer ticked them."""
        self.ensure_one()
        ticked = dict(self._get_first_order()._get_paid_acceptance()._get_ticked())
        return [ticked[consent] for consent in rules.Consent if consent in ticked]

    def _get_withdrawal_contract_date(self):
        """Return when the contract was made: the order is confirmed as it is paid."""
        self.ensure_one()
        first = self._get_first_order()
        return first.date_order if first.training_paid_tx_id else None

    def _is_consumer_purchase(self):
        """Whether a private person bought this for themselves (A10).

        Once it is paid, what the buyer's contact becomes changes nothing.
        """
        self.ensure_one()
        return self.training_buyer_kind == INDIVIDUAL and (
            bool(self.training_paid_tx_id)
            or not self.partner_id.commercial_partner_id.is_company
        )

    def _get_withdrawal_facts(self):
        """Return what the right depends on, as plain values.

        :rtype: rules.Purchase
        """
        self.ensure_one()
        order_sudo = self.sudo()
        session_sudo = order_sudo.training_session_id
        learners_sudo = order_sudo._get_active_learners()
        return rules.Purchase(
            is_consumer=order_sudo._is_consumer_purchase(),
            contract=order_sudo._get_withdrawal_contract_date(),
            begin=session_sudo.date_begin,
            end=session_sudo.date_end,
            case=rules.Case(
                order_sudo._get_first_order().training_withdrawal_case
                or rules.Case.STANDARD
            ),
            consents=order_sudo._get_withdrawal_consents(),
            is_accessed="validated" in learners_sudo.mapped("prepaid_state"),
            has_rest=bool(learners_sudo)
            or not order_sudo.currency_id.is_zero(
                order_sudo._get_withdrawal_balance()[1]
            ),
            is_withdrawn=bool(order_sudo.training_withdrawal_ids),
        )

    def _get_withdrawal_balance(self):
        """Return what was paid, and what of it was neither given back nor asked for;
        until the job that follows the payment has made the invoice, all of it.

        :rtype: tuple[float, float]
        """
        self.ensure_one()
        if not self._get_training_documents():
            return self.amount_total, self.amount_total
        return self._get_training_paid(), self._get_training_left_to_refund()

    def _get_withdrawal_refusal(self):
        """Return why the buyer cannot withdraw now, ``None`` when they can."""
        self.ensure_one()
        if not self.training_session_id:
            return Refusal.NOT_CONSUMER
        return rules.refusal(self._get_withdrawal_facts(), fields.Datetime.now())

    def _can_withdraw(self):
        """Whether « withdraw from the contract here » is shown now."""
        return self._get_withdrawal_refusal() is None

    def _get_withdrawal_refusal_message(self, refusal):
        """Return the sentence that tells the buyer why not."""
        self.ensure_one()
        messages = {
            Refusal.LEISURE: self.env._(
                "This is a leisure activity at a fixed date: the law gives no right of "
                "withdrawal (Consumer Code, art. L. 221-28, 12°). You were told so "
                "before you ordered."
            ),
            Refusal.ACCESS_GIVEN: self.env._(
                "You asked for immediate access to this online content and agreed to "
                "lose your right of withdrawal: the access was given (Consumer Code, "
                "art. L. 221-28, 13°)."
            ),
            Refusal.PERFORMED: self.env._(
                "This training was given in full, at your own request, before the end "
                "of the withdrawal period (Consumer Code, art. L. 221-28, 1°)."
            ),
            Refusal.CANCELLED: self.env._(
                "This enrolment is already cancelled and nothing is left to refund."
            ),
            Refusal.DONE: self.env._("You have already withdrawn from this contract."),
        }
        if refusal == Refusal.EXPIRED:
            return self.env._(
                "The withdrawal period ended on %(date)s at midnight.",
                date=self._get_withdrawal_day_text(),
            )
        return messages.get(refusal, "")

    def _get_withdrawal_day_text(self):
        """Return the last day on which to withdraw, in words."""
        self.ensure_one()
        contract = self._get_withdrawal_contract_date() or fields.Datetime.now()
        locale = babel_locale_parse(get_lang(self.env).code)
        return format_date(rules.last_day(contract), "full", locale=locale)

    # The signed link

    def _get_withdrawal_token(self):
        """Return the signature of this purchase's link; it gives access to it alone."""
        self.ensure_one()
        return hmac(self.env(su=True), "training_withdrawal", self.id)

    def _check_withdrawal_token(self, token):
        # Bytes: as text, a letter with an accent would be an error.
        expected = self._get_withdrawal_token().encode()
        return consteq(expected, (token or "").encode(errors="replace"))

    def _get_withdrawal_url(self):
        """Return the path of « withdraw from the contract here »."""
        self.ensure_one()
        return f"/training/withdrawal/{self.id}/{self._get_withdrawal_token()}"

    def _render_withdrawal_mail(self):
        """Return the part of the confirmation mail that only a private buyer gets:
        the link, the information, the model form and what they asked for."""
        self.ensure_one()
        order_sudo = self.sudo()
        refusal = order_sudo._get_withdrawal_refusal()
        if refusal not in (None, Refusal.LEISURE):
            return Markup()
        return self.env["ir.qweb"]._render(
            "training_catalogue_payment.withdrawal_mail",
            {
                "order": order_sudo,
                "refusal": refusal,
                "consents": order_sudo._get_withdrawal_consent_labels(),
            },
        )

    # Withdrawing

    def _get_withdrawal_amounts(self):
        """Return what is given back and what the buyer owes, tax included.

        The share that was delivered is rounded down to the cent, for the buyer.

        :rtype: tuple[float, float]
        """
        self.ensure_one()
        facts = self._get_withdrawal_facts()
        share = rules.amount_due(facts, fields.Datetime.now())
        currency = self.currency_id
        paid, left = self._get_withdrawal_balance()
        paid_minor = payment_utils.to_minor_currency_units(paid, currency)
        kept = payment_utils.to_major_currency_units(int(paid_minor * share), currency)
        kept = min(kept, left)
        return currency.round(left - kept), kept

    def _prepare_withdrawal_vals(self):
        self.ensure_one()
        amount, kept = self._get_withdrawal_amounts()
        return {
            "order_id": self.id,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "session_id": self.training_session_id.id,
            "date": fields.Datetime.now(),
            "deadline": rules.deadline(self._get_withdrawal_contract_date()),
            "amount": amount,
            "amount_kept": kept,
            "currency_id": self.currency_id.id,
        }

    def _withdraw_training(self, declaration, ip_address=None):
        """Take down the buyer's withdrawal and do at once what cannot wait (A28).

        Called with sudo by the public page, after its signed link was checked. Sent
        twice, it is declared once and the same row is returned. Credit note and refund
        follow in a job.

        :param dict declaration: ``name``, ``contract_reference``, ``email``, checked
        :raise UserError: with the sentence that says why it is refused
        :rtype: training.withdrawal
        """
        self.ensure_one()
        if self.training_withdrawal_ids:
            return self.training_withdrawal_ids
        if refusal := self._get_withdrawal_refusal():
            raise UserError(self._get_withdrawal_refusal_message(refusal))
        withdrawal = self.env["training.withdrawal"]._declare(
            self, declaration, ip_address
        )
        self.invalidate_recordset(["training_withdrawal_ids"])
        withdrawal._act_at_once()
        return withdrawal

    def _get_training_status_sentence(self):
        """Tell a buyer who has withdrawn where the refund stands."""
        withdrawal_sudo = self.sudo().training_withdrawal_ids
        if not withdrawal_sudo:
            return super()._get_training_status_sentence()
        values = {
            "date": withdrawal_sudo._get_date_text(),
            "amount": self.currency_id.format(withdrawal_sudo.amount),
        }
        if withdrawal_sudo.state == "refunded":
            return self.env._(
                "You withdrew on %(date)s. %(amount)s was refunded.", **values
            )
        return self.env._(
            "You withdrew on %(date)s. %(amount)s is being refunded to the card you "
            "paid with.",
            **values,
        )
