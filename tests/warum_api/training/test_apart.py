"""What is in an audit never enters training, whichever way it comes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.warum_api.analysed import Working, gold_labels
from warum.audit.frame import draw_audit
from warum.audit.sheet import write_sheet
from warum.store import read_reading
from warum_api.storing.erasing_models import fingerprints


def drawn_items(service: Working) -> list[Any]:
    audit = service.drawn(labels=60)
    return list(service("GET", f"{audit}/items", params={"limit": 500}).json()["items"])


def test_what_people_corrected_is_trained_on_but_not_what_was_drawn(analysed: Working) -> None:
    drawn = drawn_items(analysed)
    audited = {one["comment"] for one in drawn}
    opinions = analysed(
        "GET", f"{analysed.path}/results/current/opinions", params={"limit": 1_000}
    ).json()["items"]
    corrected = set()
    for one in opinions[:70]:
        wish = {
            "comment": one["comment_id"], "opinion": one["opinion"],
            "new": {"category": one["category"], "polarity": one["polarity"]},
        }  # fmt: skip
        if one["comment_id"] not in corrected:
            said = analysed("POST", f"{analysed.path}/corrections", json=wish)
            assert said.status_code == 201, said.text
            corrected.add(one["comment_id"])
    assert corrected & audited
    job = analysed.job("train", labels="corrections", name="mended")
    assert (job["state"], job["error"]) == ("done", None)
    assert 0.9 * len(corrected - audited) <= job["result"]["texts"] <= len(corrected - audited)
    (seen,) = analysed.settings.data.rglob("trained_on.txt")
    assert not fingerprints(one["text"] for one in drawn) & set(seen.read_text().split())
    model = analysed("GET", f"{analysed.path}/models/{job['result']['model']}").json()
    assert model["labels"] == "corrections"
    assert any("audit sample" in note for note in model["notes"])


def test_rows_that_were_copied_out_of_an_audit_are_refused(analysed: Working) -> None:
    gold, items = gold_labels(), drawn_items(analysed)
    rows = []
    for one in items:
        seen = [f"{label['category']}:{label['polarity']}" for label in gold[one["text"]]]
        rows.append({"text": one["text"], "labels": "; ".join(seen) or "none"})
    job = analysed.job("train", labels=analysed.labels(rows))
    assert (job["state"], job["error"]["code"]) == ("failed", "input")
    assert "audit sample" in job["error"]["detail"]
    assert "/tmp" not in job["error"]["detail"]
    left = analysed.job("train", labels=analysed.labels(rows), skip_bad=True)
    assert left["state"] == "failed"  # nothing is left


def test_an_audit_file_is_refused(analysed: Working, tmp_path: Path) -> None:
    (folder,) = [p.parent for p in analysed.settings.data.rglob("comments.parquet")]
    sheet = draw_audit(read_reading(folder), labels=30)
    sheet = sheet.with_labels({row.id: frozenset() for row in sheet.rows})
    for name in ("audit.csv", "audit.jsonl"):
        write_sheet(tmp_path / name, sheet)
        upload = analysed.labels((tmp_path / name).read_bytes(), name)
        job = analysed.job("train", labels=upload)
        assert (job["state"], job["error"]["code"]) == ("failed", "input"), name
        assert "audit sample" in job["error"]["detail"]
