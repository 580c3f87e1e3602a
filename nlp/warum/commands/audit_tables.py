"""What `warum audit` prints: agreement of two people, and widths by the number of labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from warum.caveats import Ui
from warum.commands.console import Terminal

if TYPE_CHECKING:
    from warum.audit.planning import PlannedDriver
    from warum.audit.sheet import AuditSheet
    from warum.result import ScoreResult
    from warum.taxonomy import Taxonomy

_SIZES = (200, 300, 400, 600, 1_000)
_SHOWN = 12
_WORDS: Mapping[Ui, Mapping[str, str]] = {
    "en": {
        "labelled": "{done} of {all} comments labelled: {path}",
        "nothing": "No comment was labelled by both yet.",
        "title": "Krippendorff's alpha over {n} comments that both labelled",
        "seen": "seen",
        "all": "all categories",
        "span": "{low} to {high}",
        "about": "1 is full agreement, 0 is chance. From 0.80 on labels are reliable, from 0.67 on they bear "
        "tentative conclusions.",
    },
    "de": {
        "labelled": "{done} von {all} Kommentaren beurteilt: {path}",
        "nothing": "Noch hat niemand außer der ersten Person dieselben Kommentare beurteilt.",
        "title": "Krippendorffs Alpha über {n} Kommentare, die beide beurteilt haben",
        "seen": "gesehen",
        "all": "alle Kategorien",
        "span": "{low} bis {high}",
        "about": "1 ist volle Übereinstimmung, 0 ist Zufall. Ab 0,80 gelten Urteile als verlässlich, ab 0,67 tragen "
        "sie vorläufige Schlüsse.",
    },
}


def print_labelled(sheet: AuditSheet, path: Path, ui: Ui = "en") -> None:
    """Say how much of a sheet is labelled.

    Args:
        sheet: The sheet.
        path: Its file.
        ui: Language.
    """
    done, all_of_them = len(sheet.labelled), len(sheet.rows)
    typer.echo(_WORDS[ui]["labelled"].format(done=done, all=all_of_them, path=path))


def print_agreement(sheet: AuditSheet, second: Path, taxonomy: Taxonomy, ui: Ui = "en") -> None:
    """Print how far two people agree.

    Args:
        sheet: What the first one saw.
        second: The second one's file.
        taxonomy: The categories.
        ui: Language.

    Raises:
        InputError: If the second file cannot be read or is of another draw.
    """
    from rich.table import Table
    from rich.text import Text

    from warum.audit.second import sheets_agree
    from warum.report.numbers import number
    from warum.report.terminal import clean

    words, rows = _WORDS[ui], sheets_agree(sheet, second, taxonomy)
    if not rows:
        typer.echo(words["nothing"])
        return
    table = Table(title=words["title"].format(n=number(rows[0].alpha.n, ui)), box=None)
    for name in ("", words["seen"], "alpha" if ui == "en" else "Alpha", "95 %"):
        table.add_column(name, justify="left" if not name else "right")
    for row in rows:
        title = taxonomy.title(row.category, ui) if row.category else words["all"]
        value, low, high = (
            number(one, ui, 2) for one in (row.alpha.value, row.alpha.low, row.alpha.high)
        )
        table.add_row(
            Text(clean(title)),
            number(row.seen, ui),
            value,
            words["span"].format(low=low, high=high),
        )
    console = Terminal()
    console.print(table)
    console.print(words["about"])


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
    sizes = [size for size in _SIZES if size <= score.metric.n] or [score.metric.n]
    for size in sizes:
        table.add_column(f"{size:,}", justify="right")
    if width is not None:
        table.add_column(f"labels for {width:g}", justify="right")
    for row in rows[:_SHOWN]:
        precision = row.precision(of)
        cells = [f"{unit * precision.width(size):.1f}" for size in sizes]
        if width is not None:
            needed = precision.labels_for(width / unit)
            out_of_reach = needed is None or needed > score.metric.n
            cells.append("out of reach" if out_of_reach else f"{needed:,}")
        table.add_row(Text(clean(f"{row.category} {row.polarity}")), *cells)
    console = Terminal()
    console.print(table)
    if len(rows) > _SHOWN:
        console.print(f"… and {len(rows) - _SHOWN} more; --category names one.")
