# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Mails and documents fail after the capture; payment and seat do not care."""

import contextlib
import json

BROKEN = '<p t-out="object.there_is_no_such_field"/>'


@contextlib.contextmanager
def broken_template(shop, name):
    """Have a mail template fail whenever it is rendered."""
    ((template_id,),) = shop.sql(
        """SELECT res_id FROM ir_model_data
           WHERE module = 'training_catalogue_payment' AND name = %s""",
        name,
    )
    ((body,),) = shop.sql(
        "SELECT body_html::text FROM mail_template WHERE id = %s", template_id
    )
    # Written in the table: Odoo itself refuses a template that it cannot render.
    write = "UPDATE mail_template SET body_html = %s::jsonb WHERE id = %s"
    shop.sql(write, json.dumps(dict.fromkeys(json.loads(body), BROKEN)), template_id)
    try:
        yield
    finally:
        shop.sql(write, body, template_id)


def test_mail_server_down(shop):
    """A18: no mail server: payment, seat and invoice are there (bars R17)."""
    session_id = shop.new_session(2)
    (buyer,) = shop.buyers(1, "nomail")
    shop.mailbox.close()
    assert buyer.buy(session_id, shop.stripe) == "done"
    assert shop.order(buyer)["state"] == "sale"
    shop.wait(
        lambda: shop.order(buyer)["follow_up"] == "done", 120, "the rest has followed"
    )
    assert shop.books(buyer) == {"payments": 1, "invoices": 1, "left_to_pay": 0}
    assert not buyer.error_pages()


def test_mail_cannot_be_made(shop):
    """A18: a broken template: all but the mail is done, and the mail follows later."""
    session_id = shop.new_session(2)
    (buyer,) = shop.buyers(1, "badmail")
    with broken_template(shop, "mail_template_prepaid_confirmation"):
        assert buyer.buy(session_id, shop.stripe) == "done"
        assert shop.order(buyer)["state"] == "sale"
        shop.wait(lambda: shop.follow_up_error(buyer), 120, "the failure is kept")
        assert shop.books(buyer) == {"payments": 1, "invoices": 1, "left_to_pay": 0}
        assert shop.seats_taken(session_id) == 1
        assert not shop.letters(buyer)
    shop.pass_time(minutes=5)
    shop.wait(lambda: shop.letters(buyer), 120, "the mail is sent after all")
    shop.wait(
        lambda: shop.order(buyer)["follow_up"] == "done", 120, "the rest has followed"
    )
    assert len(shop.letters(buyer)) == 1
