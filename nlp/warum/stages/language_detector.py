"""The language detector: py3langid's model, asked about many texts at once.

The model is a naive Bayes classifier over byte n-grams, which an automaton finds in the text. Asked
one text at a time, most of the time goes into a Python loop over the bytes. No n-gram is longer than
a few bytes, so the automaton's state depends on the last few bytes only: it is found for all bytes
of many texts together, in as many steps as the longest n-gram has bytes.
"""

from __future__ import annotations

import io
import lzma
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

_Integers = NDArray[np.int64]

# Bytes of texts taken together: their intermediate arrays stay in the processor's cache.
_GROUP = 16_384
# No UTF-8 text holds this byte, so no n-gram does: it leads from every state back to the first.
_SEPARATOR = b"\xff"
# Every language has this log-likelihood where no n-gram is known.
_FLOOR = float(np.finfo(np.float32).min)


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    """The model's tables.

    Attributes:
        rows: Of each state, where its row of `moves` begins.
        moves: Of each row and byte, the next state.
        pairs: State behind each pair of bytes, from the first state on; shape (65,536,).
        features: Of each state, the n-gram that ends there, or -1.
        table: Log-likelihood of each n-gram in each language; shape (n-grams, languages).
        once: The same, weighted for an n-gram that occurs once.
        prior: Log-likelihood of each language.
        longest: Bytes of the longest n-gram.
    """

    rows: _Integers
    moves: NDArray[np.uint32]
    pairs: _Integers
    features: _Integers
    table: NDArray[np.float32]
    once: NDArray[np.float32]
    prior: NDArray[np.float32]
    longest: int


class Detector:
    """Log-likelihoods of languages, by a model that is loaded at the first use.

    Args:
        languages: ISO 639-1 codes of the languages that are told apart.
    """

    def __init__(self, languages: Sequence[str]) -> None:
        self._languages = tuple(languages)
        self._lock = Lock()
        self._model: _Model | None = None

    def scores(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Log-likelihood of each language for each text.

        Args:
            texts: Any number of texts; the result of one does not depend on the others.

        Returns:
            Shape (texts, languages), in the order given; a text without a known n-gram has the same
            value for all.
        """
        model = self._loaded()
        encoded = [_encode(text) for text in texts]
        parts = [_scores(model, encoded[first:behind]) for first, behind in _groups(encoded)]
        if not parts:
            return np.empty((0, len(self._languages)))
        return np.concatenate(parts).astype(np.float64)

    def _loaded(self) -> _Model:
        if self._model is None:
            with self._lock:
                if self._model is None:
                    self._model = _load(self._languages)
        return self._model


def _load(languages: Sequence[str]) -> _Model:
    stored = _stored()
    classes = stored["classes"].tolist()
    order = [classes.index(language) for language in languages]
    rows = stored["nextmove_row"].astype(np.int64)
    moves = stored["nextmove"].astype(np.uint32, copy=False)
    steps = moves.reshape(-1, 256)
    table = np.ascontiguousarray(stored["ptc"][:, order], dtype=np.float32)
    return _Model(
        rows=rows << 8,
        moves=moves,
        pairs=steps[rows[steps[rows[0]]]].ravel().astype(np.int64),
        features=stored["out_feat"].astype(np.int64),
        table=table,
        once=table * np.log1p(np.float32(1)),
        prior=stored["pc"].astype(np.float32)[order],
        longest=max(2, _longest(steps, rows)),
    )


def _stored() -> Mapping[str, NDArray[Any]]:
    """The arrays of py3langid's model file, read in half the time that it takes itself by way of lists and a file."""
    from py3langid.langid import MODEL_DIR, MODEL_FILE

    unpacked = lzma.decompress((MODEL_DIR / MODEL_FILE).read_bytes())
    with np.load(io.BytesIO(unpacked), allow_pickle=False) as stored:
        return {
            name: stored[name]
            for name in ("classes", "nextmove", "nextmove_row", "out_feat", "pc", "ptc")
        }


def _longest(table: NDArray[np.uint32], rows: _Integers) -> int:
    """Most bytes of an n-gram: steps to the state that is farthest from the first."""
    unseen = np.ones(len(rows), dtype=bool)
    unread = np.ones(len(table), dtype=bool)
    states = np.zeros(1, dtype=np.int64)
    unseen[0] = False
    steps = 0
    while True:
        next_rows = np.unique(rows[states])
        next_rows = next_rows[unread[next_rows]]
        unread[next_rows] = False
        reached = np.zeros(len(rows), dtype=bool)
        reached[table[next_rows].ravel()] = True
        states = np.flatnonzero(reached & unseen)
        if not len(states):
            return steps
        unseen[states] = False
        steps += 1


def _encode(text: str) -> bytes:
    """The bytes that the model was trained on: lower case only where all is upper case."""
    if text.isupper():
        text = text.lower()
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return text.encode("utf-8", errors="surrogatepass")


def _groups(encoded: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """First text and the one behind the last of groups of about `_GROUP` bytes."""
    first = size = 0
    for at, text in enumerate(encoded):
        size += len(text)
        if size >= _GROUP:
            yield first, at + 1
            first, size = at + 1, 0
    if first < len(encoded):
        yield first, len(encoded)


def _scores(model: _Model, encoded: Sequence[bytes]) -> NDArray[np.float32]:
    """Log-likelihoods of a group of texts; shape (texts, languages)."""
    scores = np.full((len(encoded), len(model.prior)), _FLOOR, dtype=np.float32)
    found = _found(model, encoded)
    if not len(found):
        return scores
    found.sort()
    firsts = _firsts(found)
    counts = np.append(firsts[1:], len(found)) - firsts
    owners, features = np.divmod(found[firsts], len(model.table))
    terms = model.once.take(features, axis=0)
    often = np.flatnonzero(counts > 1)  # few
    weights = np.log1p(counts[often].astype(np.float32))
    terms[often] = model.table.take(features[often], axis=0) * weights[:, None]
    starts = _firsts(owners)
    scores[owners[starts]] = np.add.reduceat(terms, starts, axis=0) + model.prior
    return scores


def _firsts(values: _Integers) -> _Integers:
    """Where each run of equal values begins."""
    new = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return np.flatnonzero(new)


def _found(model: _Model, encoded: Sequence[bytes]) -> _Integers:
    """N-grams of a group of texts, each as text * number of n-grams + n-gram, with repetitions."""
    gap = model.longest - 1
    separator = _SEPARATOR * gap
    letters = np.frombuffer(separator + separator.join(encoded) + separator, dtype=np.uint8)
    letters = letters.astype(np.int64)
    size = len(letters) - gap
    states: NDArray[Any] = model.pairs.take((letters[:size] << 8) + letters[1 : size + 1])
    for step in range(2, model.longest):
        states = model.moves.take(model.rows.take(states) + letters[step : size + step])
    features = model.features.take(states)
    places = np.flatnonzero(features >= 0)
    sizes = np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded)) + gap
    owners = np.repeat(np.arange(len(encoded)), sizes)
    return owners.take(places) * len(model.table) + features.take(places)
