"""Small files for the tests of reading."""

from __future__ import annotations

from pathlib import Path

from warum.reading.files import read_files
from warum.reading.records import RawTable


def written(
    folder: Path, content: str | bytes, name: str = "a.csv", encoding: str = "utf-8"
) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def read(
    folder: Path, content: str | bytes, name: str = "a.csv", **options: str | None
) -> RawTable:
    return read_files([written(folder, content, name)], **options)


def cells(table: RawTable) -> dict[str, list[str | None]]:
    return {name: column.tolist() for name, column in table.columns.items()}


def rejected(table: RawTable) -> list[tuple[int, int, str]]:
    return [(row.row, row.line, row.code) for row in table.rejected]
