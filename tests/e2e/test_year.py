# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The year that anybody can watch: ``setup/run --year``."""

from workshop import year


def test_first_months_are_proved(capfd):
    """B17, B18, B22: sales, commissions and payouts of three months; the books agree
    with themselves and with every wallet at Mangopay."""
    differences = year.live(months=3)
    told = capfd.readouterr().out
    assert not differences, told
    rows = {line.split()[0]: line.split()[1:] for line in told.splitlines() if line}
    _sold, _refunded, commissions, paid_out, *_rest = rows["Year"]
    assert "0.00" not in (commissions, paid_out), told
