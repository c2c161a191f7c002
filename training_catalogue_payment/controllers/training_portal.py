# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound, abort

from odoo import fields
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import content_disposition, request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..services.learners_form import check_learners
from .buyer_messages import describe_errors

CONFLICT = 409
UNPROCESSABLE = 422
_LIST = "/my/trainings"
_PAGE = "/my/trainings/<int(max=2147483647):request_id>"


class TrainingPortal(CustomerPortal):
    """« My trainings »: a buyer's purchases, and what they may do with each (A31)."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "training_count" in counters:
            values["training_count"] = self._get_purchases_sudo().search_count(
                self._get_purchases_domain()
            )
        return values

    def _get_purchases_sudo(self):
        """Return the model, with sudo: whose purchases is said by the domain below."""
        return request.env["training.request"].sudo()

    def _get_purchases_domain(self):
        return request.env["training.request"]._get_purchases_domain(
            request.env.user.partner_id
        )

    def _get_purchases_sortings(self):
        _ = request.env._
        return {
            "date": {"label": _("Newest"), "order": "create_date desc, id desc"},
            "session": {"label": _("Session date"), "order": "session_id, id"},
            "name": {"label": _("Name"), "order": "name, id"},
        }

    def _get_purchases_filters(self):
        _ = request.env._
        now = fields.Datetime.now()
        alive = Domain("state", "!=", "cancelled")
        to_complete = Domain("prepaid_state", "in", ("pending", "validated")) & (
            Domain("name", "=", False) | Domain("email", "=", False)
        )
        return {
            "all": {"label": _("All"), "domain": Domain.TRUE},
            "upcoming": {
                "label": _("Upcoming"),
                "domain": alive & Domain("session_id.date_end", ">=", now),
            },
            "to_complete": {
                "label": _("Learners to complete"),
                "domain": Domain("registration_ids", "any", to_complete),
            },
            "past": {
                "label": _("Past"),
                "domain": alive & Domain("session_id.date_end", "<", now),
            },
            "cancelled": {
                "label": _("Cancelled"),
                "domain": Domain("state", "=", "cancelled"),
            },
        }

    @route(
        [_LIST, f"{_LIST}/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_trainings(self, page=1, sortby="date", filterby="all", **_kwargs):
        """List the purchases of who is logged in and of their company."""
        sortings, filters = (
            self._get_purchases_sortings(),
            self._get_purchases_filters(),
        )
        sortby = sortby if sortby in sortings else "date"
        filterby = filterby if filterby in filters else "all"
        domain = self._get_purchases_domain() & filters[filterby]["domain"]
        purchases_sudo = self._get_purchases_sudo()
        pager = portal_pager(
            url=_LIST,
            url_args={"sortby": sortby, "filterby": filterby},
            total=purchases_sudo.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        found_sudo = purchases_sudo.search(
            domain,
            order=sortings[sortby]["order"],
            limit=self._items_per_page,
            offset=pager["offset"],
        )
        request.session["my_trainings_history"] = found_sudo.ids[:100]
        values = self._prepare_portal_layout_values()
        values.update(
            trainings=found_sudo,
            pager=pager,
            page_name="trainings",
            default_url=_LIST,
            searchbar_sortings=sortings,
            sortby=sortby,
            searchbar_filters=filters,
            filterby=filterby,
        )
        return request.render("training_catalogue_payment.portal_trainings", values)

    # One purchase

    @route(_PAGE, type="http", auth="public", website=True, methods=["GET"])
    def portal_training(self, request_id, access_token=None, done=None, **kwargs):
        """Show one purchase to its buyer, logged in or holding its signed link."""
        purchase_sudo = self._get_purchase_sudo(request_id, access_token)
        return self._render_purchase(purchase_sudo, access_token, done=done, **kwargs)

    @route(
        f"{_PAGE}/learners", type="http", auth="public", website=True, methods=["POST"]
    )
    def portal_training_learners(self, request_id, access_token=None, **form):
        """Keep the learners that the buyer completes, all of them or none."""
        purchase_sudo = self._get_purchase_sudo(request_id, access_token)
        editable = purchase_sudo._get_editable_learners_sudo()
        learners = purchase_sudo.order_id._get_active_learners().sorted("id")
        numbered = dict(enumerate(learners, start=1))
        values, errors = check_learners(
            form,
            [number for number, learner in numbered.items() if learner in editable],
            (learners - editable).mapped("email"),
        )
        if errors:
            messages = describe_errors(request.env, errors)
            return self._render_purchase(
                purchase_sudo, access_token, form=form, errors=messages
            )
        try:
            with request.env.cr.savepoint():
                purchase_sudo._update_learners(
                    {numbered[number]: one for number, one in values.items() if one},
                    self._get_author(purchase_sudo),
                )
        except UserError as error:
            return self._render_purchase(
                purchase_sudo, access_token, refusal=str(error)
            )
        return self._redirect_done(purchase_sudo, access_token, "learners")

    @route(
        f"{_PAGE}/change", type="http", auth="public", website=True, methods=["POST"]
    )
    def portal_training_change(self, request_id, access_token=None, **form):
        """Pass on a request to move or cancel."""
        purchase_sudo = self._get_purchase_sudo(request_id, access_token)
        try:
            with request.env.cr.savepoint():
                purchase_sudo._ask_change(
                    form.get("change_kind"),
                    form.get("change_message"),
                    self._get_author(purchase_sudo),
                )
        except UserError as error:
            return self._render_purchase(
                purchase_sudo, access_token, form=form, refusal=str(error)
            )
        return self._redirect_done(purchase_sudo, access_token, "change")

    @route(
        f"{_PAGE}/receipt", type="http", auth="public", website=True, methods=["GET"]
    )
    def portal_training_receipt(self, request_id, access_token=None, **_kwargs):
        """Download the receipt of the payment."""
        purchase_sudo = self._get_purchase_sudo(request_id, access_token)
        payment_sudo = purchase_sudo.order_id.training_paid_tx_id.payment_id
        if not payment_sudo:
            raise NotFound()
        report_sudo = request.env["ir.actions.report"].sudo()
        content = report_sudo.with_company(payment_sudo.company_id)._render_qweb_pdf(
            "account.action_report_payment_receipt", payment_sudo.ids
        )[0]
        name = request.env._("Receipt %(order)s", order=purchase_sudo.order_id.name)
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(f"{name}.pdf")),
            ],
        )

    # Access

    def _document_check_access(self, model_name, document_id, access_token=None):
        """Take a token with an accent for none: stock cannot compare it."""
        if access_token and not str(access_token).isascii():
            access_token = None
        return super()._document_check_access(model_name, document_id, access_token)

    def _get_purchase_sudo(self, request_id, access_token):
        """Return the purchase, or 404: nobody learns what belongs to another.

        Who is not logged in, without the signed link, is asked to log in first.
        """
        try:
            purchase_sudo = self._document_check_access(
                "training.request", request_id, access_token
            )
        except (AccessError, MissingError) as error:
            if request.env.user._is_public():
                abort(request.redirect(f"/web/login?redirect={_LIST}/{request_id}"))
            raise NotFound() from error
        if not purchase_sudo.is_prepaid:
            raise NotFound()
        return purchase_sudo

    def _get_author(self, purchase_sudo):
        """Return who acts: who is logged in, else whom the signed link was sent to."""
        user = request.env.user
        return purchase_sudo.partner_id if user._is_public() else user.partner_id

    # The page

    def _redirect_done(self, purchase_sudo, access_token, done):
        arguments = {"done": done}
        if access_token:
            arguments["access_token"] = access_token
        return request.redirect_query(f"{_LIST}/{purchase_sudo.id}", arguments)

    def _render_purchase(
        self,
        purchase_sudo,
        access_token,
        *,
        form=None,
        errors=None,
        refusal="",
        done=None,
        **kwargs,
    ):
        order_sudo = purchase_sudo.order_id
        values = self._get_page_view_values(
            purchase_sudo,
            access_token,
            {
                "training": purchase_sudo,
                "order": order_sudo,
                "session": purchase_sudo.session_id,
                "learners": order_sudo._get_active_learners().sorted("id"),
                "open_learners": purchase_sudo._get_editable_learners_sudo(),
                "refunded": order_sudo._get_training_refunded(),
                "documents": purchase_sudo._get_portal_documents_sudo(),
                "acceptance": order_sudo._get_paid_acceptance(),
                "withdrawal": order_sudo.training_withdrawal_ids,
                "page_name": "trainings",
                "form": form or {},
                "errors": errors or {},
                "refusal": refusal,
                "done": done,
                "access_token": access_token,
            },
            "my_trainings_history",
            False,
            **kwargs,
        )
        status = UNPROCESSABLE if errors else CONFLICT if refusal else 200
        return request.render(
            "training_catalogue_payment.portal_training", values, status=status
        )
