"""A Stripe on 127.0.0.1, for demonstrations and tests."""
