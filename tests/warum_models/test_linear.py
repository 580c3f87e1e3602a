"""The shipped model: hashes checked, and every text read the same whoever its neighbours are."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from warum_models.by_segment import BySegment
from warum_models.errors import WeightsError
from warum_models.linear import load_linear
from warum_models.nothing import NothingModel
from warum_models.protocol import Passage, Prediction, Reader, SegmentModel
from warum_models.stored import WEIGHTS

TEXTS = [
    "Eine Stunde in der Warteschleife, unfassbar!", "Great staff", "schön", "schon", "😡", "x", "!!!",
    "The app crashes every time I open it since the update.", "ALLES SUPER", "naja geht so",
    "Lieferung zu spät, Karton kaputt, aber der Kundenservice war nett.", "a" * 20_000,
    "It is what it is", "ok", "Mir fehlt eine Exportfunktion", "0", "Das Essen war kalt.",
]  # fmt: skip
LANGUAGES = "de en de de en en en en de de de en en de de de de".split()  # noqa: SIM905 - shorter


@pytest.fixture(scope="module")
def alone() -> Prediction:
    model = load_linear()
    parts = [model.predict([t], [lang]) for t, lang in zip(TEXTS, LANGUAGES, strict=True)]
    return Prediction(
        np.concatenate([p.presence for p in parts]),
        np.concatenate([p.polarity for p in parts]),
        np.concatenate([p.document for p in parts]),
    )


def test_it_is_an_opinion_model() -> None:
    assert isinstance(load_linear(), SegmentModel)
    assert isinstance(BySegment(load_linear()), Reader)
    assert isinstance(NothingModel(["a"]), Reader)


@pytest.mark.parametrize("repeat", [1, 3, 59])
def test_a_text_never_depends_on_its_batch(alone: Prediction, repeat: int) -> None:
    model = load_linear()
    found = model.predict(TEXTS * repeat, LANGUAGES * repeat)
    n = len(TEXTS)
    for part in ("presence", "polarity", "document"):
        values = getattr(found, part)
        for k in range(repeat):
            assert np.array_equal(values[k * n : (k + 1) * n], getattr(alone, part)), part


def test_order_does_not_matter(alone: Prediction) -> None:
    found = load_linear().predict(TEXTS[::-1], LANGUAGES[::-1])
    assert np.array_equal(found.presence[::-1], alone.presence)


def test_probabilities_are_probabilities(alone: Prediction) -> None:
    assert ((alone.presence >= 0) & (alone.presence <= 1)).all()
    assert np.allclose(alone.polarity.sum(axis=2), 1, atol=1e-5)
    assert np.allclose(alone.document.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(
    ("text", "language", "label", "polarity"),
    [
        ("Eine Stunde in der Warteschleife, unfassbar lange gewartet", "de", "wait_time", 0),
        ("The app keeps crashing", "en", "digital.stability", 0),
        ("Sehr freundliches Personal", "de", "service.attitude", 2),
        ("The staff were friendly and kind", "en", "service.attitude", 2),
        ("Viel zu teuer", "de", "price.value", 0),
        ("Delicious food", "en", "food_drink", 2),
    ],
)
def test_plain_cases(text: str, language: str, label: str, polarity: int) -> None:
    model = load_linear()
    found = model.predict([text], [language])
    k = model.labels.index(label)
    assert found.presence[0, k] >= model.thresholds[k]
    assert int(found.polarity[0, k].argmax()) == polarity


def test_umlauts_are_kept() -> None:
    model = load_linear()
    found = model.decision(["das ist schön", "das ist schon"], ["de", "de"])
    assert not np.allclose(found[0], found[1])


def test_missing_weights_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="reinstall"):
        load_linear(tmp_path)


@pytest.mark.parametrize("name", ["weights.npz", "words.txt"])
def test_damaged_weights_are_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "linear"
    shutil.copytree(WEIGHTS / "linear", folder)
    with (folder / name).open("ab") as file:
        file.write(b"x")
    with pytest.raises(WeightsError, match="hash"):
        load_linear(folder)
    (folder / name).unlink()
    with pytest.raises(WeightsError, match="missing"):
        load_linear(folder)


def test_the_card_names_every_input_and_the_hashes() -> None:
    card = (WEIGHTS / "linear" / "CARD.md").read_text("utf-8")
    config = json.loads((WEIGHTS / "linear" / "config.json").read_text("utf-8"))
    for digest in config["sha256"].values():
        assert digest in card
    for source in (
        "NHS",
        "MAMS",
        "SHAH",
        "SB10k",
        "VADER",
        "Tatoeba",
        "BConTrasT",
        "Wiktionary",
        "MiniLM",
    ):
        assert source in card


def test_shapes_are_checked() -> None:
    zeros = np.zeros((2, 3), dtype=np.float32)
    with pytest.raises(ValueError, match="expected"):
        Prediction(zeros, zeros[..., None], zeros)


def test_nothing_finds_nothing() -> None:
    found = NothingModel(["a", "b"]).read([Passage("x", "en", ((0, 1),))])
    assert found.presence.tolist() == [[0.0, 0.0]]
    assert len(found.found.label) == 0
    assert found.document.argmax(axis=1).tolist() == [1]
