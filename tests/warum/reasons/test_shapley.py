"""LMG shares and Johnson's weights against published figures.

swiss (in every R): Fertility of 47 provinces about 1888 on five columns. Its LMG shares are those of
`calc.relimp` in the R package relaimpo (Grömping 2006, Journal of Statistical Software 17(1), whose
example it is). mtcars (in every R; Henderson and Velleman 1981): the example of the R package rwa
(`vignette("introduction-to-rwa")`), whose method is that of Tonidandel and LeBreton 2015.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from warum.reasons.shapley import relative_weights, split_r_squared

# fmt: off
SWISS = np.array([  # Agriculture, Examination, Education, Catholic, Infant.Mortality, Fertility
    (17, 15, 12, 9.96, 22.2, 80.2), (45.1, 6, 9, 84.84, 22.2, 83.1), (39.7, 5, 5, 93.4, 20.2, 92.5),
    (36.5, 12, 7, 33.77, 20.3, 85.8), (43.5, 17, 15, 5.16, 20.6, 76.9), (35.3, 9, 7, 90.57, 26.6, 76.1),
    (70.2, 16, 7, 92.85, 23.6, 83.8), (67.8, 14, 8, 97.16, 24.9, 92.4), (53.3, 12, 7, 97.67, 21, 82.4),
    (45.2, 16, 13, 91.38, 24.4, 82.9), (64.5, 14, 6, 98.61, 24.5, 87.1), (62, 21, 12, 8.52, 16.5, 64.1),
    (67.5, 14, 7, 2.27, 19.1, 66.9), (60.7, 19, 12, 4.43, 22.7, 68.9), (69.3, 22, 5, 2.82, 18.7, 61.7),
    (72.6, 18, 2, 24.2, 21.2, 68.3), (34, 17, 8, 3.3, 20, 71.7), (19.4, 26, 28, 12.11, 20.2, 55.7),
    (15.2, 31, 20, 2.15, 10.8, 54.3), (73, 19, 9, 2.84, 20, 65.1), (59.8, 22, 10, 5.23, 18, 65.5),
    (55.1, 14, 3, 4.52, 22.4, 65), (50.9, 22, 12, 15.14, 16.7, 56.6), (54.1, 20, 6, 4.2, 15.3, 57.4),
    (71.2, 12, 1, 2.4, 21, 72.5), (58.1, 14, 8, 5.23, 23.8, 74.2), (63.5, 6, 3, 2.56, 18, 72),
    (60.8, 16, 10, 7.72, 16.3, 60.5), (26.8, 25, 19, 18.46, 20.9, 58.3), (49.5, 15, 8, 6.1, 22.5, 65.4),
    (85.9, 3, 2, 99.71, 15.1, 75.5), (84.9, 7, 6, 99.68, 19.8, 69.3), (89.7, 5, 2, 100, 18.3, 77.3),
    (78.2, 12, 6, 98.96, 19.4, 70.5), (64.9, 7, 3, 98.22, 20.2, 79.4), (75.9, 9, 9, 99.06, 17.8, 65),
    (84.6, 3, 3, 99.46, 16.3, 92.2), (63.1, 13, 13, 96.83, 18.1, 79.3), (38.4, 26, 12, 5.62, 20.3, 70.4),
    (7.7, 29, 11, 13.79, 20.5, 65.7), (16.7, 22, 13, 11.22, 18.9, 72.7), (17.6, 35, 32, 16.92, 23, 64.4),
    (37.6, 15, 7, 4.97, 20, 77.6), (18.7, 25, 7, 8.65, 19.5, 67.6), (1.2, 37, 53, 42.34, 18, 35),
    (46.6, 16, 29, 50.43, 18.2, 44.7), (27.7, 22, 29, 58.33, 19.3, 42.8),
])
MTCARS = np.array([  # cyl, disp, hp, gear, mpg
    (6, 160, 110, 4, 21), (6, 160, 110, 4, 21), (4, 108, 93, 4, 22.8), (6, 258, 110, 3, 21.4),
    (8, 360, 175, 3, 18.7), (6, 225, 105, 3, 18.1), (8, 360, 245, 3, 14.3), (4, 146.7, 62, 4, 24.4),
    (4, 140.8, 95, 4, 22.8), (6, 167.6, 123, 4, 19.2), (6, 167.6, 123, 4, 17.8), (8, 275.8, 180, 3, 16.4),
    (8, 275.8, 180, 3, 17.3), (8, 275.8, 180, 3, 15.2), (8, 472, 205, 3, 10.4), (8, 460, 215, 3, 10.4),
    (8, 440, 230, 3, 14.7), (4, 78.7, 66, 4, 32.4), (4, 75.7, 52, 4, 30.4), (4, 71.1, 65, 4, 33.9),
    (4, 120.1, 97, 3, 21.5), (8, 318, 150, 3, 15.5), (8, 304, 150, 3, 15.2), (8, 350, 245, 3, 13.3),
    (8, 400, 175, 3, 19.2), (4, 79, 66, 4, 27.3), (4, 120.3, 91, 5, 26), (4, 95.1, 113, 5, 30.4),
    (8, 351, 264, 5, 15.8), (6, 145, 175, 5, 19.7), (8, 301, 335, 5, 15), (4, 121, 109, 4, 21.4),
])
# fmt: on
SINGLES = [[j] for j in range(5)]


def test_lmg_of_swiss() -> None:
    split = split_r_squared(np.cov(SWISS.T), SINGLES, len(SWISS))
    expected = [0.05709122, 0.17117303, 0.26013468, 0.10557015, 0.11276592]
    np.testing.assert_allclose(split.parts, expected, atol=1e-8)
    assert split.parts.sum() == pytest.approx(0.7067, abs=5e-5)
    assert split.adjusted.sum() == pytest.approx(
        0.671, abs=5e-4
    )  # summary(lm(Fertility ~ ., swiss))
    assert split.orders == 0
    assert (split.error == 0).all()


def test_lmg_of_swiss_with_weights() -> None:
    weights = 1 + np.arange(1, 48) % 3  # calc.relimp(lm(…, weights = 1 + 1:47 %% 3))
    split = split_r_squared(np.cov(SWISS.T, aweights=weights), SINGLES, len(SWISS))
    expected = [0.05182081, 0.15494523, 0.25597708, 0.10195735, 0.12963242]
    np.testing.assert_allclose(split.parts, expected, atol=1e-8)


def test_relative_weights_of_mtcars() -> None:
    weights = relative_weights(np.cov(MTCARS.T))
    np.testing.assert_allclose(weights, [0.2284797, 0.2221469, 0.2321744, 0.0963886], atol=5e-8)
    assert weights.sum() == pytest.approx(0.7791896, abs=5e-8)


@pytest.mark.parametrize("method", ["lmg", "johnson"])
def test_two_columns_by_hand(method: str) -> None:
    """r12 = 0.5, r1 = 0.6, r2 = 0.4: R squared is 0.28 / 0.75; with two columns both methods agree."""
    covariance = np.array([[1, 0.5, 0.6], [0.5, 1, 0.4], [0.6, 0.4, 1]])
    whole = 0.28 / 0.75
    expected = [(0.36 + whole - 0.16) / 2, (0.16 + whole - 0.36) / 2]
    split = split_r_squared(covariance, [[0], [1]], 100)
    parts = split.parts if method == "lmg" else relative_weights(covariance)
    np.testing.assert_allclose(parts, expected)


def made(columns: int, seed: int = 1, rows: int = 300) -> np.ndarray:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, columns)) @ rng.normal(size=(columns, columns))
    y = x @ rng.normal(size=columns) + 3 * rng.normal(size=rows)
    return np.column_stack((x, y))


def r_squared(data: np.ndarray, columns: list[int]) -> float:
    x, y = data[:, columns] - data[:, columns].mean(axis=0), data[:, -1] - data[:, -1].mean()
    fitted = x @ np.linalg.lstsq(x, y, rcond=None)[0] if columns else 0 * y
    return float(1 - ((y - fitted) ** 2).sum() / (y**2).sum())


def test_groups_after_what_always_stands() -> None:
    """Against the definition: means over all orders, written out."""
    data, always, groups = made(7), [2, 5], [[0, 6], [1], [3, 4]]
    split = split_r_squared(np.cov(data.T), groups, len(data), always=always)
    gains, adjusted = np.zeros(3), np.zeros(3)
    n = len(data)
    for order in itertools.permutations(range(3)):
        columns = list(always)
        for g in order:
            before, k = r_squared(data, columns), len(columns)
            columns += groups[g]
            after = r_squared(data, columns)
            gains[g] += (after - before) / 6
            adjusted[g] += (1 - before) * (n - 1) / (n - k - 1) / 6
            adjusted[g] -= (1 - after) * (n - 1) / (n - len(columns) - 1) / 6
    np.testing.assert_allclose(split.parts, gains, atol=1e-12)
    np.testing.assert_allclose(split.adjusted, adjusted, atol=1e-12)
    assert split.always == pytest.approx(r_squared(data, always))


def test_a_sample_of_orders_agrees_with_all() -> None:
    covariance, groups = np.cov(made(12).T), [[0, 1, 2], [3], [4, 5], [6], [7, 8, 9], [10, 11]]
    exact = split_r_squared(covariance, groups, 300)
    sampled = split_r_squared(covariance, groups, 300, exact_up_to=5, orders=2_000)
    assert (np.abs(sampled.parts - exact.parts) < 4 * sampled.error).all()
    assert (np.abs(sampled.adjusted - exact.adjusted) < 4 * sampled.adjusted_error).all()
    assert sampled.parts.sum() == pytest.approx(exact.parts.sum(), abs=1e-12)
    assert (sampled.error > 0).all()
    assert sampled.orders == 2_000
    again = split_r_squared(covariance, groups, 300, exact_up_to=5, orders=2_000)
    np.testing.assert_array_equal(again.parts, sampled.parts)
    other = split_r_squared(covariance, groups, 300, exact_up_to=5, orders=2_000, seed=1)
    assert (other.parts != sampled.parts).any()


def test_the_monte_carlo_error_is_that_of_repeated_samples() -> None:
    covariance, groups = np.cov(made(8).T), [[j] for j in range(8)]
    runs = [
        split_r_squared(covariance, groups, 300, exact_up_to=1, orders=40, seed=seed)
        for seed in range(200)
    ]
    told = np.sqrt(np.mean([run.error**2 for run in runs], axis=0))
    np.testing.assert_allclose(told, np.std([run.parts for run in runs], axis=0), rtol=0.2)


def test_fifteen_groups_are_exact() -> None:
    data = made(15)
    split = split_r_squared(np.cov(data.T), [[j] for j in range(15)], len(data))
    assert split.orders == 0
    assert split.parts.sum() == pytest.approx(r_squared(data, list(range(15))), abs=1e-10)
    assert (split.parts > 0).all()


@pytest.mark.parametrize("exact_up_to", [15, 0])
def test_copies_share_alike(exact_up_to: int) -> None:
    """A column twice, in groups of its own: the same R squared, half each of what it had."""
    data = made(2)
    twice = np.column_stack((data[:, 0], data[:, 0] * 7 + 1, data[:, 1], data[:, 2]))
    split = split_r_squared(
        np.cov(twice.T), [[0], [1], [2]], 300, exact_up_to=exact_up_to, orders=20_000
    )
    assert split.parts[0] == pytest.approx(split.parts[1], abs=1e-9 if exact_up_to else 0.01)
    assert split.parts.sum() == pytest.approx(r_squared(data, [0, 1]), abs=1e-9)
    weights = relative_weights(np.cov(twice.T))
    assert weights[0] == pytest.approx(weights[1])
    assert weights.sum() == pytest.approx(r_squared(data, [0, 1]), abs=1e-9)


def test_relative_weights_after_what_always_stands() -> None:
    data = made(6)
    x = np.column_stack((np.ones(300), data[:, [1, 3]]))
    left = data - x @ np.linalg.lstsq(x, data, rcond=None)[0]
    apart = relative_weights(np.cov(left[:, [0, 2, 4, 5, 6]].T))
    lost = left[:, -1].var() / data[:, -1].var()
    np.testing.assert_allclose(relative_weights(np.cov(data.T), always=[1, 3]), apart * lost)


def test_constant_outcome() -> None:
    with pytest.raises(ValueError, match="does not vary"):
        split_r_squared(np.diag([1.0, 0]), [[0]], 10)
