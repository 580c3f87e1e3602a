"""What is left of a metric when no mention is counted, with its interval.

It is the metric of an occasion that mentions nothing, at the average of what is adjusted for: the
observed metric minus all impacts. Its variance comes from influences, as those of the drivers do.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from warum.reasons.collinearity import identify
from warum.reasons.cross_products import cross_products
from warum.reasons.design import Clusters, Design, Floats, cluster_sums
from warum.reasons.sample import Mentions
from warum.records import Estimate


def unexplained_level(
    y: Floats,
    mentions: Mentions,
    controls: npt.NDArray[Any],
    *,
    weights: Floats | None = None,
    clusters: npt.NDArray[Any] | None = None,
    level: float = 0.95,
) -> Estimate:
    """The metric with no mention anywhere, controls as they are.

    Pairs whose effect the data do not determine count as unexplained, as in `LevelFit.rest`.

    Args:
        y: Contributions to the metric, (m,), finite.
        mentions: Which occasion mentions which modelled pair, bool (m, k).
        controls: What the model adjusts for, (m, c).
        weights: Positive weights, (m,).
        clusters: Customer of each occasion, (m,); None where each is its own.
        level: Confidence level.
    """
    weights = np.ones(len(y)) if weights is None else weights
    model = _Model.of(Design((mentions, controls, y[:, None])), y, weights, mentions.shape[1])
    groups = Clusters.of(np.arange(len(y)) if clusters is None else clusters)
    variance = 0.0
    for rows, starts in groups.blocks():
        variance += float((cluster_sums(model.influence(rows)[:, None], starts) ** 2).sum())
    units, freedom = len(groups), len(y) - len(model.kept) - 1
    reach = math.nan
    if units > 1 and freedom > 0 and variance > 0:
        variance *= units / (units - 1) * (len(y) - 1) / freedom
        df = freedom if groups.singletons else units - 1
        reach = float(stdtrit(df, (1 + level) / 2)) * math.sqrt(variance)
    method = "ols-hc1" if groups.singletons else "ols-cr1"
    return Estimate(model.rest, model.rest - reach, model.rest + reach, len(y), method, level)


@dataclass(frozen=True)
class _Model:
    """The linear model, solved about the means; k mentions first among the kept columns."""

    design: Design
    y: Floats
    share: Floats  # weights that sum to one
    kept: list[int]
    means: Floats
    metric: float
    slopes: Floats
    pull: Floats  # by which residuals move the sum of impacts
    own: npt.NDArray[np.bool_]  # which kept columns are mentions

    @classmethod
    def of(cls, design: Design, y: Floats, weights: Floats, k: int) -> _Model:
        share = weights / weights.sum()
        means, centred, raw = cross_products(design, share)
        found = identify(centred[:-1, :-1], raw[:-1])
        kept = list(found.kept)
        scale = 1 / np.sqrt(np.diag(centred)[kept])
        inverse = np.linalg.inv(centred[np.ix_(kept, kept)] * scale[:, None] * scale)
        inverse = inverse * scale[:, None] * scale
        slopes = inverse @ centred[kept, -1]
        own = np.array([j < k and j not in found.undetermined for j in kept], dtype=np.bool_)
        average = np.where(own, means[kept], 0.0)
        return cls(
            design, y, share, kept, means[kept], float(means[-1]), slopes, inverse @ average, own
        )

    @property
    def rest(self) -> float:
        return self.metric - float(self.slopes[self.own] @ self.means[self.own])

    def influence(self, rows: Any) -> Floats:  # noqa: ANN401 - positions of rows
        """What each row moves the rest by, (b,)."""
        x = self.design.rows(rows)[:, self.kept] - self.means
        about = self.y[rows] - self.metric
        error = about - x @ self.slopes
        without = about - x[:, self.own] @ self.slopes[self.own]
        return np.asarray(self.share[rows] * (without - error * (x @ self.pull)), dtype=np.float64)
