# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The books of the sales of `market_fill`: entries, and sellers' invoices."""

import datetime

import market_fill

#: Who is debited, who is credited, and by which object at Mangopay.
BOOKED = {
    "purchase": ("payin", "buyer", "seller", "seller"),
    "transfer": ("transfer", "seller", "wallet", "buyer"),
}
INVOICES = """
    INSERT INTO marketplace_invoice (
        company_id, contract_id, mandate_id, seller_id, buyer_id, sale_id, order_id,
        currency_id, series_id, rank, name, kind, state, vat_case, transmission,
        send_state, date_issued, amount_untaxed, amount_tax, amount_total,
        amount_signed,
        previous_seal, snapshot, seal)
    SELECT %(company)s, contract_id, mandate_id, seller_id, buyer_id, sale_id, order_id,
        %(currency)s, series_id, rank, name, 'invoice', 'accepted', 'exempt',
        'none_needed', 'done', moment::date, amount, 0, amount, amount, before,
        snapshot, ENCODE(SHA256(CONVERT_TO(
            COALESCE(before, '') || CHR(10) || snapshot, 'UTF8')), 'hex')
    FROM (
        SELECT one.*, seller.series_id, seller.mandate_id, former.seal AS before,
            'B' || seller.number || '-' || one.rank AS name,
            jsonb_build_object(
                'number', 'B' || seller.number || '-' || one.rank,
                'totals', jsonb_build_object('total', one.amount::text),
                'mentions', repeat('m', 2000))::text AS snapshot
        FROM bench_sold one
        JOIN bench_seller seller ON seller.contract_id = one.contract_id
        LEFT JOIN marketplace_invoice former
            ON former.series_id = seller.series_id AND former.rank = one.rank - 1
        WHERE one.rank = %(rank)s
    ) one
"""
SERIES = """
    INSERT INTO marketplace_invoice_series (id, contract_id, kind, year, last_rank)
    SELECT series_id, contract_id, 'invoice', %s, 0 FROM bench_seller
"""
LAST = """
    UPDATE marketplace_invoice_series series
    SET last_rank = last.rank, last_seal = last.seal, last_date = last.date_issued
    FROM (SELECT DISTINCT ON (series_id) series_id, rank, seal, date_issued
          FROM marketplace_invoice ORDER BY series_id, rank DESC) last
    WHERE last.series_id = series.id
"""


def make_books(env, values, seller, buyer):
    """Have the entries of the sales, copied from those that Odoo makes."""
    moment = datetime.datetime.combine(values["month"], datetime.time(10))
    moment += datetime.timedelta(days=5)
    for kind, (asked, debtor, account, creditor) in BOOKED.items():
        names = {
            "kind": kind,
            "asked": asked,
            "debtor": debtor,
            "account": account,
            "creditor": creditor,
        }
        ids = {"seller": seller.id, "buyer": buyer.id}
        lines = [("wallet", ids[debtor], 1000), (account, ids[creditor], -1000)]
        entry = env["marketplace.entry"]._write_down(
            kind, "bench", env.company, env.company.currency_id, lines, date=moment
        )
        entry._book()
        env.flush_all()
        copy_entry(env, entry.move_id, kind, asked, debtor, creditor)
        env.cr.execute(market_fill.ENTRIES.format(**names), values)
        forget(env, entry)


def copy_entry(env, move, kind, asked, debtor, creditor):
    """Copy an entry and its lines for each sale, the first under its own number."""
    rank = f"({move.sequence_number - 1} + b.number)"
    env.cr.execute("UPDATE account_move SET name = '/' WHERE id = %s", [move.id])
    own = {
        "id": f"b.{kind}_move_id",
        "name": f"src.sequence_prefix || {rank}",
        "sequence_number": rank,
        "marketplace_key": f"'{asked}_' || b.number || ':{kind}'",
        "marketplace_sale_id": "b.sale_id",
        "mangopay_operation_id": f"b.{asked}_id",
        "date": "b.moment::date",
        "amount_total": "b.amount",
        "made_sequence_gap": "FALSE",
    }
    market_fill.copy_row(env, "account_move", move.id, own, "bench_sold b")
    for line in move.line_ids:
        is_debit = line.balance > 0
        signed = "b.amount" if is_debit else "-b.amount"
        own = {
            "move_name": f"'BENCH' || {rank}",
            "move_id": f"b.{kind}_move_id",
            "date": "b.moment::date",
            "partner_id": f"b.{debtor if is_debit else creditor}_id",
            "balance": signed,
            "amount_currency": signed,
            "amount_residual": signed,
            "amount_residual_currency": signed,
            "debit": "b.amount" if is_debit else "0",
            "credit": "0" if is_debit else "b.amount",
        }
        market_fill.copy_row(env, "account_move_line", line.id, own, "bench_sold b")


def forget(env, entry):
    """Delete what was only there to be copied."""
    move = entry.move_id
    for table, column, number in (
        ("marketplace_entry", "id", entry.id),
        ("account_move_line", "move_id", move.id),
        ("account_move", "id", move.id),
    ):
        env.cr.execute(f"DELETE FROM {table} WHERE {column} = %s", [number])
    env.invalidate_all()


def make_invoices(env, values):
    """Have the sellers' invoices, each sealed with the one before."""
    env.cr.execute(SERIES, [values["month"].year])
    for rank in range(1, values["sales"] // values["sellers"] + 1):
        env.cr.execute(INVOICES, {**values, "rank": rank})
    env.cr.execute(LAST)


def fill_market(env, sales, sellers, month, has_invoices=True):
    """Have so many sellers with as many sales each; settle the month."""
    buyers = max(sales // market_fill.PER_BUYER, 1)
    env.company.marketplace_commission_rate = 10
    env.company._ensure_marketplace_accounts()
    seller, buyer = market_fill.make_people(env, sellers, buyers)
    values = market_fill.make_sales(env, sales, sellers, buyers, month)
    make_books(env, values, seller, buyer)
    if has_invoices:
        make_invoices(env, values)
    env.cr.commit()
    env.cr._cnx.autocommit = True
    env.cr.execute("VACUUM ANALYZE")
    env.cr._cnx.autocommit = False
    env["marketplace.settlement"]._settle_month(env.company, month)
    env.cr.commit()
