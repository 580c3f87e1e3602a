"""Word vectors that German and English share, distilled from a sentence encoder.

The teacher is all-MiniLM-L6-v2 (Apache 2.0), which knows English only. Every English word starts as the
teacher's embedding of it, every German word as the mean of its dictionary translations. Then both tables are
fitted so that the sum of a sentence's word vectors points where the teacher's embedding of the English
sentence points, for English sentences and for their German translations (cosine and in-batch contrast).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from warum_models.features import normalise, tokens

DIMENSIONS = 128
ENGLISH_WORDS = 26_000
GERMAN_WORDS = 42_000
SEED = 7
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


def vocabulary(texts: Iterable[str], extra: Iterable[str], most: int) -> list[str]:
    """The most frequent words of the texts, `extra` counting as three occurrences each."""
    counts = Counter(token for text in texts for token in tokens(normalise(text)))
    counts.update(dict.fromkeys(extra, 3))
    frequent = [(w, c) for w, c in counts.items() if c >= 2 and len(w) <= 30]
    return [w for w, _ in sorted(frequent, key=lambda item: (-item[1], item[0]))[:most]]


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


def build(
    data: Path, texts: dict[str, list[str]], teacher: Path, cache: Path, epochs: int = 6
) -> tuple[list[str], npt.NDArray[np.float32]]:
    """Words ("de:…", "en:…") and their vectors, (v, DIMENSIONS).

    Args:
        data: Folder of the public data.
        texts: Further texts per language, for the vocabulary.
        teacher: Folder of the sentence encoder.
        cache: Folder for the teacher's embeddings, so that a stop loses little.
        epochs: Passes over the pairs.
    """
    both = pairs(data)
    lexicon = dictionary(data)
    english = vocabulary([e for _, e in both] + texts["en"], (), ENGLISH_WORDS)
    known = set(english)
    kept = {g: [e for e in es if all(w in known for w in e.split())] for g, es in lexicon.items()}
    german = vocabulary(
        [d for d, _ in both] + texts["de"], [g for g, es in kept.items() if es], GERMAN_WORDS
    )
    model = Checkpoint(cache, Teacher(teacher))
    own = texts["en"]
    words_raw = model.encode(english)
    targets_raw = model.encode([e for _, e in both] + own)
    center = targets_raw.mean(axis=0)
    _, _, axes = np.linalg.svd((targets_raw - center)[::7], full_matrices=False)
    basis = axes[:DIMENSIONS].T
    start_en = (words_raw - center) @ basis
    row_en = {w: i for i, w in enumerate(english)}
    start_de = np.zeros((len(german), DIMENSIONS), dtype=np.float32)
    for i, word in enumerate(german):
        found = [start_en[[row_en[w] for w in e.split()]].mean(axis=0) for e in kept.get(word, ())]
        if found:
            start_de[i] = np.mean(found, axis=0)
        elif word in row_en:
            start_de[i] = start_en[row_en[word]]
    targets = (targets_raw - center) @ basis
    table = _fit(both, own, english, german, start_en, start_de, targets, epochs)
    return [f"en:{w}" for w in english] + [f"de:{w}" for w in german], table


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


def _bags(texts: Sequence[str], rows: dict[str, int]) -> list[list[int]]:
    return [[rows[t] for t in tokens(normalise(text)) if t in rows] for text in texts]


def _fit(
    both: Sequence[tuple[str, str]],
    own: Sequence[str],
    english: Sequence[str],
    german: Sequence[str],
    start_en: npt.NDArray[np.float32],
    start_de: npt.NDArray[np.float32],
    targets: npt.NDArray[np.float32],
    epochs: int,
) -> npt.NDArray[np.float32]:
    import torch

    torch.manual_seed(SEED)
    rows_en = {w: i for i, w in enumerate(english)}
    rows_de = {w: len(english) + i for i, w in enumerate(german)}
    bags = _bags([e for _, e in both] + list(own), rows_en) + _bags([d for d, _ in both], rows_de)
    goal = np.concatenate([targets, targets[: len(both)]])
    keep = np.array([i for i, bag in enumerate(bags) if bag])
    start = np.concatenate([start_en, start_de]).astype(np.float32)
    counts = np.bincount(np.concatenate([np.array(b) for b in bags if b]), minlength=len(start))
    share = counts / counts.sum()
    start *= (1e-3 / (1e-3 + share))[:, None].astype(
        np.float32
    )  # Arora et al. 2017: frequent words less
    table = torch.nn.EmbeddingBag.from_pretrained(torch.tensor(start), freeze=False, mode="sum")
    optimizer = torch.optim.Adam(table.parameters(), lr=2e-3)
    aim = torch.nn.functional.normalize(torch.tensor(goal, dtype=torch.float32), dim=-1)
    generator = np.random.default_rng(SEED)
    batch = 512
    for epoch in range(epochs):
        total = 0.0
        order = generator.permutation(keep)
        for group in optimizer.param_groups:
            group["lr"] = 2e-3 * (1 - epoch / epochs)
        for begin in range(0, len(order) - batch + 1, batch):
            index = order[begin : begin + batch]
            flat = torch.tensor(np.concatenate([np.array(bags[i]) for i in index]))
            offsets = torch.tensor(np.cumsum([0, *[len(bags[i]) for i in index[:-1]]]))
            found = torch.nn.functional.normalize(table(flat, offsets), dim=-1)
            wanted = aim[index]
            similarity = found @ wanted.T
            loss = (
                1
                - similarity.diagonal().mean()
                + 0.5 * torch.nn.functional.cross_entropy(similarity * 20, torch.arange(batch))
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += float(loss.detach())
        print(
            f"  vectors, pass {epoch + 1} of {epochs}: loss {total / (len(order) // batch):.4f}",
            flush=True,
        )
    fitted: npt.NDArray[np.float32] = table.weight.detach().numpy()
    return fitted
