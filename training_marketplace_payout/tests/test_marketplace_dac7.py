# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B23: what sellers are asked for the tax office, what it is told, and their copy."""

import base64

from freezegun import freeze_time
from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import new_test_user, tagged

from ..services.dac7_file import DPI
from .dac7_common import Dac7Common
from .dac7_schema import check_name, find_faults
from .seller_common import create_portal_user

PAGE = "/my/channel/seller/tax"
DECLARE_JOB = "training_marketplace_payout.ir_cron_declare_sellers"


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceDac7(Dac7Common):
    def sell(self, day):
        """Return a sale of 1 200 that was confirmed at a moment."""
        sale = self.pay().marketplace_sale_id
        sale.confirmed_at = day
        return sale

    def declare(self, year):
        declaration = (
            self.env["marketplace.dac7"]
            .with_user(self.accountant)
            .create({"company_id": self.company.id, "year": year})
        )
        declaration.action_compute()
        return declaration

    # What is told

    def test_quarters(self):
        """B23: sales, refunds and commissions of a year, quarter by quarter, on the
        organisation's clock; another year's are not in it."""
        # In Paris this is the first of April.
        self.sell("2025-03-31 22:30:00")
        self.sell("2025-02-10 10:00:00")
        self.sell("2024-12-31 10:00:00")
        refunded = self.sell("2025-02-11 10:00:00")
        refunded.tx_id._refund_marketplace(200.0)
        self.run_jobs()
        refunded.refund_ids.date = "2025-07-02 10:00:00"
        [statement] = self.declare(2025).statement_ids
        self.assertEqual(statement.seller_id, self.seller)
        figures = [
            (one.quarter, one.operations, one.sold, one.refunded, one.consideration)
            for one in statement.quarter_ids
        ]
        self.assertEqual(
            figures,
            [
                (1, 2, 2400.0, 0.0, 2400.0),
                (2, 1, 1200.0, 0.0, 1200.0),
                (3, 0, 0.0, 200.0, -200.0),
                (4, 0, 0.0, 0.0, 0.0),
            ],
        )
        self.assertEqual((statement.operations, statement.consideration), (3, 3400.0))

    def test_given_back_while_held(self):
        """B10, B23: what went back before the sale was never sold; what is told of the
        year is what was written down of it (I13)."""
        sale = self.pay_held()
        funds = {"Currency": "EUR", "Amount": 20000}
        sale.tx_id._record_mangopay_refund({"Id": "refund_1", "DebitedFunds": funds})
        self.release(sale)
        sale.order_id._follow_up_purchase()
        year = sale.confirmed_at.year
        declaration = self.declare(year)
        [statement] = declaration.statement_ids
        self.assertEqual((statement.operations, statement.consideration), (1, 1000.0))
        declaration.sudo().state = "told"
        found = self.env["marketplace.proof"]._check_dac7(self.company)
        self.assertEqual(found, [])

    def test_file_and_copies(self):
        """B23: the sellers are told, the figures stay, the file is made of them."""
        self.sell("2025-02-10 10:00:00")
        declaration = self.declare(2025)
        with self.assertRaises(UserError):
            declaration.action_make_file()
        declaration.action_tell_sellers()
        self.run_jobs(DECLARE_JOB)
        self.assertTrue(declaration.statement_ids.sent_at)
        self.sell("2025-02-11 10:00:00")
        with self.assertRaises(UserError):
            declaration.action_compute()
        declaration.action_make_file()
        content = base64.b64decode(declaration.sudo().file_id.datas)
        self.assertEqual(find_faults(self, content), [])
        check_name(self, declaration.sudo().file_id.name, content)
        root = etree.fromstring(content)
        found = [
            root.find(f".//{{{DPI}}}{name}").text
            for name in ("ConsQ1", "NumbQ1", "FeesQ1", "ReportingPeriod")
        ]
        self.assertEqual(found, ["1200", "1", "0", "2025-12-31"])
        sellers = root.findall(f".//{{{DPI}}}EntSellerID/{{{DPI}}}TIN")
        self.assertEqual([one.text for one in sellers], ["732829320"])
        kept = declaration.sudo().file_id
        declaration.action_make_file()
        self.assertEqual(declaration.sudo().file_id, kept)
        declaration.action_set_filed()
        self.assertEqual(declaration.state, "filed")
        with self.assertRaises(UserError):
            declaration.unlink()

    def test_file_that_would_be_refused(self):
        """B23: what the office does without for nobody is asked for before, by name;
        who is not declared is named after."""
        self.sell("2024-02-10 10:00:00")
        self.sell("2025-02-10 10:00:00")
        declaration = self.declare(2025)
        self.seller.city = False
        declaration.action_compute()
        declaration.action_tell_sellers()
        with self.assertRaisesRegex(UserError, self.seller.display_name):
            declaration.action_make_file()
        self.seller.city = "Rochefort"
        registry, self.company.company_registry = self.company.company_registry, "12"
        with self.assertRaisesRegex(UserError, self.company.name):
            declaration.action_make_file()
        self.company.company_registry = registry
        declaration.action_make_file()
        content = base64.b64decode(declaration.sudo().file_id.datas)
        self.assertIn(b"<dpi:City>Rochefort<", content)
        self.seller.country_id = self.env.ref("base.ch")
        abroad = self.declare(2024)
        abroad.action_tell_sellers()
        abroad.action_make_file()
        content = base64.b64decode(abroad.sudo().file_id.datas)
        self.assertEqual(find_faults(self, content), [])
        self.assertNotIn(b"ReportableSeller", content)
        bodies = "".join(abroad.message_ids.mapped("body"))
        self.assertIn(self.seller.name, bodies)

    def test_proof(self):
        """B22: I13, what sellers were told is what was written down."""
        year = fields.Date.today().year
        sale = self.pay().marketplace_sale_id
        self.follow_up()
        declaration = self.declare(year)
        with freeze_time(f"{year + 1}-01-20"):
            declaration.action_tell_sellers()
        proof = self.env["marketplace.proof"]
        self.assertEqual(proof._check_dac7(self.company), [])
        quarter = declaration.sudo().statement_ids.quarter_ids.filtered("sold")
        quarter.sold += 0.01
        self.env.flush_all()
        [difference] = proof._check_dac7(self.company)
        self.assertEqual(
            (difference.res_id, difference.expected),
            (declaration.statement_ids.id, sale.amount_total),
        )

    def test_proof_at_the_turn_of_a_year(self):
        """B22: I13, paid in the last minute of a year, sold in the first of the next
        one: neither year differs from what was told of it."""
        before, turn = (
            self.sell("2024-06-10 10:00:00"),
            self.sell("2024-12-31 23:00:40"),
        )
        before.entry_ids.date = "2024-06-10 10:00:00"
        turn.paid_at = turn.entry_ids.date = "2024-12-31 22:59:30"
        for year in (2024, 2025):
            declaration = self.declare(year)
            self.assertEqual(declaration.statement_ids.consideration, 1200.0)
            declaration.sudo().state = "told"
        self.assertEqual(self.env["marketplace.proof"]._check_dac7(self.company), [])

    def test_year_is_not_over(self):
        """B23: nobody is told of a year that goes on."""
        self.sell(fields.Datetime.now())
        declaration = self.declare(fields.Date.today().year)
        with self.assertRaises(UserError):
            declaration.action_tell_sellers()
        self.assertEqual(declaration.state, "draft")

    def test_roles(self):
        """B23: who keeps the books declares; nobody writes the figures; a seller has
        nothing of it by RPC."""
        self.sell("2025-02-10 10:00:00")
        declaration = self.declare(2025)
        with self.assertRaises(AccessError):
            declaration.write({"state": "filed"})
        with self.assertRaises(AccessError):
            declaration.statement_ids.quarter_ids.write({"sold": 1})
        made = self.env["marketplace.dac7"].with_user(self.accountant)
        made = made.create({"year": 2024, "state": "filed"})
        self.assertEqual(made.state, "draft")
        support = new_test_user(
            self.env,
            "support",
            groups="training_marketplace_payout.group_marketplace_support",
        )
        with self.assertRaises(AccessError):
            declaration.with_user(support).action_compute()
        portal = create_portal_user(self.env, self.seller, "seller@dac7.example")
        with self.assertRaises(AccessError):
            declaration.statement_ids.with_user(portal).read(["fees"])

    def test_page(self):
        """B20, B23: a seller gives its number and sees its own copies, no other's."""
        self.sell("2025-02-10 10:00:00")
        self.forget_tax_number()
        other = self.env["res.partner"].create(
            {"name": "Voisin", "is_company": True, "is_marketplace_seller": True}
        )
        create_portal_user(self.env, self.seller, "seller@dac7.example")
        create_portal_user(self.env, other, "other@dac7.example")
        declaration = self.declare(2025)
        declaration.action_tell_sellers()
        self.authenticate("other@dac7.example", "other@dac7.example")
        self.assertEqual(self.url_open(PAGE).status_code, 404)
        self.authenticate("seller@dac7.example", "seller@dac7.example")
        answer = self.url_open(PAGE)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("2025", answer.text)
        token = Request.csrf_token(self)
        form = {"csrf_token": token, "tax_number": "", "tax_country": "BE"}
        self.assertEqual(self.url_open(PAGE, data=form).status_code, 409)
        form["tax_number"] = "BE0477472701"
        self.assertEqual(self.url_open(PAGE, data=form).status_code, 200)
        self.seller.invalidate_recordset()
        self.assertEqual(self.seller.marketplace_tax_number, "BE0477472701")
        self.assertFalse(self.contract._get_dac7_missing())

    def test_prepared_in_january(self):
        """B23: last year's declaration is prepared by itself, once, if wanted."""
        year = fields.Date.today().year - 1
        self.sell(f"{year}-02-10 10:00:00")
        declarations = self.env["marketplace.dac7"]
        self.company.marketplace_dac7 = False
        domain = [("company_id", "=", self.company.id)]
        with freeze_time(f"{year + 1}-01-05 03:00:00"):
            self.run_jobs(DECLARE_JOB)
            self.assertFalse(declarations.search_count(domain))
            self.company.marketplace_dac7 = True
            self.run_jobs(DECLARE_JOB, DECLARE_JOB)
        self.assertEqual(declarations.search(domain).year, year)
        self.assertTrue(declarations.search(domain).activity_ids)
