from __future__ import annotations

import numpy as np
import pytest

from warum.reasons.leave_out import leave_one_out


@pytest.mark.parametrize(
    ("weights", "expected"),
    [(None, [50 - 100, 50 - 50]), (np.array([1.0, 1, 2, 0]), [25 - 100, 25 - 0])],
)
def test_by_hand(weights: np.ndarray | None, expected: list[float]) -> None:
    y = np.array([100.0, 100, 0, 0]) if weights is None else np.array([100.0, 0, 0, 5])
    mentions = np.array([[0, 1], [0, 0], [1, 0], [1, 1]], dtype=bool)
    if weights is not None:
        mentions = np.array([[0, 1], [1, 0], [1, 0], [1, 1]], dtype=bool)
    np.testing.assert_allclose(leave_one_out(y, mentions, weights=weights), expected)


def test_nothing_is_left_without_what_everybody_mentions() -> None:
    assert np.isnan(leave_one_out(np.arange(3.0), np.ones((3, 1), dtype=bool))).all()
