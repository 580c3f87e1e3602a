"""How often a pair is truly mentioned: the model's share, corrected by the audit sample.

PPI++ (Angelopoulos, Duchi and Zrnic 2023, arXiv:2311.01453) with sampling weights (Hájek) and
clusters: share = tuning * (share the model found in all) + (labelled share - tuning * share the model
found in the labelled), with the tuning that makes the variance least. At tuning 0 it is what the
labels alone say.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from warum.audit.phases import Audited, Floats, Mentions, Phases
from warum.caveats import Caveat
from warum.reasons.design import Clusters, Design, cluster_sums
from warum.records import Estimate

LEAST_LABELS = 5
METHOD, LABELS_ALONE, MODEL_ALONE = "ppi++", "labels alone", "model alone"
_UNSEEN = 0.25  # errors of either kind that may have gone unseen in the sample


@dataclass(frozen=True, slots=True)
class Parts:
    """A variance in two parts.

    Attributes:
        seen: What shrinks with the number of labels.
        rest: What shrinks with the number of occasions only.
    """

    seen: float
    rest: float


@dataclass(frozen=True)
class Prevalence:
    """The share of occasions that mention one pair.

    Attributes:
        naive: As the model found it.
        labels_alone: As the labels alone say, without the model.
        corrected: Corrected.
        tuning: Weight of the model's share, 0..1.
        labelled: Customers with a labelled occasion in which a person saw it.
        missed: Labelled occasions with it in which the model did not find it.
        invented: Labelled occasions without it in which the model found it.
        parts: Where the variance of `corrected` comes from.
    """

    naive: Estimate
    labels_alone: Estimate
    corrected: Estimate
    tuning: float
    labelled: int
    missed: int
    invented: int
    parts: Parts


@dataclass(frozen=True)
class Shares:
    """Shares of all k pairs, with what each labelled customer adds to them.

    Attributes:
        of_all: The model's share over all, (k,).
        labelled: Labelled share, (k,).
        model: The model's share over the labelled, (k,).
        tuning: (k,)
        all_variance: Variance of `of_all`, (k,).
        influence: On the labelled share, (g, k).
        difference: On `of_all` - `model`, (g, k), of the labelled customers.
        difference_variance: Variance of that difference, (k,).
    """

    of_all: Floats
    labelled: Floats
    model: Floats
    tuning: Floats
    all_variance: Floats
    influence: Floats
    difference: Floats
    difference_variance: Floats

    @property
    def corrected(self) -> Floats:
        """The corrected shares, (k,)."""
        return self.labelled + self.tuning * (self.of_all - self.model)

    def variance(self, phases: Phases, tuning: Floats) -> Floats:
        """Variance of the corrected share at some tuning, (k,)."""
        own = np.einsum("ij,ij->j", self.influence, self.influence)
        both = np.einsum("ij,ij->j", self.influence, self.difference)
        total: Floats = (
            phases.spread * (own + 2 * tuning * both) + tuning**2 * self.difference_variance
        )
        return np.maximum(total, 0)


def corrected_prevalence(
    predicted: Mentions,
    audited: Audited,
    *,
    weights: Floats | None = None,
    clusters: npt.NDArray[Any] | None = None,
    level: float = 0.95,
    tuning: float | None = None,
) -> tuple[Prevalence, ...]:
    """Share of occasions that truly mention each pair.

    Args:
        predicted: What the model found in each occasion, bool (m, k).
        audited: The labelled occasions.
        weights: Weights, at least 0, (m,).
        clusters: Customer of each occasion, (m,).
        level: Confidence level.
        tuning: Weight of the model's share; None for the best one of each pair.

    Returns:
        One per pair, in their order.

    Raises:
        ValueError: If shapes do not fit.
        UsageError: If a weight is negative or not finite.
    """
    phases = Phases.of(len(predicted), audited, weights=weights, clusters=clusters)
    return prevalence_rows(predicted, phases, shares_of(predicted, phases, clusters, tuning), level)


def prevalence_rows(
    predicted: Mentions, phases: Phases, shares: Shares, level: float
) -> tuple[Prevalence, ...]:
    """Shares as estimates, one per pair."""
    rows = _Rows(predicted, phases, shares, level)
    return tuple(rows.row(k) for k in range(predicted.shape[1]))


def shares_of(
    predicted: Mentions,
    phases: Phases,
    clusters: npt.NDArray[Any] | None,
    tuning: float | None = None,
) -> Shares:
    """Shares with their influences.

    Raises:
        ValueError: If labels and predictions differ in their pairs.
    """
    gold = phases.audited.gold
    if gold.shape[1] != predicted.shape[1]:
        raise ValueError(f"labels of {gold.shape[1]} pairs, predictions of {predicted.shape[1]}")
    v = phases.design / phases.design.sum()
    w = phases.weights / phases.weights.sum()
    found = predicted[phases.audited.rows]
    of_all, labelled, model = _weighted(w, predicted), v @ gold, v @ found
    every = w[phases.members, None] * (predicted[phases.members] - of_all)
    reach = (v / (1 - np.minimum(v, 0.5)))[:, None]
    influence = phases.labelled_sums(reach * (gold - labelled))
    own = phases.labelled_sums(reach * (found - model))
    over_all = phases.member_sums(every)
    difference = over_all - own
    all_variance = phases.spread * _squares(predicted, w, of_all, clusters)
    # Of customers without a label only the part over all is there.
    unlabelled = all_variance - phases.spread * np.einsum("ij,ij->j", over_all, over_all)
    difference_variance = np.maximum(unlabelled, 0) + phases.spread * np.einsum(
        "ij,ij->j", difference, difference
    )
    best = _best(influence, difference, difference_variance, phases.spread)
    chosen = best if tuning is None else np.full(len(best), float(tuning))
    return Shares(
        of_all, labelled, model, chosen, all_variance, influence, difference, difference_variance
    )


def _best(influence: Floats, difference: Floats, variance: Floats, spread: float) -> Floats:
    both = spread * np.einsum("ij,ij->j", influence, difference)
    usable = variance > 1e-15
    best = np.zeros(len(variance))
    best[usable] = np.clip(-both[usable] / variance[usable], 0, 1)
    return best


def _weighted(w: Floats, mentions: Mentions) -> Floats:
    """Weighted sums of booleans, turned into numbers block by block, (k,)."""
    total = np.zeros(mentions.shape[1])
    for rows in Design((mentions,)).blocks():
        total += w[rows] @ mentions[rows].astype(np.float64)
    return total


def _squares(
    predicted: Mentions, w: Floats, mean: Floats, clusters: npt.NDArray[Any] | None
) -> Floats:
    """Sums over customers of squared influences on the weighted means, (k,)."""
    if clusters is None:
        return _weighted(w**2, predicted) * (1 - 2 * mean) + float((w**2).sum()) * mean**2
    total = np.zeros(predicted.shape[1])
    for rows, starts in Clusters.of(clusters).blocks():
        sums = cluster_sums(w[rows, None] * (predicted[rows] - mean), starts)
        total += np.einsum("ij,ij->j", sums, sums)
    return total


@dataclass(frozen=True)
class _Rows:
    predicted: Mentions
    phases: Phases
    shares: Shares
    level: float

    def row(self, k: int) -> Prevalence:
        phases, shares = self.phases, self.shares
        gold = phases.audited.gold[:, k]
        found = self.predicted[phases.audited.rows, k]
        labelled = int(phases.people(gold[:, None])[0])
        df, told = max(phases.people_told - 1, 1), int(phases.audited.told.sum())
        caveats: tuple[Caveat, ...] = ()
        if labelled < LEAST_LABELS:
            caveats = (Caveat.of("audit_few", n=labelled, least=LEAST_LABELS),)
        n = int((phases.weights > 0).sum())
        alone = shares.variance(phases, np.zeros_like(shares.tuning))[k]
        least = _unseen(phases, found)
        variance = shares.variance(phases, shares.tuning)[k] + least
        rest = min(shares.tuning[k] ** 2 * shares.all_variance[k], variance)
        return Prevalence(
            naive=share_interval(
                float(shares.of_all[k]), float(shares.all_variance[k]), n, phases.units - 1,
                MODEL_ALONE, self.level,
            ),
            labels_alone=share_interval(
                float(shares.labelled[k]), float(alone + least), told, df, LABELS_ALONE,
                self.level, caveats,
            ),
            corrected=share_interval(
                float(shares.corrected[k]), float(variance), told, df, METHOD, self.level, caveats,
            ),
            tuning=float(shares.tuning[k]),
            labelled=labelled,
            missed=int((gold & ~found).sum()),
            invented=int((found & ~gold).sum()),
            parts=Parts(float(variance - rest), float(rest)),
        )  # fmt: skip


def _unseen(phases: Phases, found: npt.NDArray[np.bool_]) -> float:
    """Variance of errors too rare to be seen in the sample: none seen is not none there.

    As in an adjusted Wald interval, a fraction of a missed and of an invented mention, of usual
    weight, is added. Where all are labelled, nothing is unseen.
    """
    v = phases.design / phases.design.sum()
    drawn = phases.audited.told & (phases.audited.probability < 1)
    weights = [v[part].mean() if part.any() else 0.0 for part in (found & drawn, ~found & drawn)]
    return _UNSEEN * float(sum(weight**2 for weight in weights))


def share_interval(
    value: float,
    variance: float,
    n: int,
    df: int,
    method: str,
    level: float,
    caveats: tuple[Caveat, ...] = (),
) -> Estimate:
    """Wilson's interval with the effective sample size that the variance implies.

    Args:
        value: The share; brought to 0..1.
        variance: Its variance.
        n: Units behind it.
        df: Degrees of freedom of the variance.
        method: Name of the method.
        level: Confidence level.
        caveats: Doubts.
    """
    value = min(max(value, 0.0), 1.0)
    if not variance > 0 or df < 1:
        return Estimate(value, value, value, n, method, level, caveats)
    z2 = float(stdtrit(df, (1 + level) / 2)) ** 2
    # A share of exactly 0 or 1 has no effective size of its own: the variance alone speaks.
    inner = min(max(value * (1 - value), variance), 0.25)
    size = inner / variance
    middle = (value + z2 / (2 * size)) / (1 + z2 / size)
    reach = math.sqrt(z2 * (value * (1 - value) / size + z2 / (4 * size**2))) / (1 + z2 / size)
    low, high = max(0.0, middle - reach), min(1.0, middle + reach)
    return Estimate(value, min(low, value), max(high, value), n, method, level, caveats)
