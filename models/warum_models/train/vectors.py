"""What the German table is learnt from: sentence pairs, a dictionary, and the teacher's vectors of English sentences.

The teacher is all-MiniLM-L6-v2 (Apache 2.0), which knows English only.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

PAIRS = (
    "tatoeba_union_2020_2021", "anki_tatoeba_deu_eng", "bcontrast_train", "flores101_devtest",
    "ntrex128_newstest2019",
)  # fmt: skip


def pairs(data: Path) -> list[tuple[str, str]]:
    """German-English sentence pairs with a licence that allows it, without duplicates."""
    found: dict[tuple[str, str], None] = {}
    for name in PAIRS:
        path = data / "parallel_de_en" / f"{name}.de-en.tsv"
        for line in path.read_text("utf-8").splitlines():
            parts = line.split("\t")
            if len(parts) >= 2 and parts[0] and parts[1]:
                found[parts[0], parts[1]] = None
    return list(found)


def dictionary(data: Path) -> dict[str, list[str]]:
    """German word to English translations of one to three words, from the Wiktionary list."""
    entries: dict[str, list[str]] = {}
    path = data / "parallel_de_en" / "wiktionary_deu_eng.txt"
    for line in path.read_text("utf-8").splitlines():
        german, _, glosses = line.removeprefix(":").partition(":")
        german = german.strip().lower()
        if not line.startswith(":") or not german or " " in german:
            continue
        for part in glosses_of(glosses):
            english = part.strip().lower().removeprefix("to ")
            if english and len(english.split()) <= 3:
                entries.setdefault(german, []).append(english)
    return entries


def glosses_of(text: str) -> list[str]:
    """The glosses of a dictionary line, without what stands in (nested) brackets."""
    while (shorter := re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", text)) != text:
        text = shorter
    return text.split(",")


class Teacher:
    """The English sentence encoder, on torch."""

    def __init__(self, folder: Path) -> None:
        import torch
        from transformers import AutoModel, AutoTokenizer

        self._torch = torch
        self._tokenizer = AutoTokenizer.from_pretrained(str(folder))
        self._model = AutoModel.from_pretrained(str(folder)).eval()

    def encode(self, texts: Sequence[str], batch: int = 256) -> npt.NDArray[np.float32]:
        """Unit embeddings, (n, 384); the longest texts go together."""
        torch = self._torch
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        out = np.zeros((len(texts), 384), dtype=np.float32)
        with torch.inference_mode():
            for start in range(0, len(order), batch):
                rows = order[start : start + batch]
                encoded = self._tokenizer(
                    [texts[i] for i in rows], padding=True, truncation=True, max_length=96,
                    return_tensors="pt",
                )  # fmt: skip
                hidden = self._model(**encoded).last_hidden_state
                mask = encoded["attention_mask"][..., None].float()
                mean = (hidden * mask).sum(1) / mask.sum(1)
                out[rows] = torch.nn.functional.normalize(mean, dim=-1).numpy()
                if (start // batch) % 50 == 0:
                    print(f"  encoded {start + len(rows):,} of {len(texts):,}", flush=True)
        return out


class Checkpoint:
    """The teacher's embeddings of all texts seen so far, so that a stop or a longer corpus costs little.

    Args:
        folder: Where `teacher.npz` lies or will lie.
        model: The teacher.
    """

    def __init__(self, folder: Path, model: Teacher) -> None:
        self._path = folder / "teacher.npz"
        self._model = model
        self._rows: dict[bytes, int] = {}
        self._table = np.zeros((0, 384), dtype=np.float16)
        if self._path.is_file():
            with np.load(self._path, allow_pickle=False) as stored:
                self._table = stored["table"]
                self._rows = {bytes(key): i for i, key in enumerate(stored["keys"])}

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Embeddings of the texts, (n, 384); only new ones are computed."""
        keys = [hashlib.sha256(text.encode("utf-8")).digest()[:16] for text in texts]
        new = {k: t for k, t in zip(keys, texts, strict=True) if k not in self._rows}
        if new:
            found = self._model.encode(list(new.values())).astype(np.float16)
            self._rows.update({k: len(self._table) + i for i, k in enumerate(new)})
            self._table = np.concatenate([self._table, found])
            self._path.parent.mkdir(parents=True, exist_ok=True)
            stored = np.frombuffer(b"".join(self._rows), dtype=np.uint8).reshape(-1, 16)
            np.savez(self._path, table=self._table, keys=stored)
        return self._table[[self._rows[k] for k in keys]].astype(np.float32)
