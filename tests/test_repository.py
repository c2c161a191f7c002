# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""setup: what the repository promises of itself, whatever the addons do."""

import ast
import re

import pytest

from workshop import linting, paths, rows, virtualenv

try:
    import tomllib
except ImportError:  # Python 3.10: pytest brings the same under its first name
    import tomli as tomllib

ADDONS = [path for path in paths.own_addons() if path.is_dir()]
PRODUCT_ADDONS = [paths.ROOT / name for name in paths.ADDONS]
SOURCES = linting.source_files()
PYTHON = [path for path in SOURCES if path.suffix == ".py"]
HEADER = (
    "# Copyright 2026 Training Marketplace contributors\n"
    "# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).\n"
)
ODOO_CASES = {"TransactionCase", "HttpCase", "SingleTransactionCase", "BaseCase"}
# Said by a pattern that does not match itself.
FORBIDDEN = {
    r"\bTO[D]O\b|\bFIX[M]E\b|\bXX[X]\b": "an unfinished thought",
    r"\b_sql_constraint[s]\b": "ignored by Odoo 19: models.Constraint",
    r"<tre[e]\b|</tre[e]>": "<list> since Odoo 18",
    r"publicWidge[t]\b": "Interaction classes",
    # A harness may hand an unforeseen one over to the test: it says so on the line.
    r"\bexcept Exceptio[n]\b(?!.*noqa: BLE001 - \w)|\bexcept\s*:": "name the expected",
    r"\btest_enabl[e]\b": "no branch on being tested",
    r"position=\"replac[e]\"": "breaks every other addon: before, after, attributes",
    r"['\"]/(?:root|home|tmp|work)/": "a path of somebody's machine",
    r"\btype=['\"]jso[n]['\"]": "jsonrpc since Odoo 19",
    r"\bgroups_i[d]\b": "group_ids since Odoo 19",
}


def relative(path):
    return str(path.relative_to(paths.ROOT))


def manifest(addon):
    return ast.literal_eval((addon / "__manifest__.py").read_text())


@pytest.mark.parametrize("addon", ADDONS, ids=lambda path: path.name)
def test_manifest_is_complete(addon):
    """setup: licence, version, author; each file it names is there, each once."""
    values = manifest(addon)
    assert values["license"] == "LGPL-3"
    assert re.fullmatch(r"19\.0\.\d+\.\d+\.\d+", values["version"])
    assert values["author"] == "Training Marketplace contributors"
    named = values.get("data", []) + values.get("demo", [])
    assert len(named) == len(set(named))
    assert [name for name in named if not (addon / name).is_file()] == []
    assert not [
        key for key in ("demo", "data", "assets") if values.get(key) in ([], {})
    ]


@pytest.mark.parametrize("addon", PRODUCT_ADDONS, ids=lambda path: path.name)
def test_every_data_file_is_loaded(addon):
    """setup: an XML or CSV file that no manifest names would be a silent loss."""
    values = manifest(addon)
    named = {addon / name for name in values.get("data", []) + values.get("demo", [])}
    folders = ("data", "demo", "report", "security", "views", "wizards")
    present = {
        path
        for folder in folders
        for path in (addon / folder).rglob("*")
        if path.suffix in {".xml", ".csv"}
    }
    assert sorted(map(relative, present - named)) == []


@pytest.mark.parametrize("addon", PRODUCT_ADDONS, ids=lambda path: path.name)
def test_addon_is_a_package(addon):
    """setup: pip builds it, its licence and its README are in it."""
    build = tomllib.loads((addon / "pyproject.toml").read_text())["build-system"]
    assert build["build-backend"] == "whool.buildapi"
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in (addon / "LICENSE").read_text()
    assert (addon / "README.md").is_file()


def test_metapackage_lists_the_addons():
    """setup: one name installs them all."""
    path = paths.SETUP / "_metapackage" / "pyproject.toml"
    project = tomllib.loads(path.read_text())["project"]
    expected = {f"odoo-addon-{name}==19.0.*" for name in paths.ADDONS}
    assert set(project["dependencies"]) == expected


def test_python_dependencies_are_pinned():
    """setup: what a manifest asks for is installed by setup/run, at one version."""
    pins = virtualenv.REQUIREMENTS.read_text().lower()
    for addon in ADDONS:
        for need in manifest(addon).get("external_dependencies", {}).get("python", []):
            name = re.match(r"[\w.-]+", need)[0].lower()
            assert re.search(rf"^{re.escape(name)}==", pins, re.M), need


def test_first_addon_does_not_know_the_second():
    """D1: the catalogue sells without the marketplace, and never names it."""
    first = paths.ROOT / paths.ADDONS[0]
    guilty = [
        relative(path)
        for path in SOURCES
        if path.is_relative_to(first)
        and re.search("marketplace_|mangopay", _text(path), re.I)
        and path.name != "LICENSE"
    ]
    assert guilty == []


def test_services_know_no_model():
    """D1: services are plain Python, and they alone talk to a payment provider."""
    for addon in PRODUCT_ADDONS:
        for path in addon.rglob("*.py"):
            roots = {name.split(".")[0] for name in _imports(path)}
            if path.parent.name == "services":
                assert "odoo" not in roots, relative(path)
            elif "tests" not in path.parts:
                assert not roots & {"stripe", "mangopay"}, relative(path)


def test_licence_header():
    """setup: two lines at the top of every Python file but the lists of imports."""
    missing = [
        relative(path)
        for path in PYTHON
        if path.name != "__init__.py" and not _text(path).startswith(HEADER)
    ]
    assert missing == []


def test_files_are_short():
    """setup: 300 lines, 400 for a test."""
    long = {
        relative(path): count
        for path in PYTHON
        if (count := len(_text(path).splitlines()))
        > (400 if "tests" in path.parts else 300)
    }
    assert long == {}


def test_functions_are_short():
    """setup: 40 lines."""
    long = {
        f"{relative(path)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in PYTHON
        for node in ast.walk(ast.parse(_text(path)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > 40
    }
    assert long == {}


@pytest.mark.parametrize("pattern", FORBIDDEN, ids=FORBIDDEN.get)
def test_forbidden_pattern(pattern):
    """setup: things that Odoo 19 or the house does not want, nowhere."""
    guilty = [
        f"{relative(path)}:{number}"
        for path in SOURCES
        if path.suffix in {".py", ".xml", ".js", ".csv", ".md", ".sh", ""}
        and path.name != "LICENSE"
        for number, line in enumerate(_text(path).splitlines(), 1)
        if re.search(pattern, line)
    ]
    assert guilty == []


def test_mails_leave_at_once():
    """A14, B7: what is written to people does not wait for Odoo's hourly job."""
    guilty = [
        relative(path)
        for addon in ADDONS
        for path in (addon / "models").glob("*.py")
        if ".send_mail(" in _text(path) and path.name != "mail_template.py"
    ]
    assert guilty == []


def test_dates_in_sentences_are_formatted():
    """setup: people read 31/12/2026, not 2026-12-31."""
    guilty = [
        f"{relative(path)}:{call.lineno}"
        for addon in ADDONS
        for path in addon.rglob("*.py")
        for call in ast.walk(ast.parse(_text(path)))
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("_")
        for word in call.keywords
        if word.arg in {"date", "day"}
        and not re.search(r"format_date\(|_text\(", ast.unparse(word.value))
    ]
    assert guilty == []


def test_every_test_names_a_row():
    """setup: a test says what it proves."""
    assert rows.tests_by_row()[""] == []


def test_every_test_file_is_imported():
    """setup: Odoo's own runner sees only what tests/__init__.py imports."""
    for addon in ADDONS:
        folder = addon / "tests"
        if not folder.is_dir():
            continue
        imported = _text(folder / "__init__.py")
        for path in folder.glob("test_*.py"):
            assert re.search(rf"\b{path.stem}\b", imported), relative(path)


def test_top_level_odoo_classes_are_tagged():
    """setup: without these tags, collection fails or the network is not cut."""
    for path in (paths.ROOT / "tests").rglob("test_*.py"):
        for node in ast.parse(_text(path)).body:
            bases = {getattr(base, "id", "") for base in getattr(node, "bases", ())}
            if isinstance(node, ast.ClassDef) and bases & ODOO_CASES:
                tags = {
                    argument.value
                    for decorator in node.decorator_list
                    for argument in getattr(decorator, "args", ())
                }
                assert tags >= {"standard", "post_install", "-at_install"}, node.name


@pytest.mark.parametrize("addon", PRODUCT_ADDONS, ids=lambda path: path.name)
def test_readme_lists_its_rows(addon):
    """setup: the rows that tests prove are the features that the README tells."""
    letter = "AB"[paths.ADDONS.index(addon.name)]
    told = set(re.findall(rf"\b{letter}\d+\b", _text(addon / "README.md")))
    prefix = f"{addon.name}/"
    proved = {
        row
        for row, names in rows.tests_by_row().items()
        if row.startswith(letter) and any(name.startswith(prefix) for name in names)
    }
    assert proved - told == set()


def _imports(path):
    names = set()
    for node in ast.walk(ast.parse(_text(path))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module)
    return names


def _text(path):
    return path.read_text(errors="replace")
