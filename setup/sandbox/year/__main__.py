# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Live one year of the marketplace: ``python -m year CONF URL MONTHS``.

In one process, at a clock that is moved (D14): sales, refunds, held purchases, the
commissions of the 1st, the payouts of the 15th, those that fail or come back, a refund
after a payout, a dispute. Then the proof is printed.
"""

import sys

from .life import live

if __name__ == "__main__":
    conf, url, months = sys.argv[1:]
    sys.exit(live(conf, url, int(months)))
