# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B2, B5, B20: a seller presents itself; a question to the operator is passed on."""

import doctest
from base64 import b64decode
from io import BytesIO

from PIL import Image

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..services import seller_profile
from .channel_common import ChannelCommon

PAGE = "/my/channel/presentation"
SUPPORT = "training_marketplace_payout.group_marketplace_support"


def make_image(kind="PNG", **options):
    buffer = BytesIO()
    Image.new("RGB", (40, 20), "navy").save(buffer, kind, **options)
    return buffer.getvalue()


@tagged("standard", "post_install", "-at_install")
class TestSellerProfile(ChannelCommon):
    def save(self, logo=None, status=303, **values):
        form = {**self.contract._get_profile(), **values}
        files = {"logo": logo} if logo else None
        answer = self.post(PAGE, files=files, **form)
        self.assertEqual(answer.status_code, status, answer.text[:300])
        self.env.invalidate_all()
        return answer

    def test_examples(self):
        """B2: what the docstrings say."""
        self.assertFalse(doctest.testmod(seller_profile).failed)

    def test_seller_presents_itself(self):
        """B2: what is saved is on the public page, as text: no tag is taken."""
        self.log_in(self.claire)
        self.save(
            presentation="Depuis 1998.\r\n\r\n<script>alert(1)</script>",
            phone="+33 5 46 00 00 00",
            website="atelier.example/cours",
            consumer_mediator="Médiation, 12 rue Haute, Paris",
            share_capital="SAS au capital de 10 000 €",
        )
        self.assertEqual(self.seller.website, "https://atelier.example/cours")
        self.assertEqual(self.contract.share_capital, "SAS au capital de 10 000 €")
        page = self.url_open(self.seller._get_channel_url()).text
        self.assertIn("Depuis 1998.", page)
        self.assertNotIn("<script>alert(1)", page)
        self.assertIn("https://atelier.example/cours", page)
        self.assertIn("Depuis 1998.", self.url_open(PAGE).text)

    def test_formatting_is_kept_when_words_are_not_changed(self):
        """B2: saving another field does not flatten what the operator formatted."""
        self.seller.marketplace_description = "<p>Depuis <b>1998</b></p>"
        before = self.seller.marketplace_description
        self.log_in(self.claire)
        self.save(phone="01")
        self.assertEqual(self.seller.marketplace_description, before)

    def test_logo(self):
        """B2: a PNG or a JPEG, made anew; anything else is refused and nothing kept."""
        self.log_in(self.claire)
        hidden = make_image("JPEG", comment=b"<?php evil() ?>")
        self.save(logo=("logo.jpg", hidden, "image/jpeg"))
        kept = b64decode(self.seller.image_1920)
        self.assertTrue(kept.startswith(b"\x89PNG"))
        self.assertNotIn(b"evil", kept)
        for content in (
            b"<svg onload=alert(1)>",
            b"\x89PNG\r\n\x1a\nbroken",
            b"%PDF-1",
        ):
            self.save(
                logo=("logo.png", content, "image/png"), status=422, phone="99 99"
            )
        self.assertNotEqual(self.seller.phone, "99 99")
        self.assertEqual(b64decode(self.seller.image_1920), kept)
        self.save(drop_logo="1")
        self.assertFalse(self.seller.image_1920)

    def test_wrong_fields(self):
        """B2: told beside each field; nothing is saved."""
        self.log_in(self.claire)
        name = self.seller.name
        answer = self.save(
            status=422, email="x", website="javascript:alert(1)", phone="9" * 50
        )
        self.assertEqual(answer.text.count("is-invalid"), 3)
        self.save(name="Another name", company_registry="1", vat_regime="exempt")
        self.assertEqual(self.seller.name, name)
        self.assertEqual(self.contract.vat_regime, "taxable")

    def test_vat_number_is_completed_never_replaced(self):
        """B12: invoices bear it: the operator alone changes one that is there."""
        self.log_in(self.claire)
        known = self.seller.vat
        self.save(vat="FR40303265045")
        self.assertEqual(self.seller.vat, known)
        self.contract.vat_regime = "franchise"
        self.seller.vat = False
        self.save(vat="FR00000000000", status=422)
        self.assertFalse(self.seller.vat)
        self.save(vat="FR40303265045")
        self.assertEqual(self.seller.vat, "FR40303265045")

    def test_only_ones_own(self):
        """B2: a colleague too; a rival changes its own; a visitor finds nothing."""
        self.log_in(self.paul)
        self.post(PAGE, email="new@institut.example", presentation="Nous")
        self.env.invalidate_all()
        self.assertEqual(self.rival.email, "new@institut.example")
        self.assertNotEqual(self.seller.email, "new@institut.example")
        self.log_in(self.visitor)
        self.assertEqual(self.url_open(PAGE).status_code, 404)
        self.assertEqual(self.post(PAGE, email="a@b.fr").status_code, 404)


@tagged("standard", "post_install", "-at_install")
class TestForward(ChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.support = new_test_user(
            cls.env, login="support", groups=f"base.group_user,{SUPPORT}"
        )
        cls.question = (
            cls.env["training.request"]
            .with_user(cls.visitor)
            .sudo()
            ._create_from_website(
                {
                    "kind": "information",
                    "is_channel": True,
                    "contact_name": "Nora",
                    "email": cls.visitor.login,
                    "message": "Qui enseigne l'espagnol ?",
                }
            )
        )

    def forward(self, seller, user=None, note=False):
        return (
            self.env["training.request.forward"]
            .with_user(user or self.support)
            .create(
                {
                    "request_id": self.question.id,
                    "seller_id": seller.id,
                    "note": note,
                }
            )
            .action_forward()
        )

    def test_question_is_forwarded(self):
        """B5: the seller reads and answers it, the visitor is told, in the thread."""
        self.assertTrue(self.question.is_channel)
        before = self.question.message_ids
        self.forward(self.seller, note="Bonne <b>chance</b>")
        question = self.question.sudo()
        self.assertEqual(question.marketplace_seller_id, self.seller)
        self.assertFalse(question.is_channel)
        self.assertTrue(question.channel_waiting_since)
        message = question.message_ids - before
        self.assertIn(self.seller.name, message[:1].body)
        self.assertNotIn("<b>", message[:1].body)
        told = message[:1].notified_partner_ids
        self.assertIn(self.visitor.partner_id, told)
        self.assertIn(self.claire.partner_id, told)
        self.log_in(self.claire)
        page = self.url_open(f"/my/channel/{question.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn("espagnol", page.text)

    def test_once_and_by_whom(self):
        """B5: by the marketplace's people only, to an open seller, once."""
        insider = new_test_user(
            self.env, login="insider", groups="event.group_event_manager"
        )
        with self.assertRaises(AccessError):
            self.question.with_user(insider).sudo(False).action_forward()
        closed = self.env["res.partner"].create(
            {"name": "Closed", "is_company": True, "is_marketplace_seller": True}
        )
        with self.assertRaises(UserError):
            self.forward(closed)
        self.forward(self.seller)
        with self.assertRaises(UserError):
            self.forward(self.rival)
        self.assertEqual(self.question.sudo().marketplace_seller_id, self.seller)
