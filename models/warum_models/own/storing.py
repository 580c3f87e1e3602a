"""A model as a folder: weights without pickle, every file with its hash, the same bytes for the same input."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from warum_models.errors import WeightsError
from warum_models.own.experts import Linear
from warum_models.own.folds import plain
from warum_models.own.full import TunedBase
from warum_models.own.mixing import Mix
from warum_models.own.model import Facts, OwnModel, Parts
from warum_models.own.polarity import PolarityHead
from warum_models.own.tuned import FOLDER, NAMES, load_tuned
from warum_models.own.views import Scaling
from warum_models.protocol import BaseReader
from warum_models.stored import check_files, file_hash

KIND = "warum own model"
FORM = 1
CONFIG, WEIGHTS, TAXONOMY, CARD, SEEN = (
    "config.json", "weights.npz", "taxonomy.yaml", "CARD.md", "trained_on.txt",
)  # fmt: skip
FILES = (CONFIG, WEIGHTS, TAXONOMY, CARD, SEEN)
_HASHED = (WEIGHTS, TAXONOMY, CARD, SEEN)
TUNED = tuple(f"{FOLDER}/{name}" for name in NAMES)
"""Files of a model whose base was tuned, beside `FILES`."""
Arrays = dict[str, npt.NDArray[Any]]


def fingerprint(text: str) -> str:
    """First 16 hex digits of the SHA-256 of a text without case and spacing."""
    return hashlib.sha256(plain(text).encode("utf-8", "replace")).hexdigest()[:16]


def is_model(folder: Path) -> bool:
    """Whether a folder holds a model that `save` wrote."""
    try:
        return bool(json.loads((folder / CONFIG).read_text("utf-8"))["kind"] == KIND)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def version_of(model: OwnModel) -> str:
    """First 12 hex digits of a hash of all that decides what the model reads."""
    digest = hashlib.sha256()
    said = [model.labels, model.base.name, model.base.version, model.facts.taxonomy]
    digest.update(json.dumps(said).encode("utf-8"))
    for name, array in sorted(_arrays(model.parts).items()):
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:12]


def save(model: OwnModel, folder: Path, *, taxonomy: str, card: str) -> None:
    """Write a model's files into an existing folder.

    Args:
        model: The model.
        folder: Where to.
        taxonomy: The taxonomy's YAML, kept as it is.
        card: The model card, markdown.
    """
    names = list(_HASHED)
    if isinstance(model.base, TunedBase):
        model.base.save(folder)
        names += TUNED
    np.savez_compressed(folder / WEIGHTS, allow_pickle=False, **_arrays(model.parts))
    (folder / TAXONOMY).write_text(taxonomy, "utf-8", newline="")
    (folder / CARD).write_text(card, "utf-8", newline="\n")
    seen = "".join(f"{name}\n" for name in sorted(model.facts.trained_on))
    (folder / SEEN).write_text(seen, "utf-8", newline="\n")
    config = {
        "kind": KIND,
        "form": FORM,
        "name": model.name,
        "version": model.version,
        "labels": list(model.labels),
        "base": {"name": model.base.name, "version": model.base.version},
        "taxonomy": model.facts.taxonomy,
        "full": model.facts.full,
        "card": model.facts.card,
        "sha256": {name: file_hash(folder / name) for name in names},
    }
    text = json.dumps(config, indent=1, ensure_ascii=False, sort_keys=True)
    (folder / CONFIG).write_text(text + "\n", "utf-8", newline="\n")


def read_config(folder: Path) -> dict[str, Any]:
    """The content of `config.json`, after every file was checked against its hash.

    Raises:
        WeightsError: If the folder holds no model, or a file is missing or has another hash.
    """
    if not is_model(folder):
        raise WeightsError(
            f"{str(folder)!r} holds no model: expected a folder that `warum train` wrote."
        )
    config: dict[str, Any] = json.loads((folder / CONFIG).read_text("utf-8"))
    if config.get("form") != FORM:
        raise WeightsError(
            f"{str(folder)!r} was written in form {config.get('form')!r}, this version reads form {FORM}: "
            "train the model again."
        )
    check_files(folder, config["sha256"], "copy the whole folder again, or train the model again")
    return config


def load(folder: Path, base_of: Callable[[str], BaseReader]) -> OwnModel:
    """Read a model back.

    Args:
        folder: What `save` wrote.
        base_of: Gives the base by its name; not asked where the base was tuned and is in the folder.

    Raises:
        WeightsError: If a file is missing or damaged, or the base has another version than the one the
            model was made on.
    """
    config = read_config(folder)
    wanted = config["base"]
    base = load_tuned(folder) if config["full"] else base_of(wanted["name"])
    if base.version != wanted["version"]:
        raise WeightsError(
            f"{str(folder)!r} was trained on version {wanted['version']!r} of {wanted['name']!r}, installed is "
            f"{base.version!r}: train it again with the installed one."
        )
    with np.load(folder / WEIGHTS, allow_pickle=False) as stored:
        parts = _parts(dict(stored))
    seen = frozenset((folder / SEEN).read_text("utf-8").split())
    facts = Facts(config["taxonomy"], seen, bool(config["full"]), dict(config["card"]))
    try:
        return OwnModel(config["name"], config["version"], config["labels"], base, parts, facts)
    except ValueError as error:
        raise WeightsError(f"{str(folder)!r} cannot be used: {error}.") from None


def _arrays(parts: Parts) -> Arrays:
    """The weights as they are stored; the model in memory holds the same values."""
    head = parts.polarity
    single = {
        "mean": parts.scaling.mean, "spread": parts.scaling.spread, "idf": parts.scaling.idf,
        "meaning": parts.meaning.coefficients, "meaning_bias": parts.meaning.bias,
        "words_bias": parts.words.bias, "mix": parts.mix.weights,
        "polarity_meaning": head.meaning, "polarity_bias": head.bias, "polarity_mix": head.mix,
    }  # fmt: skip
    half = {"words": parts.words.coefficients, "polarity_words": head.words}
    return {
        "columns": parts.scaling.columns.astype(np.int32),
        "thresholds": parts.thresholds,
        **{name: values.astype(np.float32) for name, values in single.items()},
        **{name: values.astype(np.float16) for name, values in half.items()},
    }


def _parts(arrays: Arrays) -> Parts:
    a = {name: values.astype(np.float64) for name, values in arrays.items() if name != "columns"}
    columns = arrays["columns"].astype(np.int64)
    return Parts(
        Scaling(a["mean"], a["spread"], columns, a["idf"]),
        Linear(a["meaning"], a["meaning_bias"]),
        Linear(a["words"], a["words_bias"]),
        Mix(a["mix"]),
        a["thresholds"],
        PolarityHead(a["polarity_meaning"], a["polarity_words"], a["polarity_bias"], a["polarity_mix"]),
    )  # fmt: skip
