"""`warum evaluate`: figures by category, language and source, in tables, csv and json."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome
from tests.warum.own.conftest import CODES, labelled, write_rows
from warum.gold import GoldOptions
from warum.own import EvaluateOptions, Trained, evaluate

Call = Callable[..., Outcome]


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty comments, ten of which the model was trained on."""
    return write_rows(tmp_path_factory.mktemp("others") / "others.csv", labelled(40, 100))


def test_it_prints_and_writes_figures(
    call: Call, others: Path, trained: tuple[Path, Trained], tmp_path: Path
) -> None:
    out = tmp_path / "figures"
    done = call(
        "evaluate", others, "--model", trained[0], "--by", "source", "--by", "branch", "--out", out
    )
    assert done.code == 0, done.err
    said = " ".join(done.out.split())
    for part in (
        "By category", "wait_time", "micro", "category + polarity", "Macro F1", "By source", "By branch", "Seefeld",
        "Polarity of what was rightly found", "calibration error", "Surest of what is not there", "Missed",
        "trained on 10 of these 60", 'Those of the other texts stand below, at "unseen"',
    ):  # fmt: skip
        assert part in said, part
    with (out / "figures.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["category"] for row in rows} == {*CODES, "micro", "macro", "category + polarity"}
    assert {row["by"] for row in rows} == {"all", "source", "branch", "training"}
    found = json.loads((out / "figures.json").read_text("utf-8"))
    assert (found["trained_on"], len(found["wrongly_found"])) == (10, 10)
    micro = next(row for row in rows if row["by"] == "all" and row["category"] == "micro")
    assert float(micro["f1"]) == found["slices"][0]["micro"]["f1"]["value"]
    assert float(micro["f1_low"]) < float(micro["f1"]) < float(micro["f1_high"])


def test_texts_that_it_was_trained_on_alone(
    call: Call, trained: tuple[Path, Trained], tmp_path: Path
) -> None:
    done = call(
        "evaluate", write_rows(tmp_path / "known.csv", labelled(0, 15)), "--model", trained[0]
    )
    said = " ".join(done.out.split())
    assert "trained on 15 of these 15" in said
    assert "No text is left that it has not seen" in said
    assert "unseen" not in said


def test_json_is_only_json(call: Call, others: Path, trained: tuple[Path, Trained]) -> None:
    done = call("evaluate", others, "--model", trained[0], "--json")
    assert json.loads(done.out)["taxonomy"] == "mine"


def test_any_model_can_be_measured_and_counts_add_up(others: Path, mine: Path) -> None:
    found = evaluate(
        [str(others)], EvaluateOptions("nothing", str(mine), ("language",)), GoldOptions()
    )
    whole = found.whole
    assert whole.micro.positives == sum(row.positives for row in whole.labels) > 0
    assert whole.micro.recall.value < 0.2
    assert [part.value for part in found.slices] == ["all", "de", "en"]
    assert sum(part.texts for part in found.slices[1:]) == whole.texts == 60
    assert found.trained_on == 0
    assert len(found.missed) == 10


def test_the_shipped_model_is_the_default(call: Call, others: Path) -> None:
    done = call("evaluate", others)
    assert done.code == 0, done.err
    assert "auto" in done.out


def test_audit_samples_are_what_it_is_for(
    call: Call, trained: tuple[Path, Trained], tmp_path: Path
) -> None:
    path = write_rows(tmp_path / "a.csv", labelled(70, 100), first="# warum audit\n")
    done = call("evaluate", path, "--model", trained[0], "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["audit"] is True


def test_an_unknown_column_is_named(call: Call, others: Path, mine: Path) -> None:
    done = call("evaluate", others, "--taxonomy", mine, "--model", "nothing", "--by", "brnch")
    assert done.code == 4
    assert "branch" in done.err


def test_what_it_reads_it_reads_as_analyze_does(
    call: Call, trained: tuple[Path, Trained], tmp_path: Path
) -> None:
    path = write_rows(tmp_path / "n.csv", [
        {"id": str(i), "text": text, "labels": ""} for i, text in enumerate(["Nichts", "Great", "super nett", "12345"])
    ])  # fmt: skip
    done = call("evaluate", path, "--model", trained[0], "--json", "--text", "text")
    assert done.code == 0, done.err
    assert json.loads(done.out)["slices"][0]["texts"] == 4
