# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A Mangopay on 127.0.0.1: API v2.01, hosted pages, notifications, admin page."""
