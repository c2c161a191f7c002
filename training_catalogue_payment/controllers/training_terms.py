# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo.http import Controller, content_disposition, request, route


class TrainingTermsPage(Controller):
    """The terms of sale: read before buying, found again and kept after (A12)."""

    @route(
        "/training/terms/<int(max=2147483647):terms_id>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def training_terms(self, terms_id, download=False, **_kwargs):
        """Show one version, the former ones included, or give it as a file."""
        terms_sudo = request.env["training.terms"].sudo().browse(terms_id).exists()
        if not terms_sudo or terms_sudo.company_id != request.website.company_id:
            raise NotFound()
        if not download:
            return request.render(
                "training_catalogue_payment.terms_page", {"terms": terms_sudo}
            )
        content = request.env["ir.qweb"]._render(
            "training_catalogue_payment.terms_file", {"terms": terms_sudo}
        )
        name = f"{terms_sudo.display_name}.html"
        return request.make_response(
            content,
            [
                ("Content-Type", "text/html; charset=utf-8"),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
