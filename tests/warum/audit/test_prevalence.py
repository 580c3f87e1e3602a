"""Corrected prevalence: special cases, a reference implementation, bad input."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest

from tests.warum.audit.worlds import REPEATED, WIDE, Read, Reader, audit, read
from warum.audit.phases import Audited, Phases
from warum.audit.prevalence import corrected_prevalence, share_interval
from warum.errors import UsageError


@pytest.fixture(scope="module")
def seen() -> tuple[Read, Audited]:
    rng = np.random.default_rng(1)
    sample = read(WIDE, Reader(), 1_500, rng)
    return sample, audit(sample, 300, rng)


def test_without_the_model_it_is_the_weighted_share(seen: tuple[Read, Audited]) -> None:
    sample, audited = seen
    v = 1 / audited.probability
    for k, row in enumerate(corrected_prevalence(sample.predicted, audited, tuning=0)):
        assert row.corrected.value == pytest.approx(v @ audited.gold[:, k] / v.sum())
        assert row.corrected == pytest.approx(row.corrected)
        assert row.labels_alone.value == row.corrected.value
        assert row.naive.value == pytest.approx(sample.predicted[:, k].mean())
    tuned = corrected_prevalence(sample.predicted, audited)
    for k, row in enumerate(tuned):
        found = sample.predicted[audited.rows, k]
        rest = v @ (audited.gold[:, k] - row.tuning * found) / v.sum()
        assert row.corrected.value == pytest.approx(row.tuning * row.naive.value + rest)
        assert row.missed == (audited.gold[:, k] & ~found).sum()
        assert row.invented == (found & ~audited.gold[:, k]).sum()


def test_against_ppi_py() -> None:
    """Equal probabilities, labelled and unlabelled apart: the case that the reference knows."""
    with warnings.catch_warnings():  # it switches warnings off at import
        ppi = pytest.importorskip("ppi_py")
    rng = np.random.default_rng(2)
    n, all_ = 400, 8_000
    gold = rng.random((all_, 2)) < (0.3, 0.1)
    predicted = gold ^ (rng.random((all_, 2)) < (0.1, 0.02))
    rows = np.sort(rng.choice(all_, n, replace=False))
    audited = Audited(rows, gold[rows], np.full(n, n / all_))
    other = np.setdiff1d(np.arange(all_), rows)
    numbers = [a.astype(float) for a in (gold[rows], predicted[rows], predicted[other])]
    for tuning in (0.0, 0.5, 1.0):
        ours = corrected_prevalence(predicted, audited, tuning=tuning, level=0.9)
        whole = ppi.ppi_mean_pointestimate(*numbers[:2], predicted.astype(float), lam=tuning)
        assert [row.corrected.value for row in ours] == pytest.approx(whole.tolist())
        for k, row in enumerate(ours):
            low, high = ppi.ppi_mean_ci(*(part[:, k] for part in numbers), alpha=0.1, lam=tuning)
            width = row.corrected.high - row.corrected.low
            assert width == pytest.approx(float((high - low)[0]), rel=0.1)
    for k, row in enumerate(corrected_prevalence(predicted, audited, level=0.9)):
        # It takes the variance of the predictions from all, and we, as of the labels, from the labelled.
        low, high = ppi.ppi_mean_ci(*(part[:, k] for part in numbers), alpha=0.1)
        assert row.corrected.high - row.corrected.low == pytest.approx(
            float((high - low)[0]), rel=0.1
        )
        assert low[0] < row.corrected.value < high[0]


def test_with_all_labelled_the_labels_are_the_truth(seen: tuple[Read, Audited]) -> None:
    sample, _ = seen
    m = len(sample.predicted)
    whole = Audited(np.arange(m), sample.drawn.mentions, np.ones(m))
    for k, row in enumerate(corrected_prevalence(sample.predicted, whole)):
        assert row.corrected.value == pytest.approx(sample.drawn.mentions[:, k].mean())


def test_order_and_unit_of_weights_do_not_matter(seen: tuple[Read, Audited]) -> None:
    sample, audited = seen
    m = len(sample.predicted)
    rng = np.random.default_rng(3)
    weights = rng.uniform(0.5, 2, m)
    people = rng.integers(0, 700, m)
    once = corrected_prevalence(sample.predicted, audited, weights=weights, clusters=people)
    order = rng.permutation(m)
    back = np.argsort(order)
    turned = Audited(back[audited.rows], audited.gold, audited.probability)
    again = corrected_prevalence(
        sample.predicted[order], turned, weights=7 * weights[order], clusters=people[order]
    )
    for one, two in zip(once, again, strict=True):
        assert one.corrected.low == pytest.approx(two.corrected.low, rel=1e-9)
        assert one.naive.high == pytest.approx(two.naive.high, rel=1e-9)


def test_each_customer_once_is_no_clusters(seen: tuple[Read, Audited]) -> None:
    sample, audited = seen
    alone = corrected_prevalence(sample.predicted, audited)
    named = corrected_prevalence(
        sample.predicted, audited, clusters=np.arange(len(sample.predicted))
    )
    for one, two in zip(alone, named, strict=True):
        assert one.corrected.low == pytest.approx(two.corrected.low)
        assert one.naive.high == pytest.approx(two.naive.high)


def test_repeated_customers_widen() -> None:
    rng = np.random.default_rng(4)
    sample = read(REPEATED, Reader(), 500, rng)
    audited = audit(sample, 600, rng)
    with_ = corrected_prevalence(sample.predicted, audited, clusters=sample.drawn.customers)
    without = corrected_prevalence(sample.predicted, audited)
    wider = [
        (a.corrected.high - a.corrected.low) / (b.corrected.high - b.corrected.low)
        for a, b in zip(with_, without, strict=True)
    ]
    assert np.median(wider) > 1.02


def test_nothing_seen_is_not_nothing_there() -> None:
    """A perfect record in 200 labels leaves room for errors."""
    predicted = np.zeros((4_000, 1), dtype=bool)
    predicted[:40] = True
    rows = np.arange(0, 4_000, 20)
    (row,) = corrected_prevalence(predicted, Audited(rows, predicted[rows], np.full(200, 0.05)))
    assert row.corrected.value == pytest.approx(0.01)
    assert row.corrected.high - row.corrected.low > 1.5 * (row.naive.high - row.naive.low)
    assert [caveat.code for caveat in row.corrected.caveats] == ["audit_few"]


def test_intervals_stay_within_0_and_1() -> None:
    for value, variance in ((0.0, 1e-4), (-0.01, 1e-4), (0.5, 0.2), (1.0, 0.01), (0.001, 1e-5)):
        found = share_interval(value, variance, 300, 299, "m", 0.95)
        assert 0 <= found.low <= found.value <= found.high <= 1
        assert found.low < found.high
    flat = share_interval(0.2, 0.0, 300, 299, "m", 0.95)
    assert flat.low == flat.high == 0.2


GOLD = np.zeros((2, 1), dtype=bool)


@pytest.mark.parametrize(
    ("rows", "gold", "probability", "said"),
    [
        ([0, 1, 2], GOLD, [0.1, 0.1], "3 rows"),
        ([0, 0], GOLD, [0.1, 0.1], "twice"),
        ([0, 1], GOLD, [0.1, 0.0], "probability is 0.0"),
        ([0, 1], GOLD, [0.1, 1.2], "probability is 1.2"),
        ([0, 1], GOLD.astype(float), [0.1, 0.1], "float64"),
    ],
)
def test_bad_audits(rows: list[int], gold: np.ndarray, probability: list[float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Audited(np.array(rows), gold, np.array(probability))


def test_bad_frames() -> None:
    audited = Audited(np.array([0, 9]), GOLD, np.array([0.1, 0.1]))
    with pytest.raises(ValueError, match=r"0\.\.9"):
        Phases.of(5, audited)
    with pytest.raises(ValueError, match="1 pairs, predictions of 2"):
        corrected_prevalence(np.zeros((10, 2), dtype=bool), audited)
    with pytest.raises(UsageError, match=r"-1\.0"):
        corrected_prevalence(np.zeros((10, 1), dtype=bool), audited, weights=np.full(10, -1.0))
    half = Phases.of(10, audited, weights=np.array([0.0] + [1.0] * 9))
    assert half.audited.rows.tolist() == [9]
    assert half.units == 9
    assert math.isclose(half.spread, 9 / 8)
