# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Who lives the year: the operator, its sellers with their courses, the buyers."""

from base64 import b64encode
from datetime import date, timedelta

CLIENT = "year"
IBANS = (
    "FR7630004000030000000000106",
    "FR7630004000030000000000203",
    "FR7630004000030000000000397",
    "FR7630004000030000000000494",
)
#: Names, VAT regime, price of the course before tax, whether Mangopay knows them.
SELLERS = (
    ("Atelier des langues", "exempt", 690.0, True),
    ("Numérique pour tous", "taxable", 480.0, True),
    ("Voiles et vent", "franchise", 350.0, True),
    ("Cuisine d'Armor", "exempt", 540.0, False),
)
BUYERS = (
    "Menuiserie Durand",
    "Garage du Port",
    "Hôtel des Dunes",
    "Cabinet Le Bihan",
    "Fleurs de mai",
    "Transports Morvan",
    "Pharmacie du Pont",
    "Librairie Kermarec",
)
#: Never sends what Mangopay asks for.
SILENT = "Fleurs de mai"
SIRETS = ("73282932000074", "55208131766522", "80295478500028", "35600000000048")
ATTESTATION = {
    "vat_attestation_date": date(2024, 1, 15),
    "vat_attestation": b64encode(b"%PDF-1.4 attestation"),
    "vat_attestation_filename": "attestation.pdf",
}


class Town:
    """Makes the people, and remembers them by id: transactions come and go."""

    sirets = SIRETS

    def __init__(self, env, bank, hook_url):
        self.env = env
        self.bank = bank
        self.hook_url = hook_url

    def found(self) -> None:
        """Make everybody, ready to sell and to buy on the first day."""
        self._open_the_company()
        for name in BUYERS:
            self._welcome_buyer(name)
        for number, (name, regime, price, is_known) in enumerate(SELLERS):
            seller = self._welcome_seller(name, regime, number)
            self._offer_course(seller, price)
            if is_known:
                self.introduce(seller)
                self.give_account(seller, IBANS[number])

    # The operator

    def _open_the_company(self):
        env = self.env
        parameters = env["ir.config_parameter"]
        parameters.set_param("web.base.url", self.hook_url)
        parameters.set_param("web.base.url.freeze", "True")
        company = env.company
        france = env.ref("base.fr")
        company.write(
            {
                "name": "Place des formations",
                "country_id": france.id,
                "account_fiscal_country_id": france.id,
                "email": "contact@place.example.com",
                "vat": "FR23334175221",
            }
        )
        env["account.chart.template"].try_loading("fr", company, install_demo=False)
        company.write(
            {
                "finance_plus": True,
                "training_vat_regime": "exempt",
                "training_vat_attestation_date": ATTESTATION["vat_attestation_date"],
                "training_vat_attestation": ATTESTATION["vat_attestation"],
                "marketplace_commission_rate": 10.0,
            }
        )
        company._ensure_training_taxes()
        company._ensure_marketplace_accounts()
        link = env["mangopay.link"].create(
            {"client_id": CLIENT, "api_key": "key-of-the-year"}
        )
        link.action_link()
        account = env["mangopay.account"]._get_of(company)
        account.action_create_hooks()
        if not account.is_ready:
            raise RuntimeError(f"Mangopay is not linked: {link.refusal}")
        env.cr.commit()

    # Sellers

    def _welcome_seller(self, name, regime, number):
        """Approve a seller that has accepted the mandate; return its contact."""
        france = self.env.ref("base.fr")
        seller = self.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "is_marketplace_seller": True,
                "lang": "fr_FR" if self._speaks_french() else "en_US",
                "marketplace_legal_form": "company",
                "company_registry": SIRETS[number],
                "vat": "FR44732829320" if regime == "taxable" else False,
                "street": f"{number + 1} rue du Port",
                "zip": "17000",
                "city": "La Rochelle",
                "country_id": france.id,
                "email": f"contact{number}@sellers.example.com",
                "marketplace_rep_firstname": "Claire",
                "marketplace_rep_lastname": "Dupuis",
                "marketplace_rep_email": f"claire{number}@sellers.example.com",
                "marketplace_rep_birthdate": date(1980, 5, 4),
                "marketplace_rep_nationality_id": france.id,
                "marketplace_rep_country_id": france.id,
            }
        )
        contract = self.env["marketplace.seller"].create(
            {
                "partner_id": seller.id,
                "vat_regime": regime,
                "share_capital": "SAS au capital de 10 000 €",
                "registry": "RCS La Rochelle",
                "nda_number": "75170000017",
                **ATTESTATION,
            }
        )
        contract._decide("approve")
        text = contract._render_mandate()
        contract.mandate_id = contract._write_mandate(text, self.env.user, "", "")
        self.env.cr.commit()
        return seller

    def introduce(self, partner) -> None:
        """Have Mangopay know and verify a contact: a seller, or a buyer who waits."""
        user = self._get_owner(partner)
        user._accept_terms(self.env.user, "192.0.2.7")
        operation = user._announce()
        self.env.cr.commit()
        if operation:
            operation._send_now()
        self.bank.act("authenticate", user.mangopay_id, outcome="VALIDATED")
        self.bank.act("verify-user", user.mangopay_id)
        user._refresh()
        self.env.cr.commit()

    def give_account(self, seller, iban) -> None:
        """Register a bank account, which the seller confirms."""
        user = self._get_owner(seller)
        recipient = user._write_bank_account(iban, seller.name)
        self.env.cr.commit()
        user._register_recipient(recipient)
        self.bank.act("activate-recipient", recipient.mangopay_id)
        self.env.cr.commit()

    def _get_owner(self, partner):
        account = self.env["mangopay.account"]._get_of(self.env.company)
        users = self.env["mangopay.user"]
        return users._ensure(account, partner, "OWNER", "legal")

    def _offer_course(self, seller, price):
        self.env["product.template"].create(
            {
                "name": f"Cours de {seller.name}",
                "is_training_programme": True,
                "sell_online_payment": True,
                "is_published": True,
                "company_multi_learners": True,
                "list_price": price,
                "company_id": self.env.company.id,
                "marketplace_seller_id": seller.id,
            }
        )
        self.env.cr.commit()

    def open_session(self, seller):
        """Return a session of the seller's course, six weeks from now."""
        programme = self._get_paid_course(seller)
        begin = self.env.cr.now().replace(microsecond=0) + timedelta(days=42)
        return self.env["event.event"].create(
            {
                "name": programme.name,
                "programme_id": programme.id,
                "company_id": self.env.company.id,
                "date_begin": begin,
                "date_end": begin + timedelta(days=1),
                "date_tz": "Europe/Paris",
                "website_published": True,
            }
        )

    def _get_paid_course(self, seller):
        domain = [("marketplace_seller_id", "=", seller.id), ("list_price", ">", 0)]
        return self.env["product.template"].search(domain, limit=1)

    # Buyers

    def _welcome_buyer(self, name):
        """Make a company, and who buys for it."""
        number = self.env["res.partner"].search_count([("ref", "=", "buyer")])
        france = self.env.ref("base.fr")
        company = self.env["res.partner"].create(
            {
                "name": name,
                "ref": "buyer",
                "is_company": True,
                "company_registry": self.sirets[number % len(self.sirets)],
                "marketplace_legal_form": "company",
                "street": f"{number + 1} rue de la Paix",
                "zip": "75002",
                "city": "Paris",
                "country_id": france.id,
                "email": f"compta{number}@buyers.example.com",
                "marketplace_rep_firstname": "Paul",
                "marketplace_rep_lastname": "Durand",
                "marketplace_rep_email": f"paul{number}@buyers.example.com",
                "marketplace_rep_birthdate": date(1975, 5, 4),
                "marketplace_rep_nationality_id": france.id,
                "marketplace_rep_country_id": france.id,
            }
        )
        self.env["res.partner"].create(
            {
                "name": f"Claire, {name}",
                "parent_id": company.id,
                "type": "contact",
                "email": f"claire{number}@buyers.example.com",
                "phone": "+33 1 23 45 67 89",
            }
        )
        self.env.cr.commit()

    def send_documents(self) -> bool:
        """Be the buyers whose purchases wait, and who do as they are told (B10).

        :return: whether somebody had to
        """
        held = self.env["marketplace.sale"].search([("state", "=", "held")])
        asked = held.buyer_id.filtered(
            lambda one: (
                one.name != SILENT and not one._is_mangopay_verified(self.env.company)
            )
        )
        for buyer in asked:
            self.introduce(buyer)
        return bool(asked)

    def _speaks_french(self):
        return bool(self.env["res.lang"]._get_data(code="fr_FR").id)
