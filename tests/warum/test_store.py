"""A result is written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

import warum
from warum import store
from warum.errors import InputError, OutputError


@pytest.fixture
def result(feedback: Path, tmp_path: Path) -> Path:
    warum.analyze(feedback, model="nothing", out=tmp_path / "result")
    return tmp_path / "result"


def _contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir()}


def test_a_reading_comes_back_as_it_was_written(result: Path) -> None:
    reading = store.read_reading(result)
    assert reading.facts.rows_in == 80
    assert reading.columns.scores[0].scale.metric == "nps"
    assert len(reading.comments) == 80


def test_a_failing_writer_leaves_the_earlier_result(result: Path) -> None:
    before = _contents(result)

    def fail(folder: Path) -> None:
        (folder / "half").write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match="No space left"):
        store.write_folder(result, fail)
    assert _contents(result) == before
    assert [p.name for p in result.parent.iterdir() if p.name.startswith(".")] == []


def test_a_run_that_dies_between_the_renames_is_mended(result: Path) -> None:
    before = _contents(result)
    result.rename(result.with_name("result.previous"))
    assert store.is_result(result)
    assert _contents(result) == before


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    with pytest.raises(OutputError, match="not a result"):
        store.check_writable(tmp_path)


def test_parquet_without_our_metadata_is_refused(result: Path) -> None:
    (result / "comments.parquet").write_bytes((result / "opinions.parquet").read_bytes())
    with pytest.raises(InputError, match="no result that this version"):
        store.read_reading(result)
