"""From token vectors to one vector of a text, as the folder of a sentence encoder says."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from warum_models.errors import WeightsError
from warum_models.huggingface.folder import ModelFolder, Module, read_json
from warum_models.huggingface.network import Doubles


def _by_position(states: Doubles) -> Doubles:
    weights = np.arange(1, len(states) + 1, dtype=np.float64)
    return np.asarray((states * weights[:, None]).sum(axis=0) / weights.sum())


_WAYS: Mapping[str, Callable[[Doubles], Doubles]] = {
    "cls": lambda states: states[0],
    "max": lambda states: np.asarray(states.max(axis=0)),
    "mean": lambda states: np.asarray(states.mean(axis=0)),
    "mean_sqrt_len_tokens": lambda states: np.asarray(states.sum(axis=0) / np.sqrt(len(states))),
    "weightedmean": _by_position,
    "lasttoken": lambda states: states[-1],
}
_SWITCHES = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens": "weightedmean",
    "pooling_mode_lasttoken": "lasttoken",
}
_ACTIVATIONS: Mapping[str, Callable[[Doubles], Doubles]] = {
    "Identity": lambda values: values,
    "Tanh": lambda values: np.asarray(np.tanh(values)),
    "ReLU": lambda values: np.maximum(values, 0.0),
}


@dataclass(frozen=True)
class Dense:
    """A layer behind the pooling.

    Attributes:
        weight: (e, d).
        bias: (e,).
        activation: Applied to the sum.
    """

    weight: Doubles
    bias: Doubles
    activation: Callable[[Doubles], Doubles]


@dataclass(frozen=True)
class Pooling:
    """Makes one vector of a window's token vectors.

    Attributes:
        ways: One or several of cls, max, mean, mean_sqrt_len_tokens, weightedmean, lasttoken; several are
            written one behind the other.
        layers: Layers behind it.
    """

    ways: tuple[str, ...] = ("mean",)
    layers: tuple[Dense, ...] = ()

    def __call__(self, states: Doubles) -> Doubles:
        """A vector of length 1 from token vectors (tokens, d)."""
        vector = np.concatenate([_WAYS[way](states) for way in self.ways])
        for layer in self.layers:
            # Row by row: a matrix product would sum in another order for another number of texts.
            vector = layer.activation((layer.weight * vector[None, :]).sum(axis=1) + layer.bias)
        length = float(np.sqrt((vector * vector).sum()))
        return np.asarray(vector / length) if length > 0 else vector


def load_pooling(folder: ModelFolder) -> Pooling:
    """The pooling of a folder; the mean where it states none.

    Raises:
        WeightsError: If it has a step that is not known here, or a broken one.
    """
    ways: tuple[str, ...] = ("mean",)
    layers: list[Dense] = []
    for module in folder.modules:
        if module.kind == "Pooling":
            ways = _ways(module)
        elif module.kind == "Dense":
            layers.append(_dense(module))
        elif module.kind not in ("Transformer", "Normalize"):
            raise WeightsError(
                f"{str(folder.root)!r} has a step {module.kind!r}; known are Transformer, Pooling, Dense and "
                "Normalize: choose another sentence encoder."
            )
    return Pooling(ways, tuple(layers))


def _ways(module: Module) -> tuple[str, ...]:
    settings = read_json(module.path / "config.json")
    stated = settings.get("pooling_mode")
    if stated is None:
        stated = [way for switch, way in _SWITCHES.items() if settings.get(switch)] or ["mean"]
    ways = (stated,) if isinstance(stated, str) else tuple(map(str, stated))
    unknown = sorted(set(ways) - set(_WAYS))
    if unknown:
        raise WeightsError(
            f"{str(module.path)!r} pools by {', '.join(unknown)}; known are {', '.join(_WAYS)}: choose another "
            "sentence encoder."
        )
    return ways


def _dense(module: Module) -> Dense:
    settings = read_json(module.path / "config.json")
    activation = str(settings.get("activation_function", "Identity")).rpartition(".")[2]
    if activation not in _ACTIVATIONS:
        raise WeightsError(
            f"{str(module.path)!r} has the activation {activation!r}; known are {', '.join(_ACTIVATIONS)}: "
            "choose another sentence encoder."
        )
    file = module.path / "model.safetensors"
    if not file.is_file():
        raise WeightsError(
            f"There is no {str(file)!r}: only safetensors are loaded. Save the model again with "
            "sentence-transformers."
        )
    try:
        stored: dict[str, Any] = importlib.import_module("safetensors.numpy").load_file(file)
        weight = stored["linear.weight"].astype(np.float64)
        bias = stored.get("linear.bias", np.zeros(len(weight))).astype(np.float64)
    except Exception as error:  # whatever a broken file makes of it
        raise WeightsError(
            f"{str(file)!r} cannot be read ({type(error).__name__}: {error}): save or fetch the model again."
        ) from None
    return Dense(weight, bias, _ACTIVATIONS[activation])
