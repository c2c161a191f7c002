# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Set-up of pytest for the whole repository: who calls it, and markers from tags."""

import os

import pytest

MARKERS = {"e2e", "benchmark", "fault", "slow"}


def pytest_configure(config):
    """Without a prepared database every Odoo test would fail with a riddle."""
    if config.pluginmanager.hasplugin("odoo") and not os.environ.get("ODOO_RC"):
        pytest.exit("Call setup/test, with the same arguments: it prepares Odoo.", 4)


def pytest_collection_modifyitems(items):
    """Let ``-m`` select by Odoo's own test tags."""
    for item in items:
        tags = getattr(getattr(item, "cls", None), "test_tags", ())
        for name in MARKERS.intersection(tags):
            item.add_marker(name)
