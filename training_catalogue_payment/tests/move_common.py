# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Purchases to move, and their books. Holds no test itself."""

from odoo.tests import Form

from .stripe_common import StripeCommon

MOVES_JOB = "training_catalogue_payment.ir_cron_training_moves"


class MoveCommon(StripeCommon):
    """Sessions of 600 (exempt) to move from, and sessions of any price to move to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._link_double()
        cls.company.training_numbered_at_payment = False
        cls.manager = cls._create_role(
            "move_manager",
            "event.group_event_user",
            "sales_team.group_sale_salesman_all_leads",
            "account.group_account_invoice",
        )

    def _target(self, price=600.0, taxable=False, **values):
        """Return a session at a price before tax."""
        return self._create_session(
            name="Session d'automne",
            session_price=price,
            is_out_of_bpf=taxable,
            **values,
        )

    def _sold(self, numbered=False, **kwargs):
        """Return a purchase whose payment the double knows; numbered if asked."""
        order = self._buy(**kwargs)
        tx, intent = self.pay(order)
        tx.provider_reference = intent["id"]
        tx._set_done()
        tx._post_process()
        self.env.cr.flush()
        order._follow_up_purchase()
        if numbered:
            order.invoice_ids.action_post()
        return order

    def _wizard(self, learners, target, user=None, **values):
        """Return the wizard, filled in as its user does."""
        user = user or self.manager
        action = learners.with_user(user).action_move_prepaid()
        wizard = self.env[action["res_model"]].with_user(user).browse(action["res_id"])
        with Form(wizard) as form:
            form.any_programme = True
            form.session_id = target
            for name, value in values.items():
                setattr(form, name, value)
        return wizard

    def _move(self, order, target, learners=None, **values):
        """Move learners by the wizard and return the record of the move."""
        learners = learners or order._get_active_learners()
        self._wizard(learners, target, **values).action_move()
        self._do_accepted()
        return self.env["training.move"].search([("order_id", "=", order.id)], limit=1)

    def _do_accepted(self):
        """Have the job do what the request accepted, if it did not do all of it."""
        self.env.cr.flush()
        if self.env["training.move"].search_count([("state", "=", "accepted")]):
            self.run_jobs(MOVES_JOB)
        self.env.invalidate_all()

    # The complement

    def _pay_complement(self, record):
        self._finish_complement(self._start_complement(record))

    def _start_complement(self, record, amount=None):
        """Start to pay the complement, as the page of its link does."""
        invoice = record.complement_id
        return self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_card").id,
                "amount": amount or invoice.amount_residual,
                "currency_id": invoice.currency_id.id,
                "partner_id": invoice.partner_id.id,
                "operation": "online_direct",
                "reference": self.env["payment.transaction"]._compute_reference(
                    "stripe", prefix=invoice.name
                ),
                "invoice_ids": [(6, 0, invoice.ids)],
            }
        )

    def _finish_complement(self, tx):
        """Have the card payment succeed, and the job run."""
        intent = self.double.add_payment(tx._to_stripe_amount(tx.amount), tx.reference)
        tx.provider_reference = intent["id"]
        tx._set_done()
        tx._post_process()
        self.env.cr.flush()
        self.run_jobs(MOVES_JOB)

    # The books

    def _balances(self):
        """Return the posted balances that are not zero, by the first digits of the
        account: all income together, VAT to the kind of account."""
        lines = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("parent_state", "=", "posted"),
            ]
        )
        result = {}
        for line in lines:
            code = line.account_id.code
            code = code[: {"70": 2, "44": 5}.get(code[:2], 3)]
            result[code] = round(result.get(code, 0) + line.balance, 2)
        return {code: balance for code, balance in result.items() if balance}

    def _documents(self, order):
        """Return (kind, state, total, left) of an order's documents."""
        return [
            (
                {"out_invoice": "INV", "out_refund": "CN"}[move.move_type],
                move.state,
                move.amount_total,
                move.amount_residual,
            )
            for move in order._get_training_documents()
        ]

    def _check_settled(self, *orders):
        """Nothing is left open: every document matched, the buyer owes nothing."""
        for order in orders:
            for move in order._get_training_documents():
                self.assertEqual(move.amount_residual, 0, move.name)
        partner = orders[0].partner_id.commercial_partner_id
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", partner.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "!=", "cancel"),
            ]
        )
        self.assertEqual(round(sum(lines.mapped("balance")), 2), 0)
        self.assertFalse(
            lines.filtered(lambda line: not line.reconciled and line.balance)
        )

    def _check_waiting_in(self, target, order, count):
        """The prospect is « Prepaid » and waits in the target (D3)."""
        learners = order._get_active_learners()
        self.assertEqual(len(learners), count)
        self.assertEqual(learners.event_id, target)
        self.assertEqual(learners.event_ticket_id, target.training_ticket_id)
        self.assertEqual(set(learners.mapped("prepaid_state")), {"pending"})
        self.assertEqual(set(learners.mapped("state")), {"draft"})
        self.assertEqual(order.training_session_id, target)
        lead = order._get_prepaid_opportunity()
        self.assertEqual(lead.prepaid_status, "prepaid")
        self.assertEqual(lead.prepaid_session_id, target)
        self.assertEqual(lead.event_id, target)
        self.assertEqual(lead.registration_ids, order.training_registration_ids)
        self.assertIn(target.name, lead.name)
        request = order.training_request_id
        self.assertEqual(request.session_id, target)
        self.assertEqual(request.state, "new")

    def _refund(self):
        """Have the outbox send what it holds; return the refunds that succeeded."""
        operations = self.env["training.payment.operation"].search([])
        self.wait_for(operations)
        self.run_sender()
        return operations.filtered(lambda operation: operation.state == "succeeded")
