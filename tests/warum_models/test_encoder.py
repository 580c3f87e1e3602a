"""The encoder: long texts to their end, and what heads on top of it ask for."""

from __future__ import annotations

import numpy as np
import pytest

from tests.warum_models.test_shipped import LABELS, PASSAGES
from warum_models.encoder import EncoderReader, presence_of
from warum_models.encoder_weights import LONGEST, load_weights
from warum_models.protocol import BaseReader, Passage
from warum_models.shipped import load_fast


@pytest.fixture(scope="module")
def reader() -> EncoderReader:
    return EncoderReader(load_weights(), LABELS, load_fast(LABELS))


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


def test_a_segment_raises_what_the_whole_overlooks(reader: EncoderReader) -> None:
    (part,) = reader.raw(
        [Passage("Nett dort. Nie wieder, viel zu teuer.", "de", ((0, 10), (11, 37)))]
    )[0]
    score = presence_of(part)
    assert len(part.segments) == 2
    assert score == pytest.approx((part.presence[0] + part.presence[1:].max(axis=0)) / 2)
    (whole,) = reader.raw([Passage("Viel zu teuer.", "de", ((0, 14),))])[0]
    assert (presence_of(whole) == whole.presence[0]).all()


def test_words_are_added(reader: EncoderReader) -> None:
    alone = EncoderReader(load_weights(), LABELS).raw(PASSAGES[:1])[0][0]
    both = reader.raw(PASSAGES[:1])[0][0]
    words, shares = load_fast(LABELS).sums(PASSAGES[:1]), load_weights().calibration.shares
    assert both.presence[0] == pytest.approx(
        alone.presence[0] + shares["other"] * words.presence[0], abs=1e-4
    )
    assert both.presence[1:] == pytest.approx(
        alone.presence[1:] + shares["other"] * words.presence_parts, abs=1e-4
    )
