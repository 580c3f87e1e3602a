"""`warum audit draw`, `label`, `agree` and `plan`, and what the labels give in the end."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pytest

from tests.conftest import Outcome
from tests.warum.audit.results import answered, read_with_errors, write_result
from warum.audit.second import second_path
from warum.audit.sheet import write_sheet
from warum.audit.sheet_reading import read_sheet
from warum.taxonomy import load_taxonomy

Call = Callable[..., Outcome]
TAXONOMY = load_taxonomy()


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_result(tmp_path_factory.mktemp("result") / "result", read_with_errors())


@pytest.fixture
def sheet(call: Call, result: Path, tmp_path: Path) -> Path:
    path = tmp_path / "audit.csv"
    done = call("audit", "draw", result, "--out", path, "--labels", 120, "--seed", 3)
    assert done.code == 0, done.err
    return path


def words(text: str) -> str:
    return " ".join(text.split())


def test_a_sample_is_drawn(call: Call, result: Path, sheet: Path, tmp_path: Path) -> None:
    drawn = read_sheet(sheet, TAXONOMY)
    assert 90 < len({row.unit for row in drawn.rows}) < 150
    assert drawn.model == "auto 7"
    again = tmp_path / "again.csv"
    done = call("audit", "draw", result, "--out", again, "--labels", 120, "--seed", 3)
    assert again.read_bytes() == sheet.read_bytes()
    assert f"warum audit label {again}" in done.out
    other = tmp_path / "other.jsonl"
    quiet = call(
        "audit", "draw", result, "--out", other, "--labels", 100, "--method", "balanced", "-q"
    )
    assert (quiet.code, quiet.out) == (0, "")
    assert abs(len({row.unit for row in read_sheet(other, TAXONOMY).rows}) - 100) <= 1


def test_a_sample_grows_and_keeps_its_labels(
    call: Call, result: Path, sheet: Path, tmp_path: Path
) -> None:
    write_sheet(sheet, answered(read_sheet(sheet, TAXONOMY)))
    larger = tmp_path / "larger.csv"
    done = call(
        "audit", "draw", result, "--out", larger, "--labels", 200, "--seed", 3, "--labels-from", sheet
    )  # fmt: skip
    assert done.code == 0, done.err
    kept = read_sheet(larger, TAXONOMY)
    assert set(kept.labelled) == {row.id for row in read_sheet(sheet, TAXONOMY).rows}
    assert f"{len(kept.labelled)} of them labelled already" in words(done.out)


def test_labels_are_not_overwritten(call: Call, result: Path, sheet: Path) -> None:
    done = call("audit", "draw", result, "--out", sheet)
    assert (done.code, "exists already" in done.err) == (5, True)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("draw", "nowhere"), 3, "no result folder"),
        (("draw", "{result}", "--out", "{tmp}/a.xlsx"), 2, ".csv or .jsonl"),
        (("draw", "{result}", "--labels", "0"), 2, "labels"),
        (("label", "nowhere.csv"), 3, "no audit file"),
        (("label", "{sheet}"), 2, "terminal"),
        (("agree", "{sheet}"), 3, "audit.second.csv"),
        (("plan", "nowhere"), 3, "no result folder"),
        (("plan", "{result}", "--f1", "1.2"), 2, "1.2"),
        (("plan", "{result}", "--category", "weather"), 2, "weather"),
        (("plan", "{result}", "--score", "mood"), 2, "mood"),
        (("plan", "{result}", "--width", "0"), 2, "width 0"),
        (("plan", "{result}", "--audit", "{sheet}"), 3, "labelled in part"),
    ],
)
def test_what_cannot_be_meant_is_said(
    call: Call,
    result: Path,
    sheet: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    filled = [one.format(result=result, sheet=sheet, tmp=tmp_path) for one in arguments]
    done = call("audit", *filled)
    assert done.code == code, (done.out, done.err)
    assert said in words(done.err)


def test_another_version_of_the_taxonomy_is_said(call: Call, tmp_path: Path) -> None:
    reading = read_with_errors()
    other = replace(reading, facts=replace(reading.facts, taxonomy_hash="0123"))
    done = call("audit", "draw", write_result(tmp_path / "r", other), "--out", tmp_path / "a.csv")
    assert (done.code, "another version of the taxonomy" in words(done.err)) == (3, True)


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set the keys that the terminal sends; Ctrl-C when they are used up."""

    def _press(*keys: str) -> None:
        queue: Iterator[str] = iter(keys)

        def next_key(*_: Any) -> str:
            try:
                return next(queue)
            except StopIteration:
                raise KeyboardInterrupt from None

        class Keyboard(io.StringIO):
            def isatty(self) -> bool:
                return True

        monkeypatch.setattr(click, "getchar", next_key)
        monkeypatch.setattr("sys.stdin", Keyboard())

    return _press


def test_two_people_label(call: Call, sheet: Path, press: Callable[..., None]) -> None:
    press("wait_t", "-", "\r", "\r", "\r", "+", "\r")
    done = call("audit", "label", sheet, "--labeller", "Ada")
    assert done.code == 0, done.err
    drawn = read_sheet(sheet, TAXONOMY)
    first, second, third = (row.id for row in drawn.rows[:3])
    assert drawn.labelled == {
        first: {("wait_time", "negative")},
        second: frozenset(),
        third: {(TAXONOMY.codes[0], "positive")},
    }
    assert f"3 of {len(drawn.rows)} comments labelled" in words(done.out)
    # The second one sees a blank sheet, and both are compared.
    press("wait_t", "-", "\r", "+", "\r", "\x1b")
    done = call("audit", "label", sheet, "--second")
    assert done.code == 0, done.err
    other = read_sheet(second_path(sheet), TAXONOMY)
    assert set(other.labelled) == {first, second}
    assert {row.labeller for row in other.rows[:2]} == {"second"}
    assert read_sheet(sheet, TAXONOMY) == drawn
    german = words(call("audit", "agree", sheet, "--ui", "de").out)
    assert "Alpha über 2 Kommentare" in german
    assert "Wartezeit" in german
    for said in (done, call("audit", "agree", sheet)):
        assert "alpha over 2 comments" in words(said.out)
        assert "Waiting time" in said.out
    assert call("audit", "agree", sheet, second_path(sheet)).out == said.out


def test_nothing_in_common_is_said(call: Call, sheet: Path) -> None:
    write_sheet(second_path(sheet), read_sheet(sheet, TAXONOMY))
    assert "No comment was labelled by both" in call("audit", "agree", sheet).out


def test_the_plan(call: Call, result: Path, sheet: Path) -> None:
    rough = call("audit", "plan", result, "--width", 40)
    assert rough.code == 0, rough.err
    assert "assuming that the model's F1 is 0.6" in words(rough.out)
    assert "labels for 40" in words(rough.out)
    assert "1,000" not in rough.out  # there are fewer occasions
    better = call("audit", "plan", result, "--width", 40, "--f1", 0.9, "--category", "wait_time")
    assert "wait_time" in better.out
    assert "reliability" not in better.out
    shares = call("audit", "plan", result, "--of", "share", "--width", 0.001)
    assert "percentage points" in words(shares.out)
    assert "out of reach" in words(shares.out)
    write_sheet(sheet, answered(read_sheet(sheet, TAXONOMY)))
    pilot = call("audit", "plan", result, "--audit", sheet, "--of", "impact")
    assert pilot.code == 0, pilot.err
    assert "from" in pilot.out
