"""What is read of a label, and how it is known again."""

from __future__ import annotations

import hashlib

from warum_models.protocol import Label


def label_text(label: Label) -> str:
    """What is read of a label: its title with its description."""
    return f"{label.title}: {label.description}" if label.description else label.title


def label_key(label: Label) -> str:
    """A hash of what is read of a label."""
    return hashlib.sha256(f"{label.code}|{label_text(label)}".encode()).hexdigest()[:16]
