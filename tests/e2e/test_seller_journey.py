# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A seller does what Mangopay asks, step by step, in a real browser."""

import pytest
from e2e import journey
from e2e.identity import IdentitySteps
from faults.harness.mangopay import Seller
from faults.harness.shop import MARKET, open_shop

from workshop import paths
from workshop.browser import Browser

IBAN = "FR7630004000031234567890143"
NAMES = {1400: "atelier", 390: "voiles"}


@pytest.fixture(scope="module")
def market(tmp_path_factory):
    """A marketplace whose sellers are not known to Mangopay yet."""
    folder = tmp_path_factory.mktemp("sellerjourney")
    calls = f"{MARKET}\nsellers(env, {list(NAMES.values())!r})"
    with open_shop(folder, "e2eseller", calls, market=True) as shop:
        shop.start(workers=0, max_cron_threads=1)
        yield shop


@pytest.fixture(params=NAMES)
def tour(market, request):
    """A seller's browser, of a desktop's and of a telephone's width."""
    with Browser(width=request.param, height=1000) as browser:
        url = f"http://127.0.0.1:{market.port}"
        tour = SellerTour(browser, url, paths.folder("screenshots"))
        tour.name = NAMES[request.param]
        yield tour
        assert not browser.errors


class SellerTour(IdentitySteps, journey.Tour):
    """What a seller does on « My payments » and on Mangopay's own pages."""

    page = Seller.PAGE

    def picture(self, name):
        """Keep the sellers apart."""
        super().picture(f"seller-{self.name}-{name}")

    def give_account(self):
        """Step 4: where the seller is paid; Mangopay asks to confirm."""
        self.browser.fill("[name=iban]", IBAN)
        self.submit("bank")
        self.confirm_by_telephone()


def known(market, name):
    """Return what Mangopay and we know of a seller."""
    return market.sql(
        """SELECT mangopay.state, mangopay.kyc_level, wallet.state, recipient.state
             FROM mangopay_user mangopay
             JOIN res_partner partner ON partner.id = mangopay.partner_id
             LEFT JOIN mangopay_wallet wallet ON wallet.user_id = mangopay.id
             LEFT JOIN mangopay_recipient recipient
                    ON recipient.user_id = mangopay.id AND recipient.state = 'active'
            WHERE partner.name = %s""",
        name,
    )


def test_from_nothing_to_ready(tour, market):
    """B1, B13, B14: identity, telephone, verification refused then done, account."""
    tour.sign_in(tour.name)
    tour.open(tour.page)
    tour.picture("1-begin")
    tour.give_identity()
    tour.browser.wait(f"form[action='{tour.page}/authentication']", 60)
    tour.picture("2-known")
    tour.submit("authentication")
    tour.confirm_by_telephone()
    tour.be_verified("REFUSED")
    tour.browser.wait(".alert-danger")
    tour.picture("3-refused")
    tour.be_verified("VALIDATED")
    tour.browser.wait_gone(f"form[action='{tour.page}/verification']", 60)
    tour.give_account()
    tour.open(tour.page)
    tour.picture("4-ready")
    assert known(market, tour.name) == [("active", "REGULAR", "active", "active")]
