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


def programme(env, **values):
    """Return a published programme sold with online payment."""
    return env["product.template"].create(
        {
            "name": "Conduire un entretien professionnel",
            "is_training_programme": True,
            "sell_online_payment": True,
            "is_published": True,
            "company_multi_learners": True,
            "list_price": 600.0,
            "company_id": env.company.id,
            **values,
        }
    )
