"""The model that comes out: what it reads, and that no comment's result depends on its neighbours."""

from __future__ import annotations

import numpy as np
import pytest

from tests.warum_models.own.conftest import LABELS, Comments, passage
from tests.warum_models.own.small_base import SmallBase
from warum_models.own import OwnModel, fit
from warum_models.own.card import gain_sentence, write_card
from warum_models.own.crossing import LEAST_OF_LABEL
from warum_models.own.fitting import Fitted
from warum_models.own.study import Study, finished
from warum_models.protocol import BaseReader, Passage, Reader, Reading

TEXTS = [
    "the queue was slow", "friendly people, great price", "rude man", "😡", "x", "Ein Wort", "bad",
    "slow slow slow, lovely lady who helped, cheap and good again", "nothing", "ÜBEL, teuer", "!" * 50, "a" * 3000,
]  # fmt: skip


@pytest.fixture(scope="module")
def asked() -> list[Passage]:
    sides = ("open", "bad", "good", "improve")
    return [passage(text, sides[i % 4]) for i, text in enumerate(TEXTS)]


def _joined(parts: list[Reading]) -> dict[str, np.ndarray]:
    """Readings one after the other, found opinions by their comment over all."""
    offsets = np.cumsum([0, *(len(p.presence) for p in parts)])[:-1]
    found = [p.found for p in parts]
    return {
        "presence": np.concatenate([p.presence for p in parts]),
        "document": np.concatenate([p.document for p in parts]),
        "comment": np.concatenate([f.comment + o for f, o in zip(found, offsets, strict=True)]),
        **{
            name: np.concatenate([getattr(f, name) for f in found])
            for name in ("label", "confidence", "polarity", "start", "end")
        },
    }


@pytest.mark.parametrize("size", [7, 1000])
def test_a_comment_never_depends_on_its_batch(
    fitted: Fitted, asked: list[Passage], size: int
) -> None:
    model = fitted.model
    many = asked * 90
    whole = _joined([model.read(many[i : i + size]) for i in range(0, len(many), size)])
    alone = _joined([model.read([p]) for p in asked])
    n, f = len(asked), len(alone["label"])
    assert f > 3
    for copy in range(90):
        for name in ("presence", "document"):
            part = whole[name][copy * n : (copy + 1) * n]
            assert np.array_equal(part, alone[name]), name
        for name in ("label", "confidence", "polarity", "start", "end"):
            assert np.array_equal(whole[name][copy * f : (copy + 1) * f], alone[name]), name


def test_order_does_not_matter(fitted: Fitted, asked: list[Passage]) -> None:
    forwards, backwards = fitted.model.read(asked), fitted.model.read(asked[::-1])
    assert np.array_equal(forwards.presence, backwards.presence[::-1])


def test_it_is_a_reader_on_a_base(fitted: Fitted, base: SmallBase) -> None:
    assert isinstance(base, BaseReader)
    assert isinstance(fitted.model, Reader)
    assert fitted.model.languages == base.languages
    assert fitted.model.read([]).presence.shape == (0, 4)


def test_it_reads_what_it_was_taught(fitted: Fitted) -> None:
    reading = fitted.model.read(
        [passage("an hour at the counter, slow"), passage("cheap and good")]
    )
    found = reading.found
    assert found.label.tolist()[:1] == [0]
    assert found.polarity[0].argmax() == 0
    assert 2 in found.label[found.comment == 1].tolist()
    assert (found.confidence >= fitted.model.thresholds[found.label] - 1e-6).all()
    text = "an hour at the counter, slow"
    assert text[found.start[0] : found.end[0]].strip()


def test_labels_beat_the_base(told: Study) -> None:
    assert told.micro.f1.value > told.base_micro.f1.value + 0.1
    assert told.polarity.value > 0.8


def test_few_labels_do_no_harm(comments: Comments, base: SmallBase) -> None:
    rng = np.random.default_rng(3)
    few, many = [], []
    for _ in range(3):
        order = rng.permutation(len(comments.passages))
        train, test = order[:24].tolist(), order[24:].tolist()
        model = fit(
            [comments.passages[i] for i in train], [comments.judgements[i] for i in train], comments.codes, base,
        )  # fmt: skip
        wanted = np.array(
            [[c in {x for x, _ in comments.judgements[i]} for c in comments.codes] for i in test]
        )
        ours = model.read([comments.passages[i] for i in test]).presence >= model.thresholds
        theirs = base.read([comments.passages[i] for i in test]).presence >= 0.4
        few.append(2 * (ours & wanted).sum() / (ours.sum() + wanted.sum()))
        many.append(2 * (theirs & wanted).sum() / (theirs.sum() + wanted.sum()))
    assert np.mean(few) >= np.mean(many)


def test_unlabelled_labels_are_left_to_the_base(fitted: Fitted, told: Study) -> None:
    assert told.few == ("rare",)
    assert not fitted.model.parts.words.coefficients[:, 3].any()
    assert LEAST_OF_LABEL > 1


def test_polarities_are_not_needed(comments: Comments, base: SmallBase) -> None:
    bare = [{(code, None) for code, _ in held} for held in comments.judgements]
    model = fit(comments.passages, bare, comments.codes, base)
    assert model.parts.polarity.silent
    found = model.read([passage("rude man, slow queue")]).found
    assert found.polarity.argmax(axis=1).tolist() == [0] * len(found.label)


def test_too_few_texts_are_refused(comments: Comments, base: SmallBase) -> None:
    with pytest.raises(ValueError, match="at least 10"):
        fit(comments.passages[:6], comments.judgements[:6], comments.codes, base)
    with pytest.raises(ValueError, match="as many of both"):
        fit(comments.passages, comments.judgements[:6], comments.codes, base)


def test_a_base_must_know_the_labels(fitted: Fitted) -> None:
    with pytest.raises(ValueError, match="rare"):
        OwnModel("x", "1", fitted.model.labels, SmallBase(LABELS[:3]), fitted.model.parts)


def test_the_card_says_it_all(fitted: Fitted, told: Study) -> None:
    model = finished(fitted, told, name="mine", taxonomy="abc")
    card = write_card(model, told)
    parts = (
        "| wait |",
        "| micro |",
        "calibration error",
        "more labels",
        "Limits",
        "`small` 1",
        "Polarity",
    )
    for part in (*parts, model.version):
        assert part in card
    assert len(told.curve.points) == 3
    assert gain_sentence(told.curve) in card
    assert model.facts.card["micro"]["f1"]["value"] == round(told.micro.f1.value, 4)
