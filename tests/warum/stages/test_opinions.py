"""Opinions: thresholds, spans, rules, languages, and independence of the batch."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from warum.defaults import StageOptions, default_stages, load_model
from warum.pipeline import run
from warum.records import Comment, ReadComment, Segment
from warum.stages.opinions import ReadOpinions
from warum.taxonomy import load_taxonomy
from warum_models.protocol import Floats, Found, Passage, Reading


class WordReader:
    """Finds label a in segments with "aaa", b in those with "bbb", elsewhere in all; "not" turns the polarity."""

    name, version = "words", "1"
    labels = ("a", "b", "elsewhere")
    languages = frozenset({"en"})

    def read(self, passages: Sequence[Passage]) -> Reading:
        assert all(p.text for p in passages), "a reader is asked about texts only"
        said = [
            (i, label, start, end)
            for i, p in enumerate(passages)
            for start, end in p.segments
            for label, word in enumerate(("aaa", "bbb", ""))
            if word in p.text[start:end]
        ]
        comment, label, start, end = np.array(said, dtype=np.int64).reshape(-1, 4).T
        presence = np.zeros((len(passages), len(self.labels)), dtype=np.float32)
        presence[comment, label] = 0.9
        sides = _sides([passages[i].text[a:b] for i, _, a, b in said])
        found = Found(comment, label, presence[comment, label], sides, start, end)
        return Reading(presence, found, _sides([p.text for p in passages]))


def _sides(texts: Sequence[str]) -> Floats:
    sides = [[1, 0, 0] if "not" in text else [0, 0, 1] for text in texts]
    return np.array(sides, dtype=np.float32).reshape(-1, 3)


def _read(text: str | None, *spans: tuple[int, int], **fields: object) -> ReadComment:
    segments = tuple(Segment(*s) for s in spans) or ((Segment(0, len(text)),) if text else ())
    read = ReadComment(Comment("1", text, 1), text, language="en", segments=segments, **fields)  # type: ignore[arg-type]
    return ReadOpinions(WordReader(), ["a", "b"])([read])[0]


def test_an_opinion_points_at_its_segment() -> None:
    found = _read("aaa here, not bbb there", (0, 8), (10, 23))
    assert [(o.category, o.polarity, o.evidence) for o in found.opinions] == [
        ("a", "positive", "aaa here"),
        ("b", "negative", "not bbb there"),
    ]
    assert [(o.start, o.end) for o in found.opinions] == [(0, 8), (10, 23)]
    assert found.sentiment == -1.0


def test_the_same_judgement_twice_counts_once_but_both_polarities_stay() -> None:
    found = _read("aaa | aaa | not aaa", (0, 3), (6, 9), (12, 19))
    assert [(o.category, o.polarity) for o in found.opinions] == [
        ("a", "positive"),
        ("a", "negative"),
    ]


def test_labels_outside_the_taxonomy_are_left_out() -> None:
    assert _read("nothing of interest here").opinions == ()


@pytest.mark.parametrize(
    ("text", "orientation", "expected"),
    [
        ("Nothing", "improve", "positive"),
        ("nichts", "good", "negative"),
        ("nichts", "open", None),
        ("Alles gut", "improve", "positive"),
    ],
)
def test_a_bare_nothing_means_what_the_question_makes_of_it(
    text: str, orientation: str, expected: str | None
) -> None:
    found = _read(text, orientation=orientation)
    if expected is None:
        assert found.opinions == ()
        return
    (opinion,) = found.opinions
    assert (opinion.category, opinion.polarity, opinion.source) == ("general", expected, "rule")
    assert opinion.evidence == text


def test_other_languages_and_empty_comments_pass_through() -> None:
    stage = ReadOpinions(WordReader(), ["a"])
    french = ReadComment(Comment("1", "aaa", 1), "aaa", language="fr", segments=(Segment(0, 3),))
    empty = ReadComment(Comment("2", None, 2), None)
    assert stage([french, empty]) == [french, empty]


def test_results_never_depend_on_the_batch() -> None:
    taxonomy = load_taxonomy()
    stages = default_stages(load_model("fast", taxonomy), taxonomy, StageOptions("de"))
    texts = [
        "Freundlich, aber zwei Stunden gewartet.", "Great app but it crashes 😡", "ok", "TOO EXPENSIVE!!!",
        "Alles super, nur die Toiletten waren schmutzig. Die Lieferung kam pünktlich.", "x" * 20_000,
    ]  # fmt: skip
    comments = [Comment(str(i), texts[i % len(texts)] + " " * (i % 3), i + 1) for i in range(60)]

    def opinions(order: Sequence[Comment], batch: int) -> dict[str, object]:
        return {
            c.comment.comment_id: (c.opinions, c.sentiment, c.language)
            for c in run(order, stages, batch_size=batch)
        }

    alone = opinions(comments, 1)
    assert opinions(comments, 7) == alone
    assert opinions(comments[::-1], 1000) == alone


@pytest.mark.parametrize("text", ["5", " 12345\n", "3,5", "-1", "2024."])
def test_a_bare_number_is_not_asked_about(text: str) -> None:
    read = _read(text)
    assert read.polarity is None
    assert math.isnan(read.sentiment)
    assert read.text == text


@pytest.mark.parametrize("text", ["10/10", "5 stars", "5 👍", "100%", ":)"])
def test_numbers_that_say_something_are_read(text: str) -> None:
    assert _read(text).polarity == "positive"
