"""What all sections of the "why" need, built once from what was read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from warum.estimation import ResponseRows, control_levels
from warum.metrics import ScoreScale, contributions, estimate_metric
from warum.occasions import Occasions, Pair, form_occasions, mention_matrix, mentioned_pairs
from warum.reasons.controls import control_dummies
from warum.reasons.level import LevelFit, without_general
from warum.reasons.sample import Mentions
from warum.records import Estimate
from warum.result import Facts, Reading, StoredScore
from warum.table import Column
from warum.taxonomy import Taxonomy

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ScoreRows:
    """The m scoring occasions of one score column, n comments and o opinions.

    Attributes:
        reading: What was read (`reading.columns` says what is there).
        taxonomy: The taxonomy it was read with.
        responses: The responses, and the response of each comment and opinion.
        score: The score column.
        occasions: The occasions (`score`, `weight`, `cluster`, `first_row` in `responses.table`).
        y: Contribution of each occasion to the metric, (m,).
        pairs: Category-polarity pairs that are mentioned, without `general`, k of them.
        weights: (m,); None for equal ones: pass it on as it is.
        clusters: Customer of each occasion, (m,); None where each is its own: pass it on likewise.
        people: Person of each occasion, (m,), for counting groups.
        control_levels: Name to levels (str or None) of what effects are adjusted for: segments,
            language, question and time, each object (m,).
        controls: The same as dummies, bool (m, c).
        control_names: Their names, e.g. "branch=North".
        dates: Day of each occasion, datetime64[D] (m,), NaT where missing.
        comment_occasion: Occasion of each comment, int64 (n,); -1 where it has no score.
        opinion_occasion: Occasion of each opinion, int64 (o,); -1 likewise.
        fits: Linear models that sections have fitted, by confidence level (`answers.linear`).
    """

    reading: Reading
    taxonomy: Taxonomy
    responses: ResponseRows
    score: StoredScore
    occasions: Occasions
    y: Floats
    pairs: tuple[Pair, ...]
    weights: Floats | None
    clusters: Ints | None
    people: Ints
    control_levels: Mapping[str, Column]
    controls: npt.NDArray[np.bool_]
    control_names: tuple[str, ...]
    dates: npt.NDArray[np.datetime64]
    comment_occasion: Ints
    opinion_occasion: Ints
    fits: dict[float, LevelFit] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(
        cls, reading: Reading, taxonomy: Taxonomy, responses: ResponseRows, score: StoredScore
    ) -> ScoreRows:
        """Form the occasions of one score column."""
        columns, table = reading.columns, responses.table
        occasions = form_occasions(
            len(table),
            customer=table["customer"] if columns.has_customer else None,
            date_key=table["date_key"] if columns.has_date else None,
            score=table[score.stored],
            weight=table["weight"] if columns.has_weight else None,
        )
        levels = control_levels(reading, responses, occasions)
        controls, names = control_dummies(levels)
        if not levels:
            controls = np.zeros((len(occasions), 0), dtype=np.bool_)
        return cls(
            reading=reading,
            taxonomy=taxonomy,
            responses=responses,
            score=score,
            occasions=occasions,
            y=contributions(occasions.score, score.scale),
            pairs=without_general(
                mentioned_pairs(responses.categories.tolist(), responses.polarities.tolist())
            ),
            weights=occasions.weight if columns.has_weight else None,
            clusters=occasions.cluster if columns.has_customer else None,
            people=occasions.cluster,
            control_levels=levels,
            controls=controls,
            control_names=names,
            dates=table["date"][occasions.first_row],
            comment_occasion=occasions.index[responses.comment_row],
            opinion_occasion=occasions.index[responses.opinion_row],
        )

    def __len__(self) -> int:
        return len(self.occasions)

    @property
    def scale(self) -> ScoreScale:
        """How the score is read."""
        return self.score.scale

    @property
    def higher_is_better(self) -> bool:
        """Whether a higher metric is better; NPS and CSAT are turned before they are computed."""
        return self.scale.metric in ("nps", "csat") or not self.scale.lower_is_better

    @property
    def facts(self) -> Facts:
        """What was read, with what."""
        return self.reading.facts

    @property
    def min_group(self) -> int:
        """Groups of fewer people are not shown."""
        return self.facts.min_group

    @property
    def too_few(self) -> bool:
        """Whether all occasions together are of so few people that their metric is not shown."""
        return 0 < self.occasions.people < self.min_group

    def metric(self, level: float) -> Estimate:
        """The metric, NaN where too few people stand behind it.

        Args:
            level: Confidence level of its interval.
        """
        if self.too_few:
            return Estimate(math.nan, math.nan, math.nan, len(self), "none", level)
        return estimate_metric(
            self.occasions.score, self.scale,
            weights=self.weights, clusters=self.clusters, level=level,
        )  # fmt: skip

    @cached_property
    def mentions(self) -> Mentions:
        """Which occasion mentions which of `pairs`, bool (m, k)."""
        return self.mentions_of(self.pairs)

    def mentions_of(self, pairs: Sequence[Pair]) -> Mentions:
        """Which occasion mentions which of these pairs, bool (m, len(pairs))."""
        return mention_matrix(
            self.opinion_occasion, self.responses.categories, self.responses.polarities,
            pairs, len(self),
        )  # fmt: skip

    def column(self, name: str) -> npt.NDArray[Any]:
        """A stored column (`comments.parquet`) of each occasion's first response, (m,)."""
        return self.responses.table[name][self.occasions.first_row]

    @property
    def segments(self) -> Mapping[str, Column]:
        """Name to values (str or None) of the segment columns, object (m,) each."""
        return {name: self.column(name) for name in self.reading.columns.by}


@dataclass(frozen=True)
class WhyRows:
    """What was read, response by response, and the occasions of each score column.

    Attributes:
        reading: What was read.
        taxonomy: The taxonomy it was read with.
        responses: The responses, and the response of each comment and opinion.
        scores: One per score column, in their order.
    """

    reading: Reading
    taxonomy: Taxonomy
    responses: ResponseRows
    scores: tuple[ScoreRows, ...]

    @classmethod
    def of(cls, reading: Reading, taxonomy: Taxonomy) -> WhyRows:
        """Build them once."""
        responses = ResponseRows.of(reading)
        scores = tuple(
            ScoreRows.of(reading, taxonomy, responses, score) for score in reading.columns.scores
        )
        return cls(reading, taxonomy, responses, scores)
