# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.fields import Command


class SaleOrder(models.Model):
    """The documents of a purchase whose learners move, seen from the order (A22)."""

    _inherit = "sale.order"

    def _move_training_documents(self, plan, session, reason):
        """Have the documents of this order, which moves as a whole, follow it.

        :return: the credit notes of the invoices that had a number
        """
        invoices = self._get_creditable_invoices()
        amounts = {x: left for x, left in invoices.items() if x.state == "posted"}
        draft = next((move for move in invoices if move.state == "draft"), None)
        if not plan.kept:
            self._point_line_to(session, plan)
            return self.env["account.move"]
        notes = self._draft_notes_for_move(amounts, reason, is_whole=True)
        self._point_line_to(session, plan)
        total = self._get_moved_invoice_total(plan, sum(amounts.values()))
        if draft and not amounts and self._is_only_renamed(draft, total):
            draft._rename_for_training_move(self)
            self._number_moved_invoice(draft, plan)
            return notes
        old = self.env["account.move"].union(*amounts)
        taken = self.env["account.move.line"]
        if draft:
            taken = draft._take_off_training_payments()
            draft._rewrite_for_training_move(self, total)
        new = draft or self._create_moved_invoice(total)
        self._replace_training_documents(old, new, notes, plan, taken)
        return notes

    def _draft_notes_for_move(self, amounts, reason, is_whole=False):
        """Draft the credit notes of numbered invoices of what leaves them.

        :param bool is_whole: nobody stays behind: all that is invoiced is taken back,
            of an invoice that was credited in part too
        """
        notes = self.env["account.move"]
        if amounts:
            self._raise_money_version()
        line = self._get_training_line()
        for invoice, amount in amounts.items():
            seats = line.qty_invoiced if is_whole else None
            notes |= invoice._draft_training_credit_note(amount, reason, seats)
        return notes

    def _replace_training_documents(self, old, new, notes, plan, taken):
        """Number what takes the place of old invoices and match it with what paid.

        Invoice and credit note are matched with each other as stock reverses and
        makes a new invoice: what was not cashed for good has no entry of cash basis.
        Numbered while its invoice is open, a credit note takes it off whole; one that
        must stay open in part, to be refunded, is numbered before.

        :param account.move.line taken: what was matched with drafts until now
        """
        numbered = notes
        if plan.numbered or self._is_numbered_at_payment():
            numbered |= new
        stays_open = plan.asked < plan.kept
        if numbered and stays_open:
            numbered.action_post()
        taken |= old._take_off_training_payments()
        if numbered and not stays_open:
            numbered.with_context(move_reverse_cancel=True).action_post()
        taken |= notes._get_training_receivable_lines()
        (new | old)._put_back_training_payments(taken)

    def _split_training_documents(self, new_order, plan, reason):
        """Have the documents of this order follow its split; see above."""
        if not plan.kept:
            return self.env["account.move"]
        invoices = self._get_creditable_invoices()
        shares = self._share_training_total(invoices, plan.kept)
        amounts = {x: share for x, share in shares.items() if x.state == "posted"}
        notes = self._draft_notes_for_move(amounts, reason)
        total = new_order._get_moved_invoice_total(plan, sum(amounts.values()))
        drafts = self.env["account.move"].union(*(shares.keys() - amounts.keys()))
        taken = drafts._take_off_training_payments()
        for draft in drafts:
            seats = self._get_training_line().product_uom_qty
            draft._set_training_total(draft.amount_total - shares[draft], seats)
            draft._rename_lines_of(self)
        new = new_order._create_moved_invoice(total)
        old = self.env["account.move"].union(*amounts)
        new_order._replace_training_documents(old, new, notes, plan, taken)
        drafts._put_back_training_payments(taken)
        if notes:
            self._follow_training_credit()
        return notes

    def _share_training_total(self, invoices, kept):
        """Return how much of each invoice goes with the learners who leave; the last
        one takes the rest, so that the sum is right to the cent."""
        left = self._to_minor(sum(invoices.values()))
        shares = {}
        for invoice, amount in invoices.items():
            minor = self._to_minor(amount)
            share = (2 * kept * minor + left) // (2 * left) if left else 0
            kept, left = kept - share, left - minor
            if share:
                shares[invoice] = self._from_minor(share)
        return shares

    def _get_moved_invoice_total(self, plan, credited):
        """Return the total of the invoice in the target session.

        What is too much is left open on the credit notes of numbered invoices, where
        they are worth enough; else the invoice keeps what was paid and is credited
        of the difference afterwards. A complement has its own invoice.
        """
        excess = max(plan.kept - plan.asked, 0)
        if excess and self._to_minor(credited) >= excess:
            return self._from_minor(plan.asked)
        return self._from_minor(plan.kept)

    def _is_only_renamed(self, draft, total):
        """Whether only the words of a draft change: its matching then stays."""
        line = self._get_training_line()
        [invoice_line, *others] = draft.invoice_line_ids
        return (
            not others
            and invoice_line.product_id == line.product_id
            and invoice_line.tax_ids == line.tax_ids
            and invoice_line.quantity == line.product_uom_qty
            and not self.currency_id.compare_amounts(draft.amount_total, total)
        )

    def _create_moved_invoice(self, total):
        """Make the draft invoice of this order in its session."""
        self.ensure_one()
        order = self.with_company(self.company_id).with_context(
            lang=self.partner_invoice_id.lang
        )
        line = order._get_training_line()
        values = order._prepare_invoice()
        values["transaction_ids"] = False
        values["invoice_line_ids"] = [
            Command.create(line._prepare_invoice_line(quantity=line.product_uom_qty))
        ]
        invoice = order.env["account.move"].create(values).with_env(self.env)
        invoice._set_training_total(total, line.product_uom_qty)
        return invoice

    def _number_moved_invoice(self, invoice, plan):
        """Number what replaces a numbered invoice, and a sale that became taxable."""
        if invoice.state == "draft" and (
            plan.numbered or self._is_numbered_at_payment()
        ):
            invoice.action_post()
        return invoice

    def _create_training_complement(self, session, plan, deadline):
        """Make and number the invoice of what is missing for the target session.

        It does not belong to the order's line: the order still asks for what it was
        bought for, until the complement is paid.
        """
        self.ensure_one()
        order = self.with_company(self.company_id).with_context(
            lang=self.partner_invoice_id.lang
        )
        line = order._get_training_line()
        taxes = order._get_move_taxes(session)
        values = {
            **order._prepare_invoice(),
            "transaction_ids": False,
            "training_session_id": session.id,
            "invoice_payment_term_id": False,
            "invoice_date_due": fields.Date.context_today(self, deadline),
            "invoice_line_ids": [
                Command.create(
                    {
                        **line._prepare_invoice_line(quantity=plan.quantity),
                        "name": order._get_complement_text(session),
                        "product_id": session.training_ticket_id.product_id.id,
                        "price_unit": session.training_price,
                        "tax_ids": [Command.set(taxes.ids)],
                        "sale_line_ids": [],
                    }
                )
            ],
        }
        complement = order.env["account.move"].create(values).with_env(self.env)
        amount = self._from_minor(plan.difference)
        complement._set_training_total(amount, plan.quantity)
        complement.action_post()
        return complement

    def _get_complement_text(self, session):
        """Name what the complement is for, in the buyer's language."""
        self = self.with_context(lang=self.partner_id.lang)
        session = session.with_context(lang=self.partner_id.lang)
        return "\n".join(
            [
                self.env._("Complement for an assignment to another session"),
                session.programme_id.name,
                session.name,
                session._get_catalogue_dates(),
            ]
        )
