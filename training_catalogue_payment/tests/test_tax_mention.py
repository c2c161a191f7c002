# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Regime, tax and legal mentions of what is sold (facts 2.1 to 2.4)."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..services import vat
from .common import TrainingCommon

EXEMPT = "Exonération de TVA – article 261, 4-4° a du CGI"


@tagged("post_install", "-at_install")
class TestTaxMention(TrainingCommon):
    def _post(self, **kwargs):
        invoice = self._purchase(**kwargs).invoice_ids
        if invoice.state == "draft":
            invoice.action_post()
        return invoice

    def _print(self, invoice):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.report_invoice", invoice.ids
        )
        return html.decode().replace("\xa0", " ")

    def _company_of(self, code, vat_number=False):
        """Return the contact of a business of another country."""
        company = self.buyer.parent_id.copy(
            {
                "country_id": self.env.ref(f"base.{code}").id,
                "vat": vat_number,
                "company_registry": False,
            }
        )
        return self.buyer.copy({"parent_id": company.id})

    def _tax_of(self, contact, kind="company"):
        order = self._buy(learners=1, kind=kind, contact=contact)
        order._recompute_taxes()
        return order.order_line.tax_ids

    def test_regime_by_bpf(self):
        """A26: regime of the organisation × BPF of the session give tax and mention."""
        company = self.company
        expected = {
            ("exempt", True): (company.training_exempt_tax_id, EXEMPT),
            ("exempt", False): (company.training_taxable_tax_id, False),
            ("franchise", True): (company.training_franchise_tax_id, "293 B"),
            ("franchise", False): (company.training_franchise_tax_id, "293 B"),
            ("taxable", True): (company.training_taxable_tax_id, False),
            ("taxable", False): (company.training_taxable_tax_id, False),
        }
        for (regime, is_bpf), (tax, text) in expected.items():
            company.training_vat_regime = regime
            self.assertEqual(company._get_training_tax(is_bpf), tax)
            mention = company._get_training_mention(
                company._get_training_tax_regime(is_bpf), date(2026, 11, 22)
            )
            self.assertIn(text, mention) if text else self.assertFalse(mention)

    def test_nothing_is_sold_without_a_regime(self):
        """A26: no default regime; exempt asks for the date and for the file."""
        self.assertTrue(self.company.training_sale_open)
        self.company.training_vat_attestation = False
        self.assertFalse(self.company.training_sale_open)
        self.company.training_vat_attestation = b"JVBERi0="
        self.assertTrue(self.company.training_sale_open)
        self.company.training_vat_attestation_date = False
        self.assertFalse(self.company.training_sale_open)
        self.company.training_vat_regime = "franchise"
        self.assertTrue(self.company.training_sale_open)
        self.company.training_vat_regime = False
        self.assertFalse(self.company.training_sale_open)
        new = self.env["res.company"].create({"name": "Nouvel organisme"})
        self.assertFalse(new.training_vat_regime)

    def test_law_of_2027(self):
        """A26: 293 B becomes L. 223-3 of the CIBS on 1 January 2027; the exemption's
        wording of the CGI is tolerated until the end of that year (facts 2.2)."""
        cases = {
            ("franchise", date(2026, 12, 31)): "art. 293 B du CGI",
            ("franchise", date(2027, 1, 1)): "art. L. 223-3 du CIBS",
            ("exempt", date(2026, 12, 31)): "261, 4-4° a du CGI",
            ("exempt", date(2027, 1, 1)): "261, 4-4° a du CGI",
            ("exempt", date(2027, 12, 31)): "261, 4-4° a du CGI",
        }
        for (regime, day), text in cases.items():
            mention = self.company._get_training_mention(regime, day)
            self.assertIn(text, mention, (regime, day))
        late = self.company._get_training_mention("exempt", date(2028, 1, 1))
        self.assertFalse(late)

    def test_invoice_keeps_its_mention(self):
        """A26: the change of law reaches new invoices, never numbered ones."""
        self.company.training_vat_regime = "franchise"
        orders = [self._purchase(learners=1) for _number in range(2)]
        first, second = (order.invoice_ids for order in orders)
        first.invoice_date = date(2026, 12, 31)
        first.action_post()
        second.invoice_date = date(2027, 1, 1)
        second.action_post()
        self.assertIn("293 B", first.training_mention)
        self.assertIn("L. 223-3", second.training_mention)
        self.assertIn("293 B", self._print(first))

    def test_a_missing_mention_is_told(self):
        """A26: an invoice that must bear a mention is not numbered without one."""
        invoice = self._purchase().invoice_ids
        invoice.invoice_date = date(2028, 1, 1)
        with self.assertRaisesRegex(UserError, "Mentions of training"):
            invoice.action_post()

    def test_accountants_edit_mentions_without_code(self):
        """A26: an accounting manager adds the next mention; billing only reads."""
        values = {
            "regime": "exempt",
            "text": "Exonération de TVA – article L. 000-0 du CIBS",
            "date_from": "2027-06-01",
            "country_id": self.france.id,
        }
        biller = self._create_role("biller", "account.group_account_invoice")
        mentions = self.env["training.tax.mention"]
        with self.assertRaises(AccessError):
            mentions.with_user(biller).create(values)
        manager = self._create_role("manager", "account.group_account_manager")
        mentions.with_user(manager).create(values)
        text = self.company._get_training_mention("exempt", date(2027, 6, 1))
        self.assertIn("L. 000-0", text)

    def test_other_countries_have_their_own(self):
        """A26: an organisation elsewhere is neither given nor asked French mentions."""
        invoice = self._purchase().invoice_ids
        self.company.account_fiscal_country_id = self.env.ref("base.be")
        invoice._freeze_training_mentions()
        self.assertFalse(invoice.training_mention)
        self.assertFalse(invoice.training_business_notes)

    def test_printed_once(self):
        """A26: one sentence, no option for debits, whose tax is due on payment."""
        html = self._print(self._post())
        self.assertEqual(html.count("261, 4-4° a"), 1)
        self.assertNotIn("debits", html)
        for name in ("exempt", "franchise", "taxable", "overseas", "export"):
            tax = self.company[f"training_{name}_tax_id"]
            self.assertEqual(tax.tax_exigibility, "on_payment", name)

    def test_seller_and_buyer_on_paper(self):
        """A26: SIRET, VAT and activity numbers; order number; how it was paid; the
        terms of businesses; no term of payment in another language."""
        self.company.write(
            {
                "company_registry": "73282932000074",
                "vat": "FR44732829320",
                "training_nda_number": "11751234575",
            }
        )
        order = self._buy()
        order.client_order_ref = "BC-4711"
        order.payment_term_id = self.env.ref("account.account_payment_term_immediate")
        self._pay(order)
        order._follow_up_purchase()
        order.invoice_ids.action_post()
        html = self._print(order.invoice_ids)
        for text in (
            "73282932000074",
            "FR44732829320",
            "11751234575",
            "ne vaut pas agrément",
            "BC-4711",
            "40 €",
            "majoré de dix points",
            "néant",
            order.training_paid_tx_id.reference,
        ):
            self.assertIn(text, html)
        self.assertNotIn("Payment terms: Immediate Payment", html)

    def test_individual_reads_no_business_terms(self):
        """A26: penalties and 40 € are for businesses, self-employed included."""
        self.session.is_out_of_bpf = True
        invoice = self._post(
            learners=1, kind="individual", contact=self._create_individual()
        )
        self.assertFalse(invoice.training_business_notes)
        self.assertNotIn("40 €", self._print(invoice))

    def test_credit_note_names_its_invoice(self):
        """A26: number and date of the invoice that it takes back, and the mention."""
        invoice = self._post()
        credit_note = invoice._reverse_moves()
        credit_note.action_post()
        html = self._print(credit_note)
        self.assertIn(invoice.name, html)
        self.assertEqual(html.count("261, 4-4° a"), 1)

    def test_overseas_are_no_export(self):
        """A26: Guadeloupe, Martinique, Réunion: 8.5 % to businesses, never 0 %."""
        self.session.is_out_of_bpf = True
        reunion = self._company_of("re")
        self.assertEqual(self._tax_of(reunion), self.company.training_overseas_tax_id)
        self.assertEqual(self._tax_of(reunion).amount, 8.5)
        person = self._create_individual()
        person.country_id = self.env.ref("base.re")
        self.assertEqual(self._tax_of(person, "individual").amount, 20)
        self.session.is_out_of_bpf = False
        self.assertEqual(self._tax_of(reunion), self.company.training_exempt_tax_id)

    def test_businesses_abroad(self):
        """A26: « Autoliquidation » in the EU, art. 259 outside it; due on payment."""
        self.session.is_out_of_bpf = True
        cases = {
            ("de", "DE811907980"): ("Autoliquidation", 0),
            ("ch", False): ("art. 259, 1° du CGI", 0),
        }
        for (country, number), (text, amount) in cases.items():
            invoice = self._post(learners=1, contact=self._company_of(country, number))
            self.assertEqual(invoice.amount_tax, amount, country)
            self.assertIn(text, invoice.training_mention)
            self.assertNotIn("on debits", self._print(invoice), country)

    def test_default_tax_of_goods_is_never_used(self):
        """A26: the company's default sale tax, 20 % on goods, is not the training's."""
        self.session.is_out_of_bpf = True
        tax = self._tax_of(self.buyer)
        self.assertNotEqual(tax, self.company.account_sale_tax_id)
        self.assertEqual(tax.tax_scope, "service")

    def test_place(self):
        """A26: where a sale is taxed, case by case."""
        cases = {
            ("FR", "FR", True): "domestic",
            ("FR", "RE", True): "overseas",
            ("FR", "RE", False): "domestic",
            ("FR", "DE", True): "position",
            ("FR", "CH", False): "domestic",
            ("FR", "", True): "domestic",
            ("BE", "RE", True): "position",
        }
        for arguments, place in cases.items():
            self.assertEqual(vat.find_place(*arguments), place, arguments)
