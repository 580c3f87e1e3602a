"""Workbooks of Excel and LibreOffice, through calamine."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from warum.errors import InputError
from warum.reading.celltext import as_text
from warum.reading.part import Cells, Part, name_columns


def read_workbook(name: str, path: Path, sheet: str | None = None) -> Part:
    """Read one sheet of a workbook.

    Args:
        name: The file's name, for messages.
        path: Where it lies.
        sheet: The sheet; may be left out where only one visible sheet holds anything.

    Returns:
        All rows below the first filled one, which is the header; `line` is the sheet's row number.

    Raises:
        InputError: If the workbook is broken or protected, the sheet unknown, empty or in doubt.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            chosen, others = _choose(name, book, sheet)
            rows = book.get_sheet_by_name(chosen).to_python(skip_empty_area=False)
    except PasswordError:
        raise InputError(
            f"{name!r} is protected by a password.", hint="Save it without one and try again."
        ) from None
    except (CalamineError, OSError, ValueError) as error:
        raise InputError(
            f"{name!r} is no readable workbook: {error}.", hint="Save or download it again."
        ) from None
    notes: tuple[str, ...] = ()
    if others:
        notes = (f"Of '{name}' the sheet '{chosen}' was read, not {', '.join(map(repr, others))}.",)
    return _part(name, chosen, rows, notes)


def _choose(name: str, book: Any, sheet: str | None) -> tuple[str, list[str]]:  # noqa: ANN401 - untyped library
    """The sheet to read, and the other filled ones."""
    names = list(book.sheet_names)
    if sheet is not None and sheet not in names:
        close = difflib.get_close_matches(sheet, names, n=1, cutoff=0.5)
        guess = f" Did you mean {close[0]!r}?" if close else ""
        raise InputError(
            f"{name!r} has no sheet {sheet!r}.{guess}", hint=f"Its sheets: {', '.join(names)}."
        )
    filled = [n for n in names if sheet is not None or _is_filled(book, n)]
    if sheet is not None:
        return sheet, []
    hidden = {
        str(m.name)
        for m in book.sheets_metadata
        if "Visible" not in str(m.visible).rpartition(".")[2]
    }
    visible = [n for n in filled if n not in hidden] or filled
    if not visible:
        raise InputError(f"{name!r} holds only empty sheets.")
    if len(visible) > 1:
        raise InputError(
            f"{name!r} has {len(visible)} filled sheets: {', '.join(visible)}.",
            hint=f"Name one, e.g. --sheet {visible[0]!r}.",
        )
    return visible[0], [n for n in filled if n != visible[0]]


def _is_filled(book: Any, sheet: str) -> bool:  # noqa: ANN401 - untyped library
    return any(
        cell not in ("", None) for row in book.get_sheet_by_name(sheet).iter_rows() for cell in row
    )


def _part(name: str, sheet: str, rows: Sequence[Sequence[object]], notes: tuple[str, ...]) -> Part:
    texts = [[_cell(value) for value in row] for row in rows]
    filled = [i for i, row in enumerate(texts) if any(row)]
    if not filled:
        raise InputError(f"Sheet {sheet!r} of {name!r} is empty.")
    top, bottom = filled[0], filled[-1]
    below = texts[top + 1 : bottom + 1]
    if not below:
        shown = ", ".join(cell for cell in texts[top] if cell)[:200]
        raise InputError(f"Sheet {sheet!r} of {name!r} has a header ({shown}) but no rows.")
    # Formatting alone makes Excel keep columns that hold nothing.
    used = [i for i, head in enumerate(texts[top]) if head or any(row[i] for row in below)]
    header = name_columns([texts[top][i] for i in used], file=name)
    columns: list[Cells] = [[row[i] for row in below] for i in used]
    return Part(
        name=name,
        columns=dict(zip(header.names, columns, strict=True)),
        line=range(top + 2, bottom + 2),
        unnamed=header.unnamed,
        notes=(*notes, *header.notes),
    )


def _cell(value: object) -> str | None:
    if isinstance(value, timedelta):
        return str(value)
    return as_text(value) or None
