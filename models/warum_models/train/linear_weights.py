"""The weights of the baseline `linear`."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed

from warum_models.corpus.check import CATEGORIES
from warum_models.features import StaticVectors
from warum_models.train import heads, vectors
from warum_models.train.card import card
from warum_models.train.sources import Sample, all_samples

LABELS = tuple(sorted(CATEGORIES))
VERSION = "1"


def rebuild(data: Path, teacher: Path, work: Path, out: Path) -> None:
    """Train the baseline and write its weights, their hashes and the figures of the folds.

    Args:
        data: Folder of the public data.
        teacher: Folder of all-MiniLM-L6-v2.
        work: Folder for checkpoints.
        out: Folder that the weights go to.
    """
    started = time.monotonic()
    samples = all_samples(data)
    print(f"{len(samples):,} samples: {dict(Counter(s.source for s in samples))}", flush=True)
    shared = _vectors(samples, data, teacher, work)
    arrays, figures = _heads(samples, shared)
    _write(out, arrays, shared, figures)
    print(f"done in {time.monotonic() - started:.0f} s", flush=True)


def _vectors(samples: list[Sample], data: Path, teacher: Path, work: Path) -> StaticVectors:
    path = work / "vectors.npz"
    if path.is_file():
        with np.load(path, allow_pickle=False) as stored:
            words, table = stored["words"].tolist(), stored["table"]
    else:
        texts = {lang: [s.text for s in samples if s.language == lang] for lang in ("de", "en")}
        words, table = vectors.build(data, texts, teacher, work)
        np.savez(path, words=np.array(words), table=table)
    # Train on what is stored: 8 bits a number.
    codes, scale = _quantise_rows(table)
    return StaticVectors(
        {w: i for i, w in enumerate(words)}, codes.astype(np.float32) * scale[:, None]
    )


def _quantise_rows(
    table: npt.NDArray[np.float32],
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    scale = np.maximum(np.abs(table).max(axis=1), 1e-9) / 127
    return np.round(table / scale[:, None]).astype(np.int8), scale.astype(np.float32)


def _heads(
    samples: list[Sample], shared: StaticVectors
) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
    features = heads.design(samples, shared)
    X = features.joined
    d = features.ngrams.shape[1]
    coefs, biases, calibrations = [], [], []
    found = Parallel(n_jobs=2)(delayed(heads.presence_head)(X, samples, c) for c in LABELS)
    for code, head in zip(LABELS, found, strict=True):
        calibration = heads.calibrate(head, samples)
        coefs.append(head.coef)
        biases.append(head.bias)
        calibrations.append(calibration)
        print(f"  {code:24} F1 {calibration.f1:.3f} at {calibration.threshold}", flush=True)
    opinion = heads.opinion_polarity_head(X, samples)
    document = heads.document_polarity_head(X, samples)
    coef = np.hstack([*coefs, opinion.coef, document.coef])
    scale = np.maximum(np.abs(coef[:d]).max(axis=0), 1e-9) / 127
    arrays = {
        "idf": features.idf.astype(np.float16),
        "sparse": np.round(coef[:d] / scale).astype(np.int8),
        "sparse_scale": scale.astype(np.float64),
        "dense": (coef[d:] * heads.DENSE_SCALE).astype(np.float32),
        "bias": np.concatenate([*biases, opinion.bias, document.bias]).astype(np.float32),
        "slope": np.array([c.slope for c in calibrations], dtype=np.float32),
        "offset": np.array([c.offset for c in calibrations], dtype=np.float32),
        "thresholds": np.array([c.threshold for c in calibrations], dtype=np.float32),
    }
    return arrays, _figures(samples, calibrations, opinion, document)


def _figures(
    samples: list[Sample],
    calibrations: list[heads.Calibration],
    opinion: heads.Head,
    document: heads.Head,
) -> dict[str, Any]:
    return {
        "samples": dict(Counter(f"{s.source}/{s.language}" for s in samples)),
        "segment_f1": {c: round(k.f1, 3) for c, k in zip(LABELS, calibrations, strict=True)},
        "segment_positives": {c: k.positives for c, k in zip(LABELS, calibrations, strict=True)},
        "segment_macro_f1": round(float(np.mean([k.f1 for k in calibrations])), 3),
        "opinion_polarity_accuracy": _accuracy(samples, opinion),
        "document_polarity_accuracy": _accuracy(samples, document),
    }


def _accuracy(samples: list[Sample], head: heads.Head) -> dict[str, float]:
    """Out-of-fold accuracy per data set and language."""
    right = head.out_of_fold.argmax(axis=1) == head.target
    names = np.array([f"{samples[i].source}/{samples[i].language}" for i in head.rows])
    return {str(n): round(float(right[names == n].mean()), 3) for n in np.unique(names)}


def _write(
    out: Path, arrays: dict[str, npt.NDArray[Any]], shared: StaticVectors, figures: dict[str, Any]
) -> None:
    out.mkdir(parents=True, exist_ok=True)
    codes, scale = _quantise_rows(shared.table)
    stored: dict[str, Any] = {**arrays, "vectors": codes, "vectors_scale": scale}
    np.savez_compressed(out / "weights.npz", **stored)
    (out / "words.txt").write_text("\n".join(shared.words), "utf-8")
    names = ("weights.npz", "words.txt")
    config = {
        "name": "linear",
        "version": VERSION,
        "labels": LABELS,
        "languages": ["de", "en"],
        "sha256": {n: hashlib.sha256((out / n).read_bytes()).hexdigest() for n in names},
        "cross_validation": figures,
    }
    (out / "config.json").write_text(
        json.dumps(config, indent=2, ensure_ascii=False) + "\n", "utf-8"
    )
    (out / "CARD.md").write_text(card(config), "utf-8")
