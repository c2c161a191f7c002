# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The order says what is bought, so that a company can be reimbursed on it."""

from lxml import html

from odoo.tests import tagged

from .common import TrainingCommon

ADDON = "training_catalogue_payment"
TEXTS = {
    "training_objective": "Mener un entretien",
    "training_content": "Le cadre légal",
    "training_means": "Salle et vidéoprojecteur",
    "training_follow_up": "Feuilles d'émargement",
    "training_sanction": "Attestation de fin de formation",
}


@tagged("training_install", "post_install", "-at_install")
class TestOrderDocument(TrainingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        texts = {name: f"<p>{text}</p>" for name, text in TEXTS.items()}
        langs = [code for code, _name in cls.env["res.lang"].get_installed()]
        cls.programme.write({"training_duration_hours": 14})
        for lang in langs:
            cls.programme.with_context(lang=lang).write(texts)

    def _print(self, order):
        reports = self.env["ir.actions.report"]
        [content, _kind] = reports._render_qweb_html("sale.report_saleorder", order.ids)
        return content.decode()

    def test_programme_is_printed(self):
        """A14: title, objective, content, means, duration, dates, place, follow-up,
        sanction, and who trains, beside the price."""
        order = self._purchase()
        [part] = html.fromstring(self._print(order)).xpath(
            "//div[@name='training_programme']"
        )
        words = part.text_content()
        localised = order.with_context(lang=order.partner_id.lang)
        for text in (
            *TEXTS.values(),
            self.programme.name,
            self.session.name,
            self.company.name,
            localised._get_training_place(),
            localised.training_session_id._get_catalogue_dates(),
        ):
            self.assertIn(text, words)
        self.assertEqual(len(part.xpath(".//tr")), 6)

    def test_what_is_not_filled_in_has_no_title(self):
        """A14: a programme without texts and hours prints its session alone."""
        programme = self._create_programme(name="Nu")
        order = self._purchase(session=self._create_session(programme))
        [part] = html.fromstring(self._print(order)).xpath(
            "//div[@name='training_programme']"
        )
        self.assertFalse(part.xpath(".//h3"))
        self.assertEqual(len(part.xpath(".//tr")), 5)

    def test_other_orders_are_left_alone(self):
        """A14: what is no training prints as it does without this addon."""
        product = self.env["product.product"].create({"name": "Book", "list_price": 9})
        order = self.env["sale.order"].create(
            {
                "partner_id": self.buyer.id,
                "order_line": [(0, 0, {"product_id": product.id})],
            }
        )
        printed = self._print(order)
        self.assertIn("Book", printed)
        view = self.env.ref(f"{ADDON}.report_saleorder_document")
        view.active = False
        self.assertEqual(
            [line.strip() for line in self._print(order).splitlines() if line.strip()],
            [line.strip() for line in printed.splitlines() if line.strip()],
        )
