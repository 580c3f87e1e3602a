"""How often each emotion, intent and effort is shown, with groups of too few people left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from warum.caveats import Ui
from warum.manner import MANNERS, UNTOLD
from warum.metrics import ScoreScale, estimate_metric
from warum.reasons.segments import safe_groups
from warum.records import Estimate
from warum.report.counts import persons
from warum.report.quotes import Quote, choose_by_confidence, whole_quotes
from warum.report.words import say_or
from warum.result import Result, ScoreResult

QUOTED: Mapping[str, tuple[str, ...]] = {"intent": ("churn_risk", "bug_report")}
"""Values that somebody should look after: their comments are quoted."""

_QUOTES = 3


@dataclass(frozen=True, slots=True)
class MannerRow:
    """One value of a manner.

    Attributes:
        code: The value: "anger", "churn_risk", "high" and so on.
        title: Title per language.
        comments: Comments that show it.
        share: Their share of the comments of which the model tells the manner, 0..1; `n` counts those.
        metrics: Per score, in order, the metric among the occasions with such a comment; None where hidden.
        quotes: Comments that show it, the surest first; empty for values that are not quoted.
    """

    code: str
    title: Mapping[Ui, str]
    comments: int
    share: Estimate
    metrics: tuple[Estimate | None, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Manner:
    """How the comments are said, in one respect.

    Attributes:
        manner: "emotion", "intent" or "effort".
        title: Title per language.
        told: Comments of which the model tells it.
        rows: Values by descending number of comments, those that say nothing last.
        hidden: Values left out because too few people show them, or because these could be calculated.
    """

    manner: str
    title: Mapping[Ui, str]
    told: int
    rows: tuple[MannerRow, ...]
    hidden: int


def manners(result: Result) -> tuple[Manner, ...]:
    """Count emotion, intent and effort of the comments.

    Values that fewer than `result.facts.min_group` people show are left out, and with them the next
    smallest if they could be calculated from the rest.

    Args:
        result: What the analysis found.

    Returns:
        The manners of which the model tells and of which a value is shown; empty for a model that tells none.
    """
    found = [_manner(result, name) for name in MANNERS if name in result.comments]
    return tuple(manner for manner in found if manner.rows)


def _manner(result: Result, name: str) -> Manner:
    values = result.comments[name]
    people = persons(result.comments)
    told = np.flatnonzero([value is not None for value in values.tolist()])
    groups = {str(value): np.flatnonzero(values == value) for value in set(values[told].tolist())}
    kept = _kept(people, told, groups, result.facts.min_group)
    rows = [
        _row(result, name, value, groups[value], _share(people, told, groups[value]))
        for value in kept
    ]
    rows.sort(key=lambda row: (row.code in UNTOLD, -row.comments, row.code))
    return Manner(
        manner=name,
        title=_title(f"manner_{name}", name),
        told=len(told),
        rows=_quoted(result, name, rows),
        hidden=len(groups) - len(rows),
    )


def _kept(
    people: npt.NDArray[np.int64],
    told: npt.NDArray[np.int64],
    groups: Mapping[str, npt.NDArray[np.int64]],
    min_group: int,
) -> list[str]:
    large = {value: at for value, at in groups.items() if len(np.unique(people[at])) >= min_group}
    if len(large) == len(groups):
        return list(groups)
    return safe_groups(people, told, large, min_group)


def _share(
    people: npt.NDArray[np.int64], told: npt.NDArray[np.int64], group: npt.NDArray[np.int64]
) -> Estimate:
    """The share of a group with the interval of a rate, clustered by person; 0..1."""
    held = np.isin(told, group).astype(np.float64)
    percent = estimate_metric(held, ScoreScale("share", "rate", 0, 1), clusters=people[told])
    return replace(
        percent,
        value=percent.value / 100,
        low=percent.low / 100,
        high=percent.high / 100,
    )


def _row(
    result: Result, name: str, value: str, group: npt.NDArray[np.int64], share: Estimate
) -> MannerRow:
    least = result.facts.min_group
    return MannerRow(
        code=value,
        title=_title(f"{name}_{value}", value),
        comments=len(group),
        share=share,
        metrics=tuple(_among(score, name, value, least) for score in result.scores),
        quotes=(),
    )


def _among(score: ScoreResult, name: str, value: str, min_group: int) -> Estimate | None:
    return next(
        (
            found.estimate
            for found in score.manners
            if (found.by, found.value) == (name, value) and found.people >= min_group
        ),
        None,
    )


def _title(key: str, code: str) -> dict[Ui, str]:
    return {"en": say_or(key, "en", code), "de": say_or(key, "de", code)}


def _quoted(result: Result, name: str, rows: Sequence[MannerRow]) -> tuple[MannerRow, ...]:
    """The rows, those that are shown and quoted with their quotes."""
    comments = result.comments
    sure: dict[str, dict[str, float]] = {
        row.code: {} for row in rows if row.code in QUOTED.get(name, ())
    }
    if not sure:
        return tuple(rows)
    columns = (comments[column].tolist() for column in ("comment_id", name, f"{name}_probability"))
    for comment, value, probability in zip(*columns, strict=True):
        if value in sure:
            sure[value][comment] = probability
    chosen = choose_by_confidence(comments, result.opinions, sure, _QUOTES)
    return tuple(
        replace(row, quotes=whole_quotes(comments, chosen.get(row.code, ()))) for row in rows
    )
