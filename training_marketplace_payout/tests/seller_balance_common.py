# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A seller's team, a rival and a stranger, on the seller's pages. Holds no test."""

from lxml import html

from odoo.fields import Command

from .marketplace_common import make_contract
from .marketplace_money_common import MarketplaceMoneyCommon
from .seller_common import create_portal_user

PAGE = "/my/channel/balance"


class SellerBalanceCommon(MarketplaceMoneyCommon):
    """A seller's team of one, a rival's, and somebody who sells nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("website.default_website").company_id = cls.company
        partners = cls.env["res.partner"]
        cls.claire = create_portal_user(cls.env, cls.seller, "claire@atelier.example")
        cls.rival = partners.create(
            {"name": "Rival", "is_company": True, "is_marketplace_seller": True}
        )
        make_contract(cls.env, cls.rival, cls.company)
        create_portal_user(cls.env, cls.rival, "rival@b.example")
        nobody = partners.create({"name": "Nobody", "is_company": True})
        create_portal_user(cls.env, nobody, "nobody@c.example")
        cls.euro = cls.company.currency_id

    def login(self, user="claire@atelier.example"):
        self.authenticate(user, user)

    def read_page(self, path=PAGE, status=200):
        response = self.url_open(path)
        self.assertEqual(response.status_code, status, response.text[:300])
        return html.fromstring(response.content)

    def text(self, page, name):
        """Return the text of the named part of a page."""
        return " ".join(page.xpath(f"string(//*[@name='{name}'])").split())

    def move(self, kind, key, minor, day="2026-11-15 09:00:00", **values):
        """Book a movement of what the seller is owed, of a kind that has no test here:
        ``minor`` is added to it."""
        lines = [("seller", self.seller.id, -minor), ("wallet", self.seller.id, minor)]
        entry = self.env["marketplace.entry"]._write_down(
            kind, key, self.company, self.euro, lines, date=day, **values
        )
        entry._try_to_book()
        self.assertEqual(entry.state, "booked", entry.problem)
        return entry

    def sell(self, day="2026-11-03 10:00:00"):
        """Return a sale that is booked, on a day of one's choice."""
        order = self._buy(self.sold_session)
        tx = self._start_payment(
            order,
            provider_id=self.mangopay.id,
            operation="online_redirect",
            reference=order.name,
        )
        tx.provider_reference = f"payin_m_{tx.id}"
        order._become_prepaid(tx)
        sale = order.marketplace_sale_id
        sale.paid_at = sale.confirmed_at = day
        sale._write_down_payment().date = day
        sale._book_payment()
        self.assertEqual(sale.entry_ids.mapped("state"), ["booked"])
        return sale

    def refund(self, sale, amount, day="2026-11-04 10:00:00"):
        """Give a part of a sale back, booked on a day of one's choice."""
        child = sale.tx_id._create_child_transaction(amount, is_refund=True)
        child.provider_reference = f"refund_{child.id}"
        refund = self.env["marketplace.refund"].create(
            {"sale_id": sale.id, "tx_id": child.id, "amount": amount, "date": day}
        )
        sale.amount_refunded += amount
        refund._book()
        return refund

    def invoice_commission(self, untaxed, day="2026-11-01"):
        """Return a posted invoice of 20 % VAT for a month's commissions."""
        settlement = self.env["marketplace.settlement"].create(
            {
                "company_id": self.company.id,
                "seller_id": self.seller.id,
                "contract_id": self.contract.id,
                "currency_id": self.euro.id,
                "month": "2026-10-01",
                "state": "done",
                "commission_amount": untaxed,
                "invoiced_amount": untaxed,
            }
        )
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "name": "COM-TEST-0001",
                "partner_id": self.seller.id,
                "currency_id": self.euro.id,
                "invoice_date": day,
                "date": day,
                "journal_id": self.company.marketplace_commission_journal_id.id,
                "marketplace_settlement_id": settlement.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Commissions",
                            "price_unit": untaxed,
                            "tax_ids": self.find_tax().ids,
                        }
                    )
                ],
            }
        )
        move.action_post()
        settlement.move_id = move
        self.assertAlmostEqual(move.amount_total, untaxed * 1.2)
        return move

    def find_tax(self):
        """Return the sales tax of 20 %, not included in prices."""
        return self.env["account.tax"].search(
            [
                ("company_id", "=", self.company.id),
                ("type_tax_use", "=", "sale"),
                ("amount", "=", 20.0),
                ("price_include", "=", False),
            ],
            limit=1,
        )

    def ledger(self):
        """Return what the account says is owed, in minor units."""
        [[balance]] = self.env["account.move.line"]._read_group(
            [
                ("account_id", "=", self.company.marketplace_seller_account_id.id),
                ("partner_id", "=", self.seller.id),
                ("parent_state", "=", "posted"),
            ],
            [],
            ["balance:sum"],
        )
        return round(-balance * 100)
