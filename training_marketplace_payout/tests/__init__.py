from . import test_seller
