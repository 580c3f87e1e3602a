"""From raw scores to probabilities that mean what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from warum_models.protocol import Floats


@dataclass(frozen=True)
class Calibration:
    """Logistic curves for presence (Platt 1999) and temperatures for the other heads (Guo et al. 2017).

    Attributes:
        curves: Slope, offset and threshold per known label.
        other: Slope, offset and threshold of a label that was never seen.
        temperatures: Head ("polarity", "document", "emotion", "intent", "effort") to its temperature.
        shares: What the raw scores of the words count: presence of "known" and "other" labels, and heads.
    """

    curves: Mapping[str, tuple[float, float, float]]
    other: tuple[float, float, float]
    temperatures: Mapping[str, float]
    shares: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def parse(cls, stored: Mapping[str, Any]) -> Calibration:
        """From the content of a `config.json`."""
        return cls(
            {code: tuple(curve) for code, curve in stored["curves"].items()},
            tuple(stored["other"]),
            dict(stored["temperatures"]),
            dict(stored.get("shares", {})),
        )

    def curves_of(self, codes: Sequence[str], known: Sequence[bool]) -> npt.NDArray[np.float64]:
        """Slope, offset and threshold of each label, (k, 3)."""
        found = [
            self.curves[code] if is_known and code in self.curves else self.other
            for code, is_known in zip(codes, known, strict=True)
        ]
        return np.array(found, dtype=np.float64).reshape(-1, 3)

    def softmax(self, head: str, logits: npt.NDArray[Any]) -> Floats:
        """Probabilities of a head, along the last axis."""
        return softmax(logits / self.temperatures.get(head, 1.0))


def softmax(logits: npt.NDArray[Any]) -> Floats:
    """Probabilities along the last axis, in float32."""
    values = logits.astype(np.float64)
    raised = np.exp(values - values.max(axis=-1, keepdims=True))
    probabilities: Floats = (raised / raised.sum(axis=-1, keepdims=True)).astype(np.float32)
    return probabilities


def sigmoid(logits: npt.NDArray[Any]) -> Floats:
    """Logistic function, in float32."""
    probabilities: Floats = (1 / (1 + np.exp(-np.clip(logits.astype(np.float64), -60, 60)))).astype(
        np.float32
    )
    return probabilities
