# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A seller's course, paid through the double. Holds no test itself."""

from urllib.parse import urlencode

from odoo.addons.training_catalogue_payment.tests.http_common import TrainingHttpCommon

from ..services.mangopay_transport import MemoryTokens
from .mangopay_common import EVENTS_JOBS, SENDER_JOB, TOKEN, start_double
from .mangopay_double import API_KEY, CLIENT_ID
from .marketplace_common import ATTESTATION, make_contract
from .seller_common import create_portal_user

WEB = "payins/card/web"


class MangopayPaymentCommon(TrainingHttpCommon):
    """A company with its account, a seller with a course of 600 before tax."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.env["mangopay.account"].create(
            {
                "company_id": cls.company.id,
                "client_id": CLIENT_ID,
                "api_key": API_KEY,
                "hook_token": TOKEN,
                "hook_state": "ready",
            }
        )
        cls.account._offer_payment()
        cls.mangopay = cls.env["payment.provider"]._get_mangopay_of(cls.company)
        cls.seller = cls.env["res.partner"].create(
            {
                "name": "Atelier des langues",
                "is_company": True,
                "is_marketplace_seller": True,
            }
        )
        cls.contract = make_contract(
            cls.env, cls.seller, cls.company, vat_regime="exempt", **ATTESTATION
        )
        cls.sold = cls._create_programme(marketplace_seller_id=cls.seller.id)
        cls.sold_session = cls._create_session(cls.sold)
        cls.terms = cls.env["training.terms"]._ensure_terms(cls.company)

    def setUp(self):
        super().setUp()
        self.double = start_double(self, type(self.account), MemoryTokens())

    # The buyer

    def sign_in(self, login):
        """Sign in somebody new: nobody buys a seller's course without an account."""
        partner = self.env["res.partner"].create({"name": login})
        create_portal_user(self.env, partner, login)
        self.authenticate(login, login)

    def start(self, session=None, **values):
        """Return the transaction of an order whose buyer pressed « pay »."""
        order = self._buy(session or self.sold_session)
        return self._start_payment(
            order,
            provider_id=self.mangopay.id,
            operation="online_redirect",
            reference=order.name,
            **values,
        )

    def visit(self, tx, path):
        """Open one of the addresses of a transaction; return (response, where to)."""
        url = f"/payment/mangopay/{path}?{urlencode(tx._get_mangopay_parameters())}"
        response = self.url_open(url, allow_redirects=False)
        self.env.invalidate_all()
        return response, response.headers.get("Location", "")

    def open_page(self, tx):
        """Follow our own address to Mangopay's page; return the pay-in there."""
        response, url = self.visit(tx, "start")
        self.assertEqual(response.status_code, 303, response.text[:500])
        payin = self.double.objects[tx.provider_reference]
        self.assertEqual(url, payin["RedirectURL"])
        return payin

    def settle(self, payin, status="SUCCEEDED", code="000000"):
        """Be the bank."""
        payin.update(Status=status, ResultCode=code, ResultMessage=code)

    def pay(self, session=None):
        """Return the order of a buyer who paid and came back."""
        tx = self.start(session)
        self.settle(self.open_page(tx))
        self.visit(tx, "return")
        self.assertEqual(tx.state, "done")
        return tx.sale_order_ids

    def pay_route(self, order):
        response = self.url_open(
            f"/shop/payment/transaction/{order.id}",
            json={
                "jsonrpc": "2.0",
                "params": {
                    "access_token": order._portal_ensure_token(),
                    "provider_id": self.mangopay.id,
                    "payment_method_id": self.env.ref("payment.payment_method_card").id,
                    "token_id": None,
                    "flow": "redirect",
                    "tokenization_requested": False,
                    "landing_route": "/shop/payment/validate",
                    "amount": order.amount_total,
                    "training_accepted": {
                        "terms": self.terms.id,
                        "consents": ["training_terms"],
                    },
                },
            },
        )
        self.env.invalidate_all()
        return response.json()["result"]

    def poll_status(self):
        response = self.url_open(
            "/payment/status/poll", json={"jsonrpc": "2.0", "params": {}}
        )
        self.env.invalidate_all()
        return response.json()["result"]

    # What happens besides

    def run_jobs(self, *names):
        """Run scheduled actions through the scheduler's own code."""
        for name in names or (*EVENTS_JOBS, SENDER_JOB):
            self.env.ref(name).method_direct_trigger()
        self.env.invalidate_all()

    def announce(self, event_type, object_id, date="1790000000"):
        """Have Mangopay call us, and the jobs treat it; return the answer's status."""
        query = {"EventType": event_type, "RessourceId": object_id, "Date": date}
        url = f"/marketplace/mangopay/hook/{TOKEN}?{urlencode(query)}"
        status = self.url_open(url).status_code
        self.run_jobs()
        return status

    def operations(self, record, kind):
        return self.env["mangopay.operation"]._search_attempts(kind, record)
