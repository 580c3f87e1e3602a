"""Peak and end: does a customer's worst, best or last comment foretell the score better than the mean?

The score is the one that the customer gave last; only comments dated before it count, since a
comment of the same day would restate it. Each predictor stands alone in a straight line, fitted on
other customers (10-fold cross-validation, repeated); what counts is the error on those left out
(compare Kahneman, Fredrickson, Schreiber and Redelmeier 1993, Psychological Science 4:401-405).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit

from warum.caveats import Caveat
from warum.reasons.design import Floats, Ints
from warum.reasons.multiplicity import benjamini_hochberg
from warum.records import Estimate

LEAST_CUSTOMERS = 30
PREDICTORS = ("mean", "worst", "best", "last", "peak_end")
_FOLDS = 10
_REPEATS = 20
_LEAST_SPREAD = 1e-12


@dataclass(frozen=True, slots=True)
class PeakEndRow:
    """One predictor.

    Attributes:
        predictor: "mean", "worst", "best", "last", or "peak_end" (half the strongest, half the last).
        explained: Share of the score's variance foretold for customers left out; below 0 where it
            is worse than knowing nothing.
        better_by: Mean squared error of "mean" minus its own, in squared points of the score, with
            interval over customers; above 0 where it foretells better than the mean.
        p_value: Two-sided, of `better_by`; NaN for "mean" itself.
        q_value: Benjamini-Hochberg over the rows; NaN likewise.
    """

    predictor: str
    explained: float
    better_by: Estimate
    p_value: float
    q_value: float


@dataclass(frozen=True)
class PeakEnd:
    """All predictors, in the order of `PREDICTORS`.

    Attributes:
        rows: One each; none where too few customers wrote several times.
        customers: Customers with a score and two or more earlier comments.
        caveats: Doubts.
    """

    rows: tuple[PeakEndRow, ...]
    customers: int
    caveats: tuple[Caveat, ...]


def peak_end(
    customers: npt.NDArray[Any],
    dates: npt.NDArray[np.datetime64],
    sentiment: Floats,
    score: Floats,
    *,
    seed: int = 0,
    level: float = 0.95,
) -> PeakEnd:
    """Compare what foretells a customer's last score.

    Args:
        customers: Customer of each comment, (n,); None is left out.
        dates: Day of each, datetime64[D] (n,); NaT is left out.
        sentiment: -1..1, (n,); NaN where there is none.
        score: Score that came with it, (n,); NaN where there is none.
        seed: Of the folds.
        level: Confidence level.

    Raises:
        ValueError: If the lengths differ.
    """
    lengths = (len(customers), len(dates), len(sentiment), len(score))
    if len(set(lengths)) > 1:
        raise ValueError(
            f"{lengths} customers, dates, sentiments and scores: expected equal lengths"
        )
    features, outcome = _customers(customers, dates, sentiment, score)
    n = len(outcome)
    if n < LEAST_CUSTOMERS:
        return PeakEnd((), n, (Caveat.of("few_repeaters", n=n, least=LEAST_CUSTOMERS),))
    if (outcome == outcome[0]).all():
        return PeakEnd((), n, (Caveat.of("constant_score"),))
    errors = {
        name: _left_out_errors(features[name], outcome, seed) for name in ("nothing", *PREDICTORS)
    }
    rows = [_row(name, errors, level) for name in PREDICTORS]
    q = benjamini_hochberg(np.array([p for _, _, _, p in rows]))
    return PeakEnd(
        tuple(PeakEndRow(*row, float(one)) for row, one in zip(rows, q, strict=True)), n, ()
    )


def _customers(
    customers: npt.NDArray[Any], dates: npt.NDArray[np.datetime64], sentiment: Floats, score: Floats
) -> tuple[Mapping[str, Floats], Floats]:
    """Predictors and last score of each customer with two or more earlier comments, by customer."""
    told: dict[str, list[tuple[int, float, float]]] = {}
    days = dates.astype("datetime64[D]").astype(np.int64).tolist()
    rows = zip(
        customers.tolist(), np.isnat(dates).tolist(), days, sentiment.tolist(), score.tolist(),
        strict=True,
    )  # fmt: skip
    for customer, undated, day, feeling, points in rows:
        if customer is not None and not undated:
            told.setdefault(str(customer), []).append((day, feeling, points))
    collected: dict[str, list[float]] = {name: [] for name in ("nothing", *PREDICTORS)}
    outcome = []
    for _, comments in sorted(told.items()):
        scored = [(day, points) for day, _, points in comments if points == points]
        if not scored:
            continue
        end = max(day for day, _ in scored)
        before = sorted((d, f) for d, f, _ in comments if d < end and f == f)
        if len(before) < 2:
            continue
        # Several scores on the last day count as their mean.
        outcome.append(float(np.mean(sorted(points for day, points in scored if day == end))))
        for name, value in _features(before).items():
            collected[name].append(value)
    return {name: np.array(v) for name, v in collected.items()}, np.array(outcome)


def _features(before: list[tuple[int, float]]) -> dict[str, float]:
    """The predictors of one customer from (day, sentiment), by day."""
    feelings = [feeling for _, feeling in before]
    last = float(np.mean([feeling for day, feeling in before if day == before[-1][0]]))
    mean = math.fsum(feelings) / len(feelings)
    peak = max(feelings, key=lambda feeling: (abs(feeling), -feeling))
    return {
        "nothing": 0.0,
        "mean": mean,
        "worst": min(feelings),
        "best": max(feelings),
        "last": last,
        "peak_end": (peak + last) / 2,
    }


def _left_out_errors(x: Floats, y: Floats, seed: int) -> Floats:
    """Squared error of each customer by lines fitted without it, mean over repeats, (n,)."""
    rng = np.random.default_rng(seed)
    x, y = x - x.mean(), y - y.mean()
    powers = np.stack((np.ones(len(x)), x, y, x * x, x * y))
    errors = np.zeros(len(y))
    for _ in range(_REPEATS):
        fold: Ints = rng.permutation(np.arange(len(y)) % _FOLDS)
        inside = np.stack([np.bincount(fold, row, minlength=_FOLDS) for row in powers])
        # Sums over all customers outside each fold.
        n, sx, sy, sxx, sxy = inside.sum(1, keepdims=True) - inside
        spread = sxx - sx * sx / n
        varies = spread > _LEAST_SPREAD
        slope = np.where(varies, (sxy - sx * sy / n) / np.where(varies, spread, 1.0), 0.0)
        level = (sy - slope * sx) / n
        errors += (y - level[fold] - slope[fold] * x) ** 2
    return errors / _REPEATS


def _row(
    name: str, errors: Mapping[str, Floats], level: float
) -> tuple[str, float, Estimate, float]:
    explained = 1 - float(errors[name].sum() / errors["nothing"].sum())
    gain = errors["mean"] - errors[name]
    n, value = len(gain), float(gain.mean())
    error = float(gain.std(ddof=1)) / math.sqrt(n)
    if not error > 0:
        method = "reference" if name == "mean" else "cross-validation"
        return name, explained, Estimate(value, math.nan, math.nan, n, method, level), math.nan
    reach = float(stdtrit(n - 1, (1 + level) / 2)) * error
    estimate = Estimate(value, value - reach, value + reach, n, "cross-validation", level)
    return name, explained, estimate, float(2 * stdtr(n - 1, -abs(value) / error))
