# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from babel.dates import format_date
from pytz import timezone, utc

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import babel_locale_parse, get_lang

#: What a card reads of a course: read by the search itself (bars P1).
CARD_FIELDS = (
    "name",
    "list_price",
    "description_sale",
    "is_published",
    "marketplace_seller_id",
    "website_url",
    "write_date",
)


class ProductTemplate(models.Model):
    """What the public channel shows of a course (B2, B3)."""

    _inherit = "product.template"

    # Searching

    @api.model
    def _get_open_sessions_domain(self):
        """Return the domain of the sessions that a visitor may still join."""
        return (
            Domain("date_end", ">", fields.Datetime.now())
            & Domain("kanban_state", "!=", "cancel")
            & Domain("session_kind", "!=", "intra")
        )

    @api.model
    def _get_channel_filter_domain(self, search="", price="", delivery=""):
        """Return the domain of what a visitor asks of the channel's list.

        :param str price: ``free`` or ``paid``
        :param str delivery: ``live`` or ``elearning``
        """
        domain = Domain.TRUE
        if search:
            # Visitors read no contact: sellers are searched apart, in the statement.
            sellers_sudo = self.env["res.partner"].sudo()
            sellers = sellers_sudo._search(
                Domain("is_marketplace_seller", "=", True)
                & Domain("name", "ilike", search)
            )
            domain &= (
                Domain("name", "ilike", search)
                | Domain("description_sale", "ilike", search)
                | Domain("marketplace_seller_id", "in", sellers)
            )
        sessions = self._get_open_sessions_domain()
        priced = Domain("list_price", ">", 0) | Domain(
            "training_session_ids", "any", sessions & Domain("session_price", ">", 0)
        )
        if price in ("free", "paid"):
            domain &= priced if price == "paid" else ~priced
        if delivery in ("live", "elearning"):
            operator = "=" if delivery == "live" else "!="
            domain &= Domain(
                "training_session_ids",
                "any",
                sessions & Domain("slide_channel_id", operator, False),
            )
        return domain

    # Cards

    def _get_channel_cards(self, website):
        """Return the cards of these courses, in their order, as plain values.

        The number of queries does not depend on the number of courses (bars P1).

        :rtype: list[dict]
        """
        offers = self._get_catalogue_offers(website) if self else {}
        sessions = self._get_channel_sessions()
        return [
            {
                "id": course.id,
                "name": course.name,
                "url": course.website_url,
                "text": course.description_sale or "",
                "image": website.image_url(course, "image_512"),
                "seller": course.sudo().marketplace_seller_id,
                "offer": offers.get(course.id),
                "is_free": not course.list_price
                and not sessions.get(course.id, {}).get("price"),
                **sessions.get(course.id, {"date": "", "is_elearning": False}),
            }
            for course in self
        ]

    def _get_channel_sessions(self):
        """Return what is to come of each course, in one query.

        :return: ``date``, ``is_elearning`` and dearest ``price`` by course id
        """
        groups = (
            self.env["event.event"]
            .sudo()
            ._read_group(
                Domain("programme_id", "in", self.ids)
                & self._get_open_sessions_domain(),
                ["programme_id"],
                [
                    "date_begin:min",
                    "date_tz:max",
                    "slide_channel_id:count",
                    "session_price:max",
                ],
            )
        )
        locale = babel_locale_parse(get_lang(self.env).code)
        return {
            programme.id: {
                "date": format_date(
                    utc.localize(begin).astimezone(timezone(zone or "UTC")),
                    "medium",
                    locale=locale,
                ),
                "is_elearning": bool(courses),
                "price": price,
            }
            for programme, begin, zone, courses, price in groups
        }

    # The page of a course

    def _get_catalogue_values(self, website):
        """Override of the catalogue: name the seller, and list the sessions that are
        joined on request: the free ones, and those that are not for sale (B3)."""
        values = super()._get_catalogue_values(website)
        seller_sudo = self.sudo().marketplace_seller_id
        if not values or not seller_sudo:
            return values
        values["channel_seller"] = seller_sudo
        values["channel_seller_url"] = website._get_channel_seller_url(seller_sudo)
        values["channel_sessions"] = self._get_request_sessions_sudo(
            {session["id"] for session in values["sessions"]}
        )._get_catalogue_values()
        return values

    def _get_request_sessions_sudo(self, sold_ids):
        """Return the open sessions that are not bought online, the next one first."""
        sessions_sudo = self.env["event.event"].sudo()
        if not self.is_published:
            return sessions_sudo
        domain = (
            Domain("programme_id", "in", self.ids)
            & Domain("id", "not in", list(sold_ids))
            & self._get_open_sessions_domain()
        )
        return sessions_sudo.search(domain, order="date_begin, id", limit=20).filtered(
            lambda session: session._is_joined_on_request()
        )


class EventEvent(models.Model):
    _inherit = "event.event"

    def _is_joined_on_request(self):
        """Whether a visitor asks to join: free, or e-learning that is not sold."""
        self.ensure_one()
        has_seats = self._has_free_seats(1)
        return has_seats and (not self.training_price or bool(self.slide_channel_id))

    def _get_catalogue_session(self, cache):
        values = super()._get_catalogue_session(cache)
        values["is_free"] = not self.training_price
        values["is_elearning"] = bool(self.sudo().slide_channel_id)
        return values
