"""`warum evaluate`: any model against labels that people gave."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from warum.defaults import load_model
from warum.gold import GoldLabels, GoldOptions, GoldText, read_gold
from warum.model_names import DEFAULT_MODEL
from warum.own.evaluation import ALL, Evaluation, Mistake, Slice
from warum.own.reading_texts import ReadTexts, read_texts
from warum.records import POLARITIES, Opinion
from warum.taxonomy import Taxonomy, load_taxonomy
from warum_models.own import Gold, OwnModel, fingerprint, gold_of, is_model
from warum_models.own.figures import Counts, Scores, calibration, label_scores, share_right
from warum_models.own.folds import groups_of
from warum_models.own.storing import TAXONOMY
from warum_models.protocol import Reader

Bools = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
_MISTAKES = 10
_LEAST_SLICE = 10
_KNOWN = ("language", "source", "question")


@dataclass(frozen=True, slots=True)
class EvaluateOptions:
    """What is evaluated.

    Attributes:
        model: Name of the model, or a folder that `warum train` wrote.
        taxonomy: Name of a shipped taxonomy, or a YAML file; None for the folder's own, else cx.
        by: What to show figures by: language, source, question, or a column.
    """

    model: str = DEFAULT_MODEL
    taxonomy: str | None = None
    by: tuple[str, ...] = ("language", "source")


def evaluate(
    sources: Sequence[str],
    options: EvaluateOptions,
    gold_options: GoldOptions,
    *,
    say: Callable[[str], None] = lambda _: None,
) -> Evaluation:
    """Measure a model against labels.

    Args:
        sources: Files of labels.
        options: What is evaluated.
        gold_options: How the labels are read.
        say: Told what is being done.

    Raises:
        WarumError: If labels, taxonomy or model cannot be used.
    """
    taxonomy = load_taxonomy(options.taxonomy or _own_taxonomy(options.model))
    say("reading labels")
    gold = read_gold(sources, taxonomy, gold_options)
    model = load_model(options.model, taxonomy)
    say(f"reading {len(gold.texts)} texts")
    found = _Found.of(gold, read_texts(gold.texts, model, taxonomy), model, taxonomy)
    seen = _seen(model, found.read)
    slices = tuple(found.slices(options.by, seen))
    wrongly, missed = found.mistakes()
    return Evaluation(
        model=model.name,
        version=model.version,
        taxonomy=taxonomy.name,
        titles={c.code: dict(c.title) for c in taxonomy.categories},
        slices=slices,
        wrongly_found=wrongly,
        missed=missed,
        trained_on=int(seen.sum()),
        rows_in=gold.rows_in,
        left_out=len(gold.problems),
        notes=(*gold.notes, *_notes(gold, seen, found.read)),
        audit=gold.audit or any(text.audit for text in gold.texts),
    )


def _own_taxonomy(model: str) -> str:
    folder = Path(model)
    return str(folder / TAXONOMY) if is_model(folder) else "cx"


def _seen(model: Reader, read: ReadTexts) -> Bools:
    """Which texts the model was trained on; only models of `warum train` know."""
    if not isinstance(model, OwnModel):
        return np.zeros(len(read.comments), dtype=bool)
    known = model.facts.trained_on
    return np.array([fingerprint(c.text or "") in known for c in read.comments], dtype=bool)


def _notes(gold: GoldLabels, seen: Bools, read: ReadTexts) -> Iterator[str]:
    if gold.problems:
        yield f"{len(gold.problems)} rows were left out as --skip-bad asks; the first: {gold.problems[0]}"
    if seen.any():
        rest = (
            "No text is left that it has not seen: measure it on others."
            if seen.all()
            else 'Those of the other texts stand below, at "unseen".'
        )
        yield (
            f"WARNING: the model was trained on {int(seen.sum())} of these {len(seen)} texts, so the figures are too "
            f"good. {rest}"
        )
    unasked = sum(passage is None for passage in read.passages)
    if unasked:
        yield f"{unasked} texts are answered by a fixed rule or in a language that the model does not read."


@dataclass(frozen=True)
class _Found:
    """What people and the model say of the n texts."""

    texts: Sequence[GoldText]
    read: ReadTexts
    labels: tuple[str, ...]
    gold: Gold
    found: Gold
    probability: npt.NDArray[np.float64]
    groups: Rows

    @classmethod
    def of(cls, gold: GoldLabels, read: ReadTexts, model: Reader, taxonomy: Taxonomy) -> _Found:
        labels = taxonomy.codes
        probability = np.zeros((len(gold.texts), len(labels)))
        for j, code in enumerate(labels):
            if code in model.labels:
                probability[:, j] = read.presence[:, model.labels.index(code)]
        surest: list[set[tuple[str, str | None]]] = []
        for i, comment in enumerate(read.comments):
            best: dict[str, Opinion] = {}
            for opinion in comment.opinions:
                if opinion.category not in labels:
                    continue  # a fixed rule knows `general`, this taxonomy does not
                if opinion.source == "rule":
                    probability[i, labels.index(opinion.category)] = opinion.confidence
                held = best.get(opinion.category)
                if held is None or held.confidence < opinion.confidence:
                    best[opinion.category] = opinion
            surest.append({(code, opinion.polarity) for code, opinion in best.items()})
        customers = [text.customer for text in gold.texts]
        return cls(
            gold.texts, read, labels, gold_of([t.judgements for t in gold.texts], labels),
            gold_of(surest, labels), probability, groups_of([t.text for t in gold.texts], customers),
        )  # fmt: skip

    def slices(self, by: Sequence[str], seen: Bools) -> Iterator[Slice]:
        yield self.slice(ALL, ALL, np.arange(len(self.texts)))
        parts = [(name, self._values(name)) for name in by]
        if seen.any():
            parts.append(("training", ["seen" if s else "unseen" for s in seen.tolist()]))
        for name, values in parts:
            known = sorted({value for value in values if value})
            if len(known) < 2 and name != "training":
                continue
            for value in known:
                rows = np.array([i for i, v in enumerate(values) if v == value], dtype=np.int64)
                if len(rows) >= _LEAST_SLICE:
                    yield self.slice(name, value, rows)

    def _values(self, name: str) -> list[str | None]:
        if name == "language":
            return [comment.language for comment in self.read.comments]
        if name in _KNOWN:
            return [getattr(text, name) for text in self.texts]
        wanted = name.casefold()
        return [
            next((value for column, value in text.by.items() if column.casefold() == wanted), None)
            for text in self.texts
        ]

    def slice(self, by: str, value: str, rows: Rows) -> Slice:
        gold, found, groups = self.gold.take(rows), self.found.take(rows), self.groups[rows]
        counts = Counts(gold.present, found.present, groups)
        both = (gold.single >= 0) & found.present
        comment, label = np.nonzero(both)
        right = found.single[comment, label] == gold.single[comment, label]
        return Slice(
            by=by,
            value=value,
            texts=len(rows),
            labels=label_scores(counts, self.labels),
            micro=counts.of("micro", np.arange(len(self.labels))),
            macro=counts.macro(),
            pairs=_pairs(gold, found, groups),
            polarity=share_right(right, groups[comment]),
            calibration=calibration(self.probability[rows], gold.present),
        )

    def mistakes(self) -> tuple[tuple[Mistake, ...], tuple[Mistake, ...]]:
        """The surest of the wrongly found and of the missed."""
        wrongly = np.argwhere(self.found.present & ~self.gold.present).tolist()
        missed = np.argwhere(self.gold.present & ~self.found.present).tolist()
        wrongly.sort(key=lambda at: (-self.probability[at[0], at[1]], at))
        missed.sort(key=lambda at: (self.probability[at[0], at[1]], at))
        return (
            tuple(self._mistake(i, j, evidence=True) for i, j in wrongly[:_MISTAKES]),
            tuple(self._mistake(i, j, evidence=False) for i, j in missed[:_MISTAKES]),
        )

    def _mistake(self, i: int, j: int, *, evidence: bool) -> Mistake:
        comment = self.read.comments[i]
        text = comment.text or self.texts[i].text
        if evidence:
            text = next(o.evidence for o in comment.opinions if o.category == self.labels[j])
        return Mistake(self.texts[i].rows[0], self.labels[j], float(self.probability[i, j]), text)


def _pairs(gold: Gold, found: Gold, groups: Rows) -> Scores | None:
    """Scores of category and polarity together, where every label has its polarity."""
    said: Bools = np.asarray(gold.polarity.any(axis=2))
    if not gold.present.any() or not said[gold.present].all():
        return None
    n = len(groups)
    width = gold.present.shape[1] * len(POLARITIES)
    counts = Counts(gold.polarity.reshape(n, width), found.polarity.reshape(n, width), groups)
    return counts.of("category + polarity", np.arange(width))
