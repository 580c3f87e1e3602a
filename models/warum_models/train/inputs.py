"""What the encoder and `fast` are made of, with licences, and a hash of each."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from warum_models.train.labelbank import CORPUS


@dataclass(frozen=True)
class Input:
    """A source of the weights.

    Attributes:
        name: What it is.
        files: Patterns under the folder of the public data; under the corpus where `own`.
        licence: Its licence.
        used_for: What is learnt from it.
        own: Whether it is the corpus of this project.
    """

    name: str
    files: tuple[str, ...]
    licence: str
    used_for: str
    own: bool = False


INPUTS = (
    Input("corpus written for this project, under `cx`", ("*.jsonl",), "MIT",
          "categories, polarity, evidence, sentiment, emotion, intent, effort", own=True),
    Input("corpus written for this project, under small taxonomies", ("own/*.jsonl",), "MIT",
          "reading categories from descriptions, polarity, evidence", own=True),
    Input("other wordings of `cx`, written for this project", ("views/cx.jsonl",), "MIT",
          "reading categories from descriptions", own=True),
    Input("labels of real comments, made for this project under `cx`", ("real/labels.jsonl",), "MIT",
          "categories, polarity, evidence, emotion, intent, effort", own=True),
    Input("phrases, negations and emoji written for this project", ("phrases.tsv",), "MIT", "sentiment", own=True),
    Input("MAMS restaurant sentences, train (without sentences of the SemEval tests)",
          ("mams/MAMS-ACSA/raw/train.xml",), "Apache-2.0", "categories, polarity"),
    Input("GoEmotions, train", ("goemotions/train.tsv", "goemotions/labels.txt"), "Apache-2.0", "emotion"),
    Input("SB10k German tweets, nine tenths", ("sb10k/*",), "CC BY 4.0",
          "sentiment; texts of the labels of real comments"),
    Input("SHAH app-store sentences, four fifths", ("app_feedback_classification/SHAH__Sheet1.csv",), "CC BY 4.0",
          "bug reports and suggestions; texts of the labels of real comments"),
    Input("P1 and P2 app-store reviews",
          ("app_feedback_classification/P1-Golden__Blad1.csv", "app_feedback_classification/P2-Golden__Blad1.csv"),
          "CC BY 4.0", "texts of the labels of real comments"),
    Input("banking77 messages to a bank", ("banking77/train.csv",), "CC BY 4.0", "reading intents from their names"),
    Input("VADER ground truth: products, tweets, films", ("vader_ground_truth/*_GroundTruth.txt",), "MIT",
          "sentiment; texts of the labels of real comments"),
    Input("sentence pairs: Tatoeba (CC BY 2.0 FR), BConTrasT, FLORES, NTREX; Wiktionary dictionary",
          ("parallel_de_en/*",), "CC BY 2.0 FR, CC BY-SA", "the German table"),
)  # fmt: skip


def digest(source: Input, data: Path) -> str:
    """SHA-256 over the hashes of a source's files, in the order of their names.

    Args:
        source: The source.
        data: Folder of the public data.

    Raises:
        FileNotFoundError: If a file is missing.
    """
    whole = hashlib.sha256()
    for pattern in source.files:
        found = sorted(p for p in (CORPUS if source.own else data).glob(pattern) if p.is_file())
        if not found:
            raise FileNotFoundError(f"there is no {pattern!r} in the data")
        for path in found:
            if path.suffix != ".md":
                whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def table(data: Path) -> str:
    """All sources as a table of the model card."""
    rows = [f"| {s.name} | {s.licence} | {s.used_for} | `{digest(s, data)[:16]}` |" for s in INPUTS]
    return "\n".join(["| source | licence | used for | SHA-256 |", "|---|---|---|---|", *rows])
