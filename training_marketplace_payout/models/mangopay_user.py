# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError

# UserStatus of Mangopay (api-reference/users).
STATES = {"ACTIVE": "active", "PENDING_USER_ACTION": "pending", "CLOSED": "closed"}


class MangopayUser(models.Model):
    """A person or an organisation as Mangopay knows it: a buyer or a seller.

    A contact has one for each category and account: who pays never owns anything of
    what is paid out. The row comes first; Mangopay's id is written when it answers,
    and nothing is made twice meanwhile (D7).
    """

    _name = "mangopay.user"
    _description = "Person known to Mangopay"
    _inherit = ["mangopay.subject.mixin"]
    _order = "id desc"
    _rec_name = "partner_id"

    account_id = fields.Many2one(
        "mangopay.account", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    category = fields.Selection(
        selection=[("PAYER", "Buyer"), ("OWNER", "Seller")],
        required=True,
        readonly=True,
    )
    person = fields.Selection(
        selection=[("natural", "Natural person"), ("legal", "Legal person")],
        required=True,
        readonly=True,
    )
    mangopay_id = fields.Char(
        string="Id at Mangopay", readonly=True, copy=False, index="btree_not_null"
    )
    state = fields.Selection(
        selection=[
            ("draft", "Not asked yet"),
            ("requested", "Asked of Mangopay"),
            ("refused", "Refused by Mangopay"),
            ("pending", "Waits for the person"),
            ("active", "Active"),
            ("blocked", "Blocked by Mangopay"),
            ("closed", "Closed"),
        ],
        required=True,
        readonly=True,
        default="draft",
    )
    kyc_level = fields.Selection(
        selection=[("LIGHT", "Not verified"), ("REGULAR", "Verified")],
        string="Verification",
        readonly=True,
    )
    wallet_ids = fields.One2many("mangopay.wallet", "user_id", string="Wallets")

    _person_unique = models.Constraint(
        "UNIQUE(account_id, partner_id, category)",
        "A contact has one user of a category in an account of Mangopay.",
    )

    @api.model
    def _ensure(self, account, partner, category, person):
        """Return the user that a contact has, its row made now when there was none.

        Nothing is asked of Mangopay yet.

        :param str category: PAYER or OWNER
        :param str person: natural or legal
        """
        partner = partner.commercial_partner_id
        domain = [
            ("account_id", "=", account.id),
            ("partner_id", "=", partner.id),
            ("category", "=", category),
        ]
        users_sudo = self.sudo()
        found = users_sudo.search(domain, limit=1)
        if found:
            return found
        values = {
            "account_id": account.id,
            "partner_id": partner.id,
            "category": category,
            "person": person,
        }
        return self._create_once(users_sudo, values)

    @api.model
    def _create_once(self, model, values):
        """Create a row that somebody may be creating at the same moment.

        :raise ConcurrencyError: when they were first: Odoo runs the request again
        """
        try:
            with self.env.cr.savepoint():
                return model.create(values)
        except UniqueViolation as error:
            raise ConcurrencyError(str(error)) from error

    def _request_creation(self, values):
        """Ask Mangopay for the user, once; what it refused may be asked again.

        :param dict values: Mangopay's own fields, UserCategory among them
        :return: the operation; empty when the user exists
        """
        self.ensure_one()
        operations = self.env["mangopay.operation"]
        if self.mangopay_id:
            return operations
        if self.state in ("draft", "refused"):
            self.state = "requested"
        arguments = {"person": self.person, "values": values}
        return operations._request("user", self, self.account_id, arguments)

    def _get_wallet(self, currency):
        """Return the wallet of a currency, its row made now when there was none."""
        self.ensure_one()
        wallets_sudo = self.env["mangopay.wallet"].sudo()
        domain = [("user_id", "=", self.id), ("currency_id", "=", currency.id)]
        found = wallets_sudo.search(domain, limit=1)
        values = {"user_id": self.id, "currency_id": currency.id}
        return found or self._create_once(wallets_sudo, values)

    def _on_mangopay_made(self, operation):
        result = super()._on_mangopay_made(operation)
        if operation.kind == "user":
            self.mangopay_id = operation.provider_reference
            self._apply_mangopay_user(operation.answer)
        return result

    def _on_mangopay_failed(self, operation):
        if operation.kind == "user" and not self.mangopay_id:
            self.state = "refused"
        return super()._on_mangopay_failed(operation)

    def _apply_mangopay_user(self, payload):
        """Take over what Mangopay says of the user: status and verification.

        :param dict payload: the user, whole or in short
        """
        self.ensure_one()
        values = {"state": STATES.get(payload.get("UserStatus"), "active")}
        if payload.get("KYCLevel"):
            values["kyc_level"] = payload["KYCLevel"]
        self.write(values)

    def _lock_patiently(self):
        """Lock the row for a person who waits for a page.

        A notification about the same person is often at work when they come back from
        Mangopay: Odoo plays the request again a moment later.

        :raise ConcurrencyError: while somebody else has the row
        """
        if not self.try_lock_for_update():
            raise ConcurrencyError("Something is being done about this person.")

    def _refresh(self):
        """Ask Mangopay for the present state of the users.

        :raise GatewayError: when it does not say
        """
        for user in self.filtered("mangopay_id"):
            gateway = user.account_id._get_gateway()
            user._apply_mangopay_user(gateway.user(user.mangopay_id))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_made(self):
        if self.filtered(lambda user: user.state != "draft"):
            raise UserError(self.env._("Who is known to Mangopay cannot be deleted."))
