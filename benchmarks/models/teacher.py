"""Frozen sentence embeddings of all-MiniLM-L6-v2 in 32-bit floats, through transformers and torch."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
LONGEST = 256  # tokens, the model's own limit
BATCH = 32
KEPT = 4096  # new vectors after which all are written
KEY = 16  # bytes of a text's hash


class MissingTeacherError(Exception):
    """There is no teacher to compare with; the message says why."""


class Teacher:
    """Texts in, unit vectors out.

    Args:
        folder: Folder with `config.json`, `model.safetensors` and the tokenizer.
        store: NumPy file that keeps the vectors from run to run, as float32; None keeps them for this run only.
        threads: Threads of torch.

    Raises:
        MissingTeacherError: If the folder or the libraries are missing.
    """

    def __init__(self, folder: Path | None, store: Path | None = None, threads: int = 2) -> None:
        if folder is None or not (folder / "config.json").is_file():
            raise MissingTeacherError(
                f"no model in {folder}: give --teacher FOLDER of all-MiniLM-L6-v2"
            )
        try:
            import torch
            from transformers import AutoModel, AutoTokenizer
        except ModuleNotFoundError as error:
            raise MissingTeacherError(
                f"{error.name} is not installed: pip install 'warum[train]'"
            ) from None
        torch.set_num_threads(threads)
        self._torch = torch
        self._tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self._model: Any = AutoModel.from_pretrained(folder, local_files_only=True).float().eval()
        self._store = store
        self._known: dict[bytes, Floats] = {}
        if store is not None and store.is_file():
            with np.load(store, allow_pickle=False) as kept:
                self._known = dict(zip(map(bytes, kept["keys"]), kept["vectors"], strict=True))

    def embed(self, texts: Sequence[str]) -> Floats:
        """Vectors of n texts, (n, 384), of length 1; texts seen before are not computed again."""
        keys = [_key(text) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        for _, part in groupby(
            enumerate(sorted(new, key=lambda key: len(new[key]))), lambda at: at[0] // KEPT
        ):
            some = [key for _, key in part]
            self._known.update(zip(some, self.compute([new[key] for key in some]), strict=True))
            self._keep()
        return (
            np.stack([self._known[key] for key in keys]) if keys else np.zeros((0, 384), np.float32)
        )

    def _keep(self) -> None:
        if self._store is not None:
            keys = np.frombuffer(b"".join(self._known), dtype=np.uint8).reshape(-1, KEY)
            np.savez(self._store, keys=keys, vectors=np.stack(list(self._known.values())))

    def compute(self, texts: Sequence[str]) -> Floats:
        """The same without looking anything up; fastest with texts ordered by length."""
        parts = [self._batch(texts[i : i + BATCH]) for i in range(0, len(texts), BATCH)]
        return np.concatenate(parts) if parts else np.zeros((0, 384), np.float32)

    def _batch(self, texts: Sequence[str]) -> Floats:
        torch = self._torch
        tokens = self._tokenizer(
            list(texts), padding=True, truncation=True, max_length=LONGEST, return_tensors="pt"
        )
        with torch.inference_mode():
            states = self._model(**tokens).last_hidden_state
        mask = tokens["attention_mask"].unsqueeze(-1).float()
        mean = (states * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
        vectors: Floats = torch.nn.functional.normalize(mean, dim=1).numpy()
        return vectors


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=KEY).digest()
