# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Sales, refunds and entries, in Odoo's shell (``env`` is given)."""

SALES = """
    INSERT INTO marketplace_sale (
        order_id, tx_id, seller_id, buyer_id, company_id, currency_id, amount_total,
        amount_untaxed, amount_refunded, rate, commission, paid_at, confirmed_at,
        state, transfer_state)
    SELECT -number, -number, (%(sellers)s)[number %% %(count)s + 1],
        company.partner_id, company.id, company.currency_id, 40 + number %% 60,
        40 + number %% 60, CASE WHEN number %% 50 = 0 THEN 10 ELSE 0 END,
        10, (40 + number %% 60) / 10.0, date,
        CASE WHEN number %% 1000 = 0 THEN NULL ELSE date END,
        CASE WHEN number %% 1000 = 0 THEN 'abandoned' ELSE 'confirmed' END, 'done'
    FROM (
        SELECT number, now() AT TIME ZONE 'UTC'
            - (number %% 730) * interval '1 day' AS date
        FROM generate_series(%(first)s, %(last)s) AS number
    ) AS past, res_company AS company
    WHERE company.id = %(company)s
"""
REFUNDS = """
    INSERT INTO marketplace_refund (
        sale_id, tx_id, order_id, seller_id, buyer_id, company_id, currency_id, amount,
        amount_untaxed, commission, date)
    SELECT id, tx_id, order_id, seller_id, buyer_id, company_id, currency_id, 10, 10, 1,
        paid_at + interval '3 days'
    FROM marketplace_sale
    WHERE amount_refunded > 0 AND order_id BETWEEN -%(last)s AND -%(first)s
"""
LOOSE = {"marketplace_sale": ("order_id", "tx_id"), "marketplace_refund": ("tx_id",)}


def fill(env, sellers, before, sales, booked):
    """Have so many sales, some of them with their entries."""
    for table, columns in LOOSE.items():
        for column in (*columns, "order_id"):
            env.cr.execute(
                f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {table}_{column}_fkey"
            )
    found = env["res.partner"].search([("ref", "=like", "BENCH-SELLER-%")])
    if not found:
        found = env["res.partner"].create(
            [
                {"name": f"Organisation {number}", "ref": f"BENCH-SELLER-{number}"}
                for number in range(sellers)
            ]
        )
    values = {
        "sellers": found.ids,
        "count": sellers,
        "company": env.company.id,
        "first": before + 1,
        "last": sales,
    }
    env.cr.execute(SALES, values)
    env.cr.execute(REFUNDS, values)
    if booked:
        _book(env, found, booked)
    env.cr.commit()
    env.cr._cnx.autocommit = True
    env.cr.execute("VACUUM ANALYZE")
    env.cr._cnx.autocommit = False


def _book(env, sellers, count):
    """Copy the entry of one purchase for the others."""
    company = env.company
    company._ensure_marketplace_accounts()
    lines = [("wallet", company.partner_id.id, 1000), ("seller", sellers[0].id, -1000)]
    entry = env["marketplace.entry"]._write_down(
        "purchase", "bench", company, company.currency_id, lines
    )
    entry._book()
    env.flush_all()
    move = entry.move_id
    own = {
        "name": "'BENCH/' || s.id",
        "marketplace_key": "'bench' || s.id",
        "marketplace_sale_id": "s.id",
        "date": "s.paid_at::date",
        "sequence_number": "s.id",
    }
    query = """
        INSERT INTO account_move (%s) SELECT %s FROM account_move src,
            marketplace_sale s
        WHERE src.id = %%s AND s.order_id BETWEEN -%%s AND -1
    """
    env.cr.execute("ANALYZE marketplace_sale")
    env.cr.execute(query % _columns(env, "account_move", own), [move.id, count])
    env.cr.execute("ANALYZE account_move")
    _book_lines(env, move)


def _book_lines(env, move):
    sign = "CASE WHEN src.balance > 0 THEN 1 ELSE -1 END * s.amount_total"
    own = {
        "move_id": "m.id",
        "move_name": "m.name",
        "date": "m.date",
        "balance": sign,
        "amount_currency": sign,
        "amount_residual": sign,
        "amount_residual_currency": sign,
        "debit": "CASE WHEN src.balance > 0 THEN s.amount_total ELSE 0 END",
        "credit": "CASE WHEN src.balance > 0 THEN 0 ELSE s.amount_total END",
        "partner_id": "CASE WHEN src.balance > 0 THEN s.buyer_id ELSE s.seller_id END",
    }
    query = """
        INSERT INTO account_move_line (%s) SELECT %s FROM account_move_line src,
            account_move m JOIN marketplace_sale s ON s.id = m.marketplace_sale_id
        WHERE src.move_id = %%s AND m.marketplace_key LIKE 'bench_%%%%'
    """
    env.cr.execute(query % _columns(env, "account_move_line", own), [move.id])


def _columns(env, table, own):
    env.cr.execute(
        """SELECT column_name FROM information_schema.columns
           WHERE table_name = %s AND column_name <> 'id' AND is_generated = 'NEVER'""",
        [table],
    )
    names = [name for (name,) in env.cr.fetchall()]
    values = ", ".join(own.get(name, f'src."{name}"') for name in names)
    return ", ".join(f'"{name}"' for name in names), values
