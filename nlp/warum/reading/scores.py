"""A score column read on its scale: numbers, words, stars; what does not fit rejects its row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from warum.metrics import MetricName, ScoreScale
from warum.reading.cells import Cells, Floats, has_no_value
from warum.reading.labels import Label, Stars, answer_steps, label_positions, read_label, read_stars
from warum.reading.numbers import read_numbers, yes_no
from warum.reading.records import Score

DEFAULT_SCALES: Mapping[MetricName, tuple[float, float]] = {
    "nps": (0, 10),
    "csat": (1, 5),
    "ces": (1, 7),
    "rate": (0, 1),
}
# What a tool's thumbs say, for rates only.
_GOOD_BAD = {
    **dict.fromkeys(("good", "good with comment", "gut", "positive", "positiv", "👍"), 1.0),
    **dict.fromkeys(("bad", "bad with comment", "schlecht", "negative", "negativ", "👎"), 0.0),
}


@dataclass(frozen=True, slots=True)
class ScoreAsk:
    """How a score column shall be read.

    Attributes:
        column: Its header.
        metric: The metric.
        scale: Least and greatest value; None for the metric's own, for `mean` the observed one.
        lower_is_better: Whether small values are the good ones.
        missing: Codes that stand for "no score".
    """

    column: str
    metric: MetricName
    scale: tuple[float, float] | None = None
    lower_is_better: bool = False
    missing: tuple[float, ...] = ()


@dataclass(frozen=True)
class Answers:
    """What the distinct cells of a score column say, before there is a scale.

    Attributes:
        numbers: Per distinct cell, float64 (k,): its number, NaN where it is none.
        stars: Distinct cell to counted answer.
        labels: Distinct cell to answer in words.
        binary: Distinct cell to 1 (yes, good) or 0 (no, bad).
        empty: Distinct cells that say that there is no answer.
        notes: What had to be decided about decimal marks.
    """

    numbers: Floats
    stars: Mapping[str, Stars] = field(default_factory=dict)
    labels: Mapping[str, Label] = field(default_factory=dict)
    binary: Mapping[str, float] = field(default_factory=dict)
    empty: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()

    @property
    def only_binary(self) -> bool:
        """Whether all answers are yes or no, good or bad."""
        counted = self.stars or not np.isnan(self.numbers).all()
        return bool(self.binary) and not counted and set(self.labels) <= set(self.binary)


@dataclass(frozen=True)
class ScoreReading:
    """A score column as read.

    Attributes:
        score: Scale and values; NaN where missing or faulty.
        faults: Distinct cell to code (`score_not_a_number`, `score_out_of_range`) and message.
        notes: What was decided, for the user.
    """

    score: Score
    faults: Mapping[str, tuple[str, str]]
    notes: tuple[str, ...] = ()


def read_answers(cells: Cells, column: str) -> Answers:
    """Read what each distinct cell says.

    Raises:
        InputError: If the decimal mark of the column cannot be decided.
    """
    numbers = read_numbers(cells, column, words=False)
    worded = [c for c, v in zip(cells.distinct, numbers.values, strict=True) if np.isnan(v)]
    empty = frozenset(cell for cell in worded if has_no_value(cell))
    rest = [cell for cell in worded if cell not in empty]
    stars = {cell: star for cell in rest if (star := read_stars(cell))}
    labels = {cell: label for cell in rest if (label := read_label(cell))}
    binary = {cell: value for cell in rest if (value := _binary(cell)) is not None}
    return Answers(numbers.values, stars, labels, binary, empty, numbers.notes)


def _binary(cell: str) -> float | None:
    said = yes_no(cell)
    return _GOOD_BAD.get(cell.casefold()) if said is None else said


def read_score(cells: Cells, ask: ScoreAsk) -> ScoreReading:
    """Read a score column.

    Args:
        cells: The column.
        ask: Metric, scale and codes.

    Returns:
        Values of shape (n,) and the faulty cells, whose rows are to be rejected.

    Raises:
        InputError: If the decimal mark of the column cannot be decided.
    """
    answers = read_answers(cells, ask.column)
    plain = _counted(cells, answers)
    missing = np.isin(plain, np.array(ask.missing, dtype=np.float64))
    low, high = ask.scale or _scale(ask, answers, plain[~np.isnan(plain) & ~missing])
    scale = ScoreScale(ask.column, ask.metric, low, high, ask.lower_is_better, ask.missing)
    values = np.where(missing, np.nan, _with_words(cells, answers, plain, scale))
    faults = _faults(cells, answers, values, missing, scale)
    values[np.array([cell in faults for cell in cells.distinct], dtype=bool)] = np.nan
    return ScoreReading(
        Score(scale, cells.spread(values)), faults, (*answers.notes, *_label_note(answers, scale))
    )


def _counted(cells: Cells, answers: Answers) -> Floats:
    """Numbers and stars; NaN elsewhere; (k,)."""
    values = answers.numbers.copy()
    for i, cell in enumerate(cells.distinct):
        if cell in answers.stars:
            values[i] = answers.stars[cell].value
    return values


def _scale(ask: ScoreAsk, answers: Answers, known: Floats) -> tuple[float, float]:
    """The scale of a metric, for `mean` the observed one.

    Args:
        ask: The column.
        answers: What its cells say.
        known: The counted values that are no missing codes, float64 (m,).
    """
    if not len(known) and ask.metric in ("ces", "mean"):
        if answers.only_binary:
            return 0.0, 1.0
        if answers.labels:
            return 1.0, float(answer_steps(answers.labels.values()))
    if ask.metric in DEFAULT_SCALES:
        low, high = DEFAULT_SCALES[ask.metric]
        return float(low), float(high)
    if not len(known):
        return 0.0, 0.0
    if not answers.stars:
        return float(known.min()), float(known.max())
    tops = [star.out_of for star in answers.stars.values() if star.out_of is not None]
    worded = any(star.worded for star in answers.stars.values())
    top = max([*tops, float(known.max()), *([5.0] if worded else [])])
    return min(1.0, float(known.min())), top


def _with_words(cells: Cells, answers: Answers, plain: Floats, scale: ScoreScale) -> Floats:
    """Values with answers in words put on the scale; (k,)."""
    shares: Mapping[str, float] = {}
    if scale.metric == "rate" or answers.only_binary:
        shares = answers.binary
    elif scale.metric != "nps":
        positions = label_positions(answers.labels.values())
        shares = {cell: positions[label] for cell, label in answers.labels.items()}
    # In a rate "yes" is counted, whether it is good or not.
    turned = scale.lower_is_better and scale.metric != "rate"
    values = plain.copy()
    for i, cell in enumerate(cells.distinct):
        if np.isnan(values[i]) and cell in shares and scale.metric != "nps":
            share = 1 - shares[cell] if turned else shares[cell]
            values[i] = scale.low + share * (scale.high - scale.low)
    return values


def _faults(
    cells: Cells,
    answers: Answers,
    values: Floats,
    missing: npt.NDArray[np.bool_],
    scale: ScoreScale,
) -> dict[str, tuple[str, str]]:
    expected = f"expected {scale.low:g}..{scale.high:g}"
    outside = (values < scale.low) | (values > scale.high)
    suspects = np.flatnonzero((np.isnan(values) & ~missing) | outside).tolist()
    faults = {}
    for i in suspects:
        cell, value = cells.distinct[i], float(values[i])
        if cell in answers.empty:
            continue
        code = "score_not_a_number" if np.isnan(value) else "score_out_of_range"
        what = "is no number" if np.isnan(value) else "is out of range"
        faults[cell] = (code, f"Score {scale.column!r}: {_short(cell)} {what}, {expected}.")
    for cell, star in answers.stars.items():
        if (
            star.out_of is not None
            and star.out_of != scale.high
            and star.value not in scale.missing
        ):
            message = f"Score {scale.column!r}: {_short(cell)} is of another scale, {expected}."
            faults[cell] = ("score_out_of_range", message)
    return faults


def _label_note(answers: Answers, scale: ScoreScale) -> tuple[str, ...]:
    if not answers.labels or scale.metric in ("nps", "rate"):
        return ()
    return (
        f"Score {scale.column!r}: answers in words were put on the scale "
        f"{scale.low:g}-{scale.high:g}.",
    )


def _short(cell: str) -> str:
    return repr(cell if len(cell) <= 40 else cell[:39] + "…")
