# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, ValidationError
from odoo.tools import email_normalize, plaintext2html

FORM_LENGTHS = {
    "contact_name": 120,
    "email": 254,
    "phone": 40,
    "company_name": 160,
    "message": 4000,
}
MAX_LEARNERS = 999
MAX_REQUESTS_AN_HOUR = 5


class TrainingRequest(models.Model):
    """How a request comes in from the public forms (A8, A19)."""

    _inherit = "training.request"

    form_key = fields.Char(
        copy=False, readonly=True, groups="base.group_system", help="What was sent."
    )

    _form_key_unique = models.UniqueIndex("(form_key) WHERE form_key IS NOT NULL")

    @api.model
    def _create_from_website(self, vals):
        """Create the request of a visitor, with its opportunity and its mails.

        :param dict vals: ``kind`` (enrolment or information), ``session_id`` or
            ``programme_id``, ``contact_name``, ``email``, and optionally ``phone``,
            ``company_name``, ``learner_count``, ``message``; anything else is ignored
        :raise ValidationError: with a sentence for the visitor
        :raise ConcurrencyError: while the same form is being kept by another request
        """
        values = self._prepare_website_vals(vals)
        if repeated_sudo := self._find_repeated_sudo(values):
            return repeated_sudo
        request_sudo = self._create_once(values)
        request_sudo._create_opportunity()
        request_sudo._subscribe_responsible()
        request_sudo._announce_request()
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return request_sudo

    def _create_once(self, values):
        """Create the request of a form that may be sent several times at once: no
        reading sees what another transaction has not committed, the index does.

        :raise ConcurrencyError: Odoo plays the request again, which then finds it
        """
        said = [values[name] for name in (*self._get_subject_fields(), "kind", "email")]
        key = hashlib.sha256(repr([*said, values["message"]]).encode()).hexdigest()
        same_sudo = self.sudo().search(
            [("form_key", "=", key), ("create_date", "<", self._get_recently())]
        )
        same_sudo.form_key = False  # the same words, asked anew
        same_sudo.flush_recordset(["form_key"])
        try:
            return self.sudo().create({**values, "form_key": key})
        except UniqueViolation as error:
            raise ConcurrencyError("The form is being sent twice.") from error

    @api.model
    def _get_recently(self):
        return fields.Datetime.now() - timedelta(hours=1)

    def _announce_request(self):
        """Hook: acknowledge a new request to its author, and tell who treats it."""
        self._send_template("mail_template_request_received")
        self._send_template("mail_template_request_notification")

    @api.model
    def _get_subject_fields(self):
        """Hook: return the fields that say what a request is about."""
        return ["session_id", "programme_id"]

    @api.model
    def _find_repeated_sudo(self, values):
        """Return the same request sent a moment ago, so that a double click makes one.

        :raise ValidationError: when this address was used too often: each request
            sends it a mail, and anybody may type anybody's address
        """
        recent_sudo = self.sudo().search(
            [
                ("email", "=", values["email"]),
                ("create_date", ">=", self._get_recently()),
            ]
        )
        same_sudo = recent_sudo.filtered(
            lambda request: (
                all(
                    request[name].id == values[name]
                    for name in self._get_subject_fields()
                )
                and request.kind == values["kind"]
                and (request.message or "") == (values.get("message") or "")
            )
        )
        if not same_sudo and len(recent_sudo) >= MAX_REQUESTS_AN_HOUR:
            raise ValidationError(
                self.env._(
                    "Several requests were just sent with this e-mail address: we "
                    "answer those first. Try again in an hour."
                )
            )
        return same_sudo[:1]

    @api.model
    def _prepare_website_vals(self, vals):
        """Keep of a posted form only what the page offers, checked."""
        if vals.get("kind") not in ("enrolment", "information"):
            raise ValidationError(self.env._("This kind of request does not exist."))
        values = {"kind": vals["kind"], **self._check_form_texts(vals)}
        session_sudo, programme_sudo = self._check_form_subject(vals)
        company_sudo = (
            session_sudo.company_id or programme_sudo.company_id or self.env.company
        )
        label = dict(self._fields["kind"]._description_selection(self.env))
        values.update(
            learner_count=self._check_form_count(vals.get("learner_count", 1)),
            session_id=session_sudo.id,
            programme_id=programme_sudo.id,
            company_id=company_sudo.id,
            partner_id=self._get_form_partner(company_sudo).id,
            user_id=session_sudo.user_id.id,
            name=self.env._(
                "%(kind)s: %(training)s",
                kind=label[vals["kind"]],
                training=session_sudo.name or programme_sudo.name,
            ),
        )
        return values

    def _get_form_partner(self, company):
        """Return who is logged in, unless they belong to another organisation."""
        user_sudo = self.env.user.sudo()
        if user_sudo._is_public():
            return user_sudo.partner_id.browse()
        return user_sudo.partner_id.filtered(
            lambda partner: not partner.company_id or partner.company_id == company
        )

    def _check_form_texts(self, vals):
        values = {}
        for field_name, length in FORM_LENGTHS.items():
            value = vals.get(field_name)
            value = value.strip() if isinstance(value, str) else ""
            if len(value) > length:
                raise ValidationError(
                    self.env._(
                        "%(field)s is too long (%(length)s characters at most).",
                        field=self._fields[field_name]._description_string(self.env),
                        length=length,
                    )
                )
            values[field_name] = value or False
        if not values["contact_name"]:
            raise ValidationError(self.env._("Enter your name."))
        if not email_normalize(values["email"] or ""):
            raise ValidationError(self.env._("Enter a valid e-mail address."))
        return values

    def _check_form_count(self, value):
        try:
            count = int(value)
        except (TypeError, ValueError):
            count = 0
        if not 1 <= count <= MAX_LEARNERS:
            raise ValidationError(
                self.env._(
                    "Enter a number of learners between 1 and %(maximum)s.",
                    maximum=MAX_LEARNERS,
                )
            )
        return count

    def _check_form_subject(self, vals):
        """Return the session and the programme asked about, if the public sees them."""
        try:
            session_id = int(vals.get("session_id") or 0)
            programme_id = int(vals.get("programme_id") or 0)
        except (TypeError, ValueError):
            session_id = programme_id = 0
        session_sudo = self.env["event.event"].sudo().browse(session_id).exists()
        programme_sudo = (
            session_sudo.programme_id
            or self.env["product.template"].sudo().browse(programme_id).exists()
        )
        if (
            not programme_sudo.is_training_programme
            or not programme_sudo.is_published
            or not programme_sudo.active
            or (session_sudo and not session_sudo.active)
            or not (session_sudo or programme_sudo).training_finance_plus
        ):
            raise ValidationError(self.env._("This training is not on the catalogue."))
        return session_sudo, programme_sudo

    def _create_opportunity(self):
        """Put the request in the sales pipeline, in its own opportunity."""
        self.ensure_one()
        self.lead_id = self.env["crm.lead"].create(self._prepare_lead_vals())

    def _prepare_lead_vals(self):
        self.ensure_one()
        uses_leads = self.env["res.groups"]._is_feature_enabled("crm.group_use_lead")
        is_lead = uses_leads and self.kind == "information"
        medium = self.env.ref("utm.utm_medium_website", raise_if_not_found=False)
        vals = {
            "name": self.name,
            "type": "lead" if is_lead else "opportunity",
            "partner_id": self.partner_id.id,
            "contact_name": self.contact_name,
            "partner_name": self.company_name,
            "description": plaintext2html(self.message) if self.message else False,
            "event_id": self.session_id.id,
            "company_id": self.company_id.id,
            "user_id": False,
            "medium_id": medium.id if medium else False,
        }
        if not self.partner_id:
            # An opportunity writes its e-mail on its customer: what was typed in a
            # form never changes an existing contact.
            vals.update(email_from=self.email, phone=self.phone)
        return vals

    def _subscribe_responsible(self):
        """The responsible person of the session hears of what happens."""
        for request in self:
            request.message_subscribe(request.user_id.partner_id.ids)

    def _get_organisation_email(self):
        """Return the address that hears of a new request: the responsible person's,
        else the organisation's."""
        self.ensure_one()
        return (
            self.user_id.email_formatted
            or self.company_id.partner_id.email_formatted
            or False
        )
