from __future__ import annotations

import numpy as np
import pytest

from warum.reasons.controls import banded, control_dummies


def repeated(**counts: int) -> np.ndarray:
    levels = [None if name == "none" else name for name, n in counts.items() for _ in range(n)]
    return np.array(levels, dtype=object)


@pytest.mark.parametrize(
    ("counts", "names"),
    [
        ({"north": 50, "south": 30}, ("b=south",)),
        ({"south": 40, "north": 40}, ("b=south",)),  # among equals the first by name is left out
        ({"a": 50, "b": 20, "c": 15, "d": 5}, ("b=b", "b=(other)")),
        ({"a": 50, "b": 20, "c": 10}, ("b=b",)),  # the rest is too rare and joins "a"
        ({"a": 50, "none": 30}, ("b=(missing)",)),
        ({"a": 80}, ()),
        ({"a": 10, "b": 10}, ()),
    ],
)
def test_one_column_per_level_but_the_reference(
    counts: dict[str, int], names: tuple[str, ...]
) -> None:
    dummies, found = control_dummies({"b": repeated(**counts)})
    assert found == names
    assert dummies.shape == (sum(counts.values()), len(names))
    assert dummies.dtype == bool


def test_rare_levels_are_pooled() -> None:
    dummies, names = control_dummies({"b": repeated(a=50, b=20, c=15, d=5)})
    assert dict(zip(names, dummies.sum(axis=0).tolist(), strict=True)) == {
        "b=b": 20,
        "b=(other)": 20,
    }


def test_only_so_many_levels() -> None:
    counts = {f"shop{i}": 100 - i for i in range(10)}
    dummies, names = control_dummies({"b": repeated(**counts)}, most=3)
    assert names == ("b=shop1", "b=shop2", "b=(other)")
    assert dummies[:, 2].sum() == sum(100 - i for i in range(3, 10))


def test_several_controls_stand_side_by_side() -> None:
    one, two = repeated(a=30, b=30), repeated(x=20, y=40)
    dummies, names = control_dummies({"one": one, "two": two})
    assert names == ("one=b", "two=x")
    assert dummies.shape == (60, 2)
    assert control_dummies({})[0].shape == (0, 0)


def test_lengths_must_agree() -> None:
    with pytest.raises(ValueError, match="controls differ in length"):
        control_dummies({"one": repeated(a=2), "two": repeated(a=3)})


def test_a_number_comes_in_bands_of_equally_many() -> None:
    values = np.append(np.arange(1.0, 101), np.nan)
    bands = banded(values)
    names, counts = np.unique(bands[:100].astype(str), return_counts=True)
    assert sorted(names) == ["1 to 20", "21 to 40", "41 to 60", "61 to 80", "81 to 100"]
    assert set(counts.tolist()) == {20}
    assert bands[100] is None


def test_few_values_are_levels_and_many_equal_ones_share_a_band() -> None:
    assert banded(np.array([0.0, 1, 1, np.nan])).tolist() == ["0", "1", "1", None]
    lumpy = banded(np.r_[np.zeros(90), np.arange(1.0, 11)])
    assert set(lumpy[:90]) == {"0"}
    assert set(lumpy[90:]) == {"1 to 10"}
    assert banded(np.full(3, np.nan)).tolist() == [None] * 3
