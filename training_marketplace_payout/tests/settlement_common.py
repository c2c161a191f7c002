# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Months of sales, without the pages that sell them. Holds no test itself."""

from datetime import datetime

from freezegun import freeze_time

from .marketplace_common import ATTESTATION, make_contract
from .marketplace_money_common import MarketplaceMoneyCommon

SETTLE_JOB = "training_marketplace_payout.ir_cron_settle_marketplace"


class SettlementCommon(MarketplaceMoneyCommon):
    """Sales and refunds are written as the payments write them, at chosen moments."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.marketplace_commission_rate = 10
        cls.company.partner_id.tz = "Europe/Paris"
        cls.currency = cls.company.currency_id
        cls.numbers = iter(range(1, 100000))

    @classmethod
    def create_seller(cls, name, country="fr", **values):
        """Return a seller of a country, with its contract."""
        seller = cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "is_marketplace_seller": True,
                "country_id": cls.env.ref(f"base.{country}").id,
                **values,
            }
        )
        make_contract(cls.env, seller, cls.company, vat_regime="exempt", **ATTESTATION)
        return seller

    @classmethod
    def sell(cls, at, untaxed=100.0, seller=None, **values):
        """Return a sale without VAT made at a moment (UTC)."""
        return cls.sell_many([at], untaxed, seller, **values)

    @classmethod
    def sell_many(cls, moments, untaxed=100.0, seller=None, **values):
        """Return a sale at each moment."""
        seller = seller or cls.seller
        currency = values.pop("currency", cls.currency)
        company = values.pop("company", cls.company)
        numbers = [next(cls.numbers) for _at in moments]
        orders = cls.env["sale.order"].create(
            [{"partner_id": cls.buyer.id, "company_id": company.id} for _at in moments]
        )
        payments = cls.env["payment.transaction"].create(
            [
                cls._prepare_payment(f"K-{number}", untaxed, currency)
                for number in numbers
            ]
        )
        return cls.env["marketplace.sale"].create(
            [
                {
                    "order_id": order.id,
                    "tx_id": payment.id,
                    "seller_id": seller.id,
                    "buyer_id": cls.buyer.id,
                    "company_id": company.id,
                    "currency_id": currency.id,
                    "amount_total": untaxed,
                    "amount_untaxed": untaxed,
                    "paid_at": at,
                    "confirmed_at": at,
                    "rate": 10,
                    "commission": currency.round(untaxed / 10),
                    **values,
                }
                for order, payment, at in zip(orders, payments, moments, strict=True)
            ]
        )

    @classmethod
    def _prepare_payment(cls, reference, amount, currency):
        return {
            "reference": reference,
            "provider_id": cls.mangopay.id,
            "payment_method_id": cls.mangopay.payment_method_ids[:1].id,
            "amount": amount,
            "currency_id": currency.id,
            "partner_id": cls.buyer.id,
            "state": "done",
        }

    @classmethod
    def give_back(cls, sale, at, untaxed=None, **values):
        """Return the refund of a part of a sale, or of all of it, at a moment."""
        untaxed = sale.amount_untaxed if untaxed is None else untaxed
        number = next(cls.numbers)
        payment = cls.env["payment.transaction"].create(
            cls._prepare_payment(f"R-{number}", -untaxed, sale.currency_id)
        )
        sale.amount_refunded += untaxed
        return cls.env["marketplace.refund"].create(
            {
                "sale_id": sale.id,
                "tx_id": payment.id,
                "amount": untaxed,
                "amount_untaxed": untaxed,
                "commission": sale.currency_id.round(untaxed / 10),
                "date": at,
                **values,
            }
        )

    def settle_on(self, now):
        """Run the daily job at a moment (UTC)."""
        with freeze_time(now):
            self.run_jobs(SETTLE_JOB)

    def settlements(self, seller=None):
        """Return the settlements of a seller, the oldest first."""
        domain = [("seller_id", "=", (seller or self.seller).id)]
        return self.env["marketplace.settlement"].search(domain, order="month, id")

    def assertMonths(self, expected, seller=None):
        """Compare the months, numbers of sales, commissions and states."""
        found = [
            (
                f"{one.month:%Y-%m}",
                one.sales_count,
                one.commission_amount,
                one.state,
            )
            for one in self.settlements(seller)
        ]
        self.assertEqual(found, expected)


def at(text):
    """Return a moment written as ``2026-11-03 10:00``, UTC."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M")
