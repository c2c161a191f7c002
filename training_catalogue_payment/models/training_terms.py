# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import is_html_empty

from ..services.terms import hash_text


class TrainingTerms(models.Model):
    """The terms of sale of a training organisation, one record for each version.

    A version that was published may have been accepted by a buyer: it is never
    changed nor deleted. Editing the terms publishes the next version (A12).
    """

    _name = "training.terms"
    _description = "Terms of Sale of Training"
    _order = "company_id, version desc"
    _rec_name = "version"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    version = fields.Integer(required=True, readonly=True)
    date = fields.Datetime(string="Published on", required=True, readonly=True)
    body = fields.Html(
        string="Text",
        required=True,
        default=lambda self: self._default_body(),
        sanitize_overridable=False,
        sanitize_attributes=True,
    )
    text_hash = fields.Char(
        string="Fingerprint",
        required=True,
        readonly=True,
        help="SHA-256 of the text: the same text always gives the same one.",
    )

    _company_version_uniq = models.UniqueIndex(
        "(company_id, version)", "This version of the terms exists already."
    )

    def _default_body(self):
        """Return the text to start from: the last version, else a model of terms."""
        company = self.env.company
        return self._find_last(company).body or self._render_model(company)

    @api.depends("version", "company_id")
    def _compute_display_name(self):
        for terms in self:
            if not terms.version:
                terms.display_name = self.env._("New version of the terms of sale")
                continue
            terms.display_name = self.env._(
                "Terms of sale of %(company)s, version %(version)s",
                company=terms.company_id.name,
                version=terms.version,
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Publish: number, date and fingerprint are never the caller's.

        :raise UserError: when the text is empty
        """
        published = self.browse()
        for vals in vals_list:
            company = self.env["res.company"].browse(
                vals.get("company_id") or self.env.company.id
            )
            terms = super().create(
                [
                    {
                        **vals,
                        "company_id": company.id,
                        "version": self.sudo()._find_last(company).version + 1,
                        "date": fields.Datetime.now(),
                        "text_hash": "-",
                    }
                ]
            )
            terms._seal()
            published |= terms
        return published

    def _seal(self):
        """Keep the fingerprint of the text as it was stored, cleaned of any script."""
        self.ensure_one()
        if is_html_empty(self.body):
            raise UserError(self.env._("Write the terms first."))
        terms = super(TrainingTerms, self.sudo())
        # Our own `write` refuses everyone, the product included.
        terms.write({"text_hash": hash_text(self.body)})

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: buyers accepted these very words.

        :raise UserError: always
        """
        raise UserError(
            self.env._(
                "Published terms cannot be changed: buyers have accepted these very "
                "words. Publish a new version."
            )
        )

    def copy(self, default=None):  # pylint: disable=method-required-super
        """Refuse: a version is published on purpose, not by duplicating one."""
        raise UserError(self.env._("Publish a new version instead of a copy."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Published terms cannot be deleted: they are a proof.")
        )

    @api.model
    def _find_last(self, company):
        """Return the version in force, empty when none was published."""
        return self.search([("company_id", "=", company.id)], limit=1)

    @api.model
    def _ensure_terms(self, company):
        """Return the version in force, with sudo; the first one is a model of terms,
        so that nothing is ever sold without any.

        :raise ConcurrencyError: when another page was first: Odoo plays this one again
        """
        terms_sudo = self.sudo()._find_last(company)
        if terms_sudo:
            return terms_sudo
        try:
            with self.env.cr.savepoint():
                return self.sudo().create(
                    {"company_id": company.id, "body": self._render_model(company)}
                )
        except UniqueViolation as error:
            raise ConcurrencyError(str(error)) from error

    @api.model
    def _render_model(self, company):
        """Return a first text, in the organisation's language, for it to complete."""
        views = self.env["ir.qweb"].sudo().with_context(lang=company.partner_id.lang)
        return views._render(
            "training_catalogue_payment.terms_model",
            {"company": company.sudo()},
            minimal_qcontext=True,
        )

    def _get_public_url(self):
        """Return the address where anyone may read this version."""
        self.ensure_one()
        return f"/training/terms/{self.id}"
