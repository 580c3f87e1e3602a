"""Calibration: curves for known labels, one for all others, temperatures that keep the order."""

from __future__ import annotations

import numpy as np
import pytest

from warum_models.calibration import Calibration, sigmoid, softmax

CALIBRATION = Calibration.parse(
    {"curves": {"a": [2.0, -1.0, 0.4]}, "other": [1.0, 0.5, 0.3], "temperatures": {"document": 2.0}}
)


def test_a_label_that_was_never_seen_takes_the_common_curve() -> None:
    curves = CALIBRATION.curves_of(["a", "b", "a"], [True, True, False])
    assert curves.tolist() == [[2.0, -1.0, 0.4], [1.0, 0.5, 0.3], [1.0, 0.5, 0.3]]
    assert CALIBRATION.curves_of([], []).shape == (0, 3)


def test_temperature_softens() -> None:
    logits = np.array([[0.0, 2.0, 4.0]])
    soft, hard = CALIBRATION.softmax("document", logits), CALIBRATION.softmax("emotion", logits)
    assert soft.argmax() == hard.argmax() == 2
    assert soft.max() < hard.max()
    assert soft.sum() == pytest.approx(1, abs=1e-6)


def test_extreme_scores_stay_probabilities() -> None:
    values = np.array([-1e9, -30.0, 0.0, 30.0, 1e9])
    found = sigmoid(values)
    assert np.isfinite(found).all()
    assert ((found >= 0) & (found <= 1)).all()
    assert found[2] == 0.5
    assert np.isfinite(softmax(np.array([[1e9, -1e9, 0.0]]))).all()
