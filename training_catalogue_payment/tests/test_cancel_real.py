# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A23, R12: two clerks credit one order at the same moment, on real cursors."""

import threading
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tests import mute_logger, tagged

from .test_payment_operation_real import RealCursorsCommon


@tagged("standard", "post_install", "-at_install")
class TestCreditReal(RealCursorsCommon):
    """The credit note itself is a partner: entries of a real one would stay."""

    def prepare(self, env):
        super().prepare(env)
        self.order_id = env["sale.order"].create({"partner_id": self.partner_ids[0]}).id

    def remove(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM res_partner WHERE ref = %s", [self.reference])
            cr.execute("DELETE FROM sale_order WHERE id = %s", [self.order_id])
        super().remove()

    def credit_twice_at_once(self):
        """Have two clerks look at what is left at the same time, then credit it."""
        reference = self.reference
        orders = self.registry["sale.order"]

        def left(moves):
            partners = moves.env["res.partner"].search_count([("ref", "=", reference)])
            return {moves: 100.0 * (1 - partners)}

        def make(moves, amount, reason):
            moves.env["res.partner"].create({"name": reason, "ref": reference})
            return moves.browse()

        def credit():
            with self.environment() as env:
                order = env["sale.order"].browse(self.order_id)
                order.read(["name"])  # the snapshot is taken
                self.barrier.wait(20)
                retrying(lambda: order._credit_training(100.0, "Credit"), env)

        self.barrier = threading.Barrier(2)
        moves = self.registry["account.move"]
        with (
            patch.object(moves, "_get_training_left_to_credit", left),
            patch.object(moves, "_make_training_credit_note", make),
            patch.object(orders, "_follow_training_credit", lambda order: None),
            mute_logger("odoo.sql_db", "odoo.service.model"),
        ):
            return self.run_at_once([credit, credit])

    def count_credits(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT count(*) FROM res_partner WHERE ref = %s", [self.reference]
            )
            return cr.fetchone()[0]

    def test_two_clerks_credit_once(self):
        """A23, R12: the second one is replayed, and told that nothing is left."""
        errors = [error for error in self.credit_twice_at_once() if error]
        self.assertEqual([type(error) for error in errors], [UserError])
        self.assertEqual(self.count_credits(), 1)

    def test_control_without_the_guard(self):
        """A23, R12: with the guard switched off, the same race credits twice."""
        with patch.object(
            self.registry["sale.order"], "_raise_money_version", lambda order: None
        ):
            errors = self.credit_twice_at_once()
        self.assertFalse(any(errors), errors)
        self.assertEqual(self.count_credits(), 2)
