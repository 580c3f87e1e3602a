"""Which encoding a text file has: byte order mark, strict UTF-8, else cp1252.

Detectors are unreliable on short German texts; this rule is simple enough to be told to the user.
Bytes that the encoding does not know become a mark, so that their row can be rejected and the
others stay.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from warum.caveats import Caveat
from warum.errors import InputError, UsageError

# Noncharacters: Unicode promises that no text holds them, so they can mark places in a text.
BAD = "\ufdd0"
LINE_END = "\ufdd1"
GIANT = "\ufdd2"
BLANK = "\ufdd3"
RESERVED = re.compile("[\ufdd0-\ufdef]")

_CHUNK = 1 << 20
_SAMPLE = 1 << 16
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with the one of UTF-16 LE
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile(f"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f{BAD}]")
_BINARY_KINDS = 3
_BINARY_SHARE = 0.02
_UNREADABLE_SHARE = 0.3
_NUL_SHARE = 0.6
_LEAST_NULS = 4
_ENOUGH_ERRORS = 10_000


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text file on this machine's disk with its encoding.

    Attributes:
        name: Its name as the user gave it.
        path: Where its bytes lie, uncompressed.
        encoding: A codec of Python.
        caveats: A caveat if the encoding is a guess.
        notes: What to tell about the encoding.
    """

    name: str
    path: Path
    encoding: str
    caveats: tuple[Caveat, ...] = ()
    notes: tuple[str, ...] = ()

    def open(self) -> TextIO:
        """The text with single line feeds as line ends and undecodable bytes as `BAD`."""
        codecs.register_error("warum.mark", _mark)
        return io.TextIOWrapper(
            self.path.open("rb"), encoding=self.encoding, errors="warum.mark", newline=None
        )

    def lines(self) -> Iterator[tuple[int, str]]:
        """Line numbers, from 1, and lines without their ends and without a byte order mark."""
        with self.open() as stream:
            for number, line in enumerate(stream, start=1):
                text = line.removeprefix("\ufeff") if number == 1 else line
                yield number, text.removesuffix("\n")


def text_file(name: str, path: Path, encoding: str | None = None) -> TextFile:
    """Find the encoding of a text file.

    Args:
        name: Its name, for messages.
        path: Where its bytes lie, uncompressed.
        encoding: What the user says it is; overrides the rule.

    Raises:
        UsageError: If the user's encoding is unknown.
        InputError: If the file holds no text.
    """
    if encoding is not None:
        found = TextFile(name, path, _known(encoding))
    else:
        with path.open("rb") as stream:
            start = stream.read(_SAMPLE)
        found = _by_mark(name, path, start) or _by_content(name, path)
    _refuse_binary(found)
    return found


def _known(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
        io.TextIOWrapper(io.BytesIO(), encoding=name)  # refuses codecs that make no text
    except LookupError:
        raise UsageError(
            f"There is no text encoding {encoding!r}.", hint="Try utf-8, utf-16, cp1252 or latin-1."
        ) from None
    return "utf-8-sig" if name == "utf-8" else name


def _by_mark(name: str, path: Path, start: bytes) -> TextFile | None:
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            shown = "UTF-8" if encoding == "utf-8-sig" else encoding.upper()
            notes = () if encoding == "utf-8-sig" else (f"'{name}' was read as {shown}.",)
            return TextFile(name, path, encoding, notes=notes)
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        nuls, others = start[offset::2].count(0), start[1 - offset :: 2].count(0)
        if nuls >= max(_LEAST_NULS, _NUL_SHARE * len(start) / 2) and not others:
            caveat = Caveat.of("encoding", file=name, encoding=encoding.upper())
            return TextFile(name, path, encoding, caveats=(caveat,))
    return None


def _by_content(name: str, path: Path) -> TextFile:
    bad, good = _count_utf8(path)
    # A few broken sequences among many good ones are damage, not another encoding.
    if not bad or good > bad:
        return TextFile(name, path, "utf-8")
    caveat = Caveat.of("encoding", file=name, encoding="cp1252 (Windows)")
    return TextFile(name, path, "cp1252", caveats=(caveat,))


def _count_utf8(path: Path) -> tuple[int, int]:
    """Numbers of broken and of good multi-byte sequences."""
    codecs.register_error("warum.mark", _mark)
    decoder = codecs.getincrementaldecoder("utf-8")("warum.mark")
    bad = good = 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            text = decoder.decode(chunk)
            if not text.isascii():
                marks = text.count(BAD)
                bad += marks
                good += len(text) - len(text.encode("ascii", "ignore")) - marks
            if bad > _ENOUGH_ERRORS and bad > good:
                break
        else:
            bad += decoder.decode(b"", final=True).count(BAD)
    return bad, good


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return BAD, error.end


def _refuse_binary(file: TextFile) -> None:
    with file.open() as stream:
        sample = stream.read(_SAMPLE)
    controls = _CONTROLS.findall(sample)
    looks_binary = len(set(controls)) >= _BINARY_KINDS and len(controls) > _BINARY_SHARE * len(
        sample
    )
    if looks_binary or sample.count(BAD) > _UNREADABLE_SHARE * len(sample):
        raise InputError(
            f"{file.name!r} holds no text: it looks like a binary file of an unknown format.",
            hint="Expected csv, tsv, jsonl, json, parquet or xlsx, each also as .gz.",
        )
