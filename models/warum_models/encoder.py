"""The reader `accurate`: a small transformer in 8 bits that reads any labels, and what single words say beside it.

The transformer knows what a sentence means and forgets rare words; the tables of `fast` know words. Their raw scores
are added ("wide and deep", Cheng et al. 2016), with shares fitted on comments that neither was trained on.

One comment at a time, without padding: nothing of a neighbour can come into its numbers. Products with weights are sums
of integers with scales that were fixed when the weights were made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from warum_models.calibration import sigmoid, softmax
from warum_models.encoder_weights import LABEL_PARTS, EncoderWeights, label_vectors
from warum_models.evidence import stretch
from warum_models.fast import FastReader
from warum_models.fast_tables import HEADS
from warum_models.label_text import label_key
from warum_models.pieces import Pieces
from warum_models.protocol import ORIENTATIONS, Floats, Found, Label, Passage, Reading, Rows
from warum_models.windows import pieces_in_windows, segments_in, stretch_of

OUTPUTS = ("presence", "polarity", "evidence", "document", "emotion", "intent", "effort", "mean")


@dataclass
class RawPart:
    """What was read of one window of a comment: raw scores.

    Attributes:
        presence: Of the whole window and of its segments, (1 + s, k).
        polarity: Likewise, (1 + s, k, 3).
        evidence: (k, t).
        told: Per head, (classes,).
        mean: (384,).
        pieces: The t pieces.
        segments: Which of the comment's segments lie in the window.
    """

    presence: Floats
    polarity: Floats
    evidence: Floats
    told: dict[str, Floats]
    mean: Floats
    pieces: Pieces
    segments: list[int]


class EncoderReader:
    """Reads comments with the encoder.

    Args:
        weights: From `load_weights`.
        labels: The k labels.
        words: The reader whose scores are added, for the same labels.
    """

    def __init__(
        self, weights: EncoderWeights, labels: Sequence[Label], words: FastReader | None = None
    ) -> None:
        self._weights, self._words = weights, words
        self.name: str = weights.config["name"]
        self.version: str = weights.config["version"]
        self.languages: frozenset[str] = frozenset(weights.config["languages"])
        self.labels: tuple[str, ...] = tuple(label.code for label in labels)
        self._parts, known = self._label_parts(labels)
        self._curves = weights.calibration.curves_of(self.labels, known)
        shares = weights.calibration.shares
        self._share = np.array([shares.get("known" if x else "other", 0.0) for x in known])
        self._kept: dict[Passage, list[RawPart]] = {}

    def read(self, passages: Sequence[Passage]) -> Reading:
        """Read n comments; see `Reader.read`."""
        k = len(self.labels)
        presence = np.zeros((len(passages), k), dtype=np.float32)
        told: dict[str, list[Floats]] = {n: [] for n in ("document", "emotion", "intent", "effort")}
        found: list[tuple[Any, ...]] = []
        for i, parts in enumerate(self.raw(passages)):
            presence[i] = np.max([self.probability(presence_of(p)) for p in parts], axis=0)
            weight = np.array([len(p.pieces.rows) for p in parts], dtype=np.float64)
            for name, rows in told.items():
                logits = np.stack([p.told[name] for p in parts])
                rows.append(np.asarray((logits * weight[:, None]).sum(axis=0) / weight.sum()))
            for part in parts:
                found += [(i, *o) for o in self._opinions(part, passages[i])]
        calibration = self._weights.calibration
        heads = {
            name: calibration.softmax(name, np.stack(rows)) if rows else None
            for name, rows in told.items()
        }
        document = heads.pop("document")
        return Reading(
            presence,
            _as_found(found),
            document if document is not None else np.zeros((0, 3), np.float32),
            **heads,
        )

    def probability(self, logits: Floats) -> Floats:
        """Calibrated presence from raw scores, (…, k)."""
        return sigmoid(logits * self._curves[:, 0] + self._curves[:, 1])

    def embed(self, passages: Sequence[Passage]) -> Floats:
        """Mean of the pieces' vectors, (n, 384); see `BaseReader.embed`."""
        rows = [
            np.mean([p.mean for p in parts], axis=0, dtype=np.float64)
            for parts in self.raw(passages)
        ]
        return np.array(rows, dtype=np.float32).reshape(len(passages), -1)

    def locate(
        self, passages: Sequence[Passage], comment: Rows, label: Rows
    ) -> tuple[Floats, Rows, Rows]:
        """Polarity and evidence of given pairs; see `BaseReader.locate`."""
        wanted: dict[int, list[int]] = {}
        for j, i in enumerate(comment.tolist()):
            wanted.setdefault(i, []).append(j)
        polarity = np.zeros((len(comment), 3), dtype=np.float32)
        start, end = (np.zeros(len(comment), dtype=np.int64) for _ in range(2))
        chosen = sorted(wanted)
        for i, parts in zip(chosen, self.raw([passages[i] for i in chosen]), strict=True):
            for j in wanted[i]:
                column = int(label[j])
                part = max(parts, key=lambda p: float(p.presence[0, column]))
                row = 1 + int(np.argmax(part.presence[1:, column])) if len(part.segments) > 1 else 0
                polarity[j], start[j], end[j] = self._judged(part, row, column, passages[i])
        return polarity, start, end

    def _opinions(self, part: RawPart, passage: Passage) -> list[tuple[Any, ...]]:
        """Label, confidence, polarity, start and end of what reaches its threshold."""
        found = []
        whole = self.probability(presence_of(part))
        for column in np.flatnonzero(whole >= self._curves[:, 2]).tolist():
            rows = [0]
            if len(part.segments) > 1:
                each = self.probability(
                    part.presence[1:, column][:, None].repeat(len(self.labels), 1)
                )[:, column]
                best = int(np.argmax(each))
                limit = max(float(self._curves[column, 2]), 0.5)
                rows = [1 + s for s in range(len(each)) if s == best or each[s] >= limit]
            for row in rows:
                polarity, start, end = self._judged(part, row, column, passage)
                found.append((column, float(whole[column]), polarity, start, end))
        return found

    def _judged(
        self, part: RawPart, row: int, column: int, passage: Passage
    ) -> tuple[Floats, int, int]:
        text, segments = passage.text, passage.segments
        segment = segments[part.segments[max(0, row - 1)]] if part.segments else (0, len(text))
        temperature = self._weights.calibration.temperatures.get("polarity", 1.0)
        polarity = softmax(part.polarity[row, column] / temperature)
        pieces = part.pieces
        start, end = stretch(part.evidence[column], pieces.starts, pieces.ends, segment, text)
        return polarity, start, end

    def raw(self, passages: Sequence[Passage]) -> list[list[RawPart]]:
        """Raw scores of every window of every comment.

        What the call before has read is not read again: a classifier on top asks for presence, features and
        evidence of the same comments one after the other.
        """
        kept, made = self._kept, {}
        fresh = [p for p in dict.fromkeys(passages) if p not in kept]
        for language in sorted({p.language for p in fresh}):
            chosen = [p for p in fresh if p.language == language]
            pieces = self._weights.packs[language].pieces([p.text for p in chosen])
            for passage, found in zip(chosen, pieces, strict=True):
                made[passage] = [
                    self._run(passage, window) for window in pieces_in_windows(found, passage)
                ]
        self._add_words(fresh, made)
        every = [made[p] if p in made else kept[p] for p in passages]
        self._kept = dict(zip(passages, every, strict=True)) if fresh else kept
        return every

    def _run(self, passage: Passage, pieces: Pieces) -> RawPart:
        real = pieces.ends > pieces.starts
        segments, windows = [], [np.ones(len(pieces.rows), dtype=np.float32)]
        for j, (a, b) in enumerate(passage.segments):
            inside = real & (pieces.ends > a) & (pieces.starts < b)
            if inside.any():
                segments.append(j)
                windows.append(inside.astype(np.float32))
        if len(segments) <= 1:
            windows = windows[:1]
        out = self._weights.reader.run(
            list(OUTPUTS),
            {
                "vectors": self._weights.packs[passage.language].vectors(pieces.rows)[None],
                "windows": np.stack(windows),
                "orientation": np.array([ORIENTATIONS.index(passage.orientation)], dtype=np.int64),
                **self._parts,
            },
        )
        made = dict(zip(OUTPUTS, out, strict=True))
        told = {n: made[n][0] for n in ("document", "emotion", "intent", "effort")}
        k = len(self.labels)
        return RawPart(
            made["presence"][:, :k],
            made["polarity"][:, :k],
            made["evidence"][:k],
            told,
            made["mean"][0],
            pieces,
            segments,
        )

    def _add_words(
        self, passages: Sequence[Passage], made: Mapping[Passage, list[RawPart]]
    ) -> None:
        """Add the raw scores of the words, in place."""
        words, shares = self._words, self._weights.calibration.shares
        if words is None or not shares or not passages:
            return
        spans = [(part, *span) for p in passages for part, span in _spans(p, made[p])]
        sums = words.sums([span for _, span, _ in spans])
        whole = {n: words.head(sums.whole, n) for n in HEADS}
        sides = words.head(sums.parts, "polarity")
        for i, (part, _, places) in enumerate(spans):
            first = int(sums.first_part[i])
            rows = [first + j for j in places] if len(part.presence) > 1 else []
            part.presence[0] += self._share * sums.presence[i]
            part.presence[1:] += self._share * sums.presence_parts[rows]
            part.polarity[0] += shares.get("polarity", 0.0) * whole["polarity"][i]
            part.polarity[1:] += shares.get("polarity", 0.0) * sides[rows][:, None]
            for name in part.told:
                part.told[name] += shares.get(name, 0.0) * whole[name][i]

    def _label_parts(self, labels: Sequence[Label]) -> tuple[dict[str, Floats], list[bool]]:
        """What the labels contribute: stored for the known ones, read from the description for others."""
        stored = {key: row for row, key in enumerate(self._weights.known["keys"].tolist())}
        rows: dict[str, list[Floats]] = {name: [] for name in LABEL_PARTS}
        known = []
        for label in labels:
            row = stored.get(label_key(label))
            known.append(row is not None)
            made = self._describe(label) if row is None else None
            for name in LABEL_PARTS:
                rows[name].append(self._weights.known[name][row] if made is None else made[name][0])
        if not labels:  # the graph needs one; what it says of it is cut off
            shapes = {n: self._weights.known[n].shape[1:] for n in LABEL_PARTS}
            rows = {n: [np.zeros(shape, np.float32)] for n, shape in shapes.items()}
        return {n: np.array(v, dtype=np.float32) for n, v in rows.items()}, known

    def _describe(self, label: Label) -> dict[str, Floats]:
        vector = label_vectors(self._weights, [label])
        out = self._weights.label_graph.run(list(LABEL_PARTS), {"vectors": vector})
        return dict(zip(LABEL_PARTS, out, strict=True))


def presence_of(part: RawPart) -> Floats:
    """Raw presence in a window, (k,): the mean of the whole's and of the surest segment's.

    The whole knows the context; beside several other opinions it overlooks one that its segment says plainly.
    """
    surest = part.presence[1:] if len(part.segments) > 1 else part.presence
    score: Floats = (part.presence[0] + surest.max(axis=0)) / 2
    return score


def _spans(
    passage: Passage, parts: Sequence[RawPart]
) -> Iterator[tuple[RawPart, tuple[Passage, Sequence[int]]]]:
    """What each window covers as a comment of its own, and which of its segments those of the window are.

    Words far from a window say nothing about it, and sums over thousands of words would drown its scores.
    """
    for part in parts:
        starts, ends = part.pieces.starts, part.pieces.ends
        real = ends > starts
        if len(parts) == 1 or not real.any():
            yield part, (passage, part.segments)
            continue
        start, end = int(starts[real].min()), int(ends[real].max())
        inside = segments_in(passage, start, end)
        yield (
            part,
            (stretch_of(passage, start, end), [inside.index(j) for j in part.segments]),
        )


def _as_found(rows: list[tuple[Any, ...]]) -> Found:
    if not rows:
        return Found.none()
    comment, label, confidence, polarity, start, end = zip(*rows, strict=True)
    return Found(
        np.array(comment, dtype=np.int64),
        np.array(label, dtype=np.int64),
        np.array(confidence, dtype=np.float32),
        np.stack(polarity).astype(np.float32),
        np.array(start, dtype=np.int64),
        np.array(end, dtype=np.int64),
    )
