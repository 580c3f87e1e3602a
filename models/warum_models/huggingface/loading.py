"""Puts a model of Hugging Face together by what it is for."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from warum_models.errors import WeightsError
from warum_models.huggingface.classifier import ClassifierJudge
from warum_models.huggingface.encoder import EncoderJudge
from warum_models.huggingface.folder import ModelFolder, first_line, open_folder
from warum_models.huggingface.inference import InferenceJudge
from warum_models.huggingface.judge import Judge, Labels
from warum_models.huggingface.kinds import Classifies, Encodes, Entails, Kind, kind_of
from warum_models.huggingface.network import load_network
from warum_models.huggingface.pooling import load_pooling
from warum_models.huggingface.reader import HuggingFaceReader
from warum_models.protocol import Label, Reader

RULES = "1"
"""Version of the fixed sentences and rules; it grows when the same weights would read otherwise."""


def load_huggingface(name: str, labels: Sequence[Label], *, device: str | None = None) -> Reader:
    """A reader made of a sequence classifier, an NLI model or a sentence encoder.

    Args:
        name: A folder, or a name on the Hugging Face hub.
        labels: What to look for; the same code may come again in another language, so that a text is held
            against its own.
        device: Device of torch, as "cpu" or "cuda:0"; None for CUDA where there is one, else the CPU.

    Returns:
        A reader named "hf:<name>"; its version holds a hash of the model's files. A classifier of categories
        has those labels only that its outputs are named for; every other model has all.

    Raises:
        WeightsError: If torch or transformers are not installed, or the model is missing, broken or of
            another kind.
        ValueError: If there are no labels.
    """
    if not labels:
        raise ValueError("there are no labels: expected at least one category")
    _need_extras()
    folder = open_folder(name)
    kind = kind_of(folder, labels)
    known = Labels(labels).only(_read_by(kind, labels))
    judge = _judge(folder, kind, known, _device(device))
    version = f"{RULES}.{folder.digest}"
    return HuggingFaceReader(f"hf:{name}", version, folder.languages, known, judge)


def _judge(folder: ModelFolder, kind: Kind, labels: Labels, device: str) -> Judge:
    network = load_network(folder, head=not isinstance(kind, Encodes), device=device)
    match kind:
        case Classifies():
            return ClassifierJudge(network, kind, labels)
        case Entails():
            return InferenceJudge(network, kind, labels)
        case Encodes():
            return EncoderJudge(network, load_pooling(folder), labels)


def _read_by(kind: Kind, labels: Sequence[Label]) -> set[str]:
    """Codes that the model can find, or all where it finds none: of sentiment alone no opinion comes."""
    named = {c.code for c in kind.columns if c.code} if isinstance(kind, Classifies) else set()
    return named or {label.code for label in labels}


def _need_extras() -> None:
    lacking = []
    for package in ("torch", "transformers"):
        try:
            importlib.import_module(package)
        except ImportError:
            lacking.append(package)
    if lacking:
        raise WeightsError(
            f"Models of Hugging Face need {' and '.join(lacking)}, which cannot be imported: "
            '`pip install "warum[train]"`.'
        )


def _device(name: str | None) -> str:
    import torch

    if name is None:
        return "cuda" if torch.cuda.is_available() else "cpu"
    try:
        torch.empty(0, device=name)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise WeightsError(
            f"There is no device {name!r} here ({first_line(error)}): use 'cpu', or leave it out."
        ) from None
    return name
