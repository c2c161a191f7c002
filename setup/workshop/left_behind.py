# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What a purchase left in the demonstration's books, read in the database."""

import json

from . import databases, demo

# Every document of the order :order, in the order in which it came to be.
DOCUMENTS = """
WITH sale AS (SELECT * FROM sale_order WHERE name = '{order}'),
     invoice AS (
         SELECT DISTINCT move.* FROM sale
           JOIN sale_order_line line ON line.order_id = sale.id
           JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = line.id
           JOIN account_move_line item ON item.id = rel.invoice_line_id
           JOIN account_move move ON move.id = item.move_id),
     payment AS (
         SELECT payment.* FROM sale
           JOIN sale_order_transaction_rel rel ON rel.sale_order_id = sale.id
           JOIN account_payment payment
             ON payment.payment_transaction_id = rel.transaction_id)
"""
LIST = """
SELECT json_agg(json_build_object('what', what, 'name', name) ORDER BY rank) FROM (
SELECT 1 AS rank, 'Order' AS what,
       concat(name, ', ', state, ', ', amount_total) AS name FROM sale
UNION ALL
SELECT 2, 'Prospect', concat(lead.name, ', ', stage.name->>'fr_FR')
  FROM sale JOIN crm_lead lead ON lead.id = sale.opportunity_id
  LEFT JOIN crm_stage stage ON stage.id = lead.stage_id
UNION ALL
SELECT 3, 'Learner', concat(coalesce(registration.name, '(to be named)'), ', ',
       registration.state)
  FROM sale JOIN event_registration registration
    ON registration.sale_order_id = sale.id
UNION ALL
SELECT 4, 'Invoice', concat(coalesce(name, 'not numbered'), ', ', state, ', ',
       payment_state, ', to pay ', amount_residual) FROM invoice
UNION ALL
SELECT 5, 'Payment', concat(name, ', ', state, ', ', amount) FROM payment) documents
"""
ENTRIES = """
SELECT json_agg(line ORDER BY line->>'code') FROM (
SELECT json_build_object(
           'code', account.code_store->>item.company_id::text,
           'name', left(coalesce(account.name->>'fr_FR', account.name->>'en_US'), 40),
           'debit', sum(item.debit)::text, 'credit', sum(item.credit)::text) AS line
  FROM account_move_line item
  JOIN account_account account ON account.id = item.account_id
 WHERE item.move_id IN (SELECT id FROM invoice UNION SELECT move_id FROM payment)
 GROUP BY account.id, item.company_id) lines
"""


def by(order: str) -> tuple[list[dict], list[dict]]:
    """Return the documents of an order, and its entries summed by account."""
    # The name comes from a page: as SQL text it is quoted as such.
    documents = DOCUMENTS.format(order=order.replace("'", "''"))
    return _rows(documents + LIST), _rows(documents + ENTRIES)


def _rows(statement: str) -> list[dict]:
    return json.loads(databases.query(demo.NAME, statement) or "[]")
