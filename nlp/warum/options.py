"""The options of `warum analyze`, one name each: type, form and help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

UiName = Literal["en", "de"]
RollUpLevel = Literal["parent", "stage", "touchpoint"]

Files = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE...",
        help="csv, tsv, jsonl, json, parquet, xlsx, each also .gz; '-' for standard input; or a result folder.",
    ),
]
Text = Annotated[list[str] | None, typer.Option(help="Column with comments; repeatable.")]
Question = Annotated[str | None, typer.Option(help="Column holding the question answered.")]
Score = Annotated[
    list[str] | None,
    typer.Option(
        metavar="COL[:METRIC]",
        help="Score column; metric nps, csat, ces, mean or rate; repeatable.",
    ),
]
Metric = Annotated[str | None, typer.Option(help="Metric of the one score column.")]
Scale = Annotated[str | None, typer.Option(metavar="LOW:HIGH", help="Ends of the scale, e.g. 1:5.")]
LowerIsBetter = Annotated[
    bool, typer.Option("--lower-is-better", help="Small scores are the good ones.")
]
SatisfiedFrom = Annotated[
    float | None, typer.Option(help="CSAT: least score that counts as satisfied.")
]
Missing = Annotated[str | None, typer.Option(metavar="A,B", help="Codes that mean 'no score'.")]
Number = Annotated[
    list[str] | None,
    typer.Option(
        metavar="COL[:METRIC[@DATECOL]]",
        help="Further number; METRIC churn, repurchase (with the column of its day), "
        "first_response_time, resolution_time, ticket_volume or lifetime_value; repeatable.",
    ),
]
Weight = Annotated[str | None, typer.Option(help="Column of weights.")]
Id = Annotated[str | None, typer.Option("--id", help="Column naming the response; unique.")]
Customer = Annotated[str | None, typer.Option(help="Column naming the customer; may repeat.")]
Date = Annotated[str | None, typer.Option(help="Column of dates.")]
DateFormat = Annotated[str | None, typer.Option(help="Format of the dates, e.g. %d.%m.%Y.")]
By = Annotated[list[str] | None, typer.Option(help="Segment column; repeatable.")]
Stage = Annotated[str | None, typer.Option(help="Column of journey stages.")]
Touchpoint = Annotated[str | None, typer.Option(help="Column of touchpoints.")]
Source = Annotated[str | None, typer.Option(help="Column of sources (survey, review, ticket …).")]
Channel = Annotated[str | None, typer.Option(help="Column of channels.")]
Language = Annotated[str | None, typer.Option(help="Column of languages (de, en).")]
Join = Annotated[str | None, typer.Option(metavar="OTHER", help="Second file, joined many-to-one.")]
On = Annotated[str | None, typer.Option(metavar="KEY[=KEY]", help="Key of the join.")]
JoinAgg = Annotated[
    Literal["mean", "last", "sum"] | None,
    typer.Option(help="What to do with repeated keys in OTHER."),
]
Encoding = Annotated[str | None, typer.Option(help="Encoding of text files, if detection errs.")]
Sheet = Annotated[str | None, typer.Option(help="Sheet of an xlsx file.")]
Since = Annotated[str | None, typer.Option(help="First day, month, quarter or year to analyse.")]
Until = Annotated[str | None, typer.Option(help="Last day, month, quarter or year to analyse.")]
Taxonomy = Annotated[str | None, typer.Option(help="Shipped taxonomy (default: cx) or YAML file.")]
Model = Annotated[
    str | None,
    typer.Option(
        help="Model that reads the opinions: auto (default), accurate, fast, hf:NAME, or a folder of warum train."
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(help="Processes that read large files (default: the cores, at most 4)."),
]
MinGroup = Annotated[
    int | None, typer.Option(help="Smaller groups of people are not shown (default: 5).")
]
KeepPii = Annotated[
    bool,
    typer.Option("--keep-pii", help="Keep e-mail, phone, account and card numbers in the texts."),
]
Out = Annotated[Path, typer.Option(help="Folder for the result.")]
Ui = Annotated[UiName, typer.Option(help="Language of summary and report.")]
RollUp = Annotated[
    RollUpLevel | None,
    typer.Option(help="Also print opinions by first level, stage or touchpoint."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print summary.json instead of the summary.")]
