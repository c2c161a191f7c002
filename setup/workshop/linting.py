# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""``setup/lint``: what the style of the house is, said by tools. No message is right.

Python by ruff and pylint-odoo; XML, JavaScript, style sheets and YAML by prettier;
JavaScript by eslint too. Their settings are the dotfiles at the root.
"""

import argparse
import subprocess
from pathlib import Path

from . import commands, install, node, paths, virtualenv
from .console import say

FORMATTED = {".xml", ".js", ".mjs", ".scss", ".css", ".yaml", ".yml", ".json"}
LEFTOVERS = {".git", "__pycache__", ".pytest_cache", ".ruff_cache", "node_modules"}
# Written by machines: the exporter of translations, npm.
GENERATED = {"i18n", "package-lock.json"}


def main(arguments: list[str]) -> int:
    """Check the named files, or all of them; with --fix, format them first."""
    parser = argparse.ArgumentParser(prog="setup/lint", description=__doc__)
    parser.add_argument("--fix", action="store_true", help="rewrite what can be")
    parser.add_argument("files", nargs="*", help="default: the whole repository")
    options = parser.parse_args(arguments)
    install.for_checking()
    chosen = source_files([Path(name).resolve() for name in options.files])
    if options.fix:
        fix(chosen)
    messages = check(chosen)
    for message in messages:
        say(message)
    say(f"{len(messages)} messages")
    return 1 if messages else 0


def check(files: list[Path]) -> list[str]:
    """Return the messages of every tool, one a line."""
    messages = []
    for command in _checks(files):
        messages += _messages(command)
    return messages


def fix(files: list[Path]) -> None:
    """Rewrite the files as the formatters want them."""
    python, formatted = _python(files), _formatted(files)
    if python:
        commands.read([_ruff(), "check", "--fix", *python], cwd=paths.ROOT)
        commands.read([_ruff(), "format", *python], cwd=paths.ROOT)
    if formatted:
        commands.read([*_prettier(), "--write", *formatted], cwd=paths.ROOT)


def source_files(within: list[Path] | None = None) -> list[Path]:
    """Return the files of the repository, tracked or about to be."""
    files = [path for path in _listed() if path.is_file() and not path.is_symlink()]
    if not within:
        return files
    return [path for path in files if {path, *path.parents}.intersection(within)]


def _listed() -> list[Path]:
    if commands.found("git"):
        words = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
        code, listed = commands.read(words, cwd=paths.ROOT)
        if not code:
            return [paths.ROOT / name for name in listed.splitlines()]
    # An archive, not a clone, or no git here.
    return [path for path in paths.ROOT.rglob("*") if not LEFTOVERS & {*path.parts}]


def _checks(files: list[Path]):
    python, formatted = _python(files), _formatted(files)
    scripts = [path for path in formatted if path.suffix in {".js", ".mjs"}]
    addons = sorted({_addon_of(path) for path in files} - {None})
    if python:
        yield [_ruff(), "check", "--quiet", "--output-format=concise", *python]
        yield [_ruff(), "format", "--check", "--output-format=concise", *python]
    if addons:
        yield [virtualenv.tool("pylint"), "--rcfile", ".pylintrc", *addons]
    if formatted:
        yield [*_prettier(), "--list-different", *formatted]
    if scripts:
        eslint = node.command("eslint", "bin/eslint.js")
        yield [*eslint, "--config", ".eslint.config.mjs", *scripts]


def _messages(command) -> list[str]:
    outcome = subprocess.run(
        list(map(str, command)),
        capture_output=True,
        cwd=paths.ROOT,
        env=commands.environment(),
        text=True,
    )
    said = (outcome.stdout + outcome.stderr).strip().splitlines()
    name = Path(command[0]).name
    if outcome.returncode and not said:
        return [f"{name} failed with code {outcome.returncode} and said nothing"]
    if "prettier" in str(command[1]):
        return [f"{line}: not formatted, run setup/lint --fix" for line in said]
    return said if outcome.returncode else []


def _python(files: list[Path]) -> list[Path]:
    return [path for path in files if path.suffix == ".py" or _is_python_script(path)]


def _is_python_script(path: Path) -> bool:
    if path.suffix:
        return False
    with path.open("rb") as handle:
        first_line = handle.readline(80)
    return first_line.startswith(b"#!") and b"python" in first_line


def _formatted(files: list[Path]) -> list[Path]:
    return [
        path
        for path in files
        if path.suffix in FORMATTED and not GENERATED & {path.name, path.parent.name}
    ]


def _addon_of(path: Path) -> Path | None:
    return next(
        (parent for parent in path.parents if (parent / "__manifest__.py").is_file()),
        None,
    )


def _ruff() -> Path:
    return virtualenv.tool("ruff")


def _prettier() -> list[str]:
    plugin = node.folder() / "node_modules/@prettier/plugin-xml/src/plugin.js"
    return [*node.command("prettier", "bin/prettier.cjs"), f"--plugin={plugin}"]
