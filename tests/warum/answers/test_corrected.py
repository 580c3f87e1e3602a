"""The section of corrected shares and drivers: what it holds, what it refuses."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.warum.answers.gold_example import gold_rows
from tests.warum.audit.results import answered, read_with_errors
from warum.answers.corrected import Corrected, corrected
from warum.answers.options import WhyOptions
from warum.answers.rows import ScoreRows, WhyRows
from warum.audit.frame import draw_audit
from warum.audit.second import second_path, sheets_agree
from warum.audit.sheet import AuditSheet, write_sheet
from warum.errors import InputError
from warum.reasons.level import estimate_drivers
from warum.taxonomy import load_taxonomy


@cache
def rows() -> ScoreRows:
    return WhyRows.of(read_with_errors(), load_taxonomy()).scores[0]


@cache
def drawn() -> AuditSheet:
    return answered(draw_audit(read_with_errors(), labels=400, seed=5))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("audit") / "audit.csv"
    write_sheet(found, drawn())
    return found


@pytest.fixture(scope="module")
def told(path: Path) -> Corrected:
    found = corrected(rows(), WhyOptions(audit=path))
    assert found is not None
    return found


def test_nothing_is_asked_nothing_is_told() -> None:
    assert corrected(rows(), WhyOptions()) is None


def test_it_is_nearer_the_truth_than_the_model_alone(told: Corrected) -> None:
    """The truth is what all human labels give."""
    gold = gold_rows().scores[0]
    truth = {
        (d.category, d.polarity): d
        for d in estimate_drivers(
            gold.y, gold.mentions, gold.pairs,
            score="nps", clusters=gold.clusters, controls=gold.controls,
        ).drivers
    }  # fmt: skip
    common = [d for d in told.drivers if d.labelled >= 20 and not math.isnan(d.effect.low)]
    assert len(common) >= 6
    shares = [(d.share, truth[d.category, d.polarity].share) for d in common]
    assert all(s.corrected.low <= true <= s.corrected.high for s, true in shares)
    assert all(s.naive.value < true for s, true in shares)
    assert sum(s.naive.high < true for s, true in shares) > len(shares) / 4
    effects = [(d.effect, truth[d.category, d.polarity].effect.value) for d in common]
    assert np.mean([e.low <= true <= e.high for e, true in effects]) >= 0.9
    assert told.relative_width < 1.05


def test_what_it_says_of_itself(told: Corrected, path: Path) -> None:
    assert (told.file, told.model) == ("audit.csv", "auto 7")
    assert told.comments == len(drawn().rows)
    assert told.labelled == len({row.unit for row in drawn().rows})
    assert told.agreement == ()
    assert told.customers <= told.labelled


def test_tables(told: Corrected) -> None:
    table = told.tables()["corrected"]
    assert len(table) == len(told.drivers)
    assert table["rank"].tolist()[:3] == [1, 2, 3]
    for name in ("share_naive", "share", "effect_naive", "effect", "impact_naive", "impact"):
        assert {name, f"{name}_low", f"{name}_high"} <= set(table.columns)
    first = told.drivers[0]
    assert table["effect"][0] == first.effect.value
    assert table["category"][0] == first.category
    assert list(told.tables()) == ["corrected"]


def test_two_people(tmp_path: Path) -> None:
    path = tmp_path / "audit.csv"
    write_sheet(path, drawn())
    second = (
        drawn()
        .blank()
        .with_labels(
            {
                row.id: frozenset(j for j in row.labels or () if j[0] != "wait_time" or i % 3)
                for i, row in enumerate(drawn().rows[:200])
            },
            "Bo",
        )
    )
    write_sheet(second_path(path), second)
    told = corrected(rows(), WhyOptions(audit=path))
    assert told is not None
    assert told.agreement[0].alpha.n == 200
    found = {row.category: row for row in told.agreement}
    assert found["wait_time"].alpha.value < found["service.attitude"].alpha.value == 1
    assert told.tables()["agreement"]["category"][0] == "(all)"
    low = {row.category for row in told.agreement if row.alpha.caveats}
    for driver in told.drivers:
        codes = {caveat.code for caveat in driver.caveats}
        assert ("low_agreement" in codes) == (driver.category in low)
    write_sheet(second_path(path), draw_audit(read_with_errors(), labels=50, seed=6))
    with pytest.raises(InputError, match="is of the draw"):
        corrected(rows(), WhyOptions(audit=path))
    write_sheet(second_path(path), drawn().blank())
    assert sheets_agree(drawn(), second_path(path), load_taxonomy()) == ()


def test_what_does_not_fit_is_refused(tmp_path: Path, path: Path) -> None:
    reading = read_with_errors()

    def refused(of: ScoreRows, file: Path, said: str) -> None:
        with pytest.raises(InputError, match=said) as caught:
            corrected(of, WhyOptions(audit=file))
        assert caught.value.hint

    other = replace(reading, facts=replace(reading.facts, model_version="8"))
    refused(WhyRows.of(other, load_taxonomy()).scores[0], path, "'auto 7'.*'auto 8'")
    kept = np.arange(len(reading.comments) - 10)
    fewer = replace(reading, comments=reading.comments.take(kept))
    ids = set(fewer.comments["comment_id"].tolist())
    inside = np.flatnonzero([one in ids for one in reading.opinions["comment_id"].tolist()])
    fewer = replace(fewer, opinions=reading.opinions.take(inside))
    refused(WhyRows.of(fewer, load_taxonomy()).scores[0], path, "not in the data|drawn from")
    text = path.read_text("utf-8")
    (tmp_path / "a.csv").write_text(text.replace(":negative", ":furious", 1), "utf-8")
    refused(rows(), tmp_path / "a.csv", "furious")
    probability = f"{drawn().rows[0].probability:.6f}"
    (tmp_path / "b.csv").write_text(text.replace(probability, "0.123456", 1), "utf-8")
    refused(rows(), tmp_path / "b.csv", "changed after the draw")
    half = drawn().with_labels({drawn().rows[0].id: None})
    write_sheet(tmp_path / "c.csv", half)
    refused(rows(), tmp_path / "c.csv", "labelled in part: 1 of")
