"""`warum train`: what it says, what it writes, and what it refuses."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Outcome
from tests.warum.own.conftest import labelled, write_rows
from tests.warum_models.own.test_crossed_tuning import Recorder
from warum.defaults import load_model
from warum.errors import ModelError
from warum.own import Trained, training
from warum.taxonomy import load_taxonomy
from warum_models.own import full, storing
from warum_models.own.storing import FILES

Call = Callable[..., Outcome]


def test_it_says_how_right_the_model_is(
    call: Call, mine: Path, labels: Path, trained: tuple[Path, Trained], tmp_path: Path
) -> None:
    out = tmp_path / "model"
    done = call("train", labels, "--taxonomy", mine, "--base", "small", "--out", out)
    assert done.code == 0, done.err
    said = " ".join(done.out.split())
    for part in (
        "one label per row", "have no label; they count as negatives", "Cross-validated", "The base alone",
        "Polarity given the category", "calibration error", "200 more labelled texts", "warum analyze",
    ):  # fmt: skip
        assert part in said, part
    # The same input gives the same bytes.
    for name in FILES:
        assert (out / name).read_bytes() == (trained[0] / name).read_bytes(), name
    assert (
        call("train", labels, "--taxonomy", mine, "--base", "small", "--out", out, "-q").out == ""
    )


def test_the_model_can_be_used(
    call: Call, trained: tuple[Path, Trained], feedback: Path, tmp_path: Path
) -> None:
    model = trained[0]
    options = ["--model", model, "--taxonomy", model / "taxonomy.yaml", "--out", tmp_path / "out"]
    done = call("analyze", feedback, *options)
    assert done.code == 0, done.err
    # A result names the folder it was read with, so that it can be read with it again.
    taxonomy = load_taxonomy(model / "taxonomy.yaml")
    assert load_model(str(model), taxonomy).name == str(model)


def test_another_taxonomy_is_refused(trained: tuple[Path, Trained]) -> None:
    with pytest.raises(ModelError, match=r"taxonomy\.yaml"):
        load_model(str(trained[0]), load_taxonomy())


def test_a_damaged_model_is_refused(
    trained: tuple[Path, Trained], mine: Path, tmp_path: Path
) -> None:
    shutil.copytree(trained[0], tmp_path / "copy")
    (tmp_path / "copy" / "weights.npz").write_bytes(b"x")
    with pytest.raises(ModelError, match="hash"):
        load_model(str(tmp_path / "copy"), load_taxonomy(mine))


def test_rules_and_other_languages_teach_nothing(call: Call, mine: Path, tmp_path: Path) -> None:
    rows = labelled(0, 40)
    strange = dict.fromkeys(rows[0], "") | {"category": "general", "polarity": "positive"}
    rows += [strange | {"id": "a", "text": "n/a"}]
    rows += [
        strange | {"id": "b", "text": "Le personnel était très aimable et le train à l'heure."}
    ]
    path = write_rows(tmp_path / "l.csv", rows)
    done = call("train", path, "--taxonomy", mine, "--base", "small", "--out", tmp_path / "m")
    assert done.code == 0, done.err
    assert "texts teach nothing" in " ".join(done.out.split())


def test_audit_rows_are_refused(call: Call, mine: Path, tmp_path: Path) -> None:
    rows = [row | {"audit": "1" if i < 3 else ""} for i, row in enumerate(labelled(0, 40))]
    path = write_rows(tmp_path / "l.csv", rows)
    options = ["--taxonomy", mine, "--base", "small", "--out", tmp_path / "m"]
    done = call("train", path, *options)
    assert done.code == 3
    assert "audit" in done.err
    assert "--skip-bad" in done.err
    assert not (tmp_path / "m").exists()
    done = call("train", path, *options, "--skip-bad")
    assert done.code == 0, done.err
    assert "left out" in done.out


def test_an_audit_file_is_refused_whatever_one_asks(call: Call, mine: Path, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "l.csv", labelled(0, 40), first="# warum audit 2026-11\n")
    options = ["--taxonomy", mine, "--base", "small", "--out", tmp_path / "m", "--skip-bad"]
    done = call("train", path, *options)
    assert done.code == 3
    assert "evaluate" in done.err


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--base", "nothing"], 6, "cannot be a base"),
        (["--base", "gpt"], 6, "gpt"),
        (["--taxonomy", "nowhere.yaml"], 6, "nowhere.yaml"),
        (["--epochs", "3"], 2, "--full"),
        (["--device", "cpu"], 2, "--full"),
        (["--full", "--device", "tpu"], 2, "cuda"),
        (["--category", "kategory"], 4, "category"),
        (["--format", "wide"], 4, "category of"),
        (["--format", "tall"], 2, "wide"),
    ],
)
def test_bad_options_say_what_to_do(
    call: Call, mine: Path, labels: Path, tmp_path: Path, options: list[str], code: int, said: str
) -> None:
    given = ["--taxonomy", mine, "--base", "small", *options]
    done = call("train", labels, *given, "--out", tmp_path / "m")
    assert done.code == code, done.err
    assert said in done.err
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize(
    ("there", "code", "said"), [(False, 6, "warum[train]"), (True, 2, "--base accurate")]
)
def test_full_fine_tuning_says_what_it_needs(
    call: Call, mine: Path, labels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    there: bool, code: int, said: str,
) -> None:  # fmt: skip
    if there:
        monkeypatch.setattr(training, "fine_tuner", lambda device: Recorder())
    else:
        monkeypatch.setattr(full, "find_spec", lambda name: None)
    options = ["--taxonomy", mine, "--base", "small", "--full", "--out", tmp_path / "m"]
    done = call("train", labels, *options)
    assert done.code == code, done.err
    assert said in done.err


def test_full_fine_tuning_says_how_long_it_takes(
    call: Call, mine: Path, labels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[full.FullSettings] = []

    class Tuner(Recorder):
        def __call__(self, *given: Any) -> full.TunedBase:
            asked.append(given[4])
            return super().__call__(*given)

    monkeypatch.setattr(training, "BASE", "small")
    monkeypatch.setattr(training, "fine_tuner", lambda device: Tuner())
    monkeypatch.setattr(storing, "TUNED", ())
    out = tmp_path / "m"
    options = ["--taxonomy", mine, "--base", "small", "--full", "--epochs", "2", "--device", "cpu"]
    done = call("train", labels, *options, "--out", out)
    assert done.code == 0, done.err
    assert "Fine-tuning 4 networks on 49 texts" in done.err
    assert "before fine-tuning" in " ".join(done.out.split())
    assert asked == [full.FullSettings(2, "cpu")] * 4
    assert (out / "network").is_dir()
    assert "fine-tuned anew" in (out / "CARD.md").read_text("utf-8")
    assert call("train", labels, *options, "--out", out, "-q").err == ""


def test_too_few_texts_are_refused(call: Call, mine: Path, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "l.csv", labelled(0, 6))
    done = call("train", path, "--taxonomy", mine, "--base", "small", "--out", tmp_path / "m")
    assert done.code == 3
    assert "Label more texts" in done.err


def test_other_files_are_left_alone(call: Call, mine: Path, labels: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine"
    out.mkdir()
    (out / "thesis.txt").write_text("precious")
    done = call("train", labels, "--taxonomy", mine, "--base", "small", "--out", out)
    assert done.code == 5
    assert [p.name for p in out.iterdir()] == ["thesis.txt"]
    assert call("train", labels, "--out", out / "thesis.txt").code == 5
    assert call("train", labels, "--out", out / "thesis.txt" / "below").code == 5
