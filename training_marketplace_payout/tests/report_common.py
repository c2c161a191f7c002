# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sales, debts and commissions for the finance reports. Holds no test itself."""

from datetime import datetime

from odoo import Command

from odoo.addons.payment.utils import to_minor_currency_units

from ..services.marketplace_entries import plan_entry
from .marketplace_money_common import MarketplaceMoneyCommon


class MarketplaceReportCommon(MarketplaceMoneyCommon):
    """Reports and the ledger, read the same way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.company.currency_id
        cls.dollar = cls.env.ref("base.USD")
        cls.dollar.active = True
        cls.dollar.rate_ids.unlink()
        for day, rate in (("2020-01-01", 2.0), ("2026-03-01", 3.0)):
            cls.env["res.currency.rate"].create(
                {
                    "currency_id": cls.dollar.id,
                    "name": day,
                    "rate": rate,
                    "company_id": False,
                }
            )

    def write_down(self, kind, day, amount, currency=None, sale=None, lines=None):
        """Write a movement down, and its entry; return the row."""
        currency = currency or self.euro
        minor = to_minor_currency_units(amount, currency)
        seller = sale.seller_id if sale else self.seller
        lines = lines or plan_entry(kind, minor, self.buyer.id, seller.id)
        entries = self.env["marketplace.entry"]
        entry = entries._write_down(
            kind,
            f"key_{entries.search_count([])}",
            self.company,
            currency,
            lines,
            date=day,
            sale_id=sale.id if sale else False,
        )
        self.run_books()
        self.assertEqual(entry.state, "booked", entry.problem)
        return entry

    def move_money(self, day, *lines, currency=None):
        """Book a movement between roles: (role, contact, amount)."""
        currency = currency or self.euro
        minor = [
            (role, partner.id, to_minor_currency_units(amount, currency))
            for role, partner, amount in lines
        ]
        return self.write_down("transfer", day, 1, currency, lines=minor)

    def sell(self, day, amount=1200.0, seller=None, currency=None, **values):
        """Write down a past sale as its payment does, and book it."""
        currency = currency or self.euro
        seller = seller or self.seller
        buyer = self.buyer.commercial_partner_id
        order = self.env["sale.order"].create(
            {"partner_id": buyer.id, "company_id": self.company.id}
        )
        sale = self.env["marketplace.sale"].create(
            {
                "order_id": order.id,
                "tx_id": self.new_tx(amount, currency, day).id,
                "seller_id": seller.id,
                "buyer_id": buyer.id,
                "programme_id": self.sold.id,
                "company_id": self.company.id,
                "currency_id": currency.id,
                "amount_total": amount,
                "amount_untaxed": amount,
                "rate": 10.0,
                "commission": amount / 10,
                "paid_at": day,
                "confirmed_at": day,
                "state": "confirmed",
                **values,
            }
        )
        kind = "hold" if sale.state == "held" else "purchase"
        self.write_down(kind, day, amount, currency, sale)
        return sale

    def give_back(self, sale, day, amount):
        """Write down a refund as its transaction does, and book it."""
        refund = self.env["marketplace.refund"].create(
            {
                "sale_id": sale.id,
                "tx_id": self.new_tx(-amount, sale.currency_id, day).id,
                "amount": amount,
                "amount_untaxed": amount,
                "commission": amount / 10,
                "date": day,
            }
        )
        sale.amount_refunded += amount
        self.write_down("refund", day, amount, sale.currency_id, sale)
        return refund

    def new_tx(self, amount, currency, day):
        transactions = self.env["payment.transaction"]
        return transactions.create(
            {
                "provider_id": self.mangopay.id,
                "payment_method_id": self.env.ref("payment.payment_method_card").id,
                "amount": amount,
                "currency_id": currency.id,
                "partner_id": self.buyer.id,
                "reference": f"{day}-{transactions.search_count([])}",
            }
        )

    def invoice(self, day, amount, seller=None, kind="out_invoice"):
        """Post an invoice or a credit note of commissions."""
        move = self.env["account.move"].create(
            {
                "move_type": kind,
                "journal_id": self.company.marketplace_commission_journal_id.id,
                "partner_id": (seller or self.seller).id,
                "invoice_date": day,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Commission", "price_unit": amount, "tax_ids": False}
                    )
                ],
            }
        )
        move.action_post()
        return move

    def create_payout(self, day, amount, netted=0.0, **values):
        """Write down a payout as it is once it was made."""
        return self.env["marketplace.payout"].create(
            {
                "name": f"P{day}",
                "company_id": self.company.id,
                "seller_id": self.seller.id,
                "currency_id": self.euro.id,
                "until": day.date().replace(day=1),
                "state": "done",
                "amount": amount,
                "fee_amount": netted,
                "net_amount": amount - netted,
                "paid_at": day,
                **values,
            }
        )

    def create_run(self, day):
        values = {"company_id": self.company.id, "until": day, "date": day}
        return self.env["marketplace.payout.run"].create(values)

    def create_line(self, run, seller, amount, **values):
        return self.env["marketplace.payout.line"].create(
            {
                "run_id": run.id,
                "seller_id": seller.id,
                "currency_id": self.euro.id,
                "amount": amount,
                **values,
            }
        )

    def create_operator(self, name, currency):
        """Return another company that runs a marketplace, with accounts of its own."""
        company = self.env["res.company"].create(
            {"name": name, "currency_id": currency.id}
        )
        accounts = self.env["account.account"].with_company(company)
        for role, kind in (
            ("wallet", "asset_current"),
            ("seller", "liability_current"),
        ):
            company[f"marketplace_{role}_account_id"] = accounts.create(
                {
                    "name": role,
                    "code": f"9{role[:2]}",
                    "account_type": kind,
                    "company_ids": [Command.set(company.ids)],
                }
            )
        company.marketplace_journal_id = company._create_marketplace_journal(
            "MKT", "general", "Marketplace"
        )
        return company

    # What is read

    def sums(self, report, measures, domain=(), groupby=()):
        """Return the sums of a report's measures; by group when there is one."""
        self.env.flush_all()
        self.env.invalidate_all()
        domain = [("company_id", "=", self.company.id), *domain]
        rows = self.env[f"marketplace.report.{report}"]._read_group(
            domain, groupby, [f"{name}:sum" for name in measures]
        )
        found = {
            row[: len(groupby)]: tuple(
                round(one or 0, 2) for one in row[len(groupby) :]
            )
            for row in rows
        }
        return found if groupby else found[()]

    def ledger(self, role, field="balance", **values):
        """Return what the ledger says of the account of a role."""
        account = self.company[f"marketplace_{role}_account_id"]
        domain = [("account_id", "=", account.id)]
        domain += [(field_name, "=", one.id) for field_name, one in values.items()]
        [[total]] = self.env["account.move.line"]._read_group(
            [*domain, ("parent_state", "=", "posted")], [], [f"{field}:sum"]
        )
        return round(total, 2)

    def at(self, month, day=10):
        return datetime(2026, month, day, 10)
