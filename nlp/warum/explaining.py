"""`warum.why`: from comments and scores, or from a result, to the reasons behind the scores."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from warum.analysis import Analysis
from warum.analyzing import result_folder, run_analysis, sources_of, taken_up
from warum.answers.controlling import controlled
from warum.answers.options import ModelKind
from warum.answers.rows import WhyRows
from warum.answers.why import Why, answer
from warum.caveats import Ui
from warum.comment_reading import Progress
from warum.errors import UsageError
from warum.given_options import read_options
from warum.question import Question, asked_about, checked, filters
from warum.reading.records import ReadOptions
from warum.report.why_notebook import WhyCard
from warum.settings import AnalyzeOptions
from warum.why_folder import save_alert_state, save_all, stored_why


def why(
    source: Any,  # noqa: ANN401 - a path, several paths, a frame that narwhals knows, or an Analysis
    *,
    before: str | None = None,
    after: str | None = None,
    compare: str | None = None,
    where: str | Sequence[str] = (),
    segment: str | None = None,
    by_polarity: bool = False,
    level_model: ModelKind | None = None,
    audit: str | Path | None = None,
    what_if: str | Sequence[str] = (),
    weights: str | Path | None = None,
    value_per_point: float | None = None,
    cost: float | None = None,
    level: float = 0.95,
    draws: int = 1_000,
    seed: int = 0,
    since: str | None = None,
    until: str | None = None,
    model: str | None = None,
    taxonomy: str | Path | None = None,
    min_group: int | None = None,
    workers: int = 1,
    out: str | Path | None = None,
    ui: Ui = "en",
    control: str | Sequence[str] = (),
    alert_state: str | Path | None = None,
    progress: Progress | None = None,
    **columns: Any,  # noqa: ANN401 - the further options of analyze
) -> Why:
    """Why is the score where it is, and why did it change?

    Args:
        source: A path, a list of paths, a result folder, a pandas, polars or pyarrow table, or what
            `warum.analyze` gave.
        before: First period of a change: a day, month, quarter or year, or A..B.
        after: Second period.
        compare: Two groups, "COLUMN=A,B"; the difference is that of B from A.
        where: Only responses with "COLUMN=VALUE", one or several.
        segment: Column whose changed mix is split off first; "" for none. By default the one whose
            shares differ most surely.
        by_polarity: Parts of a change per category and polarity instead of per category.
        level_model: "linear", "ordered" or "multinomial"; default: what suits the score.
        audit: An audit file; shares and drivers are then corrected for the model's errors.
        what_if: Assumed changes, "CATEGORY=-33%" (of complaints) or "CATEGORY:positive=+10%".
        weights: YAML file with the weights of the happiness index.
        value_per_point: Worth of a point of the metric, for `what_if`.
        cost: Cost of what is assumed, in the same money.
        level: Confidence level of the intervals.
        draws: Bootstrap draws.
        seed: Seed of everything that is drawn.
        since: First day, month, quarter or year that counts.
        until: Last one.
        model: As for `analyze`, like `taxonomy`, `min_group`, `workers`, `ui`, `progress` and
            `columns`.
        taxonomy: See `model`.
        min_group: See `model`.
        workers: See `model`.
        out: Result folder to write to; nothing is written if None.
        ui: Language of the report.
        control: Number columns that effects are adjusted for as well, one or several.
        alert_state: File from which the alerts go on, if it is there, and to which their state is
            written.
        progress: See `model`.
        **columns: See `model`.

    Raises:
        WarumError: If something given cannot be meant, read or written; see its subclasses.

    Examples:
        >>> import warum
        >>> rows = {"comment": ["Great staff", "Waited too long"] * 30, "nps": ["10", "3"] * 30}
        >>> warum.why(rows, text="comment", score="nps").scores[0].metric.n
        60
    """
    question = Question(
        before=before, after=after, compare=compare, since=since, until=until,
        where=_several(where), segment=segment, by_polarity=by_polarity, level_model=level_model,
        audit=_path(audit), what_if=_several(what_if), weights=_path(weights),
        value_per_point=value_per_point, cost=cost, level=level, draws=draws, seed=seed, ui=ui,
        control=_several(control), alert_state=_path(alert_state),
    )  # fmt: skip
    named = None if taxonomy is None else str(taxonomy)
    options = AnalyzeOptions(
        model, named, min_group, columns.pop("keep_pii", False),
        columns.pop("satisfied_from", None), workers,
    )  # fmt: skip
    read = read_options(text=columns.pop("text", None), score=columns.pop("score", None), **columns)
    if isinstance(source, Analysis):
        _refuse_reading(read, options)
        analysis = source
    else:
        analysis = analysed(sources_of(source), read, options, question, progress=progress)
    found = explain(analysis, question)
    if out is not None:
        save_all(analysis, found, Path(out), question)
    else:
        save_alert_state(found, question)
    return found


def analysed(
    sources: Sequence[Any],
    read: ReadOptions,
    options: AnalyzeOptions,
    question: Question,
    *,
    progress: Progress | None = None,
) -> Analysis:
    """The analysis that is asked about: files are read, a result folder is taken up.

    `since` and `until` decide which rows of a file are read at all; in a result they only filter.
    """
    folder = result_folder(sources)
    if folder is None:
        read = replace(read, since=question.since, until=question.until)
    elif read == ReadOptions() and options == AnalyzeOptions(
        min_group=options.min_group, workers=options.workers
    ):
        return taken_up(folder, min_group=options.min_group)
    return run_analysis(sources, read, options, progress=progress)


def explain(analysis: Analysis, question: Question) -> Why:
    """Answer a question about an analysis.

    Raises:
        UsageError: If the data have no score, or what is asked does not fit them.
        ColumnError: If a column that is asked for is not there.
        InputError: If a file that the question names cannot be used.
    """
    reading = controlled(asked_about(analysis.reading, question), question.control)
    if not reading.columns.scores:
        raise UsageError(
            "There is no score: nothing can be explained.",
            hint="Name the score column with --score.",
        )
    rows = WhyRows.of(reading, analysis.taxonomy)
    found = answer(rows, checked(question, rows, analysis.taxonomy))
    return replace(found, filters=filters(question))


def explained(analysis: Analysis, folder: Path) -> Why | None:
    """The answer that a result folder holds, else the one to `warum why RESULT`; None without a score.

    Args:
        analysis: What was taken up.
        folder: The folder, or the file that was analysed.
    """
    if not analysis.result.scores:
        return None
    return stored_why(folder, analysis) or explain(analysis, Question())


def show(found: Why, analysis: Analysis, *only: str, ui: Ui = "en") -> WhyCard:
    """Sections of the "why" as a notebook shows them: sentences, pictures, tables to unfold.

    Args:
        found: What `warum.why` gave for the analysis.
        analysis: The analysis.
        *only: Keys of the sections wanted ("change", "level", "asymmetry", "alerts", "journey",
            "metrics", "what_if", "audit"); all if none is named.
        ui: Language, "en" or "de".

    Raises:
        UsageError: If there is no such section.
    """
    sections = analysis.sections(found, ui)
    keys = [section.key for section in sections]
    for key in only:
        if key not in keys:
            raise UsageError(f"There is no section {key!r}.", hint=f"There are {', '.join(keys)}.")
    return WhyCard([one for one in sections if not only or one.key in only], ui)


def _refuse_reading(read: ReadOptions, options: AnalyzeOptions) -> None:
    """An analysis is read already."""
    if read != ReadOptions() or options != AnalyzeOptions():
        raise UsageError(
            "An analysis has been read already: columns, model, taxonomy and groups are settled.",
            hint="Give them to warum.analyze.",
        )


def _several(values: str | Iterable[str]) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)


def _path(named: str | Path | None) -> Path | None:
    return None if named is None else Path(named)
