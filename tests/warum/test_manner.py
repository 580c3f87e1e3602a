"""Emotion, intent and effort: from the reader to `comments.parquet` and back, old results included."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas
import pytest

import warum
from tests.warum.telling import SURE, load, told
from warum import store
from warum.collecting import FIXED
from warum.manner import MANNER_COLUMNS, MANNERS, manner_columns, with_manner
from warum.metrics import ScoreScale
from warum.records import Comment, ReadComment
from warum.report.words import words
from warum.result import Reading, StoredColumns, StoredScore
from warum.table import Table, free_name, strings

Analyze = Callable[..., warum.Analysis]


@pytest.fixture
def analyze(monkeypatch: pytest.MonkeyPatch) -> Analyze:
    """`warum.analyze` with the reader that tells, or "nothing"."""
    monkeypatch.setattr("warum.settings.load_model", load)

    def _analyze(table: object, **options: object) -> warum.Analysis:
        return warum.analyze(table, **options)  # type: ignore[arg-type]

    return _analyze


def test_every_value_has_its_words() -> None:
    keys = {f"manner_{name}" for name in MANNERS} | {f"lead_{name}" for name in MANNERS}
    keys |= {f"{name}_{value}" for name, values in MANNERS.items() for value in values}
    assert keys - set(words()) == set()


def test_what_is_not_told_is_null() -> None:
    silent = ReadComment(Comment("1", "x", 1), "x")
    heard = replace(silent, emotion="joy", emotion_probability=0.5)
    columns = manner_columns([silent, heard])
    assert tuple(columns) == MANNER_COLUMNS
    assert columns["emotion"].tolist() == [None, "joy"]
    assert columns["intent"].tolist() == [None, None]
    assert np.isnan(columns["emotion_probability"]).tolist() == [True, False]
    assert manner_columns([])["effort"].shape == (0,)


def test_the_reader_s_word_reaches_frame_and_file(
    feedback: Path, tmp_path: Path, analyze: Analyze
) -> None:
    analysis = analyze(feedback, model="telling", out=tmp_path / "out")
    assert analysis.comments.columns[: len(FIXED)] == FIXED
    for frame in (
        analysis.to_pandas().comments,
        pandas.read_parquet(tmp_path / "out" / "comments.parquet"),
    ):
        asked = frame[frame.emotion.notna()]
        assert len(asked) == 70  # "Alles bestens" is answered by rule
        assert set(frame[frame.emotion.isna()].text) == {"Alles bestens"}
        assert [tuple(row) for row in asked[list(MANNERS)].to_numpy()] == [
            told(text) for text in asked.text
        ]
        assert set(asked.effort_probability) == {SURE}


def test_a_model_that_does_not_tell_leaves_nulls(feedback: Path, analyze: Analyze) -> None:
    analysis = analyze(feedback, model="nothing")
    assert all(
        value is None or math.isnan(value)
        for name in MANNER_COLUMNS
        for value in analysis.comments[name].tolist()
    )
    assert analysis.summary.manners == ()
    assert analysis.result.scores[0].manners == ()


def test_a_result_folder_keeps_them_until_another_model_reads(
    feedback: Path, tmp_path: Path, analyze: Analyze, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = analyze(feedback, model="telling", out=tmp_path / "out")
    other = analyze(tmp_path / "out", model="nothing", out=tmp_path / "silent")
    assert set(other.comments["emotion"].tolist()) == {None}
    again = analyze(tmp_path / "silent", model="telling")
    assert again.summary.manners == first.summary.manners
    monkeypatch.setattr(
        "warum.comment_reading.run", lambda *_, **__: pytest.fail("texts were read again")
    )
    assert analyze(tmp_path / "out").summary.to_json() == first.summary.to_json()


def _as_before(folder: Path, columns: dict[str, str] | None = None) -> None:
    """Rewrite `comments.parquet` as an earlier version wrote it, with columns renamed as it named them."""
    path = folder / store.COMMENTS
    names, metadata = columns or {}, store.parquet_metadata(path)
    table = Table.read_parquet(path)
    kept = [name for name in table.columns if name not in MANNER_COLUMNS]
    for new, old in names.items():
        metadata["warum_columns"] = metadata["warum_columns"].replace(f'"{new}"', f'"{old}"')
    Table({names.get(name, name): table[name] for name in kept}).write_parquet(path, metadata)


def test_an_old_result_opens_with_nulls(feedback: Path, tmp_path: Path, analyze: Analyze) -> None:
    first = analyze(feedback, model="nothing", by="branch", out=tmp_path / "out")
    _as_before(tmp_path / "out")
    again = analyze(tmp_path / "out", out=tmp_path / "saved")
    assert set(again.comments.columns) == set(first.comments.columns)
    assert again.summary.to_json() == first.summary.to_json()
    assert set(store.read_reading(tmp_path / "saved").comments["effort"].tolist()) == {None}


def test_a_column_of_the_user_s_steps_aside(
    feedback: Path, tmp_path: Path, analyze: Analyze
) -> None:
    frame = pandas.read_csv(feedback).rename(columns={"branch": "Emotion"})
    new = analyze(frame, score="NPS:nps", by="Emotion", model="telling", out=tmp_path / "out")
    assert set(new.comments["Emotion (2)"].tolist()) == {"North", "South"}
    assert "anger" in new.comments["emotion"].tolist()
    _as_before(tmp_path / "out", {"Emotion (2)": "Emotion"})
    old = analyze(tmp_path / "out")
    assert set(old.comments["Emotion (2)"].tolist()) == {"North", "South"}
    assert set(old.comments["emotion"].tolist()) == {None}
    assert {segment.by for segment in old.result.scores[0].segments} == {"Emotion (2)"}


def test_scores_and_numbers_step_aside_too() -> None:
    scale = ScoreScale("intent", "mean", 0, 10)
    columns = StoredColumns((StoredScore(scale, "intent"),), ("effort",))
    table = Table({"text": strings(["a"]), "intent": np.ones(1), "effort": np.zeros(1)})
    opened, renamed = with_manner(table, columns)
    assert (renamed.scores[0].stored, renamed.scores[0].scale) == ("intent (2)", scale)
    assert renamed.numbers == ("effort (2)",)
    assert opened["intent (2)"].tolist() == [1.0]
    assert opened["intent"].tolist() == [None]
    assert with_manner(opened, renamed) == (opened, renamed)


def test_a_free_name_is_free_in_any_case() -> None:
    assert free_name("x", ["y"]) == "x"
    assert free_name("X", ["x", "x (2)"]) == "X (3)"


def test_the_metric_among_them_is_that_of_their_occasions(feedback: Path, analyze: Analyze) -> None:
    analysis = analyze(feedback, model="telling", score="NPS:nps", customer="none")
    frame = analysis.to_pandas().comments
    found = {(m.by, m.value): m for m in analysis.result.scores[0].manners}
    assert set(found) == {(by, v) for by in MANNERS for v in frame[by].dropna().unique()}
    for (by, value), metric in found.items():
        scores = frame[frame[by] == value].NPS
        assert metric.estimate.n == metric.people == len(scores)
        nps = 100 * ((scores >= 9).mean() - (scores <= 6).mean())
        assert metric.estimate.value == pytest.approx(nps)


def test_an_occasion_with_two_comments_counts_once_in_each_group(analyze: Analyze) -> None:
    table = {
        "good": ["Great app", "Great staff", "fine by me"],
        "bad": ["It crashes a lot", "Great, all of it", None],
        "nps": ["9", "10", "3"],
    }
    analysis = analyze(table, text=["good", "bad"], score="nps:nps", model="telling", min_group=1)
    metrics = {m.value: m.estimate for m in analysis.result.scores[0].manners if m.by == "emotion"}
    assert {value: (m.n, m.value) for value, m in metrics.items()} == {
        "joy": (2, 100), "anger": (1, 100), "neutral": (1, -100),
    }  # fmt: skip
    (emotion, *_) = analysis.summary.manners
    assert {row.code: row.comments for row in emotion.rows} == {"joy": 3, "anger": 1, "neutral": 1}


def test_reading_back_needs_no_column_of_the_user(
    feedback: Path, tmp_path: Path, analyze: Analyze
) -> None:
    analyze(feedback, model="telling", score="none", out=tmp_path / "out")
    reading = store.read_reading(tmp_path / "out")
    assert isinstance(reading, Reading)
    assert reading.comments.columns == FIXED
