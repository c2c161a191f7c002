# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Fill a database, in Odoo's shell (``env`` is given): products, programmes, sessions.

Products are made by Odoo; sessions, five times as many, are copied in the tables from
one that Odoo made, with all that belongs to it.
"""

BATCH = 500


def products(env, count, **values):
    """Have at least so many published products with these values."""
    model = env["product.template"]
    done = model.search_count([("default_code", "=like", "BENCH-%")])
    for first in range(done, count, BATCH):
        model.create(
            [
                {
                    "name": f"Article {number}",
                    "default_code": f"BENCH-{number}",
                    "list_price": 600.0,
                    "is_published": True,
                    "type": "service",
                    "company_id": env.company.id,
                    **values,
                }
                for number in range(first, min(first + BATCH, count))
            ]
        )
        env.cr.commit()


def sessions(env, per_programme):
    """Give so many sessions to each programme that has none."""
    cr = env.cr
    programmes = env["product.template"].search(
        [("default_code", "=like", "BENCH-%"), ("training_session_ids", "=", False)]
    )
    if not programmes:
        return
    model = env["event.event"].create(
        {
            "name": "Session",
            "programme_id": programmes[0].id,
            "date_begin": "2035-03-05 08:00:00",
            "date_end": "2035-03-06 16:00:00",
            "date_tz": "Europe/Paris",
            "seats_limited": True,
            "seats_max": 12,
            "website_published": True,
        }
    )
    env.flush_all()
    own = {
        "programme_id": "p.id",
        "date_begin": "src.date_begin + n * interval '7 days'",
        "date_end": "src.date_end + n * interval '7 days'",
        "training_ticket_id": "NULL",
    }
    _copy(cr, "event_event", model.id, own, programmes.ids, per_programme)
    _copy_children(cr, model)
    cr.execute(
        """UPDATE event_event e SET training_ticket_id = t.id
           FROM event_event_ticket t
           WHERE t.event_id = e.id AND e.training_ticket_id IS NULL
           AND e.programme_id IS NOT NULL"""
    )
    env.invalidate_all()
    model.unlink()
    cr.execute("ANALYZE")
    cr.commit()


def _copy(cr, table, source_id, own, programme_ids, per_programme):
    names, values = _columns(cr, table, own)
    cr.execute(
        f"""INSERT INTO {table} ({names}) SELECT {values} FROM {table} src,
            unnest(%s) p(id), generate_series(1, %s) n WHERE src.id = %s""",
        [programme_ids, per_programme, source_id],
    )


def _copy_children(cr, model):
    """Copy the managed ticket and the counter to every session without them."""
    product = """(SELECT v.id FROM product_product v
                  WHERE v.product_tmpl_id = e.programme_id LIMIT 1)"""
    for table, own in (
        ("event_event_ticket", {"event_id": "e.id", "product_id": product}),
        ("training_seat_counter", {"event_id": "e.id"}),
    ):
        names, values = _columns(cr, table, own)
        cr.execute(
            f"""INSERT INTO {table} ({names}) SELECT {values}
                FROM {table} src, event_event e
                WHERE src.event_id = %s AND e.programme_id IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM {table} c WHERE c.event_id = e.id)""",
            [model.id],
        )


def _columns(cr, table, own):
    cr.execute(
        """SELECT column_name FROM information_schema.columns
           WHERE table_name = %s AND column_name <> 'id'""",
        [table],
    )
    found = [name for (name,) in cr.fetchall()]
    values = ", ".join(own.get(name, f'src."{name}"') for name in found)
    return ", ".join(f'"{name}"' for name in found), values
