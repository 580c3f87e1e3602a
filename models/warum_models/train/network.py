"""The network that is trained: a transformer body with one table per language, and the reading head.

The head reads any set of labels in one pass over the tokens (label-wise attention, Mullenbach et al. 2018; here the
queries are made from the labels' descriptions). For each label: is it there, with which polarity, and where.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

WIDTH = 384
INNER = 256
DOCUMENT_HEADS = {"document": 3, "emotion": 9, "intent": 7, "effort": 3}
ORIENTATIONS = 4


@dataclass
class Read:
    """What the head gives for b comments, k labels each and t tokens.

    Attributes:
        presence: Logits, (b, k).
        polarity: Logits of negative, neutral, positive, (b, k, 3).
        evidence: Logits of a token to belong to the evidence of a label, (b, k, t).
    """

    presence: Tensor
    polarity: Tensor
    evidence: Tensor


class ReadingHead(nn.Module):
    """Reads labels from token vectors.

    Args:
        width: Width of the token vectors.
        label_width: Width of the label vectors.
        inner: Width inside.
    """

    def __init__(self, width: int = WIDTH, label_width: int = WIDTH, inner: int = INNER) -> None:
        super().__init__()
        # Tokens and labels start in one space, where likeness already means something.
        shared = torch.empty(inner, width)
        nn.init.orthogonal_(shared)
        self.key = nn.Linear(width, inner)
        self.value = nn.Linear(width, inner)
        self.look = nn.Linear(label_width, inner)
        for layer in (self.key, self.value, self.look):
            layer.weight.data = shared.clone()
            nn.init.zeros_(layer.bias)
        self.label = nn.Sequential(nn.Linear(label_width, inner), nn.GELU(), nn.LayerNorm(inner))
        self.query = nn.Linear(inner, inner)
        self.scale = nn.Linear(inner, inner)
        self.shift = nn.Linear(inner, inner)
        self.bias = nn.Linear(inner, 2)
        for layer in (self.query, self.scale, self.shift, self.bias):
            nn.init.normal_(layer.weight, std=0.01)
            nn.init.zeros_(layer.bias)
        self.sharpness = nn.Parameter(torch.tensor(10.0))
        self.norm = nn.LayerNorm(inner)
        self.presence = nn.Linear(inner, 1)
        nn.init.zeros_(self.presence.weight)
        nn.init.constant_(self.presence.bias, -3.0)
        self.peak = nn.Parameter(torch.tensor(0.5))
        self.likeness = nn.Parameter(torch.tensor(4.0))
        self.orientation = nn.Embedding(ORIENTATIONS, inner)
        self.polarity = nn.Sequential(nn.Linear(2 * inner, 128), nn.GELU(), nn.Linear(128, 3))
        self.dropout = nn.Dropout(0.1)
        nn.init.zeros_(self.orientation.weight)

    def labels(self, vectors: Tensor) -> dict[str, Tensor]:
        """What a label contributes, from its vector (…, label_width)."""
        inner = self.label(vectors)
        bias = self.bias(inner)
        query = self.look(vectors) / math.sqrt(vectors.shape[-1]) + self.query(inner)
        return {
            "query": nn.functional.normalize(query, dim=-1),
            "scale": self.scale(inner),
            "shift": self.shift(inner),
            "bias": bias[..., 0],
            "evidence_bias": bias[..., 1] - 3.0,
        }

    def forward(
        self, tokens: Tensor, mask: Tensor, labels: dict[str, Tensor], orientation: Tensor
    ) -> Read:
        """Read b comments.

        Args:
            tokens: Token vectors, (b, t, width).
            mask: True where a token may be looked at, (b, t).
            labels: From `labels`, each (b, k, …).
            orientation: Index of what the question asks for, (b,).
        """
        keys = nn.functional.normalize(self.key(tokens), dim=-1)
        values = self.value(tokens)
        evidence = self.sharpness * torch.einsum("bkd,btd->bkt", labels["query"], keys)
        evidence = evidence + labels["evidence_bias"][..., None]
        hidden = evidence.masked_fill(~mask[:, None, :], -1e4)
        attention = torch.softmax(hidden, dim=-1)
        mixed = attention @ values
        pooled = self.norm(mixed)
        gated = nn.functional.gelu(self.dropout(pooled) * (1 + labels["scale"]) + labels["shift"])
        alike = (nn.functional.normalize(mixed, dim=-1) * labels["query"]).sum(-1)
        peak = torch.logsumexp(hidden, dim=-1)
        presence = (
            self.presence(gated)[..., 0] + labels["bias"] + self.peak * peak + self.likeness * alike
        )
        asked = self.orientation(orientation)[:, None, :]
        polarity = self.polarity(torch.cat([pooled + asked, gated], dim=-1))
        return Read(presence, polarity, evidence)


class DocumentHeads(nn.Module):
    """Sentiment, emotion, intent and effort of a comment, each with an attention of its own."""

    def __init__(self, width: int = WIDTH, inner: int = 128) -> None:
        super().__init__()
        self.key = nn.Linear(width, len(DOCUMENT_HEADS))
        self.value = nn.ModuleDict({n: nn.Linear(2 * width, inner) for n in DOCUMENT_HEADS})
        self.out = nn.ModuleDict({n: nn.Linear(inner, k) for n, k in DOCUMENT_HEADS.items()})
        self.orientation = nn.Embedding(ORIENTATIONS, inner)
        self.dropout = nn.Dropout(0.1)
        nn.init.zeros_(self.orientation.weight)

    def forward(self, tokens: Tensor, mask: Tensor, orientation: Tensor) -> dict[str, Tensor]:
        """Logits per head, (b, classes)."""
        scores = self.key(tokens).masked_fill(~mask[..., None], -1e4)
        weights = torch.softmax(scores, dim=1)
        share = mask.float()[..., None]
        mean = (tokens * share).sum(1) / share.sum(1)
        logits = {}
        for i, name in enumerate(DOCUMENT_HEADS):
            pooled = torch.cat([(weights[..., i : i + 1] * tokens).sum(1), mean], dim=-1)
            inner = nn.functional.gelu(
                self.value[name](self.dropout(pooled)) + self.orientation(orientation)
            )
            logits[name] = self.out[name](inner)
        return logits


class Network(nn.Module):
    """Tables, body and heads.

    Args:
        teacher: Folder of all-MiniLM-L6-v2, whose body is the start.
        tables: Embedding table per language, stacked: English rows first.
        known: Number of labels that have a vector of their own beside the one from their description.
    """

    def __init__(self, teacher: Path | None, tables: Tensor, known: int, body: Any = None) -> None:  # noqa: ANN401
        super().__init__()
        if body is None:
            from transformers import AutoModel

            body = AutoModel.from_pretrained(str(teacher))
        self.body = body
        self.body.pooler = None
        self.body.embeddings.word_embeddings = None
        self.tables = nn.Embedding.from_pretrained(tables, freeze=False, sparse=True)
        self.head = ReadingHead()
        self.documents = DocumentHeads()
        self.own = nn.Embedding(known + 1, WIDTH, padding_idx=known)
        nn.init.zeros_(self.own.weight)

    def encode(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Token vectors, (b, t, 384)."""
        vectors = self.tables(ids)
        hidden: Tensor = self.body(
            inputs_embeds=vectors, attention_mask=mask.long()
        ).last_hidden_state
        return hidden


def mean_vector(tokens: Tensor, mask: Tensor) -> Tensor:
    """Mean of the token vectors, scaled to length sqrt(384); (b, 384)."""
    share = mask.float()[..., None]
    mean = (tokens * share).sum(1) / share.sum(1)
    return nn.functional.normalize(mean, dim=-1) * math.sqrt(mean.shape[-1])


def padded(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Token ids (b, t) padded with 0, and the mask of real tokens."""
    longest = max(len(row) for row in rows)
    ids = torch.zeros((len(rows), longest), dtype=torch.long)
    mask = torch.zeros((len(rows), longest), dtype=torch.bool)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = torch.tensor(row)
        mask[i, : len(row)] = True
    return ids, mask
