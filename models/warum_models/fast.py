"""The reader `fast`: vectors of word pieces and of pairs of neighbours, scored against the labels.

All that depends on a text is a sum of integers (vectors and label queries have 8 bits), so a comment's numbers are the
same whoever its neighbours are. It was taught by the reader `accurate`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from warum_models.calibration import Calibration, sigmoid
from warum_models.encoder import label_key
from warum_models.pieces import make_tokenizer
from warum_models.protocol import Floats, Found, Label, Passage, Reading, Rows
from warum_models.stored import WEIGHTS, read_config

Doubles = npt.NDArray[np.float64]
TOPIC = 64  # numbers of a piece that are compared with the labels
HEADS = {"polarity": 3, "document": 3, "emotion": 9, "intent": 7, "effort": 3}
WIDTH = TOPIC + sum(HEADS.values())
PAIR_BITS = 17


def pair_rows(rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Row of the table of pairs for each piece and the one behind it; (t - 1,) from (t,)."""
    first, second = rows[:-1].astype(np.uint64), rows[1:].astype(np.uint64)
    mixed = first * np.uint64(0x9E3779B97F4A7C15) + second * np.uint64(0xC2B2AE3D27D4EB4F)
    folded = (mixed ^ (mixed >> np.uint64(29))) >> np.uint64(12)
    return np.asarray(folded.astype(np.int64) & ((1 << PAIR_BITS) - 1))


@dataclass(frozen=True)
class FastWeights:
    """Tables and calibration, read once.

    Attributes:
        config: Name, version, hashes and scales.
        tokenizers: One per language.
        first: First row of each language in `pieces`.
        pieces: One vector per piece, (v, WIDTH).
        pairs: One vector per pair of neighbours, (2**PAIR_BITS, WIDTH).
        known: Queries of the known labels.
        maps: From a label's vector to its query: weight matrices by name.
        calibration: From scores to probabilities.
    """

    config: dict[str, Any]
    tokenizers: dict[str, Any]
    first: dict[str, int]
    pieces: npt.NDArray[np.int8]
    pairs: npt.NDArray[np.int8]
    known: dict[str, npt.NDArray[Any]]
    maps: dict[str, Floats]
    calibration: Calibration


@cache
def load_weights(folder: Path = WEIGHTS / "fast") -> FastWeights:
    """Read and check a folder of weights; the vocabularies are those of `accurate`.

    Raises:
        WeightsError: If a file is missing or has another hash.
    """
    config = read_config(folder)
    tokenizers, first, row = {}, {}, 0
    for language in config["languages"]:
        pieces = (
            (folder.parent / "accurate" / f"pieces.{language}.txt").read_text("utf-8").split("\n")
        )
        tokenizers[language] = make_tokenizer(pieces, strip_accents=language == "en")
        tokenizers[language].post_processor = None
        first[language], row = row, row + len(pieces)
    with np.load(folder / "weights.npz", allow_pickle=False) as stored:
        arrays = dict(stored)
    return FastWeights(
        config, tokenizers, first, arrays.pop("pieces"), arrays.pop("pairs"),
        {n: arrays.pop(n) for n in ("keys", "queries", "query_scale", "floor", "bias")},
        arrays, Calibration.parse(config["calibration"]),
    )  # fmt: skip


class FastReader:
    """Reads comments by their pieces.

    Args:
        weights: From `load_weights`.
        labels: The k labels.
        vectors: Vector of each label from the encoder, (k, 384); only for labels that are not known.
    """

    def __init__(
        self, weights: FastWeights, labels: Sequence[Label], vectors: Floats | None = None
    ) -> None:
        self._weights = weights
        self.name: str = weights.config["name"]
        self.version: str = weights.config["version"]
        self.languages: frozenset[str] = frozenset(weights.config["languages"])
        self.labels: tuple[str, ...] = tuple(label.code for label in labels)
        stored = {key: row for row, key in enumerate(weights.known["keys"].tolist())}
        rows = [stored.get(label_key(label)) for label in labels]
        parts = [
            {n: weights.known[n][row] for n in ("queries", "query_scale", "floor", "bias")}
            if row is not None
            else describe(
                weights.maps, vectors[i] if vectors is not None else np.zeros(384, np.float32)
            )
            for i, row in enumerate(rows)
        ]
        self._queries: Floats = (
            np.array([p["queries"] for p in parts], dtype=np.float32).reshape(-1, TOPIC).T
        )
        self._scale, self._floor, self._bias = (
            np.array([p[n] for p in parts], dtype=np.float64)
            for n in ("query_scale", "floor", "bias")
        )
        self._curves = weights.calibration.curves_of(self.labels, [row is not None for row in rows])

    def read(self, passages: Sequence[Passage]) -> Reading:
        """Read n comments; see `Reader.read`."""
        if not passages:
            return Reading(
                np.zeros((0, len(self.labels)), np.float32),
                Found.none(),
                np.zeros((0, 3), np.float32),
            )
        sums = self._sums(passages)
        presence = self._probability(sums.presence)
        calibration = self._weights.calibration
        told = {n: calibration.softmax(n, self._head(sums, n)) for n in HEADS if n != "polarity"}
        return Reading(
            presence, self._found(passages, sums, presence), told.pop("document"), **told
        )

    def raw(self, passages: Sequence[Passage]) -> Doubles:
        """Presence before calibration, (n, k)."""
        return self._sums(passages).presence

    def _probability(self, logits: Doubles) -> Floats:
        return sigmoid(logits * self._curves[:, 0] + self._curves[:, 1])

    def _head(self, sums: _Sums, name: str) -> Doubles:
        first = TOPIC
        for head, width in HEADS.items():
            if head == name:
                values = sums.parts if name == "polarity" else sums.whole
                bias = self._weights.maps[f"{name}_bias"]
                return np.asarray(values[:, first - TOPIC : first - TOPIC + width] + bias)
            first += width
        raise KeyError(name)

    def _found(self, passages: Sequence[Passage], sums: _Sums, presence: Floats) -> Found:
        """Labels that are there, in the segment where they are likeliest and in all where they are likely."""
        comment, label = np.nonzero(presence >= self._curves[:, 2])
        if not len(comment):
            return Found.none()
        inside = self._probability(sums.presence_parts)
        polarity = self._weights.calibration.softmax("polarity", self._head(sums, "polarity"))
        limit = np.maximum(self._curves[:, 2], 0.5)
        rows: list[tuple[int, int, int]] = []
        for i, c in zip(comment.tolist(), label.tolist(), strict=True):
            a, b = int(sums.first_part[i]), int(sums.first_part[i + 1])
            if b - a <= 1:
                rows.append((i, c, a))
                continue
            each = inside[a:b, c]
            best = int(np.argmax(each))
            rows += [(i, c, a + s) for s in range(b - a) if s == best or each[s] >= limit[c]]
        i, c, part = np.array(rows, dtype=np.int64).T
        spans = np.array(
            [s for p in passages for s in (p.segments or ((0, len(p.text)),))], dtype=np.int64
        )
        return Found(i, c, presence[i, c], polarity[part], spans[part, 0], spans[part, 1])

    def _sums(self, passages: Sequence[Passage]) -> _Sums:
        """Everything that is added up over pieces, for whole comments and for their segments."""
        rows, place, part, parts = self._pieces(passages)
        n = len(passages)
        vectors = self._weights.pieces[rows].astype(np.int32)
        if len(rows) > 1:
            near = self._weights.pairs[pair_rows(rows)].astype(np.int32)
            near[place[1:] != place[:-1]] = 0  # neighbours of different comments are none
            vectors[:-1] += near
            vectors[1:] += near
        # Integers below 2**24: exact in 32-bit floats, whatever the order of summation.
        scores = (vectors[:, :TOPIC].astype(np.float32) @ self._queries).astype(
            np.float64
        ) - self._floor
        heads = vectors[:, TOPIC:].astype(np.float64)
        first_part = np.concatenate([[0], np.cumsum(parts)])
        scale = float(self._weights.maps["head_scale"])
        return _Sums(
            presence=self._presence(scores, place, n),
            presence_parts=self._presence(scores, part, int(first_part[-1])),
            whole=_mean(heads, place, n, scale),
            parts=_mean(heads, part, int(first_part[-1]), scale),
            first_part=first_part,
        )

    def _presence(self, scores: Doubles, unit: Rows, n: int) -> Doubles:
        """Raw presence per unit: logarithm of what stands above the floor, and the highest piece."""
        maps = self._weights.maps
        total = _added(np.maximum(scores, 0), unit, n) * self._scale
        highest = np.full((n, scores.shape[1]), -1e6)
        at = np.flatnonzero(np.diff(unit, prepend=-1)) if len(unit) else np.zeros(0, np.int64)
        if len(at):
            highest[unit[at]] = np.maximum.reduceat(scores, at, axis=0) * self._scale
        highest = np.maximum(highest, -4.0)
        return np.asarray(
            float(maps["sum_weight"]) * np.log1p(total)
            + float(maps["peak_weight"]) * highest
            + self._bias
        )

    def _pieces(self, passages: Sequence[Passage]) -> tuple[Rows, Rows, Rows, Rows]:
        """Rows of all pieces, their comment and segment, and segments per comment."""
        encodings: list[Any] = [None] * len(passages)
        for language in {p.language for p in passages}:
            chosen = [i for i, p in enumerate(passages) if p.language == language]
            made = self._weights.tokenizers[language].encode_batch(
                [passages[i].text for i in chosen]
            )
            for i, encoding in zip(chosen, made, strict=True):
                encodings[i] = encoding
        count = np.array([len(e.ids) for e in encodings], dtype=np.int64)
        shift = np.array([self._weights.first[p.language] for p in passages], dtype=np.int64)
        rows = np.fromiter(
            (x for e in encodings for x in e.ids), dtype=np.int64, count=int(count.sum())
        )
        starts = np.fromiter(
            (a for e in encodings for a, _ in e.offsets), dtype=np.int64, count=len(rows)
        )
        place = np.repeat(np.arange(len(passages)), count)
        parts = np.array([max(1, len(p.segments)) for p in passages], dtype=np.int64)
        # Segment of each piece: comments are laid behind each other on one line.
        lengths = np.array([len(p.text) + 1 for p in passages], dtype=np.int64)
        base = np.concatenate([[0], np.cumsum(lengths)])
        borders = np.array(
            [
                base[i] + s
                for i, p in enumerate(passages)
                for s in ([0, *(a for a, _ in p.segments[1:])])
            ],
            dtype=np.int64,
        )
        part = np.searchsorted(borders, starts + base[place], side="right") - 1
        return rows + shift[place], place, part, parts


@dataclass(frozen=True)
class _Sums:
    presence: Doubles  # (n, k)
    presence_parts: Doubles  # (m, k)
    whole: Doubles  # (n, 25)
    parts: Doubles  # (m, 25)
    first_part: Rows  # (n + 1,)


def _added(values: Doubles, unit: Rows, n: int) -> Doubles:
    """Sums of rows per unit, (n, d); units come in order."""
    out = np.zeros((n, values.shape[1]))
    at = np.flatnonzero(np.diff(unit, prepend=-1)) if len(unit) else np.zeros(0, np.int64)
    if len(at):
        out[unit[at]] = np.add.reduceat(values, at, axis=0)
    return out


def _mean(values: Doubles, unit: Rows, n: int, scale: float) -> Doubles:
    """Sums per unit over the root of their number."""
    count = np.maximum(np.bincount(unit, minlength=n), 1)
    return np.asarray(_added(values, unit, n) * scale / np.sqrt(count)[:, None])


def describe(maps: dict[str, Floats], vector: Floats) -> dict[str, Any]:
    """Query of a label in 8 bits, from its vector (384,)."""
    inner = np.tanh(
        (maps["label_in"].astype(np.float64) * vector).sum(axis=1) + maps["label_in_bias"]
    )
    out = (maps["label_out"].astype(np.float64) * inner).sum(axis=1) + maps["label_out_bias"]
    return quantised_query(out, float(maps["topic_scale"]))


def quantised_query(values: Doubles, topic_scale: float) -> dict[str, Any]:
    """Query, its scale, floor (in integers) and bias from (TOPIC + 2,) numbers."""
    query, floor, bias = values[:TOPIC], float(values[TOPIC]), float(values[TOPIC + 1])
    step = max(float(np.abs(query).max()), 1e-6) / 127
    scale = step * topic_scale
    return {
        "queries": np.round(query / step).astype(np.int8),
        "query_scale": scale,
        "floor": np.round(floor / scale),
        "bias": bias,
    }
