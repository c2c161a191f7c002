# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The server finds no PDF engine. Last of its mode: the server is started for it."""


def test_pdf_engine_missing(shop):
    """A21: no PDF engine: a taxable sale is paid, seated and numbered (bars R17)."""
    session_id = shop.new_session(2, is_out_of_bpf=True)
    (buyer,) = shop.buyers(1, "nopdf")
    shop.start_without_pdf()
    assert buyer.buy(session_id, shop.stripe) == "done"
    assert shop.order(buyer)["state"] == "sale"
    shop.wait(lambda: shop.invoice_number(buyer), 120, "the invoice is numbered")
    assert shop.books(buyer) == {"payments": 1, "invoices": 1, "left_to_pay": 0}
    assert not buyer.error_pages()
