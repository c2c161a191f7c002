# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The stages of ``setup/test`` that run tests, and what each of them counted."""

import contextlib
import dataclasses
import re
from pathlib import Path
from xml.etree import ElementTree

from . import commands, odoo, paths, virtualenv
from .console import Failure, say

PYTEST_NO_TESTS = 5
PLAIN = ("-p", "no:odoo")
#: The files of plain tests share two cores, each in its turn: more processes only make
#: servers and browsers wait for each other.
SHARED_OUT = ("-n", "2", "--dist", "loadfile")
PYTEST_LOG_FORMAT = "%(asctime)s %(process)d %(levelname)s ? %(name)s: %(message)s"
ODOO_TOTAL = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests when loading")
BROWSER_SKIP = re.compile("chrome|chromium|websocket|HttpCase|browser", re.I)
ODOO_SKIPPED = re.compile(r" odoo\.\S+: skipped (.+)")


@dataclasses.dataclass
class Count:
    """How many tests passed, failed and were skipped; what else was wrong."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    complaints: list[str] = dataclasses.field(default_factory=list)

    def __add__(self, other):
        return Count(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
            self.complaints + other.complaints,
        )

    def __bool__(self):
        return bool(self.passed or self.failed or self.skipped or self.complaints)

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def pytest_plain(arguments: list[str], environment: dict) -> Count:
    """Run the plain tests: functions, stand-ins, servers and browsers of their own."""
    return _pytest([*PLAIN, *arguments], "pytest-plain", environment)


def pytest_odoo(arguments: list[str], environment: dict, name="pytest-odoo") -> Count:
    """Run Odoo's test classes on a prepared database, browser tours included."""
    words, log_path = _odoo_words(arguments, name)
    return _pytest(words, name, environment) + _complaints_of(log_path)


@contextlib.contextmanager
def with_pytest_odoo(arguments: list[str], environment: dict, name: str):
    """Run Odoo's test classes beside the block, on a database of their own."""
    words, log_path = _odoo_words(arguments, name)
    with _beside(words, name, environment) as count:
        yield lambda: count() + _complaints_of(log_path)


def _odoo_words(arguments: list[str], name: str) -> tuple[list, Path]:
    """Return the words for pytest, and the log that Odoo must leave clean."""
    log_path = paths.log_file(name)
    log_path.write_text("")
    words = ["--odoo-http", "--odoo-log-level=warn", f"--log-file={log_path}"]
    words += ["--log-file-level=WARNING", "--log-file-date-format=%Y-%m-%d %H:%M:%S"]
    return [*words, f"--log-file-format={PYTEST_LOG_FORMAT}", *arguments], log_path


@contextlib.contextmanager
def _beside(arguments: list[str], name: str, environment: dict):
    """Yield what waits for a pytest that runs beside the block.

    It prints then what pytest said, and returns what it counted.
    """
    out_path = paths.log_file(f"{name}-out")
    words, report = _pytest_words(arguments, name)
    with (
        out_path.open("w") as out,
        commands.started(words, env=environment, output=out) as process,
    ):

        def wait():
            code = process.wait()
            say(out_path.read_text(errors="replace"))
            return _count_of_pytest(code, report)

        yield wait


def odoo_runner(config: Path, addon: str, tags: str, environment: dict) -> Count:
    """Install an addon with Odoo's own runner, which runs the tests so tagged."""
    log_path = paths.log_file(f"odoo-runner-{addon}")
    words = odoo.command(config, "-i", addon, "--test-tags", tags, "--stop-after-init")
    with (
        log_path.open("w") as log,
        commands.started(words, env=environment, output=log) as process,
    ):
        return _count_of_odoo(process.wait(), log_path)


def _count_of_odoo(code: int, log_path: Path) -> Count:
    count = count_odoo_tests(log_path) + _complaints_of(log_path)
    if code and not count.failed:
        count.complaints.append(f"Odoo left with code {code}, see {log_path}")
    return count


def count_odoo_tests(log_path: Path) -> Count:
    """Read the totals of Odoo's runner in its log."""
    text = log_path.read_text(errors="replace")
    total = ODOO_TOTAL.search(text)
    if not total:
        raise Failure(commands.explain("Odoo's runner ran no test.", log_path))
    failures, errors, tests = map(int, total.groups())
    skipped = ODOO_SKIPPED.findall(text)
    failed = failures + errors
    complaints = [line for reason in skipped for line in _skipped_browser(reason)]
    return Count(tests - failed - len(skipped), failed, len(skipped), complaints)


def _pytest(arguments: list[str], name: str, environment=None) -> Count:
    words, report = _pytest_words(arguments, name)
    return _count_of_pytest(commands.watch(words, env=environment), report)


def _pytest_words(arguments: list[str], name: str) -> tuple[list, Path]:
    """Return the words that run pytest, and where its report will be."""
    report = paths.folder("logs") / f"{name}.xml"
    report.unlink(missing_ok=True)
    words = [virtualenv.python(), "-m", "pytest", f"--junitxml={report}", *arguments]
    return words, report


def _count_of_pytest(code: int, report: Path) -> Count:
    if code == PYTEST_NO_TESTS:
        return Count()
    if not report.is_file():
        raise Failure(f"pytest could not run (code {code}): its reason is above.")
    count = _count_junit(report)
    if code and not count.failed:
        count.complaints.append(f"pytest left with code {code}")
    return count


def _count_junit(report: Path) -> Count:
    count = Count()
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped = int(suite.get("skipped", 0))
        count += Count(int(suite.get("tests", 0)) - failed - skipped, failed, skipped)
        for case in suite.iter("testcase"):
            skip = case.find("skipped")
            if skip is not None:
                count.complaints += _skipped_browser(
                    f"{skip.get('message')} {skip.text}"
                )
    return count


def _skipped_browser(reason: str) -> list[str]:
    """A browser test that did not run proves nothing, so it is a failure."""
    if not BROWSER_SKIP.search(reason):
        return []
    return [f"a browser test was skipped: {reason.strip()[:200]}"]


def _complaints_of(log_path: Path) -> Count:
    """A test run must leave no warning, no error and no traceback in Odoo's log."""
    found = odoo.problems(log_path)
    return Count(complaints=[f"{log_path.name}: {line}" for line in found])


def tell(count: Count) -> int:
    """Print what was wrong, then the totals on the last line; return the exit code."""
    for complaint in count.complaints:
        say(f"✗ {complaint}")
    say(str(count))
    return 1 if count.failed or count.complaints else 0
