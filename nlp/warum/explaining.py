"""`warum.why`: from comments and scores, or from a result, to the reasons behind the scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Unpack

from warum.analysis import Analysis, with_quotes
from warum.analyzing import result_folder, run_analysis, sources_of, taken_up
from warum.answers.controlling import controlled
from warum.answers.part_facts import facts_of_part
from warum.answers.rows import WhyRows
from warum.answers.why import Why, answer
from warum.caveats import Ui
from warum.comment_reading import Progress
from warum.errors import UsageError
from warum.estimation import estimate
from warum.question import Question, asked_about, checked, filters
from warum.reading.records import ReadOptions
from warum.report.why_notebook import WhyCard
from warum.settings import AnalyzeOptions
from warum.why_folder import save_alert_state, save_all, stored_why
from warum.why_keywords import WhyKeywords, taken_apart


def why(
    source: Any,  # noqa: ANN401 - a path, several paths, a frame that narwhals knows, or an Analysis
    /,
    *,
    out: str | Path | None = None,
    progress: Progress | None = None,
    **keywords: Unpack[WhyKeywords],
) -> Why:
    """Why is the score where it is, and why did it change?

    Args:
        source: A path, a list of paths, a result folder, a pandas, polars or pyarrow table, or what
            `warum.analyze` gave.
        out: Result folder to write to; nothing is written if None.
        progress: Called with the number of comments done and their total.
        **keywords: What is asked: `before` and `after`, `compare`, `where`, `since` and `until`,
            `segment`, `by_polarity`, `level_model`, `audit`, `what_if` with `value_per_point` and
            `cost`, `weights`, `control`, `alert_state`, `level`, `draws`, `seed`, `ui`
            (`warum.why_keywords.WhyKeywords` tells each); and the keywords of `warum.analyze`.

    Raises:
        WarumError: If something given cannot be meant, read or written; see its subclasses.

    Examples:
        >>> import warum
        >>> rows = {"comment": ["Great staff", "Waited too long"] * 30, "nps": ["10", "3"] * 30}
        >>> warum.why(rows, text="comment", score="nps").scores[0].metric.n
        60
    """
    question, options, read = taken_apart(keywords)
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


def restricted(analysis: Analysis, question: Question) -> Analysis:
    """The analysis of only those responses that a question is about: of all, the analysis itself.

    Args:
        analysis: What was read.
        question: Its `where`, `since` and `until` restrict.

    Raises:
        UsageError: If nothing is left, or a value does not occur.
        ColumnError: If there is no such column.
    """
    if not filters(question):
        return analysis
    part = asked_about(analysis.reading, question)
    part = replace(part, facts=facts_of_part(part))
    return Analysis(with_quotes(estimate(part)), analysis.taxonomy, part, folder=analysis.folder)


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
