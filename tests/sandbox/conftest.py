# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Fixtures: a stand-in for each file of tests, emptied before each test."""

import pytest
from stand_in import Listener, StandIn


# Not one for all files: the classes of Odoo's tests end the processes that they find.
@pytest.fixture(scope="module")
def running_stand_in(tmp_path_factory):
    running = StandIn(tmp_path_factory.mktemp("stand_in") / "state.bin")
    yield running
    running.stop()


@pytest.fixture
def sandbox(running_stand_in):
    running_stand_in.post("/_reset")
    return running_stand_in


@pytest.fixture
def client(sandbox):
    return sandbox.client()


@pytest.fixture
def listener():
    listening = Listener()
    yield listening
    listening.close()


@pytest.fixture
def endpoint(client, listener):
    """A webhook endpoint of the account, which receives everything."""
    return client.v1.webhook_endpoints.create(
        {"url": listener.url, "enabled_events": ["*"]}
    )


@pytest.fixture
def pay(client):
    """Pay at once, by card; what is given replaces the usual values."""

    def pay(**values):
        values = {
            "amount": 12000,
            "currency": "eur",
            "payment_method": "pm_card_visa",
            "confirm": True,
            "description": "S00042",
            **values,
        }
        return client.v1.payment_intents.create(values)

    return pay
