"""The door for labels: files of any format that `warum analyze` reads, in any of three forms."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from warum.errors import InputError
from warum.gold.cells import Names
from warum.gold.layout import find_layout
from warum.gold.records import GoldLabels, GoldOptions, Problem
from warum.gold.rows import Gatherer
from warum.reading.files import read_files
from warum.reading.records import RawTable
from warum.taxonomy import Taxonomy

_MARKERS = (b"# warum audit", b"#warum audit")
_BOM = b"\xef\xbb\xbf"
_SHOWN = 10


def read_gold(sources: Sequence[str], taxonomy: Taxonomy, options: GoldOptions) -> GoldLabels:
    """Read texts and the labels that people gave them.

    Args:
        sources: Paths; "-" for standard input.
        taxonomy: The categories, named by code or title.
        options: What the user said.

    Raises:
        InputError: If a file cannot be read, rows cannot be used (without `skip_bad`), or none is left.
        ColumnError: If a column is unknown, in doubt or lacking.
    """
    table, marked = read_table(sources, options)
    if any(name.lower().startswith("# warum audit") for name in table.columns):
        raise InputError(
            f"{table.files[0]!r} is an audit sample, saved with its first line as the header.",
            hint="An audit sample corrects the model's error, so no model may learn from it. To measure a model by "
            "it, delete the first line.",
        )
    names = Names.of(taxonomy)
    layout = find_layout(table, names, options)
    gatherer = Gatherer(table, layout, names)
    texts, problems = gatherer.gather()
    _refuse(problems, texts, len(table) + len(table.rejected), options)
    notes = [layout.said(), *table.notes, *gatherer.notes]
    bare = sum(not text.judgements for text in texts)
    if bare:
        notes.append(f"{bare} texts have no label; they count as negatives of every category.")
    return GoldLabels(
        tuple(texts), tuple(problems), len(table) + len(table.rejected), layout.form, tuple(notes),
        table.files, marked,
    )  # fmt: skip


def read_table(sources: Sequence[str], options: GoldOptions) -> tuple[RawTable, bool]:
    """The rows of files of labels, and whether one is marked as an audit sample in its first line.

    Raises:
        InputError: If a file cannot be read.
    """
    marked = [source for source in sources if _is_marked(source)]
    if not marked:
        return read_files(list(sources), encoding=options.encoding, sheet=options.sheet), False
    with TemporaryDirectory(prefix="warum-") as folder:
        plain = [
            _without_mark(source, Path(folder), i) if source in marked else source
            for i, source in enumerate(sources)
        ]
        table = read_files(plain, encoding=options.encoding, sheet=options.sheet)
    # Named are the user's files, not the copies, which are gone.
    given = dict(zip(plain, sources, strict=True))
    return replace(table, files=tuple(given.get(name, name) for name in table.files)), True


def _is_marked(source: str) -> bool:
    path = Path(source)
    if source == "-" or not path.is_file():
        return False
    opener = gzip.open if path.suffix.lower() == ".gz" else open
    try:
        with opener(path, "rb") as stream:
            head = stream.read(64).removeprefix(_BOM).lstrip(b' \t\r\n"').lower()
    except (OSError, EOFError):
        return False  # the reading of the file says what is wrong
    return head.startswith(_MARKERS)


def _without_mark(source: str, folder: Path, number: int) -> str:
    """A copy whose first line is empty, so that all lines keep their numbers."""
    path = Path(source)
    opener = gzip.open if path.suffix.lower() == ".gz" else open
    with opener(path, "rb") as stream:
        rest = stream.read().partition(b"\n")[2]
    inner = folder / str(number)
    inner.mkdir()
    copy = inner / path.name.removesuffix(".gz")
    copy.write_bytes(b"\n" + rest)
    return str(copy)


def _refuse(
    problems: Sequence[Problem], texts: Sequence[object], rows: int, options: GoldOptions
) -> None:
    if problems and not options.skip_bad:
        shown = "\n  ".join(str(problem) for problem in problems[:_SHOWN])
        more = f"\n  … and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        raise InputError(
            f"{len(problems)} of {rows} rows cannot be used:\n  {shown}{more}",
            hint="Correct them, or go on without these texts with --skip-bad.",
        )
    if not texts:
        raise InputError(f"None of the {rows} rows holds a text with usable labels.")
