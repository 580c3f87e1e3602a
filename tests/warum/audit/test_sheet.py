"""The audit file: written and read back, and what is refused."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import Outcome
from tests.warum_models.own.small_base import SmallBase
from warum.audit import sheet_reading
from warum.audit.sheet import (
    MARK,
    AuditRow,
    AuditSheet,
    label_text,
    same_text,
    text_digest,
    write_new_sheet,
    write_sheet,
)
from warum.audit.sheet_fit import check_complete, check_fits
from warum.audit.sheet_reading import is_audit_file, read_sheet, texts_of_audit
from warum.defaults import labels_of
from warum.errors import InputError, OutputError, UsageError
from warum.taxonomy import load_taxonomy

TAXONOMY = load_taxonomy()
SEEN = frozenset({("wait_time", "negative"), ("service.attitude", "positive")})


def sheet(n: int = 6) -> AuditSheet:
    texts = (
        "Great",
        "=1+1 is what I paid",
        'He said "no", twice;\nthen left',
        "Grün & gut, 5 €",
        "+",
        "x",
    )
    rows = tuple(
        AuditRow(f"00{i}", f"00{i}", texts[i % 6], round(0.1 + i / 7 / n, 6), language="en")
        for i in range(n)
    )
    rows = (replace(rows[0], labels=SEEN, labeller="Ada", note="sure"), *rows[1:])
    rows = (*rows[:-1], replace(rows[-1], labels=frozenset(), labeller="Ada"))
    return AuditSheet(rows, "linear 1.10", TAXONOMY.name, TAXONOMY.hash, 7, "fabc/40")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_sheet(tmp_path / "audit.csv", sheet())
    return tmp_path / "audit.csv"


def change(path: Path, old: str, new: str) -> Path:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


@pytest.mark.parametrize("name", ["audit.csv", "audit.jsonl"])
def test_it_is_read_as_it_was_written(tmp_path: Path, name: str) -> None:
    write_sheet(tmp_path / name, sheet())
    assert read_sheet(tmp_path / name, TAXONOMY) == sheet()


def test_it_is_marked(path: Path) -> None:
    text = path.read_text("utf-8-sig")
    assert text.startswith(MARK)
    assert text.count(",true\n") == 6
    assert "'=1+1" in text  # no spreadsheet runs it
    write_sheet(path.with_suffix(".jsonl"), sheet())
    lines = path.with_suffix(".jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["audit"] for line in lines] == ["true"] * 6


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_as_a_spreadsheet_saves_it(path: Path, delimiter: str) -> None:
    import csv

    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    rows[0] += [""] * (len(rows[1]) - 1)
    for row in rows[2:]:
        row[8] = row[8].replace(".", ",")  # a German spreadsheet
        row[16] = "WAHR"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    assert read_sheet(path, TAXONOMY) == sheet()


def test_as_a_workbook(path: Path) -> None:
    import csv

    book = openpyxl.Workbook()
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            book.active.append(row)
    book.save(path.with_suffix(".xlsx"))
    assert read_sheet(path.with_suffix(".xlsx"), TAXONOMY) == sheet()


def test_labels_set_by_hand(path: Path) -> None:
    change(
        path, "Great,service.attitude:positive; wait_time:negative,Ada", "Great,Waiting time: -1,Bo"
    )
    row = read_sheet(path, TAXONOMY).rows[0]
    assert row.labels == {("wait_time", "negative")}
    assert row.labeller == "Bo"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param(",0.100000,", ",0.200000,", r"changed.*'000'", id="changed probability"),
        pytest.param(",0.100000,", ",nought,", r"'000'.*'nought'", id="broken probability"),
        pytest.param(",0.100000,", ",1.5,", r"'000'.*'1.5'", id="impossible probability"),
        pytest.param(
            "wait_time:negative", "weather:negative", r"'000'.*weather", id="foreign label"
        ),
        pytest.param("wait_time:negative", "wait_time", r"'000'.*no polarity", id="bare label"),
        pytest.param(
            "wait_time:negative", "wait_time:angry", r"'000'.*angry", id="foreign polarity"
        ),
        pytest.param(
            "wait_time:negative", "wait_time:negative; none", r"'000'.*none", id="none and a label"
        ),
        pytest.param(",linear 1.10,", ",linear 1.11,", r"several draws.*1\.11", id="mixed draws"),
        pytest.param("\n001,", "\n009,", r"changed.*'009'", id="changed id"),
        pytest.param("\n001,", "\n000,", r"twice.*'000'", id="repeated id"),
        pytest.param(",seed,", ",sead,", r"no audit file.*'seed'", id="lost column"),
    ],
)
def test_what_does_not_fit_is_refused(path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(InputError, match=rf"(?s){said}") as caught:
        read_sheet(change(path, old, new), TAXONOMY)
    assert caught.value.hint


def test_a_lost_row_is_refused(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("003")), "utf-8")
    with pytest.raises(InputError, match="5 of the 6 comments"):
        read_sheet(path, TAXONOMY)


def test_all_probabilities_changed_alike_are_seen(path: Path) -> None:
    """Also where somebody carries the checks over."""
    other = sheet()
    rows = tuple(replace(row, probability=0.5) for row in other.rows)
    write_sheet(path, replace(other, rows=rows))
    good, bad = sheet().draw, replace(other, rows=rows).draw
    assert good != bad
    text = path.read_text("utf-8").replace(bad, good)
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match="not those of the draw"):
        read_sheet(path, TAXONOMY)


def test_another_taxonomy_is_refused(path: Path) -> None:
    other = replace(TAXONOMY, hash="0123456789abcdef", name="mine")
    with pytest.raises(InputError, match="0123456789abcdef"):
        read_sheet(path, other)


def fits(sheet_: AuditSheet, **other: Any) -> None:
    """Check a sheet against what it was drawn from, with some of it changed."""
    texts = {row.id: row.text for row in sheet().rows} | {"more": "More"}
    right = {
        "model": "linear 1.10",
        "taxonomy_hash": TAXONOMY.hash,
        "texts": texts,
        "frame": "fabc/40",
    }
    check_fits(sheet_, **(right | other))


def test_another_model_or_other_data_are_refused() -> None:
    fits(sheet())
    texts = {row.id: row.text for row in sheet().rows}
    fits(sheet(), texts=texts | {"001": "=1+1 is\n what I   paid"})  # as a spreadsheet saves it
    with pytest.raises(InputError, match=r"'linear 1.10'.*'linear 1.11'"):
        fits(sheet(), model="linear 1.11")
    with pytest.raises(InputError, match=r"'0123'"):
        fits(sheet(), taxonomy_hash="0123")
    with pytest.raises(InputError, match=r"2 of 6 .*'000', '001'"):
        fits(sheet(), texts=dict(list(texts.items())[2:]))
    # The ids are there, but they name other comments: row numbers of another file.
    with pytest.raises(InputError, match=r"1 of 6 .*another text.*'003'"):
        fits(sheet(), texts=texts | {"003": "Something else"})
    # What was added after the draw had no chance.
    with pytest.raises(InputError, match=r"40 occasions.*hold 41"):
        fits(sheet(), frame="fdef/41")


def test_half_labelled_is_refused() -> None:
    with pytest.raises(InputError, match=r"4 of 6 .*'001', '002'"):
        check_complete(sheet())
    done = sheet().with_labels({row.id: frozenset() for row in sheet().rows}, "Bo")
    check_complete(done)


def test_labels_are_added_and_taken_back() -> None:
    more = sheet().with_labels({"001": SEEN}, "Bo")
    assert more.labelled["001"] == SEEN
    assert (more.rows[1].labeller, more.rows[0].labeller) == ("Bo", "Ada")
    assert "001" not in more.with_labels({"001": None}).labelled
    assert more.blank().labelled == {}
    assert more.draw == sheet().draw == more.blank().draw
    with pytest.raises(UsageError, match="'nobody'"):
        more.with_labels({"nobody": SEEN})


def test_labels_are_carried_over() -> None:
    carried = sheet(8).blank().carry_over(sheet())
    assert carried.labelled == sheet().labelled
    assert carried.rows[0].note == "sure"
    other = replace(sheet().rows[0], text="Another text")
    assert "000" not in replace(sheet(), rows=(other,)).blank().carry_over(sheet()).labelled
    with pytest.raises(UsageError, match="mean something else"):
        sheet().carry_over(replace(sheet(), taxonomy_hash="0"))


def test_cells() -> None:
    assert label_text(None) == ""
    assert label_text(frozenset()) == "none"
    assert label_text(SEEN) == "service.attitude:positive; wait_time:negative"


def test_a_failed_write_leaves_the_earlier_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()

    def fail(self: Path, *_: object, **__: object) -> int:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "write_text", fail)
    with pytest.raises(OutputError, match="disk full"):
        write_sheet(path, sheet().blank())
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_new_draw_overwrites_nothing(path: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="exists"):
        write_new_sheet(path, sheet())
    write_new_sheet(tmp_path / "new.csv", sheet())
    with pytest.raises(UsageError, match=r"new\.csv"):
        write_sheet(tmp_path / "new.xlsx", sheet())


@pytest.mark.parametrize("name", ["l.csv", "l.csv.gz", "l.xlsx"])
@pytest.mark.parametrize("content", [b"", b"\x00\x01\xff" * 99, b"# warum audit\n"])
def test_broken_files_are_said_by_their_own_name(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_sheet(path, TAXONOMY)
    assert "/warum-" not in str(caught.value)  # no temporary copy
    assert caught.value.hint


def test_another_draw_of_as_many_comments_is_no_lost_row(path: Path) -> None:
    text = path.read_text("utf-8")
    draw = sheet().draw
    path.write_text(text.replace(draw, f"d0000/{len(sheet().rows)}"), "utf-8")
    with pytest.raises(InputError, match="not those of the draw"):
        read_sheet(path, TAXONOMY)


@pytest.mark.parametrize("content", ["", "text,labels\nWhat a day it was,wait_time:negative\n"])
def test_other_files_are_no_audit(tmp_path: Path, content: str) -> None:
    (tmp_path / "l.csv").write_text(content, "utf-8")
    with pytest.raises(InputError):
        read_sheet(tmp_path / "l.csv", TAXONOMY)
    with pytest.raises(InputError, match="no audit file"):
        read_sheet(tmp_path / "nowhere.csv", TAXONOMY)


Call = Callable[..., Outcome]


@pytest.mark.parametrize("kind", ["audit.csv", "audit.jsonl", "unmarked.csv", "audit.xlsx"])
def test_audit_labels_never_enter_training(
    call: Call, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As drawn, as jsonl, with the first line lost, and as a workbook; whatever one asks."""
    labelled = sheet(40)
    labels = [SEEN, frozenset({("reliability", "negative")}), frozenset[tuple[str, str | None]]()]
    labelled = labelled.with_labels(
        {r.id: labels[i % 3] for i, r in enumerate(labelled.rows)}, "Ada"
    )
    labelled = replace(
        labelled,
        rows=tuple(
            replace(r, text=f"Text number {i} of many") for i, r in enumerate(labelled.rows)
        ),
    )
    path = tmp_path / ("audit.csv" if kind != "audit.jsonl" else kind)
    write_sheet(path, labelled)
    if kind == "unmarked.csv":
        path.write_text(path.read_text("utf-8").partition("\n")[2], "utf-8")
    if kind == "audit.xlsx":
        import csv

        book = openpyxl.Workbook()
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in list(csv.reader(file))[1:]:
                book.active.append(row)
        path = tmp_path / kind
        book.save(path)
    base = SmallBase(labels_of(TAXONOMY, "en") + labels_of(TAXONOMY, "de"))
    monkeypatch.setattr("warum.own.training.load_base", lambda *_: base)
    for more in ([], ["--skip-bad"]):
        done = call("train", path, "--base", "accurate", "--out", tmp_path / "m", *more)
        assert done.code == 3, (done.err, done.out)
        assert more or "audit" in done.err
        assert not (tmp_path / "m").exists()


def test_audit_files_know_themselves(path: Path, tmp_path: Path) -> None:
    assert is_audit_file(path)
    write_sheet(tmp_path / "audit.jsonl", sheet())
    assert is_audit_file(tmp_path / "audit.jsonl")
    (tmp_path / "packed.csv.gz").write_bytes(gzip.compress(path.read_bytes()))
    assert is_audit_file(tmp_path / "packed.csv.gz")
    (tmp_path / "other.csv").write_text("id,text\n1,audit\n", "utf-8")
    (tmp_path / "broken.gz").write_bytes(b"x")
    for name in ("other.csv", "broken.gz", "nowhere.csv", "."):
        assert not is_audit_file(tmp_path / name)
    assert texts_of_audit(path) == {row.id: row.text for row in sheet().rows}
    (tmp_path / "bare.csv").write_text("text,labels\nSomething said,x\n", "utf-8")
    with pytest.raises(InputError, match="'id'"):
        texts_of_audit(tmp_path / "bare.csv")


def test_names_of_columns_agree() -> None:
    assert set(sheet_reading._NEEDED) <= set(sheet_reading.COLUMNS)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Gut, danke!", "gut danke"), ("Gut", "Gut so"), ("", "…"), ("Straße", "STRASSE"), ("ä", "a")],
)
def test_a_digest_tells_texts_apart_as_the_comparison_does(one: str, other: str) -> None:
    assert (text_digest(one) == text_digest(other)) is same_text(one, other)
