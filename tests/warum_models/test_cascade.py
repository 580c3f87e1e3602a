"""The cascade: what the fast reader is unsure of is read by the accurate one, and only that."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from tests.warum_models.test_shipped import LABELS
from warum_models.cascade import FEATURES, Cascade, easily_turned, features, merged
from warum_models.protocol import BaseReader, Floats, Found, Passage, Reader, Reading, Rows
from warum_models.shipped import load_shipped


class Fake:
    """Finds one label with a confidence that stands in the text: "0.9 …"."""

    labels = ("a",)
    languages = frozenset({"en"})

    def __init__(self, name: str, polarity: int) -> None:
        self.name, self.version, self._polarity = name, name[0], polarity
        self.asked: list[str] = []

    def read(self, passages: Sequence[Passage]) -> Reading:
        self.asked += [p.text for p in passages]
        n = len(passages)
        sure = np.array([float(p.text.split()[0]) for p in passages], dtype=np.float32)
        rows = np.flatnonzero(sure >= 0.5)
        sides = np.eye(3, dtype=np.float32)[[self._polarity] * len(rows)].reshape(-1, 3)
        found = Found(rows, rows * 0, sure[rows], sides, rows * 0, rows * 0 + 3)
        document = np.eye(3, dtype=np.float32)[[self._polarity] * n].reshape(-1, 3)
        return Reading(sure[:, None], found, document, emotion=np.full((n, 9), 1 / 9, np.float32))

    def embed(self, passages: Sequence[Passage]) -> Floats:
        return np.full((len(passages), 1), float(self._polarity), np.float32)

    def locate(
        self, passages: Sequence[Passage], comment: Rows, label: Rows
    ) -> tuple[Floats, Rows, Rows]:
        return (
            np.eye(3, dtype=np.float32)[[self._polarity] * len(comment)],
            comment * 0,
            comment * 0 + 1,
        )


WEIGHTS = np.array([20.0, 0, 0, 0, 0, 0, -4.0])  # only the doubt about the labels


def _cascade(limit: float = 0.5) -> tuple[Cascade, Fake, Fake]:
    fast, accurate = Fake("fast", 0), Fake("accurate", 2)
    return Cascade(fast, accurate, WEIGHTS, limit), fast, accurate


def _passages(*values: float) -> list[Passage]:
    return [Passage(f"{v} text of five words", "en", ((0, 3),)) for v in values]


def test_only_the_unsure_go_on() -> None:
    cascade, _, accurate = _cascade()
    found = cascade.read(_passages(0.99, 0.6, 0.01, 0.55))
    assert accurate.asked == ["0.6 text of five words", "0.55 text of five words"]
    assert found.document.argmax(axis=1).tolist() == [0, 2, 0, 2]
    assert found.found.comment.tolist() == [0, 1, 3]
    assert found.found.polarity.argmax(axis=1).tolist() == [0, 2, 2]
    assert found.emotion is not None


def test_few_words_go_on() -> None:
    cascade, _, accurate = _cascade()
    cascade.read(
        [Passage(t, "en", ((0, 3),)) for t in ("0.99 not good", "0.99 a b c", " 0.99  a\nb ")]
    )
    assert accurate.asked == ["0.99 not good", " 0.99  a\nb "]


def test_a_toss_up_of_polarity_goes_on() -> None:
    passages = _passages(0.9, 0.9, 0.1)
    sides = np.array([[0.6, 0.2, 0.2], [0.8, 0.1, 0.1]], dtype=np.float32)
    at = np.array([0, 1])
    found = Found(at, at * 0, at.astype(np.float32), sides, at * 0, at * 0 + 3)
    reading = Reading(np.full((3, 1), 0.9, np.float32), found, np.full((3, 3), 1 / 3, np.float32))
    assert easily_turned(passages, features(passages, reading)).tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("text", "language", "side"),
    [
        ("nicht zufrieden", "de", 0), ("Nie wieder!!!", "de", 0), ("Nicht schlecht.", "de", 2), ("Nicht übel", "de", 2),
        ("Not bad.", "en", 2), ("not satisfied", "en", 0), ("Would not recommend", "en", 0),
    ],
)  # fmt: skip
def test_short_judgements_are_not_turned_round(text: str, language: str, side: int) -> None:
    reading = load_shipped("auto", LABELS).read([Passage(text, language, ((0, len(text)),))])
    assert int(reading.document[0].argmax()) == side


def test_limits_at_both_ends() -> None:
    cascade, _, accurate = _cascade()
    cascade.with_limit(1.0).read(_passages(0.5, 0.9))
    assert accurate.asked == []
    cascade.with_limit(0.0).read(_passages(0.5, 0.9))
    assert len(accurate.asked) == 2


def test_a_comment_never_depends_on_its_batch() -> None:
    values = [round(x, 3) for x in np.random.default_rng(3).random(50)]
    cascade, _, _ = _cascade()
    whole = cascade.read(_passages(*values))
    for i, value in enumerate(values):
        alone = cascade.read(_passages(value))
        assert alone.document[0].tolist() == whole.document[i].tolist()
        assert alone.presence[0].tolist() == whole.presence[i].tolist()


def test_nothing_to_read() -> None:
    cascade, _, _ = _cascade()
    assert cascade.read([]).presence.shape == (0, 1)
    assert features([], cascade.read([])).shape == (0, len(FEATURES))


def test_it_is_a_reader_and_a_base() -> None:
    cascade, _, _ = _cascade()
    assert isinstance(cascade, Reader)
    assert isinstance(cascade, BaseReader)
    assert cascade.version == "f+a+1"
    assert cascade.with_limit(0.3).version == cascade.version
    assert cascade.embed(_passages(0.1)).tolist() == [[2.0]]


def test_merging_keeps_the_order_of_the_comments() -> None:
    fast, accurate = Fake("fast", 0), Fake("accurate", 2)
    passages = _passages(0.9, 0.8, 0.7)
    rows = np.array([1])
    found = merged(fast.read(passages), accurate.read([passages[1]]), rows)
    assert found.found.comment.tolist() == [0, 1, 2]
    assert found.found.confidence.tolist() == pytest.approx([0.9, 0.8, 0.7])
