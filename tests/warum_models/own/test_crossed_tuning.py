"""Cross-validated tuning is honest: no network is asked about a comment that it was tuned on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.warum_models.own.conftest import LABELS, Comments
from tests.warum_models.own.small_base import SmallBase
from warum_models.own import full
from warum_models.own.crossed_tuning import Order
from warum_models.own.fitting import fit_full, fit_with_trial
from warum_models.own.full import FullSettings, TunedBase
from warum_models.own.gold import Gold
from warum_models.own.material import gather
from warum_models.own.study import finished, study
from warum_models.protocol import BaseReader, Floats, Label, Passage, Reading, Rows


class Tuned(SmallBase):
    """A base that was tuned: refuses to speak of what it was tuned on, unless it is the last."""

    def __init__(self, labels: Sequence[Label], known: set[str]) -> None:
        super().__init__(labels, name="small-tuned", version=f"of {len(known)}")
        self.known = known

    def read(self, passages: Sequence[Passage]) -> Reading:
        self._check(passages)
        return super().read(passages)

    def locate(
        self, passages: Sequence[Passage], comment: Rows, label: Rows
    ) -> tuple[Floats, Rows, Rows]:
        self._check([passages[i] for i in comment.tolist()])
        return super().locate(passages, comment, label)

    def save(self, folder: Path) -> None:
        (folder / "network").mkdir()

    def _check(self, passages: Sequence[Passage]) -> None:
        assert not {p.text for p in passages} & self.known


class Recorder:
    """Tunes nothing, and notes what it was given."""

    def __init__(self) -> None:
        self.given: list[tuple[list[str], Gold]] = []

    def __call__(
        self,
        passages: Sequence[Passage],
        gold: Gold,
        labels: Sequence[Label],
        base: BaseReader,
        settings: FullSettings,
        progress: Callable[[int, int], None],
    ) -> TunedBase:
        progress(1, 2)
        self.given.append(([p.text for p in passages], gold))
        return Tuned(labels, {p.text for p in passages})

    def seconds(self, passages: Sequence[Passage], *rest: object) -> float:
        return 100.0


def test_no_network_judges_what_it_learnt(comments: Comments, base: SmallBase) -> None:
    material = gather(comments.passages, comments.judgements, comments.codes, base)
    recorder, said = Recorder(), list[str]()
    order = Order(recorder, LABELS, base, FullSettings())
    assert "Fine-tuning 4 networks" in order.announced(material)
    assert "about 5 minutes" in order.announced(material)
    fitted = fit_full(material, order, said.append)
    *parts, whole = recorder.given
    assert len(parts) == 3
    assert whole[0] == [p.text for p in comments.passages]
    for texts, gold in parts:
        rows = [whole[0].index(text) for text in texts]
        assert np.array_equal(gold.present, material.gold.present[rows])
    assert "fine-tuning network 1 of 4, step 1 of 2" in said
    assert fitted.full
    assert fitted.model.base.name == "small-tuned"


def test_the_figures_are_those_of_the_folds(comments: Comments, base: SmallBase) -> None:
    """A tuner that changes nothing gives what the heads alone give, but for the number of folds."""
    material = gather(comments.passages, comments.judgements, comments.codes, base)
    fitted = fit_full(material, Order(Recorder(), LABELS, base, FullSettings()))
    heads = fit_with_trial(material, base)
    assert np.array_equal(fitted.material.view.odds, material.view.odds)
    assert np.allclose(
        fitted.model.parts.meaning.coefficients, heads.model.parts.meaning.coefficients
    )
    told = study(fitted)
    assert (told.folds, told.full, study(heads).full) == (3, True, False)
    assert told.micro.f1.value == pytest.approx(study(heads).micro.f1.value, abs=0.05)
    assert "fine-tuning" in told.curve.why
    assert finished(fitted, told, name="m", taxonomy="t").facts.full


def test_the_shipped_base_is_what_it_is_compared_with(comments: Comments, base: SmallBase) -> None:
    material = gather(comments.passages, comments.judgements, comments.codes, base)

    class Useless(Recorder):
        def __call__(self, passages: Sequence[Passage], *rest: object) -> TunedBase:  # type: ignore[override]
            return Tuned([Label(x.code, "?", "?") for x in LABELS], {p.text for p in passages})

    fitted = fit_full(material, Order(Useless(), LABELS, base, FullSettings()))
    assert np.array_equal(fitted.material.alone, material.view.odds)
    assert not np.array_equal(fitted.material.view.odds, material.view.odds)


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (("torch", "transformers", "onnx"), "torch, transformers and onnx"),
        (("torch",), "needs torch."),
    ],
)
def test_what_is_missing_is_said(
    monkeypatch: pytest.MonkeyPatch, missing: tuple[str, ...], said: str
) -> None:
    monkeypatch.setattr(full, "find_spec", lambda name: None if name in missing else object())
    with pytest.raises(full.FullTrainingUnavailableError, match=said) as caught:
        full.fine_tuner()
    assert 'pip install "warum[train]"' in str(caught.value)


@pytest.mark.parametrize(
    ("values", "said"), [({"epochs": 0}, "epochs is 0"), ({"device": "tpu"}, "'tpu'")]
)
def test_settings_check_themselves(values: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        FullSettings(**values)  # type: ignore[arg-type]
