from . import marketplace_report_mixin
from . import marketplace_report_money
from . import marketplace_report_balance
from . import marketplace_report_sale
from . import marketplace_report_payout
