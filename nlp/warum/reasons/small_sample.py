"""Standard errors and degrees of freedom for effects that few people decide.

A robust variance of a coefficient rests on the residuals of those who mention the pair. With few
of them it is too small on average, and it varies so much that a normal quantile covers too rarely.
Both are mended here: the variance is the jackknife over people (CR3; HC3 where every row is its own
person; MacKinnon, Nielsen and Webb 2023), and the quantile is Student's with the degrees of freedom
by which that variance varies (Bell and McCaffrey 2002; for any weights as in Pustejovsky and Tipton
2018). Where a score takes few values, a handful of mentions often agrees by chance and their residuals
are all but zero. So the variance has a floor, the variance under the residual spread of all rows: half
of it for fewer than 20 people, all of it where every mention agrees. `pair_precision` puts this
together for the rows of `drivers.csv`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from warum.reasons.cluster_jackknife import small_sample
from warum.reasons.design import Design, Floats, Ints
from warum.reasons.least_squares import LeastSquares
from warum.reasons.sample import Sample

LEAST_PEOPLE = 3
LEAST_FREEDOM = 1.5
FEW_PEOPLE = 20
RARE = 200  # people on the smaller side; above, n p^2 k operations buy nothing
_CHEAP = 3e9


@dataclass(frozen=True)
class Precision:
    """How precisely each pair's effect is known, k pairs.

    Attributes:
        variance: Of the effect, (k,); NaN where the data do not determine it.
        floor: The least that `variance` may be, (k,); NaN likewise.
        df: Degrees of freedom for Student's quantile, (k,); NaN likewise.
        withheld: Where no interval should be given: fewer than 3 people mention it (or do not), or
            fewer than 1.5 degrees of freedom, (k,).
        pooled: Where the spread of all scores stands in, because all mentions agree, (k,).
        jackknifed: Where `variance` is the jackknife over people; elsewhere that of the fit, (k,).
    """

    variance: Floats
    floor: Floats
    df: Floats
    withheld: npt.NDArray[np.bool_]
    pooled: npt.NDArray[np.bool_]
    jackknifed: npt.NDArray[np.bool_]


def pair_precision(
    design: Design,
    y: Floats,
    fit: LeastSquares,
    *,
    fewest: Ints,
    alike: npt.NDArray[np.bool_],
    weights: Floats | None = None,
    clusters: npt.NDArray[Any] | None = None,
) -> Precision:
    """Variance and degrees of freedom of the effects of a model's first k columns.

    Computed for all pairs where that is cheap, else for those that fewer than 200 people mention (or
    do not mention); the others keep the fit's variance and have people minus 1 degrees of freedom,
    as in Welch's test.

    Args:
        design: The columns that were fitted, the k pairs first.
        y: Outcome, (n,).
        fit: `fit_least_squares` of the same rows.
        fewest: People who mention each pair, or who do not, whichever are fewer, (k,).
        alike: Where all mentions of a pair have the same outcome, (k,).
        weights: As in the fit.
        clusters: As in the fit.
    """
    k = len(fewest)
    exact = worth_counting(design, fewest)
    df = np.minimum(fewest - 1, fit.df).astype(np.float64)
    variance, pooled = np.diag(fit.covariance)[1 : k + 1].copy(), np.zeros(k)
    if exact.any():
        asked = np.eye(design.p)[:, :k][:, exact]
        found = small_sample(design, y, fit, asked, weights=weights, clusters=clusters)
        df[exact], variance[exact], pooled[exact] = found.df, found.variance, found.pooled
    floor = variance_floor(fewest, alike) * pooled
    robust = variance
    variance = np.maximum(robust, floor)
    withheld = (fewest < LEAST_PEOPLE) | ~(df >= LEAST_FREEDOM) | np.isnan(variance)
    return Precision(variance, floor, df, withheld, alike & (variance > robust), exact)


def worth_counting(design: Design, fewest: Ints) -> npt.NDArray[np.bool_]:
    """Which effects get degrees of freedom of their own: all where that is cheap, else the rare.

    Args:
        design: The model's columns.
        fewest: People who decide each effect asked for, (q,).
    """
    if float(design.n) * design.p**2 * len(fewest) <= _CHEAP:
        return np.ones(len(fewest), dtype=np.bool_)
    return fewest < RARE


def variance_floor(fewest: Ints, alike: npt.NDArray[np.bool_]) -> Floats:
    """Least part of the pooled variance that a robust variance may be, (k,).

    Half for fewer than 20 people. Where all mentions agree, the whole up to 20 people and 20 in m
    beyond: of m that agree, about three in m may hide another score.

    Args:
        fewest: People who mention each pair, or who do not, whichever are fewer, (k,).
        alike: Where all mentions of a pair have the same outcome, (k,).
    """
    some = np.where(fewest < FEW_PEOPLE, 0.5, 0.0)
    floor: Floats = np.where(alike, np.minimum(1.0, FEW_PEOPLE / np.maximum(fewest, 1)), some)
    return floor


def mentions_alike(sample: Sample) -> npt.NDArray[np.bool_]:
    """Where all mentions of a pair have the same outcome, (k,)."""
    mass, about, squares = sample.moments
    mass = np.maximum(mass, 1e-300)
    spread = squares / mass - (about / mass) ** 2
    alike: npt.NDArray[np.bool_] = spread < 1e-12 * sample.deviation**2
    return alike
