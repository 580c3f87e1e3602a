"""Own models over the API: trained on labels, read with, kept apart, forgotten."""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.warum_api.analysed import Working
from tests.warum_api.training.labels import labelled_rows
from warum.table import Table
from warum_api.storing.erasing_models import fingerprints
from warum_models.own.storing import FILES


def model_of(service: Working) -> Any:
    (found,) = service("GET", f"{service.path}/models").json()
    return found


def home(service: Working) -> Path:
    (config,) = service.settings.data.rglob("models/*/config.json")
    return config.parent


def test_a_model_comes_out_of_labels(trained: Working) -> None:
    found = model_of(trained)
    assert (found["name"], found["base"], found["stale"]) == ("Sixty", "accurate", False)
    whole = trained("GET", f"{trained.path}/models/{found['id']}").json()
    wait = next(one for one in whole["categories"] if one["category"] == "wait_time")
    for figure in (wait["f1"], wait["precision"], whole["f1"], whole["polarity"]):
        assert 0 <= figure["low"] <= figure["value"] <= figure["high"] <= 1
    assert whole["texts"] == sum(whole["languages"].values())
    assert not any(str(trained.settings.data) in note or "/tmp" in note for note in whole["notes"])
    card = trained("GET", f"{trained.path}/models/{found['id']}/card")
    assert card.headers["content-type"].startswith("text/markdown")
    assert "cross-validation" in card.text
    assert {path.name for path in home(trained).iterdir()} == set(FILES)
    (job,) = trained("GET", "/v1/jobs").json()
    assert (job["kind"], job["done"], job["result"]["model"]) == (
        "train",
        job["total"],
        found["id"],
    )


def test_a_project_reads_with_its_model(trained: Working) -> None:
    name = model_of(trained)["id"]
    assert trained("PATCH", trained.path, json={"model": name}).json()["model"] == name
    job = trained.job("analyze")
    assert (job["state"], job["error"]) == ("done", None)
    assert job["result"]["model"] == {"name": name, "version": model_of(trained)["version"]}
    summary = trained("GET", f"{trained.path}/results/current/summary").text
    assert name in summary
    assert "/tmp" not in summary
    kept = trained("DELETE", f"{trained.path}/models/{name}")
    assert (kept.status_code, kept.json()["code"]) == (409, "conflict")
    assert trained("PATCH", trained.path, json={"model": None}).json()["model"] is None
    assert trained("DELETE", f"{trained.path}/models/{name}").status_code == 204
    assert trained("GET", f"{trained.path}/models").json() == []
    assert not list(trained.settings.data.rglob("models/*/*"))


def test_labels_are_not_analysed(trained: Working) -> None:
    name = model_of(trained)["id"]
    job = trained.job("analyze", model=name)
    assert job["result"]["rows_in"] == 25
    assert job["result"]["model"]["name"] == name


def test_models_of_other_projects_are_not_found(trained: Working) -> None:
    name, other = model_of(trained)["id"], trained.project(name="other")
    trained("POST", f"{other}/comments", json={"comments": [{"id": "1", "text": "x"}]})
    for method, path, body in (
        ("GET", f"{other}/models/{name}", None), ("GET", f"{other}/models/{name}/card", None),
        ("DELETE", f"{other}/models/{name}", None), ("PATCH", other, {"model": name}),
        ("POST", f"{other}/jobs", {"kind": "analyze", "model": name}),
    ):  # fmt: skip
        answer = trained(method, path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
    assert trained("PATCH", other, json={"model": "../x"}).status_code == 422


def test_weights_that_were_exchanged_are_never_loaded(trained: Working, tmp_path: Path) -> None:
    """Neither a pickle in the place of an array, nor a file that is none of a model's."""

    class Evil:
        def __reduce__(self) -> Any:
            return (Path.touch, (tmp_path / "run",))

    out = io.BytesIO()
    np.savez(out, mean=np.array([Evil()], dtype=object), allow_pickle=True)
    (home(trained) / "weights.npz").write_bytes(out.getvalue())
    (home(trained) / "evil.pkl").write_bytes(pickle.dumps(Evil()))
    job = trained.job("analyze", model=model_of(trained)["id"])
    assert (job["state"], job["error"]["code"]) == ("failed", "model")
    assert not (tmp_path / "run").exists()


def test_an_erasure_reaches_labels_and_models(trained: Working) -> None:
    gone, kept = labelled_rows(2)[0]["text"], labelled_rows(60)[-1]["text"]
    seen = (home(trained) / "trained_on.txt").read_text().split()
    assert {*fingerprints([gone]), *fingerprints([kept])} <= set(seen)
    trained("POST", f"{trained.path}/erasures", json={"comment": "c0"})
    after = (home(trained) / "trained_on.txt").read_text().split()
    assert set(seen) - set(after) == set(fingerprints([gone]))
    assert model_of(trained)["stale"]
    job = trained.job("analyze", model=model_of(trained)["id"])  # it reads all the same
    assert job["state"] == "done", job
    (path,) = trained.settings.data.rglob("rows.parquet")
    customer = labelled_rows(60)[-1]["customer_id"]
    assert customer in Table.read_parquet(path)["warum_customer"].tolist()
    trained("POST", f"{trained.path}/erasures", json={"customer": customer})
    assert customer not in Table.read_parquet(path)["warum_customer"].tolist()


def test_labels_without_ids_are_erased_by_their_text(trained: Working) -> None:
    text = labelled_rows(1)[0]["text"]
    bare = [{"text": r["text"], "category": r["category"]} for r in labelled_rows(3)]
    upload = trained.labels(bare)
    trained("POST", f"{trained.path}/erasures", json={"comment": "c0"})
    rows = trained("GET", f"{trained.path}/uploads/{upload}/preview").text
    assert text[:40] not in rows
    assert bare[-1]["text"][:30] in rows


@pytest.mark.parametrize(
    ("labels", "status", "code"),
    [("corrections", 409, "conflict"), ("upl_none", 404, "not_found"), ("", 404, "not_found")],
)
def test_without_labels_nothing_is_trained(
    trained: Working, labels: str, status: int, code: str
) -> None:
    asked = {"kind": "train", "labels": labels}
    refused = trained("POST", f"{trained.path}/jobs", json=asked)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_data_are_no_labels(trained: Working) -> None:
    upload = trained.upload(trained.path, "data.csv", b"comment,nps\nx,1\n").rpartition("/")[2]
    refused = trained("POST", f"{trained.path}/jobs", json={"kind": "train", "labels": upload})
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")


def test_rows_that_cannot_be_used_are_named_and_not_quoted(trained: Working) -> None:
    rows = labelled_rows(20)
    rows[3] |= {"category": "SECRET nonsense"}
    job = trained.job("train", labels=trained.labels(rows))
    assert (job["state"], job["error"]["code"]) == ("failed", "input")
    assert "row 4 (unknown_category)" in job["error"]["detail"]
    assert "SECRET" not in job["error"]["detail"]
    few = trained.job("train", labels=trained.labels(b"text,labels\nnice,none\n"))
    assert (few["state"], few["error"]["code"]) == ("failed", "input")
