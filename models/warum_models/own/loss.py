"""How far a network is from what the lessons say, in one number."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from warum_models.own.lessons import Teaching
from warum_models.train.network import DOCUMENT_HEADS, Network

# As when the base was trained.
PRESENCE, WINDOW, EVIDENCE = 12.0, 6.0, 0.5
TOLD = {"document": 1.0, "emotion": 0.7, "intent": 0.7, "effort": 0.7}


def loss_of(network: Network, teaching: Teaching, vectors: Tensor) -> Tensor:
    """The loss of a batch.

    Args:
        network: The network.
        teaching: The batch.
        vectors: Of the labels, (k, 384).
    """
    b, k = teaching.present.shape
    made = network.head.labels(vectors + network.own.weight[:k])
    labels = {name: value.expand(b, *value.shape) for name, value in made.items()}
    tokens = network.encode(teaching.ids, teaching.mask)
    whole = network.head(tokens, teaching.mask, labels, teaching.orientation)
    parts = [
        PRESENCE * _presence(whole.presence, teaching.present),
        _told(whole.polarity, teaching.sides),
    ]
    if (teaching.present_window >= 0).any():
        part = network.head(tokens, teaching.window, labels, teaching.orientation)
        parts += [WINDOW * _presence(part.presence, teaching.present_window)]
        parts += [_told(part.polarity, teaching.sides_window)]
    parts.append(EVIDENCE * _presence(whole.evidence, teaching.evidence))
    logits = network.documents(tokens, teaching.mask, teaching.orientation)
    for name in DOCUMENT_HEADS:
        parts.append(TOLD[name] * _told(logits[name], getattr(teaching, name)))
    return torch.stack(parts).sum()


def _presence(logits: Tensor, target: Tensor) -> Tensor:
    """Binary cross entropy where something is known."""
    known = target >= 0
    if not known.any():
        return logits.sum() * 0
    return nn.functional.binary_cross_entropy_with_logits(logits[known], target[known].float())


def _told(logits: Tensor, target: Tensor) -> Tensor:
    """Cross entropy with probabilities; rows of zeros teach nothing."""
    known = target.sum(-1) > 0
    if not known.any():
        return logits.sum() * 0
    return nn.functional.cross_entropy(logits[known], target[known])
