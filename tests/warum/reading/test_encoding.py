"""Encodings: the rule, the override, and what is no text."""

from __future__ import annotations

import codecs
import random
from pathlib import Path

import pytest

from tests.warum.reading.sources import cells, read, rejected
from warum.errors import InputError, UsageError

TEXT = 'Kommentar;Note\n"schön, groß\n€ 5 – „gut“ 🙂";9\nnaïve;1\n'
EXPECTED = {"Kommentar": ["schön, groß\n€ 5 – „gut“ 🙂", "naïve"], "Note": ["9", "1"]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_files_need_no_caveat(tmp_path: Path, encoding: str) -> None:
    table = read(tmp_path, TEXT.encode(encoding))
    assert cells(table) == EXPECTED
    assert table.caveats == ()


@pytest.mark.parametrize("order", ["le", "be"])
def test_utf16_with_and_without_mark(tmp_path: Path, order: str) -> None:
    mark = codecs.BOM_UTF16_LE if order == "le" else codecs.BOM_UTF16_BE
    marked = read(tmp_path, mark + TEXT.encode(f"utf-16-{order}"))
    bare = read(tmp_path, TEXT.encode(f"utf-16-{order}"))
    assert cells(marked) == cells(bare) == EXPECTED
    assert marked.caveats == ()
    assert [caveat.code for caveat in bare.caveats] == ["encoding"]


def test_anything_else_is_cp1252_and_said(tmp_path: Path) -> None:
    table = read(tmp_path, TEXT.replace(" 🙂", "").encode("cp1252"))
    assert cells(table)["Kommentar"][0] == "schön, groß\n€ 5 – „gut“"
    assert "cp1252" in table.caveats[0].sentence("en")


def test_the_user_overrides(tmp_path: Path) -> None:
    table = read(tmp_path, "a;b\nżółw;1\n".encode("cp1250"), encoding="cp1250")
    assert cells(table)["a"] == ["żółw"]
    assert table.caveats == ()
    assert cells(read(tmp_path, TEXT.encode("utf-8-sig"), encoding="UTF8")) == EXPECTED


@pytest.mark.parametrize("encoding", ["utf-9", "hex", ""])
def test_an_unknown_encoding_is_an_error(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(UsageError, match="no text encoding"):
        read(tmp_path, TEXT, encoding=encoding)


def test_a_broken_sequence_in_utf8_rejects_its_row_only(tmp_path: Path) -> None:
    table = read(tmp_path, "a;b\nschön;1\n".encode() + b"kaputt\xff;2\n" + "grün;3\n".encode())
    assert cells(table) == {"a": ["schön", "grün"], "b": ["1", "3"]}
    assert rejected(table) == [(2, 3, "encoding")]
    assert table.rejected[0].raw == {"a": "kaputt�", "b": "2"}
    assert "UTF-8" in table.rejected[0].message


def test_bytes_unknown_to_cp1252_reject_their_row_only(tmp_path: Path) -> None:
    table = read(tmp_path, b"a;b\nsch\xf6n;1\nka\x81putt;2\n")
    assert cells(table)["a"] == ["schön"]
    assert rejected(table) == [(2, 3, "encoding")]


def test_half_a_surrogate_in_utf16_rejects_its_row_only(tmp_path: Path) -> None:
    bad = "kaputt".encode("utf-16-le") + b"\x3d\xd8" + ";2\n".encode("utf-16-le")
    table = read(tmp_path, codecs.BOM_UTF16_LE + "a;b\nja;1\n".encode("utf-16-le") + bad)
    assert cells(table)["a"] == ["ja"]
    assert rejected(table) == [(2, 3, "encoding")]


def test_reserved_characters_reject_their_row(tmp_path: Path) -> None:
    table = read(tmp_path, "a;b\nx\ufdd1;1\ny\ufdd3;2\nz\ufdd2;3\nok;4\n")
    assert [row.code for row in table.rejected] == ["encoding"] * 3
    assert cells(table)["a"] == ["ok"]


@pytest.mark.parametrize("size", [64, 1000, 200_000])
def test_random_bytes_are_an_error(tmp_path: Path, size: int) -> None:
    for seed in range(8):
        with pytest.raises(InputError, match=r"binary file|only blank|broken|no readable"):
            read(tmp_path, b"\x93" + random.Random(seed).randbytes(size))
