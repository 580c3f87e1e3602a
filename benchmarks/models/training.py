"""What a user's own labels bring: splits, protocols and scoring; the fitting itself is passed in.

The protocols never show a fitting function a test text, and score its reader through the whole pipeline.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from benchmarks.models import comment_sets, foldings, sets
from benchmarks.models.answers import Answer, Contender, Pipeline
from benchmarks.models.case import Case
from benchmarks.models.category_sets import taxonomy_of
from benchmarks.models.figures import Labels, class_figures, constant_f1, label_f1, pairs_as_labels
from benchmarks.models.own_fit import fit_own
from benchmarks.models.record import Row, Setting, known
from benchmarks.models.splits import few_per_label, respondent_folds
from benchmarks.models.supervised import Learner, learners
from warum.defaults import load_base
from warum.errors import ModelError
from warum.taxonomy import Taxonomy, load_taxonomy, parse_taxonomy
from warum_models.protocol import EMOTIONS, Reader

PART = "models_training"
DRAWS, PER_LABEL = 10, 8


Fit = Callable[[Sequence[Case], Taxonomy, str], Reader]
"""Labelled cases, their categories and the name of the model to start from, to a reader."""


@dataclass(frozen=True)
class Trainer:
    """Whoever learns from labelled cases.

    Attributes:
        name: Name in the tables.
        way: How it learns.
        learn: Labelled cases and their categories to a contender.
    """

    name: str
    way: str
    learn: Callable[[Sequence[Case], Taxonomy], Contender]


def our_trainer(fit: Fit, base: str) -> Trainer:
    """A fitting function of ours with the model that it starts from."""

    def learn(cases: Sequence[Case], taxonomy: Taxonomy) -> Contender:
        reader = fit(cases, taxonomy, base)
        codes = {code: code for code in taxonomy.codes}
        return Pipeline(reader, taxonomy, codes, f"trained on {base}", f"warum train ({base})")

    return Trainer(f"warum train ({base})", f"trained on {base}", learn)


def rows(setting: Setting, fit: Fit = fit_own) -> Iterator[Row]:
    """All protocols for all trainers; without the public data there is nothing to train on.

    Args:
        setting: The run.
        fit: Trains our models.
    """
    if setting.data is None:
        return
    others = [_baseline(learner) for learner in learners(setting.loaded_teacher())]
    mine = [our_trainer(fit, base) for base in _there(setting.base)]
    for trainer in [*mine, *others]:
        print(f"  {trainer.name}", flush=True)
        yield fabsa_row(setting.data, trainer)
        yield few_labels_row(setting.data, trainer)
    unseen = [our_trainer(fit, base) for base in _there(setting.base_without_nhs)]
    for trainer in [*unseen, *others]:
        print(f"  NHS: {trainer.name}", flush=True)
        yield nhs_row(setting.data, trainer)
    for trainer in mine:
        yield from class_rows(setting.data, trainer)


def _there(base: str | None) -> list[str]:
    """The base, if it can be one; else none, with the reason printed."""
    if base is None:
        print("  NHS is left out for our models: --base-without-nhs names no base", flush=True)
        return []
    try:
        load_base(base, load_taxonomy())
    except ModelError as error:
        print(f"  our models are left out: {error}", flush=True)
        return []
    return [base]


def _baseline(learner: Learner) -> Trainer:
    return Trainer(learner.name, learner.way, lambda cases, _: learner(cases))


def fabsa_row(data: Path, trainer: Trainer) -> Row:
    """FABSA: trained on its own training part, without the test's texts."""
    test = list(sets.fabsa(data))
    learnt = trainer.learn(list(sets.fabsa(data, "train")), taxonomy_of("fabsa"))
    figures = set_figures(test, learnt.answer(test))
    return Row(
        PART,
        "fabsa",
        "FABSA test, *training* on its own part",
        trainer.name,
        trainer.way,
        len(test),
        figures,
    )


def few_labels_row(data: Path, trainer: Trainer, draws: int = DRAWS) -> Row:
    """FABSA with eight labelled texts per category: the mean of several draws, and their standard deviation."""
    test, pool, taxonomy = (
        list(sets.fabsa(data)),
        list(sets.fabsa(data, "train")),
        taxonomy_of("fabsa"),
    )
    each = []
    for draw in range(draws):
        chosen = few_per_label(pool, taxonomy.codes, PER_LABEL, draw)
        each.append(set_figures(test, trainer.learn(chosen, taxonomy).answer(test)))
    shared = set.intersection(*map(set, each))
    mean = {name: float(np.mean([f[name] for f in each])) for name in sorted(shared)}
    spread = float(np.std([f["micro"] for f in each], ddof=1)) if draws > 1 else None
    figures = mean | known(micro_sd=spread, rounds=draws)
    title = f"FABSA test, *{PER_LABEL} labels per category*, mean of {draws} draws"
    return Row(PART, "fabsa_few", title, trainer.name, trainer.way, len(test), figures)


def nhs_row(data: Path, trainer: Trainer) -> Row:
    """NHS: five folds by respondent; the figures are over all held-out answers together."""
    cases, taxonomy = list(sets.nhs(data)), taxonomy_of("nhs")
    answers: dict[int, Answer] = {}
    for train, test in respondent_folds(cases):
        learnt = trainer.learn([cases[i] for i in train], taxonomy)
        answers.update(zip(test.tolist(), learnt.answer([cases[i] for i in test]), strict=True))
    figures = set_figures(cases, [answers[i] for i in range(len(cases))]) | {"rounds": 5.0}
    return Row(PART, "nhs", "NHS, 22 labels, *training*, 5-fold by respondent", trainer.name, trainer.way,
               len(cases), figures)  # fmt: skip


def class_rows(data: Path, trainer: Trainer) -> Iterator[Row]:
    """Sets with one class per text, whose names are the labels; the surest label is the answer."""
    for key, title, load, head, classes in (
        ("sb10k", "SB10k, held-out tenth", comment_sets.sb10k, "polarity", comment_sets.POLARITIES),
        (
            "shah",
            "app feedback SHAH, held-out fifth",
            comment_sets.shah,
            "intent",
            foldings.SHAH_INTENTS,
        ),
        (
            "goemotions",
            "GoEmotions test, folded to nine",
            comment_sets.goemotions,
            "emotion",
            EMOTIONS,
        ),
    ):
        taxonomy = class_taxonomy(key, classes)
        train = [as_label(case, head) for case in load(data, "train")]
        test = [as_label(case, head) for case in load(data, "test")]
        answers = trainer.learn(train, taxonomy).answer(test)
        gold = [next(iter(case.labels)) for case in test]
        c = class_figures(gold, [surest(answer, classes) for answer in answers], classes)
        figures = known(
            accuracy=c.accuracy, macro=c.macro, constant=c.constant, constant_macro=c.constant_macro
        )
        yield Row(
            PART,
            f"{key}_own",
            f"{title}, *training* with `warum train`",
            trainer.name,
            trainer.way,
            c.n,
            figures,
        )


def as_label(case: Case, head: str) -> Case:
    """A case whose class is its only label."""
    name = str(getattr(case, head))
    return Case(case.text, case.language, frozenset({(name, "")}), case.question, group=case.group)


def surest(answer: Answer, classes: Sequence[str]) -> str:
    """The class of the highest probability; the last one where nothing was said."""
    if not answer.presence:
        return classes[-1]
    return max(classes, key=lambda name: answer.presence.get(name, 0.0))


def class_taxonomy(name: str, classes: Sequence[str]) -> Taxonomy:
    """Classes as categories, told by their names alone."""
    entries = [
        {"code": c, "title": c.replace("_", " "), "description": c.replace("_", " ")}
        for c in classes
    ]
    return parse_taxonomy(yaml.safe_dump({"name": name, "categories": entries}), origin=name)


def set_figures(cases: Sequence[Case], answers: Sequence[Answer]) -> dict[str, float]:
    """F1 of labels and of pairs, with the most frequent one given always beside each."""
    gold: list[Labels] = [case.labels for case in cases]
    f1, most = label_f1(gold, [answer.labels for answer in answers]), constant_f1(gold)
    figures = known(
        micro=f1.micro, macro=f1.macro, constant_micro=most.micro, constant_macro=most.macro
    )
    pairs = [frozenset(pair for pair in case.gold if pair[1]) for case in cases]
    if any(pairs):
        pair, constant = pairs_as_labels(pairs), constant_f1(pairs_as_labels(pairs))
        both = label_f1(pair, pairs_as_labels([answer.found for answer in answers]))
        figures |= known(pair_micro=both.micro, pair_macro=both.macro,
                         pair_constant_micro=constant.micro, pair_constant_macro=constant.macro)  # fmt: skip
    return figures
