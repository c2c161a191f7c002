# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The schema of the French tax office, by the package `dac7`. Holds no test itself."""

from importlib.util import find_spec
from pathlib import Path

from lxml import etree

from ..services.dac7_file import DPI


def find_faults(test, content):
    """Return what the schema of the office says against a file.

    It is the DGFiP's, v1.6, with the rules that its text adds.
    """
    spec = find_spec("dac7")
    if not spec:
        test.skipTest("the package dac7, which brings the schema, is not installed")
    [folder] = spec.submodule_search_locations
    path = Path(folder) / "schemas" / "DPIXML_v1.1-fr1.xsd"
    schema = etree.XMLSchema(etree.parse(path))
    schema.validate(etree.fromstring(content))
    return [error.message for error in schema.error_log]


def check_name(test, name, content):
    """Raise what the office has against the name of a file."""
    if not find_spec("dac7"):
        test.skipTest("the package dac7, which brings the rule, is not installed")
    from dac7.naming import validate_filename

    root = etree.fromstring(content)
    reference, timestamp = (
        root.findtext(f".//{{{DPI}}}{tag}") for tag in ("MessageRefId", "Timestamp")
    )
    validate_filename(Path(name), reference, timestamp)
