"""The command `warum evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from warum.commands import label_options as options
from warum.commands.console import Terminal, steps

FIGURES_CSV, FIGURES_JSON = "figures.csv", "figures.json"
_KNOWN = ("language", "source", "question")


def evaluate(
    files: options.Files,
    model: Annotated[
        str | None,
        typer.Option(help="Model, or a folder that `warum train` wrote; default as in analyze."),
    ] = None,
    taxonomy: Annotated[
        str | None,
        typer.Option(help="Shipped taxonomy or YAML file; default: the model's own, or cx."),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(help="Also figures by language, source, question or a column; repeatable."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for figures.csv and figures.json.")
    ] = None,
    format_: options.Format = None,
    text: options.Text = None,
    category: options.Category = None,
    polarity: options.Polarity = None,
    id_: options.Id = None,
    customer: options.Customer = None,
    language: options.Language = None,
    question: options.Question = None,
    source: options.Source = None,
    encoding: options.Encoding = None,
    sheet: options.Sheet = None,
    skip_bad: options.SkipBad = False,
    quiet: options.Quiet = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print figures.json instead of the tables.")
    ] = False,
) -> None:
    """Measure a model against texts that people have labelled.

    Precision, recall and F1 with 95 % intervals per category, language and source, polarity, calibration, and
    the surest errors.
    """
    from warum.gold import GoldOptions
    from warum.model_names import DEFAULT_MODEL
    from warum.own import EvaluateOptions
    from warum.own import evaluate as run
    from warum.own.terminal import print_evaluation
    from warum.store import write_file

    wanted = tuple(by or ("language", "source"))
    asked = GoldOptions(
        format_, text, category, polarity, id_, customer, language, question, source,
        by=tuple(name for name in wanted if name not in _KNOWN),
        encoding=encoding, sheet=sheet, skip_bad=skip_bad,
    )  # fmt: skip
    with steps(show=not (quiet or as_json)) as say:
        found = run(
            files, EvaluateOptions(model or DEFAULT_MODEL, taxonomy, wanted), asked, say=say
        )
    if out is not None:
        write_file(out / FIGURES_CSV, found.to_csv())
        write_file(out / FIGURES_JSON, found.to_json())
    if as_json:
        # JSON is UTF-8, whatever the terminal's encoding
        typer.echo(found.to_json().encode("utf-8"), nl=False)
    elif not quiet:
        print_evaluation(found, Terminal())
        if out is not None:
            typer.echo(f"Figures: {out / FIGURES_CSV}, {out / FIGURES_JSON}")
