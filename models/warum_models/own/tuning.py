"""Fine-tuning: the whole network learns a user's labels, from the weights that are shipped."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn

from warum_models.encoder_weights import LABEL_PARTS, LONGEST, EncoderWeights, load_weights
from warum_models.label_text import label_key, label_text
from warum_models.own.freezing import freeze
from warum_models.own.full import FullSettings
from warum_models.own.gold import Gold
from warum_models.own.lessons import Lesson, Teaching, collate, make_lessons
from warum_models.own.loss import loss_of
from warum_models.own.thawing import first_rows, own_vectors, thaw
from warum_models.own.tuned import TunedReader
from warum_models.protocol import BaseReader, Label, Passage
from warum_models.stored import WEIGHTS
from warum_models.train.batches import draw
from warum_models.train.network import Network, mean_vector, padded

# Passes by number of texts, straight between the two on a logarithmic scale.
FEW, MANY = (200, 8), (10_000, 3)
MOST_PASSES = 10
WARM = 0.1  # share of the steps in which the rate rises
_EXPORT = 15.0  # seconds that writing a network takes, about
_SAMPLE = 20  # texts whose reading is timed


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast is learned.

    Attributes:
        body: Highest learning rate of the body.
        head: Of the heads.
        label: Of the labels' own vectors.
        table: Of the embedding tables.
        budget: Pieces of a batch, about.
        least: Batches of a pass, where there are enough texts.
    """

    body: float = 4e-5
    head: float = 2e-4
    label: float = 1e-3
    table: float = 2e-4
    budget: int = 1200
    least: int = 12


def passes_for(texts: int) -> int:
    """How often a network goes through so many texts."""
    share = math.log(max(texts, 1) / FEW[0]) / math.log(MANY[0] / FEW[0])
    return min(MOST_PASSES, max(MANY[1], round(FEW[1] + share * (MANY[1] - FEW[1]))))


class Tuner:
    """Fine-tunes the network of a folder of weights; see `warum_models.own.full.FineTuner`.

    Args:
        folder: The weights.
        pace: How fast is learned.
    """

    def __init__(self, folder: Path = WEIGHTS / "accurate", pace: Pace | None = None) -> None:
        self._folder, self._pace = folder, pace or Pace()

    def __call__(
        self,
        passages: Sequence[Passage],
        gold: Gold,
        labels: Sequence[Label],
        base: BaseReader,
        settings: FullSettings,
        progress: Callable[[int, int], None],
    ) -> TunedReader:
        """Fine-tune on n comments; see `FineTuner`."""
        weights = load_weights(self._folder)
        lessons = make_lessons(passages, gold, labels, base, weights.packs)
        network, texts = start(self._folder, labels)
        tune(network, lessons, texts, settings, self._pace, progress)
        return freeze(network, self._folder, labels, label_vectors(network, texts), lessons)

    def seconds(
        self,
        passages: Sequence[Passage],
        gold: Gold,
        labels: Sequence[Label],
        base: BaseReader,
        settings: FullSettings,
    ) -> float:
        """How long a network takes that is tuned on n comments, from a step that is tried; about."""
        weights = load_weights(self._folder)
        sample = np.random.default_rng(settings.seed).permutation(len(passages))[:_SAMPLE]
        began = time.monotonic()
        lessons = make_lessons(
            [passages[i] for i in sample], gold.take(sample), labels, base, weights.packs
        )
        reading = (time.monotonic() - began) / len(sample)
        network, texts = start(self._folder, labels)
        of_piece: float = _seconds_of_piece(network, lessons, texts, self._pace, settings)
        pieces = len(passages) * np.mean([len(x.ids) for x in lessons])
        passes = settings.epochs or passes_for(len(passages))
        return float(_EXPORT + len(passages) * reading + passes * pieces * of_piece)


def _seconds_of_piece(
    network: Network,
    lessons: Sequence[Lesson],
    texts: Sequence[Sequence[int]],
    pace: Pace,
    settings: FullSettings,
) -> float:
    """What a piece of a comment takes in a step; the network is of no use afterwards."""
    chance = np.random.default_rng(settings.seed)
    device = _device(settings.device)
    with _seeded(settings.seed, device):
        step = _Step(network.train(), pace, device)
        step.vectors = label_vectors(network, texts)
        teaching = collate(lessons, chance)
        step(teaching, 0.0)  # the first step is slower
        began = time.monotonic()
        step(teaching, 0.0)
        return (time.monotonic() - began) / int(teaching.ids.numel())


def start(folder: Path, labels: Sequence[Label]) -> tuple[Network, list[list[int]]]:
    """The network before the first step, and what it reads of each label.

    Labels that the weights know by heart keep what is known of them, in vectors of their own.

    Args:
        folder: The weights.
        labels: The k labels.
    """
    weights = load_weights(folder)
    network = thaw(folder, len(labels))
    texts = [_pieces_of(label, weights) for label in labels]
    row = {key: i for i, key in enumerate(weights.known["keys"].tolist())}
    known = [(j, row[key]) for j, x in enumerate(labels) if (key := label_key(x)) in row]
    if known:
        columns, rows = (list(part) for part in zip(*known, strict=True))
        stored = {n: torch.from_numpy(weights.known[n][rows]) for n in LABEL_PARTS}
        vectors = label_vectors(network, texts)[columns]
        network.own.weight.data[columns] = own_vectors(network, vectors, stored)
    return network, texts


def _pieces_of(label: Label, weights: EncoderWeights) -> list[int]:
    language = label.language if label.language in weights.packs else "en"
    rows = weights.packs[language].pieces([label_text(label)])[0].rows[:LONGEST]
    return [*(rows + first_rows(weights)[language]).tolist()]


def label_vectors(network: Network, texts: Sequence[Sequence[int]]) -> Tensor:
    """Vector of what is read of each label, from the network as it is now; (k, 384)."""
    before = network.training
    network.eval()
    with torch.no_grad():
        ids, mask = (x.to(network.tables.weight.device) for x in padded(texts))
        vectors = mean_vector(network.encode(ids, mask), mask)
    network.train(before)
    return vectors


def tune(
    network: Network,
    lessons: Sequence[Lesson],
    texts: Sequence[Sequence[int]],
    settings: FullSettings,
    pace: Pace,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> list[float]:
    """Train a network, in place; it ends on the CPU and not in training.

    Args:
        network: The network.
        lessons: What it learns.
        texts: What it reads of each label, from `start`.
        settings: How long, where, and the seed.
        pace: How fast.
        progress: Told steps done and all steps.

    Returns:
        Mean loss of every pass.
    """
    chance = np.random.default_rng(settings.seed)
    device = _device(settings.device)
    passes = settings.epochs or passes_for(len(lessons))
    pieces = sum(len(lesson.ids) for lesson in lessons)
    budget = min(pace.budget, max(pieces // pace.least, *(len(x.ids) for x in lessons)))
    plan = [draw(lessons, chance, budget) for _ in range(passes)]
    total = sum(len(batches) for batches in plan)
    losses, done = [], 0
    with _seeded(settings.seed, device):
        step = _Step(network.train(), pace, device)
        for batches in plan:
            step.vectors = label_vectors(network, texts)
            held = []
            for batch in batches:
                teaching = collate(cast("list[Lesson]", batch), chance)
                held.append(step(teaching, rate_at(done, total)))
                done += 1
                progress(done, total)
            losses.append(float(np.mean(held)))
    network.to("cpu").eval()
    return losses


def rate_at(step: int, total: int) -> float:
    """Share of the highest rate: up in a straight line, then down to nothing."""
    warm = max(1.0, WARM * total)
    return min((step + 1) / warm, (total - step) / max(1.0, total - warm + 1))


def _device(name: str) -> str:
    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return name


@contextmanager
def _seeded(seed: int, device: str) -> Iterator[None]:
    """Chance of its own, so that on the CPU the same seed gives the same weights, and the caller's stays as it is."""
    with torch.random.fork_rng(devices=[0] if device == "cuda" else []):
        torch.manual_seed(seed)
        yield


class _Step:
    """One step of learning.

    Args:
        network: The network; it is moved to the device.
        pace: How fast.
        device: Where.

    Attributes:
        vectors: Of the labels, (k, 384).
    """

    vectors: Tensor

    def __init__(self, network: Network, pace: Pace, device: str) -> None:
        self._network, self._device = network.to(device), device
        body = list(network.body.parameters())
        heads = [p for m in (network.head, network.documents) for p in m.parameters()]
        own = list(network.own.parameters())
        self._dense = [*body, *heads, *own]
        adam = torch.optim.AdamW(
            [{"params": body, "rate": pace.body}, {"params": heads, "rate": pace.head},
             {"params": own, "rate": pace.label}], weight_decay=0.01,
        )  # fmt: skip
        sparse = torch.optim.SparseAdam(
            [{"params": list(network.tables.parameters()), "rate": pace.table}]
        )
        self._optimisers = (adam, sparse)

    def __call__(self, teaching: Teaching, share: float) -> float:
        """Learn from a batch at a share of the highest rate; returns the loss."""
        for optimiser in self._optimisers:
            optimiser.zero_grad()
            for group in optimiser.param_groups:
                group["lr"] = group["rate"] * share
        loss = loss_of(self._network, teaching.to(self._device), self.vectors)
        loss.backward()
        nn.utils.clip_grad_norm_(self._dense, 1.0)
        for optimiser in self._optimisers:
            optimiser.step()
        return float(loss.detach())
