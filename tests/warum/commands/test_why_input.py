"""Bad input to `warum why`: a clear error or a named doubt, never a traceback or a silent number."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Outcome
from tests.warum.audit.results import answered, read_with_errors
from warum.analysis import Analysis
from warum.audit.sheet import write_sheet
from warum.audit.sheet_reading import read_sheet
from warum.estimation import estimate
from warum.result import Reading
from warum.taxonomy import load_taxonomy

Call = Callable[..., Outcome]
COLUMNS = (
    "--text", "comment", "--score", "nps", "--by", "branch", "--customer", "customer",
    "--date", "date", "--weight", "weight", "--model", "fast", "--workers", "1",
)  # fmt: skip
TEXTS = (
    ("The staff was very friendly and helpful.", 9),
    ("I waited an hour on the phone.", 2),
    ("The app crashes all the time.", 3),
    ("Far too expensive for what it is.", 4),
    ("Delivery was quick and well packed.", 9),
    ("Nothing special.", 7),
)
TAXONOMY = load_taxonomy()


@pytest.fixture(autouse=True)
def plain_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warum.analysis.render_html", lambda *_, **__: "<html></html>")


def row(i: int, **cells: object) -> dict[str, object]:
    text, score = TEXTS[i * 7 % len(TEXTS)]
    found: dict[str, object] = {
        "customer": f"c{i}", "date": f"2025-{1 + i % 6:02d}-{1 + i % 28:02d}",
        "branch": "North" if i % 3 else "South", "comment": text,
        "nps": min(10, score + i * 5 % 3), "weight": 1,
    }  # fmt: skip
    return found | cells


def written(folder: Path, rows: list[dict[str, object]]) -> Path:
    path = folder / "feedback.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def asked(call: Call, folder: Path, rows: list[dict[str, object]], *more: object) -> Outcome:
    return call("why", written(folder, rows), *COLUMNS, "--out", folder / "out", *more)


def told(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "out" / "why" / "why.json").read_text("utf-8"))
    answer: dict[str, Any] = found["why"]
    return answer


def words(text: str) -> str:
    return " ".join(text.split())


def test_a_constant_score_explains_nothing(call: Call, tmp_path: Path) -> None:
    done = asked(call, tmp_path, [row(i, nps=7) for i in range(90)])
    assert done.code == 0, done.err
    assert "All scores are equal: nothing can be explained." in words(done.out)
    assert "too few" not in done.out.partition("What hurts")[0]
    assert told(tmp_path)["scores"][0]["level"]["rows"] == []


def test_one_category_in_all_comments(call: Call, tmp_path: Path) -> None:
    rows = [row(i, comment="Two hours in the queue.", nps=i * 7 % 11) for i in range(90)]
    done = asked(call, tmp_path, rows)
    assert done.code == 0, done.err
    assert "* Waiting time −: Every answer with a score mentions it" in words(done.out)
    (level,) = told(tmp_path)["scores"][0]["level"]["rows"]
    assert level["driver"]["impact"]["value"] is None
    csv_ = (tmp_path / "out" / "why" / "level.csv").read_text("utf-8")
    assert "always_mentioned" in csv_


def test_perfect_collinearity_is_said_beside_the_row(call: Call, tmp_path: Path) -> None:
    both = "I waited an hour on the phone. The app crashes all the time."
    rows = [
        row(i, comment=both if i % 2 else "It was a Tuesday when I went there.", nps=i * 7 % 11)
        for i in range(90)
    ]
    done = asked(call, tmp_path, rows)
    assert done.code == 0, done.err
    assert "* Waiting time −: Cannot be told apart from Stability and speed online −" in words(
        done.out
    )
    assert "collinear" in (tmp_path / "out" / "why" / "level.csv").read_text("utf-8")


@pytest.mark.parametrize("n", [2, 19])
def test_few_scores_give_no_drivers(call: Call, tmp_path: Path, n: int) -> None:
    done = asked(call, tmp_path, [row(i) for i in range(n)])
    assert done.code == 0, done.err
    assert f"Only {n} answers with a score: no reasons are estimated below 20." in words(done.out)
    score = told(tmp_path)["scores"][0]
    assert score["level"]["rows"] == []
    if n < 5:  # the metric of two people is theirs
        assert score["metric"]["value"] is None
        assert score["level"]["rest"]["value"] is None


def test_missing_and_unreadable_dates(call: Call, tmp_path: Path) -> None:
    rows = [row(i, **({"date": "soon"} if i % 2 else {})) for i in range(90)]
    done = asked(call, tmp_path, rows)
    assert done.code == 0, done.err
    assert "45 dates in column 'date' could not be read" in words(done.out)
    assert "30 answers without a date are left out of alerts and trends" in words(done.out)
    bare = asked(call, tmp_path, [row(i, date="") for i in range(90)])
    assert bare.code == 0, bare.err
    assert "Without dates no change over time can be seen." in words(bare.out)
    done = asked(
        call, tmp_path, [row(i, date="") for i in range(90)], "--before", "2025-01", "--after", "2025-02"
    )  # fmt: skip
    assert done.code in (2, 4)
    assert "--before '2025-01'" in words(done.err)


def test_a_period_without_data_is_named(call: Call, tmp_path: Path) -> None:
    rows = [row(i) for i in range(60)]
    done = asked(call, tmp_path, rows, "--before", "2025-01", "--after", "2025-08")
    assert done.code == 2
    assert "no scored response lies between 2025-08-01 and 2025-08-31" in words(done.err)


def test_a_negative_weight_rejects_its_row_and_says_so(call: Call, tmp_path: Path) -> None:
    rows = [row(i, weight=-1 if i == 5 else 1) for i in range(60)]
    done = asked(call, tmp_path, rows)
    assert done.code == 0, done.err
    assert "Rejected rows: 1" in done.out
    assert "Weight 'weight' is '-1', expected a number above 0." in words(done.out)
    assert told(tmp_path)["scores"][0]["metric"]["n"] == 59
    none = asked(call, tmp_path, [row(i, weight=-1) for i in range(60)])
    assert none.code == 3
    assert "None of the 60 rows can be analysed" in words(none.err)


@pytest.fixture
def result(tmp_path: Path) -> Path:
    return kept(tmp_path / "result", read_with_errors())


def kept(folder: Path, reading: Reading) -> Path:
    """One score only: small enough to be asked often."""
    reading = replace(reading, columns=replace(reading.columns, scores=reading.columns.scores[:1]))
    return Analysis(estimate(reading), TAXONOMY, reading).save(folder)


@pytest.fixture
def sheet(call: Call, result: Path, tmp_path: Path) -> Path:
    path = tmp_path / "audit.csv"
    call("audit", "draw", result, "--out", path, "--labels", 120, "--seed", 3, "-q")
    write_sheet(path, answered(read_sheet(path, TAXONOMY)))
    return path


def cut(path: Path, change: Callable[[list[str]], list[str]]) -> None:
    mark, head, *rows = path.read_text("utf-8").splitlines()
    path.write_text("\n".join((mark, head, *change(rows))) + "\n", "utf-8")


def test_a_result_of_another_model_version_is_refused(
    call: Call, sheet: Path, tmp_path: Path
) -> None:
    reading = read_with_errors()
    other = kept(
        tmp_path / "other", replace(reading, facts=replace(reading.facts, model_version="8"))
    )
    done = call("why", other, "--audit", sheet)
    assert done.code == 3
    assert "was drawn for the model 'auto 7', the result was read by 'auto 8'" in words(done.err)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("R0", "X0", "were changed after the draw"),
        (":negative", ":dreadful", "cannot be used"),
        ("reliability:", "punctuality:", "cannot be used"),
        (",0.", ",0.9", "were changed after the draw"),
    ],
    ids=["ids", "polarity", "category", "probability"],
)
def test_a_changed_audit_file_is_refused(
    call: Call, result: Path, sheet: Path, old: str, new: str, says: str
) -> None:
    def changed(rows: list[str]) -> list[str]:
        assert any(old in one for one in rows)
        return [one.replace(old, new, 1) for one in rows]

    cut(sheet, changed)
    done = call("why", result, "--audit", sheet)
    assert done.code == 3, done.err
    assert says in words(done.err)
    assert not (result / "why").exists()


def test_an_audit_of_other_comments_is_refused(call: Call, sheet: Path, tmp_path: Path) -> None:
    reading = read_with_errors()
    half = reading.comments.take(list(range(0, len(reading.comments), 2)))
    there = set(half["comment_id"].tolist())
    kept_opinions = [
        i for i, one in enumerate(reading.opinions["comment_id"].tolist()) if one in there
    ]
    other = replace(reading, comments=half, opinions=reading.opinions.take(kept_opinions))
    done = call("why", kept(tmp_path / "half", other), "--audit", sheet)
    assert done.code == 3
    assert "audited comments are not in the data" in words(done.err)
