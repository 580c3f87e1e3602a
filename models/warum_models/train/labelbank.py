"""The labels that training texts are labelled with, each told in several ways.

A label is known to the network by what is written about it. So that it learns to read descriptions and not
28 codes, the categories of `cx` come under several wordings in two languages, merged with each other, in the words
of other codebooks ("views"), and beside the categories of many small taxonomies that were written for this purpose.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from warum_models.corpus.check import CATEGORIES
from warum_models.label_text import label_text
from warum_models.protocol import Label

CORPUS = Path(__file__).parent.parent / "corpus"
VIEWS = CORPUS / "views" / "cx.jsonl"
UNSEEN_VIEWS = CORPUS / "views" / "held_out.jsonl"  # for calibration alone
CODES = tuple(sorted(CATEGORIES))
UNIONS = 64
SEED = 7
# MAMS: category names with what its guidelines mean by them.
MAMS = {
    "food": "Food: taste, quality, freshness and portions of dishes and drinks",
    "staff": "Staff: friendliness and attention of waiters, bartenders, hosts and managers",
    "price": "Price: what it costs and whether it is worth it",
    "ambience": "Ambience: atmosphere, decor, music, noise of the restaurant",
    "menu": "Menu: choice of dishes and drinks on the menu, specials, wine list",
    "service": "Service: how fast and how well guests are served, waiting, reservations",
    "place": "Place: the location, the room, the tables and seats",
}


def wordings(label: Label) -> tuple[str, ...]:
    """The ways a label is told: title with description, description alone, title with examples."""
    ways = [f"{label.title}: {label.description}", label.description]
    if label.examples:
        ways.append(f"{label.title}: {', '.join(label.examples)}")
    return tuple(ways)


@dataclass(frozen=True)
class Wording:
    """One way to tell a label: its text, the text's language, and the row of its own vector (-1 for none)."""

    text: str
    language: str
    own: int = -1


class LabelBank:
    """All wordings, and which of them tell the same label.

    Attributes:
        wordings: All of them.
        keys: Label key ("cx:delivery", "union:3", "own-a:tram-de:takt" …) to rows of `wordings`.
        unions: Key of a merged label, or of a category of a view, to the codes it holds.
    """

    def __init__(
        self,
        cx: Sequence[Label],
        own: Mapping[str, Sequence[Label]],
        others: Mapping[str, str] | None = None,
        views: Iterable[tuple[Label, frozenset[str]]] = (),
    ) -> None:
        self.wordings: list[Wording] = []
        self.keys: dict[str, list[int]] = {}
        self.unions: dict[str, frozenset[str]] = {}
        by_code: dict[str, list[Label]] = {}
        for label in cx:
            by_code.setdefault(label.code, []).append(label)
            for text in wordings(label):
                self._add(f"cx:{label.code}", text, label.language, CODES.index(label.code))
        self._merge(by_code)
        for name, labels in own.items():
            for label in labels:
                for text in (label_text(label), label.title):
                    self._add(f"{name}:{label.code}", text, label.language)
        for code, text in MAMS.items():
            self._add(f"mams:{code}", text, "en")
        for key, text in (others or {}).items():
            self._add(key, text, "en")
        for label, codes in views:
            self.unions[label.code] = codes
            self._add(label.code, label_text(label), label.language)

    def merged(
        self, key: str, present: Mapping[str, list[tuple[int, int, int]]]
    ) -> list[tuple[int, int, int]]:
        """Polarity and evidence of a merged label, from those of its codes; empty where none is there."""
        return spans_of(self.unions[key], present)

    def _add(self, key: str, text: str, language: str, own: int = -1) -> None:
        self.keys.setdefault(key, []).append(len(self.wordings))
        self.wordings.append(Wording(text, language, own))

    def _merge(self, by_code: Mapping[str, Sequence[Label]]) -> None:
        generator = np.random.default_rng(SEED)
        parents: dict[str, list[str]] = {}
        for code in CODES:
            if "." in code:
                parents.setdefault(code.partition(".")[0], []).append(code)
        groups = [tuple(codes) for codes in parents.values()]
        while len(groups) < UNIONS:
            size = int(generator.integers(2, 4))
            groups.append(tuple(sorted(generator.choice(CODES, size, replace=False).tolist())))
        for i, group in enumerate(groups):
            key = f"union:{i}"
            self.unions[key] = frozenset(group)
            for language in ("en", "de"):
                held = [x for code in group for x in by_code[code] if x.language == language]
                self._add(key, ", ".join(x.title for x in held), language)
                self._add(key, "; ".join(x.description for x in held), language)


def spans_of(
    codes: Iterable[str], present: Mapping[str, list[tuple[int, int, int]]]
) -> list[tuple[int, int, int]]:
    """Polarity and evidence of several codes of `cx` together; empty where none is there."""
    return [span for code in sorted(codes) for span in present.get(f"cx:{code}", [])]


def own_taxonomies() -> dict[str, list[Label]]:
    """The small taxonomies of the corpus: name to labels."""
    found: dict[str, list[Label]] = {}
    for row in own_rows():
        if "categories" in row:
            found[str(row["taxonomy"])] = [
                Label(c["code"], c["title"], c["description"], (), str(row["language"]))
                for c in row["categories"]
            ]
    return found


def held_out_taxonomies() -> frozenset[str]:
    """Names of the small taxonomies that no training sees, fixed for all time: a network goes on from earlier ones."""
    return frozenset((CORPUS / "own" / "held_out.txt").read_text("utf-8").split())


def views(path: Path = VIEWS) -> Iterator[tuple[Label, frozenset[str]]]:
    """Categories of other codebooks, each with the codes of `cx` that it holds."""
    for line in path.read_text("utf-8").splitlines():
        view = json.loads(line)
        for c in view["categories"]:
            key = f"{view['name']}:{c['code']}"
            label = Label(key, c["title"], c["description"], (), view["language"])
            yield label, frozenset(c["of"])


def unseen_views(path: Path = UNSEEN_VIEWS) -> dict[str, list[tuple[Label, frozenset[str]]]]:
    """Other codebooks that no training sees: name to its labels, each with the codes of `cx` that it holds."""
    found: dict[str, list[tuple[Label, frozenset[str]]]] = {}
    for key, codes in views(path):
        name, _, code = key.code.rpartition(":")
        label = Label(code, key.title, key.description, (), key.language)
        found.setdefault(name, []).append((label, codes))
    return found


def own_rows() -> Iterator[dict[str, Any]]:
    """All lines of the corpus under own taxonomies."""
    for path in sorted((CORPUS / "own").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            if line.strip():
                yield json.loads(line)
