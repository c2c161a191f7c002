# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Odoo's scheduled actions, run by the scheduler's own code at the year's clock."""

from odoo import SUPERUSER_ID, api

ADDONS = ("training_catalogue_payment", "training_marketplace_payout")
ROUNDS = 40


class Jobs:
    """Lets happen what happens by itself."""

    def __init__(self, env, postman):
        self._env = env
        self._registry = env.registry
        self._postman = postman
        self._chosen = None

    def keep_only_ours(self, env, but=()) -> None:
        """Archive every job that is not of the addons, and some of theirs.

        :param but: external ids of those
        """
        kept = set(self._find_ours(env)) - {env.ref(name).id for name in but}
        env["ir.cron"].search([("id", "not in", list(kept))]).active = False

    def begin(self, env, names) -> None:
        """Have some jobs, and no others, begin at the clock's moment.

        The others are left as they are, for the server that will run them.

        :param names: external ids
        """
        jobs = env["ir.cron"].browse([env.ref(name).id for name in names])
        jobs.nextcall = env.cr.now()
        self._chosen = set(jobs.ids)

    def _find_ours(self, env) -> list[int]:
        ours = env["ir.model.data"].search(
            [("model", "=", "ir.cron"), ("module", "in", ADDONS)]
        )
        return ours.mapped("res_id")

    def run(self) -> None:
        """Run what is due, and what that makes due, until all is quiet.

        What was done before is committed; who goes on sees what the jobs did.

        :raise RuntimeError: when a job fails, or when it never gets quiet
        """
        self._env.cr.commit()
        for _round in range(ROUNDS):
            if not self._run_once():
                self._env.invalidate_all()
                return
        raise RuntimeError("The jobs never come to rest.")

    def _run_once(self) -> bool:
        with self._registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            delivered = self._postman.deliver(env)
            cr.commit()
            ready = [
                job
                for job in env["ir.cron"]._get_all_ready_jobs(cr)
                if self._chosen is None or job["id"] in self._chosen
            ]
            for job in ready:
                answer = env["ir.cron"].browse(job["id"]).method_direct_trigger()
                if answer is not True:
                    raise RuntimeError(f"The job {job['cron_name']} failed: {answer}")
                cr.commit()
        return bool(delivered or ready)
