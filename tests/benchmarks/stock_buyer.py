# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A visitor who buys an event ticket of stock Odoo, with its demo provider."""

from faults.harness.buyer import Refused, Visitor
from lxml import html


class StockBuyer(Visitor):
    """The twelve requests of stock's purchase."""

    def buy(self, event_id: int, ticket_id: int) -> str:
        """Buy one ticket and return the state of the payment."""
        self.fill_cart(event_id, ticket_id)
        self.pay()
        return self.wait_for_outcome()

    def fill_cart(self, event_id: int, ticket_id: int) -> None:
        """Register one attendee and go on to the payment page."""
        page = html.fromstring(self.get(f"/event/{event_id}/register").content)
        token = page.xpath("//input[@name='csrf_token']/@value")[0]
        dialogue = self.rpc(
            f"/event/{event_id}/registration/new", **{f"nb_register-{ticket_id}": 1}
        )
        answer = self.call(
            "POST",
            f"/event/{event_id}/registration/confirm",
            data={
                **self._answers(html.fromstring(dialogue)),
                "csrf_token": token,
                "1-event_ticket_id": ticket_id,
            },
        )
        self.page = html.fromstring(answer.content)
        if not self.page.xpath("//form[@id='o_payment_form']"):
            raise Refused(answer.url)

    def _answers(self, dialogue) -> dict:
        """Return the first attendee's answers, by the names of the fields."""
        answers = {
            "name": f"Claire {self.name}",
            "email": f"{self.name}@acheteurs.example.com",
            "phone": "+33 1 23 45 67 89",
        }
        return {
            field: answers[field.split("-")[1]]
            for field in dialogue.xpath("//input/@name")
            if field.startswith("1-") and field.split("-")[1] in answers
        }

    def pay(self) -> None:
        """Start the payment, have it captured, and go to the status page."""
        form = self.page.xpath("//form[@id='o_payment_form']")[0].attrib
        radio = self.page.xpath(
            "//input[@name='o_payment_radio'][@data-provider-code='demo']"
        )[0].attrib
        processing = self.rpc(
            form["data-transaction-route"],
            provider_id=int(radio["data-provider-id"]),
            payment_method_id=int(radio["data-payment-option-id"]),
            token_id=None,
            amount=float(form["data-amount"]),
            flow="direct",
            tokenization_requested=False,
            landing_route=form["data-landing-route"],
            is_validation=False,
            access_token=form["data-access-token"],
        )
        self.rpc(
            "/payment/demo/simulate_payment",
            reference=processing["reference"],
            payment_details="1234",
            simulated_state="done",
        )
        self.get("/payment/status")
