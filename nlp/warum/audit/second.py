"""The sheet of a second person: the same draw, labelled without seeing what the first one saw."""

from __future__ import annotations

from pathlib import Path

from warum.audit.agreement import Agreement, agreement
from warum.audit.sheet import AuditSheet
from warum.audit.sheet_reading import read_sheet
from warum.errors import InputError
from warum.taxonomy import Taxonomy


def second_path(path: Path) -> Path:
    """Where the second person's sheet lies: `audit.csv` has `audit.second.csv` beside it."""
    return path.with_name(f"{path.stem}.second{path.suffix}")


def sheets_agree(
    sheet: AuditSheet,
    path: Path,
    taxonomy: Taxonomy,
    *,
    seed: int = 0,
    level: float = 0.95,
) -> tuple[Agreement, ...]:
    """How far two people agree on the comments that both have labelled.

    Args:
        sheet: What the first one saw.
        path: The second one's file.
        taxonomy: The categories.
        seed: For the resamples.
        level: Confidence level.

    Returns:
        Over all categories, then per category that anybody saw; nothing where no comment has both labels.

    Raises:
        InputError: If the second file cannot be read or is of another draw.
    """
    second = read_sheet(path, taxonomy)
    if second.draw != sheet.draw:
        raise InputError(
            f"{str(path)!r} is of the draw {second.draw!r}, the first person's file of {sheet.draw!r}.",
            hint="Let the second person label the same draw: `warum audit label FILE --second`.",
        )
    if not set(sheet.labelled) & set(second.labelled):
        return ()
    people = (sheet.labelled, second.labelled)
    return agreement(people, taxonomy.codes, seed=seed, level=level)
