# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The stages of ``setup/test`` that run tests, and what each of them counted."""

import dataclasses
import re
from pathlib import Path
from xml.etree import ElementTree

from . import commands, odoo, paths, virtualenv
from .console import Failure, say

IGNORED_LOGS = paths.SETUP / "log-ignore.txt"
PYTEST_NO_TESTS = 5
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
    return _pytest(["-p", "no:odoo", *arguments], "pytest-plain", environment)


def pytest_odoo(arguments: list[str], environment: dict) -> Count:
    """Run Odoo's test classes on a prepared database, browser tours included."""
    log_path = paths.log_file("pytest-odoo")
    log_path.write_text("")
    count = _pytest(
        ["--odoo-http", "--odoo-log-level=warn", f"--log-file={log_path}"]
        + ["--log-file-level=WARNING", "--log-file-date-format=%Y-%m-%d %H:%M:%S"]
        + [f"--log-file-format={PYTEST_LOG_FORMAT}", *arguments],
        "pytest-odoo",
        environment,
    )
    return count + _complaints_of(log_path)


def with_odoo(config: Path, addons: list[str], environment: dict) -> Count:
    """Install the addons with Odoo's own runner, which runs their tests as it goes."""
    log_path = paths.log_file("odoo-runner")
    tags = ",".join(f"/{name}" for name in addons)
    words = odoo.command(config, "-i", ",".join(addons), "--test-tags", tags)
    with log_path.open("w") as log:
        code = commands.watch(
            [*words, "--stop-after-init"],
            env=environment,
            output=log,
        )
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
    report = paths.folder("logs") / f"{name}.xml"
    report.unlink(missing_ok=True)
    words = [virtualenv.python(), "-m", "pytest", f"--junitxml={report}", *arguments]
    code = commands.watch(words, env=environment)
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
    found = odoo.problems(log_path, ignored_patterns())
    return Count(complaints=[f"{log_path.name}: {line}" for line in found])


def ignored_patterns() -> tuple[str, ...]:
    """Return the patterns of what stock Odoo logs and we cannot help."""
    lines = [line.strip() for line in IGNORED_LOGS.read_text().splitlines()]
    return tuple(line for line in lines if line and not line.startswith("#"))


def tell(count: Count) -> int:
    """Print what was wrong, then the totals on the last line; return the exit code."""
    for complaint in count.complaints:
        say(f"✗ {complaint}")
    say(str(count))
    return 1 if count.failed or count.complaints else 0
