"""The doubts of an answer as one table: those about whole sections stand in no row of the others."""

from __future__ import annotations

from collections.abc import Iterable

from warum.answers.columns import text_column
from warum.caveats import Caveat
from warum.table import Table

Doubt = tuple[str, str, Caveat]
"""Score column ("" for none), section, and the doubt."""


def doubts_table(doubts: Iterable[Doubt]) -> Table:
    """A row per score, section and doubt, each once, with its sentences.

    Args:
        doubts: In the order of the sections.
    """
    rows = list(dict.fromkeys(doubts))
    return Table(
        {
            "score": text_column(rows, lambda row: row[0]),
            "section": text_column(rows, lambda row: row[1]),
            "caveat": text_column(rows, lambda row: row[2].code),
            "en": text_column(rows, lambda row: row[2].sentence("en")),
            "de": text_column(rows, lambda row: row[2].sentence("de")),
        }
    )
