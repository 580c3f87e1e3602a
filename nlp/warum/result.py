"""What an analysis gives, before anyone renders it."""

from __future__ import annotations

from dataclasses import dataclass

from warum.caveats import Caveat
from warum.metrics import ScoreScale
from warum.records import Estimate, Orientation, Polarity
from warum.table import Table
from warum.trade import TradeName


@dataclass(frozen=True, slots=True)
class Driver:
    """A category with a polarity, seen as a reason for the metric: one row of `drivers.csv`.

    Attributes:
        category: Code from the taxonomy.
        polarity: Polarity of the mentions counted.
        mentions: Scoring occasions that mention it so.
        share: Weighted share of scoring occasions that mention it so, 0..1.
        metric_among: The metric among those occasions.
        effect: Adjusted difference in the metric between occasions that mention it and those that do not.
        impact: Observed metric minus the model's metric with that mention absent everywhere.
        p_value: Two-sided, of `effect`; NaN where there is no interval.
        q_value: Benjamini-Hochberg over what is shown; NaN likewise.
        method: Short name of the method.
        caveats: Doubts about this row.
        quote_id: comment_id of a typical comment; "" if none.
        score: The score column.
    """

    category: str
    polarity: Polarity
    mentions: int
    share: float
    metric_among: float
    effect: Estimate
    impact: Estimate
    p_value: float
    q_value: float
    method: str
    caveats: tuple[Caveat, ...]
    quote_id: str
    score: str


@dataclass(frozen=True, slots=True)
class SegmentMetric:
    """The metric in one segment (`by` = `value`) or one period (`by` = "period")."""

    by: str
    value: str
    estimate: Estimate
    people: int


@dataclass(frozen=True)
class ScoreResult:
    """One score column: its metric, what moves it and how it runs.

    Attributes:
        scale: How the column was read.
        metric: The metric over all scoring occasions; `n` counts occasions.
        distribution: Pairs of score value and occasions, ascending.
        drivers: By descending |impact|; groups under the minimum size are left out.
        drivers_with_general: The same model with `general` in (sensitivity), same order rule.
        explained: R² of the default model, 0..1; NaN where there is none.
        suppressed: Category-polarity pairs left out for being too small.
        segments: The metric per segment.
        trend: The metric per period, ascending.
        caveats: Doubts about this block.
        manners: The metric among occasions with a comment of each emotion, intent and effort; `by` is the
            manner's column.
    """

    scale: ScoreScale
    metric: Estimate
    distribution: tuple[tuple[float, int], ...]
    drivers: tuple[Driver, ...]
    drivers_with_general: tuple[Driver, ...]
    explained: float
    suppressed: int
    segments: tuple[SegmentMetric, ...]
    trend: tuple[SegmentMetric, ...]
    caveats: tuple[Caveat, ...] = ()
    manners: tuple[SegmentMetric, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """What a column was taken for, and why; `column` is empty where the file had none and one was made."""

    role: str
    column: str
    how: str
    given: bool


@dataclass(frozen=True, slots=True)
class RejectedReason:
    """How many rows were rejected for one reason, with one message as an example."""

    code: str
    count: int
    example: str


@dataclass(frozen=True, slots=True)
class QuestionUse:
    """A question, what it asks for, and how many comments answer it."""

    question: str
    orientation: Orientation
    comments: int


@dataclass(frozen=True)
class Facts:
    """What was read, with what, and what is doubtful about it.

    `rows_in == rows_analysed + rows_rejected`, counted in input rows.
    """

    files: tuple[str, ...]
    rows_in: int
    rows_analysed: int
    rows_rejected: int
    rejected: tuple[RejectedReason, ...]
    comments: int
    non_answers: int
    with_opinion: int
    general_only: int
    customers: int | None
    languages: tuple[tuple[str, int], ...]
    columns: tuple[ColumnUse, ...]
    questions: tuple[QuestionUse, ...]
    notes: tuple[str, ...]
    caveats: tuple[Caveat, ...]
    model_name: str
    model_version: str
    taxonomy_name: str
    taxonomy_hash: str
    min_group: int
    invented: bool = False


def read_by(facts: Facts) -> str:
    """With which model and taxonomy, each with its version: "accurate 1a2b, cx 3c4d"."""
    return (
        f"{facts.model_name} {facts.model_version}, {facts.taxonomy_name} {facts.taxonomy_hash[:8]}"
    )


@dataclass(frozen=True, slots=True)
class StoredScore:
    """A score column and the name it has in `comments.parquet`."""

    scale: ScoreScale
    stored: str


@dataclass(frozen=True, slots=True)
class StoredTrade:
    """A number column that holds a metric of the trade.

    Attributes:
        name: The metric.
        column: Its header.
        stored: Its name in `comments.parquet`; one of `StoredColumns.numbers`.
        dates: Name there of the column with the day of the event; None where it is not dated.
    """

    name: TradeName
    column: str
    stored: str
    dates: str | None = None


@dataclass(frozen=True, slots=True)
class StoredColumns:
    """Which columns of `comments.parquet` hold what, besides the fixed ones.

    Attributes:
        scores: Score columns, in the order given.
        numbers: Number columns.
        by: Segment columns.
        has_customer, has_date, has_weight: Whether those fixed columns hold anything.
        trades: What some of the number columns measure.
        controls: Number columns that effects are adjusted for, in bands (`warum why --control`).
    """

    scores: tuple[StoredScore, ...] = ()
    numbers: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    has_customer: bool = False
    has_date: bool = False
    has_weight: bool = False
    trades: tuple[StoredTrade, ...] = ()
    controls: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """What reading the comments gave, before any estimation: all that a result folder needs to keep.

    Attributes:
        comments: `comments.parquet`.
        opinions: `opinions.parquet`.
        columns: Which stored column is what.
        facts: What was read, with what.
    """

    comments: Table
    opinions: Table
    columns: StoredColumns
    facts: Facts


@dataclass(frozen=True)
class Result:
    """Everything an analysis found.

    Attributes:
        comments: `comments.parquet`: one row per comment (a response without one keeps one row).
        opinions: `opinions.parquet`.
        scores: One block per score column, in the order given.
        facts: Counts, columns, caveats, versions.
    """

    comments: Table
    opinions: Table
    scores: tuple[ScoreResult, ...]
    facts: Facts
