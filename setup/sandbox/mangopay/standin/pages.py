# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Hosted pages: card payment, 3-D Secure, strong authentication, identity.

The whole address is required, with its token; each page works without JavaScript, and
with the keyboard alone.
"""

from html import escape

from aiohttp import web
from yarl import URL

from . import (
    card_numbers,
    cards,
    identity,
    kyc,
    payins,
    reports,
    sca,
    threeds,
    transactions,
)
from .texts import amount, language, page, say

RETURN_NAMES = {
    "payin": "transactionId",
    "preauthorization": "preAuthorizationId",
    "card_validation": "cardValidationId",
}


def routes(world):
    """The routes of the pages."""
    pages = Pages(world)
    return [
        web.get("/pay", pages.show_pay),
        web.post("/pay", pages.pay),
        web.get("/3ds", pages.show_bank),
        web.post("/3ds", pages.bank),
        web.get("/sca", pages.show_sca),
        web.post("/sca", pages.sca),
        web.get("/idv", pages.show_idv),
        web.post("/idv", pages.idv),
        web.post("/tokenizer/getToken", pages.tokenize),
        web.get("/reports/{id}.csv", pages.report),
    ]


def send_back(url, **values):
    """Send the browser on, with something added to the address."""
    return web.HTTPSeeOther(str(URL(url).update_query(values)))


def _html(text, status=200):
    return web.Response(text=text, content_type="text/html", status=status)


class Pages:
    """The handlers."""

    def __init__(self, world):
        self.world = world

    def _payin(self, request):
        self.world.timers.run()
        for tenant in self.world.tenants.values():
            payin = tenant.find("payin", request.query.get("transactionId"))
            if payin and payin.get("_token") == request.query.get("token"):
                if transactions.ended(payin):
                    raise send_back(payin["ReturnURL"], transactionId=payin["Id"])
                return tenant, payin, language(request, payin["Culture"])
        raise web.HTTPNotFound(text="This address is not whole.")

    async def show_pay(self, request):
        """The form of the card."""
        tenant, payin, lang = self._payin(request)
        return _html(_pay_page(request, tenant, payin, lang))

    async def pay(self, request):
        """The buyer pays, or gives up."""
        tenant, payin, lang = self._payin(request)
        form = await request.post()
        self.world.dirty = True
        if form.get("answer") == "cancel":
            transactions.fail(tenant, payin, "101002")
            raise send_back(payin["ReturnURL"], transactionId=payin["Id"])
        card, code = card_numbers.read(
            form.get("cardNumber"),
            form.get("cardExpirationDate"),
            form.get("cardCvx"),
            cards.moment(tenant),
        )
        if code:
            return _html(_pay_page(request, tenant, payin, lang, code), 400)
        payin["_card"] = card
        forced = payin["SecureMode"] == "FORCE"
        if card["_does"] == card_numbers.CHALLENGE or forced:
            raise web.HTTPSeeOther(threeds.challenge(tenant, "payin", payin))
        refused = card["_does"] == card_numbers.REFUSED
        payins.card_answer(tenant, payin, "101101" if refused else "000000")
        raise send_back(payin["ReturnURL"], transactionId=payin["Id"])

    def _bank(self, request):
        self.world.timers.run()
        found = threeds.session_of(self.world, request.query.get("token"))
        if not found:
            raise web.HTTPNotFound(text="This address is not whole.")
        tenant, session, obj = found
        if session["Status"] != "PENDING" or transactions.ended(obj):
            raise _after_bank(session, obj)
        return tenant, session, obj

    async def show_bank(self, request):
        """The page of the bank."""
        _tenant, _session, obj = self._bank(request)
        lang = language(request, obj.get("Culture") or "")
        due = obj.get("DebitedFunds")
        text = amount(due, lang) if due else ""
        content = (
            f"<h1>{say('bank_title', lang)}</h1>"
            f'<p class="amount">{escape(text)}</p>'
            '<form method="post"><div class="buttons">'
            '<button class="main" name="answer" value="accept">'
            f"{say('authorise', lang)}</button>"
            '<button name="answer" value="refuse">'
            f"{say('refuse', lang)}</button></div></form>"
        )
        return _html(page(request, lang, "3-D Secure", content))

    async def bank(self, request):
        """The buyer authorises, or refuses."""
        tenant, session, obj = self._bank(request)
        form = await request.post()
        self.world.dirty = True
        threeds.answer(tenant, session, form.get("answer") == "accept")
        raise _after_bank(session, obj)

    async def show_sca(self, request):
        """The page of strong authentication."""
        self.world.timers.run()
        _tenant, session = self._sca(request)
        return _html(_sca_page(request, session), 200)

    def _sca(self, request):
        found = sca.session_of(self.world, request.query.get("token"))
        if not found:
            raise web.HTTPNotFound(text="This address is not whole.")
        return found

    async def sca(self, request):
        """The person types the code, or gives up."""
        self.world.timers.run()
        tenant, session = self._sca(request)
        form = await request.post()
        self.world.dirty = True
        if session["Status"] == "PENDING":
            if form.get("answer") == "refuse":
                sca.end(tenant, session, "FAILED")
            elif not sca.answer(tenant, session, (form.get("code") or "").strip()):
                return _html(_sca_page(request, session, wrong=True), 400)
        back = request.query.get("returnUrl")
        if back:
            status = "VALIDATED" if session["Status"] == "VALIDATED" else "FAILED"
            raise send_back(back, controlStatus=status)
        return _html(_sca_page(request, session, just_ended=True))

    def _idv(self, request):
        found = identity.session_of(self.world, request.query.get("token"))
        if not found:
            raise web.HTTPNotFound(text="This address is not whole.")
        if found[1]["Status"] not in ("PENDING", "REVIEW"):
            raise web.HTTPSeeOther(found[1]["ReturnUrl"])
        return found

    async def show_idv(self, request):
        """The page of identity verification."""
        self._idv(request)
        lang = language(request)
        buttons = "".join(
            f'<button name="answer" value="{status}"'
            f"{' class=main' if status == 'VALIDATED' else ''}>"
            f"{say(f'idv_{status}', lang)}</button>"
            for status in identity.EVENTS
        )
        options = "".join(f"<option>{escape(name)}</option>" for name in kyc.REASONS)
        content = (
            f"<h1>{say('idv_title', lang)}</h1><p>{say('idv_intro', lang)}</p>"
            f'<form method="post"><label for="reason">{say("idv_reason", lang)}</label>'
            f'<select id="reason" name="reason">{options}</select>'
            f'<div class="buttons">{buttons}</div></form>'
        )
        return _html(page(request, lang, say("idv_title", lang), content))

    async def idv(self, request):
        """The verification ends as was chosen."""
        tenant, session = self._idv(request)
        form = await request.post()
        status = form.get("answer")
        if status not in identity.EVENTS:
            raise web.HTTPBadRequest(text="VALIDATED, REFUSED or REVIEW")
        self.world.dirty = True
        identity.decide(tenant, session, status, form.get("reason"))
        raise web.HTTPSeeOther(session["ReturnUrl"])

    async def tokenize(self, request):
        """The browser gives a card; a token comes back, as text."""
        text = cards.tokenize(self.world, await request.post())
        return web.Response(text=text, headers={"Access-Control-Allow-Origin": "*"})

    async def report(self, request):
        """The file of a report."""
        for tenant in self.world.tenants.values():
            if found := tenant.find("report", request.match_info["id"]):
                text = reports.content(tenant, found)
                return web.Response(text=text, content_type="text/csv")
        raise web.HTTPNotFound(text="No such report.")


def _after_bank(session, obj):
    url = obj.get("SecureModeReturnURL") or obj.get("ReturnURL")
    return send_back(url, **{RETURN_NAMES[session["Table"]]: obj["Id"]})


def _pay_page(request, tenant, payin, lang, code=None):
    due = amount(payin["DebitedFunds"], lang)
    wrong = f'<p class="error" role="alert">{say(code, lang)}</p>' if code else ""
    known = {card_numbers.FRICTIONLESS: "card_ok", card_numbers.CHALLENGE:
             "card_challenge"}  # fmt: skip
    rows = "".join(
        f"<tr><td><code>{number}</code></td><td>{say(known[does], lang)}</td></tr>"
        for number, (does, _provider, _kind) in card_numbers.KNOWN.items()
    )
    field = (
        '<label for="{0}">{1}</label><input id="{0}" name="{0}" inputmode="numeric" '
        'autocomplete="{2}"{3}>'
    )
    return page(
        request,
        lang,
        say("pay_title", lang),
        f"<h1>{say('pay_to', lang, name=tenant.data['client_id'])}</h1>"
        f'<p class="amount">{escape(due)}</p>{wrong}<form method="post">'
        + field.format("cardNumber", say("number", lang), "cc-number", " autofocus")
        + '<div class="row"><div>'
        + field.format("cardExpirationDate", say("expiry", lang), "cc-exp", "")
        + "</div><div>"
        + field.format("cardCvx", say("cvc", lang), "cc-csc", "")
        + '</div></div><div class="buttons"><button class="main" name="answer" '
        f'value="pay">{say("pay", lang, amount=due)}</button>'
        f'<button name="answer" value="cancel">{say("cancel", lang)}</button></div>'
        f"</form><details><summary>{say('cards', lang)}</summary><table>{rows}"
        f'<tr><td colspan="2">{say("card_refused", lang)}</td></tr></table>'
        f'<p class="note">{say("any_date", lang)}</p></details>',
    )


def _sca_page(request, session, wrong=False, just_ended=False):
    lang = language(request)
    title = say("sca_title", lang)
    if session["Status"] != "PENDING":
        good = session["Status"] == "VALIDATED"
        done = "done_VALIDATED" if good else "done_FAILED"
        first, second = (done, "close") if just_ended else ("over", "over_long")
        content = f"<h1>{title}</h1><p>{say(first, lang)}</p><p>{say(second, lang)}</p>"
        return page(request, lang, title, content)
    note = (
        f'<p class="error" role="alert">{say("sca_wrong", lang)}</p>' if wrong else ""
    )
    return page(
        request,
        lang,
        title,
        f"<h1>{title}</h1><p>{say('sca_' + session['What'], lang)}</p>"
        f"<p>{say('sca_sent', lang, phone=sca.PHONE)}</p>{note}"
        f'<form method="post"><label for="code">{say("sca_code", lang)}</label>'
        '<input id="code" name="code" inputmode="numeric" autofocus '
        'autocomplete="one-time-code">'
        f'<p class="note">{say("sca_hint", lang, code=sca.CODE)}</p>'
        '<div class="buttons"><button class="main" name="answer" value="validate">'
        f"{say('validate', lang)}</button>"
        f'<button name="answer" value="refuse">{say("give_up", lang)}</button>'
        "</div></form>",
    )
