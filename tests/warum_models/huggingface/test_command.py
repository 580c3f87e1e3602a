"""`warum analyze --model hf:FOLDER`, with the network blocked."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Outcome
from tests.warum_models.huggingface import tiny

pytest.importorskip("torch", reason="needs torch: pip install 'warum[train]'")
pytest.importorskip("transformers", reason="needs transformers: pip install 'warum[train]'")
pytestmark = pytest.mark.usefixtures("one_thread")

TAXONOMY = """
name: small
categories:
  - {code: price, title: {de: Preis, en: Price}, description: {de: Was es kostet, en: What it costs}}
  - {code: staff, title: {de: Personal, en: Staff}, description: {de: Wie man behandelt wird, en: How}}
  - {code: wait_time, title: {de: Wartezeit, en: Waiting}, description: {de: Wie lange, en: How long}}
"""
Call = Callable[..., Outcome]


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: Any) -> None:
        raise AssertionError(f"network: {arguments}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def taxonomy(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(TAXONOMY, "utf-8")
    return path


@pytest.mark.usefixtures("offline")
def test_from_the_command_line(feedback: Path, taxonomy: Path, tmp_path: Path, call: Call) -> None:
    import pyarrow.parquet

    model = tiny.save_classifier(
        tmp_path / "model", tiny.PAIRS, problem="multi_label_classification"
    )
    out = tmp_path / "out"
    done = call(
        "analyze", feedback, "--model", f"hf:{model}", "--taxonomy", taxonomy, "--out", out, "--quiet"
    )  # fmt: skip
    assert done.code == 0, done.err
    stored = pyarrow.parquet.read_table(out / "opinions.parquet")
    assert set(stored.column("category").to_pylist()) <= {"price", "staff", "wait_time", "general"}
    assert "price" in stored.column("category").to_pylist()
    metadata = {
        key.decode(): value.decode()
        for key, value in pyarrow.parquet.read_schema(out / "comments.parquet").metadata.items()
    }
    assert metadata["warum_model"] == f"hf:{model}"
    assert metadata["warum_model_version"].startswith("1.")
    again = call("analyze", out, "--out", tmp_path / "again", "--quiet")
    assert again.code == 0, again.err


def test_a_model_that_lacks_categories(feedback: Path, tmp_path: Path, call: Call) -> None:
    model = tiny.save_classifier(tmp_path / "model", ["price.value/negative", "delivery"])
    done = call("analyze", feedback, "--model", f"hf:{model}", "--out", tmp_path / "out")
    assert done.code == 6
    assert "has no output for" in done.err
    assert "wait_time" in done.err


def test_sentiment_alone(feedback: Path, tmp_path: Path, call: Call) -> None:
    model = tiny.save_classifier(tmp_path / "model", tiny.SENTIMENTS)
    out = tmp_path / "out"
    done = call("analyze", feedback, "--model", f"hf:{model}", "--out", out, "--quiet")
    assert done.code == 0, done.err
    import pyarrow.parquet

    comments = pyarrow.parquet.read_table(out / "comments.parquet").to_pydict()
    assert len(set(comments["sentiment"])) > 2
    # "Alles bestens" is praise in general by a rule, whatever the model.
    opinions = pyarrow.parquet.read_table(out / "opinions.parquet").to_pydict()
    assert set(opinions["source"]) <= {"rule"}


def test_a_folder_that_is_not_there(feedback: Path, tmp_path: Path, call: Call) -> None:
    done = call("analyze", feedback, "--model", "hf:./none", "--out", tmp_path / "out")
    assert done.code == 6
    assert "There is no folder './none'" in " ".join(done.err.split())
