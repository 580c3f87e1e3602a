"""Categories, their polarity and their evidence: every model and baseline on every set."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from benchmarks.models.answers import Answer, Contender, ours
from benchmarks.models.case import Case
from benchmarks.models.category_sets import CategorySet, category_sets
from benchmarks.models.figures import (
    NO_ANSWER,
    calibration_error,
    class_figures,
    constant_f1,
    evidence_figures,
    label_f1,
    paired_difference,
    pairs_as_labels,
    polarity_given_label,
)
from benchmarks.models.lexicons import textblob, vader
from benchmarks.models.record import Row, Setting, known
from benchmarks.models.supervised import learners
from benchmarks.models.teacher import Teacher
from benchmarks.models.zero_shot import UNTUNED, Cosine
from warum.errors import ModelError

PART = "models_categories"
LEAST = 0.1  # probability from which a pair counts for the calibration of categories
DIFFERENCE = "authored_difference"


def rows(setting: Setting) -> list[Row]:
    """Figures of all contenders on all sets."""
    teacher = setting.loaded_teacher()
    found: list[Row] = []
    answers: dict[tuple[str, str], tuple[CategorySet, list[Answer]]] = {}
    for labelled in category_sets(setting.data):
        print(f"  {labelled.title}: {len(labelled.test):,}", flush=True)
        for contender in contenders(labelled, setting.models, teacher):
            given = contender.answer(labelled.test)
            found.append(row(labelled, contender, given))
            answers[labelled.key, contender.name] = labelled, given
    return [*found, *_differences(answers, setting.models)]


def contenders(
    labelled: CategorySet, models: Sequence[str], teacher: Teacher | None
) -> Iterator[Contender]:
    """Who answers on a set: our models, each way they can; the supervised; lexicons; the cosine."""
    for name in models:
        for way, taxonomy, mapping in labelled.ways:
            try:
                yield ours(name, taxonomy, mapping, way)
            except ModelError as error:
                print(f"  {name} by {way}: {str(error)[:60]}…", flush=True)
    if labelled.train:
        yield from (learn(labelled.train) for learn in learners(teacher))
    if labelled.language == "en":
        yield from lexicons()
    if teacher is not None:
        yield Cosine(teacher, labelled.names, UNTUNED)
        yield Cosine(teacher, labelled.names, None)


def lexicons() -> Iterator[Contender]:
    """The lexicons that are installed."""
    makers: tuple[Callable[[], Contender], ...] = (vader, textblob)
    for make in makers:
        try:
            yield make()
        except ModuleNotFoundError as error:
            print(f"  {error.name} is not installed (dependency group bench): left out", flush=True)


def row(labelled: CategorySet, contender: Contender, answers: Sequence[Answer]) -> Row:
    """All figures of one contender on one set."""
    cases = labelled.test
    figures = {
        **_labels(cases, answers),
        **_polarity(cases, answers),
        **_evidence(cases, answers),
        **_calibration(cases, answers),
        "removed": float(labelled.removed),
    }
    return Row(
        PART, labelled.key, labelled.title, contender.name, contender.way, len(cases), figures
    )


def _labels(cases: Sequence[Case], answers: Sequence[Answer]) -> dict[str, float]:
    """F1 of labels and pairs, and of the most frequent one given always."""
    gold = [case.labels for case in cases]
    most = constant_f1(gold)
    if not any(answer.found for answer in answers):
        return known(constant_micro=most.micro, constant_macro=most.macro)
    f1 = label_f1(gold, [answer.labels for answer in answers])
    figures = known(
        micro=f1.micro, macro=f1.macro, constant_micro=most.micro, constant_macro=most.macro
    )
    gold_pairs = [frozenset(pair for pair in case.gold if pair[1]) for case in cases]
    found_pairs = [frozenset(pair for pair in answer.found if pair[1]) for answer in answers]
    if any(gold_pairs) and any(found_pairs):
        pairs = label_f1(pairs_as_labels(gold_pairs), pairs_as_labels(found_pairs))
        constant = constant_f1(pairs_as_labels(gold_pairs))
        figures |= known(pair_micro=pairs.micro, pair_macro=pairs.macro,
                         pair_constant_micro=constant.micro, pair_constant_macro=constant.macro)  # fmt: skip
    return figures


def _polarity(cases: Sequence[Case], answers: Sequence[Answer]) -> dict[str, float]:
    """Polarity given the label, and of the whole text where it has one."""
    if not any(answer.polarity or answer.judged for answer in answers):
        return {}
    given = polarity_given_label(cases, answers)
    figures = known(given=given.accuracy, given_macro=given.macro, given_constant=given.constant,
                    given_constant_macro=given.constant_macro, given_n=given.n)  # fmt: skip
    judged = [
        (c.whole, a.polarity or NO_ANSWER) for c, a in zip(cases, answers, strict=True) if c.whole
    ]
    if judged and any(answer.polarity for answer in answers):
        whole = class_figures([gold for gold, _ in judged], [answer for _, answer in judged])
        figures |= known(whole=whole.accuracy, whole_macro=whole.macro, whole_constant=whole.constant,
                         whole_constant_macro=whole.constant_macro, whole_n=whole.n)  # fmt: skip
    return figures


def _evidence(cases: Sequence[Case], answers: Sequence[Answer]) -> dict[str, float]:
    if not any(case.targets for case in cases) or not any(answer.evidence for answer in answers):
        return {}
    e = evidence_figures(cases, answers)
    return known(
        evidence=e.inside, evidence_found=e.inside_found, evidence_length=e.length, evidence_n=e.n
    )


def _calibration(cases: Sequence[Case], answers: Sequence[Answer]) -> dict[str, float]:
    """Calibration of categories (pairs of some probability) and of their polarity."""
    both = list(zip(cases, answers, strict=True))
    pairs = [
        (p, label in c.labels) for c, a in both for label, p in a.presence.items() if p >= LEAST
    ]
    sides = [
        (probability, polarity == gold)
        for c, a in both
        for label, (polarity, probability) in a.judged.items()
        if np.isfinite(probability) and (gold := c.polarity_of(label)) is not None
    ]
    whole = [(a.heads["document"], c.whole) for c, a in both if c.whole and "document" in a.heads]
    figures: dict[str, float] = {}
    claims = (
        ("category", pairs),
        ("polarity", sides),
        ("whole", [(p, answer == gold) for (answer, p), gold in whole]),
    )
    for name, claimed in claims:
        if claimed:
            error = calibration_error(*zip(*claimed, strict=True))  # type: ignore[arg-type]
            figures |= {f"ece_{name}": error, f"ece_{name}_n": float(len(claimed))}
    return figures


def _differences(
    answers: dict[tuple[str, str], tuple[CategorySet, list[Answer]]], models: Sequence[str]
) -> Iterator[Row]:
    """German minus English on the authored set, comment by comment."""
    for name in models:
        sides = [answers.get((f"authored_{language}", name)) for language in ("de", "en")]
        if sides[0] is None or sides[1] is None:
            continue
        (german, de), (english, en) = sides[0], sides[1]
        difference = paired_difference(
            ([c.labels for c in german.test], [c.labels for c in english.test]),
            ([a.labels for a in de], [a.labels for a in en]),
        )
        figures = known(difference=difference.value, low=difference.low, high=difference.high)
        title = "authored held-out set, German − English"
        yield Row(PART, DIFFERENCE, title, name, "paired by comment", len(de), figures)
