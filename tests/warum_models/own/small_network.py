"""Weights of the form that is shipped, of a network so small that it learns in seconds; needs torch."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from warum_models.pieces import make_tokenizer
from warum_models.protocol import Label
from warum_models.train import ship
from warum_models.train.batches import Encoder
from warum_models.train.labelbank import CODES
from warum_models.train.language_pack import Pack
from warum_models.train.network import WIDTH, Network
from warum_models.train.tasks import Task

WORDS = {
    "en": "the a and is was not of on in price expensive cheap staff friendly rude queue waiting slow quick what it "
    "costs people at desk how long takes today monday again very nothing to say",
    "de": "der die das und ist war nicht am preis teuer billig personal nett unfreundlich schlange warten langsam "
    "schnell was es kostet leute wie lange dauert heute montag wieder sehr nichts",
}
KNOWN = (Label("wait_time", "Waiting", "how long it takes"),)


def small_pack(language: str, seed: int) -> Pack:
    """Signs, letters and words with random vectors."""
    letters = "abcdefghijklmnopqrstuvwxyzäöüß.,!?:"
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS[language].split(), *letters]
    pieces = list(dict.fromkeys([*pieces, *("##" + x for x in letters)]))
    table = np.random.default_rng(seed).normal(0, 0.05, (len(pieces), WIDTH))
    return Pack(pieces, table.astype(np.float32))


def small_network(packs: dict[str, Pack], seed: int = 3) -> Network:
    """One layer; no two parameters are the same, as in a network that was trained."""
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=1, hidden_size=WIDTH, num_hidden_layers=1, num_attention_heads=12, intermediate_size=64,
        max_position_embeddings=300,
    )  # fmt: skip
    tables = torch.from_numpy(np.concatenate([pack.table for pack in packs.values()]))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = Network(None, tables, len(CODES), BertModel(config, add_pooling_layer=False))
        with torch.no_grad():
            for name, parameter in network.named_parameters():
                if not name.startswith("tables"):
                    parameter.add_(torch.randn_like(parameter) * 0.01)
            network.own.weight.mul_(5)
    return network.eval()


def small_weights(folder: Path, texts: Sequence[str], seed: int = 3) -> Network:
    """Write the weights of a small network; returns the network."""
    packs = {language: small_pack(language, seed + i) for i, language in enumerate(("en", "de"))}
    tokenizers = {
        language: make_tokenizer(pack.pieces, strip_accents=language == "en")
        for language, pack in packs.items()
    }
    encoder = Encoder(tokenizers, {"en": 0, "de": len(packs["en"].pieces)})
    network = small_network(packs, seed)
    tasks = [Task(text, "en", "test") for text in texts]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ship.ship(network, packs, encoder, KNOWN, encoder.encode(tasks), folder)
    return network
