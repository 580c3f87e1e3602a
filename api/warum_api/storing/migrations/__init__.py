"""How the tables came to be: one file a change, run by Alembic; what was released is never edited."""

NEWEST = "0003"
"""The tables that this program works with; written down so that a start need not load Alembic to know."""
