"""How outputs become opinions, on networks whose outputs the test states."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tests.warum_models.huggingface.tiny import LABELS
from warum_models.errors import WeightsError
from warum_models.huggingface.classifier import ClassifierJudge
from warum_models.huggingface.encoder import EncoderJudge
from warum_models.huggingface.inference import InferenceJudge
from warum_models.huggingface.judge import Judgement, Labels, surest
from warum_models.huggingface.kinds import Classifies, Column, Entails
from warum_models.huggingface.network import Window
from warum_models.huggingface.pooling import Pooling
from warum_models.huggingface.reader import HuggingFaceReader
from warum_models.protocol import Passage, Reader

Doubles = npt.NDArray[np.float64]
BLANK = "\x00"


class FakeNetwork:
    """Windows at "|"; each text's outputs are what a function says."""

    limit = 64
    origin = "fake"

    def __init__(self, outputs: Callable[[str, str], Sequence[float]]) -> None:
        self._outputs = outputs
        self.asked: list[tuple[str, str]] = []

    def windows(self, texts: Sequence[str], pairs: Sequence[str] | None = None) -> list[Window]:
        found = []
        for i, text in enumerate(texts):
            for part in text.split("|") if text != BLANK else []:
                self.asked.append((part, pairs[i] if pairs else ""))
                found.append(Window(i, {"input_ids": [len(self.asked) - 1, *[0] * len(part)]}))
        return found

    def count(self, text: str) -> int:
        return len(text.split())

    def logits(self, windows: Sequence[Window]) -> Doubles:
        return np.array([self._outputs(*self.asked[w.inputs["input_ids"][0]]) for w in windows])

    def states(self, windows: Sequence[Window]) -> list[Doubles]:
        return [row[None, :] for row in self.logits(windows)]


def _classifier(
    columns: Sequence[tuple[str | None, int | None]], several: bool, *logits: float
) -> Any:
    network: Any = FakeNetwork(lambda text, _: logits)
    kind = Classifies(tuple(Column(*column) for column in columns), several)
    return ClassifierJudge(network, kind, Labels(LABELS[:4]))


def _odds(*probabilities: float) -> list[float]:
    """Logits that give these probabilities, by softmax if they sum to 1."""
    return [float(np.log(p)) for p in probabilities]


def test_pairs_share_one_softmax() -> None:
    columns = [("price", 0), ("price", 2), ("staff", 2), (None, None)]
    judge = _classifier(columns, False, *_odds(0.5, 0.1, 0.1, 0.3))
    found = judge.opinions("x", "de")
    assert found.presence == pytest.approx([0.6, 0.1])
    assert found.polarity == pytest.approx(np.array([[5 / 6, 0, 1 / 6], [0, 0, 1]]))
    assert judge.sentiment("x", "de") == pytest.approx([0.5, 0.3, 0.2])


def test_pairs_as_yes_or_no() -> None:
    judge = _classifier([("price", 0), ("price", 2), ("staff", 2)], True, 2.0, 0.0, -30.0)
    found = judge.opinions("x", "de")
    high = 1 / (1 + np.exp(-2.0))
    assert found.presence == pytest.approx([high, 0], abs=1e-9)
    assert found.polarity[0] == pytest.approx([high / (high + 0.5), 0, 0.5 / (high + 0.5)])


def test_categories_alone_are_neutral() -> None:
    judge = _classifier([("price", None), ("staff", None)], True, 3.0, -3.0)
    found = judge.opinions("x", "de")
    assert (found.presence >= 0.5).tolist() == [True, False]
    assert found.polarity.tolist() == [[0, 1, 0]] * 2
    assert judge.sentiment("x", "de").tolist() == [0, 1, 0]


def test_categories_beside_sentiments() -> None:
    judge = _classifier(
        [("price", None), ("staff", None), (None, 0), (None, 2)], True, 3.0, -3.0, 4.0, -4.0
    )
    assert judge.opinions("x", "de").polarity[0].argmax() == 0
    assert judge.sentiment("x", "de").argmax() == 0


def test_sentiment_alone_finds_no_category() -> None:
    stars = [(None, 0), (None, 0), (None, 1), (None, 2), (None, 2)]
    judge = _classifier(stars, False, *_odds(0.4, 0.2, 0.1, 0.2, 0.1))
    assert judge.opinions("x", "de").presence.tolist() == [0, 0]
    assert judge.sentiment("x", "de") == pytest.approx([0.6, 0.1, 0.3])


def test_windows_of_a_classifier() -> None:
    by_text = {"warum": (0.0, 0.0, 0.0), "aa": _odds(0.9, 0.05, 0.05), "b": _odds(0.1, 0.8, 0.1)}
    network: Any = FakeNetwork(lambda text, _: by_text[text])
    kind = Classifies((Column("price", 0), Column("price", 2), Column(None, None)), False)
    judge = ClassifierJudge(network, kind, Labels(LABELS[:2]))
    assert judge.opinions("aa|b", "de").presence == pytest.approx([0.95])
    assert judge.opinions("aa|b", "de").polarity[0].argmax() == 0
    # Sizes are 3 and 2 tokens.
    assert judge.sentiment("aa|b", "de")[0] == pytest.approx((3 * 0.9 + 2 * 0.1) / 5)


def test_the_number_of_outputs_is_checked() -> None:
    with pytest.raises(WeightsError, match="2 outputs and 1 names"):
        _classifier([("price", None)], True, 1.0, 2.0)


def _entailed(text: str, hypothesis: str) -> Sequence[float]:
    """Blames the price, praises the staff; both in the words of the hypothesis."""
    yes = {
        "Der Text beschwert sich über Preis.": 0.9, "The text complains about Price.": 0.8,
        "Der Text lobt Personal.": 0.7, "Der Verfasser ist unzufrieden.": 0.6,
    }.get(hypothesis, 0.1)  # fmt: skip
    return _odds(yes, 1 - yes)


def test_inference_asks_in_the_texts_language() -> None:
    network: Any = FakeNetwork(_entailed)
    judge = InferenceJudge(network, Entails(0, 2), Labels(LABELS))
    german, english = judge.opinions("x", "de"), judge.opinions("x", "en")
    assert german.presence == pytest.approx([0.9, 0.7, 0.1])
    assert english.presence == pytest.approx([0.8, 0.1, 0.1])
    assert german.polarity.argmax(axis=1)[:2].tolist() == [0, 2]
    assert german.polarity[0] == pytest.approx(np.array([0.81, 0.09, 0.01]) / 0.91, abs=1e-6)
    # There is no English title of the third category: it is asked for in German.
    assert ("x", "Der Text lobt Wartezeit.") in network.asked
    assert judge.sentiment("x", "de") == pytest.approx([0.54, 0.42, 0.04])


def test_a_mixed_opinion_is_neutral() -> None:
    network: Any = FakeNetwork(lambda text, hypothesis: _odds(0.9, 0.1))
    judge = InferenceJudge(network, Entails(0, 2), Labels(LABELS))
    assert judge.opinions("x", "de").polarity[0].argmax() == 1


def test_a_title_too_long_for_a_hypothesis() -> None:
    long = [LABELS[0].__class__("a", "wort " * 40, "d", (), "de")]
    network: Any = FakeNetwork(_entailed)
    with pytest.raises(WeightsError, match="shorten the title"):
        InferenceJudge(network, Entails(0, 2), Labels(long))


def _meaning(text: str, _: str) -> Sequence[float]:
    """Price, staff, waiting, good or bad, and something that all texts share."""
    low = text.lower()
    good = (
        any(word in low for word in ("gut", "lob", "zufrieden", "freude"))
        and "unzufrieden" not in low
    )
    bad = any(word in low for word in ("schlecht", "beschwerde", "unzufrieden", "problem"))
    noise = (sum(map(ord, text)) % 7) / 50
    topics = [
        float(any(w in low for w in ws))
        for ws in (("preis", "teuer"), ("personal", "nett"), ("warte",))
    ]
    return [*topics, float(good) - float(bad), 2.0 + noise, noise]


def test_an_encoder_finds_what_is_near() -> None:
    network: Any = FakeNetwork(_meaning)
    judge = EncoderJudge(network, Pooling(), Labels(LABELS))
    found = judge.opinions("Der Preis ist schlecht", "de")
    assert (found.presence >= 0.5).tolist() == [True, False, False]
    assert found.polarity[0].argmax() == 0
    assert judge.opinions("Gutes Personal", "de").polarity[1].argmax() == 2
    assert judge.sentiment("ein Lob", "de").argmax() == 2
    # Two windows: each topic is found in its own.
    both = judge.opinions("Der Preis ist gut|Personal schlecht", "de")
    assert (both.presence >= 0.5).tolist() == [True, True, False]
    assert both.polarity.argmax(axis=1)[:2].tolist() == [2, 0]


def test_the_surest_window_counts_for_each_category() -> None:
    first = Judgement(np.array([0.9, 0.1]), np.array([[1.0, 0, 0], [1.0, 0, 0]]))
    second = Judgement(np.array([0.2, 0.8]), np.array([[0, 0, 1.0], [0, 0, 1.0]]))
    found = surest([first, second])
    assert found.presence.tolist() == [0.9, 0.8]
    assert found.polarity.argmax(axis=1).tolist() == [0, 2]


@pytest.mark.parametrize("kind", ["classifier", "inference", "encoder"])
def test_a_text_without_tokens_says_nothing(kind: str) -> None:
    network: Any = FakeNetwork(_meaning if kind == "encoder" else _entailed)
    labels = Labels(LABELS)
    judge: Any = {
        "classifier": lambda: ClassifierJudge(
            network, Classifies((Column("price", 0), Column(None, None)), False), labels
        ),
        "inference": lambda: InferenceJudge(network, Entails(0, 2), labels),
        "encoder": lambda: EncoderJudge(network, Pooling(), labels),
    }[kind]()
    assert judge.opinions(BLANK, "de").presence.tolist() == [0, 0, 0]
    assert judge.sentiment(BLANK, "de").tolist() == [0, 1, 0]


def test_the_reader_points_at_segments() -> None:
    network: Any = FakeNetwork(_meaning)
    labels = Labels(LABELS)
    judge = EncoderJudge(network, Pooling(), labels)
    reader = HuggingFaceReader("hf:x", "1.0", frozenset({"de"}), labels, judge)
    assert isinstance(reader, Reader)
    text = "Preis schlecht, Personal gut"
    found = reader.read(
        [Passage("egal", "de", ((0, 4),)), Passage(text, "de", ((0, 14), (16, 28)))]
    )
    assert found.found.comment.tolist() == [1, 1]
    assert [text[a:b] for a, b in zip(found.found.start, found.found.end, strict=True)] == [
        "Preis schlecht", "Personal gut",
    ]  # fmt: skip
    assert found.found.label.tolist() == [0, 1]
    assert found.presence.shape == (2, 3)


def test_no_comments() -> None:
    network: Any = FakeNetwork(_meaning)
    labels = Labels(LABELS)
    reader = HuggingFaceReader(
        "hf:x", "1", frozenset({"de"}), labels, EncoderJudge(network, Pooling(), labels)
    )
    found = reader.read([])
    assert found.presence.shape == (0, 3)
    assert len(found.found.label) == 0
