# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Fixtures: a stand-in for each file of tests, emptied before each test."""

import pytest
from mangopay_sdk_kit import natural, wallet, web_payin
from mangopay_stand_in import Api, HookListener, MangopayStandIn
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


@pytest.fixture(scope="module")
def running_mangopay(tmp_path_factory):
    running = MangopayStandIn(tmp_path_factory.mktemp("mangopay") / "state.json")
    yield running
    running.stop()


@pytest.fixture
def mangopay_sandbox(running_mangopay):
    running_mangopay.post("/_reset")
    return running_mangopay


@pytest.fixture
def api(mangopay_sandbox):
    return Api(mangopay_sandbox)


@pytest.fixture
def sdk(mangopay_sandbox):
    return mangopay_sandbox.sdk()


@pytest.fixture
def hook_listener():
    listening = HookListener()
    yield listening
    listening.close()


@pytest.fixture
def payer(sdk):
    return natural(sdk)


@pytest.fixture
def seller(sdk, mangopay_sandbox):
    """An owner, enrolled and verified."""
    user = natural(sdk, "OWNER")
    mangopay_sandbox.do("authenticate", user.id)
    mangopay_sandbox.do("verify-user", user.id)
    return user


@pytest.fixture
def full(sdk, mangopay_sandbox, payer):
    """A buyer's wallet with 120 euros, and the pay-in that brought them."""
    made = wallet(sdk, payer)
    payin = web_payin(sdk, payer, made)
    mangopay_sandbox.do("pay", payin.id)
    return made, payin


@pytest.fixture
def buyer(api):
    return api.payer()


@pytest.fixture
def purse(api, buyer):
    return api.wallet(buyer)


@pytest.fixture
def owner(api):
    return api.owner()


@pytest.fixture
def till(api, owner):
    return api.wallet(owner)
