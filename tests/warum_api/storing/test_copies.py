"""Folders of a bucket are copied once, and no more bytes are kept than asked for."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from warum_api.storing.copies import Copies
from warum_api.storing.errors import NoFileError
from warum_api.storing.files import StoredFile
from warum_api.storing.local_files import LocalFiles


class Counting(LocalFiles):
    """Files that count how often they are read."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.reads = 0
        self.missing = False

    def stream(self, tenant: str, path: str, start: int = 0) -> Iterator[bytes]:
        self.reads += 1
        if self.missing:
            raise NoFileError("gone")
        return super().stream(tenant, path, start)

    def list(self, tenant: str, folder: str = "") -> Iterator[StoredFile]:
        return iter(tuple(super().list(tenant, folder)))


@pytest.fixture
def files(tmp_path: Path) -> Counting:
    made = Counting(tmp_path)
    for tenant in ("a", "b"):
        for name in ("1", "2", "3"):
            made.put(tenant, f"r/{name}/comments.parquet", tenant.encode() * 60)
            made.put(tenant, f"r/{name}/why/x.json", b"." * 40)
    return made


def kept(copies: Copies) -> int:
    """Bytes on the disk."""
    top = copies._top
    assert top is not None
    return sum(path.stat().st_size for path in top.rglob("*") if path.is_file())


def test_a_folder_is_copied_once_until_it_changes(files: Counting) -> None:
    copies = Copies(files, 1_000)
    for _ in range(3):
        with copies.folder("a", "r/1", "s1") as folder:
            assert (folder / "comments.parquet").read_bytes() == b"a" * 60
            assert (folder / "why" / "x.json").exists()
    assert files.reads == 2
    with copies.folder("b", "r/1", "s1") as folder:
        assert (folder / "comments.parquet").read_bytes() == b"b" * 60
    files.put("a", "r/1/comments.parquet", b"less")
    with copies.folder("a", "r/1", "s2") as folder:
        assert (folder / "comments.parquet").read_bytes() == b"less"
    assert kept(copies) == 44 + 100  # what was erased since is on no disk


def test_the_one_not_used_for_longest_goes_first(files: Counting) -> None:
    copies = Copies(files, 250)
    for name in ("1", "2", "1", "3"):
        with copies.folder("a", f"r/{name}", "s"):
            pass
    assert kept(copies) == 200
    reads = files.reads
    for name in ("1", "3"):
        with copies.folder("a", f"r/{name}", "s"):
            pass
    assert files.reads == reads
    with copies.folder("a", "r/2", "s"):
        assert files.reads == reads + 2


def test_what_is_read_stays_and_goes_afterwards(files: Counting) -> None:
    copies = Copies(files, 10)
    with ExitStack() as reading:
        folders = [reading.enter_context(copies.folder("a", f"r/{n}", "s")) for n in "123"]
        changed = reading.enter_context(copies.folder("a", "r/1", "other state"))
        assert all((folder / "comments.parquet").exists() for folder in (*folders, changed))
        assert kept(copies) == 400
    assert kept(copies) == 0


def test_copies_that_nobody_uses_go_by_themselves(files: Counting) -> None:
    copies = Copies(files, 1_000, seconds=0.0)
    with copies.folder("a", "r/1", "s"):
        copies.forget_old()
        assert kept(copies) == 100
    copies.forget_old()
    assert kept(copies) == 0


def test_who_asks_at_the_same_time_waits_for_the_first(files: Counting) -> None:
    copies, seen = Copies(files, 1_000), list[bytes]()

    def read() -> None:
        for i in range(30):
            with copies.folder("a", "r/1", f"s{i % 3}") as folder:
                seen.append((folder / "comments.parquet").read_bytes())

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [b"a" * 60] * 180
    assert kept(copies) == 100


def test_a_copy_that_failed_is_made_again(files: Counting) -> None:
    copies = Copies(files, 1_000)
    files.missing = True
    with pytest.raises(NoFileError), copies.folder("a", "r/1", "s"):
        raise AssertionError
    files.missing = False
    with copies.folder("a", "r/1", "s") as folder:
        assert (folder / "comments.parquet").exists()
    assert kept(copies) == 100


def test_nothing_stays_behind(files: Counting) -> None:
    copies = Copies(files, 1_000)
    with copies.folder("a", "nowhere", "s") as folder:
        assert list(folder.iterdir()) == []
    del copies
    gc.collect()
    assert not folder.parent.exists()
