# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The demonstration's database: made once, brought up to date, or made again."""

from pathlib import Path

from . import commands, databases, marks, odoo, paths, virtualenv
from .console import Failure, step

NAME = f"{databases.PREFIX}demo"
#: Step that is marked while the year of sales is lived: half a year is no year.
YEAR = "demo-year"
# Odoo loads an addon's demo data only where its dependencies have theirs. Those of the
# standard modules are another trade's, and slow: they are left out, their flag is set.
ALLOW_DEMO_DATA = "UPDATE ir_module_module SET demo = true WHERE state = 'installed'"
# What Odoo asks of its own servers every day: nothing a demonstration needs.
STOP_OUTGOING_JOBS = """
for name in (
    "crm_iap_enrich.ir_cron_lead_enrichment",
    "mail.ir_cron_module_update_notification",
):
    job = env.ref(name, raise_if_not_found=False)
    if job:
        job.active = False
env.cr.commit()
"""
# As its manager would: keys of the stand-in, checked, and a webhook that comes here.
LINK_STRIPE = """
parameters = env["ir.config_parameter"]
parameters.set_param("web.base.url", {url!r})
parameters.set_param("web.base.url.freeze", "True")
link = env["training.stripe.link"].create(
    {{
        "secret_key": "sk_test_demonstration_1",
        "publishable_key": "pk_test_demonstration_1",
    }}
)
link.action_link()
if link.refusal:
    raise SystemExit(link.refusal)
market = env["mangopay.link"].create(
    {{"client_id": "demonstration", "api_key": "key-demonstration-1"}}
)
market.action_link()
env["mangopay.account"]._get_of(env.company).action_create_hooks()
env["website"].search([]).auth_signup_uninvited = "b2c"
env.cr.commit()
"""
LOGINS = """
SELECT coalesce(nullif(u.login, ''), '?') || '|' || p.name
  FROM res_users u
  JOIN res_partner p ON p.id = u.partner_id
  JOIN ir_model_data d ON d.model = 'res.users' AND d.res_id = u.id
 WHERE u.active AND d.module IN (%s)
 ORDER BY u.share, u.id
"""


def ensure(reset: bool = False) -> None:
    """Have the demonstration database, made from the code that is in the clone."""
    made_from = marks.key(*databases.STOCK_MODULES, databases.fingerprint())
    with marks.alone("demo"):
        before = databases.comment(NAME)
        if reset or not before:
            _make()
        elif before != made_from:
            with step("Updating the demonstration to this code"):
                odoo.update(NAME, "-u", ",".join(databases.installable()), log="demo")
                databases.make_bundles(NAME)
        else:
            return
        databases.set_comment(NAME, made_from)


def link_stripe(url: str, environment: dict) -> None:
    """Have the organisation's Stripe account linked for a server that is at ``url``."""
    made_from = marks.key(_number(), url)
    if marks.is_done("demo-link", made_from):
        return
    with step("Linking the demonstration's Stripe account"):
        script = LINK_STRIPE.format(url=url)
        odoo.shell(NAME, script, "demo-link", environment)
    marks.set_done("demo-link", made_from)


def live_past(config: Path, mangopay_url: str, port: int) -> None:
    """Give the demonstration a year of sales, once, where nothing was sold yet.

    :param int port: of the server, which does not run: notifications come there
    """
    begun = marks.key(_number(), "begun")
    if marks.is_done(YEAR, begun):
        raise Failure("The year of sales was interrupted: make it again with --reset.")
    if databases.query(NAME, "SELECT 1 FROM marketplace_sale LIMIT 1"):
        return
    marks.set_done(YEAR, begun)
    words = [virtualenv.python(), "-m", "year.past", config, mangopay_url, str(port)]
    with step("Giving the demonstration a year of sales"):
        differences = commands.watch(words, env={"PYTHONPATH": str(paths.SANDBOX)})
    if differences:
        raise Failure("The year of sales failed: make it again with --reset.")
    marks.forget(YEAR)


def _number() -> str:
    """Return the number of the database, which is another once it is made again."""
    return databases.query(
        "postgres", f"SELECT oid FROM pg_database WHERE datname = '{NAME}'"
    )


def logins() -> list[tuple[str, str]]:
    """Return (login, name) of the people that the demonstration data bring."""
    modules = ", ".join(f"'{path.name}'" for path in paths.own_addons())
    rows = databases.query(NAME, LOGINS % modules).splitlines()
    return [tuple(row.split("|", 1)) for row in rows]


def _make() -> None:
    template = databases.ensure_stock()
    with step("Making the demonstration database"):
        databases.copy(template, NAME)
        databases.query(NAME, ALLOW_DEMO_DATA)
        odoo.update(NAME, "-i", ",".join(databases.installable()), log="demo")
        odoo.shell(NAME, STOP_OUTGOING_JOBS, log="demo-jobs")
        databases.make_bundles(NAME)
