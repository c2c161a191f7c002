# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import consteq, email_normalize, format_date, hmac

from ..services.threshold import is_too_late, last_day

IDENTITY_PAGE = "/my/identity"


class SaleOrder(models.Model):
    """The purchase of a buyer whom Mangopay has to know first (B10, D17)."""

    _inherit = "sale.order"

    # Judging

    def _must_be_held(self, tx):
        """Override of the catalogue: a buyer over the amount, and not validated, waits.

        The turn is taken before the sum: of two payments that arrive together, one
        sees the other.
        """
        if not self.marketplace_seller_id:
            return super()._must_be_held(tx)
        buyer = self.partner_id.commercial_partner_id
        if buyer._is_mangopay_verified(self.company_id):
            return False
        email = self._get_marketplace_email()
        self.env["marketplace.buyer.turn"]._take(self.company_id, buyer, email)
        return self._is_over_buyer_threshold()

    def _get_marketplace_email(self):
        return email_normalize(self.partner_id.email or "") or False

    def _is_over_buyer_threshold(self):
        """Tell whether this purchase takes its buyer over the amount."""
        self.ensure_one()
        company = self.company_id
        amount = self.currency_id._convert(
            self.amount_total, company.currency_id, company, fields.Date.today()
        )
        return company._passes_buyer_threshold(
            self.partner_id.commercial_partner_id, self._get_marketplace_email(), amount
        )

    def _will_be_held(self):
        """Tell, before the payment, whether this cart would be held after it."""
        self.ensure_one()
        order_sudo = self.sudo()
        buyer = order_sudo.partner_id.commercial_partner_id
        return (
            bool(order_sudo.marketplace_seller_id)
            and order_sudo.state in ("draft", "sent")
            and not order_sudo.training_paid_tx_id
            and not buyer._is_mangopay_verified(order_sudo.company_id)
            and order_sudo._is_over_buyer_threshold()
        )

    # Before the payment

    def _get_hold_notice(self):
        """Tell the buyer, before the payment, that documents will be asked; empty when
        none will (B24: known before the obligation to pay)."""
        self.ensure_one()
        if not self._will_be_held():
            return ""
        order_sudo = self.sudo()
        company = order_sudo.company_id
        session = order_sudo.training_session_id
        last = last_day(
            fields.Datetime.now(),
            company.marketplace_hold_days,
            session.date_begin,
            session.date_tz or "Europe/Paris",
        )
        return self.env._(
            "With this purchase you pass %(amount)s of courses in %(months)s months. "
            "The law asks Mangopay, who takes the payment, to check who you are: after "
            "the payment you will be asked for documents. Your seats are kept "
            "meanwhile, and your enrolment is confirmed once they are accepted. "
            "Without that by %(date)s, you are refunded in full.",
            amount=company.currency_id.format(company.marketplace_buyer_threshold),
            months=company.marketplace_threshold_months,
            date=format_date(self.env, last),
        )

    def _get_cart_blockers(self, session, learners):
        """Override of the catalogue: take no money that would go straight back."""
        blockers = super()._get_cart_blockers(session, learners)
        zone = session.date_tz or "Europe/Paris"
        if (
            not blockers
            and self.marketplace_seller_id
            and is_too_late(fields.Datetime.now(), session.date_begin, zone)
            and self._will_be_held()
        ):
            blockers = [
                self.env._(
                    "For this amount Mangopay has to check who you are first, and this "
                    "session begins too soon for that. Choose a later session."
                )
            ]
        return blockers

    # After it

    def _become_held(self, tx):
        """Override of the catalogue: from when on, and until when, it waits."""
        super()._become_held(tx)
        sale_sudo = self.sudo().marketplace_sale_id
        if sale_sudo.state == "held":
            sale_sudo.hold_days = self.company_id.marketplace_hold_days
            sale_sudo._set_hold_deadline()
            # The verdict may have come at this very moment.
            sale_sudo._trigger_hold_job()

    def _get_hold_steps(self):
        """Override of the catalogue: the buyer is told at once, and only the buyer."""
        return [*super()._get_hold_steps(), self._tell_held_buyer]

    def _tell_held_buyer(self):
        """Queue the mail « payment received, your documents are awaited », once."""
        sale_sudo = self.sudo().marketplace_sale_id
        if sale_sudo.state == "held" and not sale_sudo.hold_told_at:
            sale_sudo._send_hold_mail("mail_template_hold")
            sale_sudo.hold_told_at = fields.Datetime.now()

    def _get_hold_sentence(self):
        """Override of the catalogue: what to send, where, and until when."""
        sale_sudo = self.sudo().marketplace_sale_id
        if not sale_sudo:
            return super()._get_hold_sentence()
        return self.env._(
            "Payment received, waiting for your documents. Your seats are kept. "
            "Because your purchases pass %(amount)s in %(months)s months, Mangopay has "
            "to check who you are before your enrolment is confirmed. Give what it "
            "asks before the end of %(date)s; otherwise you are refunded in full.",
            amount=self.company_id.currency_id.format(
                self.company_id.marketplace_buyer_threshold
            ),
            months=self.company_id.marketplace_threshold_months,
            date=format_date(self.env, sale_sudo._get_hold_last_day()),
        )

    # Cancelling it

    def _cancel_training(
        self, registrations, amount, reason, refund=True, indemnity=0.0
    ):
        """Override of the catalogue: of what waits, all is given back or nothing.

        A withdrawal comes here (A28): it frees the seats at once, and its job asks for
        the refund, which may have been asked for already.
        """
        sale_sudo = self.sudo().marketplace_sale_id
        if sale_sudo.state not in ("held", "abandoned"):
            return super()._cancel_training(
                registrations, amount, reason, refund=refund, indemnity=indemnity
            )
        if sale_sudo.state == "held":
            sale_sudo._abandon("withdrawn", tell=False)
        return self.env["account.move"]

    # The buyer's page

    def _get_identity_token(self):
        """Return the signature of the link to the page of this purchase's buyer."""
        self.ensure_one()
        return hmac(self.env(su=True), "marketplace_identity", self.id)

    def _check_identity_token(self, token):
        expected = self._get_identity_token().encode()
        return consteq(expected, (token or "").encode(errors="replace"))

    def _get_identity_url(self):
        """Return the address, for a mail: it leads who has no account to one."""
        self.ensure_one()
        path = f"/marketplace/identity/{self.id}/{self._get_identity_token()}"
        return f"{self.get_base_url()}{path}"
