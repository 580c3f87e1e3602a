"""Read an audit file back, as csv, jsonl or as a spreadsheet saved it, and refuse what does not fit."""

from __future__ import annotations

import gzip
import re
import zlib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from warum.audit.sheet import COLUMNS, MARK, AuditRow, AuditSheet, listed
from warum.errors import InputError
from warum.formulas import undefused
from warum.gold.cells import Names, UnreadableCellError
from warum.gold.records import Judgement
from warum.reading.files import read_files
from warum.taxonomy import Taxonomy

_BOM = b"\xef\xbb\xbf"
_NEEDED = (
    "id", "text", "labels", "unit", "probability", "model", "taxonomy_hash", "seed", "frame", "draw",
    "check",
)  # fmt: skip
_NOTHING = frozenset(["none", "keine", "kein", "nothing", "nichts", "[]"])
_BETWEEN = re.compile(r"[;|,\n]")
_SHOWN = 10
_BEGINNING = 65_536
_AGAIN = (
    "Start from the file that `warum audit draw` wrote: labels of a changed draw correct nothing."
)

Cells = Mapping[str, str]


def read_sheet(path: Path, taxonomy: Taxonomy) -> AuditSheet:
    """Read an audit file and check all that can be checked without the data.

    Args:
        path: The file.
        taxonomy: The categories it was drawn for.

    Raises:
        InputError: If it is no audit file, was drawn for another taxonomy, lacks or repeats rows, holds a
            changed probability, or labels that the taxonomy does not know or that have no polarity.
    """
    table = _table(path)
    missing = [name for name in _NEEDED if name not in table[0]]
    if missing:
        raise InputError(
            f"{str(path)!r} is no audit file: it has no column {listed(missing)}.", hint=_AGAIN
        )
    name = str(path)
    terms = {
        column: _one(table, column, name)
        for column in ("model", "taxonomy_hash", "seed", "frame", "draw")
    }
    found = terms["taxonomy_hash"].removeprefix("sha256:")
    if found != taxonomy.hash:
        raise InputError(
            f"{name!r} was drawn for a taxonomy with the hash {found!r}, this is {taxonomy.name!r} with "
            f"{taxonomy.hash!r}.",
            hint="Name the taxonomy of the draw with --taxonomy, or draw a new sample.",
        )
    rows, problems = _rows(table, Names.of(taxonomy))
    if problems:
        more = f"\n  … and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        shown = "\n  ".join(problems[:_SHOWN])
        raise InputError(
            f"{name!r} cannot be used:\n  {shown}{more}",
            hint="Correct these labels. Probabilities have to stand as `warum audit draw` wrote them.",
        )
    seed = terms["seed"]
    if not seed.lstrip("-").isdigit():
        raise InputError(f"{name!r}: the seed is {seed!r}, expected a whole number.", hint=_AGAIN)
    kind = table[0].get("taxonomy", taxonomy.name)
    sheet = AuditSheet(rows, terms["model"], kind, taxonomy.hash, int(seed), terms["frame"])
    _check_draw(sheet, table, terms["draw"], name)
    return sheet


def is_audit_file(path: Path) -> bool:
    """Whether a file says of itself that it is an audit file; a look at its beginning.

    A workbook is not opened.
    """
    if not path.is_file():
        return False
    opener = gzip.open if path.suffix.lower() == ".gz" else open
    try:
        with opener(path, "rb") as stream:
            head: bytes = stream.read(_BEGINNING)
    except (OSError, EOFError):
        return False
    if _is_marked(head):
        return True
    keys = (b'"audit": "true"', b'"probability": "', b'"draw": "')
    return head.startswith(b"{") and all(key in head.partition(b"\n")[0] for key in keys)


def texts_of_audit(path: Path) -> dict[str, str]:
    """comment_id to text of an audit file, whatever else is wrong with it.

    Raises:
        InputError: If it cannot be read or has no ids or texts.
    """
    table = _table(path)
    missing = [name for name in ("id", "text") if name not in table[0]]
    if missing:
        raise InputError(f"{str(path)!r} is no audit file: it has no column {listed(missing)}.")
    return {row["id"]: row["text"] for row in table}


def _table(path: Path) -> list[Cells]:
    """The rows below the mark; an absent cell is an empty text."""
    if not path.is_file():
        raise InputError(f"There is no audit file {str(path)!r}.")
    try:
        content = path.read_bytes()
        if path.suffix.lower() == ".gz":
            content = gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{str(path)!r} cannot be read: {error}.", hint=_AGAIN) from None
    if _is_marked(content):
        content = b"\n" + content.partition(b"\n")[2]
    with TemporaryDirectory(prefix="warum-") as folder:
        copy = Path(folder) / path.name.removesuffix(".gz")
        copy.write_bytes(content)
        try:
            raw = read_files([str(copy)])
        except InputError as error:
            # It names the copy, which is gone by the time that anybody looks for it.
            raise InputError(error.message.replace(str(copy), str(path)), hint=_AGAIN) from None
    if raw.rejected:
        first = raw.rejected[0]
        raise InputError(
            f"{str(path)!r}: {len(raw.rejected)} rows cannot be read; the first, in line {first.line}: "
            f"{first.message}",
            hint=_AGAIN,
        )
    columns = {name.strip().lower(): cells.tolist() for name, cells in raw.columns.items()}
    if any(name.startswith(MARK) for name in columns):  # a workbook keeps the mark as its first row
        names = [str(cells[0] or "").strip().lower() for cells in columns.values()]
        columns = {name: cells[1:] for name, cells in zip(names, columns.values(), strict=True)}
    rows = zip(*columns.values(), strict=True)
    return [
        {name: undefused((cell or "").strip()) for name, cell in zip(columns, row, strict=True)}
        for row in rows
    ] or [{}]


def _is_marked(content: bytes) -> bool:
    return content[:64].removeprefix(_BOM).lstrip(b' \t"').lower().startswith(MARK.encode())


def _one(table: list[Cells], column: str, name: str) -> str:
    """The value that all rows share."""
    counts = Counter(row.get(column, "") for row in table)
    if len(counts) > 1:
        raise InputError(
            f"{name!r} mixes several draws: {column} is {listed([value for value, _ in counts.most_common()])}.",
            hint="Keep each draw in a file of its own.",
        )
    return next(iter(counts))


def _rows(table: list[Cells], names: Names) -> tuple[tuple[AuditRow, ...], list[str]]:
    rows, problems = [], []
    for cells in table:
        labels = None
        try:
            labels = _labels(cells["labels"], names)
        except UnreadableCellError as error:
            problems.append(f"comment {cells['id']!r}: {error}")
        try:
            probability = float(cells["probability"].replace(",", "."))
        except ValueError:
            probability = -1.0
        if not 0 < probability <= 1:
            problems.append(
                f"comment {cells['id']!r}: the probability is {cells['probability']!r}, expected above 0 "
                "and at most 1."
            )
        rows.append(
            AuditRow(
                cells["id"], cells["unit"], cells.get("text", ""), probability, labels,
                *(cells.get(name, "") for name in COLUMNS[3:7]),
            )
        )  # fmt: skip
    return tuple(rows), problems


def _labels(cell: str, names: Names) -> frozenset[Judgement] | None:
    if not cell:
        return None
    if cell.casefold() in _NOTHING:
        return frozenset()
    found = names.read_list(cell)
    if found and any(part.strip().casefold() in _NOTHING for part in _BETWEEN.split(cell)):
        raise UnreadableCellError(
            "unknown_value",
            cell,
            f"{cell!r} says “none” and names a category; leave out one of them.",
        )
    bare = sorted(code for code, polarity in found if polarity is None)
    if bare:
        raise UnreadableCellError(
            "unknown_polarity",
            bare[0],
            f"{bare[0]!r} has no polarity; write {bare[0]}:negative, {bare[0]}:neutral or {bare[0]}:positive.",
        )
    return frozenset(found)


def _check_draw(sheet: AuditSheet, table: list[Cells], draw: str, name: str) -> None:
    twice = [one for one, count in Counter(row.id for row in sheet.rows).items() if count > 1]
    if twice:
        raise InputError(f"{name!r} holds comments twice: {listed(sorted(twice))}.", hint=_AGAIN)
    changed = [
        row.id
        for row, cells in zip(sheet.rows, table, strict=True)
        if cells["check"] != sheet.check(row)
    ]
    if changed:
        raise InputError(
            f"{name!r}: in {len(changed)} of {len(sheet.rows)} comments the id, the unit, the probability or "
            f"the marks of the draw were changed after the draw: {listed(changed)}.",
            hint=f"{_AGAIN} (A spreadsheet may have turned ids into numbers: open the file as text.)",
        )
    if sheet.draw != draw:
        drawn = draw.rpartition("/")[2]
        if drawn == str(len(sheet.rows)):
            raise InputError(
                f"{name!r}: comments or probabilities are not those of the draw {draw!r}.",
                hint=_AGAIN,
            )
        raise InputError(
            f"{name!r} holds {len(sheet.rows)} of the {drawn} comments that were drawn.",
            hint="Rows that are left out are seldom left out by chance: put them back. " + _AGAIN,
        )
