# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Command

from odoo.addons.payment import utils as payment_utils

METHODS = ("card", "visa", "mastercard", "maestro")


class PaymentProvider(models.Model):
    """Mangopay takes what is paid to sellers, and nothing else (D17).

    A company has one provider of this kind; it follows its account at Mangopay.
    """

    _inherit = "payment.provider"

    code = fields.Selection(
        selection_add=[("mangopay", "Mangopay")],
        ondelete={"mangopay": "set default"},
    )

    def _compute_feature_support_fields(self):
        """Override of `payment` to allow partial refunds."""
        result = super()._compute_feature_support_fields()
        mangopay = self.filtered(lambda provider: provider.code == "mangopay")
        mangopay.support_refund = "partial"
        return result

    def _get_default_payment_method_codes(self):
        """Override of `payment` to offer cards."""
        if self.code != "mangopay":
            return super()._get_default_payment_method_codes()
        return set(METHODS)

    @api.model
    def _get_compatible_providers(
        self, *args, sale_order_id=None, report=None, **kwargs
    ):
        """Override of `payment` to keep Mangopay away from the company's own sales."""
        providers = super()._get_compatible_providers(
            *args, sale_order_id=sale_order_id, report=report, **kwargs
        )
        order_sudo = self.env["sale.order"].sudo().browse(sale_order_id or False)
        if order_sudo.marketplace_seller_id:
            return providers
        others = providers.filtered(lambda provider: provider.code != "mangopay")
        payment_utils.add_to_report(
            report,
            providers - others,
            available=False,
            reason=self.env._("only takes what is paid to the marketplace's sellers"),
        )
        return others

    @api.model
    def _get_mangopay_of(self, company):
        """Return the provider of a company, disabled or not."""
        domain = [("code", "=", "mangopay"), ("company_id", "=", company.id)]
        return self.sudo().search(domain, limit=1)

    def _get_mangopay_account(self):
        """Return the account that takes this provider's payments now."""
        self.ensure_one()
        return self.env["mangopay.account"]._get_of(self.company_id)

    @api.model
    def _ensure_mangopay(self, company):
        """Return the provider of a company, made now when it had none."""
        provider_sudo = self._get_mangopay_of(company)
        if provider_sudo:
            return provider_sudo
        model_sudo = self.env.ref(
            "training_marketplace_payout.payment_provider_mangopay"
        ).sudo()
        return model_sudo.copy({"company_id": company.id, "name": model_sudo.name})

    def _follow_mangopay_account(self, account):
        """Offer payment in the account's mode; none without an account.

        :param mangopay.account account: the one in use, or an empty recordset
        """
        self.ensure_one()
        methods = self.env["payment.method"].with_context(active_test=False)
        codes = methods.search([("code", "in", METHODS)])
        self.payment_method_ids = [Command.link(method.id) for method in codes]
        state = "enabled" if account.is_live else "test"
        self.write(
            {
                "state": state if account else "disabled",
                "is_published": bool(account),
            }
        )

    def action_open_mangopay_settings(self):
        """Open where the account at Mangopay is linked."""
        self.check_access("read")
        return self.env["ir.actions.act_window"]._for_xml_id(
            "base_setup.action_general_configuration"
        )
