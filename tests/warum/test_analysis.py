"""From a file or a table to an `Analysis`, the same by every door."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pandas
import polars
import pyarrow
import pytest

import warum
from warum.caveats import Caveat
from warum.errors import InputError, ModelError, UsageError, WarumError
from warum.given_options import parse_score
from warum.store import parquet_metadata
from warum.taxonomy import shipped_text

FIXED_OPINIONS = (
    "comment_id", "category", "sentiment", "polarity", "confidence", "start", "end", "evidence",
    "stage", "touchpoint",
)  # fmt: skip
FIXED_COMMENTS = (
    "comment_id", "row", "customer", "question", "text", "language", "sentiment", "polarity",
    "date", "source",
)  # fmt: skip
FIXED_DRIVERS = (
    "category", "polarity", "mentions", "share", "metric_among", "effect", "effect_low",
    "effect_high", "impact", "impact_low", "impact_high", "p_value", "q_value", "method", "caveats",
    "quote_id", "score",
)  # fmt: skip


def test_the_tables_keep_their_promised_columns(feedback: Path) -> None:
    analysis = warum.analyze(feedback, by="branch", number="minutes", customer="customer")
    assert analysis.opinions.columns[: len(FIXED_OPINIONS)] == FIXED_OPINIONS
    assert analysis.comments.columns[: len(FIXED_COMMENTS)] == FIXED_COMMENTS
    assert analysis.drivers.columns == FIXED_DRIVERS
    assert {"NPS", "minutes", "branch"} <= set(analysis.comments.columns)


def test_evidence_is_a_slice_of_the_stored_text(feedback: Path) -> None:
    analysis = warum.analyze(feedback)
    texts = {r["comment_id"]: r["text"] for r in analysis.comments.rows()}
    opinions = list(analysis.opinions.rows())
    assert opinions
    for opinion in opinions:
        text = texts[opinion["comment_id"]]
        assert text[opinion["start"] : opinion["end"]] == opinion["evidence"]
        assert -1 <= opinion["sentiment"] <= 1
        assert 0 <= opinion["confidence"] <= 1


def test_every_kind_of_table_gives_the_same_result(feedback: Path) -> None:
    frame = pandas.read_csv(feedback)
    by_path = warum.analyze(feedback)
    for table in (frame, polars.read_csv(feedback), pyarrow.Table.from_pandas(frame)):
        other = warum.analyze(table)
        assert list(other.opinions.rows()) == list(by_path.opinions.rows())
        assert other.result.scores[0].metric == by_path.result.scores[0].metric


def test_a_result_folder_gives_the_same_summary_without_reading_texts_again(
    feedback: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = warum.analyze(feedback, customer="customer", by="branch", out=tmp_path / "out")
    monkeypatch.setattr(
        "warum.comment_reading.run", lambda *_, **__: pytest.fail("texts were read again")
    )
    again = warum.analyze(tmp_path / "out")
    assert again.summary.to_json() == first.summary.to_json()


def test_another_model_reads_the_stored_texts_again(feedback: Path, tmp_path: Path) -> None:
    warum.analyze(feedback, out=tmp_path / "out")
    again = warum.analyze(tmp_path / "out", model="nothing")
    assert set(again.opinions["source"]) == {"rule"}
    assert again.result.facts.model_name == "nothing"


def test_two_runs_differ_in_nothing_but_the_run_file(feedback: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        warum.analyze(feedback, customer="customer", by="branch", out=tmp_path / name)
    names = sorted(p.name for p in (tmp_path / "a").iterdir())
    assert names == [
        "comments.parquet", "drivers.csv", "opinions.parquet", "rejected.jsonl", "report.html",
        "run.json", "summary.json",
    ]  # fmt: skip
    for name in names:
        if name != "run.json":
            one, other = (tmp_path / "a" / name), (tmp_path / "b" / name)
            assert one.read_bytes() == other.read_bytes(), name


def test_the_parquet_files_name_model_and_taxonomy(feedback: Path, tmp_path: Path) -> None:
    warum.analyze(feedback, out=tmp_path / "out")
    for name in ("comments.parquet", "opinions.parquet"):
        metadata = parquet_metadata(tmp_path / "out" / name)
        assert metadata["warum_model"] == "auto"
        assert metadata["warum_taxonomy_hash"] == warum.load_taxonomy().hash
        assert metadata["warum_model_version"]


def test_the_metric_can_be_recomputed_from_the_folder(feedback: Path, tmp_path: Path) -> None:
    frame = pandas.read_csv(feedback)
    frame.loc[:9, "comment"] = None
    analysis = warum.analyze(frame, text="comment", score="NPS:nps", out=tmp_path / "out")
    stored = pandas.read_parquet(tmp_path / "out" / "comments.parquet")
    assert len(stored) == len(frame)
    assert stored.text.isna().sum() == 10
    nps = 100 * ((stored.NPS >= 9).mean() - (stored.NPS <= 6).mean())
    assert math.isclose(nps, analysis.result.scores[0].metric.value)


def test_rows_in_are_rows_analysed_plus_rejected(feedback: Path) -> None:
    frame = pandas.read_csv(feedback).astype({"NPS": "object"})
    frame.loc[3, "NPS"] = 11
    frame.loc[5, "NPS"] = "many"
    frame.loc[7, "id"] = "r6"
    analysis = warum.analyze(frame, score="NPS:nps", id="id")
    facts = analysis.result.facts
    assert (facts.rows_in, facts.rows_analysed, facts.rows_rejected) == (80, 77, 3)
    assert {r.row for r in analysis.rejected} == {4, 6, 8}


def test_several_text_columns_give_several_comments_of_one_response() -> None:
    table = {
        "What was good?": ["Friendly staff", "nothing", None],
        "How could we improve?": ["Shorter queues please", "Nothing", "keine Angabe"],
        "nps": ["9", "7", "3"],
    }
    analysis = warum.analyze(
        table, text=["What was good?", "How could we improve?"], score="nps:nps"
    )
    rows = list(analysis.comments.rows())
    assert [r["comment_id"] for r in rows] == [
        "1/What was good?", "1/How could we improve?", "2/What was good?",
        "2/How could we improve?", "3/How could we improve?",
    ]  # fmt: skip
    assert rows[-1]["text"] is None
    assert analysis.result.scores[0].metric.n == 3
    ruled = {
        o["comment_id"]: o["polarity"] for o in analysis.opinions.rows() if o["source"] == "rule"
    }
    assert ruled == {"2/What was good?": "negative", "2/How could we improve?": "positive"}


def test_personal_data_are_redacted_before_they_are_stored(tmp_path: Path) -> None:
    text = "Bitte melden: max@example.com, sonst kündige ich."
    table = {"comment": [text] * 3, "nps": ["1", "2", "3"]}
    kept = warum.analyze(table, text="comment", score="nps", keep_pii=True)
    assert kept.comments["text"][0] == text
    analysis = warum.analyze(table, text="comment", score="nps", out=tmp_path / "out")
    stored = analysis.comments["text"][0]
    assert len(stored) == len(text)
    assert "█" * len("max@example.com") in stored
    for path in (tmp_path / "out").iterdir():
        assert b"max@example.com" not in path.read_bytes(), path.name


def test_a_scale_that_runs_against_the_texts_raises_a_caveat(feedback: Path) -> None:
    frame = pandas.read_csv(feedback)
    analysis = warum.analyze(frame, score="NPS:mean", scale=(0, 10), lower_is_better=True)
    codes = {c.code for c in analysis.result.scores[0].caveats if isinstance(c, Caveat)}
    assert "scale_direction" in codes
    right = warum.analyze(frame, score="NPS:mean", scale=(0, 10))
    assert "scale_direction" not in {c.code for c in right.result.scores[0].caveats}


def test_without_scores_it_still_classifies(feedback: Path) -> None:
    frame = pandas.read_csv(feedback)[["id", "comment"]]
    analysis = warum.analyze(frame)
    assert analysis.result.scores == ()
    assert len(analysis.opinions) > 0
    assert len(analysis.drivers) == 0


def test_other_languages_pass_through_and_are_counted() -> None:
    french = "Le personnel était très gentil et la chambre était vraiment propre."
    table = {"comment": [french, "The staff were lovely and kind."] * 4}
    analysis = warum.analyze(table, text="comment")
    caveat = next(c for c in analysis.result.facts.caveats if c.code == "other_language")
    assert dict(caveat.details)["n"] == 4
    assert "fr" in str(dict(caveat.details)["languages"])
    assert analysis.comments["text"][0] == french


def test_the_general_judgement_is_no_driver(feedback: Path) -> None:
    analysis = warum.analyze(feedback, min_group=1)
    block = analysis.result.scores[0]
    assert "general" not in {d.category for d in block.drivers}
    assert "general" in {d.category for d in block.drivers_with_general}


def test_small_groups_are_left_out_everywhere(feedback: Path, tmp_path: Path) -> None:
    frame = pandas.read_csv(feedback)
    frame["branch"] = "Large"
    frame.loc[:1, "branch"] = "Tinybranch"
    warum.analyze(frame, score="NPS:nps", by="branch", out=tmp_path / "out", min_group=5)
    for name in ("report.html", "summary.json", "drivers.csv"):
        assert "Tinybranch" not in (tmp_path / "out" / name).read_text("utf-8"), name


@pytest.mark.parametrize(
    ("option", "column", "metric"),
    [
        ("NPS", "NPS", None),
        ("NPS:nps", "NPS", "nps"),
        ("Score: overall", "Score: overall", None),
        ("a:b:mean", "a:b", "mean"),
    ],
)
def test_score_options(option: str, column: str, metric: str | None) -> None:
    parsed = parse_score(option)
    assert (parsed.column, parsed.metric) == (column, metric)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"colour": "x"}, "no option 'colour'"),
        ({"ui": "fr"}, "ui is 'fr'"),
        ({"min_group": 0}, "--min-group is 0"),
        ({"model": "gpt"}, "no model 'gpt'"),
        ({"satisfied_from": 4}, "belongs to the metric csat"),
        ({"score": "NPS:npss"}, "npss"),
    ],
)
def test_options_that_cannot_be_meant(
    feedback: Path, options: dict[str, object], said: str
) -> None:
    with pytest.raises(WarumError, match=said):
        warum.analyze(feedback, **options)  # type: ignore[arg-type]


def test_the_words_of_the_command_line_are_understood(feedback: Path) -> None:
    plain = warum.analyze(feedback, score="NPS:mean", scale=(0, 10), missing=(3, 4))
    words = warum.analyze(feedback, score="NPS:mean", scale="0:10", missing="3,4")
    assert words.result.scores[0].metric == plain.result.scores[0].metric
    assert repr(words).startswith("Analysis(80 comments, ")
    with pytest.raises(UsageError, match="LOW:HIGH"):
        warum.analyze(feedback, scale="wide")


def test_a_join_lists_every_key_without_a_partner(feedback: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text(
        "id,tier\n" + "".join(f"r{i},gold\n" for i in range(40)) + "x@example.com,gold\n"
    )
    analysis = warum.analyze(feedback, join=str(other), on="id", by="tier", out=tmp_path / "out")
    keys = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))["unmatched_keys"]
    assert keys["left"] == [f"r{i}" for i in range(40, 80)]
    assert keys["right"] == ["█" * len("x@example.com")]
    caveat = next(c for c in analysis.result.facts.caveats if c.code == "unmatched_keys")
    assert (dict(caveat.details)["left"], dict(caveat.details)["right"]) == (40, 1)


def test_without_dates_it_says_what_counts_once(feedback: Path) -> None:
    frame = pandas.read_csv(feedback).drop(columns="date")
    analysis = warum.analyze(frame, customer="customer", model="nothing")
    assert any("count as one occasion" in note for note in analysis.result.facts.notes)


def test_a_result_folder_takes_no_column_options(feedback: Path, tmp_path: Path) -> None:
    warum.analyze(feedback, out=tmp_path / "out")
    with pytest.raises(UsageError, match="columns were settled"):
        warum.analyze(tmp_path / "out", score="NPS")


def test_progress_counts_to_the_end(feedback: Path) -> None:
    seen: list[tuple[int, int]] = []
    warum.analyze(feedback, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (80, 80)


def test_the_notebook_sees_the_summary(feedback: Path) -> None:
    html = warum.analyze(feedback)._repr_html_()
    assert "<script" not in html
    assert "NPS" in html


def test_the_report_can_be_written_alone(feedback: Path, tmp_path: Path) -> None:
    path = warum.analyze(feedback).report(tmp_path / "deep" / "r.html", ui="de")
    assert 'lang="de"' in path.read_text("utf-8")


def test_summary_json_is_json(feedback: Path, tmp_path: Path) -> None:
    warum.analyze(feedback, out=tmp_path / "out")
    data = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert data


def _own_taxonomy(folder: Path) -> Path:
    path = folder / "own.yaml"
    path.write_text(shipped_text().replace("Waiting time", "Minutes lost"), "utf-8")
    return path


def test_a_result_folder_keeps_its_taxonomy_and_group_size(
    feedback: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = warum.analyze(
        feedback, taxonomy=_own_taxonomy(tmp_path), min_group=30, out=tmp_path / "out"
    )
    (tmp_path / "own.yaml").unlink()
    monkeypatch.setattr(
        "warum.comment_reading.run", lambda *_, **__: pytest.fail("texts were read again")
    )
    again = warum.analyze(tmp_path / "out", out=tmp_path / "out2")
    assert again.summary.to_json() == first.summary.to_json()
    assert again.result.facts.min_group == 30
    assert warum.analyze(tmp_path / "out2").taxonomy.title("wait_time") == "Minutes lost"
    assert warum.analyze(tmp_path / "out2", min_group=5).result.facts.min_group == 5


def test_a_result_folder_can_be_read_again_with_the_shipped_taxonomy(
    feedback: Path, tmp_path: Path
) -> None:
    warum.analyze(feedback, taxonomy=_own_taxonomy(tmp_path), out=tmp_path / "out")
    assert warum.analyze(tmp_path / "out", taxonomy="cx").taxonomy.title("wait_time") == (
        "Waiting time"
    )


def test_rejected_rows_with_strange_line_ends_come_back(tmp_path: Path) -> None:
    rows = {"comment": ["good food", "bad\u2028food\x85here", "fine"], "nps": ["9", "77", "3"]}
    first = warum.analyze(rows, text="comment", score="nps:nps", out=tmp_path / "out")
    again = warum.analyze(tmp_path / "out")
    assert again.rejected == first.rejected
    assert again.rejected[0].raw["comment"] == "bad\u2028food\x85here"


def test_a_damaged_list_of_rejected_rows_is_said(feedback: Path, tmp_path: Path) -> None:
    warum.analyze(feedback, model="nothing", out=tmp_path / "out")
    (tmp_path / "out" / "rejected.jsonl").write_text('{"file": ')
    with pytest.raises(InputError, match=r"rejected\.jsonl"):
        warum.analyze(tmp_path / "out")


def test_a_threshold_can_be_given_to_a_result_folder(tmp_path: Path) -> None:
    rows = {"comment": ["good food", "bad food", "fine"] * 4, "csat": ["5", "3", "4"] * 4}
    warum.analyze(rows, text="comment", score="csat", out=tmp_path / "out")
    assert warum.analyze(tmp_path / "out").result.scores[0].metric.value == pytest.approx(200 / 3)
    again = warum.analyze(tmp_path / "out", satisfied_from=5, out=tmp_path / "five")
    assert again.result.scores[0].metric.value == pytest.approx(100 / 3)
    assert warum.analyze(tmp_path / "five").summary.to_json() == again.summary.to_json()


@pytest.mark.parametrize("options", [{"by": "branch"}, {"keep_pii": True}])
def test_what_a_result_folder_has_settled_cannot_be_changed(
    feedback: Path, tmp_path: Path, options: dict[str, Any]
) -> None:
    warum.analyze(feedback, model="nothing", out=tmp_path / "out")
    with pytest.raises(UsageError, match="settled when it was made"):
        warum.analyze(tmp_path / "out", **options)


def test_a_result_folder_stands_alone(feedback: Path, tmp_path: Path) -> None:
    warum.analyze(feedback, model="nothing", out=tmp_path / "out")
    with pytest.raises(UsageError, match="together with others"):
        warum.analyze([tmp_path / "out", feedback])


def test_texts_that_were_kept_stay_evidence_when_read_again(tmp_path: Path) -> None:
    rows = {"comment": ["Awful, rude staff. Write to tom@example.com"] * 3, "nps": ["1", "2", "3"]}
    warum.analyze(rows, text="comment", score="nps", keep_pii=True, out=tmp_path / "out",
                  taxonomy=_own_taxonomy(tmp_path))  # fmt: skip
    again = warum.analyze(tmp_path / "out", taxonomy="cx")
    texts = {r["comment_id"]: r["text"] for r in again.comments.rows()}
    assert len(again.opinions)
    for opinion in again.opinions.rows():
        text = texts[opinion["comment_id"]]
        assert text[opinion["start"] : opinion["end"]] == opinion["evidence"]


def test_a_segment_that_is_the_channel_too_keeps_its_name() -> None:
    rows = {
        "comment": ["good food", "bad food"] * 10,
        "nps": ["9", "2"] * 10,
        "Channel": ["app", "phone"] * 10,
    }
    analysis = warum.analyze(rows, text="comment", score="nps", by="Channel")
    assert {s.by for s in analysis.result.scores[0].segments} == {"channel"}
    assert "Channel (2)" not in analysis.comments.columns


def test_a_score_column_without_any_score_is_said() -> None:
    rows = {"comment": ["good food", "bad food"], "nps": ["", "n/a"]}
    with pytest.raises(InputError, match="'nps' holds no score"):
        warum.analyze(rows, text="comment", score="nps")
    assert len(warum.analyze(rows, text="comment", score="none").comments) == 2


def test_a_taxonomy_that_is_no_utf8_is_said(feedback: Path, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_bytes("name: Größe".encode("cp1252"))
    with pytest.raises(ModelError, match="no UTF-8"):
        warum.analyze(feedback, taxonomy=tmp_path / "own.yaml")
