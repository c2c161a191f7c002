# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.http import request, route

from ..services.safe_file import MEGABYTE, read_file
from ..services.seller_profile import (
    LONGEST_LOGO,
    MAX_PRESENTATION,
    TEXTS,
    check_logo,
    check_profile,
)
from .seller_balance import GET, POST, SellerBalance

PROFILE = "/my/channel/presentation"
UNPROCESSABLE = 422


class SellerProfile(SellerBalance):
    """« Presentation »: what a seller says of itself, on its page and invoices."""

    @route(PROFILE, **GET)
    def seller_profile(self, done=None, **_kwargs):
        """Show the form as it stands."""
        contract_sudo = self._get_money_contract()
        return self._render_profile(contract_sudo, done=bool(done))

    @route(PROFILE, **POST)
    def seller_profile_save(self, logo=None, drop_logo=None, **form):
        """Keep what is right; nothing at all when something is wrong."""
        contract_sudo = self._get_money_contract()
        values, errors = check_profile(form)
        content = read_file(logo, LONGEST_LOGO)
        code = content and check_logo(logo.filename, content)
        if code:
            errors["logo"] = f"logo_{code}"
        if errors:
            return self._render_profile(contract_sudo, form=values, errors=errors)
        try:
            with request.env.cr.savepoint():
                contract_sudo._write_profile(values, content, bool(drop_logo))
        except UserError as error:
            contract_sudo.invalidate_recordset()
            return self._render_profile(contract_sudo, form=values, refusal=str(error))
        return request.redirect(f"{PROFILE}?done=1")

    def _render_profile(
        self, contract_sudo, *, form=None, errors=None, refusal="", done=False
    ):
        sentences = self._describe_profile_errors()
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="seller_profile",
            contract=contract_sudo,
            seller=contract_sudo.partner_id,
            form=form or contract_sudo._get_profile(),
            errors={name: sentences[code] for name, code in (errors or {}).items()},
            refusal=refusal,
            done=done,
            limits={**TEXTS, "presentation": MAX_PRESENTATION},
            is_company=contract_sudo.partner_id.marketplace_legal_form
            in ("company", "partnership"),
        )
        return request.render(
            "training_marketplace_payout.seller_profile",
            values,
            status=UNPROCESSABLE if errors or refusal else 200,
        )

    def _describe_profile_errors(self):
        _ = request.env._
        too_big = _(
            "Send an image of %(limit)s MB at most.", limit=LONGEST_LOGO // MEGABYTE
        )
        return {
            "required": _("Fill in this field."),
            "too_long": _("This text is too long."),
            "email": _("Enter a valid e-mail address, such as name@company.com."),
            "website": _("Enter a web address, such as https://www.company.com."),
            "logo_type": _("A logo is a PNG or a JPEG image."),
            "logo_empty": _("This file is empty."),
            "logo_too_big": too_big,
        }
