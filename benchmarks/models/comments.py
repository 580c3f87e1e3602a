"""The whole comment: polarity, emotion, intent and effort, on sets that label texts as a whole."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.models import comment_sets, sets
from benchmarks.models.answers import Answer, Contender, ours
from benchmarks.models.case import Case
from benchmarks.models.categories import lexicons
from benchmarks.models.figures import calibration_error, class_figures
from benchmarks.models.foldings import SHAH_INTENTS, app_intent
from benchmarks.models.record import Row, Setting, known
from benchmarks.models.splits import labelled_training_texts, without_texts, without_texts_of
from benchmarks.models.supervised import learners
from warum.taxonomy import load_taxonomy
from warum_models.protocol import EFFORTS, EMOTIONS, INTENTS

PART = "models_comments"
POLARITIES = comment_sets.POLARITIES


@dataclass(frozen=True)
class CommentSet:
    """A set that labels texts as a whole.

    Attributes:
        key: Short name.
        title: Name in the tables.
        language: ISO 639-1 code.
        head: "polarity", "emotion", "intent" or "effort".
        classes: Classes of the macro F1.
        test: Test cases.
        train: Its own training part.
        fold: Answer of a model to an answer that the set knows.
    """

    key: str
    title: str
    language: str
    head: str
    classes: tuple[str, ...]
    test: tuple[Case, ...]
    train: tuple[Case, ...]
    fold: Callable[[str | None], str | None] = lambda answer: answer


def comment_sets_of(data: Path | None) -> Iterator[CommentSet]:
    """All of them; only the authored one without the public data."""
    heads = (
        ("emotion", EMOTIONS),
        ("intent", tuple(i for i in INTENTS if i != "other")),
        ("effort", EFFORTS),
    )
    for language, name in (("de", "German"), ("en", "English")):
        test, train = tuple(sets.held_out(language)), tuple(sets.authored_training(language))
        for head, classes in heads:
            title = f"authored held-out set, {name}: {head}"
            yield CommentSet(
                f"authored_{language}_{head}", title, language, head, classes, test, train
            )
    if data is not None:
        yield from _public(data)


def _public(data: Path) -> Iterator[CommentSet]:
    trained = labelled_training_texts(data)
    tweets = tuple(without_texts(comment_sets.tweeteval(data), trained))
    validation = tuple(without_texts_of(comment_sets.tweeteval(data, "val"), tweets))
    yield CommentSet(
        "tweeteval", "TweetEval sentiment, every fourth of the test (en)", "en", "polarity", POLARITIES,
        tweets, validation,
    )  # fmt: skip
    yield CommentSet(
        "sb10k", "SB10k, held-out tenth (de; *training* on the rest)", "de", "polarity", POLARITIES,
        tuple(comment_sets.sb10k(data)), tuple(comment_sets.sb10k(data, "train")),
    )  # fmt: skip
    yield CommentSet(
        "goemotions", "GoEmotions test, folded to nine (en; *training* on the rest)", "en", "emotion",
        EMOTIONS, tuple(comment_sets.goemotions(data)), tuple(comment_sets.goemotions(data, "train")),
    )  # fmt: skip
    yield CommentSet(
        "shah", "app feedback SHAH, held-out fifth: intent (en; *training* on the rest)", "en", "intent",
        SHAH_INTENTS, tuple(comment_sets.shah(data)), tuple(comment_sets.shah(data, "train")), app_intent,
    )  # fmt: skip


def rows(setting: Setting) -> list[Row]:
    """Figures of all contenders on all sets, and correlation with human intensity."""
    readers = [ours(name, load_taxonomy(), None, "as shipped") for name in setting.models]
    learn = learners(setting.loaded_teacher())
    asked: dict[tuple[str, int], list[Answer]] = {}  # the authored texts stand under three heads
    found: list[Row] = []
    for labelled in comment_sets_of(setting.data):
        print(f"  {labelled.title}: {len(labelled.test):,}", flush=True)
        for reader in readers:
            key = reader.name, id(labelled.test)
            if key not in asked:
                asked[key] = reader.answer(labelled.test)
            found += filter(None, [row(labelled, reader, asked[key])])
        training = [_of_head(case, labelled.head) for case in labelled.train]
        contenders: list[Contender] = [make(training) for make in learn]
        if labelled.head == "polarity" and labelled.language == "en":
            contenders += lexicons()
        found += filter(None, (row(labelled, c, c.answer(labelled.test)) for c in contenders))
    if setting.data is not None:
        found += _intensity(setting.data, readers)
    return found


def _of_head(case: Case, head: str) -> Case:
    """A training case with one head alone: the baselines learn nothing else from it."""
    told: dict[str, Any] = {head: getattr(case, head)}
    return Case(case.text, case.language, question=case.question, **told)


def row(labelled: CommentSet, contender: Contender, answers: Sequence[Answer]) -> Row | None:
    """Figures of one contender on one set; None where it does not tell.

    A text that gets no answer counts as the answer that says nothing: neutral, other or none.
    """
    silent = {"polarity": "neutral", "emotion": "neutral", "intent": "other", "effort": "none"}[
        labelled.head
    ]
    head = "document" if labelled.head == "polarity" else labelled.head
    said = [
        a.polarity if head == "document" else a.heads.get(head, (None, math.nan))[0]
        for a in answers
    ]
    if not any(said):
        return None
    gold = [str(getattr(case, labelled.head)) for case in labelled.test]
    found = [labelled.fold(answer) or silent for answer in said]
    c = class_figures(gold, found, labelled.classes)
    figures = known(
        accuracy=c.accuracy, macro=c.macro, constant=c.constant, constant_macro=c.constant_macro
    )
    claims = [
        (a.heads[head][1], labelled.fold(a.heads[head][0]) == g)
        for a, g in zip(answers, gold, strict=True)
        if head in a.heads and math.isfinite(a.heads[head][1])
    ]
    if claims:
        figures |= known(ece=calibration_error(*zip(*claims, strict=True)), ece_n=len(claims))  # type: ignore[arg-type]
    return Row(PART, labelled.key, labelled.title, contender.name, contender.way, c.n, figures)


def _intensity(data: Path, readers: Sequence[Contender]) -> Iterator[Row]:
    """Rank correlation of sentiment with the mean of 20 human ratings."""
    from scipy.stats import spearmanr

    for part in comment_sets.VADER_PARTS:
        cases = list(comment_sets.vader_truth(data, part))
        seen = "" if part.startswith("nyt") else "; in the training data of our models"
        title = f"VADER ground truth, {part}, every fourth (en{seen})"
        gold = [float(case.sentiment or 0.0) for case in cases]
        for contender in (*readers, *lexicons()):
            found = np.nan_to_num([answer.sentiment for answer in contender.answer(cases)])
            figures = known(spearman=float(spearmanr(gold, found).statistic))
            yield Row(
                PART, f"vader_{part}", title, contender.name, contender.way, len(cases), figures
            )
