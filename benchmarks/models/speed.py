"""Texts per second of the whole pipeline beside VADER and the frozen encoder, in one run, taken in turns."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.models import sets
from benchmarks.models.answers import Pipeline
from benchmarks.models.category_sets import taxonomy_of
from benchmarks.models.figures import label_f1
from benchmarks.models.lexicons import vader
from benchmarks.models.memory import MINILM, VADER, peak_of
from benchmarks.models.record import Row, Setting, known
from benchmarks.models.teacher import Teacher
from warum.defaults import StageOptions, default_stages, load_model, worth_workers
from warum.pipeline import run
from warum.records import Comment
from warum.stages.protocol import Stage
from warum.taxonomy import load_taxonomy

PART, CURVE = "models_speed", "curve"
TITLE = "FABSA texts, twice over, whole pipeline"
WORKERS, ROUNDS = 2, 3
FAST = 1000  # texts per second from which a contender reads all texts
TIMES = 2  # times that FABSA is read: worker processes take seconds to start, which are counted
MEDIUM = 4000  # texts that a slower model of ours reads
SLOW = 600  # texts that the frozen encoder reads
LIMITS = (1.0, 0.6, 0.4, 0.2, 0.1, 0.0)
Reads = Callable[[Sequence[str]], Any]


def fabsa_texts(data: Path) -> list[str]:
    """All texts of FABSA, as published."""
    return [case.text for part in ("test", "dev", "train") for case in sets.fabsa(data, part)]


def stages_of(name: str, limit: float | None = None) -> Sequence[Stage]:
    """The stages of a model under `cx`, as a worker process makes them.

    Args:
        name: Name of the model.
        limit: Limit of a cascade; None leaves the shipped one.
    """
    taxonomy = load_taxonomy()
    reader: Any = load_model(name, taxonomy)
    banded = reader if limit is None else reader.with_limit(limit)
    return default_stages(banded, taxonomy, StageOptions(main_language="en"))


def pipeline_reader(name: str, workers: int = WORKERS, limit: float | None = None) -> Reads:
    """Reads texts as `warum analyze` does: language unknown, redaction, segments, opinions."""
    make = partial(stages_of, name, limit)
    stages = make if workers > 1 else make()

    def reads(texts: Sequence[str]) -> Any:  # noqa: ANN401 - only its time counts
        comments = [Comment(str(i), text, i + 1) for i, text in enumerate(texts)]
        return list(run(comments, stages, workers=workers, parallel_from=worth_workers(name)))

    return reads


def contenders(
    models: Sequence[str], teacher: Teacher | None, workers: int = WORKERS
) -> dict[str, Reads]:
    """Name to what reads texts; the baselines that are there, then our models."""
    found: dict[str, Reads] = {}
    try:
        lexicon = vader()
        found[VADER] = lambda texts: [lexicon.score(text) for text in texts]
    except ModuleNotFoundError as error:
        print(f"  VADER is left out: {error}", flush=True)
    if teacher is not None:
        found[MINILM] = lambda texts: teacher.compute(sorted(texts, key=len))
    for name in models:
        found[name] = pipeline_reader(name, workers)
    return found


def timed(
    reads: Mapping[str, Reads], texts: Sequence[str], rounds: int = ROUNDS
) -> dict[str, list[float]]:
    """Texts per second of each contender in each round; in a round everyone has a turn."""
    amount = {name: _amount(name, read, texts) for name, read in reads.items()}
    rates: dict[str, list[float]] = {name: [] for name in reads}
    for _ in range(rounds):
        for name, read in reads.items():
            rates[name].append(_rate(read, texts[: amount[name]]))
    return rates


def _amount(name: str, read: Reads, texts: Sequence[str]) -> int:
    """All texts for the fast, fewer for the slow; always enough for worker processes to start."""
    read(texts[:200])  # what is loaded at the first use is not to be timed
    if _rate(read, texts[:200]) > FAST:
        return len(texts)
    return min(len(texts), SLOW if name == MINILM else MEDIUM)


def _rate(read: Reads, texts: Sequence[str]) -> float:
    start = time.perf_counter()
    read(texts)
    return len(texts) / (time.perf_counter() - start)


def rows(setting: Setting) -> Iterator[Row]:
    """Speed and memory of everyone, then the curve of the cascade where the model offers it."""
    if setting.data is None:
        return
    texts, teacher = fabsa_texts(setting.data) * TIMES, setting.loaded_teacher()
    rates = timed(contenders(setting.models, teacher), texts)
    for name, each in rates.items():
        figures = known(
            texts_per_s=float(np.median(each)), slowest=min(each), fastest=max(each),
            over_vader=_ratio(each, rates.get(VADER)), over_minilm=_ratio(each, rates.get(MINILM)),
            memory_mb=peak_of(name, texts[:SLOW], setting.teacher if name == MINILM else None),
        )  # fmt: skip
        yield Row(PART, "speed", TITLE, name, f"{WORKERS} workers", len(texts), figures)
    if "auto" in setting.models:
        yield from curve(setting.data, texts[:MEDIUM])


def _ratio(each: Sequence[float], other: Sequence[float] | None) -> float | None:
    """Median over the rounds of one speed by another of the same round."""
    return float(np.median(np.divide(each, other))) if other else None


def curve(data: Path, texts: Sequence[str]) -> Iterator[Row]:
    """Quality against speed of the cascade, by the probability of a difference above which a comment goes on.

    Nothing is chosen by it here: the thresholds come from the recipe of the weights.
    """
    taxonomy, own = taxonomy_of("fabsa"), load_taxonomy()
    reader: Any = load_model("auto", own)
    described: Any = load_model("auto", taxonomy)
    if not (hasattr(reader, "with_limit") and hasattr(described, "with_limit")):
        print("  the curve is left out: the model auto has no with_limit", flush=True)
        return
    test = list(sets.fabsa(data))
    for limit in LIMITS:
        codes = {code: code for code in taxonomy.codes}
        fabsa = Pipeline(described.with_limit(limit), taxonomy, codes, "descriptions").answer(test)
        figures = {
            "limit": limit,
            "fabsa": label_f1([c.labels for c in test], [a.labels for a in fabsa]).micro,
        }
        banded = reader.with_limit(limit)
        for language in ("de", "en"):
            cases = list(sets.held_out(language))
            answers = Pipeline(banded, own, {c: c for c in own.codes}, "cx").answer(cases)
            figures[f"authored_{language}"] = label_f1(
                [c.labels for c in cases], [a.labels for a in answers]
            ).micro
        figures["texts_per_s"] = _rate(pipeline_reader("auto", limit=limit), texts)
        yield Row(PART, CURVE, "Cascade", "auto", f"limit {limit}", len(test), figures)
