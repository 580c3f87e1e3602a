"""A base that was fine-tuned: a folder of graphs and tables like those that are shipped; read without torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from warum_models.encoder import EncoderReader
from warum_models.encoder_weights import EncoderWeights, load_weights
from warum_models.errors import WeightsError
from warum_models.protocol import Label

FOLDER = "network"
CONFIG = "config.json"
NAMES = (
    CONFIG, "reader.onnx", "labels.onnx", "tables.npz", "known.npz", "pieces.en.txt", "pieces.de.txt",
)  # fmt: skip


class TunedReader(EncoderReader):
    """Reads with a network of the user's own.

    Args:
        weights: The network.
        labels: The k labels it was tuned on.
        files: Name to content of every file of `NAMES`.
    """

    def __init__(
        self, weights: EncoderWeights, labels: Sequence[Label], files: Mapping[str, bytes]
    ) -> None:
        super().__init__(weights, labels)
        self._files = dict(files)

    def save(self, folder: Path) -> None:
        """Write the network into a new folder within a model's folder.

        Args:
            folder: The model's folder.
        """
        (folder / FOLDER).mkdir()
        for name, content in self._files.items():
            (folder / FOLDER / name).write_bytes(content)


def stored_labels(labels: Sequence[Label]) -> list[dict[str, object]]:
    """Labels as `config.json` keeps them."""
    return [asdict(label) for label in labels]


def load_tuned(folder: Path) -> TunedReader:
    """Read a network back from a model's folder.

    Raises:
        WeightsError: If a file is missing or damaged.
    """
    return read_tuned(folder / FOLDER)


def read_tuned(folder: Path) -> TunedReader:
    """Read a network from its own folder; see `load_tuned`."""
    # Not from the store of what was loaded before: a model may be trained again into the same folder.
    weights = load_weights.__wrapped__(folder)
    try:
        labels = [
            Label(x["code"], x["title"], x["description"], tuple(x["examples"]), x["language"])
            for x in weights.config["labels"]
        ]
    except (KeyError, TypeError):
        raise WeightsError(
            f"{str(folder / CONFIG)!r} does not name its labels: train the model again."
        ) from None
    return TunedReader(weights, labels, {name: (folder / name).read_bytes() for name in NAMES})
