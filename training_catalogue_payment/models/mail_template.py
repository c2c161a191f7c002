# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

QUEUE_JOB = "mail.ir_cron_mail_scheduler_action"


class MailTemplate(models.Model):
    """What the product writes to people does not wait for the hour."""

    _inherit = "mail.template"

    def _send_soon(self, res_id, **values):
        """Queue the mail of one record, as ``send_mail`` does; it leaves as soon as
        this transaction is committed, or never. Odoo's own job passes once an hour.

        :param int res_id: the record
        :param values: as in ``send_mail``
        :return: id of the mail
        """
        mail_id = self.send_mail(res_id, **values)
        self.env["ir.cron"]._plan_job(QUEUE_JOB)
        return mail_id
