"""A base reader without weights: it hashes words, and finds labels by the words of their descriptions."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np

from warum_models.protocol import Floats, Found, Label, Passage, Reading, Rows

WIDTH = 32
_WORD = re.compile(r"\w+")
_GOOD = frozenset(
    [
        "great",
        "good",
        "lovely",
        "friendly",
        "quick",
        "super",
        "gut",
        "nett",
        "freundlich",
        "schnell",
        "toll",
    ]
)
_BAD = frozenset(
    [
        "bad",
        "rude",
        "slow",
        "late",
        "broken",
        "schlecht",
        "langsam",
        "spät",
        "kaputt",
        "teuer",
        "nie",
        "nichts",
    ]
)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


class SmallBase:
    """Deterministic and quick; knows German and English as little as any other language."""

    languages = frozenset({"de", "en"})

    def __init__(self, labels: Sequence[Label], *, name: str = "small", version: str = "1") -> None:
        self.name = name
        self.version = version
        self.labels = tuple(dict.fromkeys(label.code for label in labels))
        self._known: dict[str, set[str]] = {code: set() for code in self.labels}
        for label in labels:
            said = " ".join((label.title, label.description, *label.examples))
            self._known[label.code] |= {w for w in _words(said) if len(w) > 3}

    def read(self, passages: Sequence[Passage]) -> Reading:
        presence = np.zeros((len(passages), len(self.labels)), np.float32)
        for i, passage in enumerate(passages):
            words = set(_words(passage.text))
            for j, code in enumerate(self.labels):
                presence[i, j] = 1 / (1 + np.exp(3 - 1.5 * len(words & self._known[code])))
        comment, label = np.nonzero(presence >= 0.4)
        polarity, start, end = self.locate(passages, comment, label)
        found = Found(
            comment.astype(np.int64), label.astype(np.int64), presence[comment, label],
            polarity, start, end,
        )  # fmt: skip
        return Reading(presence, found, self._sides([p.text for p in passages]))

    def embed(self, passages: Sequence[Passage]) -> Floats:
        out = np.zeros((len(passages), WIDTH), np.float32)
        for i, passage in enumerate(passages):
            for word in _words(passage.text):
                code = zlib.crc32(word.encode())
                out[i, code % WIDTH] += 1.0 if code & 1024 else -1.0
        return out

    def locate(
        self, passages: Sequence[Passage], comment: Rows, label: Rows
    ) -> tuple[Floats, Rows, Rows]:
        start, end = np.zeros(len(comment), np.int64), np.zeros(len(comment), np.int64)
        for row, (i, j) in enumerate(zip(comment.tolist(), label.tolist(), strict=True)):
            known = self._known[self.labels[j]]
            spans = passages[i].segments or ((0, len(passages[i].text)),)
            best = max(spans, key=lambda s: len(known & set(_words(passages[i].text[s[0] : s[1]]))))
            start[row], end[row] = best
        texts = [
            passages[i].text[a:b] for i, a, b in zip(comment.tolist(), start, end, strict=True)
        ]
        return self._sides(texts), start, end

    def _sides(self, texts: Sequence[str]) -> Floats:
        out = np.zeros((len(texts), 3), np.float32)
        for i, text in enumerate(texts):
            words = _words(text)
            good, bad = sum(w in _GOOD for w in words), sum(w in _BAD for w in words)
            weights = np.exp(np.array([bad, 0.3, good], dtype=np.float64))
            out[i] = weights / weights.sum()
        return out
