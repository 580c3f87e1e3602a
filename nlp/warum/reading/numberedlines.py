"""Physical lines with their numbers as first cells, and which of them are accounted for."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from warum.reading.dialect import NO_DELIMITER, Dialect
from warum.reading.encoding import BAD, BLANK, GIANT, LINE_END, RESERVED

_LINE_LIMIT = 8_000_000  # characters; a longer line is a broken row by itself


@dataclass
class Covered:
    """The lines that good rows reach over, in ascending order; arrays, as there may be millions."""

    starts: array[int] = field(default_factory=lambda: array("q"))
    ends: array[int] = field(default_factory=lambda: array("q"))
    lines: int = 0

    @property
    def reach(self) -> int:
        """The last line covered so far."""
        return self.ends[-1] if self.ends else 0

    def add(self, start: int, end: int) -> None:
        """Add a row."""
        self.starts.append(start)
        self.ends.append(end)
        self.lines += end - start + 1

    def add_lines(self, lines: Sequence[int]) -> None:
        """Add rows of one line each."""
        self.starts.extend(lines)
        self.ends.extend(lines)
        self.lines += len(lines)


def number_lines(lines: Iterable[str], target: Path, first: int, dialect: Dialect) -> int:
    """Write lines with their numbers as first cells.

    Args:
        lines: Lines with their line ends, which are single line feeds.
        target: The file to write.
        first: Number of the first line.
        dialect: How the lines are cut.

    Returns:
        The number of the last line.
    """
    mark = line_mark(dialect)
    single = dialect.delimiter == NO_DELIMITER
    number = first - 1
    with target.open("w", encoding="utf-8", newline="\n") as out:
        for number, line in enumerate(lines, start=first):
            text = line.removesuffix("\n")
            if len(text) > _LINE_LIMIT:
                text = GIANT
            elif not text.isascii() and RESERVED.search(text):
                text = RESERVED.sub(BAD, text)
            if single and not text.strip():
                text = BLANK + text  # alone on its line it is no row; DuckDB would make it one
            out.write(f"{number}{mark}{text}\n")
    return number


def line_mark(dialect: Dialect) -> str:
    """What stands between a line's number and its text."""
    return LINE_END if dialect.delimiter == NO_DELIMITER else LINE_END + dialect.delimiter


def split_line(line: str, dialect: Dialect) -> tuple[int, str]:
    """A numbered line's number and text."""
    number, _, text = line.removesuffix("\n").partition(line_mark(dialect))
    return int(number), text.replace(BLANK, "")


def count_lines(path: Path) -> int:
    """How many line feeds a file holds."""
    with path.open("rb") as stream:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(1 << 20), b""))
