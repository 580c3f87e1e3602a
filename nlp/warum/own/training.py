"""`warum train`: from a file of labels to a folder that `--model` takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from warum.defaults import labels_read, load_base
from warum.errors import InputError, ModelError, UsageError
from warum.gold import GoldLabels, GoldOptions, GoldText, read_gold
from warum.own.audited import without_audited
from warum.own.folder import check_target, write_model
from warum.own.reading_texts import passages_of
from warum.taxonomy import Taxonomy, load_taxonomy, shipped_text
from warum_models.own.card import write_card
from warum_models.own.crossed_tuning import Order
from warum_models.own.fitting import fit_full, fit_with_trial
from warum_models.own.full import (
    BASE,
    FineTuner,
    FullSettings,
    FullTrainingUnavailableError,
    fine_tuner,
)
from warum_models.own.material import Material, gather
from warum_models.own.model import OwnModel
from warum_models.own.storing import save
from warum_models.own.study import Study, finished, study
from warum_models.protocol import BaseReader, Passage

DEFAULT_BASE = "accurate"
_SHOWN = 5
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """What a model is made of.

    Attributes:
        taxonomy: Name of a shipped taxonomy, or a YAML file.
        base: Name of the model that heads are put on.
        full: How to fine-tune the whole network; None to leave the base as it is.
        audits: Audit files whose comments must not be among the labels.
    """

    taxonomy: str = "cx"
    base: str = DEFAULT_BASE
    full: FullSettings | None = None
    audits: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Trained:
    """What training gave.

    Attributes:
        model: The model.
        study: Its cross-validated figures.
        gold: The labels as read.
        notes: Plain sentences about what was read and left out.
    """

    model: OwnModel
    study: Study
    gold: GoldLabels
    notes: tuple[str, ...]


def train(
    sources: Sequence[str],
    out: Path,
    options: TrainOptions,
    gold_options: GoldOptions,
    *,
    say: Say = lambda _: None,
    announce: Say = lambda _: None,
) -> Trained:
    """Train a model on a user's labels and write its folder.

    Args:
        sources: Files of labels.
        out: The folder.
        options: What it is made of.
        gold_options: How the labels are read.
        say: Told what is being done.
        announce: Told, before a long step, how long it takes.

    Raises:
        WarumError: If labels, taxonomy or base cannot be used, or the folder cannot be written.
    """
    tune = _tuner(options)
    check_target(out)
    taxonomy = load_taxonomy(options.taxonomy)
    text = shipped_text() if options.taxonomy == "cx" else Path(options.taxonomy).read_text("utf-8")
    say("reading labels")
    gold = read_gold(sources, taxonomy, gold_options)
    texts, notes = without_audited(gold, sources, options.audits, skip=gold_options.skip_bad)
    base = load_base(options.base, taxonomy)
    material, more = _material(texts, base, taxonomy, say)
    if tune is None or options.full is None:
        fitted = fit_with_trial(material, base, say)
    else:
        say("trying how long it takes")
        order = Order(tune, labels_read(taxonomy), base, options.full)
        announce(order.announced(material))
        fitted = fit_full(material, order, say)
    told = study(fitted, say)
    model = finished(fitted, told, name=taxonomy.name, taxonomy=taxonomy.hash)
    card = write_card(model, told)
    write_model(out, lambda folder: save(model, folder, taxonomy=text, card=card))
    skipped = f"{len(gold.problems)} rows were left out as --skip-bad asks; the first: "
    left_out = (skipped + str(gold.problems[0]),) if gold.problems else ()
    return Trained(model, told, gold, (*gold.notes, *left_out, *notes, *more))


def _tuner(options: TrainOptions) -> FineTuner | None:
    """What fine-tunes, where that is asked for."""
    if options.full is None:
        return None
    try:
        tune = fine_tuner(options.full.device)
    except FullTrainingUnavailableError as error:
        raise ModelError(str(error)) from None
    if options.base != BASE:
        raise UsageError(
            f"--full fine-tunes the network of {BASE!r}, not the base {options.base!r}.",
            hint=f"Use --base {BASE}, or leave --full out.",
        )
    return tune


def _material(
    texts: Sequence[GoldText], base: BaseReader, taxonomy: Taxonomy, say: Say
) -> tuple[Material, list[str]]:
    passages = passages_of(texts, base, taxonomy)
    pairs: list[tuple[GoldText, Passage]] = [
        (text, passage)
        for text, passage in zip(texts, passages, strict=True)
        if passage is not None
    ]
    notes = []
    unasked = [t for t, passage in zip(texts, passages, strict=True) if passage is None]
    if unasked:
        shown = ", ".join(str(text.rows[0]) for text in unasked[:_SHOWN])
        notes.append(
            f"{len(unasked)} texts teach nothing: a fixed rule answers them (“nothing”, “n/a”) or the base "
            f"does not read their language; rows {shown}{' …' if len(unasked) > _SHOWN else ''}."
        )
    say(f"reading {len(pairs)} texts")
    try:
        material = gather(
            [passage for _, passage in pairs],
            [text.judgements for text, _ in pairs],
            taxonomy.codes,
            base,
            customers=[text.customer for text, _ in pairs],
        )
    except ValueError as error:
        raise InputError(
            f"The labels cannot be trained on: {error}.", hint="Label more texts."
        ) from None
    return material, notes
