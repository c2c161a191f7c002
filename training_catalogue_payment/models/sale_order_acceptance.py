# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..services import terms as terms_rules

TERMS = "training_terms"


class SaleOrder(models.Model):
    """The recap before the payment, and the proof of what the buyer accepted (A12)."""

    _inherit = "sale.order"

    training_acceptance_ids = fields.One2many(
        "training.acceptance", "order_id", string="Terms accepted", readonly=True
    )
    training_acceptance_id = fields.Many2one(
        "training.acceptance",
        string="Last acceptance",
        copy=False,
        readonly=True,
        help="Written at each payment that starts: of two tabs at once, the second "
        "one is played again and sees the first one's payment.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_accepted_training(self):
        if self.sudo().training_acceptance_ids:
            raise UserError(
                self.env._(
                    "The buyer has accepted the terms of sale of this order: cancel it "
                    "instead of deleting it."
                )
            )

    def _get_training_terms_sudo(self):
        """Hook: return the version of the terms that this order is sold under."""
        self.ensure_one()
        return self.env["training.terms"]._ensure_terms(self.company_id)

    def _get_training_button_label(self):
        """Return the words of the pay button, compulsory as they are (L221-14)."""
        return self.env._("Order with obligation to pay")

    def _get_training_consents(self):
        """Hook: return the boxes that the buyer is offered before the pay button.

        Each is shown by a template of its own inside the checkout recap's
        ``training_recap_consents``, as a checkbox of the same name, with ``required``
        where it is. The names and labels ticked are kept in the acceptance.

        :return: ``name``, ``label`` (plain text, as shown) and ``required`` of each
        :rtype: list[dict]
        """
        self.ensure_one()
        label = self.env._(
            "I have read and accept the terms of sale of %(company)s (version "
            "%(version)s).",
            company=self.company_id.name,
            version=self._get_training_terms_sudo().version,
        )
        return [{"name": TERMS, "label": label, "required": True}]

    def _accept_training_terms(self, transaction, posted, **circumstances):
        """Write the proof that this payment was ordered knowingly.

        In the same database transaction as the payment's row, before anything is asked
        of the provider: a payment without proof cannot exist, and the other way round.

        :param payment.transaction transaction: the payment that starts
        :param dict posted: ``terms`` (id of the version shown) and ``consents`` (names
            ticked), trusted for nothing
        :param circumstances: ``ip_address`` and ``user_agent`` of the request
        :raise ValidationError: with what the buyer still has to do
        :rtype: training.acceptance
        """
        self.ensure_one()
        posted = posted if isinstance(posted, dict) else {}
        consents = self._check_training_consents(posted.get("consents"))
        terms_sudo = self._get_training_terms_sudo()
        if posted.get("terms") != terms_sudo.id:
            raise ValidationError(
                self.env._(
                    "The terms of sale have changed since this page was shown. Load "
                    "it again and read them before you pay."
                )
            )
        values = self._prepare_acceptance_vals(transaction, terms_sudo, consents)
        acceptances_sudo = self.env["training.acceptance"].sudo()
        acceptance_sudo = acceptances_sudo.create({**values, **circumstances})
        self.sudo().training_acceptance_id = acceptance_sudo
        return acceptance_sudo

    def _check_training_consents(self, names):
        """Return the consents that were ticked.

        :raise ValidationError: when a compulsory one is missing
        """
        ticked = {name for name in names or () if isinstance(name, str)}
        consents = self._get_training_consents()
        if missing := terms_rules.find_missing(consents, ticked):
            raise ValidationError(
                self.env._("Tick first: %(boxes)s", boxes=" ".join(missing))
            )
        return terms_rules.keep_known(consents, ticked)

    def _prepare_acceptance_vals(self, transaction, terms, consents):
        return {
            "order_id": self.id,
            "company_id": self.company_id.id,
            "transaction_id": transaction.id,
            "terms_id": terms.id,
            "terms_version": terms.version,
            "terms_hash": terms.text_hash,
            "date": fields.Datetime.now(),
            "button_label": self._get_training_button_label(),
            "consent_names": ",".join(consent["name"] for consent in consents),
            "consent_labels": "\n".join(consent["label"] for consent in consents),
            "recap": "\n".join(self._get_training_recap_lines()),
            "amount_total": self.amount_total,
            "currency_id": self.currency_id.id,
        }

    def _get_paid_acceptance(self):
        """Return what the buyer accepted for the payment that pays this order, else
        for the last one that was started; empty where nothing was."""
        self.ensure_one()
        acceptances = self.training_acceptance_ids
        paid = acceptances.filtered(
            lambda one: one.transaction_id == self.training_paid_tx_id
        )
        return paid[:1] or acceptances[:1]

    # Recap

    def _get_training_seller(self):
        """Hook: return the contact of who sells, named to the buyer (L221-5)."""
        self.ensure_one()
        return self.company_id.partner_id

    def _get_training_recap(self):
        """Return what the buyer reads just before the pay button (L221-5, L221-14).

        :rtype: dict
        """
        self.ensure_one()
        session_sudo = self.sudo().training_session_id
        return {
            "session": session_sudo,
            "programme": session_sudo.programme_id,
            "facts": {
                **session_sudo._get_catalogue_values()[0],
                "seats_left": None,
                "company_only": False,
            },
            "duration": session_sudo.programme_id._get_catalogue_duration(),
            "learners": self.sudo()._get_active_learners().sorted("id"),
            "quantity": sum(self.order_line.mapped("product_uom_qty")),
            "is_individual": self.training_buyer_kind == "individual",
            "is_self_employed": self.training_is_self_employed,
            "payer": self.partner_invoice_id,
            "contact": self.partner_id,
            "seller": self.sudo()._get_training_seller(),
            "terms": self._get_training_terms_sudo(),
        }

    def _get_training_recap_lines(self):
        """Return the recap in plain words, as the proof keeps it."""
        recap = self._get_training_recap()
        facts = recap["facts"]
        learners = (
            learner.name or learner.email or self.env._("to complete later")
            for learner in recap["learners"]
        )
        lines = [
            recap["programme"].name,
            recap["session"].name,
            facts["dates"],
            facts["hours"],
            facts["place"] or self.env._("Remote"),
            self.env._("Learners: %(names)s", names=", ".join(learners)),
            self.env._(
                "Before tax: %(untaxed)s – VAT: %(tax)s – Total: %(total)s",
                untaxed=self.currency_id.format(self.amount_untaxed),
                tax=self.currency_id.format(self.amount_tax),
                total=self.currency_id.format(self.amount_total),
            ),
            self.env._("Buyer: %(name)s", name=recap["payer"].display_name),
            recap["is_self_employed"] and self.env._("Self-employed, for their trade"),
            self.env._("Seller: %(name)s", name=recap["seller"].name),
        ]
        return [line for line in lines if line]
