"""`warum.analyze`: from a file or table of comments and scores to an `Analysis`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from warum import store
from warum.analysis import Analysis, with_quotes
from warum.caveats import Ui
from warum.comment_reading import (
    InParts,
    Progress,
    from_folder,
    read_comments,
    rejected_in,
    with_threshold,
)
from warum.errors import UsageError
from warum.estimation import estimate
from warum.given_options import read_options
from warum.protecting import protect
from warum.reading import read_responses
from warum.reading.records import ReadOptions, RejectedRow, Unmatched
from warum.result import Reading
from warum.settings import AnalyzeOptions, settings_of, taxonomy_of


def analyze(
    table: Any,  # noqa: ANN401 - a path, several paths, or any frame that narwhals knows
    *,
    text: str | Sequence[str] | None = None, score: str | Sequence[str] | None = None,
    model: str | None = None, taxonomy: str | Path | None = None, min_group: int | None = None,
    keep_pii: bool = False, satisfied_from: float | None = None, workers: int = 1,
    out: str | Path | None = None, ui: Ui = "en", progress: Progress | None = None,
    **columns: Any,  # noqa: ANN401 - the fields of ReadOptions, checked below
) -> Analysis:  # fmt: skip
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
        workers: Processes that read where there are thousands of comments; a script that asks for more than
            one has to be guarded by `if __name__ == "__main__":`. Results do not depend on it.
        out: Folder to write the result to; nothing is written if None.
        ui: Language of the report, "en" or "de".
        progress: Called with the number of comments done and their total.
        **columns: Further columns and reading options by the names of the command line, the fields of
            `warum.reading.records.ReadOptions`: `customer`, `date`, `by`, `scale`, `since`, `join` …

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


def run_analysis(
    sources: Sequence[Any],
    read: ReadOptions,
    options: AnalyzeOptions,
    *,
    progress: Progress | None = None,
    in_parts: InParts | None = None,
    left_out: Sequence[RejectedRow] = (),
) -> Analysis:
    """Analyse files or tables, or take up a result folder.

    A result folder is taken as it was read; its texts are read again only if the model's version or
    the taxonomy's hash differ. What the options leave open is then as it was when the result was made.
    `left_out` are rows that could not be read when the sources were made of other files: they count as rejected.
    """
    folder = result_folder(sources)
    if folder is not None and (read != ReadOptions() or options.keep_pii):
        raise UsageError(
            f"{str(folder)!r} is a result: its columns were settled when it was made, and so was "
            "what is blacked out in its texts.",
            hint="Analyse the original file to change them.",
        )
    settings = settings_of(options, folder)
    unmatched: Unmatched | None = None
    if folder is not None:
        reading, rejected = from_folder(folder, settings, progress)
        scores = with_threshold(reading.columns.scores, options.satisfied_from)
        reading = replace(reading, columns=replace(reading.columns, scores=scores))
    else:
        responses = read_responses(sources, read)
        responses = replace(
            responses,
            scores=with_threshold(responses.scores, options.satisfied_from),
            rejected=(*left_out, *responses.rejected),
            rows_in=responses.rows_in + len(left_out),
        )
        if not settings.keep_pii:
            responses = protect(responses)
        reading = read_comments(responses, settings, progress, in_parts)
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


def taken_up(
    folder: Path,
    *,
    min_group: int | None = None,
    change: Callable[[Reading], Reading] | None = None,
) -> Analysis:
    """A result folder as it was made; no text is read again and no model is needed.

    Args:
        folder: The result folder.
        min_group: Least number of people in a group that is shown; None for the result's own.
        change: What is changed of it before anything is estimated, such as opinions that people corrected.

    Raises:
        InputError: If it holds no result that can be understood.
    """
    reading = store.read_reading(folder)
    reading = reading if change is None else change(reading)
    taxonomy, text = taxonomy_of(None, folder)
    facts = replace(reading.facts, min_group=min_group or reading.facts.min_group)
    reading = replace(reading, facts=facts)
    return Analysis(
        with_quotes(estimate(reading)), taxonomy, reading, rejected_in(folder),
        taxonomy_text=text, folder=folder,
    )  # fmt: skip
