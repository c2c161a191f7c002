# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import time
import zlib

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class MangopayToken(models.Model):
    """Tokens of Mangopay's API, shared by every worker and node (D15).

    They are asked for rarely (Mangopay punishes more) and last 20 to 60 minutes. Rows
    are read and written in short cursors of their own: a token does not fall with the
    transaction that asked for it. Nobody has access; a copy of the database loses them.
    """

    _name = "mangopay.token"
    _description = "Token of Mangopay's API"
    _log_access = False

    name = fields.Char(required=True, help="Fingerprint of client, mode and key.")
    value = fields.Char(required=True, groups="base.group_system", copy=False)
    expires = fields.Float(required=True, digits=(16, 3), help="Unix time.")

    _name_unique = models.UniqueIndex("(name)")

    @api.autovacuum
    def _gc_tokens(self):
        self.search([("expires", "<", time.time())]).unlink()


class SharedTokens:
    """The store that gateways use: the table above, one asker at a time."""

    def __init__(self, registry):
        self._registry = registry

    def obtain(self, name, ask):
        """Return a valid token; when it must be asked for, others wait for it.

        Dying between the answer and the writing only costs another token.
        """
        token = self._read(name)
        if token:
            return token
        with self._registry.cursor() as lock:
            lock.execute(SQL("SELECT pg_advisory_xact_lock(%s)", self._number(name)))
            # Another cursor: this one sees what was true before it waited.
            token = self._read(name)
            if not token:
                token, expires = ask()
                self._write(name, token, expires)
        return token

    def forget(self, name, token):
        """Drop a token that Mangopay refused, unless another one replaced it."""
        with self._registry.cursor() as cr:
            cr.execute(
                SQL(
                    "DELETE FROM mangopay_token WHERE name = %s AND value = %s",
                    name,
                    token,
                )
            )

    def _number(self, name):
        return zlib.crc32(name.encode())

    def _read(self, name):
        with self._registry.cursor() as cr:
            cr.execute(
                SQL(
                    "SELECT value FROM mangopay_token WHERE name = %s AND expires > %s",
                    name,
                    time.time(),
                )
            )
            found = cr.fetchone()
        return found[0] if found else None

    def _write(self, name, token, expires):
        with self._registry.cursor() as cr:
            cr.execute(
                SQL(
                    """
                    INSERT INTO mangopay_token (name, value, expires)
                    VALUES (%s, %s, %s)
                    ON CONFLICT (name) DO UPDATE
                    SET value = EXCLUDED.value, expires = EXCLUDED.expires
                    """,
                    name,
                    token,
                    expires,
                )
            )
