"""What a labeller sees of a comment: its text and the question that it answers, from the current result."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from warum.store import COMMENTS
from warum.table import connect, literal, plain_path
from warum_api.problems import Problem
from warum_api.results.shelf import Shelf

_COLUMNS = ("comment_id", "text", "question", "language")


@dataclass(frozen=True, slots=True)
class Shown:
    """A comment as it is labelled.

    Attributes:
        text: The text, redacted as in results.
        question: What it answers, "" if unknown.
        language: ISO 639-1 code, "" if unknown.
    """

    text: str
    question: str
    language: str


class Texts:
    """Texts of projects.

    Args:
        shelf: Has the results.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def of(
        self, tenant: str, project: str, comments: Collection[str], version: str = "current"
    ) -> Mapping[str, Shown]:
        """Comments by id; those that are not in the result are missing.

        Args:
            tenant: Whose.
            project: The project.
            comments: Ids.
            version: Of the result; where there is no such version, all are missing.
        """
        try:
            found = self._shelf.find(tenant, project, version)
        except Problem:
            return {}
        with self._shelf.folder(found) as folder:
            return shown_in(folder, comments)


def shown_in(folder: Path, comments: Collection[str]) -> dict[str, Shown]:
    """Comments of a result folder by id; those without a text are missing."""
    if not comments:
        return {}
    columns = ", ".join(_COLUMNS)
    with plain_path(folder / COMMENTS) as path, connect() as connection:
        query = f"SELECT {columns} FROM read_parquet({literal(path)}) WHERE list_contains(?, comment_id)"  # noqa: S608
        rows = connection.execute(query, [list(comments)]).fetchall()
    return {
        one: Shown(text, question or "", language or "")
        for one, text, question, language in rows
        if text
    }
