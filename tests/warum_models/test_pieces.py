"""Pieces: umlauts kept, emoji by themselves, and every piece knows its place in the text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from warum_models.pieces import LanguagePack, make_tokenizer

VOCABULARY = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "schön",
    "er",
    "##er",
    "bus",
    "👍",
    "cafe",
    "café",
    "!",
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Schöner Bus", [("schön", "Schön"), ("##er", "er"), ("bus", "Bus")]),
        ("Bus👍👍!", [("bus", "Bus"), ("👍", "👍"), ("👍", "👍"), ("!", "!")]),
        ("👍🏽 bus", [("👍", "👍"), ("bus", "bus")]),
        ("CAFÉ", [("café", "CAFÉ")]),
        ("zug", [("[UNK]", "zug")]),
        ("", []),
    ],
)
def test_pieces_stand_where_they_came_from(text: str, expected: list[tuple[str, str]]) -> None:
    encoding = make_tokenizer(VOCABULARY).encode(text)
    inner = list(zip(encoding.tokens, encoding.offsets, strict=True))[1:-1]
    assert [(piece, text[a:b]) for piece, (a, b) in inner] == expected


def test_english_drops_accents() -> None:
    tokens = make_tokenizer(VOCABULARY, strip_accents=True).encode("café").tokens
    assert tokens == ["[CLS]", "cafe", "[SEP]"]


def test_a_pack_gives_rows_and_vectors(tmp_path: Path) -> None:
    (tmp_path / "pieces.txt").write_text("\n".join(VOCABULARY), "utf-8")
    codes = np.arange(len(VOCABULARY) * 2, dtype=np.int8).reshape(-1, 2)
    pack = LanguagePack.load(
        tmp_path / "pieces.txt", codes, np.full(len(VOCABULARY), 0.5, np.float16), "de"
    )
    (found,) = pack.pieces(["Bus!"])
    assert found.rows.tolist() == [2, 7, 11, 3]
    assert found.starts.tolist() == [0, 0, 3, 0]
    assert found.ends.tolist() == [0, 3, 4, 0]
    assert pack.vectors(found.rows)[1].tolist() == [7.0, 7.5]
