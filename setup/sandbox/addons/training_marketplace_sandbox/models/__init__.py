from . import mangopay_account
