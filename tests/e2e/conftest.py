# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The demonstration on a real server, and a browser to walk in it."""

import pytest
from e2e.journey import Tour
from faults.harness.shop import DEMONSTRATION, open_shop

from workshop import paths
from workshop.browser import Browser


def pytest_collection_modifyitems(items):
    """Mark the journeys."""
    for item in items:
        if "/e2e/" in str(item.path):
            item.add_marker("e2e")


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The demonstration, served in one process."""
    folder = tmp_path_factory.mktemp("demo")
    with open_shop(folder, "e2e", DEMONSTRATION) as shop:
        shop.start(workers=0, max_cron_threads=1)
        yield shop


@pytest.fixture
def browser():
    """A browser of a desktop's width."""
    with Browser(width=1400, height=1000) as browser:
        yield browser


@pytest.fixture
def tour(demo, browser):
    """The browser in the demonstration; what it saw is kept among the pictures."""
    pictures = paths.folder("screenshots")
    tour = Tour(browser, f"http://127.0.0.1:{demo.port}", pictures)
    yield tour
    browser.screenshot(pictures / "last.png")
    assert not browser.errors
