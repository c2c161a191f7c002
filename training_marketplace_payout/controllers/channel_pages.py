# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo.fields import Domain
from odoo.http import Controller, request, route
from odoo.tools.translate import LazyTranslate

from odoo.addons.training_catalogue_payment.services.form import parse_text

from ..models.product_template_channel import CARD_FIELDS

_lt = LazyTranslate(__name__)

CARDS = 18
MAX_SEARCH = 100
#: Sellers and categories offered in the lists of the filters.
MAX_CHOICES = 200
_PAGE = {"type": "http", "auth": "public", "website": True, "methods": ["GET"]}
_SELLER = "/marketplace/seller/<string:slug>"
_SORTS = {"newest": "create_date desc, id desc", "name": "name, id"}


class ChannelPages(Controller):
    """« Public channel »: every course of every open seller (B2)."""

    @route(
        ["/marketplace", "/marketplace/page/<int:page>"],
        sitemap=True,
        list_as_website_content=_lt("Marketplace"),
        **_PAGE,
    )
    def marketplace(self, page=1, **filters):
        """List the courses, with what the visitor asks of them."""
        website = request.website
        if not website._has_channel():
            raise NotFound()
        chosen = self._read_filters(filters)
        values = self._prepare_list("/marketplace", page, chosen)
        values.update(
            sellers=self._get_sellers(),
            categories=self._get_categories(),
            tags=self._get_tags(),
        )
        return request.render("training_marketplace_payout.channel_page", values)

    @route([_SELLER, f"{_SELLER}/page/<int:page>"], sitemap=False, **_PAGE)
    def marketplace_seller(self, slug, page=1, **_kwargs):
        """Show a seller: who it is in law, and its courses."""
        seller_sudo = request.website._find_channel_seller_sudo(slug)
        if not seller_sudo:
            raise NotFound()
        url = seller_sudo._get_channel_url()
        chosen = {**self._read_filters({}), "seller": seller_sudo.id}
        values = self._prepare_list(url, page, chosen, is_seller=True)
        company_sudo = request.website.sudo().company_id
        values.update(
            seller=seller_sudo,
            seller_url=url,
            identity=seller_sudo._get_channel_identity(company_sudo),
        )
        return request.render("training_marketplace_payout.channel_seller", values)

    @route(
        "/marketplace/seller/<int(max=2147483647):seller_id>/logo",
        type="http",
        auth="public",
        sitemap=False,
        methods=["GET"],
    )
    def marketplace_logo(self, seller_id, **_kwargs):
        """Give the logo of an open seller: contacts are not public otherwise."""
        sellers_sudo = request.env["res.partner"].sudo()
        domain = request.env["website"]._get_open_seller_domain()
        seller_sudo = sellers_sudo.search(domain & Domain("id", "=", seller_id))
        if not seller_sudo.image_256:
            raise NotFound()
        binary = request.env["ir.binary"]
        stream = binary._get_image_stream_from(seller_sudo, "image_256")
        response = stream.get_response(max_age=3600)
        response.headers["Content-Security-Policy"] = "default-src 'none'"
        return response

    # The list

    def _read_filters(self, filters):
        """Return what was asked, each value one that the page offers."""
        search = parse_text(filters.get("search"))

        def number(name):
            value = filters.get(name) or ""
            return int(value) if value.isdecimal() and len(value) < 10 else 0

        def choice(name, choices):
            value = filters.get(name) or ""
            return value if value in choices else ""

        return {
            "search": search[:MAX_SEARCH],
            "seller": number("seller"),
            "category": number("category"),
            "tag": number("tag"),
            "price": choice("price", ("free", "paid")),
            "delivery": choice("delivery", ("live", "elearning")),
            "order": choice("order", _SORTS) or "newest",
        }

    def _get_domain(self, chosen):
        courses = request.env["product.template"]
        domain = request.website._get_channel_domain()
        domain &= courses._get_channel_filter_domain(
            chosen["search"], chosen["price"], chosen["delivery"]
        )
        if chosen["seller"]:
            domain &= Domain("marketplace_seller_id", "=", chosen["seller"])
        if chosen["category"]:
            domain &= Domain("public_categ_ids", "child_of", chosen["category"])
        if chosen["tag"]:
            domain &= Domain("product_tag_ids", "in", chosen["tag"])
        return domain

    def _prepare_list(self, url, page, chosen, is_seller=False):
        website = request.website
        courses = request.env["product.template"]
        domain = self._get_domain(chosen)
        total = courses.search_count(domain)
        arguments = {name: value for name, value in chosen.items() if value}
        arguments.pop("order" if chosen["order"] == "newest" else "", None)
        if is_seller:
            arguments = {}
        pager = website.pager(
            url=url, total=total, page=page, step=CARDS, scope=5, url_args=arguments
        )
        found = courses.search_fetch(
            domain,
            CARD_FIELDS,
            order=_SORTS[chosen["order"]],
            limit=CARDS,
            offset=pager["offset"],
        )
        return {
            "cards": found._get_channel_cards(website),
            "total": total,
            "pager": pager,
            "chosen": chosen,
            "is_filtered": bool(arguments),
        }

    # The choices

    def _get_sellers(self):
        """Return the open sellers that have a course here, by name."""
        sellers_sudo = request.env["res.partner"].sudo()
        query = request.env["product.template"]._search(
            request.website._get_channel_domain()
        )
        return sellers_sudo.search_fetch(
            Domain("id", "in", query.subselect("marketplace_seller_id")),
            ["name"],
            order="name, id",
            limit=MAX_CHOICES,
        )

    def _get_categories(self):
        query = request.env["product.template"]._search(
            request.website._get_channel_domain()
        )
        return request.env["product.public.category"].search_fetch(
            Domain("product_tmpl_ids", "any", [("id", "in", query)]),
            ["name"],
            limit=MAX_CHOICES,
        )

    def _get_tags(self):
        query = request.env["product.template"]._search(
            request.website._get_channel_domain()
        )
        return (
            request.env["product.tag"]
            .sudo()
            .search_fetch(
                Domain("product_template_ids", "any", [("id", "in", query)])
                & Domain("visible_to_customers", "=", True),
                ["name"],
                limit=MAX_CHOICES,
            )
        )
