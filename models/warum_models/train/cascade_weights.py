"""The weights of `auto`: when `fast` and `accurate` differ, and how much is lost where only the unsure go on."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from warum_models.cascade import FEATURES, easily_turned, features, merged
from warum_models.protocol import BaseReader, Label, Passage, Reader, Reading
from warum_models.train.calibrate import passage_of
from warum_models.train.tasks import Task, under_cx

VERSION = "2"
LIMITS = (0.0, *np.round(np.arange(0.05, 1.0, 0.05), 2).tolist(), 1.0)
LOSS = 0.02  # micro F1 of pairs that may be lost against sending everything on
Make = Callable[[Sequence[Label]], tuple[Reader, BaseReader]]


@dataclass
class _Group:
    """Comments read under one taxonomy by both."""

    passages: list[Passage]
    fast: Reading
    accurate: Reading
    gold: list[set[tuple[int, int]]]


def write(
    make: Make,
    cx: Sequence[Label],
    held_out: Sequence[Task],
    taxonomies: Mapping[str, Sequence[Label]],
    folder: Path,
) -> dict[str, Any]:
    """Fit, choose the limit, store; returns what is stored.

    The limit is the highest at which the micro F1 of pairs of category and polarity is at most `LOSS` below that of
    sending everything on.

    Args:
        make: Makes both readers for labels.
        cx: The known labels.
        held_out: Tasks that neither was trained on.
        taxonomies: Labels of the small taxonomies.
        folder: Where to.
    """
    groups, seconds = [], np.zeros(2)
    authored = [t for t in held_out if under_cx(t)]
    groups.append(_read(make(cx), authored, [f"cx:{x.code}" for x in cx], seconds))
    for name in sorted({t.known[0].rpartition(":")[0] for t in held_out if t.source == "own"}):
        held = [t for t in held_out if t.source == "own" and t.known[0].startswith(f"{name}:")]
        labels = taxonomies[name]
        groups.append(_read(make(labels), held, [f"{name}:{x.code}" for x in labels], seconds))
    rows = np.concatenate([features(g.passages, g.fast) for g in groups])
    other = np.concatenate([_differ(g) for g in groups])
    model = LogisticRegression(C=1.0, max_iter=2000).fit(rows, other)
    odds = rows @ model.coef_[0] + model.intercept_[0]
    curve = _curve(groups, 1 / (1 + np.exp(-odds)), seconds)
    best = curve[0]["pair_f1"]
    limit = max(point["limit"] for point in curve if point["pair_f1"] >= best - LOSS)
    config = {
        "name": "auto", "version": VERSION, "features": list(FEATURES),
        "weights": [*model.coef_[0].tolist(), float(model.intercept_[0])], "limit": limit,
        "sha256": {}, "comments": len(rows), "curve": curve,
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", "utf-8")
    return config


def _read(
    readers: tuple[Reader, BaseReader],
    tasks: Sequence[Task],
    keys: Sequence[str],
    seconds: npt.NDArray[np.float64],
) -> _Group:
    passages = [passage_of(t) for t in tasks]
    readings = []
    for i, reader in enumerate(readers):
        started = time.perf_counter()
        readings.append(reader.read(passages))
        seconds[i] += time.perf_counter() - started
    gold = [
        {(keys.index(k), side) for k, held in t.present.items() for side, _, _ in held}
        for t in tasks
    ]
    return _Group(passages, readings[0], readings[1], gold)


def opinions(reading: Reading) -> list[set[tuple[int, int]]]:
    """Label and polarity of all that was found in each comment."""
    found: list[set[tuple[int, int]]] = [set() for _ in range(len(reading.presence))]
    sides = reading.found.polarity.argmax(axis=1)
    for i, label, side in zip(reading.found.comment, reading.found.label, sides, strict=True):
        found[int(i)].add((int(label), int(side)))
    return found


def _differ(group: _Group) -> npt.NDArray[np.bool_]:
    pairs = zip(opinions(group.fast), opinions(group.accurate), strict=True)
    return np.array([a != b for a, b in pairs])


def _curve(
    groups: Sequence[_Group], probability: npt.NDArray[np.float64], seconds: npt.NDArray[np.float64]
) -> list[dict[str, float]]:
    """Quality and cost at each limit; time is that of `fast` and the share of `accurate`, over all of `accurate`."""
    borders = np.cumsum([len(g.passages) for g in groups])[:-1]
    turned = [easily_turned(g.passages, features(g.passages, g.fast)) for g in groups]
    parts = np.split(probability, borders)
    curve = []
    for limit in LIMITS:
        hits = np.zeros((2, 3))
        sent = 0
        for group, p, always in zip(groups, parts, turned, strict=True):
            rows = np.flatnonzero((p > limit) | (always & (limit < 1)))
            sent += len(rows)
            taken = _taken(group, rows)
            hits += _hits(opinions(taken), group.gold)
        share = sent / len(probability)
        f1 = 2 * hits[:, 0] / np.maximum(1, hits[:, 1] + hits[:, 2])
        curve.append({
            "limit": limit, "share": round(share, 3),
            "category_f1": round(float(f1[0]), 4), "pair_f1": round(float(f1[1]), 4),
            "time": round(float((seconds[0] + share * seconds[1]) / seconds[1]), 3),
        })  # fmt: skip
    return curve


def _taken(group: _Group, rows: npt.NDArray[np.int64]) -> Reading:
    """What `auto` gives when these comments go on."""
    if not len(rows):
        return group.fast
    kept = np.isin(group.accurate.found.comment, rows)
    place = np.cumsum(np.isin(np.arange(len(group.passages)), rows)) - 1
    found = group.accurate.found
    part = type(found)(
        place[found.comment[kept]],
        *(getattr(found, n)[kept] for n in ("label", "confidence", "polarity", "start", "end")),
    )
    chosen = Reading(
        group.accurate.presence[rows],
        part,
        group.accurate.document[rows],
        *(
            None if (v := getattr(group.accurate, n)) is None else v[rows]
            for n in ("emotion", "intent", "effort")
        ),
    )
    return merged(group.fast, chosen, rows)


def _hits(
    found: Sequence[set[tuple[int, int]]], gold: Sequence[set[tuple[int, int]]]
) -> npt.NDArray[np.float64]:
    """Right, found and true numbers of categories and of pairs, (2, 3)."""
    hits = np.zeros((2, 3))
    for a, b in zip(found, gold, strict=True):
        x, y = {c for c, _ in a}, {c for c, _ in b}
        hits += [[len(x & y), len(x), len(y)], [len(a & b), len(a), len(b)]]
    return hits
