# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The settlement of a month, in Odoo's shell (``env`` is given)."""

import datetime
import json
import resource
import time

SALES = """
    INSERT INTO marketplace_sale (
        order_id, tx_id, seller_id, buyer_id, company_id, currency_id, amount_total,
        amount_untaxed, amount_refunded, rate, commission, paid_at, confirmed_at,
        state, transfer_state)
    SELECT -number, -number, (%(sellers)s)[number %% %(count)s + 1],
        company.partner_id, company.id, company.currency_id, 100, 100, 0, 10, 10,
        date, date, 'confirmed', 'done'
    FROM (
        SELECT number, %(month)s + interval '2 days'
            + (number %% 20) * interval '1 day' AS date
        FROM generate_series(%(first)s, %(last)s) AS number
    ) AS past, res_company AS company
    WHERE company.id = %(company)s
"""
REFUNDS = """
    INSERT INTO marketplace_refund (
        sale_id, tx_id, order_id, seller_id, buyer_id, company_id, currency_id, amount,
        amount_untaxed, commission, date)
    SELECT id, tx_id, order_id, seller_id, buyer_id, company_id, currency_id, 10, 10, 1,
        paid_at + interval '1 day'
    FROM marketplace_sale
    WHERE order_id %% 50 = 0 AND order_id BETWEEN -%(last)s AND -%(first)s
"""
LOOSE = {"marketplace_sale": ("order_id", "tx_id"), "marketplace_refund": ("tx_id",)}


def fill(env, sales, count, month):
    """Have a month of sales, of sellers of this size alone."""
    for table, columns in LOOSE.items():
        for column in (*columns, "order_id"):
            env.cr.execute(
                f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {table}_{column}_fkey"
            )
    env.company._ensure_marketplace_accounts()
    sellers = env["res.partner"].create(
        [
            {
                "name": f"Organisation {count}-{number}",
                "is_company": True,
                "country_id": env.company.country_id.id,
                "email": f"seller-{number}@example.com",
            }
            for number in range(count)
        ]
    )
    values = {
        "sellers": sellers.ids,
        "count": count,
        "company": env.company.id,
        "month": month,
        "first": sales * 10 + 1,
        "last": sales * 11,
    }
    env.cr.execute(SALES, values)
    env.cr.execute(REFUNDS, values)
    env.cr.commit()
    env.cr.execute("ANALYZE marketplace_sale")
    env.cr.execute("ANALYZE marketplace_refund")
    env.cr.commit()
    return sellers


def make_invoices(env, sellers):
    """Make and post as many invoices as stock does: one line, its taxes."""
    company = env.company
    journal = company.marketplace_commission_journal_id
    account = company.marketplace_income_account_id
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "journal_id": journal.id,
                "partner_id": seller.id,
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Commission",
                            "price_unit": 10.0,
                            "account_id": account.id,
                            "tax_ids": [(6, 0, company.account_sale_tax_id.ids)],
                        },
                    )
                ],
            }
            for seller in sellers
        ]
    )
    moves.action_post()
    env.flush_all()


def measure(env, sales, count, number):
    """Print what the settlement of a month took, and stock's invoices."""
    month = datetime.date(2025, number, 1)
    sellers = fill(env, sales, count, month)
    few = sellers[:50]
    make_invoices(env, few[:1])
    begin = time.process_time()
    make_invoices(env, few)
    stock = (time.process_time() - begin) * count / len(few)
    env.cr.rollback()
    env.invalidate_all()
    model = env["marketplace.settlement"]
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    statements, begin = env.cr.sql_log_count, time.process_time()
    model._settle_month(env.company, month)
    env.flush_all()
    result = {
        "stock": stock,
        "cpu": time.process_time() - begin,
        "statements": env.cr.sql_log_count - statements,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - base,
    }
    env.cr.commit()
    env.invalidate_all()
    statements = env.cr.sql_log_count
    model._settle_month(env.company, month)
    result["again"] = env.cr.sql_log_count - statements
    result["done"] = model.search_count(
        [("seller_id", "in", sellers.ids), ("move_id.state", "=", "posted")]
    )
    print("RESULT", json.dumps(result))
