# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""``setup/rows``: which test proves which row of the product.

A test's docstring begins with its rows: « A7: … », « A16-A21, R4: … », or with the
bar, the decision or the house rule it keeps: « P2: … », « D14: … », « setup: … ». Where
every test of a file proves the same, the file's docstring says it once.
"""

import argparse
import ast
import csv
import re
from collections import defaultdict

from . import paths
from .console import say

LIST = paths.SETUP / "rows.csv"
ROW = r"[ABDPR]\d+"
ROWS = re.compile(rf"((?:{ROW}(?:\s*[-–]\s*{ROW})?(?:, | and )?)+|setup): \S")
TEST_FILES = (
    "training_*/tests/**/test_*.py",
    "tests/**/test_*.py",
    "setup/**/test_*.py",
)


def main(arguments: list[str]) -> int:
    """Print the rows with their tests, then the rows and the tests without."""
    parser = argparse.ArgumentParser(prog="setup/rows", description=__doc__)
    parser.add_argument("rows", nargs="*", help="only these rows")
    chosen = parser.parse_args(arguments).rows
    proofs = tests_by_row()
    titles = known_rows()
    for row in chosen or sorted({*titles, *proofs} - {"", "setup"}, key=_order):
        if proofs[row]:
            say(f"{row}  {titles.get(row, '')}")
            for name in proofs[row]:
                say(f"    {name}")
    if not chosen:
        _say_what_misses(titles, proofs)
    return 0


def _say_what_misses(titles: dict, proofs: dict) -> None:
    alone = [row for row in titles if not proofs[row]]
    say(f"\n{len(titles) - len(alone)} rows of {len(titles)} have a test.")
    if alone:
        say("Without one:")
    for row in alone:
        say(f"    {row}  {titles[row]}")
    if proofs[""]:
        say("Tests that name no row:")
    for name in proofs[""]:
        say(f"    {name}")


def known_rows() -> dict[str, str]:
    """Return the title of every row of the product."""
    with LIST.open(newline="") as handle:
        return {line["row"]: line["title"] for line in csv.DictReader(handle)}


def tests_by_row() -> dict[str, list[str]]:
    """Return the names of the tests of each row; of no row under the empty name."""
    found = defaultdict(list)
    for pattern in TEST_FILES:
        for path in sorted(paths.ROOT.glob(pattern)):
            for name, docstring in tests_of(path.read_text()):
                for row in rows_of(docstring) or [""]:
                    found[row].append(f"{path.relative_to(paths.ROOT)}::{name}")
    return found


def tests_of(source: str):
    """Yield (name, docstring) of the tests of a file."""
    module = ast.parse(source)
    of_all = ast.get_docstring(module) or ""
    for node in module.body:
        is_class = isinstance(node, ast.ClassDef)
        prefix = f"{node.name}." if is_class else ""
        for child in node.body if is_class else [node]:
            if isinstance(child, ast.FunctionDef) and child.name.startswith("test_"):
                own = ast.get_docstring(child) or ""
                yield f"{prefix}{child.name}", own if rows_of(own) else of_all


def rows_of(docstring: str) -> list[str]:
    """Return the rows a docstring begins with, ranges spelt out."""
    found = ROWS.match(docstring)
    if not found:
        return []
    if found[1] == "setup":
        return ["setup"]
    rows = []
    for part in re.split(r", | and ", found[1]):
        first, *last = re.findall(ROW, part)
        numbers = range(int(first[1:]), int((last or [first])[0][1:]) + 1)
        rows += [f"{first[0]}{number}" for number in numbers]
    return rows


def _order(row: str):
    return row[0], int(row[1:])
