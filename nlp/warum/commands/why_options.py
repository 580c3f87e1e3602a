"""The options of `warum why` beyond those of `analyze`, one name each: type, form and help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

LevelModel = Literal["linear", "ordered", "multinomial"]

Before = Annotated[
    str | None,
    typer.Option(
        metavar="PERIOD", help="First period of a change: day, month, quarter, year, or A..B."
    ),
]
After = Annotated[str | None, typer.Option(metavar="PERIOD", help="Second period of a change.")]
Compare = Annotated[
    str | None,
    typer.Option(metavar="COL=A,B", help="Two groups to compare, e.g. branch=North,South."),
]
Where = Annotated[
    list[str] | None,
    typer.Option(metavar="COL=VALUE", help="Only responses with this value; repeatable."),
]
SplitOff = Annotated[
    str | None,
    typer.Option(
        metavar="COL",
        help="Column whose changed mix is split off first; '' for none (default: the one that changed most surely).",
    ),
]
ByPolarity = Annotated[
    bool, typer.Option("--by-polarity", help="Parts of a change per category and polarity.")
]
LevelModelName = Annotated[
    LevelModel | None,
    typer.Option("--level-model", help="Model of the drivers (default: what suits the score)."),
]
Audit = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Audit file: figures corrected for the model's errors."),
]
WhatIf = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CATEGORY=-33%",
        help="Assumed change of complaints (or CATEGORY:positive=+10%); repeatable.",
    ),
]
Control = Annotated[
    list[str] | None,
    typer.Option(
        metavar="COL", help="Number column that effects are adjusted for as well; repeatable."
    ),
]
Weights = Annotated[
    Path | None, typer.Option(metavar="FILE", help="YAML file with the happiness index's weights.")
]
ValuePerPoint = Annotated[
    float | None, typer.Option(help="With --what-if: worth of a point of the metric, in money.")
]
Cost = Annotated[
    float | None, typer.Option(help="With --what-if: what it costs, in the same money.")
]
Confidence = Annotated[float, typer.Option("--level", help="Confidence level of the intervals.")]
Seed = Annotated[int, typer.Option(min=0, help="Seed of everything that is drawn.")]
Draws = Annotated[int, typer.Option(help="Bootstrap draws for a change.")]
Out = Annotated[
    Path | None,
    typer.Option(help="Result folder (default: the one given, for a file warum-result)."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print why.json instead of the answer.")]
