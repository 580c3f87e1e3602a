"""What is remembered: made once, also when two ask at once; gone when its files change."""

from __future__ import annotations

import threading
import time

import pytest

from warum_api.results.remembering import Key, Remembered


def test_it_is_made_once_for_all_who_ask() -> None:
    made: list[int] = []
    kept = Remembered[int](4)

    def make() -> int:
        time.sleep(0.05)
        made.append(1)
        return 7

    key = Key("t", "p", "f", "r")
    threads = [threading.Thread(target=kept.get, args=(key, make)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept.get(key, make) == 7
    assert len(made) == 1


def test_what_was_erased_from_the_files_is_forgotten() -> None:
    kept = Remembered[str](9)
    for files in ("1", "2"):
        for rest in ("a", "b"):
            kept.get(Key("t", "p", files, rest), lambda: "x")
    assert {key.files for key in kept._kept} == {"2"}


def test_the_oldest_goes_first_and_an_error_is_not_kept() -> None:
    kept = Remembered[int](2)

    def fail() -> int:
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - any will do
        kept.get(Key("t", "p", "f", "0"), fail)
    for i in range(3):
        kept.get(Key("t", str(i), "f", ""), lambda i=i: i)  # type: ignore[misc]
    assert [key.path for key in kept._kept] == ["1", "2"]
    assert kept._making == {}
