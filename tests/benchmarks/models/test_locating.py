"""Readers that can be asked for labels known to be there are asked for the gold ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from benchmarks.models.answers import Pipeline
from benchmarks.models.case import Case
from benchmarks.models.figures import polarity_given_label

from warum.taxonomy import load_taxonomy
from warum_models.protocol import BaseReader, Floats, Found, Passage, Reading, Rows


class Sure:
    """Finds the first label in every comment, praised; asked for others, it blames."""

    name, version, languages = "sure", "1", frozenset({"en"})
    labels = ("food_drink", "wait_time", "general")

    def read(self, passages: Sequence[Passage]) -> Reading:
        n = len(passages)
        rows, zeros = np.arange(n), np.zeros(n, dtype=np.int64)
        ends = np.array([len(p.text) for p in passages], dtype=np.int64)
        side = np.tile(np.array([0.1, 0.2, 0.7], np.float32), (n, 1))
        found = Found(rows, zeros, np.full(n, 0.9, np.float32), side, zeros, ends)
        presence = np.tile(np.array([0.9, 0.2, 0.4], np.float32), (n, 1))
        return Reading(presence, found, side)

    def embed(self, passages: Sequence[Passage]) -> Floats:
        return np.zeros((len(passages), 2), np.float32)

    def locate(
        self, passages: Sequence[Passage], comment: Rows, label: Rows
    ) -> tuple[Floats, Rows, Rows]:
        self.asked = [
            (passages[i].text, self.labels[j]) for i, j in zip(comment, label, strict=True)
        ]
        side = np.tile(np.array([0.8, 0.1, 0.1], np.float32), (len(comment), 1))
        return side, np.zeros_like(comment), np.ones_like(comment)


def test_polarity_is_located_for_gold_labels_and_what_was_found_stands() -> None:
    reader = Sure()
    assert isinstance(reader, BaseReader)
    mapping = {"food_drink": "food", "wait_time": "service", "general": "service"}
    case = Case(
        "The food was lovely.", "en", frozenset({("service", "negative"), ("food", "positive")})
    )
    (answer,) = Pipeline(reader, load_taxonomy(), mapping, "mapping").answer([case])
    assert reader.asked == [
        (case.text, "food_drink"),
        (case.text, "general"),
    ]  # the surer of two codes
    assert answer.judged["service"][0] == "negative"
    assert answer.judged["food"][0] == "positive"
    assert answer.judged["food"][1] == np.float32(0.7)
    assert answer.presence == {"food": np.float32(0.9), "service": np.float32(0.4)}
    assert polarity_given_label([case], [answer]).accuracy == 1


def test_a_label_that_no_code_reaches_is_not_asked_for() -> None:
    case = Case("The food was lovely.", "en", frozenset({("parking", "negative")}))
    (answer,) = Pipeline(Sure(), load_taxonomy(), {"food_drink": "food"}, "").answer([case])
    assert set(answer.judged) == {"food"}
    assert polarity_given_label([case], [answer]).accuracy == 0  # falls back to the whole text
