from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warum.reasons.blinder import (
    Blinder,
    Columns,
    blinder,
    dependent_terms,
    summed_moments,
    unpacked,
)


def moments(
    x: list[np.ndarray], y: list[np.ndarray], w: list[np.ndarray] | None = None
) -> np.ndarray:
    w = w or [np.ones(len(one)) for one in y]
    whole = np.zeros(1, dtype=np.int64)
    sides = [
        summed_moments(a.astype(float), b, c, whole)[0] for a, b, c in zip(x, y, w, strict=True)
    ]
    return unpacked(np.stack(sides))


def columns(mentions: int, *blocks: int) -> Columns:
    return Columns(mentions, blocks, np.ones((2, mentions + sum(blocks)), dtype=bool))


def total(found: Blinder) -> float:
    return float(found.composition.sum() + found.coefficients.sum() + found.unexplained)


def world(seed: int, sizes: tuple[int, int] = (150, 220), levels: int = 3) -> tuple:
    """Three kinds of mentions and a control of `levels` levels, as numbers."""
    rng = np.random.default_rng(seed)
    x = [rng.random((n, 3)) < (0.3, 0.2, 0.4) for n in sizes]
    control = [rng.integers(0, levels, n) for n in sizes]
    y = [
        10 * side - a @ [20, 30 - 10 * side, -5] + 5 * c + rng.normal(0, 10, len(c))
        for side, (a, c) in enumerate(zip(x, control, strict=True))
    ]
    return x, control, y


def test_aggregate_is_that_of_statsmodels() -> None:
    """Two-fold with Reimers' average of the coefficients; its parts are before minus after."""
    from statsmodels.stats.oaxaca import OaxacaBlinder

    x, _, y = world(1)
    found = blinder(moments(x, y), columns(3))
    exog = np.column_stack((np.repeat([0, 1], [len(one) for one in y]), np.concatenate(x)))
    exog = np.column_stack((exog, np.ones(len(exog)))).astype(float)
    model = OaxacaBlinder(np.concatenate(y), exog, 0, swap=False)
    unexplained, explained, gap = model.two_fold(two_fold_type="reimers").params
    assert -total(found) == pytest.approx(gap)
    assert -found.composition.sum() == pytest.approx(explained)
    assert -(found.coefficients.sum() + found.unexplained) == pytest.approx(unexplained)


def test_terms_by_hand() -> None:
    """Per column from two separate regressions."""
    x, _, y = world(2)
    w = [np.random.default_rng(side).uniform(0.5, 2, len(one)) for side, one in enumerate(y)]
    found = blinder(moments(x, y, w), columns(3))
    fits, means = [], []
    for a, b, c in zip(x, y, w, strict=True):
        design = np.column_stack((np.ones(len(b)), a))
        root = np.sqrt(c)
        fits.append(np.linalg.lstsq(design * root[:, None], b * root, rcond=None)[0])
        means.append(np.average(a, axis=0, weights=c))
    before, after = fits
    np.testing.assert_allclose(
        found.composition, (before + after)[1:] / 2 * (means[1] - means[0]), rtol=1e-9
    )
    np.testing.assert_allclose(
        found.coefficients, (means[0] + means[1]) / 2 * (after - before)[1:], rtol=1e-9
    )
    assert found.unexplained == pytest.approx(after[0] - before[0])


def with_block(reference: int, levels: int, empty: tuple[int, int] | None = None) -> Blinder:
    """Dummies of the control in an order that makes `reference` the one left out."""
    x, control, y = world(3, levels=levels)
    if empty is not None:
        side, level = empty
        keep = control[side] != level
        x[side], control[side], y[side] = x[side][keep], control[side][keep], y[side][keep]
    others = [level for level in range(levels) if level != reference]
    full = [
        np.column_stack((a, c[:, None] == np.array(others)))
        for a, c in zip(x, control, strict=True)
    ]
    return blinder(moments(full, y), columns(3, levels - 1))


@pytest.mark.parametrize("empty", [None, (0, 1), (1, 0)])
def test_the_level_left_out_does_not_matter(empty: tuple[int, int] | None) -> None:
    """Also where a level (even the one left out) is missing on a side."""
    first = with_block(0, 4, empty)
    for reference in (1, 2, 3):
        other = with_block(reference, 4, empty)
        np.testing.assert_allclose(other.composition, first.composition, atol=1e-7)
        np.testing.assert_allclose(other.coefficients, first.coefficients, atol=1e-7)
        assert other.unexplained == pytest.approx(float(first.unexplained), abs=1e-7)


def test_controls_are_as_with_effect_coding() -> None:
    """Yun's normalised regression is the one with columns that sum to zero over the levels."""
    x, control, y = world(4)
    fits, shares = [], []
    for a, c, b in zip(x, control, y, strict=True):
        dummies = (c[:, None] == np.arange(3)).astype(float)
        effect = dummies[:, 1:] - dummies[:, :1]
        fit = np.linalg.lstsq(np.column_stack((np.ones(len(b)), a, effect)), b, rcond=None)[0]
        fits.append((fit[0], np.concatenate(([-fit[4:].sum()], fit[4:]))))
        shares.append(dummies.mean(axis=0))
    full = [np.column_stack((a, c[:, None] == [1, 2])) for a, c in zip(x, control, strict=True)]
    found = blinder(moments(full, y), columns(3, 2))
    (a0, d0), (a1, d1) = fits
    assert found.unexplained == pytest.approx(a1 - a0)
    assert found.composition[3] == pytest.approx((d0 + d1) / 2 @ (shares[1] - shares[0]))
    assert found.coefficients[3] == pytest.approx((shares[0] + shares[1]) / 2 @ (d1 - d0))


def test_a_side_that_cannot_tell_takes_the_effect_of_the_other() -> None:
    x, _, y = world(5)
    x[0][:, 1] = False  # never mentioned before
    x[1][:, 2] = True  # always mentioned after
    found = blinder(moments(x, y), columns(3))
    assert found.coefficients[1] == found.coefficients[2] == 0
    assert total(found) == pytest.approx(y[1].mean() - y[0].mean(), abs=1e-9)
    few = Columns(3, (), np.array([[True, False, True], [True, True, True]]))
    x, _, y = world(5)
    found = blinder(moments(x, y), few)
    slope = np.linalg.lstsq(np.column_stack((np.ones(len(y[1])), x[1])), y[1], rcond=None)[0][2]
    assert found.coefficients[1] == 0
    assert found.composition[1] == pytest.approx(slope * (x[1].mean(axis=0) - x[0].mean(axis=0))[1])
    assert total(found) == pytest.approx(y[1].mean() - y[0].mean(), abs=1e-9)


def test_what_always_comes_together_shares_its_effect() -> None:
    x, _, y = world(6)
    doubled = [np.column_stack((one, one[:, 0])) for one in x]
    found, alone = blinder(moments(doubled, y), columns(4)), blinder(moments(x, y), columns(3))
    assert dependent_terms(moments(doubled, y), columns(4)) == (frozenset({0, 3}),)
    assert dependent_terms(moments(x, y), columns(3)) == ()
    assert found.composition[[0, 3]].sum() == pytest.approx(alone.composition[0])
    assert found.composition[0] == pytest.approx(found.composition[3])
    np.testing.assert_allclose(found.coefficients[1:3], alone.coefficients[1:], atol=1e-7)


def test_a_mention_that_is_a_segment_hangs_on_its_control() -> None:
    x, control, y = world(7)
    x[1][:, 2] = control[1] == 1
    full = [np.column_stack((a, c[:, None] == [1, 2])) for a, c in zip(x, control, strict=True)]
    assert dependent_terms(moments(full, y), columns(3, 2)) == (frozenset({2, 3}),)


@settings(deadline=None, max_examples=50)
@given(
    seed=st.integers(0, 10_000),
    sizes=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    shares=st.lists(st.sampled_from([0.0, 0.05, 0.5, 1.0]), min_size=4, max_size=4),
    silent=st.booleans(),
)
def test_terms_sum_to_the_change(
    seed: int, sizes: tuple[int, int], shares: list[float], silent: bool
) -> None:
    """Whatever is missing, constant or collinear, and with few rows."""
    rng = np.random.default_rng(seed)
    x = [rng.random((n, 4)) < shares for n in sizes]
    if silent:
        x[0][:] = False
    full = [np.column_stack((one, rng.random((len(one), 2)) < 0.4)) for one in x]
    y = [rng.choice([-100.0, 0, 100], n) for n in sizes]
    w = [rng.uniform(0.1, 3, n) for n in sizes]
    found = blinder(moments(full, y, w), columns(4, 2))
    change = np.average(y[1], weights=w[1]) - np.average(y[0], weights=w[0])
    assert total(found) == pytest.approx(change, abs=1e-9)
    back = blinder(moments(full[::-1], y[::-1], w[::-1]), columns(4, 2))
    size = 1e-6 * max(1.0, float(np.abs(found.coefficients).max()))
    np.testing.assert_allclose(back.composition, -found.composition, atol=size)
    np.testing.assert_allclose(back.coefficients, -found.coefficients, atol=size)


@pytest.mark.parametrize("length", [1, 3, 40])
def test_moments_of_short_and_long_stretches(length: int) -> None:
    rng = np.random.default_rng(length)
    starts = np.arange(5) * length
    x, y = rng.normal(size=(5 * length, 3)), rng.normal(size=5 * length)
    w = rng.random(5 * length)
    full = unpacked(summed_moments(x, y, w, starts))
    z = np.column_stack((np.ones(len(y)), x, y))
    for place, start in enumerate(starts):
        rows = slice(start, start + length)
        np.testing.assert_allclose(full[place], (z[rows] * w[rows, None]).T @ z[rows], atol=1e-12)
