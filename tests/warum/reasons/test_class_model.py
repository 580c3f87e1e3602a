from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.optimize import check_grad, linprog

from warum.reasons.class_families import Family, Multinomial, Ordered
from warum.reasons.class_model import NoConvergenceError, fit_class_model, sort_classes
from warum.reasons.design import Design

FAMILIES = (Ordered(), Multinomial())


@dataclass(frozen=True)
class Data:
    mentions: np.ndarray
    years: np.ndarray
    classes: np.ndarray
    weights: np.ndarray

    @property
    def design(self) -> Design:
        return Design((self.mentions, self.years))

    @property
    def matrix(self) -> np.ndarray:
        return np.column_stack((self.mentions, self.years - self.years.mean()))


@pytest.fixture(scope="module")
def data() -> Data:
    rng = np.random.default_rng(0)
    n = 400
    mentions = rng.random((n, 4)) < [0.1, 0.3, 0.5, 0.2]
    years = rng.normal(2020, 3, size=(n, 1))
    latent = mentions @ [1, -2, 1, 0.5] + 0.1 * (years[:, 0] - 2020) + rng.logistic(size=n)
    return Data(mentions, years, np.digitize(latent, [-1, 0.0, 1.0]), rng.uniform(0.3, 2, n))


def test_proportional_odds_equals_statsmodels(data: Data) -> None:
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    fit = fit_class_model(data.design, data.classes, Ordered())
    reference = OrderedModel(data.classes, data.matrix, distr="logit").fit(method="bfgs", disp=0)
    np.testing.assert_allclose(fit.slopes[:, 0] / fit.scale, reference.params[:5], atol=1e-4)
    assert fit.likelihood == pytest.approx(reference.llf, abs=1e-6)
    thresholds = OrderedModel(data.classes, data.matrix, distr="logit")
    # One scale for the year, so that the standard errors can be compared.
    errors = np.sqrt(np.diag(np.linalg.inv(fit.information)))[3:] / fit.scale
    np.testing.assert_allclose(errors, reference.bse[:5], rtol=1e-3)
    cuts = thresholds.transform_threshold_params(reference.params)[1:-1]
    np.testing.assert_allclose(fit.intercepts, cuts, atol=1e-4)


def test_multinomial_equals_statsmodels(data: Data) -> None:
    import statsmodels.api as sm

    fit = fit_class_model(data.design, data.classes, Multinomial())
    reference = sm.MNLogit(data.classes, sm.add_constant(data.matrix)).fit(disp=0)
    params = np.asarray(reference.params)
    np.testing.assert_allclose(fit.slopes / fit.scale[:, None], params[1:], atol=1e-4)
    np.testing.assert_allclose(fit.intercepts, params[0], atol=1e-4)
    assert fit.likelihood == pytest.approx(reference.llf, abs=1e-6)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_two_classes_equal_weighted_logit(data: Data, family: Family) -> None:
    import statsmodels.api as sm

    upper = (data.classes > 1).astype(np.int64)
    fit = fit_class_model(data.design, upper, family, weights=data.weights)
    scaled = data.weights / data.weights.mean()
    reference = sm.GLM(
        upper, sm.add_constant(data.matrix), family=sm.families.Binomial(), freq_weights=scaled
    ).fit()
    np.testing.assert_allclose(fit.slopes[:, 0] / fit.scale, reference.params[1:], atol=1e-6)
    assert fit.held == frozenset()


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_derivatives(family: Family) -> None:
    rng = np.random.default_rng(1)
    h = np.sort(rng.normal(size=(5, 3)), axis=1)
    classes, values = np.array([0, 1, 2, 3, 1]), np.array([-100.0, 0, 30, 100])
    second = family.terms(h, classes)[1]
    _, slope = family.metric(h, values)
    for row in range(5):
        at, one = h[row], classes[row : row + 1]

        def value(z: np.ndarray, one: np.ndarray = one) -> float:
            return float(family.likelihood(z[None], one)[0])

        def gradient(z: np.ndarray, one: np.ndarray = one) -> np.ndarray:
            return family.terms(z[None], one)[0][0]

        assert check_grad(value, gradient, at) < 1e-6
        for k in range(3):
            step = np.eye(3)[k] * 1e-6
            numeric = (gradient(at + step) - gradient(at - step)) / 2e-6
            np.testing.assert_allclose(second[row, k], -numeric, atol=1e-6)
            moved = (
                family.metric((at + step)[None], values)[0]
                - family.metric((at - step)[None], values)[0]
            )
            assert slope[row, k] == pytest.approx(float(moved[0]) / 2e-6, abs=1e-4)


def test_both_families_give_the_expected_value() -> None:
    values = np.array([-100.0, 0, 100])
    ordered, _ = Ordered().metric(np.log([[0.2 / 0.8, 0.5 / 0.5]]), values)
    assert ordered[0] == pytest.approx(-0.2 * 100 + 0.5 * 100)
    multinomial, _ = Multinomial().metric(np.log([[0.3 / 0.2, 0.5 / 0.2]]), values)
    assert multinomial[0] == pytest.approx(30.0)


def separated_by_programme(x: np.ndarray, classes: np.ndarray, top: int) -> set[int]:
    """Columns with an infinite slope: the linear programme of Konis (2007) for ordered classes.

    The direction's total gain is the largest; columns that it moves are separated.
    """
    cuts, p = top, x.shape[1]
    gains = []
    for row, k in zip(x, classes, strict=True):
        for cut, sign in ((k, 1.0), (k - 1, -1.0)):
            if 0 <= cut < cuts:
                gains.append(sign * np.concatenate((np.eye(cuts)[cut], -row)))
    gain = np.unique(np.array(gains), axis=0)
    found = linprog(-gain.sum(axis=0), A_ub=-gain, b_ub=np.zeros(len(gain)), bounds=(-1, 1))
    return {j for j in range(p) if abs(found.x[cuts + j]) > 1e-7}


@pytest.mark.parametrize("seed", range(6))
def test_separation_is_found_as_by_linear_programming(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 150
    mentions = rng.random((n, 6)) < [0.03, 0.04, 0.05, 0.06, 0.3, 0.4]
    classes = np.digitize(mentions @ [-4.0, 4, -4, 0, 1, -1] + rng.logistic(size=n), [-1.0, 1])
    mentions = mentions[:, mentions.sum(axis=0) > 0]
    fit = fit_class_model(Design((mentions,)), classes, Ordered())
    separated = separated_by_programme(mentions.astype(float), classes, 2)
    # A column that separates only because another one does is finite once that one is held.
    assert fit.held <= separated
    assert bool(fit.held) == bool(separated)
    assert (np.abs(fit.slopes) < 10).all()


def test_a_separated_pair_is_held_as_by_half_a_case_on_each_side() -> None:
    """One column, two classes: log-F(1,1) gives log odds of (hits + 1/2) / (misses + 1/2)."""
    mentions = np.zeros((200, 1), dtype=bool)
    mentions[:6] = True
    classes = np.concatenate((np.ones(6), np.repeat([0, 1], 97))).astype(np.int64)
    fit = fit_class_model(Design((mentions,)), classes, Ordered())
    assert fit.held == {0}
    slope, base = fit.slopes[0, 0], -fit.intercepts[0]
    chance = 1 / (1 + np.exp(-base - slope))
    # The prior's score: 6 (1 - chance) + 1/2 - logistic(slope) = 0.
    assert 6 * (1 - chance) + 0.5 - 1 / (1 + np.exp(-slope)) == pytest.approx(0, abs=1e-6)
    assert base == pytest.approx(0, abs=0.02)
    assert 2 < slope < 4  # ln(6.5 / 0.5) = 2.56


def test_all_classes_must_occur() -> None:
    design = Design((np.eye(4, 1, dtype=bool),))
    with pytest.raises(ValueError, match="none empty"):
        fit_class_model(design, np.array([0, 2, 2, 0]), Ordered())
    with pytest.raises(ValueError, match="two or more"):
        fit_class_model(design, np.zeros(4, dtype=np.int64), Ordered())


def test_a_singular_design_is_no_silent_number() -> None:
    rng = np.random.default_rng(2)
    one = rng.random((50, 1)) < 0.5
    design = Design((np.concatenate((one, one), axis=1),))
    with pytest.raises((NoConvergenceError, np.linalg.LinAlgError)):
        fit_class_model(design, rng.integers(0, 2, 50), Ordered())


def test_classes_are_the_values_that_occur() -> None:
    values, classes = sort_classes(np.array([100.0, -100, 0, 100]))
    assert values.tolist() == [-100, 0, 100]
    assert classes.tolist() == [2, 0, 1, 2]
