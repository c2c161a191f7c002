# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The reports beside the statements that give the same, in Odoo's shell."""

import json
import statistics
import time

TIMES = 5
DAY = "(%s AT TIME ZONE 'UTC' AT TIME ZONE 'Europe/Paris')::date"
MONTH = "date_trunc('month', day::timestamp)"
FLOORS = {
    "sales": f"""
        SELECT seller_id, {MONTH}, sum(amount), count(*)
        FROM (
            SELECT seller_id, {DAY % "confirmed_at"} AS day, amount_total AS amount
            FROM marketplace_sale WHERE state = 'confirmed' AND company_id = %(company)s
            UNION ALL
            SELECT r.seller_id, {DAY % "r.date"}, -r.amount
            FROM marketplace_refund r JOIN marketplace_sale s ON s.id = r.sale_id
            WHERE s.state = 'confirmed' AND s.company_id = %(company)s
        ) fact
        GROUP BY 1, 2
    """,
    "commissions": f"""
        SELECT {MONTH}, COALESCE(t.state, 'waiting'), sum(base), sum(amount), count(*)
        FROM (
            SELECT settlement_id, {DAY % "confirmed_at"} AS day, commission AS amount,
                amount_untaxed AS base
            FROM marketplace_sale WHERE state = 'confirmed' AND company_id = %(company)s
            UNION ALL
            SELECT r.settlement_id, {DAY % "r.date"}, -r.commission, -r.amount_untaxed
            FROM marketplace_refund r JOIN marketplace_sale s ON s.id = r.sale_id
            WHERE s.state = 'confirmed' AND s.company_id = %(company)s
        ) fact LEFT JOIN marketplace_settlement t ON t.id = fact.settlement_id
        GROUP BY 1, 2
    """,
    "money": """
        SELECT partner_id, sum(balance), count(*) FROM account_move_line
        WHERE account_id IN (%(wallet)s, %(fees)s) AND parent_state = 'posted'
        AND company_id = %(company)s GROUP BY 1
    """,
    "balances": """
        SELECT partner_id, date_trunc('month', date), sum(balance), count(*)
        FROM account_move_line
        WHERE account_id = %(seller)s AND parent_state = 'posted'
        AND company_id = %(company)s GROUP BY 1, 2
    """,
}
PIVOT = FLOORS["sales"].replace(
    "GROUP BY 1, 2", "GROUP BY GROUPING SETS ((), (1), (2), (1, 2))"
)


def get_reports(env):
    """Return what asks Odoo for each report."""
    sold = env["marketplace.report.sale"]
    confirmed = [("state", "=", "confirmed")]
    sums = ["amount_sold:sum", "__count"]
    sets = [[], ["seller_id"], ["date:month"], ["seller_id", "date:month"]]
    both = ["amount_base:sum", "amount_commission:sum", "__count"]
    groups = ["date:month", "settlement_state"]
    owned = [("role", "in", ("wallet", "fees", "repudiation"))]
    return {
        "sales": lambda: sold._read_group(confirmed, sets[-1], sums),
        "pivot": lambda: sold.formatted_read_grouping_sets(confirmed, sets, sums),
        "commissions": lambda: sold._read_group(confirmed, groups, both),
        "money": lambda: env["marketplace.report.money"]._read_group(
            owned, ["partner_id"], ["amount_money:sum", "__count"]
        ),
        "balances": lambda: env["marketplace.report.balance"]._read_group(
            [], ["partner_id", "age"], ["amount_net:sum", "__count"]
        ),
    }


def measure(env):
    """Print, for each report, the medians of the floor and of ours, side by side."""
    company = env.company
    values = {"company": company.id}
    for role in ("wallet", "fees", "seller"):
        values[role] = company[f"marketplace_{role}_account_id"].id or None

    def clock(work):
        env.invalidate_all()
        begin = time.perf_counter()
        work()
        return (time.perf_counter() - begin) * 1000

    result = {}
    for name, work in get_reports(env).items():
        floor = FLOORS.get(name, PIVOT)

        def ask(floor=floor):
            env.cr.execute(floor, values)
            return env.cr.fetchall()

        ask()
        work()
        both_times = [(clock(ask), clock(work)) for _time in range(TIMES)]
        times = zip(*both_times, strict=True)
        result[name] = [statistics.median(one) for one in times]
    print("RESULT", json.dumps(result))
