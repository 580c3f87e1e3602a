"""What a model can tell, from its configuration alone: entailment, categories, sentiment, or meaning only."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from warum_models.errors import WeightsError
from warum_models.huggingface.folder import ModelFolder
from warum_models.protocol import Label

_HEAD = "ForSequenceClassification"
_UNNAMED = re.compile(r"label_?\d+", re.IGNORECASE)
_SEPARATED = re.compile(r"(?P<name>.+?)[\s/:|#_.-]+(?P<polarity>[^\s/:|#_.-]+)")
_STARS = re.compile(r"([1-5])[\s_-]*(?:stars?|sterne?|★)|(★{1,5})")
_POLARITY = {
    "negative": 0, "negativ": 0, "neg": 0, "neutral": 1, "neu": 1, "positive": 2, "positiv": 2, "pos": 2,
}  # fmt: skip
_STRENGTH = re.compile(r"(?:very|extremely|slightly|somewhat|mostly|sehr|eher)[\s_-]+")
_EXPECTED = (
    "expected codes or titles of the taxonomy's categories (alone, or with a polarity as in 'price/negative'), "
    "sentiments (negative, neutral, positive; 1 star to 5 stars), or entailment and contradiction"
)


@dataclass(frozen=True)
class Entails:
    """A model of natural language inference.

    Attributes:
        column: Which of its outputs is entailment.
        width: How many outputs it has.
    """

    column: int
    width: int


@dataclass(frozen=True)
class Column:
    """What one output of a classifier stands for; neither part is known of an output that is left out.

    Attributes:
        code: Code of a category, or None.
        polarity: 0 negative, 1 neutral, 2 positive, or None.
    """

    code: str | None
    polarity: int | None


@dataclass(frozen=True)
class Classifies:
    """A classifier of categories, of sentiment, or of both.

    Attributes:
        columns: What each output stands for.
        several: Whether the outputs are yes-or-no each (sigmoid); else they share one (softmax).
    """

    columns: tuple[Column, ...]
    several: bool


@dataclass(frozen=True)
class Encodes:
    """A sentence encoder: a text's meaning as a vector."""


Kind = Entails | Classifies | Encodes


def kind_of(folder: ModelFolder, labels: Sequence[Label]) -> Kind:
    """Tell what a model is for from its `config.json`.

    Raises:
        WeightsError: If it is of another kind, or its outputs' names say nothing.
    """
    config = folder.config
    named = config.get("architectures") or []
    architectures = [str(name) for name in named] if isinstance(named, list) else [str(named)]
    if any(name.endswith(_HEAD) for name in architectures):
        return _classifier(folder, _names(folder), labels)
    if folder.modules:
        return Encodes()
    if architectures and all(name.endswith("Model") for name in architectures):
        if config.get("is_encoder_decoder"):
            raise WeightsError(
                f"{str(folder.root)!r} is an encoder-decoder ({', '.join(architectures)}), which is no sentence "
                "encoder: choose a model of sentence-transformers."
            )
        return Encodes()
    raise WeightsError(
        f"{str(folder.root)!r} is a {', '.join(architectures) or 'model without `architectures`'}: expected a "
        "sequence classification model (with names in `id2label`), an NLI model or a sentence encoder. A "
        "language model has to be trained for one of these first."
    )


def _names(folder: ModelFolder) -> list[str]:
    """Names of the outputs, in order."""
    stated = folder.config.get("id2label") or {}
    try:
        places = {int(place): str(name) for place, name in stated.items()}
    except (AttributeError, TypeError, ValueError):
        places = {-1: ""}
    if sorted(places) != list(range(len(places))):
        raise WeightsError(
            f"`id2label` in config.json of {str(folder.root)!r} is {str(stated)[:120]}, expected names for the "
            'numbers from 0, such as {"0": "negative", "1": "positive"}.'
        )
    names = [places[i] for i in range(len(places))]
    if all(_UNNAMED.fullmatch(name.strip()) for name in names):
        raise WeightsError(
            f"The outputs of {str(folder.root)!r} are named {', '.join(names) or 'not at all'}, which does not "
            f"say what they mean: write their names into `id2label` in config.json; {_EXPECTED}."
        )
    return names


def _classifier(folder: ModelFolder, names: Sequence[str], labels: Sequence[Label]) -> Kind:
    plain = [name.strip().casefold() for name in names]
    entailment = [i for i, name in enumerate(plain) if name.startswith("entail")]
    if len(entailment) == 1 and len(names) > 1:
        return Entails(entailment[0], len(names))
    codes = _codes_by_name(labels)
    columns = tuple(_column(name, codes) for name in plain)
    alone = {column.polarity for column in columns if column.code is None}
    if not any(column.code for column in columns) and not {0, 2} <= alone:
        shown = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
        raise WeightsError(
            f"The outputs of {str(folder.root)!r} are named {shown}: {_EXPECTED}. Take a taxonomy whose "
            "categories bear these names, or rename them in `id2label` in config.json."
        )
    return Classifies(columns, _several(folder.config, len(names)))


def _several(config: Mapping[str, Any], width: int) -> bool:
    """Sigmoid or softmax, by the rule of transformers' own text classification pipeline."""
    problem = config.get("problem_type")
    if problem is None:
        return width == 1
    return bool(problem == "multi_label_classification")


def _codes_by_name(labels: Sequence[Label]) -> dict[str, str]:
    """Codes by code and by title, in small letters; a title that two categories share is left out."""
    owners: dict[str, set[str]] = {}
    for label in labels:
        owners.setdefault(label.title.strip().casefold(), set()).add(label.code)
    codes = {title: min(owned) for title, owned in owners.items() if len(owned) == 1}
    return codes | {label.code.casefold(): label.code for label in labels}


def _column(name: str, codes: Mapping[str, str]) -> Column:
    if name in codes:
        return Column(codes[name], None)
    polarity = _polarity(name)
    if polarity is not None:
        return Column(None, polarity)
    pair = _SEPARATED.fullmatch(name)
    if pair and pair["name"] in codes and _polarity(pair["polarity"]) is not None:
        return Column(codes[pair["name"]], _polarity(pair["polarity"]))
    return Column(None, None)


def _polarity(name: str) -> int | None:
    stars = _STARS.fullmatch(name)
    if stars:
        count = int(stars[1]) if stars[1] else len(stars[2])
        return 0 if count < 3 else 1 if count == 3 else 2
    return _POLARITY.get(_STRENGTH.sub("", name, count=1))
