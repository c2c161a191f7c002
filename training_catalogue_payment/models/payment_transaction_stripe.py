# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import Command, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from odoo.addons.payment import utils as payment_utils
from odoo.addons.payment_stripe import const

_logger = logging.getLogger(__name__)


class PaymentTransaction(models.Model):
    """What a linked Stripe account changes in the life of its transactions."""

    _inherit = "payment.transaction"

    training_refund_version = fields.Integer(
        readonly=True,
        copy=False,
        help="Raised by each refund asked for, so that two at once cannot both pass.",
    )

    def _is_training_stripe(self):
        """Tell the transactions of a linked account from those left to stock."""
        self.ensure_one()
        return self.provider_code == "stripe" and bool(
            self.provider_id.sudo().training_account_id
        )

    def _ensure_provider_is_not_disabled(self):
        """Let an account that sells no more refund what it was paid, by the outbox."""
        linked = self.company_id.sudo().training_stripe_provider_id
        if self._is_training_stripe() and self.provider_id != linked:
            return
        super()._ensure_provider_is_not_disabled()

    def _process(self, provider_code, payment_data):
        """Refuse an intent that was not made for this transaction.

        Odoo's return page takes the intent's id from the address the buyer opens, and
        compares amounts only: one payment could otherwise confirm any number of orders
        of the same amount. The inbox deals with a second payment of the same order.
        """
        transaction = self or self._search_by_reference(provider_code, payment_data)
        intent = payment_data.get("payment_intent")
        if (
            intent
            and transaction
            and transaction._is_training_stripe()
            and not transaction._owns_intent(intent)
        ):
            _logger.warning(
                "Intent %s is not transaction %s's: ignored.",
                intent["id"],
                transaction.reference,
            )
            return transaction
        return super(PaymentTransaction, transaction)._process(
            provider_code, payment_data
        )

    def _owns_intent(self, intent):
        """Tell whether an intent was made for this transaction, or for its source."""
        self.ensure_one()
        if self._is_other_intent(intent):
            return False
        references = {self.reference, self.source_transaction_id.reference}
        return self.provider_reference == intent["id"] or intent.get(
            "description"
        ) in references - {False}

    def _set_done(self, *, state_message=None, extra_allowed_states=()):
        """Let money that was taken win over a cancellation written here before it."""
        linked = self.filtered(lambda tx: tx._is_training_stripe())
        done = self.browse()
        if linked:
            done = super(PaymentTransaction, linked)._set_done(
                state_message=state_message,
                extra_allowed_states=(*extra_allowed_states, "cancel"),
            )
        if others := self - linked:
            done |= super(PaymentTransaction, others)._set_done(
                state_message=state_message, extra_allowed_states=extra_allowed_states
            )
        return done

    def _send_refund_request(self):
        """Write the refund down instead of sending it: the outbox does, once (D7)."""
        if not self._is_training_stripe():
            return super()._send_refund_request()
        operations = self.env["training.payment.operation"].sudo()
        operations._request_refund_of_child(self)
        self._set_pending()
        return None

    def _process_stripe_object(self, kind, stripe_object):
        """Feed an object of Stripe to the stock flow, shaped as its controller does."""
        self.ensure_one()
        data = {
            "reference": self.reference,
            kind: stripe_object,
            "payment_method": stripe_object.get("payment_method"),
        }
        return self._process("stripe", data)

    def _is_other_intent(self, intent):
        """Tell an intent that is not the one this transaction already lives by."""
        self.ensure_one()
        return (
            self.state in ("pending", "authorized", "done")
            and self.provider_reference
            and self.provider_reference != intent["id"]
        )

    def _create_second_capture(self, intent):
        """Record a second payment made for what was already paid (R11)."""
        self.ensure_one()
        values = {
            "provider_id": self.provider_id.id,
            "payment_method_id": self.payment_method_id.id,
            "reference": self._compute_reference("stripe", prefix=self.reference),
            "amount": self._from_stripe_amount(intent["amount"]),
            "currency_id": self.currency_id.id,
            "operation": self.operation,
            "partner_id": self.partner_id.id,
            "provider_reference": intent["id"],
        }
        if self.training_session_id:
            # The order then finds out that it is paid, and the buyer is told.
            values["sale_order_ids"] = [Command.set(self.sale_order_ids.ids)]
        elif self._pays_complement():
            values["invoice_ids"] = [Command.set(self.invoice_ids.ids)]
        return self.create(values)

    def _create_refund_from_stripe(self, refund):
        """Create the transaction of a refund made in Stripe's own dashboard."""
        amount = self._from_stripe_amount(refund["amount"])
        return self._create_child_transaction(amount, is_refund=True)

    def _from_stripe_amount(self, amount_minor):
        decimals = const.CURRENCY_DECIMALS.get(self.currency_id.name)
        return payment_utils.to_major_currency_units(
            amount_minor, self.currency_id, arbitrary_decimal_number=decimals
        )

    def _to_stripe_amount(self, amount):
        decimals = const.CURRENCY_DECIMALS.get(self.currency_id.name)
        return payment_utils.to_minor_currency_units(
            amount, self.currency_id, arbitrary_decimal_number=decimals
        )

    def _check_refundable(self, amount_minor, besides=None):
        """Refuse to refund more than was paid, whatever happens at the same moment.

        A lock followed by a count does not protect under REPEATABLE READ: the second
        one would count what it saw before. The update makes the second one fail, and
        be retried by Odoo with a view of what the first one asked.

        :param besides: the refund transaction being asked for, if it exists already
        :raise ValidationError: with the reason
        """
        self.ensure_one()
        self._raise_refund_version()
        if self.state != "done" or self.operation in ("refund", "validation"):
            raise ValidationError(
                self.env._("Only a payment that was received can be refunded.")
            )
        left = self._get_refundable_minor(besides)
        if not 0 < amount_minor <= left:
            raise ValidationError(
                self.env._(
                    "%(left)s is left to refund of payment %(reference)s.",
                    left=self.currency_id.format(self._from_stripe_amount(left)),
                    reference=self.reference,
                )
            )

    def _raise_refund_version(self):
        self.flush_recordset()
        query = SQL(
            """
            UPDATE payment_transaction
               SET training_refund_version = COALESCE(training_refund_version, 0) + 1
             WHERE id = %s
            """,
            self.id,
        )
        self.env.cr.execute(query, log_exceptions=False)
        self.invalidate_recordset()

    def _get_refundable_minor(self, besides=None):
        """Return what may still be refunded, all that is asked for deducted."""
        children = self.child_transaction_ids.filtered(
            lambda tx: tx.operation == "refund" and tx.state not in ("error", "cancel")
        )
        if besides:
            children -= besides
        asked = self.env["training.payment.operation"].sudo()._get_unsettled_minor(self)
        done = sum(self._to_stripe_amount(-tx.amount) for tx in children)
        return self._to_stripe_amount(self.amount) - done - asked
