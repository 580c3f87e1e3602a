"""The audit file: which comments were drawn with which probability, and what people saw in them.

Its first line begins with `# warum audit` and its column `audit` is true: `warum train` refuses both,
because a model that has learned from these comments cannot be corrected by them. Every row carries a
check of its probability, and the draw as a whole, so that nothing that matters can change unseen.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from warum.errors import OutputError, UsageError
from warum.formulas import defuse
from warum.gold.records import Judgement
from warum.store import write_file

MARK = "# warum audit"
COLUMNS = (
    "id", "text", "labels", "labeller", "note", "question", "language", "unit", "probability",
    "model", "taxonomy", "taxonomy_hash", "seed", "frame", "draw", "check", "audit",
)  # fmt: skip
NOTHING = "none"
DIGITS = 6


@dataclass(frozen=True, slots=True)
class AuditRow:
    """A comment to label.

    Attributes:
        id: Its comment_id.
        unit: What was drawn: all comments of one customer's occasion are labelled together.
        text: The text.
        probability: With which the unit was drawn, above 0 and at most 1, 6 decimals.
        labels: What a person saw; None while nobody has looked.
        labeller: Who.
        note: What the person remarked.
        question: What it answers, "" if unknown.
        language: ISO 639-1 code, "" if unknown.
    """

    id: str
    unit: str
    text: str
    probability: float
    labels: frozenset[Judgement] | None = None
    labeller: str = ""
    note: str = ""
    question: str = ""
    language: str = ""


@dataclass(frozen=True)
class AuditSheet:
    """An audit file.

    Attributes:
        rows: The comments, in the order to label them in.
        model: Name and version of the model whose errors are audited, "name version".
        taxonomy: Name of the taxonomy.
        taxonomy_hash: Its hash.
        seed: Seed of the draw.
        frame: Names all that could have been drawn, see `name_of_frame`.
    """

    rows: tuple[AuditRow, ...]
    model: str
    taxonomy: str
    taxonomy_hash: str
    seed: int
    frame: str = ""

    @property
    def draw(self) -> str:
        """Names the draw: a digest of its units and probabilities, and the number of comments."""
        drawn = "\n".join(
            sorted(f"{row.id}\t{row.unit}\t{row.probability:.6f}" for row in self.rows)
        )
        return f"d{_digest(self._terms(), drawn)}/{len(self.rows)}"

    def check(self, row: AuditRow) -> str:
        """The check of a row: changes with its id, unit and probability."""
        return f"c{_digest(self._terms(), row.id, row.unit, f'{row.probability:.6f}')}"

    def _terms(self) -> str:
        return "\n".join(
            (self.model, self.taxonomy, self.taxonomy_hash, str(self.seed), self.frame)
        )

    @property
    def labelled(self) -> dict[str, frozenset[Judgement]]:
        """What was seen, by comment id, of the comments that somebody has looked at."""
        return {row.id: row.labels for row in self.rows if row.labels is not None}

    def with_labels(
        self, labels: Mapping[str, frozenset[Judgement] | None], labeller: str = ""
    ) -> AuditSheet:
        """The sheet with the labels of some comments set (or taken back, with None).

        Raises:
            UsageError: If a comment is not on the sheet.
        """
        unknown = sorted(set(labels) - {row.id for row in self.rows})
        if unknown:
            raise UsageError(f"The comment {unknown[0]!r} is not on the audit sheet.")
        rows = tuple(
            replace(
                row, labels=labels[row.id], labeller=labeller if labels[row.id] is not None else ""
            )
            if row.id in labels
            else row
            for row in self.rows
        )
        return replace(self, rows=rows)

    def carry_over(self, earlier: AuditSheet) -> AuditSheet:
        """The sheet with the labels of an earlier one for the comments that both hold.

        What a person saw in a comment stays true for another draw and another model.

        Raises:
            UsageError: If the earlier one has another taxonomy.
        """
        if earlier.taxonomy_hash != self.taxonomy_hash:
            raise UsageError(
                f"The earlier audit file has the taxonomy {earlier.taxonomy_hash!r}, this one "
                f"{self.taxonomy_hash!r}: its labels mean something else."
            )
        known = {row.id: row for row in earlier.rows if row.labels is not None}
        rows = tuple(
            replace(row, labels=old.labels, labeller=old.labeller, note=old.note)
            if (old := known.get(row.id)) is not None
            and same_text(old.text, row.text)
            and row.labels is None
            else row
            for row in self.rows
        )
        return replace(self, rows=rows)

    def blank(self) -> AuditSheet:
        """The same draw without labels, for a second person."""
        rows = tuple(replace(row, labels=None, labeller="", note="") for row in self.rows)
        return replace(self, rows=rows)


def label_text(labels: Collection[Judgement] | None) -> str:
    """Labels as they stand in a cell: "price:negative; staff:positive", "none", or "" if not labelled."""
    if labels is None:
        return ""
    named = sorted(f"{code}:{polarity}" if polarity else code for code, polarity in labels)
    return "; ".join(named) or NOTHING


def write_sheet(path: Path, sheet: AuditSheet) -> None:
    """Write the sheet as .csv (for Excel: UTF-8 with its mark) or .jsonl: whole or not at all.

    Raises:
        UsageError: If the file's name ends otherwise.
        OutputError: If it cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".jsonl"):
        raise UsageError(
            f"An audit file ends with .csv or .jsonl, not {suffix!r}.",
            hint=f"Name it {path.with_suffix('.csv').name!r}.",
        )
    write_file(path, _as_csv(sheet) if suffix == ".csv" else _as_jsonl(sheet))


def write_new_sheet(path: Path, sheet: AuditSheet) -> None:
    """Write a fresh draw; a file that is there already may hold hours of labelling and is kept.

    Raises:
        UsageError: If the file's name ends otherwise than with .csv or .jsonl.
        OutputError: If the file exists, or cannot be written.
    """
    if path.exists():
        raise OutputError(
            f"{str(path)!r} exists already and may hold labels.",
            hint="Name another file, or delete it yourself.",
        )
    write_sheet(path, sheet)


def _as_csv(sheet: AuditSheet) -> str:
    out = io.StringIO()
    out.write(f"\ufeff{MARK}: label these comments in the column labels and never train on them\n")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    free = ("id", "text", "labels", "labeller", "note", "question", "unit", "model", "taxonomy")
    for cells in _cells(sheet):
        writer.writerow({k: defuse(v) if k in free else v for k, v in cells.items()})
    return out.getvalue()


def _as_jsonl(sheet: AuditSheet) -> str:
    lines = (json.dumps(cells, ensure_ascii=False) for cells in _cells(sheet))
    return "".join(f"{line}\n" for line in lines)


def _cells(sheet: AuditSheet) -> Iterable[dict[str, str]]:
    draw = sheet.draw
    for row in sheet.rows:
        values = (
            row.id, row.text, label_text(row.labels), row.labeller, row.note, row.question,
            row.language, row.unit, f"{row.probability:.6f}", sheet.model, sheet.taxonomy,
            f"sha256:{sheet.taxonomy_hash}", str(sheet.seed), sheet.frame, draw, sheet.check(row), "true",
        )  # fmt: skip
        yield dict(zip(COLUMNS, values, strict=True))


def same_text(one: str, other: str) -> bool:
    """Whether two texts have the same letters and digits; signs and spaces a spreadsheet may change."""
    return _letters(one) == _letters(other)


def text_digest(text: str) -> str:
    """First 16 hex digits of a hash of a text's letters and digits: alike where `same_text` says so."""
    return hashlib.sha256(_letters(text).encode("utf-8", "replace")).hexdigest()[:16]


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def name_of_frame(units: Sequence[str]) -> str:
    """Names the frame of a draw: a digest of its units' names, and their number.

    A comment that was added later had no chance of being drawn, and one that is gone was drawn for
    nobody: the sample stands for this frame only.
    """
    return f"f{_digest(*sorted(units))}/{len(units)}"


def _digest(*parts: str) -> str:
    joined = "\x1f".join(parts).encode("utf-8")
    return hashlib.blake2b(joined, digest_size=6).hexdigest()


def model_name(name: str, version: str) -> str:
    """Name and version in one cell, so that no spreadsheet takes the version for a number or date."""
    return f"{name} {version}".strip()


def listed(names: Sequence[str], most: int = 5) -> str:
    """Some names for a message."""
    shown = ", ".join(repr(name) for name in names[:most])
    return shown + (f" and {len(names) - most} more" if len(names) > most else "")
