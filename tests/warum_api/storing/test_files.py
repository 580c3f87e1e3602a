"""Files, the same in a folder and in a bucket."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from warum_api.storing.errors import NoFileError, StorageError
from warum_api.storing.files import Files, delete_all, fetch, open_files, project_folder
from warum_api.storing.local_files import LocalFiles

LARGE = 20 * 2**20


def _pieces(count: int, size: int = 2**20) -> Iterator[bytes]:
    for i in range(count):
        yield bytes([i]) * size


def test_what_is_put_is_got(files: Files) -> None:
    assert files.put("a", "x/y.bin", b"one") == 3
    assert files.put("a", "x/y.bin", b"other") == 5
    assert files.get("a", "x/y.bin") == b"other"
    assert b"".join(files.stream("a", "x/y.bin")) == b"other"
    assert b"".join(files.stream("a", "x/y.bin", 2)) == b"her"
    assert b"".join(files.stream("a", "x/y.bin", 5)) == b""
    assert files.put("a", "empty", iter(())) == 0
    assert files.get("a", "empty") == b""
    assert list(files.stream("a", "empty")) == []


def test_large_files_come_and_go_in_pieces(files: Files) -> None:
    assert files.put("a", "large", _pieces(20)) == LARGE
    got = list(files.stream("a", "large"))
    assert max(map(len, got)) <= 2**20
    assert b"".join(got) == b"".join(_pieces(20))
    assert b"".join(files.stream("a", "large", LARGE - 3)) == bytes([19]) * 3


def test_a_file_whose_writer_fails_stays_as_it_was(files: Files) -> None:
    def broken(count: int) -> Iterator[bytes]:
        yield from _pieces(count)
        raise ConnectionError("gone")

    files.put("a", "x", b"old")
    for count in (1, 10):
        with pytest.raises(ConnectionError):
            files.put("a", "x", broken(count))
        assert files.get("a", "x") == b"old"
        with pytest.raises(ConnectionError):
            files.put("a", "new", broken(count))
    assert [file.path for file in files.list("a")] == ["x"]


def test_lists_are_of_folders_and_sorted(files: Files) -> None:
    for path in ("p/1/a", "p/1/b/c", "p/10/a", "q", "p/2"):
        files.put("a", path, path.encode())
    assert [file.path for file in files.list("a")] == ["p/1/a", "p/1/b/c", "p/10/a", "p/2", "q"]
    assert [file.path for file in files.list("a", "p/1")] == ["p/1/a", "p/1/b/c"]
    assert list(files.list("a", "nowhere")) == []
    (only,) = files.list("a", "p/10")
    assert only.size == 6
    assert abs(only.changed_at.timestamp() - time.time()) < 60
    assert delete_all("a", files, "p/1") == 2
    assert [file.path for file in files.list("a")] == ["p/10/a", "p/2", "q"]


def test_what_is_not_there(files: Files) -> None:
    files.put("a", "x/y", b"1")
    for path in ("nowhere", "x", "x/y/z"):
        with pytest.raises(NoFileError, match=path):
            files.get("a", path)
        with pytest.raises(NoFileError, match=path):
            next(files.stream("a", path))
        files.delete("a", path)
    files.delete("a", "x/y")
    files.delete("a", "x/y")
    assert list(files.list("a")) == []


@pytest.mark.parametrize(
    "path", ["", "/x", "x/", "a//b", ".", "a/../b", ".x", "a b", "x\x00", "ä", "a\\b", "x" * 129]
)
def test_paths_that_are_none(files: Files, path: str) -> None:
    for use in (files.get, files.delete, lambda t, p: files.put(t, p, b"")):
        with pytest.raises(ValueError, match="the path is"):
            use("a", path)


def test_a_file_is_fetched_for_what_needs_a_name(files: Files, tmp_path: Path) -> None:
    files.put("a", "x", b"text")
    assert fetch("a", files, "x", tmp_path / "here").read_bytes() == b"text"
    assert project_folder("prj_1") == "projects/prj_1"
    with pytest.raises(ValueError, match="the project is"):
        project_folder("../x")


def test_readers_never_see_half_a_file(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path)
    files.put("a", "x", b"0" * 100_000)
    stop = threading.Event()

    def write() -> None:
        for i in range(60):
            files.put("a", "x", bytes([48 + i % 10]) * 100_000)
        stop.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not stop.wait(0.001):
        seen = files.get("a", "x")
        assert len(seen) == 100_000
        assert len(set(seen)) == 1
    writer.join()


def test_folders_that_come_and_go_do_no_harm(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path)

    def work(name: str) -> None:
        for _ in range(100):
            files.put("a", f"same/folder/{name}", b"x")
            files.delete("a", f"same/folder/{name}")

    threads = [threading.Thread(target=work, args=(str(i),)) for i in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(tmp_path.rglob("*")) == []


def test_leftovers_of_killed_writers_are_cleared(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path)
    files.put("a", "x", b"1")
    left = tmp_path / "a" / ".y.123456789abc.part"
    left.write_bytes(b"half")
    assert [file.path for file in files.list("a")] == ["x"]
    assert files.clear_leftovers() == 0
    os.utime(left, (1, 1))
    assert files.clear_leftovers() == 1
    assert not left.exists()


def test_a_setting_names_the_files(
    tmp_path: Path, bucket: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for url in (str(tmp_path / "f"), (tmp_path / "f").as_uri()):
        opened = open_files(url)
        assert isinstance(opened, LocalFiles)
        assert opened.root == tmp_path / "f"
    for name, value in (
        ("ENDPOINT_URL", bucket["endpoint"]), ("ACCESS_KEY_ID", "test"), ("REGION", "us-east-1"),
        ("SECRET_ACCESS_KEY", "test"), ("ALLOW_HTTP", "true"),
    ):  # fmt: skip
        monkeypatch.setenv(f"AWS_{name}", value)
    opened = open_files("s3://feedback/by/setting")
    opened.put("a", "x", b"1")
    assert [file.path for file in opened.list("a")] == ["x"]
    for url in ("ftp://x/y", "file://host/x"):
        with pytest.raises(StorageError, match="neither a folder nor a bucket"):
            open_files(url)
