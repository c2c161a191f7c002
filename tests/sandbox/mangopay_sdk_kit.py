# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What tests do with Mangopay's own Python SDK."""

import requests
from mangopay import resources
from mangopay.utils import Address, BrowserInfo, Money
from mangopay_stand_in import FRICTIONLESS

ADDRESS = Address(
    address_line_1="1 rue de Lyon",
    address_line_2="",
    city="Paris",
    region="",
    postal_code="75012",
    country="FR",
)
BROWSER = BrowserInfo(
    accept_header="text/html",
    java_enabled=False,
    javascript_enabled=True,
    language="FR",
    color_depth=24,
    screen_height=900,
    screen_width=1400,
    timezone_offset=60,
    user_agent="Test",
)


def eur(amount):
    return Money(amount, "EUR")


def natural(sdk, category="PAYER", **values):
    values = {
        "first_name": "Paul",
        "last_name": "Durand",
        "email": "paul@example.com",
        "user_category": category,
        "terms_and_conditions_accepted": category == "OWNER",
        **values,
    }
    if category == "OWNER":
        values = {
            "birthday": 315532800,
            "nationality": "FR",
            "country_of_residence": "FR",
            **values,
        }
    user = resources.NaturalUserSca(**values)
    user.save(sdk)
    return user


def wallet(sdk, user):
    made = resources.Wallet(owners=[user], description="Test", currency="EUR")
    made.save(sdk)
    return made


def web_payin(sdk, payer, made, **values):
    payin = resources.CardWebPayIn(
        author=payer,
        credited_wallet=made,
        debited_funds=eur(12000),
        fees=eur(0),
        return_url="http://127.0.0.1:1/back",
        card_type="CB_VISA_MASTERCARD",
        culture="FR",
        secure_mode="DEFAULT",
        **values,
    )
    payin.save(sdk)
    return payin


def registered(sdk, payer, number=FRICTIONLESS):
    registration = resources.CardRegistration(user=payer, currency="EUR")
    registration.save(sdk)
    data = requests.post(
        registration.card_registration_url,
        data={
            "accessKeyRef": registration.access_key,
            "data": registration.preregistration_data,
            "cardNumber": number,
            "cardExpirationDate": "1230",
            "cardCvx": "123",
        },
        timeout=5,
    )
    registration.registration_data = data.text
    registration.save(sdk)
    assert registration.status == "VALIDATED"
    assert registration.result_code == "000000"
    return resources.Card.get(registration.card_id, handler=sdk)


def direct(sdk, payer, made, card):
    payin = resources.DirectPayIn(
        author=payer,
        credited_wallet=made,
        card=card,
        debited_funds=eur(5000),
        fees=eur(0),
        secure_mode="DEFAULT",
        secure_mode_return_url="http://127.0.0.1:1/back",
        ip_address="127.0.0.1",
        browser_info=BROWSER,
    )
    payin.save(sdk)
    return payin
