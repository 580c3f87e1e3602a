"""What `warum audit` prints: agreement of two people, and widths by the number of labels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from warum.commands.console import Terminal

if TYPE_CHECKING:
    from warum.audit.planning import PlannedDriver
    from warum.audit.sheet import AuditSheet
    from warum.result import ScoreResult
    from warum.taxonomy import Taxonomy

_SIZES = (200, 300, 400, 600, 1_000)
_SHOWN = 12


def print_agreement(sheet: AuditSheet, second: Path, taxonomy: Taxonomy) -> None:
    """Print how far two people agree.

    Args:
        sheet: What the first one saw.
        second: The second one's file.
        taxonomy: The categories.

    Raises:
        InputError: If the second file cannot be read or is of another draw.
    """
    from rich.table import Table
    from rich.text import Text

    from warum.audit.second import sheets_agree
    from warum.report.terminal import clean

    rows = sheets_agree(sheet, second, taxonomy)
    if not rows:
        typer.echo("No comment was labelled by both yet.")
        return
    table = Table(
        title=f"Krippendorff's alpha over {rows[0].alpha.n} comments that both labelled", box=None
    )
    for name in ("", "seen", "alpha", "95 %"):
        table.add_column(name, justify="left" if not name else "right")
    for row in rows:
        title = taxonomy.title(row.category) if row.category else "all categories"
        low, high = row.alpha.low, row.alpha.high
        table.add_row(
            Text(clean(title)), str(row.seen), f"{row.alpha.value:.2f}", f"{low:.2f} to {high:.2f}"
        )
    console = Terminal()
    console.print(table)
    console.print("From 0.80 on labels are reliable, from 0.67 on they bear tentative conclusions.")


def print_plan(
    rows: Sequence[PlannedDriver],
    of: Literal["effect", "impact", "share"],
    width: float | None,
    score: ScoreResult,
    basis: str,
) -> None:
    """Print widths by the number of labels, a row per driver.

    Args:
        rows: The drivers, the strongest first.
        of: Whose interval.
        width: Wanted width, in points or percentage points; None for none.
        score: The score.
        basis: What the plan rests on, in words.
    """
    from rich.table import Table
    from rich.text import Text

    from warum.report.terminal import clean

    unit = 100.0 if of == "share" else 1.0
    points = "percentage points" if of == "share" else f"points of {score.scale.column}"
    table = Table(
        title=f"Width of the 95 % interval of the {of} in {points}, by labels ({basis})", box=None
    )
    table.add_column("")
    for size in _SIZES:
        table.add_column(f"{size:,}", justify="right")
    if width is not None:
        table.add_column(f"labels for {width:g}", justify="right")
    for row in rows[:_SHOWN]:
        precision = row.precision(of)
        cells = [f"{unit * precision.width(size):.1f}" for size in _SIZES]
        if width is not None:
            needed = precision.labels_for(width / unit)
            out_of_reach = needed is None or needed > score.metric.n
            cells.append("out of reach" if out_of_reach else f"{needed:,}")
        table.add_row(Text(clean(f"{row.category} {row.polarity}")), *cells)
    console = Terminal()
    console.print(table)
    if len(rows) > _SHOWN:
        console.print(f"… and {len(rows) - _SHOWN} more; --category names one.")
