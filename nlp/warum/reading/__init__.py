"""From files to responses: formats, columns, scores, dates, joins, rejected rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warum.reading.records import ReadOptions, Responses

__all__ = ["read_responses"]


def read_responses(sources: Sequence[str | Path | object], options: ReadOptions) -> Responses:
    """Read files or frames, and the file to join, as responses.

    Args:
        sources: Paths, "-" for standard input, or frames, as `read_files` takes them.
        options: What the user said about files and columns.

    Returns:
        The accepted rows with roles, the rejected ones with reasons.

    Raises:
        InputError: If a file cannot be read or no row is left.
        ColumnError: If a column is unknown or in doubt.
        UsageError: If options contradict each other.
    """
    # The command line imports this room for its options, and reads only when it is told to.
    from warum.reading.files import read_files
    from warum.reading.responses import make_responses

    raw = read_files(sources, encoding=options.encoding, sheet=options.sheet)
    joined = None
    if options.join is not None:
        joined = read_files([options.join], encoding=options.encoding)
    return make_responses(raw, options, joined)
