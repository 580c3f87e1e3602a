"""The seam for fine-tuning the whole network on a user's labels; needs the extra `train`, its result does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol, runtime_checkable

from warum_models.own.gold import Gold
from warum_models.protocol import BaseReader, Label, Passage

NEEDED = ("torch", "transformers", "onnx")
INSTALL = 'pip install "warum[train]"'
BASE = "accurate"
"""The base whose network can be fine-tuned."""
DEVICES = ("auto", "cpu", "cuda")


class FullTrainingUnavailableError(Exception):
    """Full fine-tuning cannot run here; the message says what to do."""


@dataclass(frozen=True, slots=True)
class FullSettings:
    """How to fine-tune.

    Attributes:
        epochs: Passes over the texts, at least 1; None chooses by their number.
        device: One of `DEVICES`; "auto" takes CUDA where there is any.
        seed: Of everything random.

    Raises:
        ValueError: If a value is not one of these.
    """

    epochs: int | None = None
    device: str = "auto"
    seed: int = 7

    def __post_init__(self) -> None:
        if self.epochs is not None and self.epochs < 1:
            raise ValueError(f"epochs is {self.epochs}, expected 1 or more")
        if self.device not in DEVICES:
            raise ValueError(f"device is {self.device!r}, expected one of {', '.join(DEVICES)}")


@runtime_checkable
class TunedBase(BaseReader, Protocol):
    """A base whose network was tuned, so that it is stored with the model."""

    def save(self, folder: Path) -> None:
        """Write the network into a model's folder, for `load_tuned`."""
        ...


class FineTuner(Protocol):
    """Fine-tunes the network behind a base; called once per fold, and once on everything."""

    def __call__(
        self,
        passages: Sequence[Passage],
        gold: Gold,
        labels: Sequence[Label],
        base: BaseReader,
        settings: FullSettings,
        progress: Callable[[int, int], None],
    ) -> TunedBase:
        """Fine-tune on n comments.

        Args:
            passages: n comments.
            gold: Their labels, columns as in `labels`.
            labels: The k labels with their descriptions.
            base: The base to start from; it is not changed.
            settings: How.
            progress: Told steps done and all steps.

        Returns:
            A base of the same labels whose `read`, `embed` and `locate` come from the tuned network. Its
            `version` is the hash of its weights.
        """
        ...

    def seconds(
        self,
        passages: Sequence[Passage],
        gold: Gold,
        labels: Sequence[Label],
        base: BaseReader,
        settings: FullSettings,
    ) -> float:
        """How long one call takes here, about; arguments as in the call."""
        ...


def require_full(device: str = "auto") -> None:
    """Refuse where full fine-tuning cannot run.

    Args:
        device: Where it shall run.

    Raises:
        FullTrainingUnavailableError: If a package is missing, or CUDA is asked for and not there.
    """
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        *most, last = missing
        named = f"{', '.join(most)} and {last}" if most else last
        raise FullTrainingUnavailableError(f"--full needs {named}. Install the extra: {INSTALL}")
    if device == "cuda":
        import torch

        if not torch.cuda.is_available():
            raise FullTrainingUnavailableError(
                "--device cuda: torch sees no CUDA device here. Use --device cpu, or install torch's build for CUDA."
            )


def fine_tuner(device: str = "auto") -> FineTuner:
    """What fine-tunes the base `BASE`.

    Args:
        device: Where it shall run.

    Raises:
        FullTrainingUnavailableError: As in `require_full`.
    """
    require_full(device)
    from warum_models.own.tuning import Tuner

    return Tuner()
