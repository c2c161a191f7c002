# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

#: What a transaction remembers: its commit wakes the jobs up, once.
NOTIFIED = "training_jobs_notified"


class IrCron(models.Model):
    """A job has no language: what it writes for people would be in English."""

    _inherit = "ir.cron"

    @api.model
    def _plan_job(self, name, at=None):
        """Plan a job, as ``_trigger`` does, in one statement and without reading it.

        For what plans one at each commit: a payout does so ten times.

        :param str name: its external id
        :param datetime at: not before; now when it is not given
        """
        now, uid = fields.Datetime.now(), self.env.uid
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO ir_cron_trigger
                       (cron_id, call_at, create_uid, create_date, write_uid,
                        write_date)
                SELECT id, %(at)s, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM ir_cron
                 WHERE id = %(cron)s AND (active OR %(at)s > %(now)s)
                """,
                cron=self.env["ir.model.data"]._xmlid_to_res_id(name),
                at=at or now,
                now=now,
                uid=uid,
            )
        )
        after = self.env.cr.postcommit
        if (not at or at <= now) and not after.data.get(NOTIFIED):
            after.data[NOTIFIED] = True
            after.add(self._notifydb)

    def _callback(self, cron_name, server_action_id):
        """Override: our jobs speak the language of the company they work for."""
        lang = self.env.company.partner_id.lang
        if lang and not self.env.lang and self._is_own_job():
            self = self.with_context(lang=lang)
        return super()._callback(cron_name, server_action_id)

    def _is_own_job(self):
        own = self.env["ir.module.module"]._get_training_addons()
        names = self.get_external_id().values()
        return any(name.partition(".")[0] in own for name in names)
