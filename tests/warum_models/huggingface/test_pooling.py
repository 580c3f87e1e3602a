"""The ways to make one vector of many."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from warum_models.errors import WeightsError
from warum_models.huggingface.folder import ModelFolder, Module
from warum_models.huggingface.pooling import Dense, Pooling, load_pooling

STATES = np.array([[3.0, 0.0], [0.0, 4.0], [0.0, -1.0]])


@pytest.mark.parametrize(
    ("way", "vector"),
    [
        ("cls", [3, 0]),
        ("max", [3, 4]),
        ("mean", [1, 1]),
        ("mean_sqrt_len_tokens", [1, 1]),
        ("weightedmean", [3, 5]),
        ("lasttoken", [0, -1]),
    ],
)
def test_ways(way: str, vector: list[float]) -> None:
    assert Pooling((way,))(STATES) == pytest.approx(np.array(vector) / np.linalg.norm(vector))


def test_several_ways_stand_side_by_side() -> None:
    assert Pooling(("cls", "max"))(STATES) == pytest.approx(np.array([3, 0, 3, 4]) / np.sqrt(34))


def test_a_layer_behind() -> None:
    layer = Dense(
        np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]]), np.array([0.0, 2.0, 0.0]), np.tanh
    )
    expected = np.tanh([1, 2, 1])
    assert Pooling(("mean",), (layer,))(STATES) == pytest.approx(
        expected / np.linalg.norm(expected)
    )


def _folder(root: Path, kind: str, settings: dict[str, Any]) -> ModelFolder:
    (root / "config.json").write_text(json.dumps(settings))
    return ModelFolder(root, root, {}, (Module(kind, root),), "", frozenset())


@pytest.mark.parametrize(
    ("settings", "ways"),
    [
        ({}, ("mean",)),
        ({"pooling_mode": "cls"}, ("cls",)),
        ({"pooling_mode": ["cls", "max"]}, ("cls", "max")),
        ({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}, ("cls",)),
        ({"pooling_mode_mean_tokens": True, "pooling_mode_max_tokens": True}, ("max", "mean")),
        ({"pooling_mode_lasttoken": True}, ("lasttoken",)),
    ],
)
def test_settings(tmp_path: Path, settings: dict[str, Any], ways: tuple[str, ...]) -> None:
    assert load_pooling(_folder(tmp_path, "Pooling", settings)).ways == ways


@pytest.mark.parametrize(
    ("kind", "settings", "message"),
    [
        ("Pooling", {"pooling_mode": "magic"}, "pools by magic; known are cls"),
        ("WordWeights", {}, "a step 'WordWeights'"),
        ("Dense", {"activation_function": "torch.nn.Mish"}, "activation 'Mish'"),
        ("Dense", {}, "only safetensors"),
    ],
)
def test_what_is_not_known_is_refused(
    tmp_path: Path, kind: str, settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(WeightsError, match=message):
        load_pooling(_folder(tmp_path, kind, settings))
