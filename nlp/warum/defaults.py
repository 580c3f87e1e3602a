"""The one place where stages and models are plugged together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from warum.errors import ModelError
from warum.model_names import HUGGING_FACE, no_such_model
from warum.pipeline import PARALLEL_FROM
from warum.stages.journey import PlaceInJourney
from warum.stages.language import DetectLanguage, guess_language
from warum.stages.nonanswer import DropNonAnswers
from warum.stages.opinions import ReadOpinions
from warum.stages.orientation import ReadOrientation
from warum.stages.protocol import Stage
from warum.stages.redaction import Redact
from warum.stages.segments import SplitSegments
from warum.taxonomy import GENERAL, Category, Taxonomy
from warum_models.errors import WeightsError
from warum_models.names import SHIPPED
from warum_models.nothing import NothingModel
from warum_models.protocol import BaseReader, Label, Reader
from warum_models.shipped import load_shipped

if (
    TYPE_CHECKING
):  # they bring SciPy and the training with them: imported for whom they are asked of
    from warum_models.own import OwnModel

_WORTH_WORKERS = {"nothing": PARALLEL_FROM, "fast": PARALLEL_FROM, "auto": 4_000}


def load_model(name: str, taxonomy: Taxonomy) -> Reader:
    """A model by name.

    Raises:
        ModelError: If there is no such model, or its weights are missing or damaged.
    """
    if name == "nothing":
        return NothingModel(taxonomy.codes)
    if name.startswith(HUGGING_FACE):
        return _hugging_face(name.removeprefix(HUGGING_FACE), taxonomy)
    if Path(name).is_dir() and _is_own(Path(name)):
        return _own(name, taxonomy)
    if name in SHIPPED:
        return _shipped(name, taxonomy)
    raise ModelError(no_such_model(name))


def _is_own(folder: Path) -> bool:
    from warum_models.own import is_model

    return is_model(folder)


def _shipped(name: str, taxonomy: Taxonomy) -> Reader:
    """One of the readers that read any taxonomy from its descriptions."""
    labels = labels_read(taxonomy)
    try:
        return load_shipped(name, labels)
    except WeightsError as error:
        raise ModelError(str(error)) from None


def load_base(name: str, taxonomy: Taxonomy) -> BaseReader:
    """A model that a user's own labels can be put on top of.

    Raises:
        ModelError: If there is no such model, or it gives no features of a text.
    """
    model = load_model(name, taxonomy)
    if not isinstance(model, BaseReader):
        raise ModelError(
            f"The model {name!r} cannot be a base: it gives no features of a text.",
            hint="Use --base accurate.",
        )
    return model


def _own(name: str, taxonomy: Taxonomy) -> OwnModel:
    """A model that `warum train` wrote; its name is its folder, so that a result names what it was read with."""
    from warum_models.own import load as load_own
    from warum_models.own.storing import TAXONOMY, read_config

    folder = Path(name)
    try:
        config = read_config(folder)
        if config["taxonomy"] != taxonomy.hash:
            raise ModelError(
                f"The model {name!r} was trained on a taxonomy with the hash {config['taxonomy']}; that of "
                f"{taxonomy.name!r} is {taxonomy.hash}.",
                hint=f"Use the one it was trained on: --taxonomy {folder / TAXONOMY}. Or train it again.",
            )
        return load_own(folder, lambda base: load_base(base, taxonomy)).named(name)
    except WeightsError as error:
        raise ModelError(str(error)) from None


def labels_of(taxonomy: Taxonomy, language: str) -> tuple[Label, ...]:
    """The categories of a taxonomy as a model needs them, in a preferred language.

    Args:
        taxonomy: The taxonomy.
        language: ISO 639-1 code. A category without title and description in it comes in English, and one
            without these in the first language that has both, or that has a title.

    Returns:
        One label per category, in order; `Label.language` says which language it came in.
    """
    return tuple(_label(category, language) for category in taxonomy.categories)


def labels_read(taxonomy: Taxonomy) -> tuple[Label, ...]:
    """The categories as the shipped models read them: in English where they are, else in the language they are in.

    A taxonomy that names no languages is in the one that its descriptions are written in.
    """
    labels = labels_of(taxonomy, "en")
    told = {language for category in taxonomy.categories for language in category.title}
    alike = all(c.title.get("en") == c.title.get("de") for c in taxonomy.categories)
    if not alike or not {"en", "de"} <= told:
        return labels
    language = guess_language(". ".join(f"{x.title}: {x.description}" for x in labels)).language
    return tuple(replace(x, language=language) for x in labels) if language == "de" else labels


def _label(category: Category, preferred: str) -> Label:
    whole = [code for code in category.title if code in category.description]
    wanted = [code for code in (preferred, "en") if code in whole]
    language = [*wanted, *whole, *category.title][0]
    description = category.description.get(language) or next(iter(category.description.values()))
    return Label(
        code=category.code,
        title=category.title[language],
        description=description,
        examples=category.examples.get(language, ()),
        language=language,
    )


def _hugging_face(name: str, taxonomy: Taxonomy) -> Reader:
    """A model of Hugging Face; it gets the labels in German and in English where they are there."""
    from warum_models.huggingface import load_huggingface

    labels = {
        (label.code, label.language): label
        for language in ("en", "de")
        for label in labels_of(taxonomy, language)
    }
    try:
        model = load_huggingface(name, list(labels.values()))
    except WeightsError as error:
        raise ModelError(str(error)) from None
    unread = sorted(set(taxonomy.codes) - set(model.labels) - {GENERAL})
    if unread:
        raise ModelError(
            f"The model {model.name!r} has no output for {', '.join(unread)} of taxonomy {taxonomy.name!r}.",
            hint="Name its outputs in `id2label` by code or title, or use a taxonomy of its categories only.",
        )
    return model


@dataclass(frozen=True, slots=True)
class StageOptions:
    """What the stages need to know besides the comments.

    Attributes:
        main_language: Language of comments too short to tell.
        keep_pii: Whether e-mail addresses, phone, account and card numbers stay in the texts.
    """

    main_language: str | None = None
    keep_pii: bool = False


def default_stages(model: Reader, taxonomy: Taxonomy, options: StageOptions) -> Sequence[Stage]:
    """The stages every comment passes, in order."""
    return (
        DropNonAnswers(),
        Redact(enabled=not options.keep_pii),
        DetectLanguage(options.main_language),
        ReadOrientation(),
        SplitSegments(),
        ReadOpinions(model, taxonomy.codes),
        PlaceInJourney(taxonomy),
    )


def stages_of(name: str, taxonomy: Taxonomy, options: StageOptions) -> Sequence[Stage]:
    """The stages with a model by name, as each worker process makes them.

    Raises:
        ModelError: As `load_model`.
    """
    return default_stages(load_model(name, taxonomy), taxonomy, options)


def worth_workers(name: str) -> int:
    """Number of comments from which on worker processes are worth the seconds that they take to start."""
    return _WORTH_WORKERS.get(name, 1_000)
