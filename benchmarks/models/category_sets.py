"""The sets with categories as the benchmark uses them: test, training part, taxonomy, mapping."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from benchmarks import mappings
from benchmarks.models import sets
from benchmarks.models.case import Case
from benchmarks.models.splits import labelled_training_texts, without_texts, without_texts_of
from warum.taxonomy import Taxonomy, load_taxonomy

DESCRIPTIONS, MAPPING = "descriptions", "mapping from cx"
OWN = "its own categories"


@dataclass(frozen=True)
class CategorySet:
    """A set with categories.

    Attributes:
        key: Short name.
        title: Name in the tables.
        language: ISO 639-1 code.
        test: Test cases; texts that also stand in the training data of the weights are left out.
        removed: How many were left out.
        train: Its own training part, for the supervised baselines alone.
        taxonomy: A description per label.
        mapping: Code of `cx` to label; None where the labels are the codes of `cx`.
    """

    key: str
    title: str
    language: str
    test: tuple[Case, ...]
    removed: int
    train: tuple[Case, ...]
    taxonomy: Taxonomy
    mapping: Mapping[str, str] | None

    @property
    def names(self) -> dict[str, str]:
        """Label to its name in the set's language."""
        wanted = {label for case in self.test for label in case.labels}
        return {c: self.taxonomy.title(c, self._ui) for c in self.taxonomy.codes if c in wanted}

    @property
    def _ui(self) -> Literal["de", "en"]:
        return "de" if self.language == "de" else "en"

    @property
    def ways(self) -> tuple[tuple[str, Taxonomy, Mapping[str, str] | None], ...]:
        """How a model of ours can be asked: the way that counts first, then the other one."""
        if self.mapping is None:
            return ((OWN, self.taxonomy, None),)
        codes = {code: code for code in self.taxonomy.codes}
        return (
            (DESCRIPTIONS, self.taxonomy, codes),
            (MAPPING, load_taxonomy("cx"), self.mapping),
        )


Loader = Callable[[Path, str], Iterator[Case]]
PUBLIC: tuple[tuple[str, str, str, Loader, Mapping[str, str]], ...] = (
    ("fabsa", "FABSA test (en)", "en", sets.fabsa, mappings.FABSA),
    ("semeval14", "SemEval-2014 restaurants, gold (en)", "en", sets.semeval14, mappings.SEMEVAL14),
    ("semeval16", "SemEval-2016 restaurants, test (en)", "en", sets.semeval16, mappings.SEMEVAL16),
    ("germeval17", "GermEval-2017 synchronic, relevant, without Allgemein (de)", "de", sets.germeval,
     mappings.GERMEVAL),
    ("mobasa", "MobASA test (de)", "de", sets.mobasa, mappings.MOBASA),
)  # fmt: skip


def category_sets(data: Path | None) -> Iterator[CategorySet]:
    """All of them; only the authored one without the public data."""
    for language, name in (("de", "German"), ("en", "English")):
        yield CategorySet(
            f"authored_{language}",
            f"authored held-out set, {name}",
            language,
            tuple(sets.held_out(language)),
            0,
            tuple(sets.authored_training(language)),
            load_taxonomy("cx"),
            None,
        )
    if data is None:
        return
    trained = labelled_training_texts(data)
    for key, title, language, load, mapping in PUBLIC:
        everything = tuple(load(data, "test"))
        test = tuple(without_texts(everything, trained))
        train = tuple(without_texts_of(load(data, "train"), everything))
        removed = len(everything) - len(test)
        yield CategorySet(key, title, language, test, removed, train, taxonomy_of(key), mapping)
    yield _nhs(data, trained)


def _nhs(data: Path, trained: frozenset[str]) -> CategorySet:
    """NHS without any label of it: the figures that training has to beat."""
    everything = tuple(sets.nhs(data))
    test = tuple(without_texts(everything, trained))
    title = "NHS phase 2, 22 labels (en)"
    removed = len(everything) - len(test)
    return CategorySet("nhs", title, "en", test, removed, (), taxonomy_of("nhs"), mappings.NHS)


def taxonomy_of(key: str) -> Taxonomy:
    """The descriptions of a set's labels, written from label names and guidelines alone."""
    return load_taxonomy(sets.TAXONOMIES / f"{key}.yaml")
