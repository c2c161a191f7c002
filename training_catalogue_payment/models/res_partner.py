# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from ..services.identifiers import check_rna, check_siret
from ..services.sellability import INDIVIDUAL

_ADDRESS_FIELDS = ("street", "street2", "zip", "city", "country_id")


class ResPartner(models.Model):
    """The buyer of a training session, as given on the purchase page (A11)."""

    _inherit = "res.partner"

    @api.model
    def _create_training_buyer(self, buyer, cart=None):
        """Return the contact who buys, with sudo: the individual, or the company's
        contact.

        A visitor never attaches to a partner that exists, whatever number or e-mail
        is typed: only to the one that the same cart made before, so that sending the
        page twice makes one buyer. A portal user buys for their own company when it is
        the same one.

        :param services.buyer.Buyer buyer: a checked buyer
        :param sale.order cart: the visitor's cart, if any
        :rtype: res.partner
        """
        made_sudo = self._find_cart_buyer_sudo(cart)
        if made_sudo:
            return made_sudo._update_cart_buyer(buyer)
        own_sudo = self._find_own_buyer_sudo(buyer)
        own_sudo = own_sudo or self._find_former_buyer_sudo(buyer)
        if own_sudo:
            return own_sudo._complete_own_buyer(buyer)
        return self._create_new_buyer_sudo(buyer)

    # A buyer made by this cart

    def _find_cart_buyer_sudo(self, cart):
        """Return the contact that this unpaid cart made and nobody else uses."""
        none_sudo = self.env["res.partner"].sudo()
        if not cart or not cart.training_buyer_kind:
            return none_sudo
        contact_sudo = cart.sudo().partner_id
        family_sudo = contact_sudo | contact_sudo.commercial_partner_id
        is_shared = (
            family_sudo.child_ids - family_sudo
            or family_sudo.with_context(active_test=False).user_ids
            or none_sudo.env["sale.order"].search_count(
                [("partner_id", "in", family_sudo.ids), ("id", "!=", cart.id)], limit=1
            )
            or none_sudo.env["account.move"].search_count(
                [("commercial_partner_id", "in", family_sudo.ids)], limit=1
            )
        )
        return none_sudo if is_shared else contact_sudo

    def _update_cart_buyer(self, buyer):
        """Write the buyer again; another kind of buyer makes another partner."""
        self.ensure_one()
        company_sudo = self.commercial_partner_id
        if buyer.kind == INDIVIDUAL and company_sudo == self and not self.is_company:
            self.write(self._prepare_buyer_vals(buyer))
            return self
        if buyer.kind != INDIVIDUAL and company_sudo != self:
            company_sudo.write(self._prepare_buyer_vals(buyer))
            self.write(self._prepare_contact_vals(buyer))
            return self
        return self._create_new_buyer_sudo(buyer)

    # A portal user

    def _find_own_buyer_sudo(self, buyer):
        """Return the signed-in portal user's own partner if it is this very buyer.

        Staff buy like visitors: their own partner is the organisation itself.
        """
        user = self.env.user
        none_sudo = self.env["res.partner"].sudo()
        if not user._is_portal():
            return none_sudo
        own_sudo = user.partner_id.sudo()
        company_sudo = own_sudo.commercial_partner_id
        if buyer.kind == INDIVIDUAL:
            is_person = own_sudo == company_sudo and not own_sudo.is_company
            return own_sudo if is_person else none_sudo
        registry = (company_sudo.company_registry or "").replace(" ", "")
        same_name = (company_sudo.name or "").casefold() == buyer.name.casefold()
        is_same = registry == buyer.registry if registry else same_name
        return own_sudo if company_sudo.is_company and is_same else none_sudo

    def _find_former_buyer_sudo(self, buyer):
        """Return the contact of this very company for whom the portal user paid before.

        Who signs up and buys for a company is no contact of it: each purchase would
        make the company anew, whose purchases nobody could add up, and whom a payment
        provider would not know again.
        """
        user = self.env.user
        if not user._is_portal() or buyer.kind == INDIVIDUAL:
            return self.env["res.partner"].sudo()
        company = "partner_id.commercial_partner_id"
        domain = [
            ("training_account_id", "=", user.id),
            ("training_paid_tx_id", "!=", False),
            ("company_id", "=", self.env.company.id),
            (f"{company}.is_company", "=", True),
            (f"{company}.company_registry", "=", buyer.registry or False),
        ]
        if not buyer.registry:
            domain.append((f"{company}.name", "=", buyer.name))
        orders_sudo = self.env["sale.order"].sudo()
        return orders_sudo.search(domain, order="id desc", limit=1).partner_id

    def _complete_own_buyer(self, buyer):
        """Fill in what is empty: invoices and other people rely on what exists."""
        self.ensure_one()
        company_sudo = self.commercial_partner_id
        values = self._prepare_buyer_vals(buyer)
        company_sudo.write(
            {
                name: value
                for name, value in values.items()
                if value and name not in _ADDRESS_FIELDS and not company_sudo[name]
            }
        )
        address = {name: values[name] for name in _ADDRESS_FIELDS}
        if buyer.kind == INDIVIDUAL or not company_sudo.street:
            company_sudo.write(address)
        return company_sudo._get_contact_sudo(buyer)

    def _get_training_billing_sudo(self, buyer):
        """Return who is billed for this contact: its company, or a billing address
        of the company where the buyer gave another one than the company's."""
        self.ensure_one()
        company_sudo = self.sudo().commercial_partner_id
        values = self._prepare_buyer_vals(buyer)
        address = {name: values[name] for name in _ADDRESS_FIELDS}
        if not company_sudo._has_other_address(address):
            return company_sudo
        return company_sudo._get_billing_address_sudo(buyer, address)

    def _has_other_address(self, address):
        self.ensure_one()
        return any(
            (self[name].id if name == "country_id" else self[name] or "")
            != (value or "")
            for name, value in address.items()
        )

    def _get_contact_sudo(self, buyer):
        """Return this company's contact with the buyer's e-mail, made if missing."""
        self.ensure_one()
        email = buyer.email.casefold()
        contacts = (self.env.user.partner_id.sudo() | self.child_ids | self).filtered(
            lambda partner: (
                partner.commercial_partner_id == self
                and partner.type in ("contact", False)
                and (partner.email or "").casefold() == email
            )
        )
        return contacts[:1] or self.create(
            {**self._prepare_contact_vals(buyer), "parent_id": self.id}
        )

    def _get_billing_address_sudo(self, buyer, address):
        """Return this company's billing address that says so, made if missing."""
        self.ensure_one()
        known = self.child_ids.filtered(
            lambda partner: (
                partner.type == "invoice" and not partner._has_other_address(address)
            )
        )
        return known[:1] or self.create(
            {
                **address,
                "name": buyer.name,
                "email": buyer.email,
                "phone": buyer.phone,
                "parent_id": self.id,
                "type": "invoice",
            }
        )

    def _get_training_registry(self):
        """Return the registration number with its name, as pages and mails say it."""
        self.ensure_one()
        registry = (self.company_registry or "").strip()
        if registry and not check_siret(registry)[1]:
            return f"SIRET {registry}"
        return (
            f"RNA {registry}" if registry and not check_rna(registry)[1] else registry
        )

    # A new buyer

    def _create_new_buyer_sudo(self, buyer):
        partner_sudo = self.env["res.partner"].sudo()
        buyer_sudo = partner_sudo.create(self._prepare_buyer_vals(buyer))
        if buyer.kind == INDIVIDUAL:
            return buyer_sudo
        return partner_sudo.create(
            {**self._prepare_contact_vals(buyer), "parent_id": buyer_sudo.id}
        )

    @api.model
    def _prepare_buyer_vals(self, buyer):
        country = (
            self.env["res.country"]
            .sudo()
            .search([("code", "=", buyer.country_code)], limit=1)
        )
        return {
            "name": buyer.name,
            "is_company": buyer.kind != INDIVIDUAL,
            "company_registry": buyer.registry or False,
            "vat": buyer.vat or False,
            "street": buyer.street,
            "street2": buyer.street2 or False,
            "zip": buyer.zip,
            "city": buyer.city,
            "country_id": country.id,
            "email": buyer.email,
            "phone": buyer.phone,
            "lang": self.env.lang,
        }

    @api.model
    def _prepare_contact_vals(self, buyer):
        return {
            "name": buyer.contact_name,
            "email": buyer.email,
            "phone": buyer.phone,
            "is_company": False,
            "type": "contact",
            "lang": self.env.lang,
        }
