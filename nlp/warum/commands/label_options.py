"""The options of `warum train` and `warum evaluate` that say how labels stand in a file."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

Files = Annotated[
    list[str],
    typer.Argument(
        metavar="LABELS...",
        help="Labelled texts: csv, tsv, jsonl, json, parquet, xlsx, each also .gz; '-' for standard input.",
    ),
]
Format = Annotated[
    Literal["long", "list", "wide"] | None,
    typer.Option(
        "--format",
        help="long: a row per label; list: a row per text with a list of labels; wide: a column per category.",
    ),
]
Text = Annotated[str | None, typer.Option(help="Column of the texts.")]
Category = Annotated[
    str | None, typer.Option(help="Column of the category, or of the list of categories.")
]
Polarity = Annotated[str | None, typer.Option(help="Column of the polarity.")]
Id = Annotated[str | None, typer.Option("--id", help="Column naming the text; may repeat in long.")]
Customer = Annotated[str | None, typer.Option(help="Column naming the customer; may repeat.")]
Language = Annotated[str | None, typer.Option(help="Column of languages (de, en).")]
Question = Annotated[str | None, typer.Option(help="Column holding the question answered.")]
Source = Annotated[str | None, typer.Option(help="Column of sources (survey, review, ticket …).")]
Encoding = Annotated[str | None, typer.Option(help="Encoding of text files, if detection errs.")]
Sheet = Annotated[str | None, typer.Option(help="Sheet of an xlsx file.")]
SkipBad = Annotated[
    bool, typer.Option("--skip-bad", help="Go on without texts whose rows cannot be used.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
