from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.__main__ import _wanted
from benchmarks.models import categories, pictures, speed
from benchmarks.models.aims import aims
from benchmarks.models.aims_table import table
from benchmarks.models.memory import peak_of
from benchmarks.models.record import Row, Setting, keep, known, number, read_rows
from benchmarks.models.tables import category_tables, speed_table


def _row(contender: str, way: str = "descriptions", **figures: float) -> Row:
    return Row(categories.PART, "fabsa", "FABSA", contender, way, 10, figures)


def test_figures_are_kept_and_measured_anew(tmp_path: Path) -> None:
    store = tmp_path / "figures.json"
    keep(store, [_row("fast", micro=0.5), _row("auto", micro=0.4)], categories.PART)
    keep(store, [_row("fast", micro=0.6)], categories.PART)
    assert {row.contender: row["micro"] for row in read_rows(store)} == {"fast": 0.6, "auto": 0.4}


def test_nothing_is_kept_without_a_file(tmp_path: Path) -> None:
    keep(None, [_row("fast")], categories.PART)
    assert read_rows(None) == read_rows(tmp_path / "missing.json") == []


def test_a_missing_figure_is_a_dash() -> None:
    assert known(a=1, b=None, c=float("nan")) == {"a": 1.0}
    assert number(_row("x")["micro"]) == "–"


def test_the_table_of_aims_prefers_descriptions_and_says_mapping() -> None:
    rows = [
        _row(
            "fast", "mapping from cx", micro=0.7, macro=0.6, constant_micro=0.3, constant_macro=0.1
        ),
        _row("fast", micro=0.5, macro=0.4, constant_micro=0.3, constant_macro=0.1),
        _row("auto", "mapping from cx", micro=0.4, macro=0.3),
    ]
    lines = table(rows, ("fast", "auto")).splitlines()
    assert len(lines) == 2 + len(aims())
    assert lines[2].endswith("| 0.300 / 0.100 | 0.500 / 0.400 | 0.400 / 0.300 by mapping |")
    assert all(line.count("|") == lines[0].count("|") for line in lines)


def test_a_set_becomes_a_table() -> None:
    text = category_tables(
        [_row("fast", micro=0.5, removed=2.0), _row("VADER", "lexicon", given=0.7)]
    )
    assert "2 more stand in the training data" in text
    assert "| fast | descriptions | 0.500 |" in text
    assert "| VADER | lexicon | 0.700 |" in text


def test_everyone_has_a_turn_in_every_round() -> None:
    turns: list[str] = []
    reads = {name: lambda texts, name=name: turns.append(name) for name in ("a", "b")}
    rates = speed.timed(reads, ["x"] * 300, rounds=2)
    assert turns == ["a", "a", "b", "b", "a", "b", "a", "b"]  # each is tried twice first
    assert {name: len(each) for name, each in rates.items()} == {"a": 2, "b": 2}


def test_pictures_are_drawn_from_the_figures(tmp_path: Path) -> None:
    rows = [
        _row("fast", micro=0.5),
        Row(speed.PART, "speed", "t", "fast", "", 10, {"texts_per_s": 900.0, "slowest": 1.0, "fastest": 2.0}),
        *(Row(speed.PART, speed.CURVE, "t", "auto", f"limit {s}", 10,
              {"limit": s, "texts_per_s": 900 - s, "fabsa": s, "authored_de": s, "authored_en": s})
          for s in (0.0, 0.5)),
    ]  # fmt: skip
    assert "models_speed.png" in pictures.quality_against_speed(rows, tmp_path)
    assert "models_cascade.png" in pictures.cascade(rows, tmp_path)
    assert all(
        (tmp_path / name).stat().st_size > 5000
        for name in ("models_speed.png", "models_cascade.png")
    )
    assert pictures.quality_against_speed([], tmp_path) == pictures.cascade([], tmp_path) == ""
    assert "### The cascade" in speed_table(rows)


def test_memory_is_measured_in_a_process_of_its_own() -> None:
    peak = peak_of("fast", ["Great staff"], None)
    assert peak is not None
    assert 50 < peak < 2000


def test_memory_that_cannot_be_measured_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert peak_of("no such model", ["text"], None) is None
    assert "no such model" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "only", "wanted"),
    [
        ("models_speed", "models", True), ("models_speed", "truth,models_speed", True), ("speed", "models", False),
        ("models_speed", "", True), ("models_speed", "speed", False),
    ],
)  # fmt: skip
def test_parts_are_chosen_by_name_or_by_the_first_of_it(name: str, only: str, wanted: bool) -> None:
    assert _wanted(name, only) is wanted


def test_without_a_teacher_the_reason_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert Setting(models=()).loaded_teacher() is None
    assert "--teacher" in capsys.readouterr().out
