"""Teach the reader `fast` what `accurate` reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from warum_models.fast import HEADS, PAIR_BITS, TOPIC, WIDTH, pair_rows

SEED = 7


class FastNetwork(nn.Module):
    """The same sums as `warum_models.fast`, in floats that can be trained.

    Args:
        pieces: Number of pieces of all languages.
        known: Number of labels with a vector of their own.
    """

    def __init__(self, pieces: int, known: int) -> None:
        super().__init__()
        self.pieces = nn.Embedding(pieces, WIDTH, sparse=True)
        self.pairs = nn.Embedding(1 << PAIR_BITS, WIDTH, sparse=True)
        nn.init.normal_(self.pieces.weight, std=0.1)
        nn.init.zeros_(self.pairs.weight)
        self.label_in = nn.Linear(384, 128)
        self.label_out = nn.Linear(128, TOPIC + 2)
        self.own = nn.Embedding(known + 1, TOPIC + 2, padding_idx=known)
        nn.init.zeros_(self.own.weight)
        self.sum_weight = nn.Parameter(torch.tensor(1.0))
        self.peak_weight = nn.Parameter(torch.tensor(1.0))
        self.biases = nn.ParameterDict({n: nn.Parameter(torch.zeros(w)) for n, w in HEADS.items()})

    def vectors(self, rows: Tensor, pairs: Tensor, joined: Tensor) -> Tensor:
        """Vectors of the pieces, (b, t, WIDTH).

        Args:
            rows: Pieces, (b, t).
            pairs: Row of each piece with the one behind it, (b, t - 1).
            joined: Whether that pair is real, (b, t - 1).
        """
        vectors = self.pieces(rows)
        near = self.pairs(pairs) * joined[..., None]
        zero = torch.zeros_like(vectors[:, :1])
        return vectors + torch.cat([near, zero], dim=1) + torch.cat([zero, near], dim=1)

    def labels(self, vectors: Tensor, own: Tensor) -> Tensor:
        """Query, floor and bias of labels, (…, TOPIC + 2)."""
        made: Tensor = self.label_out(torch.tanh(self.label_in(vectors))) + self.own(own)
        return made

    def presence(self, vectors: Tensor, mask: Tensor, labels: Tensor) -> Tensor:
        """Raw presence, (b, k); labels (b, k, TOPIC + 2)."""
        query, floor, bias = labels[..., :TOPIC], labels[..., TOPIC], labels[..., TOPIC + 1]
        scores = torch.einsum("btd,bkd->btk", vectors[..., :TOPIC], query) - floor[:, None]
        total = (scores.clamp(min=0) * mask[..., None]).sum(1)
        highest = scores.masked_fill(~mask[..., None], -1e6).amax(1).clamp(min=-4.0)
        return self.sum_weight * torch.log1p(total) + self.peak_weight * highest + bias

    def heads(self, vectors: Tensor, mask: Tensor) -> dict[str, Tensor]:
        """Raw scores per head, (b, classes)."""
        share = mask[..., None].float()
        total = (vectors[..., TOPIC:] * share).sum(1) / share.sum(1).clamp(min=1).sqrt()
        parts = torch.split(total, list(HEADS.values()), dim=-1)
        return {n: p + self.biases[n] for n, p in zip(HEADS, parts, strict=True)}


@dataclass
class Lesson:
    """A text with what the teacher says of it.

    Attributes:
        rows: Pieces, without the marks at both ends.
        presence: The teacher's raw presence of the known labels, (k,).
        others: Rows of further labels in the bank, and the teacher's raw presence of them.
        heads: The teacher's probabilities per head; polarity is that of the likeliest label.
        weight: How much it counts.
    """

    rows: npt.NDArray[np.int64]
    presence: npt.NDArray[np.float32]
    others: tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]
    heads: dict[str, npt.NDArray[np.float32]]
    weight: float = 1.0


def teach(
    network: FastNetwork, lessons: Sequence[Lesson], known: Tensor, bank: Tensor, passes: int = 8
) -> None:
    """Train in place.

    Args:
        network: The network.
        lessons: What the teacher says.
        known: Vectors of the known labels, (k, 384).
        bank: Vectors of all labels, (w, 384).
        passes: Passes over the lessons.
    """
    generator = np.random.default_rng(SEED)
    torch.manual_seed(SEED)
    tables = [network.pieces.weight, network.pairs.weight]
    inner = [p for n, p in network.named_parameters() if not n.startswith(("pieces", "pairs"))]
    sparse = torch.optim.SparseAdam(tables, lr=4e-3)
    adam = torch.optim.Adam(inner, lr=1e-3)
    k = len(known)
    nobody = network.own.num_embeddings - 1
    batch, step = 256, 0
    total = passes * (len(lessons) // batch)
    for turn in range(passes):
        order = np.argsort(
            np.array([len(x.rows) for x in lessons]) + generator.random(len(lessons)) * 6
        )
        cut = [order[i : i + batch] for i in range(0, len(order), batch)]
        sums: list[float] = []
        for index in (cut[i] for i in generator.permutation(len(cut))):
            for optimizer, rate in ((sparse, 4e-3), (adam, 1e-3)):
                optimizer.param_groups[0]["lr"] = rate * max(0.03, 1 - step / total)
            held = [lessons[i] for i in index]
            loss = _loss(network, held, known, bank, k, nobody)
            sparse.zero_grad()
            adam.zero_grad()
            loss.backward()
            sparse.step()
            adam.step()
            sums.append(float(loss.detach()))
            step += 1
        print(f"  fast, pass {turn + 1} of {passes}: loss {np.mean(sums):.4f}", flush=True)


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


def _loss(
    network: FastNetwork, held: Sequence[Lesson], known: Tensor, bank: Tensor, k: int, nobody: int
) -> Tensor:
    rows, pairs, joined, mask = padded_rows([x.rows for x in held])
    vectors = network.vectors(rows, pairs, joined)
    labels = network.labels(known, torch.arange(k))[None].expand(len(held), -1, -1)
    weight = torch.tensor([x.weight for x in held])[:, None]
    goal = torch.sigmoid(torch.from_numpy(np.stack([x.presence for x in held])))
    found = network.presence(vectors, mask, labels)
    loss = (
        10
        * (
            weight * nn.functional.binary_cross_entropy_with_logits(found, goal, reduction="none")
        ).mean()
    )
    others = torch.from_numpy(np.stack([x.others[0] for x in held]))
    goal = torch.sigmoid(torch.from_numpy(np.stack([x.others[1] for x in held])))
    read = network.labels(bank[others], torch.full_like(others, nobody))
    found = network.presence(vectors, mask, read)
    loss = loss + 5 * nn.functional.binary_cross_entropy_with_logits(found, goal)
    for name, logits in network.heads(vectors, mask).items():
        target = torch.from_numpy(np.stack([x.heads[name] for x in held]))
        loss = loss - 0.5 * (weight * target * torch.log_softmax(logits, dim=-1)).sum(-1).mean()
    return loss


def stored(network: FastNetwork, known: Tensor, keys: Sequence[str]) -> dict[str, npt.NDArray[Any]]:
    """The weights in 8 bits, as `warum_models.fast` reads them."""
    from warum_models.fast import quantised_query

    pieces, pairs = (t.weight.detach().numpy() for t in (network.pieces, network.pairs))
    both = np.concatenate([pieces, pairs])
    scales = [
        float(np.quantile(np.abs(b), 0.9995)) / 127 for b in (both[:, :TOPIC], both[:, TOPIC:])
    ]
    steps = np.array([scales[0]] * TOPIC + [scales[1]] * (WIDTH - TOPIC), dtype=np.float32)
    arrays: dict[str, npt.NDArray[Any]] = {
        name: np.clip(np.round(table / steps), -127, 127).astype(np.int8)
        for name, table in (("pieces", pieces), ("pairs", pairs))
    }
    with torch.inference_mode():
        made = network.labels(known, torch.arange(len(known))).numpy().astype(np.float64)
    queries = [quantised_query(row, scales[0]) for row in made]
    arrays |= {
        n: np.array([q[n] for q in queries]) for n in ("queries", "query_scale", "floor", "bias")
    }
    arrays["keys"] = np.array(list(keys))
    arrays["topic_scale"], arrays["head_scale"] = np.array(scales[0]), np.array(scales[1])
    for name in ("label_in", "label_out"):
        layer = getattr(network, name)
        arrays[name] = layer.weight.detach().numpy()
        arrays[f"{name}_bias"] = layer.bias.detach().numpy()
    arrays["sum_weight"] = network.sum_weight.detach().numpy()
    arrays["peak_weight"] = network.peak_weight.detach().numpy()
    for name in HEADS:
        arrays[f"{name}_bias"] = network.biases[name].detach().numpy()
    return arrays
