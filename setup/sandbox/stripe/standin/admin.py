# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The page for people: payments, refunds, webhooks."""

from datetime import datetime
from html import escape
from pathlib import Path

from aiohttp import web

from .browser import internal_call
from .delivery import sender
from .engine import current_call, store
from .journal import journal

PAGE = Path(__file__).resolve().parent.parent / "static" / "admin.html"
ROWS = 50


def routes(world):
    """The route of the page."""

    async def show(_request):
        return web.Response(text=_render(world), content_type="text/html")

    return [web.get("/", show)]


def _render(world):
    tables = [
        ("Paiements", _payments(world)),
        ("Remboursements", _refunds(world)),
        ("Versements", _payouts(world)),
        ("Litiges", _disputes(world)),
        ("Mouvements d'argent", _movements()),
        ("Points d'écoute", _endpoints(world)),
        ("Envois de webhooks", _deliveries()),
        ("Fautes en attente", world.faults.list()),
    ]
    content = _pay_out_buttons(world) + "".join(
        _table(title, rows) for title, rows in tables
    )
    return PAGE.read_text().replace("{{ content }}", content)


def _pay_out_buttons(world):
    """One button for each account: pay out what is available, as Stripe does daily."""
    slugs = sorted(world.registry.accounts)
    return "".join(
        str(_Buttons((f"Verser le solde de {slug}", f"/_accounts/{slug}/payouts", "")))
        for slug in slugs
    )


def _objects(world, kind):
    """``(account, object)``, newest first, of every account."""
    found = []
    for scope in list(store.scopes):
        current_call.set(internal_call(world, scope))
        account = world.registry.by_id(scope[0])
        mode = " (live)" if scope[1] else ""
        found += [(account.name + mode, obj) for obj in store.of_kind(kind)]
    found.sort(key=lambda pair: pair[1].created, reverse=True)
    return found[:ROWS]


def _payments(world):
    return [
        {
            "le": _date(intent.created),
            "compte": account,
            "référence": intent.description,
            "montant": _amount(intent.amount, intent.currency),
            "état": intent.status,
            "identifiant": intent.id,
            "acheteur": _Buttons(
                ("conteste", f"/_payment_intents/{intent.id}/dispute", "")
            ),
        }
        for account, intent in _objects(world, "payment_intent")
    ]


def _refunds(world):
    return [
        {
            "le": _date(refund.created),
            "compte": account,
            "référence": refund._reference,
            "montant": _amount(refund.amount, refund.currency),
            "état": refund.status,
            "identifiant": refund.id,
        }
        for account, refund in _objects(world, "refund")
    ]


def _payouts(world):
    return [
        {
            "le": _date(payout.created),
            "compte": account,
            "montant": _amount(payout.amount, payout.currency),
            "nature": "automatique" if payout.automatic else "manuel",
            "état": payout.status,
            "identifiant": payout.id,
            "banque": _Buttons(
                ("reçu", f"/_payouts/{payout.id}", "paid"),
                ("refusé ou renvoyé", f"/_payouts/{payout.id}", "failed"),
            ),
        }
        for account, payout in _objects(world, "payout")
    ]


def _disputes(world):
    return [
        {
            "le": _date(dispute.created),
            "compte": account,
            "montant": _amount(dispute.amount, dispute.currency),
            "motif": dispute.reason,
            "état": dispute.status,
            "identifiant": dispute.id,
            "banque": _Buttons(
                ("gagné", f"/_disputes/{dispute.id}", "won"),
                ("perdu", f"/_disputes/{dispute.id}", "lost"),
            ),
        }
        for account, dispute in _objects(world, "dispute")
    ]


class _Buttons(tuple):
    """What can be ordered on a row: (label, path, status)."""

    __slots__ = ()

    def __new__(cls, *buttons):
        return super().__new__(cls, buttons)

    def __str__(self):
        return " ".join(
            f'<button data-path="{escape(path)}" data-status="{escape(status)}">'
            f"{escape(label)}</button>"
            for label, path, status in self
        )


def _movements():
    return [
        {
            "n°": line["seq"],
            "le": _date(line["at"]),
            "nature": line["kind"],
            "montant": _amount(line["amount"], line["currency"]),
            "objet": line["object"],
        }
        for line in journal.lines[::-1][:ROWS]
    ]


def _endpoints(world):
    return [
        {
            "compte": account,
            "adresse": endpoint.url,
            "événements": ", ".join(endpoint.enabled_events),
            "version": endpoint._version,
            "état": endpoint.status,
        }
        for account, endpoint in _objects(world, "webhook_endpoint")
    ]


def _deliveries():
    return [
        {
            "événement": delivery.type,
            "adresse": delivery.url,
            "état": delivery.state,
            "essais": ", ".join(
                str(attempt["status"] or attempt["error"])
                for attempt in delivery.attempts
            ),
            "fautes": ", ".join(delivery.faults),
        }
        for delivery in sender.deliveries[::-1][:ROWS]
    ]


def _table(title, rows):
    if not rows:
        return f"<h2>{escape(title)}</h2><p>Rien.</p>"
    head = "".join(f"<th>{escape(name)}</th>" for name in rows[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{_cell(v)}</td>" for v in row.values()) + "</tr>"
        for row in rows
    )  # fmt: skip
    return (
        f"<h2>{escape(title)}</h2><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def _cell(value):
    return str(value) if isinstance(value, _Buttons) else escape(str(value or ""))


def _date(timestamp):
    return datetime.fromtimestamp(timestamp).strftime("%d/%m %H:%M:%S")


def _amount(amount, currency):
    return f"{amount / 100:.2f}".replace(".", ",") + f" {currency.upper()}"
