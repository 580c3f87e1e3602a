"""Databases with keys."""

from __future__ import annotations

from tests.warum_api.databases import database, new_database

__all__ = ["database", "new_database"]
