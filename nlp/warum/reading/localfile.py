"""From what the user named to an uncompressed file on this machine, and what it holds."""

from __future__ import annotations

import difflib
import errno
import gzip
import re
import shutil
import sys
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from warum.errors import InputError

STDIN = "-"
Kind = Literal["parquet", "workbook", "text"]

_TEXT_ENDINGS = frozenset({".csv", ".tsv", ".tab", ".txt"})
_JSON_ENDINGS = frozenset({".json", ".jsonl", ".ndjson"})
_BOOK_ENDINGS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
_FORMATS = "Expected csv, tsv, jsonl, json, parquet or xlsx, each also as .gz."
_FOREIGN = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "an SQLite database"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"{\\rtf", "an RTF document"),
)
_MARKUP = re.compile(
    rb"(\xef\xbb\xbf)?\s*(<!doctype|<html|<\?xml|<[a-z][^<>\n]*>\s*[\r\n<])", re.IGNORECASE
)
_GZIP = b"\x1f\x8b"
_NAMES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A readable, uncompressed file.

    Attributes:
        name: The name as the user gave it; "standard input" for "-".
        path: Where its bytes lie.
        ending: Its extension in lower case without ".gz", "" if none.
        kind: What its first bytes say it is.
        notes: What was found on the way.
    """

    name: str
    path: Path
    ending: str
    kind: Kind
    notes: tuple[str, ...] = ()


def fetch(source: str | Path, folder: Path) -> LocalFile:
    """Make a source readable: standard input and .gz are unpacked into `folder`.

    Args:
        source: A path, or "-" for standard input.
        folder: An existing folder for temporary copies.

    Raises:
        InputError: If there is no such file, it is a folder, empty, unreadable, a broken archive or
            of an unknown format.
    """
    if str(source) == STDIN:
        name, ending = "standard input", ""
        path = _copy(sys.stdin.buffer, folder, name)
    else:
        name, ending = str(source), Path(source).suffix.lower()
        path = _readable(Path(source), name, folder)
    with path.open("rb") as stream:
        packed = stream.read(2) == _GZIP
    if ending == ".gz":
        ending = Path(Path(name).stem).suffix.lower()
        if not packed:
            raise InputError(f"{name!r} is no gzip archive.", hint="Rename it or pack it again.")
    return _described(name, _unpack(path, folder, name) if packed else path, ending)


def _readable(path: Path, name: str, folder: Path) -> Path:
    _check(path, name)
    try:
        with path.open("rb") as stream:
            # A pipe can be read only once, and DuckDB takes the characters of a pattern for one.
            if not path.is_file() or any(character in name for character in "*?[]"):
                return _copy(stream, folder, name)
    except PermissionError:
        raise InputError(
            f"{name!r} may not be read.", hint="Check its permissions (chmod u+r)."
        ) from None
    except OSError as error:
        raise InputError(f"{name!r} cannot be read: {error.strerror or error}.") from None
    return path


def _check(path: Path, name: str) -> None:
    try:
        if path.is_dir():
            inside = sorted(p.name for p in path.iterdir() if p.is_file())[:_NAMES_SHOWN]
            hint = (
                f"Name the files in it, e.g. {', '.join(inside)}."
                if inside
                else "It holds no files."
            )
            raise InputError(f"{name!r} is a folder, expected a file.", hint=hint)
        if path.exists():
            return
    except PermissionError:
        raise InputError(
            f"{name!r} may not be read.", hint="Check the permissions of its folder."
        ) from None
    except OSError as error:
        raise InputError(f"{name[:200]!r} is no usable name: {error.strerror}.") from None
    raise InputError(f"There is no file {name!r}.", hint=_nearest(path))


def _nearest(path: Path) -> str:
    if not path.parent.is_dir():
        return f"There is no folder {str(path.parent)!r} either."
    names = [entry.name for entry in path.parent.iterdir()]
    close = difflib.get_close_matches(path.name, names, n=1, cutoff=0.5)
    return f"Did you mean {str(path.parent / close[0])!r}?" if close else "Check the spelling."


def _copy(stream: IO[bytes] | gzip.GzipFile, folder: Path, name: str) -> Path:
    target = folder / f"source{len(list(folder.iterdir()))}"
    try:
        with target.open("xb") as out:
            shutil.copyfileobj(stream, out, 1 << 20)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(
            f"{name!r} is a broken gzip archive: {error}.", hint="Copy or download it again."
        ) from None
    except OSError as error:
        raise _disk_error(error, folder) from None
    return target


def _disk_error(error: OSError, folder: Path) -> InputError:
    if error.errno == errno.ENOSPC:
        return InputError(
            f"The disk that holds {str(folder.parent)!r} is full.",
            hint="Free some space or set TMPDIR to a folder on another disk.",
        )
    return InputError(f"A temporary copy cannot be written: {error.strerror or error}.")


def _unpack(path: Path, folder: Path, name: str) -> Path:
    with gzip.open(path, "rb") as stream:
        return _copy(stream, folder, name)


def _described(name: str, path: Path, ending: str) -> LocalFile:
    with path.open("rb") as stream:
        start = stream.read(4096)
    if not start:
        raise InputError(f"{name!r} is empty.", hint=_FORMATS)
    kind = _kind(name, path, start)
    _check_ending(name, kind, ending)
    return LocalFile(name, path, ending, kind, _surprise(name, kind, ending))


def _kind(name: str, path: Path, start: bytes) -> Kind:
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "workbook"
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(name, path)
    for magic, what in _FOREIGN:
        if start.startswith(magic):
            raise InputError(f"{name!r} is {what}, not a table.", hint=_FORMATS)
    if _MARKUP.match(start):
        raise InputError(f"{name!r} is HTML or XML, not a table.", hint=_FORMATS)
    return "text"


def _zip_kind(name: str, path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            inside = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise InputError(
            f"{name!r} is a broken workbook or zip archive: {error}.",
            hint="Save or download it again.",
        ) from None
    if any(entry.startswith("xl/workbook.") for entry in inside) or "content.xml" in inside:
        return "workbook"
    shown = ", ".join(inside[:_NAMES_SHOWN]) or "nothing"
    raise InputError(f"{name!r} is a zip archive that holds {shown}.", hint="Unpack it first.")


def _check_ending(name: str, kind: Kind, ending: str) -> None:
    if ending == ".parquet" and kind != "parquet":
        raise InputError(
            f"{name!r} is no Parquet file: it does not begin with 'PAR1'.",
            hint="Write it again, or rename it if it is another format.",
        )


def _surprise(name: str, kind: Kind, ending: str) -> tuple[str, ...]:
    if kind == "parquet" and ending and ending != ".parquet":
        return (f"'{name}' is not {ending} but Parquet; it was read as such.",)
    if kind == "workbook" and ending and ending not in _BOOK_ENDINGS:
        return (f"'{name}' is not {ending} but a workbook; it was read as such.",)
    if kind == "text" and ending in _BOOK_ENDINGS:
        return (f"'{name}' is not {ending} but text; it was read as such.",)
    return ()


def is_named_json(file: LocalFile) -> bool:
    """Whether the file's name says that it holds JSON."""
    return file.ending in _JSON_ENDINGS


def is_named_delimited(file: LocalFile) -> bool:
    """Whether the file's name says that it holds lines of cells."""
    return file.ending in _TEXT_ENDINGS
