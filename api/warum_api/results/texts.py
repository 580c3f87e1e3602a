"""Redacted texts of comments, from the current result of their project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from warum.store import COMMENTS
from warum.table import connect, literal, plain_path
from warum_api.problems import Problem
from warum_api.results.shelf import Shelf


class ResultTexts:
    """Texts behind an alert; see `notifying.subscriptions.CommentTexts`.

    Args:
        shelf: Has the results.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def texts(self, tenant: str, project: str | None, comments: Sequence[str]) -> Mapping[str, str]:
        """Texts by comment id; those that are gone are missing."""
        if project is None:
            return {}
        try:
            found = self._shelf.find(tenant, project, "current")
        except Problem:
            return {}
        with (
            self._shelf.folder(found) as folder,
            plain_path(folder / COMMENTS) as path,
            connect() as connection,
        ):
            query = f"SELECT comment_id, text FROM read_parquet({literal(path)}) WHERE list_contains(?, comment_id)"  # noqa: S608
            rows = connection.execute(query, [list(comments)]).fetchall()
        return {name: text for name, text in rows if text}
