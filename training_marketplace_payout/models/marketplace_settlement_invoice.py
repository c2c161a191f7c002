# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta

import psycopg2

from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.training_catalogue_payment.utils import to_note

from ..services.settlement import get_next_month, get_payout_day

_logger = logging.getLogger(__name__)

WARNING = "mail.mail_activity_data_warning"
#: Written by the product alone: nobody follows it, nothing is noted.
QUIET = {
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "tracking_disable": True,
}


class MarketplaceSettlement(models.Model):
    """How settlements become invoices of the operator, an ordinary `account.move` each.

    Rows locked, invoices made, posted, their numbers written: one transaction for a
    batch. Wherever the process dies before the commit nothing is kept, and all of them
    are still to invoice; after it, their state says settled. Two processes at once: the
    lock lets one work, and the unique key of invoices would refuse the other's.

    Where the books refuse one of a batch, each is tried alone: the others go on, it
    waits with the reason, told to an accountant, and is tried again every day.
    """

    _inherit = "marketplace.settlement"

    def _try_to_invoice(self):
        """Invoice what is to be, or write down what it waits for.

        :raise psycopg2.OperationalError: when another process is at it
        """
        todo = self.try_lock_for_update().filtered(lambda one: one.state == "draft")
        for company, settlements in todo.grouped("company_id").items():
            settlements = settlements.with_company(company).with_context(
                lang=company.partner_id.lang, **QUIET
            )
            problem = settlements._try_to_post()
            if problem and len(settlements) == 1:
                settlements._set_blocked(problem)
            elif problem:
                for settlement in settlements:
                    problem = settlement._try_to_post()
                    if problem:
                        settlement._set_blocked(problem)

    def _try_to_post(self):
        """:return: why nothing was invoiced, none when all was"""
        try:
            with self.env.cr.savepoint():
                self._invoice()
        except UserError as error:
            return str(error)
        except psycopg2.OperationalError:
            raise
        except psycopg2.Error as error:
            _logger.exception("Settlements %s could not be invoiced", self.ids)
            return str(error)
        return None

    def _set_blocked(self, problem):
        """Wait, and have an accountant told: once for all that wait in a company."""
        domain = [("company_id", "=", self.company_id.id), ("problem", "!=", False)]
        is_first = not self.search_count([*domain, ("state", "=", "draft")], limit=1)
        self.problem = problem[:500]
        if is_first:
            self.activity_schedule(
                WARNING,
                summary=self.env._("Commissions wait to be invoiced"),
                note=to_note(problem),
                user_id=self._get_accountant().id,
            )

    def _get_accountant(self):
        entries = self.env["marketplace.entry"]
        return entries.new({"company_id": self.company_id.id})._get_accountant()

    def _invoice(self):
        """Make the invoices and the credit notes, numbered, of these settlements.

        :raise UserError: when a setting is missing, or the books refuse one
        """
        billed = self.filtered(
            lambda one: not one.currency_id.is_zero(one.invoiced_amount)
        )
        vals_list = [settlement._prepare_invoice() for settlement in billed]
        moves = self.env["account.move"].create(vals_list)
        moves._post(soft=False)
        for settlement, move in zip(billed, moves, strict=True):
            settlement.move_id = move
        self.write({"state": "done", "problem": False})
        self.activity_unlink([WARNING])
        moves._set_off_commission_credits()

    # What is on it

    def _prepare_invoice(self):
        company, seller = self.company_id, self.seller_id
        today = company._get_marketplace_today()
        self.vat_case = self._get_case().value
        position = self._get_fiscal_position()
        localised = self.with_context(lang=seller.lang)
        last_day = get_next_month(self.month) - timedelta(days=1)
        return {
            "move_type": "out_refund" if self.invoiced_amount < 0 else "out_invoice",
            "company_id": company.id,
            "journal_id": company._get_marketplace_setting(
                "marketplace_commission_journal_id"
            ).id,
            "partner_id": seller.id,
            "currency_id": self.currency_id.id,
            "invoice_date": today,
            "delivery_date": last_day,
            "invoice_date_due": get_payout_day(today),
            "invoice_payment_term_id": False,
            "invoice_user_id": False,
            "partner_bank_id": False,
            "fiscal_position_id": position.id,
            "narration": localised._get_netting_note(),
            "marketplace_settlement_id": self.id,
            **localised._prepare_mentions(today),
            "invoice_line_ids": [
                Command.create(values)
                for values in localised._prepare_invoice_lines(position)
            ],
        }

    def _prepare_invoice_lines(self, position):
        """Return one line of what the month owes, and one of what was carried over."""
        sign = -1 if self.invoiced_amount < 0 else 1
        amounts = [(self._get_label(), self.commission_amount)]
        if self.carried_in:
            amounts.append((self._get_carried_label(), self.carried_in))
        account = self.company_id._get_marketplace_setting(
            "marketplace_income_account_id"
        )
        taxes = self._get_taxes(position)
        return [
            {
                "name": label,
                "quantity": 1,
                "price_unit": sign * amount,
                "account_id": account.id,
                "tax_ids": [Command.set(taxes.ids)],
            }
            for label, amount in amounts
            if not self.currency_id.is_zero(amount)
        ]

    def _get_label(self):
        return self.env._(
            "Commissions of the marketplace, %(month)s", month=self._get_month_name()
        )

    def _get_carried_label(self):
        carried = self.search([("carried_to_id", "=", self.id)], limit=1)
        return self.env._(
            "Commissions given back, carried over from %(month)s",
            month=carried and carried._get_month_name(),
        )

    def _get_netting_note(self):
        """Return how it is paid: by setting off, as the seller's contract says."""
        signed = self.contract_id.mandate_id.accepted_at
        _ = self.env._
        if self.invoiced_amount < 0:
            return _("To be deducted from your next invoices of commissions.")
        if not signed:
            return _("To be set off against your next payout.")
        return _(
            "To be set off against your next payout, under the agreement of %(date)s.",
            date=format_date(self.env, signed),
        )
