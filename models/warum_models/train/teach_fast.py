"""Teach the reader `fast` what people said of many texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from warum_models.fast_tables import PAIR_BITS, TOPIC, pair_rows, quantised_query

Floats = npt.NDArray[np.float32]
SEED = 7
HIDDEN = 0.2  # share of the pieces whose meaning is hidden at a time
DROPPED = 0.8  # share of what pieces and pairs say by themselves that is hidden at a time: they learn by heart
RATE, INNER_RATE = 1e-3, 2e-3  # of the tables, and of all else
BATCH = 128
LENGTH = 4.0  # of a piece's vector before it is projected


class FastNetwork(nn.Module):
    """The same sums as `warum_models.fast`, in floats that can be trained.

    A piece counts with a projection of what the trained encoder makes of it alone (after Model2Vec, Tulkens and
    van Dongen 2024), which also serves pieces and labels that no training text had, and with a row of its own.

    Args:
        meanings: Vectors of all pieces from the encoder, (v, 384).
        known: Number of labels with a vector of their own.
    """

    def __init__(self, meanings: Tensor, known: int) -> None:
        super().__init__()
        pieces = len(meanings)
        self.meanings = nn.functional.normalize(meanings, dim=-1) * LENGTH
        self.project = nn.Linear(384, TOPIC, bias=False)
        self.weight = nn.Embedding(pieces, 1, sparse=True)
        nn.init.ones_(self.weight.weight)
        self.pieces = nn.Embedding(pieces, TOPIC, sparse=True)
        self.pairs = nn.Embedding(1 << PAIR_BITS, TOPIC, sparse=True)
        for table in (self.pieces, self.pairs):
            nn.init.zeros_(table.weight)
        self.label_in = nn.Linear(384, 128)
        self.label_out = nn.Linear(128, TOPIC + 1)
        self.label_straight = nn.Linear(384, TOPIC, bias=False)
        self.own = nn.Embedding(known + 1, TOPIC + 1, padding_idx=known)
        nn.init.normal_(self.own.weight, std=0.1)
        self.own.weight.data[known] = 0
        self.label_out.bias.data[TOPIC] = -4.0
        self.sum_weight = nn.Parameter(torch.tensor(1.0))
        self.peak_weight = nn.Parameter(torch.tensor(1.0))

    def vectors(self, rows: Tensor, pairs: Tensor, joined: Tensor) -> Tensor:
        """Vectors of the pieces, (b, t, TOPIC); some pieces and pairs are hidden while training.

        Args:
            rows: Pieces, (b, t).
            pairs: Row of each piece with the one behind it, (b, t - 1).
            joined: Whether that pair is real, (b, t - 1).
        """
        meant = self.project(self.meanings[rows]) * self.weight(rows)
        single, near = self.pieces(rows), self.pairs(pairs) * joined[..., None]
        if self.training:
            meant, single, near = _some(meant, HIDDEN), _some(single, DROPPED), _some(near, DROPPED)
        single = single + meant
        zero = torch.zeros_like(single[:, :1])
        return single + torch.cat([near, zero], dim=1) + torch.cat([zero, near], dim=1)

    def baked(self) -> Tensor:
        """All that a piece says, (v, TOPIC)."""
        with torch.inference_mode():
            made: Tensor = self.project(self.meanings) * self.weight.weight + self.pieces.weight
        return made

    def labels(self, vectors: Tensor, own: Tensor) -> Tensor:
        """Query and bias of labels, (…, TOPIC + 1)."""
        inner = torch.tanh(self.label_in(vectors))
        if self.training:
            inner = nn.functional.dropout(inner, 0.1)
        straight = nn.functional.pad(self.label_straight(vectors), (0, 1))
        made: Tensor = self.label_out(inner) + straight + self.own(own)
        return made

    def presence(self, vectors: Tensor, mask: Tensor, labels: Tensor) -> Tensor:
        """Raw presence, (b, k); labels (b, k, TOPIC + 1)."""
        query, bias = labels[..., :TOPIC], labels[..., TOPIC]
        scores = torch.einsum("btd,bkd->btk", vectors, query)
        total = (scores * mask[..., None]).sum(1) / mask.sum(1).clamp(min=1).sqrt()[:, None]
        highest = scores.masked_fill(~mask[..., None], -1e6).amax(1).clamp(min=-4.0)
        return self.sum_weight * total + self.peak_weight * highest + bias


def _some(vectors: Tensor, share: float) -> Tensor:
    """Vectors (b, t, w) with a share of them zero and the others larger."""
    return vectors * (torch.rand(vectors.shape[:2]) > share)[..., None] / (1 - share)


@dataclass
class Lesson:
    """A text with what people said of it.

    Attributes:
        rows: Pieces, without the marks at both ends.
        labels: Rows in the bank of the labels that are known to be there or not, (k,).
        own: Row of each label's own vector, (k,).
        there: Whether they are, (k,).
    """

    rows: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]
    own: npt.NDArray[np.int64]
    there: npt.NDArray[np.float32]


def teach(network: FastNetwork, lessons: Sequence[Lesson], bank: Tensor, passes: int) -> None:
    """Train in place.

    Args:
        network: The network.
        lessons: What is known of many texts.
        bank: Vectors of all labels, (w, 384).
        passes: Passes over the lessons.
    """
    generator = np.random.default_rng(SEED)
    torch.manual_seed(SEED)
    tables = [p for m in (network.pieces, network.pairs, network.weight) for p in m.parameters()]
    held = {id(p) for p in tables}
    inner = [p for p in network.parameters() if id(p) not in held]
    sparse = torch.optim.SparseAdam(tables, lr=RATE)
    adam = torch.optim.AdamW(inner, lr=INNER_RATE, weight_decay=0.01)
    step, total = 0, passes * (len(lessons) // BATCH)
    for turn in range(passes):
        # Texts of a batch have about as many pieces, and about as many labels.
        size = np.array([1000 * (len(x.labels) // 8) + len(x.rows) for x in lessons])
        order = np.argsort(size + generator.random(len(lessons)) * 6)
        cut = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
        sums: list[float] = []
        for index in (cut[i] for i in generator.permutation(len(cut))):
            for optimizer, rate in ((sparse, RATE), (adam, INNER_RATE)):
                optimizer.param_groups[0]["lr"] = rate * max(0.03, 1 - step / total)
            loss = _loss(network, [lessons[i] for i in index], bank)
            sparse.zero_grad()
            adam.zero_grad()
            loss.backward()
            sparse.step()
            adam.step()
            sums.append(float(loss.detach()))
            step += 1
        print(f"  fast, pass {turn + 1} of {passes}: loss {np.mean(sums):.4f}", flush=True)
    network.eval()


def padded_rows(held: Sequence[npt.NDArray[np.int64]]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Rows, pairs, whether a pair is real, and the mask."""
    longest = max(2, *(len(r) for r in held))
    rows = np.zeros((len(held), longest), dtype=np.int64)
    pairs = np.zeros((len(held), longest - 1), dtype=np.int64)
    joined = np.zeros((len(held), longest - 1), dtype=bool)
    mask = np.zeros((len(held), longest), dtype=bool)
    for i, r in enumerate(held):
        rows[i, : len(r)], mask[i, : len(r)] = r, True
        if len(r) > 1:
            pairs[i, : len(r) - 1], joined[i, : len(r) - 1] = pair_rows(r), True
    return (
        torch.from_numpy(rows),
        torch.from_numpy(pairs),
        torch.from_numpy(joined),
        torch.from_numpy(mask),
    )


def _loss(network: FastNetwork, held: Sequence[Lesson], bank: Tensor) -> Tensor:
    rows, pairs, joined, mask = padded_rows([x.rows for x in held])
    labels, own, there, known = _asked(held, network.own.num_embeddings - 1)
    found = network.presence(
        network.vectors(rows, pairs, joined), mask, network.labels(bank[labels], own)
    )
    return nn.functional.binary_cross_entropy_with_logits(found[known], there[known])


def _asked(held: Sequence[Lesson], nobody: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Labels, their own vectors, whether they are there, and whether that is known; (b, k) each."""
    most = max(len(x.labels) for x in held)
    labels = np.zeros((len(held), most), dtype=np.int64)
    own = np.full((len(held), most), nobody)
    there = np.zeros((len(held), most), dtype=np.float32)
    known = np.zeros((len(held), most), dtype=bool)
    for i, x in enumerate(held):
        n = len(x.labels)
        labels[i, :n], own[i, :n], there[i, :n], known[i, :n] = x.labels, x.own, x.there, True
    return (
        torch.from_numpy(labels), torch.from_numpy(own), torch.from_numpy(there), torch.from_numpy(known),
    )  # fmt: skip


def stored(
    network: FastNetwork, known: Tensor, keys: Sequence[str], heads: Floats
) -> dict[str, npt.NDArray[Any]]:
    """The weights in 8 bits, as `warum_models.fast` reads them.

    Args:
        network: The network.
        known: Vectors of the known labels, (k, 384).
        keys: Their keys.
        heads: What each piece says to the heads, (v, WIDTH - TOPIC).
    """
    pieces = network.baked().numpy()
    pairs = network.pairs.weight.detach().numpy()
    step = float(np.quantile(np.abs(np.concatenate([pieces, pairs])), 0.99999)) / 127
    head_step = float(np.quantile(np.abs(heads), 0.99999)) / 127
    arrays: dict[str, npt.NDArray[Any]] = {
        "pieces": np.concatenate([_codes(pieces, step), _codes(heads, head_step)], axis=1),
        "pairs": _codes(pairs, step),
        "topic_scale": np.array(step),
        "head_scale": np.array(head_step),
        "keys": np.array(list(keys)),
    }
    with torch.inference_mode():
        made = network.labels(known, torch.arange(len(known))).numpy().astype(np.float64)
    queries = [quantised_query(row, step) for row in made]
    arrays |= {n: np.array([q[n] for q in queries]) for n in ("queries", "query_scale", "bias")}
    for name in ("label_in", "label_out"):
        layer = getattr(network, name)
        arrays[name] = layer.weight.detach().numpy()
        arrays[f"{name}_bias"] = layer.bias.detach().numpy()
    arrays["label_straight"] = network.label_straight.weight.detach().numpy()
    arrays["sum_weight"] = network.sum_weight.detach().numpy()
    arrays["peak_weight"] = network.peak_weight.detach().numpy()
    return arrays


def _codes(values: Floats, step: float) -> npt.NDArray[np.int8]:
    codes: npt.NDArray[np.int8] = np.clip(np.round(values / step), -127, 127).astype(np.int8)
    return codes
