from __future__ import annotations

import numpy as np
import pytest

from warum.reasons.collinearity import Identified, identify


def of(x: np.ndarray) -> Identified:
    x = x.astype(float)
    about = x - x.mean(axis=0)
    return identify(about.T @ about, np.diag(x.T @ x))


@pytest.fixture
def x() -> np.ndarray:
    return np.random.default_rng(0).random((300, 4)) < 0.3


def test_independent_columns_are_all_determined(x: np.ndarray) -> None:
    found = of(x)
    assert (found.kept, found.constant, found.dependencies) == ((0, 1, 2, 3), (), ())
    assert not found.undetermined


def test_a_sum_of_columns_ties_them_all(x: np.ndarray) -> None:
    apart = x[:, 0] & ~x[:, 1]
    both = x[:, 0] & x[:, 1]
    found = of(np.column_stack((x, apart, both)))  # column 0 is their sum
    assert found.undetermined == {0, 4, 5}
    assert found.partners(4) == (0, 5)
    assert len(found.kept) == 5


def test_nearly_the_same_is_not_the_same(x: np.ndarray) -> None:
    near = x[:, :1].copy()
    near[7] = ~near[7]
    assert not of(np.column_stack((x, near))).undetermined


def test_constant_columns(x: np.ndarray) -> None:
    found = of(np.column_stack((np.ones(300), x, np.zeros(300))))
    assert found.constant == (0, 5)
    assert found.kept == (1, 2, 3, 4)
    assert of(np.ones((3, 2))).kept == ()
