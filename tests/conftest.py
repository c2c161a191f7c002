# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Set-up of pytest for the whole repository: which tests run beside which.

Two kinds of tests do not go together in one process: Odoo's test classes limit its
memory and its network and end the processes that they find; plain tests start servers
and browsers. A file under ``tests`` is of Odoo's kind when a class in it is tagged.
With the plugin ``odoo`` those run, without it (``-p no:odoo``) the others.
"""

import os
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
MARKERS = {"e2e", "benchmark", "fault", "slow"}


def pytest_configure(config):
    """Without a prepared database every Odoo test would fail with a riddle."""
    if not config.pluginmanager.hasplugin("odoo"):
        _find_addons()
    elif not os.environ.get("ODOO_RC"):
        pytest.exit("Call setup/test, with the same arguments: it prepares Odoo.", 4)


def pytest_ignore_collect(collection_path, config):
    """Leave the files of the other kind to the other run."""
    return _is_of_the_other_kind(collection_path, config) or None


def pytest_collection_modifyitems(items, config):
    """Leave the other kind where a file is named too; select by Odoo's test tags."""
    others = [item for item in items if _is_of_the_other_kind(item.path, config)]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item not in others]
    for item in items:
        tags = getattr(getattr(item, "cls", None), "test_tags", ())
        for name in MARKERS.intersection(tags):
            item.add_marker(name)


def _is_of_the_other_kind(path, config):
    if not path.is_relative_to(HERE) or path.suffix != ".py":
        return False
    is_odoo = "\n@tagged(" in path.read_text()
    return is_odoo != config.pluginmanager.hasplugin("odoo")


def _find_addons():
    """Let ``odoo.addons`` find this repository's addons when Odoo is not configured."""
    import odoo.addons

    if str(HERE.parent) not in odoo.addons.__path__:
        odoo.addons.__path__.append(str(HERE.parent))
