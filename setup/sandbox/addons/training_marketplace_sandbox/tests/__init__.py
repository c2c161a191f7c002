from . import test_mangopay_account
