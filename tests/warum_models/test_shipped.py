"""The readers that are installed: any labels, sound numbers, and weights that are whole."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from warum_models import encoder_weights, fast_tables
from warum_models.errors import WeightsError
from warum_models.names import SHIPPED
from warum_models.protocol import Label, Passage, Reader, Reading
from warum_models.shipped import load_fast, load_shipped
from warum_models.stored import WEIGHTS

LABELS = (
    Label("queue", "Waiting", "How long one waits until one is served"),
    Label("staff", "Personal", "Wie freundlich das Personal ist", language="de"),
    Label("parking", "Parking", "Finding a space for the car and what it costs"),
)
TEXTS = [
    ("Eine Stunde gewartet, aber das Personal war sehr freundlich.", "de", ((0, 20), (22, 60))),
    ("Great staff", "en", ((0, 11),)),
    ("😡", "en", ((0, 1),)),
    ("x", "de", ()),
    ("The queue was endless and nobody could find a parking space. The lady at the desk smiled.", "en",
     ((0, 60), (61, 89))),
    ("Супер обслуживание", "en", ((0, 18),)),
    ("\x07\x00 bad\u200b wait", "en", ((0, 12),)),
    ("a" * 3000, "de", ((0, 3000),)),
    ("Die Wartezeit war zu lang. " * 120, "de", tuple((27 * i, 27 * i + 26) for i in range(120))),
]  # fmt: skip
PASSAGES = [Passage(text, language, segments) for text, language, segments in TEXTS]


@pytest.fixture(scope="module", params=SHIPPED)
def reader(request: pytest.FixtureRequest) -> Reader:
    return load_shipped(request.param, LABELS)


def _rows(reading: Reading, i: int) -> tuple[object, ...]:
    found = reading.found
    of = found.comment == i
    heads = (reading.emotion, reading.intent, reading.effort)
    return (
        reading.presence[i].tolist(), reading.document[i].tolist(),
        *(None if head is None else head[i].tolist() for head in heads),
        *(getattr(found, n)[of].tolist() for n in ("label", "confidence", "polarity", "start", "end")),
    )  # fmt: skip


def test_a_comment_never_depends_on_its_batch(reader: Reader) -> None:
    alone = [_rows(load_shipped(reader.name, LABELS).read([p]), 0) for p in PASSAGES]
    for order in (PASSAGES, PASSAGES[::-1], PASSAGES * 3):
        whole = reader.read(order)
        for i, passage in enumerate(order):
            assert _rows(whole, i) == alone[PASSAGES.index(passage)]


def test_numbers_are_probabilities_and_evidence_lies_in_the_text(reader: Reader) -> None:
    reading = reader.read(PASSAGES)
    assert ((reading.presence >= 0) & (reading.presence <= 1)).all()
    for head in (reading.document, reading.emotion, reading.intent, reading.effort):
        assert head is not None
        assert head.sum(axis=1) == pytest.approx(np.ones(len(PASSAGES)), abs=1e-5)
    for i, a, b in zip(reading.found.comment, reading.found.start, reading.found.end, strict=True):
        assert 0 <= a < b <= len(PASSAGES[i].text)


def test_a_description_is_enough(reader: Reader) -> None:
    said = {
        "queue": "Waited over an hour in the queue.",
        "staff": "Das Personal war sehr freundlich.",
    }
    passages = [
        Passage(text, language, ((0, len(text)),))
        for text, language in zip(said.values(), ("en", "de"), strict=True)
    ]
    presence = reader.read(passages).presence
    assert presence[:, :2].argmax(axis=1).tolist() == [0, 1]
    assert (presence[:, 2] < 0.5).all()


@pytest.mark.parametrize("labels", [LABELS, LABELS[:1], (), (Label("a", "Price", ""),)])
@pytest.mark.parametrize("name", SHIPPED)
def test_no_comment_no_label_and_no_description_are_fine(
    name: str, labels: Sequence[Label]
) -> None:
    made = load_shipped(name, labels)
    assert made.labels == tuple(label.code for label in labels)
    assert made.read([]).presence.shape == (0, len(labels))
    assert made.read(PASSAGES[:2]).presence.shape == (2, len(labels))


def test_labels_known_by_heart_need_no_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Path) -> None:
        raise AssertionError

    weights = fast_tables.load_weights()
    stranger = load_fast(LABELS)
    monkeypatch.setattr(encoder_weights, "load_weights", fail)
    assert load_fast(()).labels == ()
    with pytest.raises(AssertionError):
        load_fast(LABELS)
    assert not any(weights.knows(label) for label in LABELS)
    assert stranger.labels == ("queue", "staff", "parking")


@pytest.mark.parametrize("name", SHIPPED)
def test_missing_and_damaged_weights_say_what_to_do(name: str, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="reinstall"):
        load_shipped(name, LABELS, tmp_path)
    for part in ("fast", "accurate"):
        shutil.copytree(WEIGHTS / part, tmp_path / part)
    broken = tmp_path / "fast" / "weights.npz"
    broken.write_bytes(broken.read_bytes()[:-1])
    with pytest.raises(WeightsError, match="damaged"):
        load_shipped(name, LABELS, tmp_path)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_changed_vocabulary_is_noticed(name: str, tmp_path: Path) -> None:
    """Of `fast` too, which borrows it from `accurate`: with other pieces all its numbers would be wrong."""
    shutil.copytree(WEIGHTS, tmp_path, dirs_exist_ok=True)
    pieces = tmp_path / "accurate" / "pieces.de.txt"
    first, *rest = pieces.read_text("utf-8").split("\n")
    pieces.write_text("\n".join([*rest, first]), "utf-8")
    with pytest.raises(WeightsError, match=r"pieces\.de\.txt.*reinstall"):
        load_shipped(name, (), tmp_path)
    pieces.unlink()
    with pytest.raises(WeightsError, match="is missing: reinstall"):
        load_shipped(name, (), tmp_path)


@pytest.mark.parametrize("content", ["{", "[]", "{}"])
def test_a_damaged_config_says_what_to_do(content: str, tmp_path: Path) -> None:
    shutil.copytree(WEIGHTS, tmp_path, dirs_exist_ok=True)
    (tmp_path / "auto" / "config.json").write_text(content, "utf-8")
    with pytest.raises(WeightsError, match=r"damaged.*reinstall"):
        load_shipped("auto", (), tmp_path)


@pytest.mark.parametrize("name", ["fast", "accurate"])
def test_the_card_names_inputs_licences_and_hashes(name: str) -> None:
    card = (WEIGHTS / name / "CARD.md").read_text("utf-8")
    for said in ("MIT", "Apache-2.0", "CC BY", "SHA-256", "python -m warum_models.train"):
        assert said in card


def test_all_weights_together_are_small() -> None:
    size = sum(p.stat().st_size for p in WEIGHTS.rglob("*") if p.is_file())
    assert size < 60_000_000
