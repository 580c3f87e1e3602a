"""Figures as markdown: one table per set with all contenders, one per head, one per kind of speed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from benchmarks.models import categories
from benchmarks.models.record import Row, number

Column = tuple[str, Callable[[Row], str]]


def markdown(rows: Iterable[Row], columns: Sequence[Column]) -> str:
    """A table with a line per row."""
    lines = ["| " + " | ".join(name for name, _ in columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(cell(row) for _, cell in columns) + " |" for row in rows]
    return "\n".join(lines)


def figure(name: str, digits: int = 3) -> Callable[[Row], str]:
    """A cell with one figure."""
    return lambda row: number(row[name], digits)


def beside(first: str, second: str) -> Callable[[Row], str]:
    """A cell with two figures."""
    return lambda row: f"{number(row[first])} / {number(row[second])}"


WHO: tuple[Column, ...] = (
    ("contender", lambda row: row.contender),
    ("reached by", lambda row: row.way),
)
CATEGORIES: tuple[Column, ...] = (
    *WHO,
    ("category micro F1", figure("micro")),
    ("macro F1", figure("macro")),
    ("most frequent always: micro / macro", beside("constant_micro", "constant_macro")),
    ("category + polarity micro F1", figure("pair_micro")),
    ("macro F1 of pairs", figure("pair_macro")),
    (
        "most frequent pair always: micro / macro",
        beside("pair_constant_micro", "pair_constant_macro"),
    ),
)
POLARITY: tuple[Column, ...] = (
    *WHO,
    ("polarity given the category: accuracy", figure("given")),
    ("macro F1", figure("given_macro")),
    ("most frequent always: accuracy / macro F1", beside("given_constant", "given_constant_macro")),
    ("whole text: accuracy", figure("whole")),
    ("macro F1 ", figure("whole_macro")),
    (
        "most frequent always: accuracy / macro F1 ",
        beside("whole_constant", "whole_constant_macro"),
    ),
)
EVIDENCE: tuple[Column, ...] = (
    *WHO,
    ("gold targets", figure("evidence_n", 0)),
    ("inside evidence of the right category", figure("evidence")),
    ("of those whose category was found", figure("evidence_found")),
    ("median evidence ÷ sentence", figure("evidence_length")),
)
CALIBRATION: tuple[Column, ...] = (
    ("texts", lambda row: row.title),
    *WHO,
    ("category, ECE", figure("ece_category")),
    ("pairs with p ≥ 0.1", figure("ece_category_n", 0)),
    ("polarity given the category, ECE", figure("ece_polarity")),
    ("whole text, ECE", figure("ece_whole")),
)
HEADS: tuple[Column, ...] = (
    *WHO,
    ("accuracy (micro F1)", figure("accuracy")),
    ("macro F1", figure("macro")),
    ("most frequent always: accuracy / macro F1", beside("constant", "constant_macro")),
    ("ECE", figure("ece")),
)


def category_tables(rows: Sequence[Row]) -> str:
    """Every set with categories, then evidence, calibration and German beside English."""
    text = []
    for (title, n), held in _by_set(r for r in rows if r.key != categories.DIFFERENCE):
        gone = int(held[0]["removed"]) if "removed" in held[0].figures else 0
        note = (
            f"; {gone:,} more stand in the training data of the weights and were left out"
            if gone
            else ""
        )
        text += [f"### {title}", f"{n:,} texts{note}.", markdown(held, CATEGORIES)]
        if any("given" in row.figures or "whole" in row.figures for row in held):
            text.append(
                markdown([r for r in held if {"given", "whole"} & set(r.figures)], POLARITY)
            )
        if any("evidence" in row.figures for row in held):
            text.append(markdown([r for r in held if "evidence" in r.figures], EVIDENCE))
    claimed = [row for row in rows if "ece_category" in row.figures or "ece_whole" in row.figures]
    if claimed:
        text += ["### Calibration of categories and polarity", markdown(claimed, CALIBRATION)]
    return "\n\n".join([*text, *_differences(rows)])


def _differences(rows: Sequence[Row]) -> list[str]:
    differences = [row for row in rows if row.key == categories.DIFFERENCE]
    if not differences:
        return []
    columns: tuple[Column, ...] = (
        ("model", lambda row: row.contender),
        ("German − English, category micro F1 (95 % interval)", interval),
    )
    return ["### German beside English, the same comments", markdown(differences, columns)]


def interval(row: Row) -> str:
    """A difference with its interval."""
    return f"{row['difference']:+.3f} ({row['low']:+.3f} to {row['high']:+.3f})"


def comment_tables(rows: Sequence[Row]) -> str:
    """Every set that labels whole texts, then correlation with human intensity."""
    text = []
    for (title, n), held in _by_set(r for r in rows if "accuracy" in r.figures):
        text += [f"### {title}", f"{n:,} texts.", markdown(held, HEADS)]
    rated = [row for row in rows if "spearman" in row.figures]
    if rated:
        columns: tuple[Column, ...] = (
            ("texts", lambda row: row.title),
            ("n", lambda row: f"{row.n:,}"),
            ("contender", lambda row: row.contender),
            ("Spearman with the mean human rating", figure("spearman")),
        )
        text += ["### Sentiment beside human intensity", markdown(rated, columns)]
    return "\n\n".join(text)


def training_tables(rows: Sequence[Row]) -> str:
    """What a few or all labels of a set bring."""
    columns: tuple[Column, ...] = (
        *CATEGORIES[:7],
        ("accuracy", figure("accuracy")),
        ("draws or folds", figure("rounds", 0)),
    )
    text = []
    for (title, n), held in _by_set(rows):
        text += [f"### {title}", f"{n:,} texts.", markdown(held, columns)]
    return "\n\n".join(text)


def speed_table(rows: Sequence[Row]) -> str:
    """Texts per second with their spread, ratios and memory; then the curve of the cascade."""
    columns: tuple[Column, ...] = (
        ("contender", lambda row: row.contender),
        ("texts/s, median", figure("texts_per_s", 0)),
        ("slowest to fastest round", lambda row: f"{row['slowest']:,.0f} to {row['fastest']:,.0f}"),
        ("÷ VADER", figure("over_vader", 2)),
        ("÷ frozen MiniLM fp32", figure("over_minilm", 2)),
        ("peak memory, MB", figure("memory_mb", 0)),
    )
    curve: tuple[Column, ...] = (
        ("limit", figure("limit", 2)),
        ("texts/s", figure("texts_per_s", 0)),
        ("FABSA micro F1", figure("fabsa")),
        ("authored, German", figure("authored_de")),
        ("authored, English", figure("authored_en")),
    )
    text = [markdown([row for row in rows if row.key == "speed"], columns)]
    if banded := [row for row in rows if row.key == "curve"]:
        text += ["### The cascade `auto`", markdown(banded, curve)]
    return "\n\n".join(text)


def _by_set(rows: Iterable[Row]) -> list[tuple[tuple[str, int], list[Row]]]:
    """Rows of each set, in order of first appearance."""
    listed = list(rows)
    order = {row.key: place for place, row in reversed(list(enumerate(listed)))}
    listed.sort(key=lambda row: order[row.key])
    return [((held[0].title, held[0].n), held)
            for _, group in groupby(listed, key=lambda row: row.key) for held in [list(group)]]  # fmt: skip
