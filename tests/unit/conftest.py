# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Tests of plain functions: no database, so Odoo itself is only imported."""

from pathlib import Path


def pytest_configure(config):
    """Let ``odoo.addons`` find this repository's addons when Odoo is not configured."""
    if config.pluginmanager.hasplugin("odoo"):
        return
    import odoo.addons

    root = str(Path(__file__).resolve().parents[2])
    if root not in odoo.addons.__path__:
        odoo.addons.__path__.append(root)
