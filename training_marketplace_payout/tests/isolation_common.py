# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two sellers who both have everything; what is whose. Holds no test itself.

Every row that came into the database with the second seller is that seller's, whatever
its model: what our own models still lack then is filled in by their fields' types. A
new model is so walked like the others, or the fixture fails and says which.
"""

import re
from types import SimpleNamespace

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError
from odoo.models import MAGIC_COLUMNS as MAGIC
from odoo.tools import SQL, mute_logger

from .invoice_common import MarketplaceInvoiceCommon
from .mangopay_common import TRANSFER
from .marketplace_common import ATTESTATION, accept_mandate, make_contract
from .marketplace_money_common import BOOKS_JOB
from .seller_common import create_portal_user

OURS = {"training_catalogue_payment", "training_marketplace_payout"}
#: In everything of the second seller that is nobody else's business.
MARK = "Zephyrine"
#: What the public pages say of a seller, and of what it sells.
PUBLIC_FIELDS = {
    "res.partner": {"name", "email", "street", "zip", "city", "vat", "website"},
    "product.template": {"name", "description_sale"},
    "event.event": {"name"},
    "event.event.ticket": {"name"},
}
SHORTEST = 8
#: Of the operator alone: nobody else reads the rows that there are.
OPERATOR_MODELS = {"mangopay.account", "training.tax.mention", "training.terms"}


def is_telling(text):
    """Whether a text can only be somebody's: marked, or a number, a key, an address."""
    is_code = re.search("[a-zA-Z]", text) and re.search("[0-9]", text)
    return MARK in text or (len(text) >= SHORTEST and is_code)


class IsolationCommon(MarketplaceInvoiceCommon):
    """`one` looks at everything of `other`, as do a stranger and the public."""

    def setUp(self):
        super().setUp()
        self.stranger = self._create_client("stranger", "Nobody")
        begin = self.last_ids()
        self.one = self.open_seller("one", "Ordinary")
        self.mine = self.new_ids(begin)
        before = self.last_ids()
        self.other = self.open_seller("other", MARK)
        self.run_jobs(BOOKS_JOB)
        self.theirs = self.new_ids(before)
        for name in sorted(self.our_models()):
            self.ensure(name)
        self.attach_everywhere()
        self.env.flush_all()
        self.theirs = self.new_ids(before)
        for name in OPERATOR_MODELS:
            self.theirs[name] = self.env[name].search([]).ids
        self.secrets = self.harvest()

    # The world of a seller

    def open_seller(self, login, mark):
        """Return a seller with a team, courses, sales, requests and what follows."""
        partner = self.env["res.partner"].create({"name": f"Seller {login}"})
        self.seller = partner
        self.contract = make_contract(
            self.env,
            partner,
            self.company,
            accepted=False,
            vat_regime="exempt",
            message=f"{mark} wants to sell",
            **ATTESTATION,
        )
        world = SimpleNamespace(partner=partner, contract=self.contract)
        world.user = create_portal_user(
            self.env, partner, f"{mark}.team@{login}.example".lower()
        )
        world.mandate = accept_mandate(self.contract, world.user)
        world.course = self._create_programme(
            name=f"Course of {login}", marketplace_seller_id=partner.id
        )
        self._create_programme(
            name=f"{mark} prepares a course",
            marketplace_seller_id=partner.id,
            is_published=False,
        )
        world.session = self._create_session(world.course, name=f"Session of {login}")
        world.client = self._create_client(login, mark)
        self.open_requests(world, mark)
        self.open_sale(world, mark)
        self.open_elearning(world, mark)
        self.open_mangopay(world, mark)
        return world

    def _create_client(self, login, mark):
        contact = self.env["res.partner"].create({"name": f"{mark} Client of {login}"})
        user = create_portal_user(
            self.env, contact, f"{mark}.client@{login}.example".lower()
        )
        user.partner_id.write({"name": f"{mark} Client", "parent_id": False})
        return user

    def open_requests(self, world, mark):
        """Let a visitor ask, the team answer, with a file each."""
        requests = self.env["training.request"].with_user(world.client).sudo()
        world.request = requests._create_from_website(
            {
                "kind": "information",
                "programme_id": world.course.id,
                "contact_name": world.client.name,
                "email": world.client.login,
                "phone": f"{mark} 0102030405",
                "message": f"{mark} asks something",
            }
        ).with_user(self.env.user)
        for user in (world.client, world.user):
            file = b"%PDF-1.7 " + f"{mark} file of {user.login}".encode()
            world.request.sudo()._post_on_channel(
                f"{mark} writes", [(f"{mark}.pdf", file)], user.partner_id
            )

    def open_sale(self, world, mark):
        """Sell, invoice, refund a part, invite."""
        company = self.buyer.parent_id.copy(
            {"name": f"{mark} SARL", "email": f"{mark}@sarl.example".lower()}
        )
        contact = self.buyer.copy(
            {
                "name": f"{mark} Durand",
                "parent_id": company.id,
                "email": f"{mark}.durand@sarl.example".lower(),
            }
        )
        learners = [
            {
                "name": f"{mark} Learner {number}",
                "email": f"{mark}.learner{number}@x.example".lower(),
            }
            for number in (1, 2)
        ]
        world.sale = self.sell(
            session=world.session, contact=contact, learners=learners
        )
        world.order = world.sale.order_id
        world.order._follow_up_purchase()
        world.invoice = self.invoices._issue_for_sale(world.sale)
        self.invoices._issue_credit_note(self.refund(world.sale, 10.0))
        world.sale._invite(world.sale._get_seats()[0], world.user.partner_id)
        world.invitation = self.env["marketplace.invitation"].search(
            [("sale_id", "=", world.sale.id)], limit=1
        )

    def open_elearning(self, world, mark):
        """Write a lesson, for its members."""
        values = {"name": f"{mark} online", "enroll": "invite", "visibility": "members"}
        channel = self.env["slide.channel"].create(
            {**values, "website_published": True}
        )
        self.env["slide.slide"].create(
            {
                "name": f"{mark} lesson",
                "channel_id": channel.id,
                "slide_category": "article",
                "html_content": f"<p>{mark} teaches</p>",
                "website_published": True,
            }
        )
        self._create_session(
            world.course,
            name=f"Lessons of {world.partner.name}",
            slide_channel_id=channel.id,
        )

    def open_mangopay(self, world, mark):
        """Have Mangopay know the seller."""
        self.env["res.partner.bank"].create(
            {"partner_id": world.partner.id, "acc_number": f"{mark} account"}
        )
        users = self.env["mangopay.user"]
        world.known = users._ensure(self.account, world.partner, "OWNER", "legal")
        world.known.write({"mangopay_id": f"user_{mark}", "state": "active"})
        wallet = world.known._get_wallet(self.company.currency_id)
        wallet.write({"mangopay_id": f"wallet_{mark}", "state": "active"})
        self.env["mangopay.operation"]._request(
            "transfer",
            world.partner,
            self.account,
            {**TRANSFER, "author_id": f"user_{mark}"},
            amount_minor=1000,
            currency_id=self.company.currency_id.id,
            reason=f"{mark} is paid",
        )

    # What our models still lack

    def our_models(self):
        """Return the names of our models that keep rows."""
        return [
            model._name
            for model in map(self.env.__getitem__, self.env.registry)
            if model._original_module in OURS
            and model._auto
            and not model._abstract
            and not model._transient
        ]

    def ensure(self, name):
        """Return the rows of the second seller in one of our models, one at least."""
        if not self.theirs.get(name) and name not in OPERATOR_MODELS:
            self.theirs[name] = self.fill(name).ids
        return self.theirs.get(name)

    def fill(self, name):
        """Create a record of the second seller in one of our models."""
        model = self.env[name]
        values = {}
        for field in model._fields.values():
            if field.store and not field.related and field.name not in MAGIC:
                value = self.make_value(model, field)
                if value is not None:
                    values[field.name] = value
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                return model.create(values)
        except (UserError, ValueError, TypeError, IntegrityError) as error:
            problem = f"{name}: give one to the second seller in `open_seller`"
            raise AssertionError(problem) from error

    def make_value(self, model, field):
        """Return a value for a field, or nothing where none is needed."""
        if field.type == "many2one":
            is_ours = field.required and field.comodel_name in self.our_models()
            ids = self.ensure(field.comodel_name) if is_ours else None
            ids = ids or self.theirs.get(field.comodel_name)
            common = {"res.company": self.company, "res.country": self.france}
            common["res.currency"] = self.company.currency_id
            if field.comodel_name in common:
                return common[field.comodel_name].id
            if field.comodel_name == "res.partner":
                return self.other.partner.id
            if ids:
                return ids[0]
            return self.env[field.comodel_name].search([], limit=1).id or None
        if field.type in ("char", "text", "html") and not field.compute:
            return f"{MARK} {model._name} {field.name}"
        if not field.required or model._fields[field.name].default:
            return None
        if field.type == "selection":
            return field.get_values(self.env)[0]
        now = fields.Datetime.now()
        return {
            "date": now.date(),
            "datetime": now,
            "json": [],
            "boolean": True,
            "many2one_reference": self.other.partner.id,
        }.get(field.type, 1)

    def attach_everywhere(self):
        """Attach a file to everything of the second seller."""
        self.env["ir.attachment"].create(
            [
                {
                    "name": f"{MARK} {name}",
                    "res_model": name,
                    "res_id": id_,
                    "raw": f"{MARK} keeps this {name}".encode(),
                }
                for name, ids in self.theirs.items()
                for id_ in ids[:1]
                if name in self.env and not name.startswith(("ir.", "bus."))
            ]
        )

    # Whose a row is

    def tables(self):
        """Return the models that have a table with ids."""
        for model in map(self.env.__getitem__, self.env.registry):
            if model._auto and not model._abstract and not model._transient:
                yield model

    def last_ids(self):
        """Return the last id of each model."""
        self.env.flush_all()
        each = [
            SQL("SELECT %s, max(id) FROM %s", one._name, SQL.identifier(one._table))
            for one in self.tables()
        ]
        return dict(self.env.execute_query(SQL(" UNION ALL ").join(each)))

    def new_ids(self, before):
        """Return what has come since, by model."""
        found = {}
        for name, last in self.last_ids().items():
            if last and last > (before[name] or 0):
                model = self.env[name].with_context(active_test=False)
                domain = [("id", ">", before[name] or 0)]
                if ids := model.sudo().search(domain, order="id").ids:
                    found[name] = ids
        return found

    def harvest(self):
        """Return the strings that are the second seller's alone."""
        secrets, known = set(), set()
        for name in {*self.our_models(), *PUBLIC_FIELDS, "sale.order", "mail.message"}:
            model = self.env[name].sudo().with_context(active_test=False)
            shown = PUBLIC_FIELDS.get(name, ())
            columns = [
                field.name
                for field in model._fields.values()
                if field.store and field.type in ("char", "text", "html")
            ]
            ids = set(self.theirs.get(name, ())) if name not in OPERATOR_MODELS else ()
            for row in model.search([]).read(columns, load=""):
                is_new = row.pop("id") in ids
                for column, value in row.items():
                    if not isinstance(value, str) or not is_telling(value):
                        continue
                    is_secret = is_new and (column not in shown or MARK in value)
                    (secrets if is_secret else known).add(value)
        secrets -= known
        assert any(MARK in secret for secret in secrets)
        return sorted(secrets)

    def leaks(self, text):
        """Return which secrets a text shows."""
        return [secret for secret in self.secrets if secret in text]
