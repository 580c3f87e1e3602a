"""The mix: the base without labels, a plain logistic curve with many, something between with few."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from warum_models.own.experts import fit_meaning, fit_words
from warum_models.own.mixing import BASE_IS_RIGHT, Prior, fit_logistic, fit_mix, fit_pooled, sigmoid
from warum_models.own.polarity import PolarityHead, fit_polarity_mix, mixed
from warum_models.own.thresholds import choose_thresholds


def _world(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=(n, 3))
    scores = truth[..., None] + rng.normal(size=(n, 3, 3)) * np.array([2.0, 0.7, 1.5])
    return scores, rng.random((n, 3)) < sigmoid(2 * truth - 1)


def test_it_agrees_with_scikit_learn() -> None:
    scores, present = _world(400)
    flat = scores[:, 0]
    ours = fit_logistic(flat, present[:, 0], Prior(np.zeros(4), np.array([1.0, 1.0, 1.0, 1e-8])))
    theirs = LogisticRegression(C=1.0, tol=1e-8, max_iter=500).fit(flat, present[:, 0])
    assert ours[:3] == pytest.approx(theirs.coef_[0], abs=1e-3)
    assert ours[3] == pytest.approx(theirs.intercept_[0], abs=1e-3)


def test_without_labels_the_base_decides() -> None:
    assert fit_pooled(np.zeros((0, 2, 3)), np.zeros((0, 2), bool)).tolist() == pytest.approx(
        BASE_IS_RIGHT.mean.tolist()
    )


def test_with_many_labels_the_better_expert_wins() -> None:
    scores, present = _world(3000)
    mix = fit_mix(scores, present, np.ones(3, bool))
    assert (mix.weights[:, 1] > 2 * mix.weights[:, 0]).all()
    p = mix.probabilities(scores)
    assert abs(p.mean() - present.mean()) < 0.01


def test_labels_without_positives_take_the_base_alone() -> None:
    scores, present = _world(200)
    present[:, 2] = False
    mix = fit_mix(scores, present, np.array([True, True, False]))
    assert mix.weights[2, 1:3].tolist() == [0.0, 0.0]
    assert mix.weights[2, 0] > 0


def test_the_quick_solver_finds_the_optimum() -> None:
    rng = np.random.default_rng(1)
    features = rng.normal(size=(200, 8)) / np.sqrt(8)
    present = rng.random((200, 2)) < sigmoid(features[:, :2] * 6 - 1)
    ours = fit_meaning(features, present, 3.0)
    for j in range(2):
        # liblinear's penalty covers the bias too, as ours does
        theirs = LogisticRegression(C=3.0, solver="liblinear", tol=1e-8).fit(
            features, present[:, j]
        )
        assert ours.coefficients[:, j] == pytest.approx(theirs.coef_[0], abs=2e-3)


@pytest.mark.parametrize("positives", [0, 1])
def test_experts_without_positives_say_nothing(positives: int) -> None:
    present = np.zeros((20, 1), bool)
    present[:positives] = True
    features = np.random.default_rng(0).normal(size=(20, 4))
    for expert in (fit_meaning(features, present, 1.0), fit_words(features, present)):
        assert not expert.coefficients.any()
        assert not expert.bias.any()


def test_thresholds_follow_the_labels_where_there_are_many() -> None:
    rng = np.random.default_rng(0)
    p = rng.random((4000, 2))
    present = rng.random((4000, 2)) < p
    best = choose_thresholds(p, present, 0.4)
    # The F1-optimal threshold of calibrated probabilities is half the best F1 (Lipton et al. 2014).
    f1 = 2 * (present & (p >= 0.38)).sum() / ((p >= 0.38).sum() + present.sum())
    assert best == pytest.approx([f1 / 2, f1 / 2], abs=0.03)


def test_without_labels_the_fallback_is_the_threshold() -> None:
    nothing = np.zeros((50, 1), bool)
    assert choose_thresholds(np.full((50, 1), 0.01), nothing, 0.37)[0] == pytest.approx(0.37)


def test_polarity_leans_on_the_base_until_the_labels_say_otherwise() -> None:
    rng = np.random.default_rng(0)
    side = rng.integers(0, 3, 600)
    useless = rng.dirichlet(np.ones(3), 600)
    right = np.eye(3)[side] * 3 + rng.normal(size=(600, 3))
    few = fit_polarity_mix(useless[:5], right[:5], side[:5])
    many = fit_polarity_mix(useless, right, side)
    assert few[0] > 0.5 > many[0]
    assert many[1] > 0.7
    assert (mixed(useless, right, many).argmax(axis=1) == side).mean() > 0.9
    assert PolarityHead.none(4, 5).silent
