"""Word pieces: from a text to the rows of its language's table, with the place of every piece in the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from warum_models.features import readable
from warum_models.protocol import Floats

Codes = npt.NDArray[np.int8]
_LONGEST_WORD = 60


def tokenizer_rules() -> tuple[Any, Any]:
    """Normaliser and pre-tokeniser of every language: lower case, umlauts kept, each emoji by itself."""
    from tokenizers import Regex, normalizers, pre_tokenizers

    # Skin tones, variation selectors and joiners change nothing that matters here.
    bare = normalizers.Replace(Regex("[\ufe0e\ufe0f\u200d\U0001f3fb-\U0001f3ff]"), "")
    # The signs themselves: the expression's own language knows no "\\U".
    signs = Regex("[\u2600-\u27bf\u2b50\u231a-\u23ff\U0001f000-\U0001faff]")
    return (
        normalizers.Sequence(
            [bare, normalizers.BertNormalizer(lowercase=True, strip_accents=False)]
        ),
        pre_tokenizers.Sequence(
            [pre_tokenizers.Split(signs, "isolated"), pre_tokenizers.BertPreTokenizer()]
        ),
    )


def make_tokenizer(pieces: Sequence[str], *, strip_accents: bool = False) -> Any:  # noqa: ANN401
    """A WordPiece tokeniser with offsets, for a list of pieces.

    Args:
        pieces: Vocabulary; the position is the row of the embedding table.
        strip_accents: Whether accents go (the English vocabulary knows none).
    """
    from tokenizers import Tokenizer, models, normalizers, processors

    vocabulary = {piece: row for row, piece in enumerate(pieces)}
    tokenizer = Tokenizer(
        models.WordPiece(
            vocabulary,
            unk_token="[UNK]",  # noqa: S106 - a token, no password
            max_input_chars_per_word=_LONGEST_WORD,
        )
    )
    normaliser, tokenizer.pre_tokenizer = tokenizer_rules()
    if strip_accents:
        normaliser = normalizers.Sequence(
            [normaliser, normalizers.BertNormalizer(lowercase=True, strip_accents=True)]
        )
    tokenizer.normalizer = normaliser
    tokenizer.post_processor = processors.BertProcessing(
        ("[SEP]", vocabulary["[SEP]"]), ("[CLS]", vocabulary["[CLS]"])
    )
    return tokenizer


@cache
def stored_tokenizer(pieces: Path, language: str) -> Any:  # noqa: ANN401
    """The tokeniser of a language by its vocabulary file, one piece a line; made once, shared by all who read with it.

    Args:
        pieces: The file.
        language: ISO 639-1 code.
    """
    words = pieces.read_text("utf-8").split("\n")
    return make_tokenizer(words, strip_accents=language == "en")


@dataclass(frozen=True)
class Pieces:
    """The pieces of one text.

    Attributes:
        rows: Rows of the table, (t,).
        starts: First code point of each piece, (t,); 0 for the marks at both ends.
        ends: Code point behind each piece, (t,); equal to the start for the marks at both ends.
    """

    rows: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]


@dataclass(frozen=True)
class LanguagePack:
    """A language: its pieces and their vectors in 8 bits.

    Attributes:
        tokenizer: Makes pieces.
        codes: Vectors, (v, d).
        scale: One factor per row, (v,).
    """

    tokenizer: Any
    codes: Codes
    scale: Floats

    @classmethod
    def load(
        cls, pieces: Path, codes: Codes, scale: npt.NDArray[np.float16], language: str
    ) -> LanguagePack:
        """A pack from its vocabulary file, one piece a line, and its table."""
        return cls(stored_tokenizer(pieces, language), codes, scale.astype(np.float32))

    def pieces(self, texts: Sequence[str]) -> list[Pieces]:
        """The pieces of each text, the marks at both ends included."""
        found = []
        for encoding in self.tokenizer.encode_batch([readable(t) for t in texts]):
            spans = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
            found.append(Pieces(np.array(encoding.ids, dtype=np.int64), spans[:, 0], spans[:, 1]))
        return found

    def vectors(self, rows: npt.NDArray[np.int64]) -> Floats:
        """Vectors of table rows, (t, d)."""
        table: Floats = self.codes[rows].astype(np.float32) * self.scale[rows, None]
        return table
