"""Train the network on all tasks at once."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from warum_models.train.batches import Batch, Collator, Encoded, Encoder, draw
from warum_models.train.labelbank import LabelBank
from warum_models.train.network import WIDTH, Network, mean_vector, padded

SEED = 7
REFRESH = 400  # steps between two looks at the labels' wordings
# Share of each source that a pass sees, drawn anew every time.
SHARES = {"authored": 0.85, "own": 0.85, "authored evidence": 0.25, "own evidence": 0.25, "authored real evidence": 0.5,
          "mams": 0.3, "sb10k": 0.4,
          "goemotions": 0.1, "vader": 0.1, "shah": 0.4, "phrases": 1.0, "banking77": 0.2}  # fmt: skip


@dataclass
class Settings:
    """How long and how fast.

    Attributes:
        passes: Passes over the authored texts.
        rate: Highest learning rate of the body.
        head_rate: Of the heads.
        table_rate: Of the embedding tables.
        budget: Tokens of a batch.
    """

    passes: int = 5
    rate: float = 1e-4
    head_rate: float = 3e-3
    table_rate: float = 1e-3
    budget: int = 1200


def label_vectors(network: Network, bank: LabelBank, encoder: Encoder) -> Tensor:
    """Vector of every wording, from the network as it is now; (w, 384)."""
    network.eval()
    out = torch.zeros((len(bank.wordings), WIDTH))
    with torch.inference_mode():
        for language in ("en", "de"):
            rows = [i for i, w in enumerate(bank.wordings) if w.language == language]
            tokens = [
                ids for ids, _ in encoder.tokens([bank.wordings[i].text for i in rows], language)
            ]
            order = sorted(range(len(rows)), key=lambda j: len(tokens[j]))
            for begin in range(0, len(order), 64):
                chosen = order[begin : begin + 64]
                ids, mask = padded([tokens[j] for j in chosen])
                out[[rows[j] for j in chosen]] = mean_vector(network.encode(ids, mask), mask)
    network.train()
    return out.clone()


def piece_vectors(network: Network, languages: Sequence[tuple[int, int, int]]) -> Tensor:
    """What the network makes of every piece alone, (v, 384).

    Args:
        network: The network.
        languages: First row of each language, and the places of its marks [CLS] and [SEP] from there.
    """
    network.eval()
    ends = [first for first, *_ in languages[1:]] + [network.tables.num_embeddings]
    out = []
    with torch.inference_mode():
        for (first, begin, close), end in zip(languages, ends, strict=True):
            for rows in torch.arange(first, end).split(2000):
                marks = torch.ones_like(rows)
                ids = torch.stack([marks * (first + begin), rows, marks * (first + close)], dim=1)
                out.append(network.encode(ids, torch.ones_like(ids, dtype=torch.bool))[:, 1])
    network.train()
    return torch.cat(out).clone()


def labels_of(network: Network, batch: Batch, vectors: Tensor, owns: Tensor) -> dict[str, Tensor]:
    """What the labels of a batch contribute, each (b, k, …)."""
    unique, place = torch.unique(batch.wording * 2 + batch.own.long(), return_inverse=True)
    wording, own = unique // 2, (unique % 2).bool()
    nobody = network.own.num_embeddings - 1
    rows = torch.where(own & (owns[wording] >= 0), owns[wording], torch.full_like(wording, nobody))
    made = network.head.labels(vectors[wording] + network.own(rows))
    return {name: value[place] for name, value in made.items()}


def loss_of(network: Network, batch: Batch, vectors: Tensor, owns: Tensor) -> dict[str, Tensor]:
    """The parts of the loss, by name."""
    tokens = network.encode(batch.ids, batch.mask)
    parts: dict[str, Tensor] = {}
    if (batch.presence >= 0).any():
        labels = labels_of(network, batch, vectors, owns)
        read = network.head(tokens, batch.mask, labels, batch.orientation)
        parts["presence"] = 12 * _presence(read.presence, batch.presence)
        parts["polarity"] = _polarity(read.polarity, batch.polarity)
        known = batch.evidence >= 0
        if known.any():
            parts["evidence"] = 0.5 * nn.functional.binary_cross_entropy_with_logits(
                read.evidence[known], batch.evidence[known].float()
            )
        if (batch.presence_window >= 0).any():
            window = network.head(tokens, batch.window, labels, batch.orientation)
            parts["window"] = 6 * _presence(window.presence, batch.presence_window)
            parts["window polarity"] = _polarity(window.polarity, batch.polarity_window)
    logits = network.documents(tokens, batch.mask, batch.orientation)
    told = batch.document.sum(-1) > 0
    if told.any():
        parts["document"] = nn.functional.cross_entropy(
            logits["document"][told], batch.document[told]
        )
    for name in ("emotion", "intent", "effort"):
        held = batch.labels[name]
        if (held >= 0).any():
            parts[name] = 0.7 * nn.functional.cross_entropy(
                logits[name][held >= 0], held[held >= 0]
            )
    neither = batch.labels["intent"] == -2
    if neither.any():
        share = torch.softmax(logits["intent"][neither], dim=-1)
        parts["no bug"] = -0.5 * torch.log1p(-(share[:, 3] + share[:, 4]).clamp(max=0.999)).mean()
    return parts


def _presence(logits: Tensor, target: Tensor) -> Tensor:
    known = target >= 0
    return nn.functional.binary_cross_entropy_with_logits(logits[known], target[known].float())


def _polarity(logits: Tensor, target: Tensor) -> Tensor:
    known = target >= 0
    if not known.any():
        return logits.sum() * 0
    return nn.functional.cross_entropy(logits[known], target[known])


def fit(
    network: Network,
    train: Sequence[Encoded],
    bank: LabelBank,
    encoder: Encoder,
    settings: Settings,
    checkpoint: Path,
    measure: Any = None,  # noqa: ANN401
) -> None:
    """Train in place; a checkpoint after every pass, from which a later call goes on.

    Args:
        network: The network.
        train: All tasks.
        bank: The labels.
        encoder: Makes tokens.
        settings: How long and how fast.
        checkpoint: File of the state.
        measure: Called after every pass with the network.
    """
    generator = np.random.default_rng(SEED)
    torch.manual_seed(SEED)
    owns = torch.tensor([w.own for w in bank.wordings])
    collate = Collator(bank, generator)
    body = [p for n, p in network.body.named_parameters()]
    heads = [p for m in (network.head, network.documents, network.own) for p in m.parameters()]
    adam = torch.optim.AdamW(
        [{"params": body, "lr": settings.rate, "weight_decay": 0.01},
         {"params": heads, "lr": settings.head_rate, "weight_decay": 0.01}]
    )  # fmt: skip
    sparse = torch.optim.SparseAdam(list(network.tables.parameters()), lr=settings.table_rate)
    rates = [settings.rate, settings.head_rate, settings.table_rate]
    first = 0
    if checkpoint.is_file():
        state = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(state["network"])
        adam.load_state_dict(state["adam"])
        sparse.load_state_dict(state["sparse"])
        first = state["pass"]
    by_source: dict[str, list[Encoded]] = {}
    for e in train:
        by_source.setdefault(e.task.source, []).append(e)
    step, started = 0, time.monotonic()
    for turn in range(settings.passes):
        chosen = [
            held[i]
            for name, held in sorted(by_source.items())
            for i in generator.permutation(len(held))[
                : math.ceil(len(held) * SHARES.get(name, 1.0))
            ]
        ]
        batches = draw(chosen, generator, settings.budget)
        total = len(batches) * settings.passes
        if turn < first:
            step += len(batches)
            continue
        sums: dict[str, list[float]] = {}
        network.train()
        for n, held in enumerate(batches):
            if n % REFRESH == 0:
                vectors = label_vectors(network, bank, encoder)
            warm = min(1.0, (step + 1) / 150) * max(
                0.02, 0.5 * (1 + math.cos(math.pi * step / total))
            )
            for group, rate in zip([*adam.param_groups, *sparse.param_groups], rates, strict=True):
                group["lr"] = rate * warm
            parts = loss_of(network, collate(held), vectors, owns)
            loss = torch.stack(list(parts.values())).sum()
            adam.zero_grad()
            sparse.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_([*body, *heads], 1.0)
            adam.step()
            sparse.step()
            step += 1
            for name, value in parts.items():
                sums.setdefault(name, []).append(float(value.detach()))
            if step % 100 == 0:
                shown = " ".join(f"{k} {np.mean(v[-100:]):.3f}" for k, v in sums.items())
                print(
                    f"  step {step} of {total}, {time.monotonic() - started:.0f} s: {shown}",
                    flush=True,
                )
        torch.save({"network": network.state_dict(), "adam": adam.state_dict(), "sparse": sparse.state_dict(),
                    "pass": turn + 1}, checkpoint)  # fmt: skip
        if measure is not None:
            measure(network)
