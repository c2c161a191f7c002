# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two open sellers, a visitor with an account, free courses. Holds no test itself."""

from odoo import http

from odoo.addons.training_catalogue_payment.tests.http_common import TrainingHttpCommon

from .marketplace_common import make_contract
from .seller_common import create_portal_user

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 100


class ChannelCommon(TrainingHttpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller, cls.rival = cls.env["res.partner"].create(
            [
                {"name": "Atelier des langues", "email": "contact@atelier.example"},
                {"name": "Institut du bâtiment", "email": "contact@institut.example"},
            ]
        )
        cls.contract = make_contract(cls.env, cls.seller, cls.company)
        make_contract(cls.env, cls.rival, cls.company)
        cls.claire = create_portal_user(cls.env, cls.seller, "claire@atelier.example")
        cls.marc = create_portal_user(cls.env, cls.seller, "marc@atelier.example")
        cls.paul = create_portal_user(cls.env, cls.rival, "paul@institut.example")
        cls.visitor = cls._create_visitor("nora@petit.example", "Nora Petit")
        cls.other = cls._create_visitor("luc@autre.example", "Luc Autre")
        cls.website.auth_signup_uninvited = "b2c"
        cls.free = cls._create_programme(
            name="Dire bonjour",
            marketplace_seller_id=cls.seller.id,
            list_price=0,
            sell_online_payment=False,
        )
        cls.free_session = cls._create_session(cls.free, name="Bonjour en juin")
        cls.rival_course = cls._create_programme(
            name="Monter un mur", marketplace_seller_id=cls.rival.id
        )

    @classmethod
    def _create_visitor(cls, login, name):
        user = create_portal_user(
            cls.env, cls.env["res.partner"].create({"name": name}), login
        )
        user.partner_id.write({"name": name, "parent_id": False})
        return user

    def log_in(self, user=None):
        login = user and user.login
        self.authenticate(login, login)

    def token(self):
        return http.Request.csrf_token(self)

    def post(self, url, files=None, **form):
        """Post a form of ours as a browser does; return the answer."""
        return self.url_open(
            url,
            data={**form, "csrf_token": self.token()},
            files=files,
            allow_redirects=False,
        )

    def ask(self, user=None, kind="information", programme=None, **values):
        """Return the request that a visitor sends about a course."""
        user = user or self.visitor
        programme = self.free if programme is None else programme
        requests = self.env["training.request"].with_user(user).sudo()
        request = requests._create_from_website(
            {
                "kind": kind,
                "programme_id": programme.id,
                "contact_name": user.name,
                "email": user.email or user.login,
                "message": "Y a-t-il un niveau débutant ?",
                **values,
            }
        ).sudo(False)
        self.env.flush_all()
        return request.with_user(self.env.user).sudo()

    def answer(self, request, user, text="Oui."):
        """Write in a conversation as one of its sides."""
        request.with_user(user).sudo()._post_on_channel(text, [], user.partner_id)

    def mails(self, request):
        """Return the mails about a request: address → how many."""
        mails = self.env["mail.mail"].search(
            [("model", "=", request._name), ("res_id", "=", request.id)]
        )
        count = {}
        for mail in mails:
            addresses = mail.recipient_ids.mapped("email") or [mail.email_to]
            for address in addresses:
                count[address] = count.get(address, 0) + 1
        return count
