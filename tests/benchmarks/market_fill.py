# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A marketplace with a month of sales, in Odoo's shell (``env`` is given).

One seller, one buyer and the entries of one sale are made by Odoo; the others are
copied from them by PostgreSQL, under ids taken from the sequences first. All of it
holds together: payments, operations, entries and transfers are those of real sales, and
the proof of the books finds nothing.
"""

from faults.harness.prepare import seller_contract

PER_BUYER = 10
IDS = {
    "bench_seller": {
        "partner_id": "res_partner",
        "contract_id": "marketplace_seller",
        "mandate_id": "marketplace_mandate",
        "user_id": "mangopay_user",
        "wallet_id": "mangopay_wallet",
        "bank_id": "res_partner_bank",
        "recipient_id": "mangopay_recipient",
        "series_id": "marketplace_invoice_series",
    },
    "bench_buyer": {
        "partner_id": "res_partner",
        "user_id": "mangopay_user",
        "wallet_id": "mangopay_wallet",
    },
    "bench_sale": {
        "order_id": "sale_order",
        "tx_id": "payment_transaction",
        "sale_id": "marketplace_sale",
        "payin_id": "mangopay_operation",
        "transfer_id": "mangopay_operation",
        "purchase_entry_id": "marketplace_entry",
        "transfer_entry_id": "marketplace_entry",
        "purchase_move_id": "account_move",
        "transfer_move_id": "account_move",
    },
}


def take_ids(env, name, count):
    """Number so many things, each with the ids of its rows."""
    ids = ", ".join(
        f"nextval('{table}_id_seq')::int AS {column}"
        for column, table in IDS[name].items()
    )
    env.cr.execute(
        f"CREATE TABLE {name} AS SELECT number, {ids}"
        " FROM generate_series(1, %s) AS number",
        [count],
    )
    env.cr.execute(f"CREATE UNIQUE INDEX ON {name} (number)")


def copy_row(env, table, source_id, own, others):
    """Copy a row for each of what ``others`` names, with these columns of its own."""
    env.cr.execute(
        """SELECT column_name FROM information_schema.columns
           WHERE table_name = %s AND is_generated = 'NEVER'
           AND (column_name <> 'id' OR %s)""",
        [table, "id" in own],
    )
    names = [name for (name,) in env.cr.fetchall()]
    values = ", ".join(own.get(name, f'src."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    env.cr.execute(
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} src, {others}"
        " WHERE src.id = %s",
        [source_id],
    )


def make_person(env, account, category):
    """Return a person whom Mangopay knows, with a wallet."""
    is_seller = category == "OWNER"
    partner = env["res.partner"].create(
        {
            "name": category,
            "is_company": is_seller,
            "is_marketplace_seller": is_seller,
            "email": f"{category}@example.com",
            "country_id": env.ref("base.fr").id,
        }
    )
    person = "legal" if is_seller else "natural"
    user = env["mangopay.user"]._ensure(account, partner, category, person)
    user.write({"mangopay_id": "u", "state": "active", "kyc_level": "REGULAR"})
    wallet = user._get_wallet(env.company.currency_id)
    wallet.write({"mangopay_id": "w", "state": "active"})
    return user


def copy_people(env, name, user, label):
    """Copy a person, its user and its wallet."""
    own = {
        "id": "b.partner_id",
        "commercial_partner_id": "b.partner_id",
        "name": f"'{label} ' || b.number",
        "complete_name": f"'{label} ' || b.number",
    }
    copy_row(env, "res_partner", user.partner_id.id, own, f"{name} b")
    own = {
        "id": "b.user_id",
        "partner_id": "b.partner_id",
        "mangopay_id": f"'user_{label}_' || b.number",
    }
    copy_row(env, "mangopay_user", user.id, own, f"{name} b")
    own = {
        "id": "b.wallet_id",
        "user_id": "b.user_id",
        "mangopay_id": f"'wlt_{label}_' || b.number",
    }
    copy_row(env, "mangopay_wallet", user.wallet_ids.id, own, f"{name} b")


def make_people(env, sellers, buyers):
    """Have sellers who can be paid, and buyers; return the first of each."""
    account = env["mangopay.account"].create(
        {
            "company_id": env.company.id,
            "client_id": "bench",
            "api_key": "key",
            "hook_token": "token",
            "hook_state": "ready",
        }
    )
    seller = make_person(env, account, "OWNER")
    contract = seller_contract(env, seller.partner_id)
    bank = seller._find_or_create_bank("FR7630004000031234567890143", "Seller")
    recipient = seller._create_recipient(bank, "Seller")
    recipient.write({"mangopay_id": "r", "state": "active"})
    buyer = make_person(env, account, "PAYER")
    env.flush_all()
    take_ids(env, "bench_seller", sellers)
    take_ids(env, "bench_buyer", buyers)
    copy_people(env, "bench_seller", seller, "Seller")
    copy_people(env, "bench_buyer", buyer, "Buyer")
    copy_contracts(env, contract)
    copy_accounts(env, bank, recipient)
    env.invalidate_all()
    return seller.partner_id, buyer.partner_id


def copy_contracts(env, contract):
    """Copy a contract and its mandate, which name each other."""
    own = {
        "id": "b.mandate_id",
        "partner_id": "b.partner_id",
        "version": "b.number + 1",
    }
    mandate = contract.mandate_id
    copy_row(env, "marketplace_mandate", mandate.id, own, "bench_seller b")
    own = {
        "id": "b.contract_id",
        "partner_id": "b.partner_id",
        "mandate_id": "b.mandate_id",
        "series_code": "'B' || b.number",
    }
    copy_row(env, "marketplace_seller", contract.id, own, "bench_seller b")
    env.cr.execute(
        "UPDATE marketplace_mandate m SET seller_id = b.contract_id, version = 1"
        " FROM bench_seller b WHERE m.id = b.mandate_id"
    )


def copy_accounts(env, bank, recipient):
    """Copy a bank account that Mangopay pays to."""
    own = {"id": "b.bank_id", "partner_id": "b.partner_id"}
    copy_row(env, "res_partner_bank", bank.id, own, "bench_seller b")
    own = {
        "id": "b.recipient_id",
        "partner_id": "b.partner_id",
        "user_id": "b.user_id",
        "bank_id": "b.bank_id",
        "mangopay_id": "'rec_' || b.number",
    }
    copy_row(env, "mangopay_recipient", recipient.id, own, "bench_seller b")


SALES = """
    CREATE TABLE bench_sold AS
    SELECT one.*, seller.partner_id AS seller_id, seller.contract_id,
        buyer.partner_id AS buyer_id, buyer.wallet_id, 40 + one.number %% 60 AS amount,
        (one.number - 1) / %(sellers)s + 1 AS rank,
        %(month)s + interval '2 days 10 hours' + interval '1 day'
            * ((one.number - 1) / %(sellers)s * 20
               / GREATEST(%(sales)s / %(sellers)s, 1)) AS moment
    FROM bench_sale one
    JOIN bench_seller seller ON seller.number = (one.number - 1) %% %(sellers)s + 1
    JOIN bench_buyer buyer ON buyer.number = (one.number - 1) %% %(buyers)s + 1;
    INSERT INTO sale_order (
        id, company_id, partner_id, partner_invoice_id, partner_shipping_id, name,
        date_order, state, currency_id, amount_total, training_followup_state)
    SELECT order_id, %(company)s, buyer_id, buyer_id, buyer_id, 'BENCH' || number,
        moment, 'sale', %(currency)s, amount, 'done' FROM bench_sold;
    INSERT INTO payment_transaction (
        id, provider_id, payment_method_id, currency_id, company_id, partner_id,
        reference, provider_reference, state, operation, amount, mangopay_wallet_id,
        is_post_processed, last_state_change, create_date)
    SELECT tx_id, %(provider)s, %(method)s, %(currency)s, %(company)s, buyer_id,
        'BENCH' || number, 'payin_' || number, 'done', 'online_redirect', amount,
        wallet_id, TRUE, moment, moment FROM bench_sold;
    INSERT INTO marketplace_sale (
        id, order_id, tx_id, seller_id, contract_id, buyer_id, company_id, currency_id,
        amount_total, amount_untaxed, amount_refunded, amount_transferred, rate,
        commission, paid_at, confirmed_at, state, transfer_state)
    SELECT sale_id, order_id, tx_id, seller_id, contract_id, buyer_id, %(company)s,
        %(currency)s, amount, amount, 0, amount, 10, amount / 10.0, moment, moment,
        'confirmed', 'done' FROM bench_sold;
"""
OPERATIONS = """
    INSERT INTO mangopay_operation (
        id, kind, res_model, res_id, ordinal, account_id, company_id, amount_minor,
        currency_id, state, is_followed_up, idempotency_key, provider_reference,
        create_date, date_compare)
    SELECT {kind}_id, '{kind}', '{model}', {subject}, 1, account.id, %(company)s,
        amount * 100, %(currency)s, 'succeeded', TRUE, 'bench-{kind}-' || number,
        '{kind}_' || number, moment, moment + interval '40 days'
    FROM bench_sold, mangopay_account account;
"""
ENTRIES = """
    INSERT INTO marketplace_entry (
        id, company_id, currency_id, sale_id, transaction_id, operation_id, move_id,
        key, kind, reference, state, lines, date, create_date)
    SELECT {kind}_entry_id, %(company)s, %(currency)s, sale_id, tx_id, {asked}_id,
        {kind}_move_id, '{asked}_' || number || ':{kind}', '{kind}',
        '{asked}_' || number, 'booked', jsonb_build_array(
            jsonb_build_array('wallet', {debtor}_id, amount * 100),
            jsonb_build_array('{account}', {creditor}_id, -amount * 100)),
        moment, moment
    FROM bench_sold;
"""


def make_sales(env, sales, sellers, buyers, month):
    """Have sales of this month, paid, transferred and booked."""
    provider = env["payment.provider"].search([("code", "=", "mangopay")], limit=1)
    values = {
        "sales": sales,
        "sellers": sellers,
        "buyers": buyers,
        "month": month,
        "company": env.company.id,
        "currency": env.company.currency_id.id,
        "provider": provider.id,
        "method": env.ref("payment.payment_method_card").id,
    }
    take_ids(env, "bench_sale", sales)
    env.cr.execute(SALES, values)
    for kind, model, subject in (
        ("payin", "payment.transaction", "tx_id"),
        ("transfer", "marketplace.sale", "sale_id"),
    ):
        query = OPERATIONS.format(kind=kind, model=model, subject=subject)
        env.cr.execute(query, values)
    return values
