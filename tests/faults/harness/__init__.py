"""Real servers, real cursors, real threads: what Odoo's test cursor cannot show.

``place`` copies a prepared database, ``server`` runs Odoo and the stand-in of Stripe
as processes that may be killed, ``prepare`` is run inside Odoo to make a training
organisation ready to sell, ``buyer`` buys on the public pages as a browser does.
"""
