# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from base64 import b64encode

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext, plaintext2html
from odoo.tools.image import image_process

LOGO_SIZE = (1024, 1024)
#: Fields of the form that the contact bears, and those that the contract does.
_OF_PARTNER = ("email", "phone", "website")
_OF_CONTRACT = ("share_capital", "registry", "consumer_mediator")


class MarketplaceSeller(models.Model):
    """What a seller says of itself, from its own page: presentation, logo, contact,
    and what the invoices in its name must bear (B2, B12).

    Its name, number, regime and country are its contract's: the operator changes them,
    and the mandate is accepted anew.
    """

    _inherit = "marketplace.seller"

    def _get_profile(self):
        """Return the form as it stands, texts only."""
        self.ensure_one()
        partner_sudo = self.sudo().partner_id
        return {
            "presentation": self._get_presentation(),
            "vat": partner_sudo.vat or "",
            **{name: partner_sudo[name] or "" for name in _OF_PARTNER},
            **{name: self[name] or "" for name in _OF_CONTRACT},
        }

    def _get_presentation(self):
        html = self.sudo().partner_id.marketplace_description
        return html2plaintext(html).strip() if html else ""

    def _write_profile(self, values, logo=None, drops_logo=False):
        """Keep what the seller's team says, checked by `services.seller_profile`.

        The presentation is text: no tag is taken from the form. It is left as it is,
        with the formatting that the operator gave it, when its words did not change.
        A VAT number is completed, never replaced: invoices bear it.

        :param bytes logo: a PNG or a JPEG, made anew pixel by pixel
        :raise UserError: for an image that cannot be read, or a wrong VAT number
        """
        self.ensure_one()
        partner_sudo = self.sudo().partner_id
        vals = {name: values[name] or False for name in _OF_PARTNER}
        if values["presentation"] != self._get_presentation():
            vals["marketplace_description"] = values["presentation"] and plaintext2html(
                values["presentation"]
            )
        if values["vat"] and not partner_sudo.vat:
            vals["vat"] = values["vat"]
        if logo:
            vals["image_1920"] = self._clean_logo(logo)
        elif drops_logo:
            vals["image_1920"] = False
        partner_sudo.write(
            {name: value for name, value in vals.items() if value != partner_sudo[name]}
        )
        self.sudo().write(
            {
                name: values[name] or False
                for name in _OF_CONTRACT
                if (values[name] or False) != self[name]
            }
        )

    def _clean_logo(self, logo):
        """Return an image without anything that its file held besides."""
        try:
            return b64encode(
                image_process(
                    logo, size=LOGO_SIZE, verify_resolution=True, output_format="PNG"
                )
            )
        except (OSError, ValueError, SyntaxError) as error:
            raise UserError(self.env._("This image cannot be read.")) from error
