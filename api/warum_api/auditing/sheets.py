"""The sheets of a draw, as `warum audit` has them: one for each person who labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from warum.audit.second import second_path
from warum.audit.sheet import AuditRow, AuditSheet, text_digest, write_sheet
from warum_api.auditing.texts import Shown
from warum_api.storing.audits import AuditSample, Drawn, Labelled


def facts_of(sheet: AuditSheet, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever JSON holds
    """What is kept of a sheet beside its rows."""
    return {
        "model": sheet.model, "taxonomy": sheet.taxonomy, "taxonomy_hash": sheet.taxonomy_hash,
        "seed": sheet.seed, "frame": sheet.frame, **more,
    }  # fmt: skip


def drawn_rows(sheet: AuditSheet) -> list[Drawn]:
    """The rows of a sheet as they are kept: without their texts."""
    return [Drawn(r.id, r.unit, r.probability, text_digest(r.text)) for r in sheet.rows]


def is_same(drawn: Drawn, shown: Shown | None) -> bool:
    """Whether a comment is there, with the text that was drawn."""
    return shown is not None and drawn.digest in (None, text_digest(shown.text))


def sheet_of(
    sample: AuditSample,
    drawn: Sequence[Drawn],
    labels: Mapping[str, Labelled],
    texts: Mapping[str, Shown],
    frame: str,
) -> AuditSheet:
    """A person's sheet.

    Args:
        sample: The draw.
        drawn: Its comments, in order.
        labels: What the person saw, by comment.
        texts: The comments as they are now; one with another text than at the draw gets none.
        frame: What could be drawn, see `frames.frame_name`.
    """
    facts = sample.facts
    rows = tuple(_row(one, labels.get(one.comment), texts.get(one.comment)) for one in drawn)
    return AuditSheet(
        rows, str(facts.get("model", "")), str(facts.get("taxonomy", "")),
        str(facts.get("taxonomy_hash", "")), int(facts.get("seed", 0)), frame,
    )  # fmt: skip


def _row(drawn: Drawn, seen: Labelled | None, shown: Shown | None) -> AuditRow:
    there = shown if is_same(drawn, shown) else None
    return AuditRow(
        drawn.comment, drawn.unit, "" if there is None else there.text, drawn.probability,
        None if seen is None else frozenset(seen.labels),
        "" if seen is None else seen.labeller, "" if seen is None else seen.note,
        "" if there is None else there.question, "" if there is None else there.language,
    )  # fmt: skip


def write_sheets(sheets: Sequence[AuditSheet], folder: Path, name: str) -> Path:
    """Write the first person's sheet, and beside it that of a second who has labelled something.

    Args:
        sheets: The sheets, the leading one first.
        folder: Where to.
        name: Of the file, without its ending.

    Returns:
        The first file, for `warum.why(audit=…)`.
    """
    path = folder / f"{name}.jsonl"
    write_sheet(path, sheets[0])
    others = sorted(sheets[1:], key=lambda sheet: -len(sheet.labelled))
    if others and others[0].labelled:
        write_sheet(second_path(path), others[0])
    return path
