"""How well the shipped model reads feedback: category and polarity, per data set and language.

No text of these sets is in the training data. Comments are read by the whole
pipeline, as `warum analyze` reads them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from benchmarks import mappings
from benchmarks.models.case import Case, Pairs
from benchmarks.models.sets import example, fabsa, germeval, held_out, semeval14
from warum.defaults import StageOptions, default_stages, load_model
from warum.model_names import DEFAULT_MODEL
from warum.pipeline import run
from warum.records import Comment
from warum.taxonomy import load_taxonomy


def nhs(data: Path) -> Iterator[Case]:
    """NHS phase 2 comments; polarity is not labelled per category."""
    path = data / "nhs_patient_experience" / "v6framework_230831.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if (
                row["FFT answer"]
                and row["Labelling not possible"] != "1"
                and row["FFT answer"] != "Did not answer"
            ):
                gold = frozenset((c, "") for c in set(mappings.NHS.values()) if row[c] == "1")
                yield Case(row["FFT answer"], "en", gold, row["FFT question"] or None)


def predict(cases: list[Case], mapping: Mapping[str, str]) -> list[Pairs]:
    """What the pipeline reads from the cases, in the labels of the data set."""
    taxonomy = load_taxonomy()
    model = load_model(DEFAULT_MODEL, taxonomy)
    comments = [
        Comment(str(i), case.text, i + 1, question=case.question, language=case.language)
        for i, case in enumerate(cases)
    ]
    read = run(comments, default_stages(model, taxonomy, StageOptions(keep_pii=True)))
    return [
        frozenset((mapping[o.category], o.polarity) for o in c.opinions if o.category in mapping)
        for c in read
    ]


def scores(gold: list[frozenset[str]], found: list[frozenset[str]]) -> tuple[float, float]:
    """Micro and macro F1 over sets of labels; macro over labels that occur in the gold."""
    labels = sorted({label for case in gold for label in case})
    hits, wrong, missed = (dict.fromkeys(labels, 0) for _ in range(3))
    extra = 0
    for g, f in zip(gold, found, strict=True):
        for label in f:
            if label not in hits:
                extra += 1
            elif label in g:
                hits[label] += 1
            else:
                wrong[label] += 1
        for label in g - f:
            missed[label] += 1
    total = 2 * sum(hits.values()) + sum(wrong.values()) + sum(missed.values()) + extra
    each = [2 * hits[x] / max(1, 2 * hits[x] + wrong[x] + missed[x]) for x in labels]
    return 2 * sum(hits.values()) / max(1, total), float(np.mean(each))


def row(name: str, cases: list[Case], mapping: Mapping[str, str], *, polarity: bool = True) -> str:
    """One line of the table, and the best constant answer beside it."""
    kept = frozenset(mapping.values())
    gold = [frozenset(p for p in case.gold if p[0] in kept) for case in cases]
    found = predict(cases, mapping)
    gold_labels = [frozenset(label for label, _ in g) for g in gold]
    micro, macro = scores(gold_labels, [frozenset(label for label, _ in f) for f in found])
    counts: dict[str, int] = {}
    for g in gold_labels:
        for label in g:
            counts[label] = counts.get(label, 0) + 1
    most = frozenset({max(sorted(counts), key=lambda k: counts[k])})
    constant, _ = scores(gold_labels, [most] * len(gold))
    pair, accuracy = "–", "–"
    if polarity:
        as_text = [[frozenset(f"{a} {p}" for a, p in x) for x in side] for side in (gold, found)]
        pair = f"{scores(*as_text)[0]:.3f}"
        accuracy = f"{polarity_accuracy(gold, found):.3f}"
    return f"| {name} | {len(cases):,} | {micro:.3f} | {macro:.3f} | {constant:.3f} | {pair} | {accuracy} |"


def polarity_accuracy(gold: list[Pairs], found: list[Pairs]) -> float:
    """Among labels rightly found that have one polarity on both sides: is it the same."""
    right = total = 0
    for g, f in zip(gold, found, strict=True):
        for label in {x for x, _ in g} & {x for x, _ in f}:
            a = {p for x, p in g if x == label}
            b = {p for x, p in f if x == label}
            if len(a) == len(b) == 1:
                total += 1
                right += a == b
    return right / max(1, total)


def table(data: Path | None) -> str:
    """The whole table as markdown; only the bundled example without the public data."""
    own = {code: code for code in load_taxonomy().codes}
    lines = [
        "| texts | n | category micro F1 | macro F1 | always the most frequent: micro F1 "
        "| category + polarity micro F1 | polarity accuracy |",
        "|---|---|---|---|---|---|---|",
        row("bundled example, German", list(example("de")), own),
        row("bundled example, English", list(example("en")), own),
        row("authored held-out set, German", list(held_out("de")), own),
        row("authored held-out set, English", list(held_out("en")), own),
    ]
    if data is not None:
        lines += [
            row("FABSA test (en)", list(fabsa(data)), mappings.FABSA),
            row("SemEval-2014 restaurants (en)", list(semeval14(data)), mappings.SEMEVAL14),
            row(
                "GermEval-2017 synchronic, without Allgemein (de)",
                list(germeval(data)),
                mappings.GERMEVAL,
            ),
            row(
                "NHS phase 2, 12 labels (en)",
                list(nhs(data)),
                mappings.NHS,
                polarity=False,
            ),
        ]
    return "\n".join(lines)
