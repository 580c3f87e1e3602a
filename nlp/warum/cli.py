"""The command `warum`. Verbs equal the library's; further commands come by the entry points `warum.commands`."""

from __future__ import annotations

import errno
import functools
import io
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from importlib.metadata import entry_points
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

import typer
from rich.console import Console

from warum import options
from warum.commands import audit
from warum.commands.console import Terminal, let_go_of_output
from warum.commands.evaluation import evaluate
from warum.commands.option_groups import Columns, HowRead, grouped
from warum.commands.run_facts import run_facts
from warum.commands.training import train
from warum.commands.why import why
from warum.errors import OutputError, WarumError

if TYPE_CHECKING:
    from rich.progress import Progress

EXIT_INTERRUPTED = 130
_PATIENCE = 2.0  # seconds before a progress bar appears
EXIT_CODES = """Exit codes: 0 done · 1 unexpected failure · 2 options that cannot be meant · 3 input
that cannot be read · 4 column unknown or in doubt · 5 result cannot be written · 6 model or
taxonomy unusable · 130 interrupted."""

# Commands that live in an extra, with the line that installs it.
IN_EXTRAS = dict.fromkeys(("serve", "keys"), 'pip install "warum[api]"')

app = typer.Typer(
    name="warum",
    help="From a file of comments and scores to the reasons behind the score.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
taxonomy_app = typer.Typer(help="Show the categories in use.", no_args_is_help=True)
app.add_typer(taxonomy_app, name="taxonomy")
app.add_typer(audit.audit_app, name="audit")


class _InterruptedError(WarumError):
    """The user pressed Ctrl-C."""

    exit_code: ClassVar[int] = EXIT_INTERRUPTED


def _interruptible(command: Callable[..., None]) -> Callable[..., None]:
    """Say what is kept when the user presses Ctrl-C, wherever the command is."""

    @functools.wraps(command)
    def guarded(*arguments: Any, **options: Any) -> None:  # noqa: ANN401 - any command's
        out, pressed = options.get("out"), threading.Event()
        before = _run_id(out)
        with _noted(pressed):
            try:
                command(*arguments, **options)
            except (KeyboardInterrupt, Exception) as error:
                # Libraries in compiled code turn the interrupt into errors of their own.
                if not pressed.is_set() and not isinstance(error, KeyboardInterrupt):
                    raise
                kept = "Nothing was written; an earlier result in --out is unchanged."
                if _run_id(out) != before:
                    kept = f"The new result in {str(out)!r} is complete."
                raise _InterruptedError(f"interrupted. {kept}") from None

    return guarded


@contextmanager
def _noted(pressed: threading.Event) -> Iterator[None]:
    """Note Ctrl-C before it is raised as `KeyboardInterrupt`."""
    earlier = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(earlier):
        yield
        return

    def note(number: int, frame: FrameType | None) -> None:
        pressed.set()
        earlier(number, frame)

    signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, earlier)


def _run_id(out: Path | None) -> str | None:
    """The id of the run whose result lies in a folder; None if none does."""
    try:
        return str(json.loads((out / "run.json").read_text("utf-8"))["run_id"]) if out else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


@app.command(epilog=EXIT_CODES)
@_interruptible
@grouped
def analyze(
    files: options.Files,
    *,
    columns: Columns,
    since: options.Since = None,
    until: options.Until = None,
    how: HowRead,
    out: options.Out = Path("warum-result"),
    ui: options.Ui = "en",
    roll_up: options.RollUp = None,
    quiet: options.Quiet = False,
    as_json: options.AsJson = False,
) -> None:
    """Find the reasons behind a score in a file of comments.

    What is not given is detected and said. The result folder holds report.html, comments.parquet,
    opinions.parquet, drivers.csv, summary.json, rejected.jsonl and run.json.
    """
    from warum.analyzing import run_analysis
    from warum.settings import AnalyzeOptions
    from warum.store import check_writable

    read = columns.read_options(since=since, until=until)
    settings = AnalyzeOptions(**how.given())
    check_writable(out)
    silent = quiet or as_json
    started, begun = time.monotonic(), datetime.now(UTC)
    with _Bar(show=not silent) as bar:
        analysis = run_analysis(files, read, settings, progress=bar.update)
        analysis.save(out, ui=ui, run_facts=run_facts(files, begun, started))
    _say(analysis, out, ui, roll_up=roll_up, quiet=quiet, as_json=as_json)


@app.command()
def report(
    folder: Annotated[
        Path, typer.Argument(help="A result folder, or a file to analyse with defaults.")
    ],
    to: Annotated[
        Path | None, typer.Option(help="HTML file to write; default: into the folder.")
    ] = None,
    ui: Annotated[options.UiName, typer.Option(help="Language of the report.")] = "en",
    why: Annotated[
        bool, typer.Option("--why/--no-why", help="With the sections of `warum why`, or without.")
    ] = True,
) -> None:
    """Write the report of a result again, e.g. in the other language.

    It holds the answer of the last `warum why`; where nobody has asked yet, the answer to `warum why RESULT`.
    """
    from warum.explaining import analysed, explained
    from warum.question import Question
    from warum.reading.records import ReadOptions
    from warum.settings import AnalyzeOptions
    from warum.store import REPORT, is_result

    analysis = analysed([str(folder)], ReadOptions(), AnalyzeOptions(), Question())
    default = folder / REPORT if is_result(folder) else Path(REPORT)
    found = explained(analysis, folder) if why else None
    typer.echo(str(analysis.report(to or default, ui=ui, why=found)))


@app.command()
def example(
    folder: Annotated[Path, typer.Argument(help="Where to put the files.")] = Path("warum-example"),
) -> None:
    """Copy the bundled example (invented company, 800 comments) to a folder."""
    from warum.example import copy_example

    typer.echo(str(copy_example(folder)))


@taxonomy_app.command("show")
def taxonomy_show(
    name: Annotated[str, typer.Argument(help="Shipped taxonomy or YAML file.")] = "cx",
    as_table: Annotated[bool, typer.Option("--table", help="Codes and titles only.")] = False,
) -> None:
    """Print a taxonomy as YAML, to read or to start your own from."""
    from warum.taxonomy import load_taxonomy, shipped_text

    loaded = load_taxonomy(name)
    if as_table:
        for category in loaded.categories:
            typer.echo(
                f"{category.code}\t{loaded.title(category.code, 'en')}\t{loaded.title(category.code, 'de')}"
            )
        return
    typer.echo(shipped_text(name) if name == "cx" else Path(name).read_text("utf-8"), nl=False)


app.command(epilog=EXIT_CODES)(_interruptible(why))
app.command(epilog=EXIT_CODES)(_interruptible(train))
app.command(epilog=EXIT_CODES)(_interruptible(evaluate))
for _name, _command in audit.COMMANDS.items():
    audit.audit_app.command(_name, epilog=EXIT_CODES)(_interruptible(_command))


def _say(
    analysis: Any,  # noqa: ANN401 - warum.Analysis, imported late
    out: Path,
    ui: options.UiName,
    *,
    roll_up: options.RollUpLevel | None,
    quiet: bool,
    as_json: bool,
) -> None:
    if as_json:
        # JSON is UTF-8, whatever the terminal's encoding
        typer.echo(analysis.summary.to_json().encode("utf-8"), nl=False)
    elif not quiet:
        from warum.report.terminal import print_roll_up, print_summary

        console = Terminal()
        print_summary(analysis.summary, console, ui)
        if roll_up is not None:
            print_roll_up(analysis.summary, roll_up, console, ui)
        where = "Report" if ui == "en" else "Bericht"
        console.print(f"{where}: {out / 'report.html'}", highlight=False, soft_wrap=True)


class _Bar(AbstractContextManager["_Bar"]):
    """A progress bar with rate and time left, on anything that takes over two seconds."""

    def __init__(self, *, show: bool) -> None:
        self._bar = _progress() if show else None
        self._task = self._bar.add_task("files", total=None, rate="") if self._bar else None
        self._begun = time.monotonic()
        self._timer = threading.Timer(_PATIENCE, self._start)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._timer.start()
        return self

    def _start(self) -> None:
        if self._bar is not None:
            self._bar.start()

    def update(self, done: int, total: int) -> None:
        """Move the bar to `done` of `total` comments; behind the last one comes the estimation."""
        if self._bar is None or self._task is None:
            return
        if done == 0:
            self._begun = time.monotonic()
        rate = done / max(time.monotonic() - self._begun, 1e-9)
        doing = "comments" if done < total else "reasons"
        self._bar.update(
            self._task, description=doing, completed=done, total=total, rate=f"{rate:,.0f}/s"
        )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        if self._bar is not None and self._bar.live.is_started:
            self._bar.stop()


def _progress() -> Progress:
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip


def _add_plugins() -> None:
    """Register commands of other packages, and for missing extras a command that says what to install."""
    found = {entry.name: entry for entry in entry_points(group="warum.commands")}
    for name, line in IN_EXTRAS.items():
        if name not in found:
            app.command(name, help=f"Needs an extra: {line}")(_missing(name, line))
    for name, entry in sorted(found.items()):
        try:
            loaded = entry.load()
            if isinstance(loaded, typer.Typer):  # a group of commands
                app.add_typer(loaded, name=name)
            else:
                app.command(name)(loaded)
        except ImportError:
            line = IN_EXTRAS.get(name, f"pip install {entry.module}")
            app.command(name, help=f"Needs an extra: {line}")(_missing(name, line))


def _missing(name: str, line: str) -> Callable[[], None]:
    def command() -> None:
        raise WarumError(f"The command {name!r} is not installed.", hint=f"Install it with: {line}")

    return command


def main() -> None:
    """Run the command line and exit with its status."""
    # tokenisers and hubs must never phone home; set before anything imports them
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # signs that a terminal lacks become "?"
            stream.reconfigure(errors="replace")
    _add_plugins()
    error_console = Console(stderr=True, soft_wrap=True, highlight=False)
    try:
        app()
    except WarumError as error:
        error_console.print(f"warum: {error.message}", markup=False)
        if error.hint:
            error_console.print(f"  {error.hint}", markup=False)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        let_go_of_output()
        sys.exit(0)
    except OSError as error:
        error_console.print(f"warum: the system refused: {error}.", markup=False)
        if error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
            error_console.print("  Free some space; an earlier result is unchanged.", markup=False)
        sys.exit(OutputError.exit_code)
