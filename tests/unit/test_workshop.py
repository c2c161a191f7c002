# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""setup: the functions of the workshop, on texts like those they meet."""

import errno

import pytest

from workshop import (
    console,
    databases,
    demo,
    marks,
    odoo,
    odoo_source,
    rows,
    stages,
    stock,
)

DEB822 = """Types: deb
# a comment
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
"""
ONE_LINE = """deb https://packages.example/cloud cloud-sdk-bookworm main
# deb http://commented.example/debian bookworm main
deb [signed-by=/usr/share/keyrings/x.gpg] http://old.example/debian stable main
"""
ODOO_LOG = """2026-03-01 10:00:00,001 7 INFO db odoo.addons.sale.tests.test_a: Starting TestA.test_x ...
2026-03-01 10:00:00,002 7 INFO db odoo.addons.sale.tests.test_a: Starting TestA.test_y ...
2026-03-01 10:00:00,003 7 ERROR db odoo.addons.sale.tests.test_a: FAIL: TestA.test_y
Traceback (most recent call last):
2026-03-01 10:00:00,004 7 INFO db odoo.addons.sale.tests.test_a: Starting TestA.test_z ...
2026-03-01 10:00:00,005 7 INFO db odoo.addons.sale.tests.test_a: skipped TestA.test_z : Chrome executable not found
2026-03-01 10:00:00,006 7 WARNING db odoo.tools: a stock warning
2026-03-01 10:00:00,007 7 INFO db odoo.service.server: 1 failed, 0 error(s) of 3 tests when loading database 'db'
"""  # noqa: E501 - lines as Odoo writes them


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "odoo.log"
    path.write_text(ODOO_LOG)
    return path


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("TRAINING_HOME", str(tmp_path))
    return tmp_path


def test_duration_is_written_as_people_do():
    """setup: seconds, then minutes."""
    assert console.duration(4.24) == "4.2 s"
    assert console.duration(185) == "3 min 05 s"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EIO])
def test_system_error_is_one_sentence(number, capsys, monkeypatch):
    """setup: a full disk or a forbidden file is told without a traceback."""

    def refuse(_arguments):
        raise OSError(number, "reason", "/some/file")

    monkeypatch.setattr("sys.argv", ["setup/run"])
    with pytest.raises(SystemExit) as left:
        console.main(refuse)
    assert str(left.value).startswith("✗ ")
    assert "/some/file" in str(left.value)
    assert "\n" not in str(left.value)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("debian.sources", DEB822, ("http://mirror.example/debian", "bookworm")),
        ("sources.list", ONE_LINE, ("http://old.example/debian", "stable")),
    ],
)
def test_mirror_is_read_in_both_forms(tmp_path, name, text, expected):
    """setup: the mirror is the machine's own, neither a security nor a foreign one."""
    path = tmp_path / name
    path.write_text(text)
    found = [source for source in odoo_source._sources(path) if source[:2] == expected]
    assert found
    assert all("main" in components for *_rest, components in found)
    assert not any("commented" in source[0] for source in odoo_source._sources(path))


def test_unfinished_step_is_done_again(home):
    """setup: a step is done for one content only, and only once it is marked."""
    assert not marks.is_done("step", "a")
    marks.set_done("step", "a")
    assert marks.is_done("step", "a")
    assert not marks.is_done("step", "b")
    marks.forget("step")
    assert not marks.is_done("step", "a")


def test_name_is_held_by_one(home):
    """setup: a second demonstration sees that the first one runs."""
    with marks.held("run") as first, marks.held("run") as second:
        assert (first, second) == (True, False)
    with marks.held("run") as free:
        assert free


def test_only_our_databases_are_dropped():
    """setup: on somebody's server no other database can be named."""
    with pytest.raises(console.Failure, match="not a database of this project"):
        databases.drop("production")


def test_log_tells_what_should_not_be_there(log, tmp_path, monkeypatch):
    """setup: warnings, errors and tracebacks are seen, known noise is left out."""
    assert len(odoo.problems(log)) == 3
    noise = tmp_path / "noise.txt"
    noise.write_text("# Odoo says so by itself.\na stock warning\n")
    monkeypatch.setattr(odoo, "IGNORED_LOGS", noise)
    assert len(odoo.problems(log)) == 2


def test_odoo_s_own_count_is_read(log):
    """setup: passed, failed and skipped; a skipped browser test is a failure."""
    count = stages.count_odoo_tests(log)
    assert str(count) == "1 passed, 1 failed, 1 skipped"
    assert "browser test was skipped" in count.complaints[0]


def test_run_without_a_test_is_no_success(tmp_path):
    """setup: an empty run is a failure, not zero failures."""
    path = tmp_path / "odoo.log"
    path.write_text("nothing")
    with pytest.raises(console.Failure, match="ran no test"):
        stages.count_odoo_tests(path)


def test_last_line_is_the_count(capsys):
    """setup: passed, failed, skipped end what is printed; any failure is the code."""
    assert stages.tell(stages.Count(passed=3)) == 0
    assert stages.tell(stages.Count(3, 1, 0)) == 1
    assert stages.tell(stages.Count(3, 0, 0, ["a warning"])) == 1
    assert capsys.readouterr().out.endswith("3 passed, 0 failed, 0 skipped\n")


def test_outcomes_of_stock_tests_are_read():
    """setup: --stock compares test by test."""
    assert stock.read_outcomes(ODOO_LOG) == {
        "sale.tests.test_a:TestA.test_x": "passed",
        "sale.tests.test_a:TestA.test_y": "failed",
        "sale.tests.test_a:TestA.test_z": "skipped",
    }


@pytest.mark.parametrize(
    ("docstring", "expected"),
    [
        ("A7: sellable.", ["A7"]),
        ("A16-A18, R4: several.", ["A16", "A17", "A18", "R4"]),
        ("D1 and D14: decisions.", ["D1", "D14"]),
        ("setup: the house.", ["setup"]),
        ("Sellable sessions: A7.", []),
        ("", []),
    ],
)
def test_rows_of_a_docstring(docstring, expected):
    """setup: rows are read where a docstring begins, ranges spelt out."""
    assert rows.rows_of(docstring) == expected


def test_half_a_year_of_sales_is_not_taken_for_a_year(home, monkeypatch):
    """setup: a demonstration whose making was stopped is not served as if it were
    whole; made again, it is lived from its beginning."""
    answers = {"oid": "1", "marketplace_sale": ""}
    monkeypatch.setattr(
        demo.databases,
        "query",
        lambda _name, sql: next(answers[word] for word in answers if word in sql),
    )
    lived = []

    def live(*_words, **_options):
        lived.append(1)
        answers["marketplace_sale"] = "1"
        if len(lived) == 1:
            raise KeyboardInterrupt
        return 0

    monkeypatch.setattr(demo.commands, "watch", live)
    monkeypatch.setattr(demo.virtualenv, "python", lambda: "python")
    with pytest.raises(KeyboardInterrupt):
        demo.live_past("conf", "url", 1)
    with pytest.raises(console.Failure):
        demo.live_past("conf", "url", 1)
    answers.update(oid="2", marketplace_sale="")
    demo.live_past("conf", "url", 1)
    demo.live_past("conf", "url", 1)
    assert len(lived) == 2
