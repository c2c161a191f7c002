# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What a browser and a test ask of the stand-in of Stripe."""

import requests

CARD = "4242424242424242"


class Stripe:
    """The stand-in, seen from outside of Odoo."""

    def __init__(self, url: str):
        self.url = url

    def confirm(self, publishable_key: str, client_secret: str, card: str = CARD):
        """Pay with a card, as Stripe.js does; return the intent or the error."""
        intent = client_secret.partition("_secret_")[0]
        answer = requests.post(
            f"{self.url}/v1/payment_intents/{intent}/confirm",
            data={
                "key": publishable_key,
                "client_secret": client_secret,
                "payment_method_data[type]": "card",
                "payment_method_data[card][number]": card,
                "payment_method_data[card][exp_month]": "12",
                "payment_method_data[card][exp_year]": "2034",
                "payment_method_data[card][cvc]": "123",
            },
            timeout=30,
        )
        return answer.json()

    def fault(self, **fault) -> None:
        """Have the stand-in do something wrong once, see its ``faults``."""
        requests.post(f"{self.url}/_faults", json=fault, timeout=10).raise_for_status()

    def forget_faults(self) -> None:
        """Have the stand-in behave again."""
        requests.delete(f"{self.url}/_faults", timeout=10).raise_for_status()

    def journal(self, **filters) -> list[dict]:
        """Return the movements of money, oldest first."""
        return requests.get(f"{self.url}/_journal", params=filters, timeout=10).json()

    def charged(self, reference: str) -> int:
        """Return what was taken, less what was given back, for one transaction."""
        return sum(
            line["amount"] for line in self.journal() if line["reference"] == reference
        )
