"""The command `warum why`."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from warum import options
from warum.commands.console import Terminal, steps
from warum.commands.option_groups import Columns, HowRead, grouped
from warum.commands.run_facts import run_facts
from warum.commands.why_options import AsJson, Asked, Out

if TYPE_CHECKING:
    from warum.analysis import Analysis
    from warum.answers.why import Why

DEFAULT_OUT = Path("warum-result")


@grouped
def why(
    files: options.Files,
    *,
    asked: Asked,
    columns: Columns,
    read: HowRead,
    out: Out = None,
    ui: options.Ui = "en",
    quiet: options.Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Find out why a score is where it is, why it moved, and what would move it.

    Takes the files that `analyze` takes, or its result folder. The folder `why` in the result folder then
    holds why.json and its tables as CSV.
    """
    from warum.explaining import analysed, explain
    from warum.question import Question
    from warum.report.why_export import why_json
    from warum.settings import AnalyzeOptions
    from warum.store import check_writable, is_result
    from warum.why_folder import save_all

    question = Question(**asked.given(), ui=ui)
    settings = AnalyzeOptions(**read.given())
    if out is not None or not is_result(Path(files[0])):
        check_writable(out or DEFAULT_OUT)
    started, begun = time.monotonic(), datetime.now(UTC)
    with steps(show=not (quiet or as_json)) as say:
        say("reading the comments" if ui == "en" else "liest die Kommentare")
        analysis = analysed(files, columns.read_options(), settings, question)
        say("looking for the reasons" if ui == "en" else "sucht die Gründe")
        found = explain(analysis, question)
        folder = out or analysis.folder or DEFAULT_OUT
        save_all(analysis, found, folder, question, run_facts(files, begun, started))
    if as_json:
        # JSON is UTF-8, whatever the terminal's encoding
        typer.echo(why_json(found).encode("utf-8"), nl=False)
    elif not quiet:
        _tell(analysis, found, folder, ui)


def _tell(analysis: Analysis, found: Why, folder: Path, ui: options.UiName) -> None:
    """Print the answer and where it lies."""
    from warum.report.terminal import print_reading
    from warum.report.why_terminal import print_why
    from warum.store import REPORT, WHY

    console = Terminal()
    print_why(analysis.sections(found, ui), console, ui)
    print_reading(analysis.summary, console, ui)
    for label, path in (
        ("Reasons" if ui == "en" else "Gründe", folder / WHY),
        ("Report" if ui == "en" else "Bericht", folder / REPORT),
    ):
        console.print(f"{label}: {path}", highlight=False, soft_wrap=True)
