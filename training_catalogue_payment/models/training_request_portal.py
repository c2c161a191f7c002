# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime, plaintext2html

from ..utils import refuse_protected

MAX_CHANGE_LENGTH = 2000
CHANGE_FIELDS = {"change_kind", "change_date"}


class TrainingRequest(models.Model):
    """What a buyer sees of a purchase on the portal, and may do there (A31)."""

    _inherit = "training.request"

    change_kind = fields.Selection(
        selection=[("move", "Another session"), ("cancel", "Cancellation")],
        string="Asked by the buyer",
        copy=False,
        readonly=True,
        tracking=True,
        help="One at a time: it waits until staff mark it as treated.",
    )
    change_date = fields.Datetime(string="Asked on", copy=False, readonly=True)

    def _compute_access_url(self):
        super()._compute_access_url()
        for request in self.filtered("is_prepaid"):
            request.access_url = f"/my/trainings/{request.id}"

    @api.model
    def _get_purchases_domain(self, partner):
        """Return the purchases that a customer sees: one's own, those of the other
        contacts of the same company, as stock's portal does for orders, and what one
        bought for another company."""
        family = Domain("partner_id", "child_of", partner.commercial_partner_id.ids)
        account = Domain("order_id.training_account_id.partner_id", "=", partner.id)
        return Domain("is_prepaid", "=", True) & (family | account)

    def write(self, vals):
        refuse_protected(self, vals, CHANGE_FIELDS)
        return super().write(vals)

    def _get_portal_documents_sudo(self):
        """Return the numbered invoices and credit notes; a draft is no document yet."""
        self.ensure_one()
        return (
            self.sudo()
            .order_id._get_training_documents()
            .filtered(lambda move: move.state == "posted")
        )

    # Learners

    def _get_learner_deadline(self):
        """Return until when the buyer may complete the learners."""
        self.ensure_one()
        days = self.company_id.sudo().training_learner_days
        begin = self.sudo().session_id.date_begin
        return begin and begin - timedelta(days=days)

    def _get_learner_deadline_text(self):
        self.ensure_one()
        session_sudo = self.sudo().session_id
        return format_datetime(
            self.env,
            self._get_learner_deadline(),
            tz=session_sudo.date_tz,
            dt_format="d MMMM yyyy HH:mm",
        )

    def _get_editable_learners_sudo(self):
        """Return the learners that the buyer may still change: those that nobody has
        validated, and those that were validated without a name (A20)."""
        self.ensure_one()
        learners_sudo = self.sudo().order_id._get_active_learners().sorted("id")
        deadline = self._get_learner_deadline()
        if not deadline or fields.Datetime.now() >= deadline:
            return learners_sudo.browse()
        return learners_sudo.filtered(
            lambda learner: (
                learner.prepaid_state == "pending" or learner.learner_to_complete
            )
        )

    def _update_learners(self, values_by_learner, author):
        """Write what the buyer entered, and tell the organisation what changed.

        Called with sudo by the portal page, after its access was checked. A validated
        learner that is completed gets the session's mails then.

        :param dict values_by_learner: checked ``name`` and ``email`` by registration
        :param res.partner author: who did it
        :raise UserError: when one of them may not be changed any more
        """
        self.ensure_one()
        changed = {
            learner: values
            for learner, values in values_by_learner.items()
            if any(learner[name] != value for name, value in values.items())
        }
        editable = self._get_editable_learners_sudo()
        if any(learner not in editable for learner in changed):
            raise UserError(
                self.env._(
                    "It is too late to change the learners here: write to us below."
                )
            )
        for learner, values in changed.items():
            learner.write(values)
        if changed:
            names = ", ".join(
                f"{values['name']} ({values['email']})" for values in changed.values()
            )
            self._post_as_buyer(
                self.env._("Learners completed: %(names)s", names=names), author
            )

    def _post_as_buyer(self, text, author):
        self.message_post(
            body=plaintext2html(text),
            author_id=author.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    # A request to move or cancel

    def _can_ask_change(self):
        """Whether the buyer may ask to move or cancel: something is left to change."""
        self.ensure_one()
        return (
            self.is_prepaid
            and not self.change_kind
            and self.state not in ("cancelled", "refused")
            and bool(self.sudo().order_id._get_active_learners())
        )

    def _ask_change(self, kind, message, author):
        """Note that the buyer wants another session, or to cancel, and tell the staff.

        Called with sudo by the portal page, after its access was checked. Of two tabs
        at once the second one is played again by Odoo, and refused.

        :param str kind: ``move`` or ``cancel``
        :param res.partner author: who asks
        :raise UserError: when one is waiting already, or nothing can be changed
        """
        self.ensure_one()
        labels = dict(self._fields["change_kind"]._description_selection(self.env))
        if kind not in labels:
            raise UserError(self.env._("Choose what you would like."))
        if not self._can_ask_change():
            raise UserError(
                self.env._("Your request is already with us: we answer it first.")
                if self.change_kind
                else self.env._("This enrolment is cancelled already.")
            )
        self.write({"change_kind": kind, "change_date": fields.Datetime.now()})
        text = (message or "").strip()[:MAX_CHANGE_LENGTH]
        self._post_as_buyer(f"{labels[kind]}\n{text}".strip(), author)
        responsible = self.session_id._get_training_responsible()
        # By the system: a visitor has no address to send the activity's mail from.
        self.with_user(SUPERUSER_ID).activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("The buyer asks: %(kind)s", kind=labels[kind].lower()),
            note=plaintext2html(text) if text else False,
            user_id=responsible.id or self.env.ref("base.user_root").id,
        )

    def action_close_change(self):
        """Mark what the buyer asked as treated: they may ask again."""
        self._check_staff()
        self.sudo().write({"change_kind": False, "change_date": False})
