# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta

from babel.dates import format_datetime
from psycopg2.errors import UniqueViolation

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import email_normalize, format_date
from odoo.tools.misc import babel_locale_parse, get_lang

from ..services import withdrawal as rules
from ..utils import to_note

_logger = logging.getLogger(__name__)

#: payment states of a credit note whose money was given back
SETTLED = ("paid", "in_payment", "reversed")
MAIL = "training_catalogue_payment.mail_template_withdrawal_acknowledgement"


class TrainingWithdrawal(models.Model):
    """A consumer's withdrawal from a purchase, as it was declared (A28).

    Code de la consommation L221-21 and D221-5. Written once, by the public page; what
    follows (seat, acknowledgement, credit note, refund) is done from it, and done again
    by a job where it could not be: a declaration is never lost for a document's sake.
    """

    _name = "training.withdrawal"
    _description = "Withdrawal from a Purchase"
    _inherit = ["mail.thread", "mail.activity.mixin", "training.purchase.mixin"]
    _order = "id desc"
    _rec_name = "order_id"

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one("res.partner", string="Buyer", readonly=True)
    session_id = fields.Many2one("event.event", readonly=True)
    date = fields.Datetime(string="Declared on", required=True, readonly=True)
    deadline = fields.Datetime(
        string="End of the period",
        readonly=True,
        help="The first moment that would have been too late.",
    )
    name = fields.Char(string="Declared by", required=True, readonly=True)
    contract_reference = fields.Char(string="Contract", readonly=True)
    email = fields.Char(string="Acknowledged to", required=True, readonly=True)
    ip_address = fields.Char(string="IP address", readonly=True)
    state = fields.Selection(
        selection=[
            ("declared", "Declared"),
            ("acknowledged", "Acknowledged"),
            ("refunded", "Refunded"),
        ],
        string="Status",
        compute="_compute_state",
        store=True,
        tracking=True,
    )
    acknowledged_date = fields.Datetime(string="Acknowledged on", readonly=True)
    amount = fields.Monetary(string="To refund", readonly=True)
    amount_kept = fields.Monetary(
        string="Owed by the buyer",
        readonly=True,
        help="The share of the training delivered at the buyer's express request.",
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    credit_note_ids = fields.Many2many(
        "account.move",
        string="Credit notes",
        readonly=True,
        groups="account.group_account_invoice",
    )
    refund_before = fields.Date(
        compute="_compute_refund_before",
        help="The organisation refunds within fourteen days (L221-24).",
    )
    treatment_state = fields.Selection(
        selection=[("todo", "To do"), ("done", "Done"), ("failed", "Failed")],
        string="Credit note and refund",
        required=True,
        readonly=True,
        default="todo",
        index=True,
    )
    treatment_attempts = fields.Integer(readonly=True)
    treatment_error = fields.Text(string="Why it failed", readonly=True)

    _order_uniq = models.UniqueIndex(
        "(order_id)", "A purchase is withdrawn from once only."
    )

    @api.depends("acknowledged_date", "treatment_state", "credit_note_ids")
    def _compute_state(self):
        """Refunded is what its credit notes say, whoever gave the money back.

        Their payment state is no dependency, though it is read here: every entry of
        the database would look for withdrawals at each of its changes, a query in
        eight. Credit notes say themselves that it changed.
        """
        for withdrawal in self:
            if withdrawal.treatment_state == "done" and withdrawal._is_given_back():
                withdrawal.state = "refunded"
            elif withdrawal.acknowledged_date:
                withdrawal.state = "acknowledged"
            else:
                withdrawal.state = "declared"

    def _is_given_back(self):
        """Hook: whether the money of a withdrawal that was treated is back."""
        self.ensure_one()
        notes = self.credit_note_ids
        return all(note.payment_state in SETTLED for note in notes)

    @api.depends("date")
    def _compute_refund_before(self):
        for withdrawal in self:
            day = rules.to_paris(withdrawal.date).date()
            withdrawal.refund_before = day + timedelta(days=rules.REFUND_DAYS)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A withdrawal is a proof: it cannot be deleted."))

    @api.model
    def _declare(self, order, declaration, ip_address):
        """Write down a withdrawal.

        :param dict declaration: ``name``, ``contract_reference`` and ``email``
        :raise ConcurrencyError: when another request declares it at this moment; Odoo
            plays this one again, which then finds the other's
        """
        try:
            withdrawal = self.create(
                {
                    **order._prepare_withdrawal_vals(),
                    **declaration,
                    "ip_address": ip_address,
                }
            )
            withdrawal.flush_recordset()
        except UniqueViolation as error:
            raise ConcurrencyError("It is being withdrawn from twice.") from error
        return withdrawal

    def _get_date_text(self):
        """Return the day and the hour of the declaration, on the clock of Paris."""
        self.ensure_one()
        return self.env._(
            "%(moment)s (Paris time)",
            moment=format_datetime(
                rules.to_paris(self.date),
                "d MMMM yyyy HH:mm:ss",
                locale=babel_locale_parse(get_lang(self.env).code),
            ),
        )

    def _render_content(self):
        """Return what was declared, as the acknowledgement shows it."""
        self.ensure_one()
        return self.env["ir.qweb"]._render(
            "training_catalogue_payment.withdrawal_content",
            {"withdrawal": self.sudo()},
        )

    def _get_copy_addresses(self):
        """Return who else gets the acknowledgement: the organisation, and the buyer
        where another address was typed, so that nobody withdraws behind their back."""
        self.ensure_one()
        order_sudo = self.sudo().order_id
        buyer = order_sudo.partner_id
        copies = [order_sudo._get_organisation_email()]
        if email_normalize(buyer.email or "") != email_normalize(self.email):
            copies.append(buyer.email_formatted)
        return ", ".join(filter(None, copies))

    def _act_at_once(self):
        """Do what cannot wait; what fails here is done again by the job, so that no
        document can undo a declaration."""
        self.ensure_one()
        self._trigger_treatment()
        for step in (self._free_seats, self._acknowledge, self._tell_staff):
            try:
                with self.env.cr.savepoint():
                    step()
            except (UserError, ValueError):
                _logger.exception("Withdrawal %s: left to the job", self.id)

    def _free_seats(self):
        """Cancel the learners of the purchase; no mail tells them they are in.

        A move that no job has done yet is given up: all that was paid is owed. One
        with a complement is left to the job, which credits it.
        """
        self.order_id._get_accepted_moves()._abandon()
        self.order_id._get_active_learners()._free_prepaid_seats()

    def _acknowledge(self):
        """Queue the acknowledgement, on a durable medium (D221-5), once."""
        for withdrawal in self.filtered(lambda one: not one.acknowledged_date):
            self.env.ref(MAIL).sudo()._send_soon(withdrawal.id)
            withdrawal.acknowledged_date = fields.Datetime.now()

    def _tell_staff(self):
        """Give the person who runs the session something to read and tick off.

        By the system: the visitor who declares has no address to send its mail from.
        """
        for withdrawal in self.with_user(SUPERUSER_ID):
            responsible = withdrawal.session_id._get_training_responsible()
            withdrawal.message_subscribe(responsible.partner_id.ids)
            withdrawal.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=withdrawal.refund_before,
                summary=self.env._("Withdrawal of a private buyer"),
                note=to_note(
                    self.env._(
                        "%(name)s has withdrawn from %(order)s. The seat is free, the "
                        "credit note and the refund of %(amount)s follow by "
                        "themselves; the law gives until %(date)s.",
                        name=withdrawal.name,
                        order=withdrawal.order_id.name,
                        amount=withdrawal.currency_id.format(withdrawal.amount),
                        date=format_date(self.env, withdrawal.refund_before),
                    )
                ),
                user_id=responsible.id or self.env.ref("base.user_root").id,
            )
