"""What every stage looks like: a name, and comments in, comments out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from warum.records import ReadComment


class Stage(Protocol):
    """One step that reads something from comments.

    A stage gives back as many comments as it gets, in the same order, and what it reads from a
    comment never depends on the other comments of the batch.
    """

    @property
    def name(self) -> str:
        """Short name, stable, shown in progress and run records."""

    def __call__(self, batch: Sequence[ReadComment]) -> list[ReadComment]:
        """Read one thing from each comment.

        Args:
            batch: Any number of comments, of any length, empty ones included.

        Returns:
            New records, as many as came, in the same order.
        """
