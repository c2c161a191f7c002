# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What the year left: told month by month, then proved."""

from odoo.tools import SQL

#: Title of a column, and what is summed in it: amount, date, table, condition.
COLUMNS = (
    ("Sold", "amount_total", "confirmed_at", "marketplace_sale", "state = 'confirmed'"),
    ("Refunded", "amount", "date", "marketplace_refund", "NOT is_held"),
    ("Commissions", "commission_amount", "month", "marketplace_settlement", "true"),
    ("Paid out", "net_amount", "paid_at", "marketplace_payout", "paid_at IS NOT NULL"),
    ("Netted", "fee_amount", "paid_at", "marketplace_payout", "paid_at IS NOT NULL"),
    ("Came back", "amount_returned", "paid_at", "marketplace_payout", "true"),
)
BOOKS = """
    SELECT account.code_store->>%(company)s, account.name->>'en_US',
           SUM(line.debit), SUM(line.credit), SUM(line.balance)
      FROM account_move_line line
      JOIN account_account account ON account.id = line.account_id
     WHERE line.parent_state = 'posted' AND line.company_id = %(id)s
     GROUP BY account.id ORDER BY 1
"""
WALLETS = """
    SELECT wallet.mangopay_id, line.total
      FROM mangopay_wallet wallet
      JOIN mangopay_user person ON person.id = wallet.user_id
      LEFT JOIN (SELECT partner_id, currency_id, SUM(amount_currency) AS total
                   FROM account_move_line
                  WHERE account_id = %s AND parent_state = 'posted'
                  GROUP BY partner_id, currency_id) line
             ON line.partner_id = person.partner_id
            AND line.currency_id = wallet.currency_id
     WHERE wallet.mangopay_id IS NOT NULL
"""


def tell(env, bank) -> int:
    """Print the year and its proof.

    :return: how many differences there are
    """
    env.flush_all()
    _tell_months(env)
    _tell_books(env)
    return prove(env, bank)


def _tell_months(env):
    print(f"\n{'Month':9}" + "".join(f"{name:>13}" for name, *_rest in COLUMNS))
    sums = [_sum_by_month(env, *column) for _name, *column in COLUMNS]
    for month in sorted(set().union(*sums)):
        amounts = "".join(f"{one.get(month, 0):13,.2f}" for one in sums)
        print(f"{month:9}{amounts}")
    totals = "".join(f"{sum(one.values()):13,.2f}" for one in sums)
    print(f"{'Year':9}{totals}")


def _sum_by_month(env, amount, date, table, condition):
    zone = " AT TIME ZONE 'UTC' AT TIME ZONE 'Europe/Paris'" if date != "month" else ""
    query = SQL(
        f"SELECT to_char({date}{zone}, 'YYYY-MM'), COALESCE(SUM({amount}), 0)"
        f" FROM {table}"
        f" WHERE {condition} AND {date} IS NOT NULL GROUP BY 1"
    )
    return dict(env.execute_query(query))


def _tell_books(env):
    company = env.company
    print(f"\n{'Account':54}{'Debit':>13}{'Credit':>13}{'Balance':>13}")
    rows = env.execute_query(SQL(BOOKS, company=str(company.id), id=company.id))
    for code, name, *amounts in rows:
        figures = "".join(f"{amount:13,.2f}" for amount in amounts)
        print(f"{code:8}{name[:45]:46}{figures}")


def prove(env, bank) -> int:
    """Compare the books with themselves, then with what Mangopay holds.

    :return: how many differences there are
    """
    company = env.company
    differences = [
        *env["marketplace.proof"]._check_invariants(company),
        *_compare_wallets(env, bank.balances()),
    ]
    print()
    for difference in differences:
        print(f"✗ {difference}")
    done = env["marketplace.proof"]._get_checks()
    print(
        f"{len(done) + 1} checks of the books and of the wallets, "
        f"{len(differences)} differences"
    )
    return len(differences)


def _compare_wallets(env, held):
    """Yield the wallets in which Mangopay holds something else than the books say."""
    account = env.company.marketplace_wallet_account_id
    for wallet, booked in env.execute_query(SQL(WALLETS, account.id)):
        found = held.get(wallet, 0)
        if round((booked or 0) * 100) != found:
            yield f"{wallet}: the books say {booked}, Mangopay {found / 100}"
