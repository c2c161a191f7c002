# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A shop for the fault tests; how long they are; the mark of all of them."""

import os
from pathlib import Path

import pytest
from faults.harness.shop import open_shop

HERE = Path(__file__).resolve().parent

#: How the server runs: one process with threads, or workers.
MODES = {
    "threaded": {"workers": 0, "max_cron_threads": 2},
    "workers": {"workers": 4, "max_cron_threads": 1},
}


def pytest_collection_modifyitems(items):
    """Mark what is in this folder, and run the tests of one mode together."""
    ours = [item for item in items if HERE in item.path.parents]
    for item in ours:
        item.add_marker("fault")
    order = {id(item): rank for rank, item in enumerate(items)}
    ours.sort(key=lambda item: (_mode(item), order[id(item)]))
    places = sorted(order[id(item)] for item in ours)
    for place, item in zip(places, ours, strict=True):
        items[place] = item


def _mode(item) -> str:
    spec = getattr(item, "callspec", None)
    return str(spec.params.get("mode", "")) if spec else ""


@pytest.fixture(scope="session")
def rounds():
    """How often a race is run: twice, or ten times with TRAINING_FAULTS_LONG=1."""
    return 10 if os.environ.get("TRAINING_FAULTS_LONG") else 2


@pytest.fixture(scope="session")
def open_database(tmp_path_factory):
    """One prepared database and one stand-in for all tests."""
    with open_shop(tmp_path_factory.mktemp("shop")) as shop:
        yield shop


@pytest.fixture(scope="session", params=["threaded"])
def mode(request):
    """How the server of this test runs, see ``MODES``."""
    return request.param


@pytest.fixture
def shop(open_database, mode):
    """The shop with its server running in the mode of the test, and healthy."""
    shop = open_database
    if shop.mode != mode:
        shop.start(**MODES[mode])
        shop.mode = mode
    yield shop
    shop.repair()
