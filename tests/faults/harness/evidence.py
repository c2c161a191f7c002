# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What can be found out afterwards: in the tables, in the mail box."""

from .buyer import Buyer


class Evidence:
    """Questions to the database of a shop, asked from outside of Odoo."""

    connection = mailbox = None

    def sql(self, statement: str, *values) -> list[tuple]:
        """Return the rows of a statement, committed at once."""
        with self.connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def order(self, buyer: Buyer) -> dict:
        """Return what became of a buyer's order."""
        ((state, paid_by, follow_up),) = self.sql(
            """SELECT state, training_paid_tx_id, training_followup_state
               FROM sale_order WHERE id = %s""",
            buyer.order_id,
        )
        return {"state": state, "paid_by": paid_by, "follow_up": follow_up}

    def seats_taken(self, session_id: int) -> int:
        """Return how many learners of confirmed orders have a seat."""
        ((count,),) = self.sql(
            """SELECT count(*) FROM event_registration r
               JOIN sale_order o ON o.id = r.sale_order_id
               WHERE r.event_id = %s AND r.active AND r.state <> 'cancel'
               AND o.state = 'sale'""",
            session_id,
        )
        return count

    def refusal(self, buyer: Buyer) -> str | None:
        """Return why a buyer's payment was given back."""
        ((refusal,),) = self.sql(
            "SELECT training_refusal FROM payment_transaction WHERE reference = %s",
            buyer.reference,
        )
        return refusal

    def books(self, buyer: Buyer) -> dict:
        """Return what a purchase left in the books."""
        ((payments,),) = self.sql(
            """SELECT count(*) FROM account_payment p
               JOIN sale_order o ON o.training_paid_tx_id = p.payment_transaction_id
               WHERE o.id = %s AND p.state IN ('in_process', 'paid')""",
            buyer.order_id,
        )
        ((invoices, left),) = self.sql(
            """SELECT count(*), sum(amount_residual) FROM account_move
               WHERE training_order_id = %s AND move_type = 'out_invoice'""",
            buyer.order_id,
        )
        return {"payments": payments, "invoices": invoices, "left_to_pay": left}

    def invoice_number(self, buyer: Buyer) -> str | None:
        """Return the number of the invoice, if it has one."""
        rows = self.sql(
            "SELECT name FROM account_move WHERE training_order_id = %s"
            " AND state = 'posted'",
            buyer.order_id,
        )
        return rows[0][0] if rows else None

    def follow_up_error(self, buyer: Buyer) -> str | None:
        """Return why the job could not finish a purchase."""
        ((error,),) = self.sql(
            "SELECT training_followup_error FROM sale_order WHERE id = %s",
            buyer.order_id,
        )
        return error

    def letters(self, buyer: Buyer) -> list[str]:
        """Return the mails that this buyer has received."""
        return self.mailbox.to(f"{buyer.name}@acheteurs.example.com")

    def counters(self, session_id: int) -> list[tuple]:
        """Return (reserved, maximum) of the session's counters."""
        return self.sql(
            "SELECT reserved, maximum FROM training_seat_counter WHERE event_id = %s",
            session_id,
        )
