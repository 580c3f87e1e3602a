"""Doubts as types: each is raised somewhere, speaks both languages, and stands beside its number."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import warum
from tests.warum.answers.gold_example import gold_reading
from warum.answers.rows import WhyRows
from warum.answers.selection import selection
from warum.caveats import SENTENCES, Caveat, Ui
from warum.estimation import estimate
from warum.explaining import explain
from warum.question import Question
from warum.report.sentences import caveat_text
from warum.result import Reading
from warum.table import Table
from warum.taxonomy import load_taxonomy

SOURCE = Path(warum.__file__).parent
NAMED = (
    "small_n", "wide_interval", "collinear", "separation", "differential_error", "selection",
    "scale_direction", "in_sample", "series_break",
)  # fmt: skip


def raised() -> set[str]:
    """Codes that stand in the source outside the list of sentences."""
    files = [path for path in SOURCE.rglob("*.py") if path.name != "caveats.py"]
    found = (re.findall(r'"([a-z_]+)"', path.read_text("utf-8")) for path in files)
    return {code for codes in found for code in codes}


@pytest.mark.parametrize("code", NAMED)
def test_the_doubts_promised_are_there(code: str) -> None:
    assert code in SENTENCES


def test_no_sentence_is_never_said() -> None:
    assert sorted(set(SENTENCES) - raised()) == []


@pytest.mark.parametrize(
    ("ui", "says"),
    [
        ("en", "is worth 20,000 everywhere on the scale, and neither this nor the cost 1,500.5"),
        ("de", "20.000 wert, und weder dies noch die Kosten 1.500,5"),
    ],
)
def test_amounts_are_written_as_in_the_language(ui: Ui, says: str) -> None:
    assert says in Caveat.of("what_if_value", value=20_000.0, cost=1_500.5).sentence(ui)


def test_small_and_signed_numbers() -> None:
    linear = Caveat.of("model_dependent", linear=-3.14)
    assert "−3.14" in linear.sentence("en")
    assert "−3,14" in linear.sentence("de")
    assert "+2.5" in Caveat.of("model_dependent", linear=2.5).sentence("en")
    assert "0,001" in Caveat.of("differential_error", p=0.001).sentence("de")
    assert "1,234 answers" in Caveat.of("undated", n=1234).sentence("en")


def test_days_are_written_out_in_the_report() -> None:
    open_ = Caveat.of("period_open", n=4, day="2025-12-28")
    assert "28. Dez 2025" in caveat_text(open_, {}, "de")
    side = Caveat.of("empty_side", side="2025-01..2025-03")
    assert "Jan 2025 – Mar 2025" in caveat_text(side, {}, "en")


def test_what_is_adjusted_for_has_a_name() -> None:
    left = Caveat.of("some_controls_left_out", names="(time), channel, branch")
    assert caveat_text(left, {}, "de").endswith("nicht berücksichtigt: Zeit, Kanal, branch.")
    assert caveat_text(left, {}, "en").endswith("left out: time, channel, branch.")


def test_texts_read_again_break_the_series(feedback: Path, tmp_path: Path) -> None:
    first = warum.analyze(feedback, out=tmp_path / "out")
    assert "series_break" not in [c.code for c in first.summary.caveats]
    again = warum.analyze(tmp_path / "out", model="nothing", out=tmp_path / "again")
    (broken,) = [c for c in again.summary.caveats if c.code == "series_break"]
    said = broken.sentence("en")
    assert said.startswith("Read with nothing ")
    assert f"before that with auto {first.result.facts.model_version}" in said
    (kept,) = [
        c for c in warum.analyze(tmp_path / "again").summary.caveats if c.code == "series_break"
    ]
    assert kept == broken
    assert "nothing" in again.html()


def silenced(shift: float) -> Reading:
    """Every third comment is gone, and its score moved."""
    reading = gold_reading()
    table = {name: reading.comments[name].copy() for name in reading.comments.columns}
    gone = np.arange(len(reading.comments)) % 3 == 0
    table["text"][gone] = None
    table["nps"][gone] = np.clip(table["nps"][gone] + shift, 0, 10)
    lost = set(table["comment_id"][gone].tolist())
    kept = [i for i, one in enumerate(reading.opinions["comment_id"]) if one not in lost]
    columns = replace(reading.columns, scores=reading.columns.scores[:1])
    return replace(
        reading, comments=Table(table), opinions=reading.opinions.take(kept), columns=columns
    )


@pytest.mark.parametrize(("shift", "said"), [(0.0, False), (4.0, True)])
def test_who_comments_may_differ_from_who_does_not(shift: float, said: bool) -> None:
    (rows,) = WhyRows.of(silenced(shift), load_taxonomy()).scores
    found = selection(rows, 0.95)
    assert bool(found) == said
    if said:
        details = dict(found[0].details)
        assert details["share"] == 67
        assert isinstance(details["difference"], float)
        assert details["difference"] < -30


def test_doubts_about_whole_sections_stand_in_a_table() -> None:
    reading = silenced(4.0)
    facts = replace(reading.facts, caveats=(Caveat.of("in_sample", n=3, all=9),))
    analysis = warum.Analysis(estimate(reading), load_taxonomy(), replace(reading, facts=facts))
    found = explain(analysis, Question())
    rows = {(row["section"], row["caveat"]): row for row in found.tables()["caveats"].rows()}
    assert rows["level", "selection"]["score"] == "nps"
    assert "3 of the 9 comments" in rows["reading", "in_sample"]["en"]
    level = next(one for one in analysis.sections(found, "de") if one.key == "level")
    assert any("An 3 der 9 Kommentare" in note for note in level.parts[0].notes)
    assert any("Wer kommentiert, bewertet anders" in note for note in level.parts[0].notes)
