"""The command `warum why`."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import typer

from warum import options
from warum.commands import why_options as own
from warum.commands.console import Terminal, cores, steps
from warum.commands.run_facts import run_facts

DEFAULT_OUT = Path("warum-result")


def why(
    files: options.Files,
    before: own.Before = None,
    after: own.After = None,
    compare: own.Compare = None,
    since: options.Since = None,
    until: options.Until = None,
    where: own.Where = None,
    segment: own.SplitOff = None,
    by_polarity: own.ByPolarity = False,
    level_model: own.LevelModelName = None,
    audit: own.Audit = None,
    what_if: own.WhatIf = None,
    control: own.Control = None,
    weights: own.Weights = None,
    value_per_point: own.ValuePerPoint = None,
    cost: own.Cost = None,
    level: own.Confidence = 0.95,
    draws: own.Draws = 1_000,
    seed: own.Seed = 0,
    text: options.Text = None,
    question: options.Question = None,
    score: options.Score = None,
    metric: options.Metric = None,
    scale: options.Scale = None,
    lower_is_better: options.LowerIsBetter = False,
    satisfied_from: options.SatisfiedFrom = None,
    missing: options.Missing = None,
    number: options.Number = None,
    weight: options.Weight = None,
    id_: options.Id = None,
    customer: options.Customer = None,
    date: options.Date = None,
    date_format: options.DateFormat = None,
    by: options.By = None,
    stage: options.Stage = None,
    touchpoint: options.Touchpoint = None,
    source: options.Source = None,
    channel: options.Channel = None,
    language: options.Language = None,
    join: options.Join = None,
    on: options.On = None,
    join_agg: options.JoinAgg = None,
    encoding: options.Encoding = None,
    sheet: options.Sheet = None,
    taxonomy: options.Taxonomy = None,
    model: options.Model = None,
    min_group: options.MinGroup = None,
    keep_pii: options.KeepPii = False,
    workers: options.Workers = None,
    out: own.Out = None,
    ui: options.Ui = "en",
    quiet: options.Quiet = False,
    as_json: own.AsJson = False,
) -> None:
    """Find out why a score is where it is, why it moved, and what would move it.

    Takes the files that `analyze` takes, or its result folder. The folder `why` in the result folder then
    holds why.json and its tables as CSV.
    """
    from warum.analysis import AnalyzeOptions
    from warum.explaining import Question, analysed, explain, save_all
    from warum.given_options import read_options
    from warum.report.why_export import why_json
    from warum.report.why_terminal import print_why
    from warum.report.why_view import sections_of
    from warum.store import REPORT, check_writable, is_result

    given = {name: value for name, value in locals().items() if name in _READING and value}
    given["id"] = id_
    given |= {"scale": scale, "missing": missing or ()}
    asked = Question(
        before=before, after=after, compare=compare, since=since, until=until, where=where or (),
        segment=segment, by_polarity=by_polarity, level_model=level_model, audit=audit,
        what_if=what_if or (), weights=weights, value_per_point=value_per_point, cost=cost,
        level=level, draws=draws, seed=seed, ui=ui, control=control or (),
    )  # fmt: skip
    settings = AnalyzeOptions(
        model,
        taxonomy,
        min_group,
        keep_pii,
        satisfied_from,
        cores() if workers is None else workers,
    )
    if out is not None or not is_result(Path(files[0])):
        check_writable(out or DEFAULT_OUT)
    started, begun = time.monotonic(), datetime.now(UTC)
    with steps(show=not (quiet or as_json)) as say:
        say("reading the comments" if ui == "en" else "liest die Kommentare")
        analysis = analysed(files, read_options(text=text, score=score, **given), settings, asked)
        say("looking for the reasons" if ui == "en" else "sucht die Gründe")
        found = explain(analysis, asked)
        folder = out or analysis.folder or DEFAULT_OUT
        written = save_all(analysis, found, folder, ui, run_facts(files, begun, started))
    if as_json:
        # JSON is UTF-8, whatever the terminal's encoding
        typer.echo(why_json(found).encode("utf-8"), nl=False)
    elif not quiet:
        console = Terminal()
        shown = sections_of(found, analysis.reading, analysis.taxonomy, ui)
        print_why(shown, console, ui)
        label = "Reasons" if ui == "en" else "Gründe"
        console.print(f"{label}: {written}", highlight=False, soft_wrap=True)
        label = "Report" if ui == "en" else "Bericht"
        console.print(f"{label}: {folder / REPORT}", highlight=False, soft_wrap=True)


_READING = (
    "question", "metric", "lower_is_better", "number", "weight", "customer", "date", "date_format",
    "by", "stage", "touchpoint", "source", "channel", "language", "join", "on", "join_agg",
    "encoding", "sheet",
)  # fmt: skip
