# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64

from odoo import fields, models
from odoo.exceptions import UserError

from ..services import dac7, dac7_file


class MarketplaceDac7(models.Model):
    """The file of a year, as the French tax office takes it."""

    _inherit = "marketplace.dac7"

    def _ensure_file(self):
        """Return the file of the declaration (superuser), made once: it is kept as it
        was given.

        :raise UserError: when something is unknown without which no file is taken
        """
        self.ensure_one()
        if self.file_id:
            return self.file_id
        operator = self._get_operator()
        moment = fields.Datetime.context_timestamp(
            self.with_context(tz="Europe/Paris"), fields.Datetime.now()
        )
        reported = self._get_reported()
        self.file_id = self.env["ir.attachment"].create(
            {
                "name": dac7_file.name_file(self.year, operator.tax_number, moment),
                "datas": base64.b64encode(
                    dac7_file.make_file(
                        self.year, operator, list(reported.values()), moment
                    )
                ),
                "mimetype": "application/xml",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self._tell_who_is_left_out(self.statement_ids - self._join(reported))
        return self.file_id

    def _join(self, reported):
        return self.env["marketplace.dac7.statement"].union(*reported)

    def _get_operator(self):
        """Return the platform as the office knows it: by its SIREN.

        :raise UserError: when it is unknown
        """
        company = self.company_id
        operator = company.partner_id._prepare_dac7_person(company)
        missing = dac7_file.find_blocking(operator)
        if missing or not dac7_file.is_siren(operator.tax_number):
            raise UserError(
                self.env._(
                    "Give %(company)s its SIREN or SIRET and its address first: the "
                    "tax office knows a platform by them.",
                    company=company.name,
                )
            )
        return operator

    def _get_reported(self):
        """Return by statement what the file says of the sellers that are in it.

        :raise UserError: names who lacks what the office refuses a file without
        """
        reported = {}
        for one in self.statement_ids.sorted("id"):
            one._complete_person()
            statement = one._prepare_dac7()
            if dac7_file.is_reported(statement):
                reported[one] = statement
        incomplete = self._join(
            one
            for one, told in reported.items()
            if dac7_file.find_blocking(told.person)
        )
        if incomplete:
            raise UserError(
                self.env._(
                    "The tax office takes no file without the name, the country and "
                    "the city of a seller, and the birth of a person. To complete: "
                    "%(names)s.",
                    names=", ".join(incomplete.seller_id.mapped("display_name")),
                )
            )
        return reported

    def _tell_who_is_left_out(self, statements):
        if statements:
            self.message_post(
                body=self.env._(
                    "Not in the file, for they live outside the European Union or "
                    "nothing was left to them: %(names)s.",
                    names=", ".join(statements.seller_id.mapped("display_name")),
                )
            )


class MarketplaceDac7Statement(models.Model):
    """What the file says of a seller."""

    _inherit = "marketplace.dac7.statement"

    def _complete_person(self):
        """Read a seller again that lacked what no file does without: its figures stay
        as they were told."""
        if dac7_file.find_blocking(self._prepare_dac7().person):
            company = self.declaration_id.company_id
            self.person = self.seller_id._keep_dac7_person(company)

    def _prepare_dac7(self):
        """Return the statement as the file needs it, of what was kept."""
        self.ensure_one()
        kept = dict(self.sudo().person or {})
        kept["birthdate"] = fields.Date.to_date(kept.get("birthdate")) or None
        places = self.currency_id.decimal_places
        return dac7.Statement(
            reference=str(self.id),
            person=dac7.Person(**kept),
            currency=self.currency_id.name,
            quarters=tuple(
                dac7.Quarter(
                    consideration=f"{one.consideration:.{places}f}",
                    fees=f"{one.fees:.{places}f}",
                    operations=one.operations,
                )
                for one in self.quarter_ids.sorted("quarter")
            ),
        )
