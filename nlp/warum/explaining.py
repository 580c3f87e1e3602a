"""`warum.why`: from comments and scores, or from a result, to the reasons behind the scores."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from warum import store
from warum.analysis import (
    Analysis,
    AnalyzeOptions,
    Progress,
    result_folder,
    run_analysis,
    sources_of,
    taken_up,
)
from warum.answers.asked import (
    check_file,
    check_period,
    check_segment,
    parse_groups,
    parse_periods,
    parse_what_if,
)
from warum.answers.controlling import controlled
from warum.answers.filtering import between, matching
from warum.answers.options import ModelKind, WhyOptions
from warum.answers.rows import WhyRows
from warum.answers.why import Why, answer
from warum.caveats import Ui
from warum.errors import UsageError
from warum.given_options import read_options
from warum.reading.records import ReadOptions
from warum.reasons.index_weights import read_weights
from warum.report.html import render_html
from warum.report.why_export import why_files
from warum.report.why_notebook import WhyCard
from warum.report.why_view import sections_of
from warum.result import Reading
from warum.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, in the forms of the command line; see `warum.why`."""

    before: str | None = None
    after: str | None = None
    compare: str | None = None
    since: str | None = None
    until: str | None = None
    where: Sequence[str] = ()
    segment: str | None = None
    by_polarity: bool = False
    level_model: ModelKind | None = None
    audit: Path | None = None
    what_if: Sequence[str] = ()
    weights: Path | None = None
    value_per_point: float | None = None
    cost: float | None = None
    level: float = 0.95
    draws: int = 1_000
    seed: int = 0
    ui: Ui = "en"
    control: Sequence[str] = ()

    def __post_init__(self) -> None:
        parse_periods(self.before, self.after)  # refused before hours of reading
        if not 0.5 <= self.level < 1:
            raise UsageError(f"--level is {self.level}, expected 0.5 to below 1, e.g. 0.95.")
        if self.draws < 200:
            raise UsageError(f"--draws is {self.draws}, expected at least 200.")
        if self.level_model not in (None, "linear", "ordered", "multinomial"):
            raise UsageError(
                f"--level-model is {self.level_model!r}, expected linear, ordered or multinomial."
            )
        for option, value in (("--value-per-point", self.value_per_point), ("--cost", self.cost)):
            if value is not None and not self.what_if:
                raise UsageError(
                    f"{option} belongs to --what-if.", hint="Add --what-if CATEGORY=-33%."
                )
        if self.cost is not None and not 0 <= self.cost < float("inf"):
            raise UsageError(f"--cost is {self.cost}, expected 0 or more.")
        check_file(self.audit, "--audit")
        check_file(self.weights, "--weights")
        if self.weights is not None:
            read_weights(self.weights)


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
        audit=None if audit is None else Path(audit), what_if=_several(what_if),
        weights=None if weights is None else Path(weights), value_per_point=value_per_point,
        cost=cost, level=level, draws=draws, seed=seed, ui=ui, control=_several(control),
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
        save_all(analysis, found, Path(out), ui)
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


def asked_about(reading: Reading, question: Question) -> Reading:
    """The part of a reading that a question is about."""
    return matching(between(reading, question.since, question.until), question.where)


def filters(question: Question) -> tuple[str, ...]:
    """What restricts the responses that are asked about, in short."""
    bounds = (("since", question.since), ("until", question.until))
    return (*question.where, *(f"{name} {bound}" for name, bound in bounds if bound))


def checked(question: Question, rows: WhyRows, taxonomy: Taxonomy) -> WhyOptions:
    """The question as options, checked against the data.

    Raises:
        UsageError: If a period holds no data, or a value or category does not occur.
        ColumnError: If a column is not there.
    """
    before, after = parse_periods(question.before, question.after)
    if before is not None and after is not None:
        check_period(before, "--before", rows)
        check_period(after, "--after", rows)
    return WhyOptions(
        before=before,
        after=after,
        groups=None if question.compare is None else parse_groups(question.compare, rows),
        segment=check_segment(question.segment, rows),
        by_polarity=question.by_polarity,
        model=question.level_model,
        audit=question.audit,
        what_if=parse_what_if(question.what_if, taxonomy),
        weights=question.weights,
        value_per_point=question.value_per_point,
        cost=question.cost,
        level=question.level,
        draws=question.draws,
        seed=question.seed,
        ui=question.ui,
    )


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
    sections = sections_of(found, analysis.reading, analysis.taxonomy, ui)
    keys = [section.key for section in sections]
    for key in only:
        if key not in keys:
            raise UsageError(f"There is no section {key!r}.", hint=f"There are {', '.join(keys)}.")
    return WhyCard([one for one in sections if not only or one.key in only], ui)


def save_all(
    analysis: Analysis,
    found: Why,
    folder: Path,
    ui: Ui,
    run_facts: dict[str, Any] | None = None,
) -> Path:
    """Write the result folder if it is another than the one taken up, and the "why" into it.

    The report is written anew with the sections of the "why".

    Returns:
        The folder with `why.json` and its tables.
    """
    if analysis.folder is None or analysis.folder.resolve() != folder.resolve():
        analysis.save(folder, ui=ui, run_facts=run_facts)
    written = store.write_why(folder, why_files(found))
    shown = sections_of(found, analysis.reading, analysis.taxonomy, ui, drivers_pictured=False)
    store.write_file(folder / store.REPORT, render_html(analysis.summary, ui, shown))
    return written


def _refuse_reading(read: ReadOptions, options: AnalyzeOptions) -> None:
    """An analysis is read already."""
    if read != ReadOptions() or options != AnalyzeOptions():
        raise UsageError(
            "An analysis has been read already: columns, model, taxonomy and groups are settled.",
            hint="Give them to warum.analyze.",
        )


def _several(values: str | Iterable[str]) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)
