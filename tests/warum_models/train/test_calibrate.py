"""Curves, thresholds, temperatures and shares find what made the data."""

from __future__ import annotations

import numpy as np
import pytest

from warum_models.train.calibrate import (
    Measured,
    Scores,
    best_threshold,
    f1_of,
    fit,
    fit_curves,
    fit_shares,
    fit_temperature,
    together,
)
from warum_models.train.labelbank import CODES
from warum_models.train.tasks import Task

RNG = np.random.default_rng(5)
K = len(CODES)


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def test_curves_find_slope_and_offsets() -> None:
    column = np.repeat(np.arange(3), 4000)
    scores = RNG.normal(size=12_000) * 2
    there = RNG.random(12_000) < _sigmoid(0.7 * scores + np.array([-2.0, 0.0, 1.0])[column])
    slope, offsets = fit_curves(scores, there, column, 3)
    assert slope == pytest.approx(0.7, abs=0.05)
    assert offsets == pytest.approx([-2.0, 0.0, 1.0], abs=0.15)


def test_a_label_without_data_takes_the_common_offset() -> None:
    scores = RNG.normal(size=2000)
    there = RNG.random(2000) < _sigmoid(scores - 1)
    _, offsets = fit_curves(scores, there, np.zeros(2000, dtype=np.int64), 2)
    assert offsets[1] == pytest.approx(offsets[0], abs=0.2)


def test_the_temperature_undoes_overconfidence() -> None:
    logits = RNG.normal(size=(5000, 3)) * 2
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    drawn = np.array([RNG.choice(3, p=p) for p in shares])
    assert fit_temperature(logits * 2.5, np.eye(3)[drawn]) == pytest.approx(2.5, rel=0.1)


def test_the_threshold_lies_where_f1_is_best() -> None:
    probability = RNG.random(20_000)
    there = RNG.random(20_000) < probability
    threshold = best_threshold(probability, there)
    best = max(f1_of(probability >= t, there) for t in np.arange(0.2, 0.66, 0.01))
    assert f1_of(probability >= threshold, there) >= best - 0.005


def _measured(signal: np.ndarray, there: np.ndarray, noise: float, seed: int) -> Measured:
    """Scores that see a part of the signal."""
    rng = np.random.default_rng(seed)
    n = len(signal)
    side = there[:, 0].astype(int) * 2
    tasks = [
        Task(
            f"t{i}", "de" if i % 2 else "en", "authored",
            present={f"cx:{CODES[j]}": [(int(side[i]), 0, 1)] for j in np.flatnonzero(there[i])},
            document=(1.0, 0.0, 0.0), emotion=i % 9, intent=i % 7, effort=i % 3,
        )
        for i in range(n)
    ]  # fmt: skip
    told = {"document": rng.normal(size=(n, 3)), "emotion": np.eye(9)[np.arange(n) % 9] * 3,
            "intent": np.eye(7)[np.arange(n) % 7] * 3, "effort": rng.normal(size=(n, 3))}  # fmt: skip
    presence = signal + rng.normal(size=signal.shape) * noise
    polarity = np.tile(np.eye(3)[side][:, None] * 2, (1, K, 1))
    return Measured(
        tasks,
        Scores(presence, polarity, told),
        [(Scores(presence[:, :5], polarity[:, :5], told), there[:, :5])],
    )


def test_two_readers_together_are_better_than_one() -> None:
    there = RNG.random((1500, K)) < 0.15
    signal = np.where(there, 1.0, -1.0)
    first, second = (_measured(signal, there, 1.5, seed) for seed in (1, 2))
    shares = fit_shares(first, second)
    assert shares["known"] == pytest.approx(1.0, abs=0.25)
    assert shares["other"] == pytest.approx(1.0, abs=0.35)
    alone, both = fit(first)[1], fit(together(first, second, shares))[1]
    assert both["held_out_micro_f1"] > alone["held_out_micro_f1"] + 0.05
    assert both["unseen_taxonomies_micro_f1"] > alone["unseen_taxonomies_micro_f1"]
    assert set(both["held_out_micro_f1_by_language"]) == {"de", "en"}


def test_a_reader_that_knows_nothing_counts_nothing() -> None:
    there = RNG.random((1500, K)) < 0.15
    signal = np.where(there, 1.0, -1.0)
    shares = fit_shares(_measured(signal, there, 0.8, 1), _measured(signal * 0, there, 3.0, 2))
    assert shares["known"] <= 0.1
