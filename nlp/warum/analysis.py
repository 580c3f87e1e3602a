"""`warum.analyze`: from a file or table of comments and scores to an `Analysis`."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from warum import store
from warum.caveats import Ui
from warum.collecting import collect, comments_of, coverage, drivers_table, opinions_table
from warum.defaults import (
    DEFAULT_MODEL,
    StageOptions,
    default_stages,
    load_model,
    stages_of,
    worth_workers,
)
from warum.errors import InputError, UsageError
from warum.estimation import estimate
from warum.given_options import read_options
from warum.manner import manner_columns
from warum.pipeline import Stages, run
from warum.protecting import protect
from warum.reading import read_responses
from warum.reading.records import ReadOptions, RejectedRow, Responses, Score, Unmatched
from warum.reading.rejects import write_rejected
from warum.records import Comment, ReadComment
from warum.report.export import drivers_csv
from warum.report.html import render_html
from warum.report.notebook import notebook_html
from warum.report.quotes import choose_quotes
from warum.report.summary import Summary, summarise
from warum.result import Driver, Reading, Result, StoredScore
from warum.stages.language import main_language
from warum.table import Table, strings
from warum.taxonomy import Taxonomy, load_taxonomy, parse_taxonomy

if TYPE_CHECKING:
    import pandas

    from warum_models.protocol import Reader

Progress = Callable[[int, int], None]
DEFAULT_MIN_GROUP = 5
_Scored = TypeVar("_Scored", Score, StoredScore)


@dataclass(frozen=True, slots=True)
class AnalyzeOptions:
    """What decides how comments are read and groups are shown; columns are `ReadOptions`.

    Attributes:
        model: Name of the model; None for the one a result folder was made with, else the default.
        taxonomy: Name of a shipped taxonomy, or a YAML file; None likewise.
        min_group: Least number of people in a group that is shown, at least 1; None likewise.
        keep_pii: Whether e-mail addresses, phone, account and card numbers stay in the texts.
        satisfied_from: For CSAT: the least score that counts as satisfied; None for the top two.
        workers: Processes that read where there are enough comments; results do not depend on it.
    """

    model: str | None = None
    taxonomy: str | None = None
    min_group: int | None = None
    keep_pii: bool = False
    satisfied_from: float | None = None
    workers: int = 1

    def __post_init__(self) -> None:
        for option, value in (("--min-group", self.min_group), ("--workers", self.workers)):
            if value is not None and value < 1:
                raise UsageError(f"{option} is {value}, expected at least 1.")


@dataclass(frozen=True, slots=True)
class _Settings:
    """The options as they hold for a run, nothing open; `taxonomy_text` only where it is not shipped."""

    model: Reader
    taxonomy: Taxonomy
    taxonomy_text: str | None
    min_group: int
    keep_pii: bool
    workers: int


class Frames(NamedTuple):
    """The three tables of an analysis as pandas frames."""

    comments: pandas.DataFrame
    opinions: pandas.DataFrame
    drivers: pandas.DataFrame


class Analysis:
    """What an analysis found: tables, summary and report.

    Args:
        result: Tables and estimates.
        taxonomy: The taxonomy in use.
        reading: What a result folder keeps.
        rejected: Input rows that were not analysed.
        taxonomy_text: The taxonomy's YAML where it is not shipped; it travels with the result.
        unmatched: Keys of a join that found no partner; `run.json` lists them.
        folder: The result folder it was taken up from; None if it was made anew.
    """

    def __init__(
        self,
        result: Result,
        taxonomy: Taxonomy,
        reading: Reading,
        rejected: Sequence[RejectedRow] = (),
        *,
        taxonomy_text: str | None = None,
        unmatched: Unmatched | None = None,
        folder: Path | None = None,
    ) -> None:
        self.result = result
        self.taxonomy = taxonomy
        self.rejected = tuple(rejected)
        self.summary: Summary = summarise(result, taxonomy)
        self.folder = folder
        self._reading = reading
        self._taxonomy_text = taxonomy_text
        self._unmatched = unmatched

    @property
    def reading(self) -> Reading:
        """What was read, before any estimation."""
        return self._reading

    @property
    def comments(self) -> Table:
        """One row per comment; columns as in `comments.parquet`."""
        return self.result.comments

    @property
    def opinions(self) -> Table:
        """One row per opinion; columns as in `opinions.parquet`."""
        return self.result.opinions

    @property
    def drivers(self) -> Table:
        """One row per driver and score; columns as in `drivers.csv`."""
        return drivers_table([d for score in self.result.scores for d in score.drivers])

    def to_pandas(self) -> Frames:
        """Comments, opinions and drivers as pandas frames; needs pandas."""
        return Frames(
            self.comments.to_pandas(), self.opinions.to_pandas(), self.drivers.to_pandas()
        )

    def report(self, path: str | Path, *, ui: Ui = "en") -> Path:
        """Write the report as one HTML file and return its path.

        Raises:
            OutputError: If the file cannot be written.
        """
        target = Path(path)
        store.write_file(target, render_html(self.summary, ui))
        return target

    def save(
        self, out: str | Path, *, ui: Ui = "en", run_facts: dict[str, Any] | None = None
    ) -> Path:
        """Write the result folder, all of it or nothing, and return its path.

        Args:
            out: The folder; an earlier result in it is replaced.
            ui: Language of the report.
            run_facts: Times and the like for `run.json`.

        Raises:
            OutputError: If the folder holds something else or cannot be written.
        """
        folder = Path(out)
        facts: dict[str, Any] = {"warum": version("warum"), **(run_facts or {})}
        if self._unmatched is not None:
            facts["unmatched_keys"] = asdict(self._unmatched)

        def fill(target: Path) -> None:
            store.write_reading(target, self._reading, self._taxonomy_text)
            (target / store.DRIVERS).write_text(drivers_csv(self.result), "utf-8")
            (target / store.SUMMARY).write_text(self.summary.to_json(), "utf-8")
            (target / store.REPORT).write_text(render_html(self.summary, ui), "utf-8")
            write_rejected(target / store.REJECTED, self.rejected)
            store.write_json(target / store.RUN, facts)

        store.write_folder(folder, fill)
        return folder

    def __repr__(self) -> str:
        metrics = ", ".join(f"{s.scale.column}: {s.metric.value:.4g}" for s in self.result.scores)
        return f"Analysis({len(self.comments)} comments, {len(self.opinions)} opinions; {metrics or 'no score'})"

    def _repr_html_(self) -> str:
        return notebook_html(self.summary, "en")


def analyze(
    table: Any,  # noqa: ANN401 - a path, several paths, or any frame that narwhals knows
    *,
    text: str | Sequence[str] | None = None,
    score: str | Sequence[str] | None = None,
    model: str | None = None,
    taxonomy: str | Path | None = None,
    min_group: int | None = None,
    keep_pii: bool = False,
    satisfied_from: float | None = None,
    workers: int = 1,
    out: str | Path | None = None,
    ui: Ui = "en",
    progress: Progress | None = None,
    **columns: Any,  # noqa: ANN401 - the fields of ReadOptions, checked below
) -> Analysis:
    """Read comments, find their opinions and estimate what lies behind the scores.

    Args:
        table: A path, a list of paths, a result folder, or a pandas, polars or pyarrow table.
        text: Column or columns with comments; detected if not given.
        score: Column or columns with scores, each "COLUMN" or "COLUMN:metric" with a metric out of nps,
            csat, ces, mean, rate; detected if not given.
        model: Name of the model; default: "auto", or the one that a result folder was made with.
        taxonomy: "cx" (default) or a YAML file; of a result folder its own.
        min_group: Least number of people in a group that is shown; default: 5, of a result folder its own.
        keep_pii: Keep e-mail addresses, phone, account and card numbers in the texts.
        satisfied_from: For CSAT: least score that counts as satisfied.
        workers: Processes that read where there are thousands of comments; a script that asks for more than one
            has to be guarded by `if __name__ == "__main__":`. Results do not depend on it.
        out: Folder to write the result to; nothing is written if None.
        ui: Language of the report, "en" or "de".
        progress: Called with the number of comments done and their total.
        **columns: Further columns and reading options by the names of the command line: `metric`,
            `question`, `scale`, `lower_is_better`, `missing`, `number`, `weight`, `id`, `customer`, `date`,
            `date_format`, `by`, `stage`, `touchpoint`, `source`, `channel`, `language`, `join`, `on`,
            `join_agg`, `encoding`, `sheet`, `since`, `until`.

    Raises:
        WarumError: If something given cannot be meant, read or written; see its subclasses.

    Examples:
        >>> import warum
        >>> rows = {"comment": ["Great staff", "Waited too long"], "nps": ["10", "3"]}
        >>> len(warum.analyze(rows, text="comment", score="nps").comments)
        2
    """
    if ui not in ("en", "de"):
        raise UsageError(f"ui is {ui!r}, expected 'en' or 'de'.")
    named = None if taxonomy is None else str(taxonomy)
    options = AnalyzeOptions(model, named, min_group, keep_pii, satisfied_from, workers)
    read = read_options(text=text, score=score, **columns)
    analysis = run_analysis(sources_of(table), read, options, progress=progress)
    if out is not None:
        analysis.save(out, ui=ui)
    return analysis


def sources_of(table: Any) -> list[Any]:  # noqa: ANN401 - see analyze
    """One source, or several files, as a list."""
    several = isinstance(table, (list, tuple)) and all(isinstance(p, (str, Path)) for p in table)
    return list(table) if several else [table]


def run_analysis(
    sources: Sequence[Any],
    read: ReadOptions,
    options: AnalyzeOptions,
    *,
    progress: Progress | None = None,
) -> Analysis:
    """Analyse files or tables, or take up a result folder.

    A result folder is taken as it was read; its texts are read again only if the model's version or
    the taxonomy's hash differ. What the options leave open is then as it was when the result was made.
    """
    folder = result_folder(sources)
    if folder is not None and (read != ReadOptions() or options.keep_pii):
        raise UsageError(
            f"{str(folder)!r} is a result: its columns were settled when it was made, and so was "
            "what is blacked out in its texts.",
            hint="Analyse the original file to change them.",
        )
    settings = _settings(options, folder)
    unmatched: Unmatched | None = None
    if folder is not None:
        reading, rejected = _from_folder(folder, settings, progress)
        scores = _with_threshold(reading.columns.scores, options.satisfied_from)
        reading = replace(reading, columns=replace(reading.columns, scores=scores))
    else:
        responses = read_responses(sources, read)
        responses = replace(
            responses, scores=_with_threshold(responses.scores, options.satisfied_from)
        )
        if not settings.keep_pii:
            responses = protect(responses)
        reading = _read(responses, settings, progress)
        rejected, unmatched = responses.rejected, responses.unmatched
    result = with_quotes(estimate(reading))
    return Analysis(
        result,
        settings.taxonomy,
        reading,
        rejected,
        taxonomy_text=settings.taxonomy_text,
        unmatched=unmatched,
        folder=folder,
    )


def taken_up(folder: Path, *, min_group: int | None = None) -> Analysis:
    """A result folder as it was made; no text is read again and no model is needed.

    Args:
        folder: The result folder.
        min_group: Least number of people in a group that is shown; None for the result's own.

    Raises:
        InputError: If it holds no result that can be understood.
    """
    reading = store.read_reading(folder)
    taxonomy, text = _taxonomy(None, folder)
    facts = replace(reading.facts, min_group=min_group or reading.facts.min_group)
    reading = replace(reading, facts=facts)
    return Analysis(
        with_quotes(estimate(reading)), taxonomy, reading, _rejected_in(folder),
        taxonomy_text=text, folder=folder,
    )  # fmt: skip


def _settings(options: AnalyzeOptions, folder: Path | None) -> _Settings:
    """The options with what they leave open taken from a result folder, else from the defaults."""
    facts = None if folder is None else store.read_reading(folder).facts
    taxonomy, text = _taxonomy(options.taxonomy, folder)
    return _Settings(
        model=load_model(options.model or (facts.model_name if facts else DEFAULT_MODEL), taxonomy),
        taxonomy=taxonomy,
        taxonomy_text=text,
        min_group=options.min_group or (facts.min_group if facts else DEFAULT_MIN_GROUP),
        keep_pii=options.keep_pii,
        workers=options.workers,
    )


def _taxonomy(named: str | None, folder: Path | None) -> tuple[Taxonomy, str | None]:
    """The taxonomy, and its YAML where it is not shipped."""
    if named is not None and named != "cx":
        return load_taxonomy(named), Path(named).read_text("utf-8")
    text = store.read_taxonomy_text(folder) if folder and named is None else None
    if text is None:
        return load_taxonomy(), None
    return parse_taxonomy(text, origin=str(folder)), text


def result_folder(sources: Sequence[Any]) -> Path | None:
    """The result folder that is meant; None if files or tables are.

    Raises:
        UsageError: If a result stands among other sources.
    """
    paths = [Path(s) for s in sources if isinstance(s, (str, Path)) and str(s) != "-"]
    results = [path for path in paths if store.is_result(path)]
    if results and len(sources) > 1:
        raise UsageError(
            f"{str(results[0])!r} is a result; it cannot be analysed together with others.",
            hint="Analyse the original files together.",
        )
    return results[0] if results else None


def _with_threshold(
    columns: tuple[_Scored, ...], satisfied_from: float | None
) -> tuple[_Scored, ...]:
    if satisfied_from is None:
        return columns
    if not any(s.scale.metric == "csat" for s in columns):
        raise UsageError("--satisfied-from belongs to the metric csat, and no score column has it.")
    for s in columns:
        if s.scale.metric == "csat" and not s.scale.low <= satisfied_from <= s.scale.high:
            raise UsageError(
                f"--satisfied-from is {satisfied_from:g}, expected a value on the scale "
                f"{s.scale.low:g} to {s.scale.high:g} of {s.scale.column!r}."
            )
    return tuple(
        replace(s, scale=replace(s.scale, satisfied_from=float(satisfied_from)))
        if s.scale.metric == "csat"
        else s
        for s in columns
    )


def _read(responses: Responses, settings: _Settings, progress: Progress | None) -> Reading:
    model, taxonomy = settings.model, settings.taxonomy
    comments = list(comments_of(responses))
    read = _through_stages(comments, settings, progress)
    return collect(
        responses,
        read,
        model=(model.name, model.version),
        taxonomy=(taxonomy.name, taxonomy.hash),
        read_languages=model.languages,
        min_group=settings.min_group,
    )


def _through_stages(
    comments: Sequence[Comment], settings: _Settings, progress: Progress | None
) -> list[ReadComment]:
    main = main_language(c.text for c in comments if c.text)
    options, model = StageOptions(main, settings.keep_pii), settings.model
    stages: Stages = default_stages(model, settings.taxonomy, options)
    workers = settings.workers if len(comments) >= worth_workers(model.name) else 1
    if workers > 1:
        stages = partial(stages_of, model.name, settings.taxonomy, options)
    done = 0
    if progress is not None:
        progress(0, len(comments))

    def on_batch(count: int) -> None:
        nonlocal done
        done += count
        if progress is not None:
            progress(done, len(comments))

    return list(run(comments, stages, on_batch=on_batch, workers=workers, parallel_from=1))


def _from_folder(
    folder: Path, settings: _Settings, progress: Progress | None
) -> tuple[Reading, tuple[RejectedRow, ...]]:
    reading = store.read_reading(folder)
    rejected = _rejected_in(folder)
    facts, model, taxonomy = reading.facts, settings.model, settings.taxonomy
    same = (facts.model_name, facts.model_version, facts.taxonomy_hash) == (
        model.name, model.version, taxonomy.hash,
    )  # fmt: skip
    if not same:
        # The stored texts are blacked out already, or were meant to stay as they are.
        reading = _read_again(reading, replace(settings, keep_pii=True), progress)
    return replace(reading, facts=replace(reading.facts, min_group=settings.min_group)), rejected


def _rejected_in(folder: Path) -> tuple[RejectedRow, ...]:
    path = folder / store.REJECTED
    try:
        lines = path.read_text("utf-8").split("\n")  # a cell may hold other line ends
        return tuple(RejectedRow(**json.loads(line)) for line in lines if line)
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            f"{str(path)!r} cannot be read: {error}.", hint="Analyse the original file again."
        ) from None


def _read_again(reading: Reading, settings: _Settings, progress: Progress | None) -> Reading:
    """Read the stored texts with another model or taxonomy; all else stays."""
    model, taxonomy = settings.model, settings.taxonomy
    table = reading.comments
    comments = [
        Comment(
            row["comment_id"], row["text"], row["row"], row["question"], row["source"],
            row["channel"], row["language"], row["stage"], row["touchpoint"],
        )
        for row in table.rows()
    ]  # fmt: skip
    read = _through_stages(comments, settings, progress)
    columns = {name: table[name] for name in table.columns}
    columns["sentiment"] = np.array([c.sentiment for c in read], dtype=np.float64)
    columns["polarity"] = strings([c.polarity for c in read])
    columns |= manner_columns(read)
    with_opinion, general_only = coverage(read)
    facts = replace(
        reading.facts,
        with_opinion=with_opinion,
        general_only=general_only,
        model_name=model.name,
        model_version=model.version,
        taxonomy_name=taxonomy.name,
        taxonomy_hash=taxonomy.hash,
    )
    return replace(reading, comments=Table(columns), opinions=opinions_table(read), facts=facts)


def with_quotes(result: Result) -> Result:
    """Give every driver the id of its most typical comment."""
    pairs = {(d.category, d.polarity) for s in result.scores for d in s.drivers}
    chosen = choose_quotes(result.comments, result.opinions, sorted(pairs), most=1)

    def quoted(drivers: Sequence[Driver]) -> tuple[Driver, ...]:
        return tuple(
            replace(d, quote_id=next(iter(chosen.get((d.category, d.polarity), ())), ""))
            for d in drivers
        )

    return replace(
        result,
        scores=tuple(
            replace(
                s, drivers=quoted(s.drivers), drivers_with_general=quoted(s.drivers_with_general)
            )
            for s in result.scores
        ),
    )
