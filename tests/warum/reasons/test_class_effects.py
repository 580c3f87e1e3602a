from __future__ import annotations

import numpy as np
import pytest

from warum.reasons import class_model
from warum.reasons.class_effects import class_effects
from warum.reasons.class_families import Family, Multinomial, Ordered
from warum.reasons.class_model import fit_class_model
from warum.reasons.design import Design

VALUES = np.array([-100.0, 0, 100])
FAMILIES = pytest.mark.parametrize("family", [Ordered(), Multinomial()], ids=lambda f: f.name)


class Data:
    def __init__(self, n: int = 240) -> None:
        rng = np.random.default_rng(0)
        self.mentions = rng.random((n, 3)) < [0.15, 0.3, 0.5]
        self.controls = rng.normal(2020, 3, size=(n, 1))
        self.customers = np.sort(rng.integers(0, n // 3, n))
        latent = self.mentions @ [1, -2, 1] + 0.1 * (self.controls[:, 0] - 2020)
        self.classes = np.digitize(latent + rng.logistic(size=n), [-1.0, 1])
        self.weights = rng.uniform(0.3, 2, n)

    def fit(self, family: Family, rows: np.ndarray | slice = slice(None)) -> class_model.ClassModel:
        design = Design((self.mentions[rows], self.controls[rows]))
        return fit_class_model(design, self.classes[rows], family, weights=self.weights[rows])


@FAMILIES
def test_means_of_predictions_with_and_without(family: Family) -> None:
    data = Data()
    model = data.fit(family)
    found = class_effects(model, VALUES, 3)
    weights = data.weights / data.weights.sum()

    def metric(mentions: np.ndarray) -> float:
        moved = Design((mentions, data.controls))
        x = (moved.rows(slice(None)) - model.design.offsets()) / model.scale
        return float(weights @ family.metric(model.predictors(x), VALUES)[0])

    assert found.fitted == pytest.approx(metric(data.mentions))
    for j in range(3):
        present, absent = data.mentions.copy(), data.mentions.copy()
        present[:, j], absent[:, j] = True, False
        assert found.effects[j] == pytest.approx(metric(present) - metric(absent))
        assert found.impacts[j] == pytest.approx(found.fitted - metric(absent))
    if family.name == "multinomial-logit":  # its mean is the observed one
        assert found.fitted == pytest.approx(float(weights @ VALUES[data.classes]))


@FAMILIES
@pytest.mark.parametrize("clustered", [False, True])
def test_variances_are_those_of_the_jackknife(family: Family, clustered: bool) -> None:
    data = Data(120)
    groups = data.customers if clustered else np.arange(len(data.classes))
    found = class_effects(data.fit(family), VALUES, 3, clusters=groups if clustered else None)
    names = np.unique(groups)
    left = []
    for name in names:
        again = class_effects(data.fit(family, groups != name), VALUES, 3)
        left.append(np.concatenate((again.effects, again.impacts)))
    count = len(names)
    jackknife = np.var(left, axis=0) * (count - 1)
    ours = np.concatenate((found.effect_variance, found.impact_variance))
    # One Newton step instead of all: nearer for fewer parameters.
    np.testing.assert_allclose(
        ours, jackknife, rtol=0.12 if family.name == "ordered-logit" else 0.3
    )


def test_one_pair_and_two_classes_are_a_difference_of_shares() -> None:
    mentions = np.zeros((300, 1), dtype=bool)
    mentions[:60] = True
    classes = np.concatenate((np.arange(60) < 15, np.arange(240) < 180)).astype(np.int64)
    model = fit_class_model(Design((mentions,)), classes, Ordered())
    found = class_effects(model, np.array([0.0, 100]), 1)
    assert found.effects[0] == pytest.approx(25 - 75)
    assert found.impacts[0] == pytest.approx(-50 * 0.2)
    # HC3 of a difference of two means.
    by_hand = 100**2 * (0.25 * 0.75 * 60 / 59**2 + 0.75 * 0.25 * 240 / 239**2)
    assert found.effect_variance[0] == pytest.approx(by_hand, rel=1e-6)


@FAMILIES
def test_neither_blocks_nor_the_order_of_rows_matter(
    family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = Data()
    whole = class_effects(data.fit(family), VALUES, 3, clusters=data.customers)
    monkeypatch.setattr(class_model, "_BLOCK_NUMBERS", 1)
    mixed = np.random.default_rng(1).permutation(len(data.classes))
    parts = class_effects(data.fit(family, mixed), VALUES, 3, clusters=data.customers[mixed])
    np.testing.assert_allclose(parts.effects, whole.effects, rtol=1e-7)
    np.testing.assert_allclose(parts.impacts, whole.impacts, rtol=1e-7)
    np.testing.assert_allclose(parts.effect_variance, whole.effect_variance, rtol=1e-6)
    np.testing.assert_allclose(parts.impact_variance, whole.impact_variance, rtol=1e-6)


def test_a_large_customer_is_solved_the_short_way() -> None:
    """Both ways of leaving a customer out give the same."""
    data = Data(90)
    few = np.where(np.arange(90) < 40, 0, np.arange(90))
    found = class_effects(data.fit(Ordered()), VALUES, 3, clusters=few)
    again = class_effects(data.fit(Ordered(), few != 0), VALUES, 3)
    assert np.isfinite(found.effect_variance).all()
    assert (np.abs(again.effects) > 0).all()
