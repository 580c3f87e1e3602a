"""The keywords of `warum.why`, and what is made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, TypedDict

from warum.answers.options import ModelKind
from warum.caveats import Ui
from warum.given_options import read_options
from warum.question import Question
from warum.reading.records import ReadOptions
from warum.settings import AnalyzeOptions

_SEVERAL = ("where", "what_if", "control")
_PATHS = ("audit", "weights", "alert_state")


class ReadKeywords(TypedDict, total=False):
    """How a file or table is read: the keywords that `warum.why` shares with `warum.analyze`.

    Attributes:
        model, taxonomy, min_group, keep_pii, satisfied_from, workers, text, score: See `analyze`.
        metric, question, scale, lower_is_better, missing, number, weight, id, customer, date: See
            `analyze`, like all further ones.
    """

    model: str | None
    taxonomy: str | Path | None
    min_group: int | None
    keep_pii: bool
    satisfied_from: float | None
    workers: int
    text: str | Sequence[str] | None
    score: str | Sequence[str] | None
    metric: str | None
    question: str | None
    scale: str | tuple[float, float] | None
    lower_is_better: bool
    missing: str | Sequence[float]
    number: str | Sequence[str]
    weight: str | None
    id: str | None
    customer: str | None
    date: str | None
    date_format: str | None
    by: str | Sequence[str]
    stage: str | None
    touchpoint: str | None
    source: str | None
    channel: str | None
    language: str | None
    join: Any
    on: str | None
    join_agg: str | None
    encoding: str | None
    sheet: str | None


class WhyKeywords(ReadKeywords, total=False):
    """What may be asked, by the names of the command line; those of `ReadKeywords` besides.

    Attributes:
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
        level: Confidence level of the intervals, by default 0.95.
        draws: Bootstrap draws, by default 1,000.
        seed: Seed of everything that is drawn, by default 0.
        since: First day, month, quarter or year that counts.
        until: Last one.
        ui: Language of the report, "en" or "de".
        control: Number columns that effects are adjusted for as well, one or several.
        alert_state: File from which the alerts go on, if it is there, and to which their state is
            written.
    """

    before: str | None
    after: str | None
    compare: str | None
    where: str | Sequence[str]
    segment: str | None
    by_polarity: bool
    level_model: ModelKind | None
    audit: str | Path | None
    what_if: str | Sequence[str]
    weights: str | Path | None
    value_per_point: float | None
    cost: float | None
    level: float
    draws: int
    seed: int
    since: str | None
    until: str | None
    ui: Ui
    control: str | Sequence[str]
    alert_state: str | Path | None


def taken_apart(keywords: Mapping[str, Any]) -> tuple[Question, AnalyzeOptions, ReadOptions]:
    """What is asked, how comments are read, and what the columns are.

    Raises:
        UsageError: If a value cannot be meant, or a keyword is unknown.
        InputError: If a file named is not there or cannot be used.
    """
    given = dict(keywords)
    asked = {one.name: given.pop(one.name) for one in fields(Question) if one.name in given}
    asked |= {name: _several(asked[name]) for name in _SEVERAL if name in asked}
    asked |= {name: Path(asked[name]) for name in _PATHS if asked.get(name) is not None}
    question = Question(**asked)
    names = {one.name for one in fields(AnalyzeOptions)}
    chosen = {"workers": 1} | {name: given.pop(name) for name in names & set(given)}
    if chosen.get("taxonomy") is not None:
        chosen["taxonomy"] = str(chosen["taxonomy"])
    return question, AnalyzeOptions(**chosen), read_options(**given)


def _several(values: str | Iterable[str]) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)
