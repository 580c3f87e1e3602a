"""Tasks as tensors: batches of texts of nearly equal length, each with its own labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from warum_models.train.labelbank import LabelBank
from warum_models.train.network import padded
from warum_models.train.tasks import LONGEST, Task, under_cx

Places = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]
EXTRA_UNIONS = 8
EXTRA_OTHERS = 4
UNKNOWN = -1
DROPPED = 0.1  # share of the pieces that are hidden, so that no single word carries a label
OWN = 0.6  # how often a known label's own vector is added to its wording
LONG_ENOUGH = 8  # pieces of a text from which on some are hidden


@dataclass
class Encoded:
    """A task with its t tokens.

    Attributes:
        task: The task.
        ids: Global ids.
        starts: Where each token begins in the text, (t,).
        ends: Where it ends, (t,).
    """

    task: Task
    ids: list[int]
    starts: Places
    ends: Places


@dataclass
class Batch:
    """b texts, t tokens, k labels each.

    Attributes:
        ids: Token ids, (b, t).
        mask: Real tokens, (b, t).
        window: Tokens that the second view looks at, (b, t).
        wording: Row of the label bank, (b, k).
        own: Whether the label's own vector is used beside its wording, (b, k).
        presence: 1, 0 or -1 for unknown, (b, k).
        presence_window: Likewise for the second view.
        polarity: 0, 1, 2 or -1, (b, k).
        polarity_window: Likewise for the second view.
        evidence: 1, 0 or -1, (b, k, t).
        orientation: (b,).
        document: Soft polarity, (b, 3); a row of zeros where unknown.
        labels: emotion, intent and effort, each (b,); -1 unknown, intent -2: no bug and no suggestion.
    """

    ids: Tensor
    mask: Tensor
    window: Tensor
    wording: Tensor
    own: Tensor
    presence: Tensor
    presence_window: Tensor
    polarity: Tensor
    polarity_window: Tensor
    evidence: Tensor
    orientation: Tensor
    document: Tensor
    labels: dict[str, Tensor] = field(default_factory=dict)


class Encoder:
    """Makes tokens of texts.

    Args:
        tokenizers: Tokeniser per language.
        offsets: First row of the language's table in the stacked tables.
    """

    def __init__(self, tokenizers: dict[str, Any], offsets: dict[str, int]) -> None:
        self._tokenizers = tokenizers
        self._offsets = offsets

    def tokens(
        self, texts: Sequence[str], language: str
    ) -> list[tuple[list[int], list[tuple[int, int]]]]:
        """Global ids and offsets of each text, at most `LONGEST` tokens."""
        shift = self._offsets[language]
        return [
            ([i + shift for i in e.ids[:LONGEST]], e.offsets[:LONGEST])
            for e in self._tokenizers[language].encode_batch(list(texts))
        ]

    def encode(self, tasks: Sequence[Task]) -> list[Encoded]:
        """All tasks with their tokens, in order."""
        out: list[Encoded | None] = [None] * len(tasks)
        for language in self._tokenizers:
            rows = [i for i, t in enumerate(tasks) if t.language == language]
            for i, (ids, offsets) in zip(
                rows, self.tokens([tasks[i].text for i in rows], language), strict=True
            ):
                places = np.array(offsets, dtype=np.int64).reshape(-1, 2)
                out[i] = Encoded(tasks[i], ids, places[:, 0], places[:, 1])
        return [e for e in out if e is not None]


def draw(
    encoded: Sequence[Encoded], generator: np.random.Generator, budget: int = 1200
) -> list[list[Encoded]]:
    """Shuffled batches of nearly equal length with about `budget` tokens each."""
    noise = generator.random(len(encoded)) * 4
    order = sorted(range(len(encoded)), key=lambda i: len(encoded[i].ids) + noise[i])
    batches: list[list[Encoded]] = []
    held: list[Encoded] = []
    for i in order:
        if held and (len(held) + 1) * len(encoded[i].ids) > budget:
            batches.append(held)
            held = []
        held.append(encoded[i])
    if held:
        batches.append(held)
    return [batches[i] for i in generator.permutation(len(batches))]


class Collator:
    """Puts a batch together, choosing wordings, merged labels and windows anew each time.

    Args:
        bank: The labels.
        generator: Chance.
        plain: Whether to take the first wording and no extra labels, for measuring.
    """

    def __init__(
        self, bank: LabelBank, generator: np.random.Generator, *, plain: bool = False
    ) -> None:
        self._bank = bank
        self._chance = generator
        self._plain = plain
        self._own_keys = [
            k
            for k in bank.keys
            if k not in bank.unions and not k.startswith(("cx:", "mams:", "banking77:"))
        ]
        self._unions = list(bank.unions)

    def __call__(self, held: Sequence[Encoded]) -> Batch:
        """A batch of the given tasks."""
        ids, mask = padded([e.ids for e in held])
        rows = [self._row(e, ids.shape[1]) for e in held]
        k = max(1, *(len(r["keys"]) for r in rows)) if rows else 1
        b, t = ids.shape
        if not self._plain:
            hidden = torch.from_numpy(self._chance.random((b, t)) < DROPPED)
            hidden[:, 0] = False
            hidden[mask.sum(1) < LONG_ENOUGH] = False
            mask &= ~hidden
        unknown = [torch.full((b, k), UNKNOWN, dtype=torch.long) for _ in range(4)]
        batch = Batch(
            ids=ids,
            mask=mask,
            window=mask.clone(),
            wording=torch.zeros((b, k), dtype=torch.long),
            own=torch.zeros((b, k), dtype=torch.bool),
            presence=unknown[0],
            presence_window=unknown[1],
            polarity=unknown[2],
            polarity_window=unknown[3],
            evidence=torch.full((b, k, t), UNKNOWN, dtype=torch.int8),
            orientation=torch.tensor([e.task.orientation for e in held]),
            document=torch.zeros((b, 3)),
        )
        for i, row in enumerate(rows):
            n = len(row["keys"])
            if n:
                batch.wording[i, :n] = torch.tensor(row["wording"])
                batch.own[i, :n] = torch.tensor(row["own"])
                batch.presence[i, :n] = torch.tensor(row["presence"])
                batch.polarity[i, :n] = torch.tensor(row["polarity"])
                batch.presence_window[i, :n] = torch.tensor(row["presence_window"])
                batch.polarity_window[i, :n] = torch.tensor(row["polarity_window"])
                batch.evidence[i, :n, : len(held[i].ids)] = torch.from_numpy(row["evidence"])
            batch.window[i] &= torch.from_numpy(row["window"])
            if held[i].task.document is not None:
                batch.document[i] = torch.tensor(held[i].task.document)
        for name in ("emotion", "intent", "effort"):
            values = [getattr(e.task, name) for e in held]
            shifted = [-1 if v is None else -2 if v < 0 else v for v in values]
            batch.labels[name] = torch.tensor(shifted)
        return batch

    def _keys(self, task: Task) -> tuple[list[str], dict[str, list[tuple[int, int, int]]]]:
        """The labels asked for, and which of them are there."""
        keys, present = list(task.known), dict(task.present)
        if self._plain or not keys:
            return keys, present
        if task.source.startswith("authored"):
            for j in self._chance.permutation(len(self._unions))[:EXTRA_UNIONS].tolist():
                key = self._unions[j]
                keys.append(key)
                if held := self._bank.merged(key, task.present):
                    present[key] = held
        elif task.source.startswith("own"):
            # Labels of other organisations are hardly ever there; where the codes say the same, none is drawn.
            names = {k.rpartition(":")[2] for k in keys}
            for j in self._chance.integers(len(self._own_keys), size=EXTRA_OTHERS).tolist():
                key = self._own_keys[j]
                if key.rpartition(":")[2] not in names and key not in keys and not task.present:
                    keys.append(key)
        return keys, present

    def _row(self, encoded: Encoded, width: int) -> dict[str, Any]:
        keys, present = self._keys(encoded.task)
        starts, ends = encoded.starts, encoded.ends
        real = ends > starts
        window = np.ones(width, dtype=bool)
        inside = self._window(encoded, starts, ends, present) if not self._plain else None
        if inside is not None:
            window[: len(inside)] = inside
        n = len(keys)
        ways = [self._bank.keys[key] for key in keys]
        drawn = np.zeros((n, 2)) if self._plain else self._chance.random((n, 2))
        wording = [
            way[int(x * len(way))] for way, x in zip(ways, drawn[:, 0].tolist(), strict=True)
        ]
        row: dict[str, Any] = {
            "keys": keys, "window": window, "wording": wording,
            "own": [
                self._bank.wordings[w].own >= 0 and x < OWN
                for w, x in zip(wording, drawn[:, 1].tolist(), strict=True)
            ],
            "presence": [0] * n, "polarity": [UNKNOWN] * n,
            "presence_window": [UNKNOWN if inside is None else 0] * n,
            "polarity_window": [UNKNOWN] * n,
            "evidence": np.full((n, len(starts)), UNKNOWN, dtype=np.int8),
        }  # fmt: skip
        for j, key in enumerate(keys):
            spans = present.get(key)
            if not spans:
                continue
            sides = {s for s, _, _ in spans}
            row["presence"][j] = 1
            row["polarity"][j] = sides.pop() if len(sides) == 1 else UNKNOWN
            marked = np.zeros(len(starts), dtype=bool)
            for _, a, b in spans:
                marked |= real & (starts < b) & (ends > a)
            if marked.any():
                row["evidence"][j] = np.where(real, marked, UNKNOWN)
            row["presence_window"][j], row["polarity_window"][j] = _seen(
                spans, starts, ends, real, inside
            )
        return row

    def _window(
        self,
        encoded: Encoded,
        starts: Places,
        ends: Places,
        present: dict[str, list[tuple[int, int, int]]],
    ) -> Any:  # noqa: ANN401
        """A stretch of the text that is judged by itself: an evidence and a little around it, or a random one."""
        spans = [s for held in present.values() for s in held if s[2] > s[1]]
        n = len(starts)
        if n < 10 or not (under_cx(task := encoded.task) or task.source == "own"):
            return None
        if spans and self._chance.random() < 0.7:
            _, a, b = spans[int(self._chance.integers(len(spans)))]
            a -= int(self._chance.integers(0, 12))
            b += int(self._chance.integers(0, 12))
        else:
            cuts = [0, *(i + 1 for i, c in enumerate(task.text) if c in ".,!?;:\n"), len(task.text)]
            first = int(self._chance.integers(len(cuts) - 1))
            a, b = cuts[first], cuts[min(len(cuts) - 1, first + int(self._chance.integers(1, 3)))]
        inside = (ends > a) & (starts < b) & (ends > starts)
        return inside if inside.sum() >= 2 else None


def _seen(
    spans: list[tuple[int, int, int]],
    starts: Places,
    ends: Places,
    real: Marks,
    inside: Marks | None,
) -> tuple[int, int]:
    """Presence and polarity of a label within a window; unknown where an evidence is cut in two."""
    if inside is None:
        return UNKNOWN, UNKNOWN
    sides, doubtful = set(), False
    for side, a, b in spans:
        marked = real & (starts < b) & (ends > a)
        share = (marked & inside).sum() / max(1, marked.sum())
        if share >= 0.7:
            sides.add(side)
        elif share > 0.2:
            doubtful = True
    if sides:
        return 1, sides.pop() if len(sides) == 1 else UNKNOWN
    return (UNKNOWN if doubtful else 0), UNKNOWN
