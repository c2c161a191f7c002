# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.training_catalogue_payment.utils import to_note

WARNING = "mail.mail_activity_data_warning"
MONEY = ["money_owed", "money_wallet", "money_debt", "money_credit", "has_money_left"]


class MarketplaceSeller(models.Model):
    """A contract that ends with money left (B19, facts 4.6).

    What was sold stays the seller's: payouts go on after the end, and what cannot be
    paid is listed for the operator. It is never taken to income: nothing of the kind
    is done here, whatever its age.
    """

    _inherit = "marketplace.seller"

    money_currency_id = fields.Many2one(related="company_id.currency_id")
    money_owed = fields.Monetary(
        string="Owed to the seller",
        compute="_compute_money_left",
        currency_field="money_currency_id",
        compute_sudo=True,
    )
    money_wallet = fields.Monetary(
        string="In its wallet",
        compute="_compute_money_left",
        currency_field="money_currency_id",
        compute_sudo=True,
    )
    money_debt = fields.Monetary(
        string="Owed by the seller",
        compute="_compute_money_left",
        currency_field="money_currency_id",
        compute_sudo=True,
        help="Advanced for refunds, and disputes that were lost.",
    )
    money_credit = fields.Monetary(
        string="Commissions to give back",
        compute="_compute_money_left",
        currency_field="money_currency_id",
        compute_sudo=True,
        help="Credit notes that no invoice of commissions has used up, and what waits "
        "to be credited, before tax.",
    )
    has_money_left = fields.Boolean(
        string="Money left",
        compute="_compute_money_left",
        search="_search_has_money_left",
        compute_sudo=True,
        help="Something is owed to the seller or by it.",
    )
    has_recipient = fields.Boolean(
        string="Bank account registered",
        compute="_compute_has_recipient",
        compute_sudo=True,
    )

    def _compute_money_left(self):
        amounts = {}
        for company in self.company_id:
            amounts.update(self._read_money_left(company))
        for contract in self:
            key = (contract.company_id.id, contract.partner_id.id)
            wallet, seller, debit, credit = amounts.get(key, (0.0,) * 4)
            contract.money_wallet = wallet
            contract.money_owed = -seller
            contract.money_debt = debit
            contract.money_credit = -credit
            contract.has_money_left = any((wallet, seller, debit, credit))

    @api.model
    def _read_money_left(self, company):
        """Return what the books say of each seller in the company's own currency.

        :return: {(company id, seller's id): (wallet, owed, debt, commissions to give
            back)}; what is owed and to give back is below zero
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.partner_id,
                       COALESCE(SUM(amount) FILTER (WHERE role = 'wallet'), 0),
                       COALESCE(SUM(amount) FILTER (WHERE role = 'seller'), 0),
                       COALESCE(SUM(amount) FILTER (WHERE role = 'debit'), 0),
                       COALESCE(SUM(amount) FILTER (WHERE role = 'credit'), 0)
                  FROM (SELECT role, partner_id, currency_id, amount
                          FROM (%(money)s) money
                         UNION ALL %(others)s) line
                  JOIN marketplace_seller contract
                    ON contract.partner_id = line.partner_id
                   AND contract.company_id = %(company)s
                 WHERE line.currency_id = %(currency)s
                 GROUP BY line.partner_id
                """,
                money=self.env["marketplace.proof"]._get_lines(company),
                others=self._get_debts_and_credits(company),
                company=company.id,
                currency=company.currency_id.id,
            )
        )
        return {
            (company.id, partner): tuple(float(amount) for amount in amounts)
            for partner, *amounts in rows
        }

    def _get_debts_and_credits(self, company):
        """Return the statement of (role, seller, currency, amount) of what sellers owe,
        and of the commissions that are given back to them, below zero: what is left of
        credit notes, and the months below zero that wait for the next one, or for a
        setting."""
        return SQL(
            """
            SELECT 'debit', partner_id, currency_id, amount_currency
              FROM account_move_line
             WHERE account_id = %(debit)s AND company_id = %(company)s
               AND parent_state = 'posted'
             UNION ALL
            SELECT 'credit', line.partner_id, line.currency_id,
                   line.amount_residual_currency
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN account_account account ON account.id = line.account_id
             WHERE move.company_id = %(company)s AND move.state = 'posted'
               AND move.marketplace_settlement_id IS NOT NULL
               AND move.move_type = 'out_refund'
               AND account.account_type = 'asset_receivable'
               AND line.reconciled IS NOT TRUE
             UNION ALL
            SELECT 'credit', seller_id, currency_id,
                   CASE state WHEN 'draft' THEN invoiced_amount ELSE carried_out END
              FROM marketplace_settlement
             WHERE company_id = %(company)s
               AND (state = 'draft' AND invoiced_amount < 0
                    OR state = 'carried' AND carried_to_id IS NULL)
            """,
            debit=company.sudo().marketplace_debit_account_id.id or None,
            company=company.id,
        )

    @api.model
    def _search_has_money_left(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        domains = []
        for company in self.env.companies:
            found = self._read_money_left(company)
            partners = [key[1] for key, amounts in found.items() if any(amounts)]
            domains.append(
                Domain("company_id", "=", company.id)
                & Domain("partner_id", "in", partners)
            )
        return Domain.OR(domains)

    def _compute_has_recipient(self):
        recipients_sudo = self.env["mangopay.recipient"].sudo()
        active = recipients_sudo.search(
            [
                ("user_id.partner_id", "in", self.partner_id.ids),
                ("state", "=", "active"),
            ]
        )
        known = {(one.company_id, one.user_id.partner_id) for one in active}
        for contract in self:
            key = (contract.company_id, contract.partner_id)
            contract.has_recipient = key in known

    def _on_decided(self, decision):
        """Override: say what is left when a contract ends, and what hinders its
        payout."""
        result = super()._on_decided(decision)
        if decision == "close":
            self._say_what_is_left()
        elif decision == "reopen":
            self.activity_unlink([WARNING])
        return result

    def _say_what_is_left(self):
        self.invalidate_recordset(MONEY)
        if not self.has_money_left:
            return
        amounts = self._describe_money_left()
        self.message_post(body=amounts)
        if not self.has_recipient and self.money_owed > 0:
            self.activity_schedule(
                WARNING,
                summary=self.env._("A closed seller cannot be paid out"),
                note=to_note(
                    self.env._(
                        "%(amounts)s No bank account is registered: ask for one. What "
                        "is owed stays owed, however old it is.",
                        amounts=amounts,
                    )
                ),
                user_id=self._get_closing_accountant().id,
            )
        if self.money_credit > 0:
            self._ask_to_give_back(amounts)

    def _ask_to_give_back(self, amounts):
        """Have an accountant give back what was credited of commissions.

        A seller who sells no more may get no invoice that it could be deducted from,
        and what the seller owes (467100) is claimed in full: nothing is netted between
        the two without a person, who sees why each is left.
        """
        self.activity_schedule(
            WARNING,
            summary=self.env._("Commissions to give back to a closed seller"),
            note=to_note(
                self.env._(
                    "%(amounts)s No invoice of commissions may come to deduct them "
                    "from: pay them back, or set them off against what the seller "
                    "owes.",
                    amounts=amounts,
                )
            ),
            user_id=self._get_closing_accountant().id,
        )

    def _describe_money_left(self):
        """Return what is left in one sentence."""
        currency = self.money_currency_id
        return self.env._(
            "Left at the end of the contract: %(owed)s owed to the seller, of which "
            "%(wallet)s in its wallet; %(debt)s owed by the seller; %(credit)s of "
            "commissions to give back to it. Payouts go on.",
            owed=currency.format(self.money_owed),
            wallet=currency.format(self.money_wallet),
            debt=currency.format(self.money_debt),
            credit=currency.format(self.money_credit),
        )

    def _get_closing_accountant(self):
        group_sudo = self.env.ref("account.group_account_invoice").sudo()
        accountants_sudo = group_sudo.all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        return accountants_sudo.sorted("id")[:1] or self.env.user


class MarketplaceSettlement(models.Model):
    _inherit = "marketplace.settlement"

    def _invoice(self):
        """Override: what a month gives back to a seller whose contract has ended since
        is told, once: the month of the last refund is settled after the end."""
        super()._invoice()
        for settlement in self.filtered("move_id"):
            move = settlement.move_id
            is_left = not move.currency_id.is_zero(move.amount_residual)
            if move.move_type != "out_refund" or not is_left:
                continue
            seller = settlement.seller_id
            contract = seller._get_marketplace_contract(settlement.company_id)
            if contract.state == "closed":
                contract.invalidate_recordset(MONEY)
                contract._ask_to_give_back(contract._describe_money_left())
