# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What buyers do: buy, go away without paying, ask for their money back."""


class Shop:
    """Buys as the pages of the site do, by the same methods, without the pages."""

    def __init__(self, env, bank, jobs):
        self.env = env
        self.bank = bank
        self.jobs = jobs

    def buy(self, session, buyer, learners=1, *, follow_up=True):
        """Pay for learners of a session, and come back; return the order.

        :param bool follow_up: let the jobs do at once what follows
        """
        order = self._fill_cart(session, buyer, learners)
        tx = self._press_pay(order)
        tx._open_mangopay_page()
        self.env.cr.commit()
        self.bank.act("pay", tx.provider_reference)
        tx._look_at_mangopay_payin()
        self.env.cr.commit()
        if tx.state != "done":
            raise RuntimeError(f"{order.name} is not paid: {tx.state_message}")
        if follow_up:
            self.jobs.run()
        return order

    def be_refused(self, session, buyer):
        """Try a card that the bank refuses; nothing is sold."""
        tx = self._press_pay(self._fill_cart(session, buyer, 1))
        tx._open_mangopay_page()
        self.env.cr.commit()
        self.bank.act("refuse-payin", tx.provider_reference, code="101101")
        self.jobs.run()

    def give_back(self, order, amount):
        """Cancel learners of an order: all of them, or none for a part of the price."""
        learners = order._get_active_learners()
        is_whole = not order.currency_id.compare_amounts(amount, order.amount_total)
        cancelled = learners if is_whole else learners[:1]
        order._cancel_training(cancelled, amount, "Asked by the buyer")
        self.jobs.run()

    def _fill_cart(self, session, buyer, learners):
        website = self.env["website"].search([], limit=1)
        order = self.env["sale.order"].create(
            {
                "partner_id": website.user_id.partner_id.id,
                "website_id": website.id,
                "company_id": self.env.company.id,
            }
        )
        contact = buyer.child_ids[:1]
        people = [
            {"name": f"{buyer.name} {number}", "email": f"l{number}@{buyer.id}.example"}
            for number in range(1, learners + 1)
        ]
        order._set_training_purchase(session, "company", contact, people)
        self.env.cr.commit()
        return order

    def _press_pay(self, order):
        company = self.env.company
        provider = self.env["payment.provider"]._get_mangopay_of(company)
        order._check_cart_is_ready_to_be_paid()
        tx = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_card").id,
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_invoice_id.id,
                "operation": "online_redirect",
                "reference": self.env["payment.transaction"]._compute_reference(
                    "mangopay", prefix=order.name
                ),
                "sale_order_ids": [(6, 0, order.ids)],
            }
        )
        order._hold_training_seats()
        self.env.cr.commit()
        return tx
