from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from warum.reasons.fractional import fractions, mix_and_rate, standardised

ANY = {"allow_nan": False, "allow_infinity": False}


def test_published_example() -> None:
    """Das Gupta 1993, Standardization and decomposition of rates (US Census P23-186), example 5.1.

    Households per 100 adults by age, United States 1970 and 1985: of the change of 2.9672 the age
    structure makes 1.2269 and the age-specific rates 1.7403 (with one variable Das Gupta's method
    is Kitagawa's).
    """
    size = np.array(
        [
            [12.9, 10.9, 9.5, 8.0, 7.8, 8.4, 8.6, 7.8, 7.0, 5.9, 4.7, 3.6, 4.9],
            [10.1, 11.2, 11.6, 10.9, 9.4, 7.7, 6.3, 6.0, 6.3, 5.9, 5.1, 4.0, 5.5],
        ]
    )
    rate = np.array(
        [
            [1.9, 25.8, 45.7, 49.6, 51.2, 51.6, 51.8, 54.9, 58.7, 60.4, 62.8, 66.6, 66.8],
            [2.2, 24.3, 45.8, 52.5, 56.1, 55.6, 56.0, 57.4, 57.2, 61.2, 63.9, 68.6, 72.2],
        ]
    )
    found = mix_and_rate(size, size * rate)
    np.testing.assert_allclose(found.overall, [44.7268, 47.6940], atol=5e-5)
    assert found.mix.sum() == pytest.approx(1.2269, abs=5e-5)
    assert found.rate.sum() == pytest.approx(1.7403, abs=5e-5)


def test_second_published_example() -> None:
    """The same, example 5.3: deaths per 1,000 by race and age, United States 1970 and 1985.

    Rates -2.2277; structure of age 1.5217 and race 0.0198, together the mix.
    """
    size = np.array(
        [
            [2968, 11484, 34614, 30992, 21983, 20314, 20928, 16897, 11339, 5720, 1315,
             535, 2162, 6120, 4781, 3096, 2718, 2363, 1767, 1149, 448, 117],
            [3041, 11577, 27450, 32711, 35480, 27411, 19555, 19795, 15254, 8022, 2472,
             707, 2692, 6473, 6841, 6547, 4352, 3034, 2540, 1749, 804, 236],
        ]
    )  # fmt: skip
    rate = np.array(
        [
            [18.469, 0.751, 0.391, 1.146, 1.287, 2.672, 6.636, 15.691, 34.723, 79.763, 176.837,
             36.993, 1.352, 0.541, 2.040, 3.523, 6.746, 12.967, 24.471, 45.091, 74.902, 123.205],
            [9.163, 0.462, 0.248, 0.929, 1.084, 1.810, 4.715, 12.187, 27.728, 64.068, 157.570,
             17.208, 0.738, 0.328, 1.103, 2.045, 3.724, 8.052, 17.812, 34.128, 68.276, 125.161],
        ]
    )  # fmt: skip
    found = mix_and_rate(size, size * rate)
    np.testing.assert_allclose(found.overall, [9.421833, 8.735618], atol=5e-7)
    assert found.rate.sum() == pytest.approx(-2.2277254, abs=5e-7)
    assert found.mix.sum() == pytest.approx(1.5217347 + 0.0197749, abs=1e-6)


def test_by_hand() -> None:
    """Share of waiting 0.2 -> 0.4, metric -50 -> -25; the rest stays at 50."""
    found = mix_and_rate(np.array([[2.0, 8.0], [4.0, 6.0]]), np.array([[-100, 400], [-100, 300]]))
    np.testing.assert_allclose(found.overall, [30, 20])
    np.testing.assert_allclose(found.mix, [(-37.5 - 25) * 0.2, (50 - 25) * -0.2])
    np.testing.assert_allclose(found.rate, [0.3 * 25, 0])


def test_fractions() -> None:
    mentions = np.array([[1, 1, 0], [0, 0, 0], [1, 1, 1], [0, 0, 1]], dtype=bool)
    parts = fractions(mentions, [[0, 1], [2]])
    np.testing.assert_allclose(parts, [[1, 0, 0], [0, 0, 1], [0.5, 0.5, 0], [0, 1, 0]])
    assert fractions(mentions[:0], [[0], [1]]).shape == (0, 3)
    np.testing.assert_allclose(fractions(mentions, []), np.ones((4, 1)))


MASS = arrays(float, (2, 4), elements=st.just(0.0) | st.floats(0.01, 1e3, **ANY)).map(
    lambda mass: np.maximum(mass, [[0.0, 0, 0, 1], [0, 0, 0, 1]])  # neither side is empty
)
METRIC = arrays(float, (2, 4), elements=st.floats(-100, 100, **ANY))


@settings(deadline=None)
@given(mass=MASS, metric=METRIC)
def test_parts_sum_to_the_change_and_swap_signs(mass: np.ndarray, metric: np.ndarray) -> None:
    found = mix_and_rate(mass, mass * metric)
    change = found.overall[1] - found.overall[0]
    assert found.total.sum() == pytest.approx(change, abs=1e-9)
    back = mix_and_rate(mass[::-1], (mass * metric)[::-1])
    np.testing.assert_allclose(back.mix, -found.mix, atol=1e-9)
    np.testing.assert_allclose(back.rate, -found.rate, atol=1e-9)
    scaled = mix_and_rate(3 * mass, 3 * mass * (metric + 7))  # weights scale, the metric is shifted
    np.testing.assert_allclose(scaled.mix, found.mix, atol=1e-9)
    np.testing.assert_allclose(scaled.rate, found.rate, atol=1e-9)
    alone = (mass > 0).sum(axis=0) == 1
    assert (found.rate[alone] == 0).all()
    assert (found.total[(mass == 0).all(axis=0)] == 0).all()


@settings(deadline=None)
@given(mass=MASS, metric=METRIC)
def test_standardising_leaves_the_change_within_segments(
    mass: np.ndarray, metric: np.ndarray
) -> None:
    segments = mix_and_rate(mass, mass * metric)
    alike = standardised(segments)
    weight = mass * alike.factor
    overall = (weight * metric).sum(axis=1) / weight.sum(axis=1)
    shares = weight / weight.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(shares[0], shares[1], atol=1e-9)
    within = float(alike.common) * (overall[1] - overall[0])
    assert within == pytest.approx(segments.rate.sum(), abs=1e-9)


def test_many_at_once_are_as_one_by_one() -> None:
    rng = np.random.default_rng(1)
    mass, score = rng.random((5, 2, 3)), rng.normal(size=(5, 2, 3))
    together = mix_and_rate(mass, score)
    for one in range(5):
        alone = mix_and_rate(mass[one], score[one])
        np.testing.assert_allclose(together.mix[one], alone.mix)
        np.testing.assert_allclose(together.rate[one], alone.rate)
