# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.training_catalogue_payment.utils import to_note

from ..services import dac7

_logger = logging.getLogger(__name__)

BATCH = 50
ACTIVITY = "mail.mail_activity_data_todo"


class MarketplaceSeller(models.Model):
    """What a seller has to give for the tax office, from its first sale on (B23).

    It is asked once, reminded twice, and its payouts are stopped when sixty days have
    passed since; they start again by themselves when everything is there. This stop is
    no manager's hold: neither ends with the other.
    """

    _inherit = "marketplace.seller"

    dac7_missing = fields.Char(
        string="Missing for the tax office", compute="_compute_dac7_missing"
    )
    dac7_asked_at = fields.Datetime(
        string="Tax data asked on", readonly=True, copy=False, index="btree_not_null"
    )
    dac7_reminders = fields.Integer(
        string="Reminders of tax data", readonly=True, copy=False
    )
    dac7_looked_on = fields.Date(
        string="Tax data looked at on",
        readonly=True,
        copy=False,
        help="Technical: the last day on which what is missing was looked at.",
    )
    is_dac7_stopped = fields.Boolean(
        string="Stopped for want of tax data",
        readonly=True,
        copy=False,
        tracking=True,
        help="Its payouts wait until it has given what the tax office asks for.",
    )

    @api.depends_context("lang")
    @api.depends("partner_id", "company_id")
    def _compute_dac7_missing(self):
        for contract in self:
            contract.dac7_missing = ", ".join(contract._describe_dac7_missing())

    def _get_dac7_missing(self):
        self.ensure_one()
        return dac7.find_missing(self.partner_id._prepare_dac7_person(self.company_id))

    def _describe_dac7_missing(self):
        """Return what is missing, in words, in the order of the form."""
        _ = self.env._
        words = {
            "name": _("name"),
            "country": _("country"),
            "street": _("street"),
            "zip": _("postcode"),
            "city": _("city"),
            "tax_number": _("tax number"),
            "tax_country": _("country of the tax number"),
            "registration": _("registration number"),
            "firstname": _("first name"),
            "lastname": _("last name"),
            "birthdate": _("date of birth"),
        }
        return [words[name] for name in self._get_dac7_missing()]

    def _is_dac7_obstacle(self):
        """Whether its payouts are stopped now: not any more as soon as everything is
        there, without waiting for the job that forgets the stop."""
        contract_sudo = self.sudo()
        return contract_sudo.is_dac7_stopped and bool(contract_sudo._get_dac7_missing())

    def _get_dac7_sentence(self):
        """Return what a stopped seller still has to give, in the current language;
        empty when it was given."""
        if not self._is_dac7_obstacle():
            return ""
        return self.env._(
            "What the tax office asks for is still missing: %(missing)s.",
            missing=", ".join(self.sudo()._describe_dac7_missing()),
        )

    def _ask_missing_documents(self, sale):
        """Override: with its first sale a seller is asked for its tax data too."""
        super()._ask_missing_documents(sale)
        if self and sale.state == "confirmed":
            self.sudo()._ask_dac7()

    def _ask_dac7(self):
        """Ask for what is missing, once; forget it when nothing is."""
        self.ensure_one()
        if not self._get_dac7_missing():
            self._forget_dac7()
        elif not self.dac7_asked_at:
            self.dac7_asked_at = fields.Datetime.now()
            self._tell_seller("mail_template_marketplace_dac7")

    def _forget_dac7(self):
        """Everything is there: what was stopped for it starts again."""
        if self.is_dac7_stopped:
            self.activity_unlink([ACTIVITY])
        if self.dac7_asked_at:
            self.write(
                {
                    "dac7_asked_at": False,
                    "dac7_reminders": 0,
                    "is_dac7_stopped": False,
                }
            )

    @api.model
    def _cron_remind_documents(self):
        """Override: remind of the tax data too, one commit each.

        Each seller that waits is looked at once a day, whoever was reminded or stopped
        before: what it gave meanwhile starts its payouts again. A run that is cut
        short goes on where it was, for who was looked at is not found again that day.
        """
        super()._cron_remind_documents()
        today = fields.Date.today()
        domain = Domain("dac7_asked_at", "!=", False) & (
            Domain("dac7_looked_on", "=", False) | Domain("dac7_looked_on", "<", today)
        )
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=self.search_count(domain))
        while waiting := self.search(domain, order="id", limit=BATCH):
            for contract in waiting:
                contract.dac7_looked_on = today
                contract._try_to_remind_dac7()
                if not progress(1):
                    return

    def _try_to_remind_dac7(self):
        """Look at one seller; what hinders it does not stop the others, and is tried
        again the next day."""
        try:
            with self.env.cr.savepoint():
                self._remind_dac7()
        except (UserError, ValueError):
            _logger.exception("The tax data of contract %s: left for tomorrow", self.id)

    def _remind_dac7(self):
        """Remind when it is time, and stop what is not answered."""
        self.ensure_one()
        if not self._get_dac7_missing():
            self._forget_dac7()
            return
        share = dac7.PATIENCE // (dac7.REMINDERS + 1)
        waited = (fields.Datetime.now() - self.dac7_asked_at).days
        if self.dac7_reminders < min(waited // share, dac7.REMINDERS):
            self.dac7_reminders += 1
            self._tell_seller("mail_template_marketplace_dac7", is_reminder=True)
        elif waited >= dac7.PATIENCE and not self.is_dac7_stopped:
            self._stop_for_dac7()

    def _stop_for_dac7(self):
        """Stop the payouts of a seller that did not answer (CGI art. 1649 ter D)."""
        self.is_dac7_stopped = True
        self.activity_schedule(
            ACTIVITY,
            summary=self.env._("Payouts stopped: tax data not given"),
            note=to_note(
                self.env._(
                    "Two reminders and %(days)s days: %(missing)s.",
                    days=dac7.PATIENCE,
                    missing=self.dac7_missing,
                )
            ),
            date_deadline=fields.Date.context_today(self) + timedelta(days=7),
        )
