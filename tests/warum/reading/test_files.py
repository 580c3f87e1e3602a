"""The door: what is a file, what it holds whatever its name, and several files."""

from __future__ import annotations

import gzip
import io
import sys
import zipfile
from pathlib import Path

import polars as pl
import pytest

from tests.warum.reading.sources import cells, read, rejected, written
from tests.warum.reading.test_tables import book
from warum.errors import InputError, UsageError
from warum.reading import localfile
from warum.reading.files import read_files

CSV = "text;score\nschön;9\n"
EXPECTED = {"text": ["schön"], "score": ["9"]}
FRAME = pl.DataFrame({"text": ["schön"], "score": [9]})


def contents(tmp_path: Path) -> dict[str, bytes]:
    FRAME.write_parquet(tmp_path / "frame")
    return {
        "csv": CSV.encode(),
        "json": b'[{"text": "sch\\u00f6n", "score": 9}]',
        "jsonl": b'{"text": "sch\\u00f6n", "score": 9}\n',
        "parquet": (tmp_path / "frame").read_bytes(),
        "xlsx": book(tmp_path / "book.xlsx", A=[["text", "score"], ["schön", 9]]).read_bytes(),
    }


@pytest.mark.parametrize("form", ["csv", "json", "jsonl", "parquet", "xlsx"])
def test_every_format_packed_misnamed_and_piped(
    tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = contents(tmp_path)[form]
    for name in (f"a.{form}", f"a.{form}.gz", "a.csv", "a.dat", "noending", "b.csv.gz"):
        packed = gzip.compress(content) if name.endswith(".gz") else content
        assert cells(read(tmp_path, packed, name)) == EXPECTED
    for piped in (content, gzip.compress(content)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(piped)))
        table = read_files(["-"])
        assert cells(table) == EXPECTED
        assert table.files == ("standard input",)


@pytest.mark.parametrize(
    ("form", "said"), [("parquet", "Parquet"), ("xlsx", "workbook"), ("json", "JSON")]
)
def test_a_misleading_name_is_said(tmp_path: Path, form: str, said: str) -> None:
    table = read(tmp_path, contents(tmp_path)[form], "a.csv")
    assert f"is not .csv but {'a ' * (form == 'xlsx')}{said}" in table.notes[0]


def test_text_named_as_workbook(tmp_path: Path) -> None:
    table = read(tmp_path, CSV, "a.xls")
    assert cells(table) == EXPECTED
    assert "not .xls but text" in table.notes[0]


def test_missing_files_suggest_the_nearest(tmp_path: Path) -> None:
    written(tmp_path, CSV, "umfrage_2025.csv")
    with pytest.raises(InputError, match=r"no file .*umfrage2025.csv'") as caught:
        read_files([tmp_path / "umfrage2025.csv"])
    assert "umfrage_2025.csv" in caught.value.hint
    with pytest.raises(InputError, match=r"no folder .*nowhere' either"):
        read_files([tmp_path / "nowhere" / "a.csv"])


def test_folders_are_errors(tmp_path: Path) -> None:
    written(tmp_path, CSV)
    with pytest.raises(InputError, match=r"is a folder.*a\.csv"):
        read_files([tmp_path])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv.gz", gzip.compress(b"", mtime=0), "is empty"),
        ("a.csv.gz", gzip.compress(b"text\n" + b"x\n" * 9999, mtime=0)[:-20], "broken gzip"),
        ("a.csv.gz", b"text\nx\n", "no gzip archive"),
        ("a.csv", b"%PDF-1.7 ...", "PDF"),
        ("a.csv", b"\x89PNG\r\n\x1a\n", "picture"),
        ("a.csv", b"<Documents>\n <Document id='1'>", "HTML or XML"),
        ("a.xls", b"<html><table></table></html>", "HTML or XML"),
        ("a.xlsx", b"PK\x03\x04 and nothing more", "broken workbook or zip"),
    ],
)
def test_what_is_no_table_is_named(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        read(tmp_path, content, name)
    assert name in caught.value.message
    assert str(tmp_path.parent / "warum-") not in str(caught.value)


def test_a_zip_archive_names_its_contents(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("umfrage.csv", CSV)
    with pytest.raises(InputError, match=r"zip archive that holds umfrage\.csv\. Unpack"):
        read_files([tmp_path / "a.zip"])


def test_unreadable_files_and_full_disks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, gzip.compress(CSV.encode()), "a.csv.gz")

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(localfile.shutil, "copyfileobj", full)
    with pytest.raises(InputError, match=r"full.*TMPDIR"):
        read_files([path])

    def forbidden(*args: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)
    with pytest.raises(InputError, match=r"may not be read.*chmod"):
        read_files([path])


def test_no_source_is_an_error() -> None:
    with pytest.raises(UsageError, match="No file"):
        read_files([])


def test_several_files_are_stacked_by_header(tmp_path: Path) -> None:
    first = written(tmp_path, "text;score\nx;1\ny\nz;3\n", "1.csv")
    second = written(tmp_path, '{"score": 4, "branch": "Nord"}\nno\n', "2.jsonl")
    table = read_files([first, second, {"text": ["last"]}])
    assert cells(table) == {
        "text": ["x", "z", None, "last"],
        "score": ["1", "3", "4", None],
        "branch": [None, None, "Nord", None],
    }
    assert table.files == (str(first), str(second), "table 3")
    assert table.file.tolist() == [0, 0, 1, 2]
    assert table.row.tolist() == [1, 3, 4, 6]
    assert table.line.tolist() == [2, 4, 1, 1]
    assert rejected(table) == [(2, 3, "ragged"), (5, 2, "json")]
    assert table.rejected[1].file == str(second)
    assert any("'1.csv' has no 'branch'" in n.replace(f"{tmp_path}/", "") for n in table.notes)
    assert any("'table 3' has no 'score', 'branch'" in note for note in table.notes)


def test_nothing_is_left_in_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    read(tmp_path, gzip.compress(CSV.encode()), "a.csv.gz")
    with pytest.raises(InputError):
        read(tmp_path, "a\n")
    assert list((tmp_path / "tmp").iterdir()) == []
