"""A model as a folder: the same bytes for the same input, and nothing damaged is read."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.warum_models.own.conftest import LABELS, Comments, passage
from tests.warum_models.own.small_base import SmallBase
from warum_models.errors import WeightsError
from warum_models.own import OwnModel, fingerprint, is_model, load, save
from warum_models.own.fitting import Fitted, fit_with_trial
from warum_models.own.material import gather
from warum_models.own.model import Facts
from warum_models.own.storing import CARD, CONFIG, FILES, WEIGHTS, version_of


def _model(fitted: Fitted) -> OwnModel:
    model = fitted.model
    facts = Facts("hash", frozenset({fingerprint("a"), fingerprint("b")}), card={"n": 1})
    bare = OwnModel("mine", "", model.labels, model.base, model.parts, facts)
    return OwnModel("mine", version_of(bare), model.labels, model.base, model.parts, facts)


@pytest.fixture
def stored(fitted: Fitted, tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    save(_model(fitted), folder, taxonomy="categories: []\n", card="# Card\n")
    return folder


def test_what_is_read_back_reads_the_same(fitted: Fitted, stored: Path, base: SmallBase) -> None:
    assert is_model(stored)
    model = load(stored, lambda _: base)
    texts = [passage("rude man, the queue was slow"), passage("x"), passage("great price")]
    before, after = fitted.model.read(texts), model.read(texts)
    assert np.array_equal(before.presence, after.presence)
    assert np.array_equal(before.found.polarity, after.found.polarity)
    assert (model.version, model.facts.taxonomy) == (_model(fitted).version, "hash")
    assert fingerprint("  A ") in model.facts.trained_on


def test_the_same_input_gives_the_same_bytes(
    comments: Comments, base: SmallBase, stored: Path, tmp_path: Path
) -> None:
    again = fit_with_trial(
        gather(comments.passages, comments.judgements, comments.codes, base), base
    )
    folder = tmp_path / "again"
    folder.mkdir()
    save(_model(again), folder, taxonomy="categories: []\n", card="# Card\n")
    for name in FILES:
        assert (folder / name).read_bytes() == (stored / name).read_bytes(), name


@pytest.mark.parametrize("name", [WEIGHTS, CARD])
def test_damage_is_seen(stored: Path, base: SmallBase, name: str) -> None:
    with (stored / name).open("ab") as file:
        file.write(b"x")
    with pytest.raises(WeightsError, match="hash"):
        load(stored, lambda _: base)
    (stored / name).unlink()
    with pytest.raises(WeightsError, match="missing"):
        load(stored, lambda _: base)


def test_another_version_of_the_base_is_refused(stored: Path) -> None:
    with pytest.raises(WeightsError, match="train it again"):
        load(stored, lambda _: SmallBase(LABELS, version="2"))


def test_a_base_without_the_labels_is_refused(stored: Path) -> None:
    with pytest.raises(WeightsError, match="rare"):
        load(stored, lambda _: SmallBase(LABELS[:3]))


def test_another_form_is_refused(stored: Path, base: SmallBase) -> None:
    config = json.loads((stored / CONFIG).read_text("utf-8"))
    (stored / CONFIG).write_text(json.dumps(config | {"form": 99}), "utf-8")
    with pytest.raises(WeightsError, match="form 99"):
        load(stored, lambda _: base)


@pytest.mark.parametrize("content", [None, "{", "[]", '{"kind": "other"}'])
def test_other_folders_are_no_models(tmp_path: Path, base: SmallBase, content: str | None) -> None:
    if content is not None:
        (tmp_path / CONFIG).write_text(content, "utf-8")
    assert not is_model(tmp_path)
    with pytest.raises(WeightsError, match="no model"):
        load(tmp_path, lambda _: base)


def test_nothing_is_pickled(stored: Path) -> None:
    with np.load(stored / WEIGHTS, allow_pickle=False) as arrays:
        assert {"words", "meaning", "mix", "thresholds"} <= set(arrays)
