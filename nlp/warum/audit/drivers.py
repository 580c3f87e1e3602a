"""Effects and impacts of all pairs, corrected for the model's errors by an audit sample."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit

from warum.audit.columns import LEAST_LABELS, Columns, choose, usable
from warum.audit.debiasing import Debiased, debias
from warum.audit.differential import differential_error
from warum.audit.driver_records import CorrectedDriver, CorrectedFit, ranked
from warum.audit.phases import Audited, Floats, Mentions, Phases
from warum.audit.prevalence import Parts, Prevalence, Shares, prevalence_rows, shares_of
from warum.caveats import Caveat
from warum.occasions import Pair
from warum.reasons.design import Clusters
from warum.records import Estimate

METHOD, LABELS_ALONE, MODEL_ALONE = "ptd", "labels alone", "model alone"
SURE_LABELS = 20
_LEAST_LABELLED = 60
_WIDE = 0.05  # of the scores' standard deviation


def correct_drivers(
    y: Floats,
    predicted: Mentions,
    pairs: Sequence[Pair],
    audited: Audited,
    *,
    score: str,
    weights: Floats | None = None,
    clusters: npt.NDArray[Any] | None = None,
    controls: npt.NDArray[Any] | None = None,
    people: npt.NDArray[Any] | None = None,
    min_group: int = 5,
    level: float = 0.95,
) -> CorrectedFit:
    """Correct effect, impact and share of every pair.

    One linear model holds the pairs that a person saw in the comments of at least 5 audited customers
    (most frequent first, a column per 6 of them), the rarer ones together by polarity, and the
    controls.

    Args:
        y: Contributions to the metric, (m,), finite.
        predicted: Which occasion mentions which pair as the model read it, bool (m, k).
        pairs: The k pairs, also those that only a person saw.
        audited: The labelled occasions.
        score: The score column's name.
        weights: Weights, at least 0, (m,).
        clusters: Customer of each occasion, (m,).
        controls: Columns to adjust for (`control_dummies`), bool (m, c).
        people: Person of each occasion, (m,), for counting groups; `clusters` where None.
        min_group: Pairs of fewer people are not shown.
        level: Confidence level.

    Returns:
        The fit; without drivers if fewer than 60 customers are labelled or their scores are all equal.

    Raises:
        ValueError: If shapes do not fit or y is not finite.
        UsageError: If a weight is negative or not finite.
    """
    y = _checked(y, predicted, pairs, audited)
    phases = Phases.of(len(y), audited, weights=weights, clusters=clusters)
    labelled, customers = int(phases.audited.told.sum()), phases.people_told
    doubt = _unfit(phases, y)
    if doubt:
        return CorrectedFit((), labelled, customers, (doubt,))
    held = np.zeros((len(y), 0), dtype=np.bool_) if controls is None else controls.astype(np.bool_)
    columns = choose(phases, pairs, held[phases.audited.rows])
    fit = _debiased(y, predicted, held, columns, phases, clusters)
    shares = shares_of(predicted, phases, clusters)
    rows = _Rows(y, pairs, phases, columns, fit, shares, score, level)
    prevalence = prevalence_rows(predicted, phases, shares, level)
    errors = _differential(predicted, y, phases)
    shown = _shown(predicted, phases, clusters if people is None else people, min_group)
    drivers = [
        rows.driver(k, prevalence[k], float(errors[k])) for k in np.flatnonzero(shown).tolist()
    ]
    pooled = sum(len(group) for group in columns.pooled)
    caveats = (Caveat.of("audit_pooled", n=pooled),) if pooled else ()
    mentioned = predicted.any(axis=0) | phases.audited.gold.any(axis=0)
    hidden = int((mentioned & ~shown).sum())
    return CorrectedFit(ranked(drivers, level), labelled, customers, caveats, hidden)


def _checked(y: Floats, predicted: Mentions, pairs: Sequence[Pair], audited: Audited) -> Floats:
    """The contributions as numbers, if all fits together."""
    y = np.asarray(y, dtype=np.float64)
    if not len(y) == len(predicted) or not np.isfinite(y).all():
        raise ValueError(f"{len(y)} scores for {len(predicted)} occasions, expected finite ones")
    if not predicted.shape[1] == audited.gold.shape[1] == len(pairs):
        raise ValueError(
            f"{len(pairs)} pairs, {predicted.shape[1]} read and {audited.gold.shape[1]} labelled"
        )
    return y


def _debiased(
    y: Floats,
    predicted: Mentions,
    held: Mentions,
    columns: Columns,
    phases: Phases,
    clusters: npt.NDArray[Any] | None,
) -> Debiased | None:
    """The corrected coefficients; None where the labels bear no column."""
    rows = phases.audited.rows
    gold, model = columns.of(phases.audited.gold, held[rows]), columns.of(predicted, held)
    if not gold.shape[1]:
        return None
    return debias(gold, model, y, usable(model[rows], phases), phases, clusters)


def _differential(predicted: Mentions, y: Floats, phases: Phases) -> Floats:
    """`differential_error` over the occasions that hold a text, (k,)."""
    spoken = phases.spoken()
    at = spoken.audited.rows
    return differential_error(predicted[at], y[at], spoken)


def _shown(
    predicted: Mentions, phases: Phases, people: npt.NDArray[Any] | None, min_group: int
) -> npt.NDArray[np.bool_]:
    """Pairs that enough people mention, as the model or a person says, bool (k,)."""
    used = phases.weights > 0
    found = predicted[used]
    counts = found.sum(axis=0) if people is None else Clusters.of(people[used]).holding(found)
    return np.maximum(counts, phases.people(phases.audited.gold)) >= max(min_group, 1)


def _unfit(phases: Phases, y: Floats) -> Caveat | None:
    people = phases.people_told
    if people < _LEAST_LABELLED:
        return Caveat.of("few_labels", n=people, least=_LEAST_LABELLED)
    scores = y[phases.audited.rows]
    return Caveat.of("constant_score") if (scores == scores[0]).all() else None


@dataclass(frozen=True)
class _Rows:
    y: Floats
    pairs: Sequence[Pair]
    phases: Phases
    columns: Columns
    fit: Debiased | None
    shares: Shares
    score: str
    level: float

    def driver(self, k: int, share: Prevalence, error: float) -> CorrectedDriver:
        """The row of pair k; its q-value is not known yet."""
        category, polarity = self.pairs[k]
        caveats = list(self._doubts(k, share))
        if error < 0.05:
            caveats.append(Caveat.of("differential_error", p=max(round(error, 3), 0.001)))
        nothing = self._estimate(math.nan, math.nan, 1, METHOD)
        if self.fit is None or k not in self.columns.pairs:
            return CorrectedDriver(
                category, polarity, share.labelled, share, nothing, nothing, nothing, nothing,
                nothing, math.nan, math.nan, 0.0, tuple(caveats), self.score,
            )  # fmt: skip
        j = self.columns.pairs.index(k)
        fit, df_all = self.fit, max(self.phases.units - 1, 1)
        effect, impact, p_value, parts, df = self._corrected(fit, j, k, share.labelled)
        if impact.high - impact.low > 2 * _WIDE * float(self.y.std()):
            caveats.append(Caveat.of("wide_interval"))
        alone = self.phases.spread * float(fit.influence[:, j] @ fit.influence[:, j])
        found = float(fit.model[j])
        naive = self._estimate(found, float(fit.all_variance[j]), df_all, MODEL_ALONE)
        return CorrectedDriver(
            category=category,
            polarity=polarity,
            labelled=share.labelled,
            share=share,
            naive=naive,
            labels_alone=self._estimate(
                float(fit.labels_alone[j]), alone, self._few(share.labelled), LABELS_ALONE
            ),
            effect=effect,
            naive_impact=_times(naive, share.naive.value),
            impact=impact,
            p_value=p_value,
            q_value=math.nan,
            tuning=float(fit.tuning[j]),
            caveats=tuple(caveats),
            score=self.score,
            effect_parts=parts[0],
            impact_parts=parts[1],
            freedom=df,
        )

    def _corrected(
        self, fit: Debiased, j: int, k: int, labelled: int
    ) -> tuple[Estimate, Estimate, float, tuple[Parts, Parts], float]:
        """Effect, impact, p-value, parts and degrees of freedom: effect and share are random, and hang together."""
        phases, shares = self.phases, self.shares
        spread, of_share = phases.spread, shares.tuning[k]
        push = fit.influence[:, j] + fit.tuning[j] * fit.difference[:, j]
        lift = shares.influence[:, k] + of_share * shares.difference[:, k]
        value, share = float(fit.corrected[j]), float(np.clip(shares.corrected[k], 0, 1))
        seen, rest = spread * float(push @ push), float(fit.tuning[j] ** 2 * fit.unlabelled[j])
        variance = seen + rest
        apart = fit.tuning[j] * of_share * float(fit.with_share[j])
        of_share_variance = float(shares.variance(phases, shares.tuning)[k])
        share_rest = min(of_share**2 * float(shares.all_variance[k]), of_share_variance)
        of_impact = (
            share**2 * variance
            + 2 * share * value * (spread * float(push @ lift) + apart)
            + value**2 * of_share_variance
        )
        impact_rest = share**2 * rest + 2 * share * value * apart + value**2 * share_rest
        df = self._freedom(seen, rest, labelled)
        effect = self._estimate(value, variance, df, METHOD)
        impact = self._estimate(value * share, of_impact, df, METHOD)
        p_value = math.nan
        if variance > 0:
            p_value = float(2 * stdtr(df, -abs(value) / math.sqrt(variance)))
        impact_rest = min(max(impact_rest, 0.0), of_impact)
        return (
            effect,
            impact,
            p_value,
            (Parts(seen, rest), Parts(of_impact - impact_rest, impact_rest)),
            df,
        )

    def _freedom(self, seen: float, rest: float, labelled: int) -> float:
        """Satterthwaite's degrees of freedom: few labels tell one part, many occasions the other."""
        few = self._few(labelled)
        many = max(self.phases.units - 1, 1)
        total = seen + rest
        return total**2 / (seen**2 / few + rest**2 / many) if total > 0 else float(few)

    def _few(self, labelled: int) -> int:
        """Degrees of freedom of a contrast between those who mention it and those who do not."""
        return max(min(labelled, self.phases.groups - labelled) - 1, 1)

    def _estimate(self, value: float, variance: float, df: float, method: str) -> Estimate:
        reach = math.nan
        if variance > 0:
            reach = float(stdtrit(df, (1 + self.level) / 2)) * math.sqrt(variance)
        told = int(self.phases.audited.told.sum())
        n = int((self.phases.weights > 0).sum()) if method == MODEL_ALONE else told
        return Estimate(value, value - reach, value + reach, n, method, self.level)

    def _doubts(self, k: int, share: Prevalence) -> list[Caveat]:
        if k in self.columns.tied:
            others = ", ".join(" ".join(self.pairs[i]) for i in self.columns.tied[k])
            return [Caveat.of("audit_singular", others=others or "–")]
        if share.labelled < SURE_LABELS:
            least = LEAST_LABELS if k not in self.columns.pairs else SURE_LABELS
            return [Caveat.of("audit_few", n=share.labelled, least=least)]
        return []


def _times(effect: Estimate, share: float) -> Estimate:
    """The impact at a fixed share: the naive interval, as it would be told without an audit."""
    return replace(
        effect, value=effect.value * share, low=effect.low * share, high=effect.high * share
    )
