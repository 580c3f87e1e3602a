"""Figures of the tasks that are held out, after every pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from sklearn.metrics import f1_score

from warum_models.train.batches import Collator, Encoded, Encoder, draw
from warum_models.train.fit import label_vectors, labels_of
from warum_models.train.labelbank import LabelBank
from warum_models.train.network import Network

HEADS = ("emotion", "intent", "effort")
BUDGET = 3000


class Watch:
    """Prints what the network makes of held-out tasks.

    Args:
        held_out: The tasks.
        bank: The labels.
        encoder: Makes tokens.
    """

    def __init__(self, held_out: Sequence[Encoded], bank: LabelBank, encoder: Encoder) -> None:
        self._held_out, self._bank, self._encoder = held_out, bank, encoder
        self._owns = torch.tensor([w.own for w in bank.wordings])

    def __call__(self, network: Network) -> None:
        """One line per source and language."""
        vectors = label_vectors(network, self._bank, self._encoder)
        network.eval()
        seen: dict[str, dict[str, list[Any]]] = {}
        collate = Collator(self._bank, np.random.default_rng(0), plain=True)
        with torch.inference_mode():
            for held in draw(self._held_out, np.random.default_rng(1), BUDGET):
                self._note(network, collate, held, vectors, seen)
        network.train()
        for name, found in sorted(seen.items()):
            print(f"    {name}: {_told(found)}", flush=True)

    def _note(
        self,
        network: Network,
        collate: Collator,
        held: Sequence[Encoded],
        vectors: Any,  # noqa: ANN401
        seen: dict[str, dict[str, list[Any]]],
    ) -> None:
        batch = collate(held)
        tokens = network.encode(batch.ids, batch.mask)
        read = network.head(
            tokens, batch.mask, labels_of(network, batch, vectors, self._owns), batch.orientation
        )
        logits = network.documents(tokens, batch.mask, batch.orientation)
        for i, e in enumerate(held):
            task = e.task
            name = f"{task.source}-{task.language}"
            note = seen.setdefault(name, {})
            k = len(task.known)
            _add(
                note,
                "presence",
                torch.sigmoid(read.presence[i, :k]).tolist(),
                batch.presence[i, :k].tolist(),
            )
            sides = batch.polarity[i, :k] >= 0
            _add(
                note, "polarity", read.polarity[i, :k][sides].argmax(-1).tolist(),
                batch.polarity[i, :k][sides].tolist(),
            )  # fmt: skip
            if task.document:
                _add(
                    note,
                    "document",
                    [int(logits["document"][i].argmax())],
                    [int(np.argmax(task.document))],
                )
            for head in HEADS:
                value = getattr(task, head)
                if value is not None and value >= 0:
                    _add(note, head, [int(logits[head][i].argmax())], [value])


def _add(note: dict[str, list[Any]], name: str, found: list[Any], true: list[Any]) -> None:
    note.setdefault(name, []).extend(found)
    note.setdefault(f"{name} gold", []).extend(true)


def _told(found: dict[str, list[Any]]) -> str:
    parts = []
    if found.get("presence"):
        probability, there = np.array(found["presence"]), np.array(found["presence gold"]) == 1
        best = max((_f1(probability >= t, there), t) for t in np.arange(0.1, 0.7, 0.05))
        parts.append(f"category F1 {best[0]:.3f} at {best[1]:.2f}")
    for name in ("polarity", "document", *HEADS):
        if found.get(name):
            macro = f1_score(found[f"{name} gold"], found[name], average="macro")
            right = np.mean(np.array(found[name]) == np.array(found[f"{name} gold"]))
            parts.append(f"{name} {right:.3f} (macro F1 {macro:.3f})")
    return ", ".join(parts)


def _f1(found: np.typing.NDArray[np.bool_], true: np.typing.NDArray[np.bool_]) -> float:
    return float(2 * (found & true).sum() / max(1, found.sum() + true.sum()))
