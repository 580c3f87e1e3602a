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


@pytest.mark.parametrize("name", [".", "/", ""])
def test_a_folder_without_a_name_is_no_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert not store.is_result(Path(name))


def test_the_current_folder_can_be_read_and_written(
    result: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(result)
    assert store.is_result(Path())
    (tmp_path / "new").mkdir()
    monkeypatch.chdir(tmp_path / "new")
    warum.analyze(result, out=".")
    assert store.is_result(tmp_path / "new")


def test_a_link_stays_a_link_and_its_target_is_replaced(result: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(result, target_is_directory=True)
    for _ in range(2):
        warum.analyze(result, out=link)
    assert link.is_symlink()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["feedback.csv", "link", "result"]


def test_files_of_others_in_the_folder_are_kept(result: Path) -> None:
    (result / "notes.txt").write_text("precious")
    (result / "drafts").mkdir()
    (result / "drafts" / "a.txt").write_text("precious too")
    warum.analyze(result, out=result)
    assert (result / "notes.txt").read_text() == "precious"
    assert (result / "drafts" / "a.txt").read_text() == "precious too"


def test_an_interrupt_between_the_renames_puts_the_earlier_result_back(
    result: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _contents(result)
    rename = Path.rename

    def interrupted(self: Path, target: Path) -> Path:
        if self.name.startswith("."):
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        store.write_folder(result, lambda _: None)
    assert _contents(result) == before


def test_a_mount_point_is_refused_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "is_mount", lambda self: self == tmp_path)
    with pytest.raises(OutputError, match="root of a disk"):
        store.check_writable(tmp_path)


def test_a_report_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is a folder"):
        store.write_file(tmp_path, "text")
