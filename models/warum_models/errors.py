"""What a model refuses."""

from __future__ import annotations


class WeightsError(Exception):
    """Weights are missing, incomplete or do not match their hash; the message says what to do."""
