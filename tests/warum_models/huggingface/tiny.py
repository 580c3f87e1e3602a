"""Tiny models, made on disk: two layers of 32 dimensions and a vocabulary of a few words."""

from __future__ import annotations

import json
import string
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from warum_models.protocol import Label

WORDS = [
    "der", "die", "das", "text", "beschwert", "sich", "über", "lobt", "verfasser", "ist", "zufrieden",
    "unzufrieden", "preis", "personal", "wartezeit", "teuer", "nett", "lange", "the", "writer", "complains",
    "praises", "about", "satisfied", "dissatisfied", "price", "staff", "waiting", "expensive", "friendly",
    "warum", "und", "and", "aber", "but", "sehr", "very", "nicht", "not", ".", ",", "!", "?", ":",
]  # fmt: skip
LETTERS = [*string.ascii_lowercase, *"äöüß", *string.digits]
VOCABULARY = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    *WORDS,
    *LETTERS,
    *("##" + c for c in LETTERS),
]
LABELS = (
    Label("price", "Preis", "Was es kostet", ("viel zu teuer",), "de"),
    Label("price", "Price", "What it costs", ("far too expensive",), "en"),
    Label("staff", "Personal", "Wie man behandelt wird", ("sehr nett",), "de"),
    Label("staff", "Staff", "How people are treated", ("very friendly",), "en"),
    Label("wait_time", "Wartezeit", "Wie lange es dauert", (), "de"),
)  # fmt: skip
PAIRS = (
    "price/negative",
    "price/positive",
    "staff:negative",
    "Staff - positive",
    "WAIT_TIME_negative",
    "other",
)
NLI = ("contradiction", "neutral", "ENTAILMENT")
SENTIMENTS = ("Negative", "Neutral", "Positive")


def _sizes() -> dict[str, Any]:
    return {
        "vocab_size": len(VOCABULARY), "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2,
        "intermediate_size": 64, "initializer_range": 0.4, "pad_token_id": 0,
    }  # fmt: skip


def save_tokenizer(folder: Path) -> None:
    """A WordPiece tokenizer from a vocabulary file."""
    import transformers

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY), "utf-8")
    transformers.BertTokenizer(str(folder / "vocab.txt"), strip_accents=False).save_pretrained(
        folder
    )


def _save(kind: str, config: Any, folder: Path, seed: int) -> Path:
    import torch
    import transformers

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = getattr(transformers, kind)(config)
    model.save_pretrained(folder)
    save_tokenizer(folder)
    return folder


def save_classifier(
    folder: Path,
    names: Sequence[str],
    *,
    problem: str | None = None,
    seed: int = 3,
    limit: int = 64,
) -> Path:
    """A BERT with one output per name."""
    import transformers

    config = transformers.BertConfig(
        **_sizes(), max_position_embeddings=limit, id2label=dict(enumerate(names)),
        label2id={name: i for i, name in enumerate(names)}, problem_type=problem,
    )  # fmt: skip
    return _save("BertForSequenceClassification", config, folder, seed)


def save_encoder(folder: Path, *, pooling: dict[str, Any] | None = None, seed: int = 5) -> Path:
    """A BERT without a head; with `pooling` in the form that sentence-transformers saves."""
    import transformers

    _save(
        "BertModel", transformers.BertConfig(**_sizes(), max_position_embeddings=64), folder, seed
    )
    if pooling is not None:
        modules = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
        write_modules(folder, modules)
        (folder / "1_Pooling").mkdir()
        (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling))
    return folder


def save_roberta(folder: Path, names: Sequence[str]) -> Path:
    """A RoBERTa, which counts positions from behind the padding token: 66 of them are 64 tokens or 65."""
    import transformers

    sizes = _sizes() | {"pad_token_id": 1, "max_position_embeddings": 66, "type_vocab_size": 2}
    config = transformers.RobertaConfig(**sizes, id2label=dict(enumerate(names)))
    return _save("RobertaForSequenceClassification", config, folder, 7)


def save_gpt(folder: Path, names: Sequence[str]) -> Path:
    """A GPT-2, which has no padding token."""
    import transformers

    config = transformers.GPT2Config(
        vocab_size=len(VOCABULARY), n_embd=32, n_layer=2, n_head=2, n_positions=64, initializer_range=0.4,
        bos_token_id=2, eos_token_id=3, id2label=dict(enumerate(names)),
    )  # fmt: skip
    return _save("GPT2ForSequenceClassification", config, folder, 9)


def write_modules(folder: Path, modules: Sequence[tuple[str, str]]) -> None:
    """`modules.json` of (path, kind)."""
    entries = [
        {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for i, (path, kind) in enumerate(modules)
    ]
    (folder / "modules.json").write_text(json.dumps(entries))


def edit_config(folder: Path, **changes: object) -> Path:
    """Change values of `config.json`; None takes one out."""
    path = folder / "config.json"
    config = json.loads(path.read_text("utf-8")) | changes
    path.write_text(json.dumps({k: v for k, v in config.items() if v is not None}))
    return folder
