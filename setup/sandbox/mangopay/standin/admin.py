# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The page for people: see the objects, and be Mangopay, a bank or a buyer."""

from datetime import datetime
from html import escape

from aiohttp import web

from . import actions, wallets
from .admin_tables import STATES, TABLES
from .errors import ApiError
from .texts import STATIC, amount, language

ROWS = 30
GOOD = {"SUCCEEDED", "ACTIVE", "REGULAR", "VALIDATED", "WON", "VALID", "ENABLED"}
BAD = {"FAILED", "REFUSED", "CANCELED", "CLOSED", "LOST", "INVALID", "DEACTIVATED",
       "OUT_OF_DATE"}  # fmt: skip
DAY = 86400
WORDS = {
    "title": ("Mangopay simulé", "Simulated Mangopay"),
    "note": (
        "Aucun argent réel : ce serveur n'écoute que sur cette machine.",
        "No real money: this server listens to this machine only.",
    ),
    "nothing": ("Rien.", "Nothing."),
    "do": ("Faire", "Do"),
    "newest": ("les {count} derniers", "the last {count}"),
    "regime_2026": ("Règles de 2026", "Rules of 2026"),
    "regime_old": ("Anciens plafonds", "Old limits"),
    "rules": ("Règles :", "Rules:"),
    "apply": ("Appliquer", "Apply"),
    "clock": ("Heure de Mangopay :", "Mangopay's time:"),
    "advance": ("Avancer de", "Advance by"),
    "hours": ("heures", "hours"),
    "deliveries": ("Envois de notifications", "Notifications sent"),
    "faults": ("Fautes en attente", "Faults waiting"),
    "books": ("Comptes", "Books"),
    "balanced": ("Les comptes sont équilibrés.", "The books balance."),
    "refresh": ("Actualiser", "Refresh"),
    "refused": ("Mangopay refuse : {error}", "Mangopay refuses: {error}"),
    "drain": ("Verser les frais", "Pay out the fees"),
}


def routes(world):
    """The routes of the page."""
    page = Admin(world)
    return [
        web.get("/", page.show),
        web.post("/admin/do/{action}/{id}", page.act),
        web.post("/admin/settings", page.change),
        web.post("/admin/clock", page.advance),
    ]


def say(key, lang, **values):
    """A word, safe in a page."""
    return escape(WORDS[key][lang].format(**values))


class Admin:
    """The page and its buttons."""

    def __init__(self, world):
        self.world = world

    async def show(self, request):
        """The page."""
        self.world.timers.run()
        lang = language(request)
        parts = [self._head(request, lang)]
        parts += [self._table(name, lang) for name in TABLES]
        parts += [self._deliveries(lang), self._faults(lang), self._books(lang)]
        text = (STATIC / "admin.html").read_text()
        values = {
            "lang": ("fr", "en")[lang],
            "title": say("title", lang),
            "content": "".join(parts),
        }
        for name, value in values.items():
            text = text.replace("{{ " + name + " }}", value)
        return web.Response(text=text, content_type="text/html")

    async def act(self, request):
        """A button was pressed."""
        self.world.timers.run()
        data = {key: value for key, value in (await request.post()).items() if value}
        table = data.pop("_table", "payin")
        if "Inflows" not in data and request.match_info["action"] == "block-user":
            data.update(Inflows=False, Outflows=False)
        error = ""
        try:
            actions.act(
                self.world, request.match_info["action"], request.match_info["id"], data
            )
        except (ApiError, KeyError) as refused:
            error = str(refused)
        return _back(request, table, error)

    async def change(self, request):
        """The rules were changed."""
        regime = (await request.post()).get("regime")
        if regime in ("2026", "old"):
            self.world.data["settings"]["regime"] = regime
            self.world.dirty = True
        return _back(request)

    async def advance(self, request):
        """The clock was moved."""
        hours = str((await request.post()).get("hours") or "0")
        if hours.replace(".", "", 1).isdigit():
            clock = self.world.clock
            clock.move(clock.exact() + float(hours) * 3600)
            self.world.timers.run()
            self.world.dirty = True
        return _back(request)

    def _head(self, request, lang):
        other = ("en", "fr")[lang]
        error = request.query.get("error")
        refused = say("refused", lang, error=error)
        links = "".join(
            f'<a href="#{name}">{escape(titles[lang])}</a>'
            for name, (titles, _columns, _actions) in TABLES.items()
        )
        regime = self.world.data["settings"]["regime"]
        options = "".join(
            f'<option value="{name}"{" selected" if name == regime else ""}>'
            f"{say(f'regime_{name}', lang)}</option>"
            for name in ("2026", "old")
        )
        now = datetime.fromtimestamp(self.world.clock.now())
        return (
            f"<header><h1>{say('title', lang)}</h1><div>"
            f'<a href="/?lang={("fr", "en")[lang]}">{say("refresh", lang)}</a> · '
            f'<a href="/?lang={other}">{("English", "Français")[lang]}</a></div>'
            "</header>"
            + (f'<p class="error" role="alert">{refused}</p>' if error else "")
            + f'<p class="note">{say("note", lang)}</p><div class="panels">'
            f'<form class="inline" method="post" action="/admin/settings">'
            f"{say('rules', lang)} <select name=regime>{options}</select>"
            f"<button>{say('apply', lang)}</button></form>"
            '<form class="inline" method="post" action="/admin/clock">'
            f"{say('clock', lang)} <b>{now:%d/%m/%Y %H:%M:%S}</b> "
            f'· {say("advance", lang)} <input name="hours" value="24" size="5" '
            f'aria-label="{say("hours", lang)}"> {say("hours", lang)}'
            f"<button>{say('apply', lang)}</button></form></div><nav>{links}</nav>"
        )

    def _table(self, table, lang):
        titles, columns, buttons = TABLES[table]
        rows = [
            (tenant, obj)
            for tenant in self.world.tenants.values()
            for obj in tenant.table(table).values()
        ]
        rows.sort(key=lambda pair: pair[1]["Id"][-26:], reverse=True)
        names = _names(self.world)
        several = len(self.world.tenants) > 1
        body = []
        for tenant, obj in rows[:ROWS]:
            if table == "wallet":
                obj = wallets.show(tenant, obj)
            cells = [_cell(column, obj, lang, names) for column in columns]
            if several:
                cells.insert(0, f"<td>{escape(tenant.name)}</td>")
            cells.append(f"<td>{_buttons(table, obj, buttons, lang)}</td>")
            body.append("".join(cells))
        head = [column[lang] for column in columns]
        head = ["Client"] * several + head + [WORDS["do"][lang]]
        more = say("newest", lang, count=ROWS) if len(rows) > ROWS else ""
        return _section(table, titles[lang], head, body, lang, more)

    def _deliveries(self, lang):
        rows = self.world.data["deliveries"][::-1][:ROWS]
        body = [
            "".join(
                f"<td>{escape(str(value))}</td>"
                for value in (
                    row["EventType"],
                    row["RessourceId"],
                    row["state"],
                    ", ".join(
                        str(attempt.get("status") or attempt["error"])
                        for attempt in row["attempts"]
                    ),
                    ", ".join(row["faults"]),
                )
            )
            for row in rows
        ]
        head = ("EventType", "RessourceId", ("État", "State")[lang],
                ("Essais", "Tries")[lang], ("Fautes", "Faults")[lang])  # fmt: skip
        return _section("deliveries", WORDS["deliveries"][lang], head, body, lang)

    def _faults(self, lang):
        rows = self.world.faults.list()
        body = [
            "".join(f"<td>{escape(str(value))}</td>" for value in row.values())
            for row in rows
        ]
        return _section(
            "faults", WORDS["faults"][lang], list(rows[0]) if rows else [], body, lang
        )

    def _books(self, lang):
        parts = [f'<h2 id="books">{say("books", lang)}</h2>']
        for tenant in self.world.tenants.values():
            wrong = tenant.ledger.check()
            text = escape("; ".join(wrong)) if wrong else say("balanced", lang)
            rows = [
                f"<td>{escape(account)}</td><td class=money>"
                + escape(amount({"Currency": account[-3:], "Amount": held}, lang))
                + "</td>"
                for account, held in sorted(tenant.ledger.balances().items())
                if "_" in account and account[-4] == "_"
            ]
            table = "".join(f"<tr>{row}</tr>" for row in rows)
            parts.append(
                f"<p><b>{escape(tenant.name)}</b> · {text}</p>"
                f'<table style="width:auto">{table}</table>'
                f'<form method="post" action="/admin/do/drain-fees/{tenant.name}">'
                f'<input type="hidden" name="_table" value="books">'
                f"<button>{say('drain', lang)}</button></form>"
            )
        return "".join(parts)


def _back(request, anchor="", error=""):
    lang = ("fr", "en")[language(request)]
    referer = request.headers.get("Referer", "")
    if "lang=" in referer:
        lang = "en" if "lang=en" in referer else "fr"
    url = request.url.with_path("/").with_query(
        {"lang": lang, **({"error": error} if error else {})}
    )
    return web.HTTPSeeOther(str(url.with_fragment(anchor)))


def _names(world):
    return {
        user["Id"]: user.get("Name") or f"{user['FirstName']} {user['LastName']}"
        for tenant in world.tenants.values()
        for user in tenant.table("user").values()
    }


def _cell(column, obj, lang, names):
    _french, _english, shown, kind = column
    if kind == "date":
        value = f"{datetime.fromtimestamp(obj[shown]):%d/%m/%y %H:%M}"
        return f'<td class="id">{value}</td>'
    value = shown(obj, lang)
    if kind == "user":
        kind, value = "name", names.get(value, value)
    text = escape("" if value is None else str(value))
    if kind == "status":
        color = "good" if value in GOOD else "bad" if value in BAD else "wait"
        word = escape(STATES.get(value, text)) if lang == 0 else text
        return (
            f'<td class="name"><span class="{color}" title="{text}">{word}</span></td>'
        )
    return f'<td class="{kind}">{text}</td>'


def _buttons(table, obj, buttons, lang):
    forms = []
    for name, french, english, hidden, *choice in buttons(obj):
        fields = "".join(
            f'<input type="hidden" name="{key}" value="{escape(value)}">'
            for key, value in {**hidden, "_table": table}.items()
        )
        if choice:
            options = "".join(
                f"<option>{escape(value)}</option>" for value in choice[1]
            )
            fields += f'<select name="{choice[0]}">{options}</select>'
        forms.append(
            f'<form method="post" action="/admin/do/{name}/{obj["Id"]}">{fields}'
            f"<button>{escape((french, english)[lang])}</button></form>"
        )
    return "".join(forms)


def _section(anchor, title, head, body, lang, more=""):
    top = f'<h2 id="{anchor}">{escape(title)} <small>{more}</small></h2>'
    if not body:
        return f"{top}<p>{say('nothing', lang)}</p>"
    names = "".join(f"<th>{escape(name)}</th>" for name in head)
    rows = "".join(f"<tr>{row}</tr>" for row in body)
    return (
        f'{top}<div class="scroll"><table><thead><tr>{names}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
