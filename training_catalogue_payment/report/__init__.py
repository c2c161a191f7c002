from . import training_prepayment_report
