"""The reader `fast`: vectors of word pieces and of pairs of neighbours, scored against the labels.

All that depends on a text is a sum of integers (vectors and label queries have 8 bits), so a comment's numbers are the
same whoever its neighbours are. For the labels that it was trained on, and for the heads, n-grams are added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from warum_models.calibration import sigmoid
from warum_models.fast_sums import Doubles, LastSums, Sums, Units
from warum_models.fast_tables import HEADS, TOPIC, FastWeights, describe, pair_rows
from warum_models.features import readable
from warum_models.label_text import label_key
from warum_models.protocol import Floats, Found, Label, Passage, Reading, Rows
from warum_models.windows import Window, windows_of

_FIRSTS = dict(zip(HEADS, np.cumsum([0, *HEADS.values()]).tolist(), strict=False))
"""First of each head's scores."""


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
            {n: weights.known[n][row] for n in ("queries", "query_scale", "bias")}
            if row is not None
            else describe(
                weights.maps, vectors[i] if vectors is not None else np.zeros(384, np.float32)
            )
            for i, row in enumerate(rows)
        ]
        self._queries: Floats = (
            np.array([p["queries"] for p in parts], dtype=np.float32).reshape(-1, TOPIC).T
        )
        self._scale, self._bias = (
            np.array([p[n] for p in parts], dtype=np.float64) for n in ("query_scale", "bias")
        )
        self._known = np.array([i for i, row in enumerate(rows) if row is not None], dtype=np.int64)
        place = {name: i for i, name in enumerate(weights.ngrams.columns)}
        self._columns = [place[label_key(labels[i])] for i in self._known.tolist()]
        self._head_columns = [place[f"{n}:{k}"] for n, w in HEADS.items() for k in range(w)]
        self._curves = weights.calibration.curves_of(self.labels, [row is not None for row in rows])
        shares = weights.calibration.shares
        self._head_shares = np.repeat([shares.get(n, 0.0) for n in HEADS], list(HEADS.values()))
        self._sums = LastSums()

    def read(self, passages: Sequence[Passage]) -> Reading:
        """Read n comments; see `Reader.read`."""
        if not passages:
            return Reading(
                np.zeros((0, len(self.labels)), np.float32),
                Found.none(),
                np.zeros((0, 3), np.float32),
            )
        windows = [windows_of(passage) for passage in passages]
        sums = self.sums([window.passage for each in windows for window in each])
        presence = self._probability(sums.presence)
        found = self._found([w.passage for each in windows for w in each], sums, presence)
        first = np.cumsum([0, *map(len, windows)])[:-1]
        whole = _over_windows(sums.whole, windows, first)
        calibration = self._weights.calibration
        told = {n: calibration.softmax(n, self.head(whole, n)) for n in HEADS if n != "polarity"}
        return Reading(
            np.maximum.reduceat(presence, first, axis=0),
            _placed(found, windows),
            told.pop("document"),
            **told,
        )

    def raw(self, passages: Sequence[Passage]) -> Doubles:
        """Presence before calibration, (n, k)."""
        return self.sums(passages).presence

    def _probability(self, logits: Doubles) -> Floats:
        return sigmoid(logits * self._curves[:, 0] + self._curves[:, 1])

    def head(self, values: Doubles, name: str) -> Doubles:
        """Raw scores of a head, (n, classes), out of `Sums.whole` or `Sums.parts`."""
        first = _FIRSTS[name]
        bias = self._weights.maps[f"{name}_bias"]
        return np.asarray(values[:, first : first + HEADS[name]] + bias)

    def _found(self, passages: Sequence[Passage], sums: Sums, presence: Floats) -> Found:
        """Labels that are there, in the segment where they are likeliest and in all where they are likely."""
        comment, label = np.nonzero(presence >= self._curves[:, 2])
        if not len(comment):
            return Found.none()
        inside = self._probability(sums.presence_parts)
        polarity = self._weights.calibration.softmax("polarity", self.head(sums.parts, "polarity"))
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

    def sums(self, passages: Sequence[Passage]) -> Sums:
        """Everything that is added up over pieces, for whole comments and for their segments.

        What this thread's call before has added up is not added up again: a cascade hands on what it has read
        with `fast` to a reader that adds the same sums.
        """
        return self._sums.of(passages) or self._sums.keep(passages, self._added_up(passages))

    def _added_up(self, passages: Sequence[Passage]) -> Sums:
        rows, place, part, parts = self._pieces(passages)
        vectors = self._weights.pieces[rows].astype(np.int32)
        if len(rows) > 1:
            near = self._weights.pairs[pair_rows(rows)].astype(np.int32)
            if len(passages) > 1:
                near[place[1:] != place[:-1]] = 0  # neighbours of different comments are none
            vectors[:-1, :TOPIC] += near
            vectors[1:, :TOPIC] += near
        # Integers below 2**24: exact in 32-bit floats, whatever the order of summation.
        scores = (vectors[:, :TOPIC].astype(np.float32) @ self._queries).astype(np.float64)
        heads = vectors[:, TOPIC:].astype(np.float64)
        scale = float(self._weights.maps["head_scale"])
        first_part = np.concatenate([[0], np.cumsum(parts)])
        wholes = Units.of(place, len(passages))
        presence, whole = self._presence(scores, wholes), wholes.mean(heads, scale)
        if len(passages) == first_part[-1]:  # one segment each: they are the comments
            pieces_of_parts, presence_parts, of_parts = wholes.count, presence.copy(), whole.copy()
        else:
            units = Units.of(part, int(first_part[-1]))
            pieces_of_parts = units.count
            presence_parts, of_parts = self._presence(scores, units), units.mean(heads, scale)
        share = pieces_of_parts / np.maximum(1, np.repeat(wholes.count, parts))
        sums = Sums(presence, presence_parts, whole, of_parts, first_part, share)
        self._add_ngrams(sums, passages, parts)
        return sums

    def _add_ngrams(self, sums: Sums, passages: Sequence[Passage], parts: Rows) -> None:
        """Add what the n-grams of the whole comment say to it and to its segments, in place."""
        shares = self._weights.calibration.shares
        if not shares:
            return
        found = self._weights.ngrams.scores([p.text for p in passages])
        of_labels = shares["known"] * found[:, self._columns]
        of_heads = found[:, self._head_columns] * self._head_shares
        sums.presence[:, self._known] += of_labels
        sums.presence_parts[:, self._known] += np.repeat(of_labels, parts, axis=0)
        sums.whole[:] += of_heads
        sums.parts[:] += np.repeat(of_heads, parts, axis=0) * sums.share[:, None]

    def _presence(self, scores: Doubles, units: Units) -> Doubles:
        """Raw presence per unit: the sum over its pieces by the root of their number, and the highest piece."""
        maps = self._weights.maps
        total = units.mean(scores, 1.0) * self._scale
        highest = np.full((len(units.count), scores.shape[1]), -1e6)
        if len(units.starts):
            highest[units.filled] = np.maximum.reduceat(scores, units.starts, axis=0) * self._scale
        highest = np.maximum(highest, -4.0)
        return np.asarray(
            float(maps["sum_weight"]) * total + float(maps["peak_weight"]) * highest + self._bias
        )

    def _pieces(self, passages: Sequence[Passage]) -> tuple[Rows, Rows, Rows, Rows]:
        """Rows of all pieces, their comment and segment, and segments per comment."""
        encodings: list[Any] = [None] * len(passages)
        for language in {p.language for p in passages}:
            chosen = [i for i, p in enumerate(passages) if p.language == language]
            made = self._weights.tokenizers[language].encode_batch(
                [readable(passages[i].text) for i in chosen], add_special_tokens=False
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


def _over_windows(values: Doubles, windows: Sequence[Sequence[Window]], first: Rows) -> Doubles:
    """Raw scores per comment: the mean over its windows, weighted by their length; (n, d)."""
    rows = np.array(values[first])
    for i, each in enumerate(windows):
        if len(each) > 1:
            weight = np.array([len(w.passage.text) for w in each], dtype=np.float64)
            held = values[first[i] : first[i] + len(each)]
            rows[i] = (held * weight[:, None]).sum(axis=0) / weight.sum()
    return rows


def _placed(found: Found, windows: Sequence[Sequence[Window]]) -> Found:
    """What was found in windows, as found in the comments that they are of."""
    if all(len(each) == 1 for each in windows):
        return found
    comment = np.repeat(np.arange(len(windows)), [len(each) for each in windows])
    start = np.array([w.start for each in windows for w in each], dtype=np.int64)[found.comment]
    return replace(
        found, comment=comment[found.comment], start=found.start + start, end=found.end + start
    )
