# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import uuid

from odoo import fields, models
from odoo.exceptions import UserError

from ..services.mangopay_errors import GatewayError
from ..services.mangopay_kyc import MAX_UBOS, UBO_FORMS
from ..services.mangopay_people import to_timestamp
from .mangopay_sentences import describe_refusal

OPEN = ("created", "incomplete")


class MangopayUbo(models.Model):
    """A beneficial owner that a seller declares: who owns more than a quarter of it.

    Kept as long as the seller may have to correct or renew the declaration, for
    accounting managers and the seller alone.
    """

    _name = "mangopay.ubo"
    _description = "Beneficial owner of a seller"
    _order = "id"
    _rec_name = "last_name"

    user_id = fields.Many2one(
        "mangopay.user", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="user_id.company_id", store=True)
    first_name = fields.Char(required=True)
    last_name = fields.Char(required=True)
    birthdate = fields.Date(required=True)
    nationality_id = fields.Many2one("res.country", required=True)
    street = fields.Char(required=True)
    zip = fields.Char(required=True)
    city = fields.Char(required=True)
    country_id = fields.Many2one("res.country", required=True)
    birth_city = fields.Char(required=True)
    birth_country_id = fields.Many2one("res.country", required=True)

    def _prepare_mangopay(self):
        """Return the owner as Mangopay names it (api-reference/ubo-declarations)."""
        self.ensure_one()
        return {
            "FirstName": self.first_name,
            "LastName": self.last_name,
            "Birthday": to_timestamp(self.birthdate),
            "Nationality": self.nationality_id.code,
            "Address": {
                "AddressLine1": self.street,
                "City": self.city,
                "PostalCode": self.zip,
                "Country": self.country_id.code,
            },
            "Birthplace": {
                "City": self.birth_city,
                "Country": self.birth_country_id.code,
            },
        }


class MangopayUboDeclaration(models.Model):
    """The declaration by which a company names its beneficial owners.

    `_send_owners` may be interrupted anywhere and repeated: it looks at what Mangopay
    has before it adds, and adds only who is missing. Submitting twice is refused by
    Mangopay and changes nothing.
    """

    _name = "mangopay.ubo.declaration"
    _description = "Declaration of a seller's beneficial owners"
    _inherit = ["mangopay.seller.object.mixin"]
    _rec_name = "mangopay_id"

    _operation_kind = "ubo_declaration"
    _states = {
        "CREATED": "created",
        "VALIDATION_ASKED": "asked",
        "INCOMPLETE": "incomplete",
        "VALIDATED": "validated",
        "REFUSED": "refused",
    }
    # Mangopay hands an incomplete one back, and takes it again.
    _ranks = {
        "draft": 0,
        "created": 1,
        "asked": 2,
        "incomplete": 2,
        "validated": 3,
        "refused": 3,
    }

    state = fields.Selection(
        selection=[
            ("draft", "Being opened at Mangopay"),
            ("created", "To send"),
            ("asked", "Being checked by Mangopay"),
            ("incomplete", "To complete"),
            ("validated", "Accepted"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
        default="draft",
    )

    def _prepare_seen_vals(self, payload):
        return {
            **super()._prepare_seen_vals(payload),
            "reason_code": payload.get("Reason"),
            "reason_message": payload.get("Message"),
        }

    def _describe_refusal(self):
        return self.env._(
            "Beneficial owners: %(reason)s", reason=describe_refusal(self.env, self)
        )

    def _send_owners(self, owners):
        """Bring the declaration to these owners and ask Mangopay to look at it.

        :raise GatewayError: when Mangopay refuses or does not answer; to be repeated
        """
        self.ensure_one()
        self.lock_for_update()
        gateway = self.account_id._get_gateway()
        place = (self.user_id.mangopay_id, self.mangopay_id)
        present = gateway.ubo_declaration(self.mangopay_id)
        self._apply_mangopay(present)
        if self.state not in OPEN:
            return
        known = {
            self._identify(ubo): ubo
            for ubo in present.get("Ubos") or []
            if ubo["IsActive"]
        }
        for owner in owners:
            values = owner._prepare_mangopay()
            found = known.pop(self._identify(values), None)
            if found:
                gateway.update_ubo(*place, found["Id"], values)
            else:
                gateway.add_ubo(*place, values, key=str(uuid.uuid4()))
        for gone in known.values():
            gateway.update_ubo(*place, gone["Id"], {"IsActive": False})
        self._apply_mangopay(gateway.submit_ubo_declaration(*place))

    def _identify(self, ubo):
        return ubo["FirstName"], ubo["LastName"], ubo["Birthday"]


class MangopayUser(models.Model):
    """The beneficial owners of a seller."""

    _inherit = "mangopay.user"

    ubo_ids = fields.One2many(
        "mangopay.ubo",
        "user_id",
        groups="account.group_account_manager,base.group_system",
    )
    ubo_declaration_ids = fields.One2many(
        "mangopay.ubo.declaration", "user_id", readonly=True
    )

    def _needs_owners(self):
        return self.partner_id.marketplace_legal_form in UBO_FORMS

    def _get_declaration(self):
        return self.ubo_declaration_ids.sorted("id")[-1:]

    def _can_edit_owners(self):
        """Owners are the seller's to change until Mangopay has the declaration."""
        return self._get_declaration().state not in ("asked", "validated")

    def _add_owner(self, values):
        """Name one more owner.

        :raise UserError: when Mangopay takes no more
        """
        self.ensure_one()
        self.lock_for_update()
        if len(self.sudo().ubo_ids) >= MAX_UBOS:
            raise UserError(
                self.env._(
                    "A declaration names %(limit)s owners at most.", limit=MAX_UBOS
                )
            )
        return self.env["mangopay.ubo"].sudo().create({**values, "user_id": self.id})

    def _declare_owners(self):
        """Send the declaration to Mangopay.

        The transaction is committed on the way.

        :raise GatewayError: when Mangopay refuses or does not answer; to be repeated
        """
        self.ensure_one()
        self.lock_for_update()
        declaration = self._get_declaration()
        if declaration.state not in ("draft", *OPEN):
            declaration = (
                self.env["mangopay.ubo.declaration"].sudo().create({"user_id": self.id})
            )
        if not declaration.mangopay_id:
            operation = declaration._request_creation({"user_id": self.mangopay_id})
            operation._send_now()
            if not declaration.mangopay_id:
                raise operation._get_error()
        try:
            declaration._send_owners(self.sudo().ubo_ids)
        except GatewayError as error:
            declaration.reason_message = error.message[:500]
            raise
