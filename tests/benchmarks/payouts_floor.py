# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What stock Odoo needs for the entries of the payouts, and for nothing else.

The same entries, of the same lines, in the same journal, made with one ``create`` for
a hundred and posted together; the same commission invoices, matched in one go, which
makes their VAT due. Odoo's own methods on plain values: no key, no lock, no state, no
job. It is undone when it is measured, and our job then books them for good.
"""

BATCH = 100
OWN = ("marketplace_key", "marketplace_sale_id", "mangopay_operation_id")


def plan(entries):
    """Return what each entry is, and what its lines pay, as plain values."""
    company = entries.company_id
    found = entries.with_company(company)._prepare_moves()
    moves = [
        {name: value for name, value in one.items() if name not in OWN} for one in found
    ]
    paid = [[(line[3:] or [None])[0] for line in one.lines] for one in entries]
    return list(zip(moves, paid, strict=True))


def book(env, planned):
    """Make, post and match them, as an accountant's import would."""
    quiet = env(context={**env.context, "tracking_disable": True})
    for start in range(0, len(planned), BATCH):
        batch = planned[start : start + BATCH]
        moves = quiet["account.move"].create([values for values, _paid in batch])
        moves.action_post()
        lines = quiet["account.move.line"]
        pairs = [
            line | lines.browse(number)
            for move, (_values, paid) in zip(moves, batch, strict=True)
            for line, number in zip(move.line_ids.sorted("id"), paid, strict=True)
            if number and not lines.browse(number).reconciled
        ]
        lines._reconcile_plan(pairs)
        env.flush_all()


def measure(env, clock):
    """Return what they take, after a few that only warm up; nothing of it stays."""
    entries = env["marketplace.entry"].search(
        [("payout_id", "!=", False), ("state", "=", "todo")], order="date, id"
    )
    planned = plan(entries)
    taken = None
    for part in (planned[: BATCH // 10], planned):
        taken = clock.measure(lambda part=part: book(env, part))
        env.cr.rollback()
    return taken
