"""Labels of an audit sample never enter training, also not copied row by row."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome
from tests.warum.own.conftest import labelled, write_rows
from warum.audit.sheet import AuditRow, AuditSheet, write_sheet
from warum.defaults import load_model
from warum.example import example_path
from warum.gold.reading import read_gold
from warum.gold.records import GoldOptions
from warum.own.audited import without_audited
from warum.taxonomy import load_taxonomy
from warum_models.own import OwnModel, fingerprint

Call = Callable[..., Outcome]


def audit_file(path: Path, taxonomy: Path, start: int, stop: int) -> AuditSheet:
    """An audit sample of some comments of the example."""
    kind = load_taxonomy(taxonomy)
    with example_path().open(encoding="utf-8", newline="") as file:
        comments = list(csv.DictReader(file))[start:stop]
    rows = tuple(AuditRow(c["response_id"], c["response_id"], c["comment"], 0.5) for c in comments)
    seen = frozenset({("wait_time", "negative")})
    sheet = AuditSheet(rows, "small 1", kind.name, kind.hash, 1, "fabc/800")
    sheet = sheet.with_labels({row.id: seen for row in rows}, "Ada")
    path.parent.mkdir(exist_ok=True)
    write_sheet(path, sheet)
    return sheet


@pytest.fixture
def train(call: Call, mine: Path, tmp_path: Path) -> Callable[..., Outcome]:
    def _train(labels: Path, *more: object) -> Outcome:
        out = tmp_path / "model"
        return call("train", labels, "--taxonomy", mine, "--base", "small", "--out", out, *more)

    return _train


@pytest.mark.parametrize("name", ["audit.csv", "audit.jsonl", "audit.second.csv"])
def test_copied_rows_are_refused_beside_the_audit_file(
    train: Callable[..., Outcome], mine: Path, tmp_path: Path, name: str
) -> None:
    """The rows carry no mark any more: ids and texts tell."""
    audit_file(tmp_path / name, mine, 40, 60)
    done = train(write_rows(tmp_path / "labels.csv", labelled(0, 50)))
    assert done.code == 3, done.err
    assert name in done.err
    assert "audit sample" in done.err
    assert not (tmp_path / "model").exists()
    assert train(write_rows(tmp_path / "labels.csv", labelled(0, 40))).code == 0


@pytest.mark.parametrize("what", ["as they are", "without ids", "mended texts"])
def test_copied_rows_are_refused_where_the_audit_file_is_named(
    train: Callable[..., Outcome], mine: Path, tmp_path: Path, what: str
) -> None:
    audit = tmp_path / "elsewhere" / "audit.csv"
    audit_file(audit, mine, 40, 60)
    rows = labelled(0, 50)
    if what == "without ids":
        rows = [{k: v for k, v in row.items() if k != "id"} for row in rows]
    if what == "mended texts":
        rows = [row | {"text": f"{row['text'].strip()} !!"} for row in rows]
    labels = write_rows(tmp_path / "labels.csv", rows)
    done = train(labels, "--audit", audit)
    assert done.code == 3, done.err
    assert "elsewhere" in done.err


def test_the_others_can_be_trained_on(
    train: Callable[..., Outcome], mine: Path, tmp_path: Path
) -> None:
    """With --skip-bad no audited text is among those that the model was trained on."""
    sheet = audit_file(tmp_path / "audit.csv", mine, 40, 60)
    labels = write_rows(tmp_path / "labels.csv", labelled(0, 70))
    done = train(labels, "--skip-bad")
    assert done.code == 0, done.err
    assert "left out" in " ".join(done.out.split())
    model = load_model(str(tmp_path / "model"), load_taxonomy(tmp_path / "model" / "taxonomy.yaml"))
    assert isinstance(model, OwnModel)
    telling = [row.text for row in sheet.rows if len(row.text.split()) > 5]
    assert len(telling) > 10
    assert not {fingerprint(text) for text in telling} & model.facts.trained_on
    with example_path().open(encoding="utf-8", newline="") as file:
        first = next(csv.DictReader(file))["comment"]
    assert fingerprint(first) in model.facts.trained_on


def test_short_texts_go_along_with_those_that_tell(mine: Path, tmp_path: Path) -> None:
    """Five words are said by many; in a file that others were copied into they are the audited ones."""
    taxonomy = load_taxonomy(mine)
    long = "The tram was forty minutes late once again"
    rows = tuple(
        AuditRow(f"c{i}", f"c{i}", text, 0.5) for i, text in enumerate((long, "Too late!"))
    )
    audit = AuditSheet(rows, "small 1", taxonomy.name, taxonomy.hash, 1, "fabc/800")
    write_sheet(tmp_path / "audit.csv", audit)

    def kept(*texts: str) -> list[str]:
        path = tmp_path / "labels.csv"
        lines = [f"{text},wait_time:negative\n" for text in texts]
        path.write_text("text,labels\n" + "".join(lines), "utf-8")
        gold = read_gold([str(path)], taxonomy, GoldOptions())
        return [text.text for text in without_audited(gold, [str(path)], [], skip=True)[0]]

    assert kept("Too late!", "The driver was ever so kind to us") == [
        "Too late!",
        "The driver was ever so kind to us",
    ]
    assert kept("Too late!", long, "The driver was ever so kind to us") == [
        "The driver was ever so kind to us"
    ]


def test_row_numbers_of_another_file_are_no_ids(
    train: Callable[..., Outcome], mine: Path, tmp_path: Path
) -> None:
    """The same ids with other texts are other comments."""
    sheet = audit_file(tmp_path / "audit.csv", mine, 100, 150)
    rows = labelled(0, 50)
    originals = dict.fromkeys(row["id"] for row in rows)
    taken = dict(zip(originals, (row.id for row in sheet.rows), strict=True))
    rows = [row | {"id": taken[row["id"]]} for row in rows]
    done = train(write_rows(tmp_path / "labels.csv", rows))
    assert done.code == 0, done.err


def test_a_named_file_that_is_no_audit_is_said(
    train: Callable[..., Outcome], labels: Path, tmp_path: Path
) -> None:
    assert train(labels, "--audit", tmp_path / "nowhere.csv").code == 3
