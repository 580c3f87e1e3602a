"""Precision, recall, F1, their intervals, and calibration."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import precision_recall_fscore_support

from warum_models.own.card import right_of
from warum_models.own.figures import (
    Counts,
    Figure,
    calibration,
    for_json,
    label_scores,
    share_right,
    wilson,
)


def _world(n: int, k: int = 3, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    present = rng.random((n, k)) < 0.3
    found = np.where(rng.random((n, k)) < 0.8, present, rng.random((n, k)) < 0.3)
    return present, found


@pytest.mark.parametrize(("hits", "n"), [(0, 5), (5, 5), (3, 10), (90, 200)])
def test_wilson_is_wilson(hits: int, n: int) -> None:
    expected = binomtest(hits, n).proportion_ci(method="wilson")
    assert wilson(hits, n) == pytest.approx((expected.low, expected.high), abs=1e-6)


def test_nothing_tells_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


def test_figures_agree_with_scikit_learn() -> None:
    present, found = _world(300)
    counts = Counts(present, found, np.arange(300))
    precision, recall, f1, _ = precision_recall_fscore_support(present, found)
    for j, scores in enumerate(label_scores(counts, "abc")):
        assert scores.precision.value == pytest.approx(precision[j])
        assert scores.recall.value == pytest.approx(recall[j])
        assert scores.f1.value == pytest.approx(f1[j])
        assert scores.f1.low < scores.f1.value < scores.f1.high
    assert counts.macro().value == pytest.approx(f1.mean())
    micro = precision_recall_fscore_support(present, found, average="micro")[2]
    assert counts.of("micro", np.arange(3)).f1.value == pytest.approx(micro)


def test_intervals_hold_the_truth_nineteen_times_in_twenty() -> None:
    present, found = _world(200_000, seed=99)
    big = 2 * (present & found).sum() / (present.sum() + found.sum())
    held = 0
    for seed in range(60):
        f1 = Counts(*_world(150, seed=seed), np.arange(150)).of("all", np.arange(3)).f1
        held += f1.low <= big <= f1.high
    # 60 × 0.95 = 57; the wider of two intervals covers at least that, less 2.4 sd (1.7) of the binomial
    assert held >= 53


def test_texts_of_one_customer_widen_the_interval() -> None:
    present, found = _world(40)
    alone = Counts(present, found, np.arange(40)).of("x", np.array([0])).f1
    tenfold = np.repeat(present, 10, axis=0), np.repeat(found, 10, axis=0)
    clustered = Counts(*tenfold, np.repeat(np.arange(40), 10)).of("x", np.array([0])).f1
    naive = Counts(*tenfold, np.arange(400)).of("x", np.array([0])).f1
    assert clustered.high - clustered.low > 2 * (naive.high - naive.low)
    assert clustered.high - clustered.low == pytest.approx(alone.high - alone.low, abs=0.1)


def test_all_right_is_not_certain() -> None:
    right = share_right(np.ones(8, bool), np.arange(8))
    assert (right.value, right.n) == (1.0, 8)
    assert right.low < 0.75


def test_a_label_never_found_has_no_precision() -> None:
    scores = Counts(np.ones((4, 1), bool), np.zeros((4, 1), bool), np.arange(4)).of(
        "x", np.array([0])
    )
    assert np.isnan(scores.precision.value)
    assert scores.recall.value == 0


def test_calibration_error() -> None:
    rng = np.random.default_rng(0)
    p = rng.random((5000, 4))
    right = calibration(p, rng.random(p.shape) < p)
    wrong = calibration(p, rng.random(p.shape) < p**3)
    assert right.error < 0.02 < 0.15 < wrong.error
    assert right.n == int((p >= 0.1).sum())
    assert len(right.bins) == 15
    assert calibration(np.zeros((3, 2)), np.zeros((3, 2), bool)).n == 0


def test_json_gets_four_decimals_and_no_nan() -> None:
    told = {"f1": 0.123456, "parts": (float("nan"), [1, "x", None]), "inner": {"low": 1.0}}
    assert for_json(told) == {"f1": 0.1235, "parts": [None, [1, "x", None]], "inner": {"low": 1.0}}


def test_a_share_of_no_cases_is_said_in_words() -> None:
    assert right_of(Figure(math.nan, math.nan, math.nan, 0)) == "there are no cases to tell"
    assert right_of(Figure(0.5, 0.25, 0.75, 8)) == "0.50 (0.25-0.75) right of 8"
