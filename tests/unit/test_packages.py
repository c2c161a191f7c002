# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Odoo needs of its packages, and learns only when a document is printed."""

import sys

import pytest
from reportlab.graphics.barcode import createBarcodeDrawing


@pytest.mark.skipif(
    sys.version_info >= (3, 13),
    reason="no drawing engine comes ready made for this Python: badges have no code",
)
def test_the_bar_code_of_a_badge_is_drawn():
    """A20: the tickets that the session's mails carry print each learner's code."""
    badge = createBarcodeDrawing("QR", value="7", format="png", width=100, height=100)
    assert badge.asString("png").startswith(b"\x89PNG")
