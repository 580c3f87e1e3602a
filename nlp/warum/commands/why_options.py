"""The options of `warum why` beyond those of `analyze`: type, form and help."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from warum import options

LevelModel = Literal["linear", "ordered", "multinomial"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked; the names of `Question`."""

    before: Annotated[
        str | None,
        typer.Option(
            metavar="PERIOD", help="First period of a change: day, month, quarter, year, or A..B."
        ),
    ] = None
    after: Annotated[
        str | None, typer.Option(metavar="PERIOD", help="Second period of a change.")
    ] = None
    compare: Annotated[
        str | None,
        typer.Option(metavar="COL=A,B", help="Two groups to compare, e.g. branch=North,South."),
    ] = None
    since: options.Since = None
    until: options.Until = None
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="COL=VALUE", help="Only responses with this value; repeatable."),
    ] = None
    segment: Annotated[
        str | None,
        typer.Option(
            metavar="COL",
            help="Column whose changed mix is split off first; '' for none (default: the surest).",
        ),
    ] = None
    by_polarity: Annotated[
        bool, typer.Option("--by-polarity", help="Parts of a change per category and polarity.")
    ] = False
    level_model: Annotated[
        LevelModel | None,
        typer.Option("--level-model", help="Model of the drivers (default: what suits the score)."),
    ] = None
    audit: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Audit file: figures corrected for the model's errors."),
    ] = None
    alert_state: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Alerts go on from this JSON file of an earlier run, and it is written anew.",
        ),
    ] = None
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CATEGORY=-33%",
            help="Assumed change of complaints (or CATEGORY:positive=+10%); repeatable.",
        ),
    ] = None
    value_per_point: Annotated[
        float | None, typer.Option(help="With --what-if: worth of a point of the metric, in money.")
    ] = None
    cost: Annotated[
        float | None, typer.Option(help="With --what-if: what it costs, in the same money.")
    ] = None
    control: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COL", help="Number column that effects are adjusted for as well; repeatable."
        ),
    ] = None
    weights: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="YAML file with the happiness index's weights."),
    ] = None
    level: Annotated[float, typer.Option("--level", help="Confidence level of the intervals.")] = (
        0.95
    )
    draws: Annotated[int, typer.Option(help="Bootstrap draws for a change.")] = 1_000
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything that is drawn.")] = 0

    def given(self) -> dict[str, Any]:
        """The options by name, for `Question`."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        several = {name: tuple(values[name] or ()) for name in ("where", "what_if", "control")}
        return values | several


Out = Annotated[
    Path | None,
    typer.Option(help="Result folder (default: the one given, for a file warum-result)."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print why.json instead of the answer.")]
