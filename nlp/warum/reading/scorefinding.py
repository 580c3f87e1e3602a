"""Which columns hold scores, and which metric a score column wants."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from warum.errors import ColumnError, InputError
from warum.metrics import MetricName
from warum.reading.cells import Cells, Floats
from warum.reading.facts import Facts
from warum.reading.headers import words_of
from warum.reading.labels import read_label
from warum.reading.scores import DEFAULT_SCALES, Answers, read_answers

Claim = Literal["named", "hinted", "values"]

_NAMED: tuple[tuple[MetricName, re.Pattern[str]], ...] = (
    ("nps", re.compile(r"\bnps\b|promoter score|recommend|empfehl")),
    ("csat", re.compile(r"csat\b|\bsatisf|(?<!un)zufrieden")),
    ("ces", re.compile(r"\bces\b|effort|aufwand|\bmühe")),
)
_HINT = re.compile(
    r"score|rating|\bstars?\b|stern|bewertung|\bnote\b|gesamtnote|\bgrade\b|\bpunkte|urteil"
)
# Headers of numbers that are no scores, whatever else they say.
_NO_SCORE = re.compile(
    r"\b(ids?|nr|nummer|number|index|date|datum|year|jahr|month|monat|week|woche|day|tag|count|anzahl"
    r"|menge|quantity|group|gruppe|sentiment|label|cluster|age|alter|min|minutes?|minuten|hours?"
    r"|stunden|days|tage|sec|seconds|sekunden|price|preis|revenue|umsatz|weight|gewicht|version|zip"
    r"|plz|duration|dauer|progress|order|persons?|personen|helpful|thumbs|likes|votes|upvotes)\b"
)
_READABLE = 0.5  # of the answers under a header that says score; single rows may be faulty
_READABLE_ALONE = 0.9  # of the answers under any other header
_FEW = 10
_SHORT_HEADER = 3  # words; a longer one is a question and may hold any word


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column would be as a score.

    Attributes:
        column: Its header.
        metric: The metric.
        how: Its values in words: "integers 0-10".
        claim: What speaks for it: a header that names the metric, a hint, or the values alone.
    """

    column: str
    metric: MetricName
    how: str
    claim: Claim


@dataclass(frozen=True)
class _Shape:
    """The readable values of a sample: numbers of the cells, (m,), and what most cells are."""

    kind: Literal["numbers", "stars", "labels in words", "yes/no"]
    numbers: Floats
    readable: float

    def within(self, low: float, high: float) -> bool:
        """Whether nearly all values lie on a scale; stray ones are errors of single rows."""
        inside = (self.numbers >= low) & (self.numbers <= high)
        return bool(len(inside)) and float(inside.mean()) >= _READABLE

    def spans(self, low: float, high: float) -> bool:
        """Whether the values reach from the low to (nearly) the high end of a scale."""
        least, most = float(self.numbers.min()), float(self.numbers.max())
        return least == low and high - (high == 10) <= most <= high

    def said(self, metric: MetricName) -> str:
        """The values in words."""
        if self.kind in ("labels in words", "yes/no"):
            return self.kind
        low, high = DEFAULT_SCALES.get(metric, (-np.inf, np.inf))
        shown = self.numbers[(self.numbers >= low) & (self.numbers <= high)]
        if not len(shown):
            return self.kind
        whole = bool((shown == np.round(shown)).all())
        noun = "stars" if self.kind == "stars" else "integers" if whole else "numbers"
        return f"{noun} {shown.min():g}-{shown.max():g}"


def guess_metric(facts: Facts, missing: tuple[float, ...] = ()) -> Guess | None:
    """The metric that a column known to hold scores wants; None if it holds none that can be read.

    Args:
        facts: The column.
        missing: Codes that stand for "no score".
    """
    shape = _shape(facts, missing)
    if shape is None:
        return None
    named = named_metric(facts)
    metric = _metric(named, shape)
    claim: Claim = "values"
    if named and metric == named:
        claim = "named"
    elif named or _HINT.search(facts.words):
        claim = "hinted"
    return Guess(facts.header, metric, shape.said(metric), claim)


def named_metric(facts: Facts) -> MetricName | None:
    """The metric that the header or the question names, whatever the values are."""
    said = f"{facts.words} {words_of(facts.question)}"
    return next((metric for metric, pattern in _NAMED if pattern.search(said)), None)


def find_scores(
    candidates: Sequence[Facts], missing: tuple[float, ...] = (), known: str | None = None
) -> list[Guess]:
    """The score columns among the candidates, in column order; none if nothing looks like a score.

    Columns whose headers name different metrics (NPS, CSAT, CES) are all taken; of columns that
    merely hint at a score, or look like one by their values, there may be one.

    Args:
        candidates: The columns.
        missing: Codes that stand for "no score".
        known: A column that a recognised export's profile says is a score.

    Raises:
        ColumnError: If two columns have an equal claim.
    """
    guesses = [
        guess
        for facts in candidates
        if (guess := guess_metric(facts, missing))
        and (facts.header == known or _holds(facts, guess, missing))
    ]
    metrics = [g.metric for g in guesses if g.claim == "named" and g.column != known]
    sure = [
        g
        for g in guesses
        if g.column == known or (g.claim == "named" and metrics.count(g.metric) == 1)
    ]
    if sure and (known or len(sure) == len(metrics)):
        return sure
    claims: tuple[Claim, ...] = ("named", "hinted", "values")
    for claim in claims:
        equal = [g for g in guesses if g.claim == claim]
        if len(equal) > 1:
            raise _doubt(equal)
        if equal:
            return equal
    return []


def _doubt(equal: Sequence[Guess]) -> ColumnError:
    shown = ", ".join(f"{g.column!r} ({g.how})" for g in equal)
    return ColumnError(
        f"Several columns may hold the score: {shown}.",
        hint=f"Choose with --score {equal[0].column!r}, repeat the option to take more, or go on "
        "without scores with --score none.",
    )


def _shape(facts: Facts, missing: tuple[float, ...]) -> _Shape | None:
    cells = Cells.of(facts.sample)
    try:
        answers = read_answers(cells, facts.header)
    except InputError:
        return None
    counts = cells.counts()
    asked = np.array([cell not in answers.empty for cell in cells.distinct], dtype=bool)
    asked &= ~np.isin(answers.numbers, np.array(missing, dtype=np.float64))
    total = int(counts[asked].sum())
    if not total:
        return None
    kinds = np.array([_kind(cell, answers, i) for i, cell in enumerate(cells.distinct)])
    rows = {str(kind): int(counts[asked & (kinds == kind)].sum()) for kind in np.unique(kinds)}
    if "labels in words" in rows and "yes/no" in rows:  # "good" among other words is a label
        rows["labels in words"] += rows.pop("yes/no")
    rows.pop("", None)
    if not rows or sum(rows.values()) < _READABLE * total:
        return None
    kind = max(rows, key=lambda k: rows[k])
    values = np.where(np.isnan(answers.numbers), _stars(cells, answers), answers.numbers)
    numbers = np.repeat(values[asked], counts[asked])
    readable = sum(rows.values()) / total
    return _Shape(kind, numbers[~np.isnan(numbers)], readable)  # type: ignore[arg-type]


def _kind(cell: str, answers: Answers, i: int) -> str:
    if not np.isnan(answers.numbers[i]):
        return "numbers"
    if cell in answers.stars:
        return "stars" if answers.stars[cell].worded else "numbers"
    if cell in answers.binary:
        return "yes/no"
    return "labels in words" if cell in answers.labels else ""


def _stars(cells: Cells, answers: Answers) -> Floats:
    return np.array(
        [answers.stars[c].value if c in answers.stars else np.nan for c in cells.distinct],
        dtype=np.float64,
    )


def _metric(named: MetricName | None, shape: _Shape) -> MetricName:
    if shape.kind == "yes/no":
        return "rate"
    if shape.kind == "labels in words":
        return "ces" if named == "ces" else "csat"
    if named and shape.within(*DEFAULT_SCALES[named]):
        return named
    if named is None and shape.kind == "numbers" and _whole(shape) and shape.spans(0, 10):
        return "nps"
    return "mean"


def _whole(shape: _Shape) -> bool:
    return bool(len(shape.numbers)) and bool((shape.numbers == np.round(shape.numbers)).all())


def _holds(facts: Facts, guess: Guess, missing: tuple[float, ...]) -> bool:
    """Whether a guess is good enough to take the column without being told."""
    if len(facts.words.split()) <= _SHORT_HEADER and _NO_SCORE.search(facts.words):
        return False
    shape = _shape(facts, missing)
    if shape is None or shape.readable < (_READABLE_ALONE if guess.claim == "values" else 0):
        return False
    if facts.filled >= _FEW and len(facts.distinct) < 2:
        return False  # a column that says one thing only explains nothing: a tick box
    if guess.claim != "values":
        return True
    if facts.fill < 0.5 or shape.kind == "yes/no":
        return False
    if shape.kind == "labels in words":  # "positive, neutral, negative" may be anything
        labels = [label for cell in facts.distinct if (label := read_label(cell))]
        return len(set(labels)) > 2 and any(label.strength == 3 for label in labels)
    if shape.kind == "stars":
        return len(facts.distinct) > 1
    scales = ((0, 10), (1, 10), (1, 5), (1, 7))
    return (
        len(np.unique(shape.numbers)) > 2
        and _whole(shape)
        and any(shape.spans(low, high) for low, high in scales)
    )
