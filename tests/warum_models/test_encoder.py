"""The encoder: any labels, whole words as evidence, and every comment read the same whoever its neighbours are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from warum_models.encoder import LONGEST, EncoderReader, load_weights
from warum_models.protocol import BaseReader, Label, Passage, Reading
from warum_models.stored import WEIGHTS

if not (WEIGHTS / "accurate" / "config.json").is_file():
    pytest.skip("the weights of the encoder are not in this checkout", allow_module_level=True)

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


@pytest.fixture(scope="module")
def reader() -> EncoderReader:
    return EncoderReader(load_weights(), LABELS)


def _rows(reading: Reading, i: int) -> tuple[object, ...]:
    found = reading.found
    of = found.comment == i
    return (
        reading.presence[i].tolist(),
        reading.document[i].tolist(),
        None if reading.emotion is None else reading.emotion[i].tolist(),
        *(
            getattr(found, n)[of].tolist()
            for n in ("label", "confidence", "polarity", "start", "end")
        ),
    )


def test_a_comment_never_depends_on_its_batch(reader: EncoderReader) -> None:
    alone = [_rows(EncoderReader(load_weights(), LABELS).read([p]), 0) for p in PASSAGES]
    for order in (PASSAGES, PASSAGES[::-1], PASSAGES * 3):
        whole = reader.read(order)
        for i, passage in enumerate(order):
            assert _rows(whole, i) == alone[PASSAGES.index(passage)]


def test_evidence_lies_in_the_text(reader: EncoderReader) -> None:
    reading = reader.read(PASSAGES)
    for i, a, b in zip(reading.found.comment, reading.found.start, reading.found.end, strict=True):
        assert 0 <= a < b <= len(PASSAGES[i].text)
    assert np.isfinite(reading.presence).all()
    assert ((reading.presence >= 0) & (reading.presence <= 1)).all()


def test_long_texts_are_read_to_the_end(reader: EncoderReader) -> None:
    filler = "Ich schreibe hier nur einen Satz. " * 200
    text = filler + "Das Personal war furchtbar unfreundlich."
    long = reader.read([Passage(text, "de", ((0, len(filler)), (len(filler), len(text))))])
    short = reader.read([Passage(filler, "de", ((0, len(filler)),))])
    assert len(filler.split()) > 4 * LONGEST
    assert long.presence[0, 1] > short.presence[0, 1]


def test_locate_and_embed(reader: EncoderReader) -> None:
    assert isinstance(reader, BaseReader)
    assert reader.embed(PASSAGES).shape == (len(PASSAGES), 384)
    polarity, start, end = reader.locate(PASSAGES, np.array([0, 4, 4]), np.array([1, 0, 2]))
    assert polarity.sum(axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    assert (end > start).all()


@pytest.mark.parametrize("labels", [LABELS, LABELS[:1], ()])
def test_no_comment_and_no_label_are_fine(labels: Sequence[Label]) -> None:
    made = EncoderReader(load_weights(), labels)
    assert made.read([]).presence.shape == (0, len(labels))
    if labels:
        assert made.read(PASSAGES[:2]).presence.shape == (2, len(labels))
