# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Make the database of a test ready to sell, in Odoo's shell (``env`` is given)."""

ACCOUNT = "faults"


def organisation(env, url):
    """Make the company a French training organisation with the address ``url``."""
    parameters = env["ir.config_parameter"]
    parameters.set_param("web.base.url", url)
    parameters.set_param("web.base.url.freeze", "True")
    # Leads are not sent to a service of the network to be enriched.
    parameters.set_param("crm.iap.lead.enrich.setting", "manual")
    company = env.company
    france = env.ref("base.fr")
    company.write({"country_id": france.id, "account_fiscal_country_id": france.id})
    env["account.chart.template"].try_loading("fr", company, install_demo=False)
    company.write({"email": "contact@formation.example.com"})
    return company


def ready_to_sell(env, url):
    """Make it sell: Finance +, the VAT regime, and its Stripe account linked."""
    company = organisation(env, url)
    company.write(
        {
            "finance_plus": True,
            "training_vat_regime": "exempt",
            "training_vat_attestation_date": "2024-01-15",
            "training_vat_attestation": "YQ==",
        }
    )
    company._ensure_training_taxes()
    link_stripe(env)


def demonstration(env, url):
    """Load the demonstration data of addon A, and link its organisation."""
    from odoo.modules.module import Manifest
    from odoo.tools import convert_file

    organisation(env, url)
    addon = "training_catalogue_payment"
    for file in Manifest.for_addon(addon)["demo"]:
        convert_file(env, addon, file, {}, "init", noupdate=True)
    link_stripe(env)


def link_stripe(env):
    """Link the company's account at the stand-in, as its administrator does."""
    company = env.company
    link = env["training.stripe.link"].create(
        {
            "company_id": company.id,
            "secret_key": f"sk_test_{ACCOUNT}_1",
            "publishable_key": f"pk_test_{ACCOUNT}_1",
        }
    )
    link.action_link()
    if not company.training_stripe_provider_id.training_link_ready:
        raise RuntimeError(f"Stripe is not linked: {link.refusal}")


def link_mangopay(env):
    """Link the company's account at the stand-in; its notifications come here."""
    link = env["mangopay.link"].create({"client_id": ACCOUNT, "api_key": "key-1"})
    link.action_link()
    account = env["mangopay.account"]._get_of(env.company)
    account.action_create_hooks()
    env["website"].search([]).auth_signup_uninvited = "b2c"
    if not account.is_ready:
        raise RuntimeError(f"Mangopay is not linked: {link.refusal}")


def verify_buyers_above(env, amount):
    """Have purchases wait for Mangopay's verdict above an amount (B10)."""
    env.company.marketplace_buyer_threshold = amount


def seller_programme(env, **values):
    """Return the published course of a seller, whom Mangopay need not know yet."""
    seller = env["res.partner"].create(
        {
            "name": "Atelier des langues",
            "is_company": True,
            "is_marketplace_seller": True,
        }
    )
    seller_contract(env, seller)
    name = "Photographie de chantier"
    return programme(env, name=name, marketplace_seller_id=seller.id, **values)


def seller_contract(env, seller):
    """Have a seller approved, and its mandate accepted: an exempt organisation."""
    seller.write(
        {
            "marketplace_legal_form": "company",
            "company_registry": "73282932000074",
            "street": "3 rue du Port",
            "zip": "17000",
            "city": "La Rochelle",
            "country_id": env.ref("base.fr").id,
            "email": "contact@atelier.example",
        }
    )
    contract = env["marketplace.seller"].create(
        {
            "partner_id": seller.id,
            "share_capital": "SAS au capital de 10 000 €",
            "registry": "RCS La Rochelle",
            "vat_regime": "exempt",
            "vat_attestation_date": "2024-01-15",
            "vat_attestation": "JVBERi0xLjQ=",
            "vat_attestation_filename": "attestation.pdf",
        }
    )
    contract._decide("approve")
    text = contract._render_mandate()
    contract.mandate_id = contract._write_mandate(text, env.user, "192.0.2.7", "")
    return contract


def sellers(env, names):
    """Create sellers, each with a user of the portal who is named after it."""
    for name in names:
        company = {"is_company": True, "is_marketplace_seller": True, "name": name}
        portal_user(env, env["res.partner"].create(company), name)


def portal_user(env, seller, name):
    """Give a seller a user of the portal; the password is the login."""
    contact = env["res.partner"].create(
        {"name": f"Claire, {name}", "email": f"{name}@x.example"}
    )
    contact.parent_id = seller
    env["res.users"].with_context(no_reset_password=True).create(
        {
            "login": name,
            "password": name,
            "partner_id": contact.id,
            "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
        }
    )


def channel(env, login):
    """Give a seller a team and three courses: sold live, free, and online for all."""
    seller = seller_session(env).programme_id.marketplace_seller_id
    portal_user(env, seller, login)
    free = {"list_price": 0.0, "sell_online_payment": False}
    session(
        env, programme(env, "Dire bonjour", marketplace_seller_id=seller.id, **free)
    )
    course = programme(env, "Anglais en ligne", marketplace_seller_id=seller.id)
    course._decide_elearning(True, "Tutored and hosted by the seller")
    lessons = env["slide.channel"].create(
        {"name": course.name, "enroll": "invite", "visibility": "members"}
    )
    lessons.website_published = True
    online = {"slide_channel_id": lessons.id, "is_out_of_bpf": True}
    session(env, course, date_begin="2026-01-05 08:00:00", **online)
    env.company.marketplace_seller_threshold = 1000
    env.company.marketplace_transfer_days = 0


def seller_session(env):
    """Return a session on sale of a seller's course."""
    return session(env, seller_programme(env), name="Session du marché")


def session(env, programme, **values):
    """Return a published session of a programme."""
    return env["event.event"].create(
        {
            "name": f"Session, {programme.name}",
            "programme_id": programme.id,
            "company_id": env.company.id,
            "date_begin": "2035-03-05 08:00:00",
            "date_end": "2035-03-06 16:00:00",
            "date_tz": "Europe/Paris",
            "website_published": True,
            **values,
        }
    )


def programme(env, name="Conduire un entretien professionnel", **values):
    """Return a published programme sold with online payment."""
    return env["product.template"].create(
        {
            "name": name,
            "is_training_programme": True,
            "sell_online_payment": True,
            "is_published": True,
            "company_multi_learners": True,
            "list_price": 600.0,
            "company_id": env.company.id,
            **values,
        }
    )
