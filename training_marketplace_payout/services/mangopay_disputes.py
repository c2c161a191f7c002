# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Payments that a buyer's bank takes back (guides/disputes)."""

import base64

from .mangopay_money import make_funds


class Disputes:
    """Disputes, their evidence, repudiations and their settlement."""

    def disputes(self, **filters):
        """Return the disputes. Filters: Status, DisputeType, AfterDate, BeforeDate."""
        return self._list("disputes", **filters)

    def dispute(self, dispute_id):
        """Return a dispute: Status, ContestDeadlineDate, ResultCode…"""
        return self._get("disputes", dispute_id)

    def payin_disputes(self, payin_id):
        """Return the disputes of a pay-in."""
        return self._list("payins", payin_id, "disputes")

    def submit_dispute(self, dispute_id, amount, currency):
        """Contest an amount, with the documents added before."""
        body = {"ContestedFunds": make_funds(amount, currency)}
        return self._update("disputes", dispute_id, "submit", body=body)

    def close_dispute(self, dispute_id):
        """Give a dispute up."""
        return self._update("disputes", dispute_id, "close", body={})

    def create_dispute_document(self, dispute_id, document_type, *, key, tag=None):
        """Open a piece of evidence: DELIVERY_PROOF, INVOICE, OTHER…"""
        body = {"Type": document_type, "Tag": tag or key}
        return self._create("disputes", dispute_id, "documents", body=body, key=key)

    def add_dispute_document_page(self, dispute_id, document_id, content):
        """Send a page of evidence, without a key (see `add_document_page`)."""
        path = self._path("disputes", dispute_id, "documents", document_id, "pages")
        body = {"File": base64.b64encode(content).decode()}
        self._transport.call("POST", path, body)

    def submit_dispute_document(self, dispute_id, document_id):
        """Hand a piece of evidence in."""
        body = {"Status": "VALIDATION_ASKED"}
        return self._update("disputes", dispute_id, "documents", document_id, body=body)

    def repudiation(self, repudiation_id):
        """Return what a dispute took from the platform."""
        return self._get("repudiations", repudiation_id)

    def repudiation_refunds(self, repudiation_id):
        """Return what was given back of it: the dispute was won."""
        return self._list("repudiations", repudiation_id, "refunds")

    def settle_repudiation(
        self, repudiation_id, author_id, amount, currency, *, key, tag=None
    ):
        """Take from the seller's wallet what a lost dispute cost."""
        body = {
            "AuthorId": author_id,
            "DebitedFunds": make_funds(amount, currency),
            "Fees": make_funds(0, currency),
            "Tag": tag or key,
        }
        parts = ("repudiations", repudiation_id, "settlementtransfer")
        return self._create(*parts, body=body, key=key)

    def settlement(self, settlement_id):
        """Return a settlement."""
        return self._get("settlements", settlement_id)
