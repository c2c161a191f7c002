# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B12: numbers given to many workers at once, on real cursors."""

from datetime import date
from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.service.model import retrying
from odoo.tests import mute_logger, tagged

from .marketplace_common import make_contract
from .test_mangopay_real import RealCursorsCommon

WORKERS, ROUNDS = 3, 4


class Undone(Exception):
    """What makes a worker give its number back."""


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceInvoiceReal(RealCursorsCommon):
    def setUp(self):
        super().setUp()
        with self.environment() as env:
            partner = env["res.partner"].browse(self.partner_ids[0])
            company = env["res.company"].browse(self.company_id)
            contract = make_contract(env, partner, company, accepted=False)
            self.contract_id = contract.id

    def remove(self):
        with self.registry.cursor() as cr:
            for query in (
                "DELETE FROM marketplace_invoice_series WHERE contract_id = %s",
                "DELETE FROM marketplace_seller WHERE id = %s",
            ):
                cr.execute(query, [self.contract_id])
        super().remove()

    def take(self, env, is_undone):
        contract = env["marketplace.seller"].browse(self.contract_id)
        series, taken = env["marketplace.invoice.series"]._take(
            contract, "invoice", date(2026, 11, 23)
        )
        series._close(taken["rank"], taken["date"], f"seal {taken['rank']}")
        if is_undone:
            raise Undone
        return taken

    def work(self, numbers):
        """Take numbers one after the other; every third one is given back."""
        for turn in range(ROUNDS):
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                try:
                    taken = retrying(partial(self.take, env, turn == 2), env)
                except Undone:
                    cr.rollback()
                else:
                    numbers.append((taken["rank"], taken["previous"]))

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_many_workers_leave_no_gap_nor_double(self):
        """B12: three workers, some undone: each number once, each after the last."""
        numbers = []
        errors = self.run_at_once([lambda: self.work(numbers)] * WORKERS)
        self.assertEqual(errors, [None] * WORKERS)
        expected = WORKERS * (ROUNDS - 1)
        ranks = [rank for rank, _previous in sorted(numbers)]
        self.assertEqual(ranks, list(range(1, expected + 1)))
        previous = [seal for _rank, seal in sorted(numbers)]
        self.assertEqual(
            previous, ["", *(f"seal {rank}" for rank in range(1, expected))]
        )
