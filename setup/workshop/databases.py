# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The databases: cached templates, and the copies that are used up.

``stock``: the standard modules we depend on. Two minutes, made once.
``plain``: the same as Odoo installs it by itself, in English and without a country:
the ground on which Odoo's own tests were written.
``addons``: a copy of ``stock`` with our addons. Made again when they change.
``sandbox``: a copy of that with the addon that points Odoo at the stand-ins.
What a database was made from is written in its comment, last: a database without
the right comment is unfinished or stale and is made again.
"""

import ast
import hashlib
import os
import shutil
from pathlib import Path

from . import commands, marks, odoo, odoo_source, paths
from .cluster import connection, is_foreign
from .console import Failure, step


def _read_dependencies() -> tuple[str, ...]:
    """Return the standard modules that our addons name, as their manifests do."""
    manifests = [paths.ROOT / name / "__manifest__.py" for name in paths.ADDONS]
    named = {
        module
        for manifest in manifests
        for module in ast.literal_eval(manifest.read_text())["depends"]
    }
    return tuple(sorted(named - set(paths.ADDONS)))


DEPENDENCIES = _read_dependencies()
STOCK_MODULES = (*DEPENDENCIES, "l10n_fr_account", "website_crm")
PREFIX = "training_"
LANGUAGES = "fr_FR,en_US"
# After the modules: a company that is French before brings networks we do not need.
FRENCH_COMPANY = """
company = env.ref("base.main_company")
company.country_id = env.ref("base.fr")
env["account.chart.template"].try_loading("fr", company)
env.ref("website.default_website").language_ids = env["res.lang"].search([])
env.cr.commit()
"""
# What the first pages would make while somebody waits, and two of them at once: the
# second may then be answered that a script does not exist, and stay white.
BUNDLES = """
qweb = env["ir.qweb"]
website = env.ref("website.default_website")
for place, names in (
    (qweb, ["web.assets_web"]),
    (
        qweb.with_context(website_id=website.id),
        ["web.assets_frontend", "web.assets_frontend_minimal"]
        + ["web.assets_frontend_lazy"],
    ),
):
    for name in names:
        bundle = place._get_asset_bundle(name)
        bundle.css()
        bundle.js()
env.cr.commit()
"""
SOURCE_SUFFIXES = {".py", ".xml", ".csv", ".sql", ".po"}
# Read when a server starts or a page is asked for, and never kept in a database.
NOT_KEPT = {"controllers", "static", "tests", "__pycache__"}
OLD_TEMPLATES = 3  # another clone may be using one


def ensure_stock(*more_modules: str) -> str:
    """Have the template of the standard modules, and return its name."""
    modules = ",".join([*STOCK_MODULES, *more_modules])
    made_from = marks.key(modules, LANGUAGES, FRENCH_COMPANY, str(odoo_source.path()))
    name = f"{PREFIX}stock_{made_from}"
    with marks.alone("stock-template"):
        if comment(name) != made_from:
            with step("Making the template of Odoo's standard modules"):
                drop(name)
                _make_stock(name, modules)
                set_comment(name, made_from)
    return name


def ensure_plain() -> str:
    """Have the template for Odoo's own tests, and return its name."""
    modules = ",".join(DEPENDENCIES)
    made_from = marks.key(modules, str(odoo_source.path()))
    name = f"{PREFIX}plain_{made_from}"
    with marks.alone("plain-template"):
        if comment(name) != made_from:
            with step("Making the template for Odoo's own tests"):
                drop(name)
                odoo.update(name, "-i", modules, log="plain")
                set_comment(name, made_from)
    return name


def ensure_addons() -> str:
    """Have the template with the two addons alone, and return its name."""
    installable()
    return _ensure_with(paths.ADDONS, "addons", ensure_stock())


def ensure_sandbox() -> str:
    """Have the template with the addons and the stand-ins' ones; return its name."""
    return _ensure_with(paths.SANDBOX_ADDONS, "sandbox", ensure_addons())


def _ensure_with(addons, use: str, template: str) -> str:
    made_from = marks.key(template, *addons, fingerprint())
    name = f"{PREFIX}{use}_{made_from}"
    with marks.alone(f"{use}-template"):
        if comment(name) != made_from:
            _drop_old_templates(use)
            with step(f"Making the template with {', '.join(addons)}"):
                copy(template, name)
                odoo.update(name, "-i", ",".join(addons), log=use)
                make_bundles(name)
                set_comment(name, made_from)
    return name


def installable() -> list[str]:
    """Return the names of the addons of this repository."""
    names = [p.name for p in paths.own_addons() if (p / "__manifest__.py").is_file()]
    missing = [name for name in paths.ADDONS if name not in names]
    if missing:
        raise Failure(f"{', '.join(missing)}: this addon has no manifest yet.")
    return names


def fingerprint() -> str:
    """Return a hash of all that a database with our addons is made from."""
    content = hashlib.sha256()
    for addon in paths.own_addons():
        for path in sorted(addon.rglob("*")):
            if path.suffix in SOURCE_SUFFIXES and not NOT_KEPT & {*path.parts}:
                content.update(str(path.relative_to(addon)).encode())
                content.update(path.read_bytes())
    return content.hexdigest()


def copy(template: str, name: str) -> None:
    """Make the database ``name`` as a copy of ``template``, with its files."""
    drop(name)
    _tool("createdb", "--template", template, name)
    if not is_foreign():
        # Since PostgreSQL 15 a copied sequence is not logged again before it has used
        # up what its original had logged in advance. A server killed meanwhile brings
        # the rows back and the sequence as it was copied: it then gives numbers twice.
        query("postgres", "CHECKPOINT")
    source, target = _filestore(template), _filestore(name)
    if source.is_dir():
        # A stored file is never changed in place, only removed: links are enough.
        shutil.copytree(source, target, copy_function=os.link)


def make_bundles(name: str) -> None:
    """Have the scripts and styles of the pages ready before somebody opens one."""
    odoo.shell(name, BUNDLES, log="bundles")


def drop(name: str) -> None:
    """Remove a database and its files; only ours can be named."""
    if not name.startswith(PREFIX):
        raise Failure(f"{name} is not a database of this project.")
    _tool("dropdb", "--if-exists", "--force", name)
    shutil.rmtree(_filestore(name), ignore_errors=True)


def query(database: str, statement: str) -> str:
    """Return the unaligned rows of an SQL ``statement``."""
    command = ["psql", "-w", "-X", "-At", "-v", "ON_ERROR_STOP=1", "-d", database]
    code, said = commands.read([*command, "-c", statement], env=connection())
    if code:
        raise Failure(f"The database {database} answered: {said}")
    return said


def comment(name: str) -> str:
    """Return what the database was made from; empty when it is not there."""
    return query(
        "postgres",
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
        f"WHERE datname = '{name}'",
    )


def set_comment(name: str, text: str) -> None:
    """Write what the database was made from."""
    query("postgres", f"COMMENT ON DATABASE {name} IS '{text}'")


def _make_stock(name: str, modules: str) -> None:
    odoo.update(name, "-i", modules, f"--load-language={LANGUAGES}", log="stock")
    odoo.shell(name, FRENCH_COMPANY, log="stock-company")


def _drop_old_templates(use: str) -> None:
    names = query(
        "postgres",
        "SELECT datname FROM pg_database "
        f"WHERE datname LIKE '{PREFIX}{use}_%' ORDER BY oid DESC",
    )
    for name in names.split()[OLD_TEMPLATES:]:
        drop(name)


def _tool(*words: str) -> None:
    commands.run(
        words,
        sentence=f"PostgreSQL could not do « {' '.join(words)} ».",
        log="databases",
        env=connection(),
    )


def _filestore(name: str) -> Path:
    return paths.home() / "odoo-data" / "filestore" / name
